"""The hello of a live connection: within its time, answered once it outlives a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from hub import entry, returning, room_lists
from hub.errors import Refused
from hub.hub import Hub
from hub.identity import Asker
from hub.protocol import events
from hub.protocol.commands import Hello

HELLO_SECONDS: Final = 5.0
"""Seconds for a client to say who it is."""


class Greeter:
    """Waits for the hello of one connection; `too_late` is called where none comes in time.

    `asker` is who opened the connection, with the token of the browser's cookie.
    """

    __slots__ = ("_asker", "_hub", "_timer")

    def __init__(self, hub: Hub, asker: Asker, too_late: Callable[[], None]) -> None:
        self._hub = hub
        self._asker = asker
        self._timer = asyncio.get_running_loop().call_later(HELLO_SECONDS, too_late)

    def stop(self) -> None:
        """Wait no longer."""
        self._timer.cancel()

    def greet(self, hello: Hello) -> entry.Greeting:
        """Who says hello. Raises Refused, and waits on."""
        greeting = entry.greet(self._hub, self._asker, hello.name, hello.code, hello.token)
        self.stop()
        return greeting

    def welcome(self, greeting: entry.Greeting, rooms_tag: str | None) -> list[bytes]:
        """The lines that answer a hello: who they are, whether `rooms_tag` is that of their list
        of rooms and, for a person at a browser, the tag of their preferences and who asks to
        return as them.
        """
        person = greeting.person
        welcome: dict[str, Any] = {"do": "welcome", "name": person.name, "who": person.who}
        if greeting.token != self._asker.token:
            welcome["token"] = greeting.token
        welcome |= {"instance": self._hub.instance, "read": person.read}
        status = self._hub.attendance.status_of(person.who)
        if status is not None:
            welcome["status"] = status
        program = greeting.device.purpose is not None
        if not program:
            welcome["preferences_tag"] = self._hub.preferences.tag(person.who)
        if rooms_tag is not None:
            author = self._hub.author(person, bot=program)
            welcome["rooms_current"] = room_lists.first_tag(self._hub, author) == rooms_tag
        lines = [events.encode(welcome)]
        if not (greeting.new or program) and self._hub.admission.returns.waiting(person.who):
            lines.append(returning.requests_event(self._hub, person.who))
        return lines

    async def kept(self) -> None:
        """Wait until a new person's token is on stable storage.

        Without it they could not say again, as the same person, what they do not know saved.
        """
        try:
            await self._hub.kept()
        except Refused:
            pass  # they may talk all the same, and the log tells
