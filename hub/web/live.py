"""One live connection: reads commands, gives them to the hub, hands events to the socket."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from hub.access.people import Person
from hub.errors import OURS, STOPPING, Refused
from hub.hub import Hub
from hub.identity import Asker
from hub.names import room_name
from hub.net.own_names import OwnNames
from hub.outbox import Outbox
from hub.permissions import no_such_room
from hub.protocol import commands, events
from hub.protocol.commands import (
    AnyCommand,
    Follow,
    Hello,
    Idle,
    InRoom,
    Join,
    Leave,
    Reads,
    Seen,
    Typing,
    Watch,
    Writing,
)
from hub.room import Room
from hub.room_rules import Author, hidden
from hub.web.guard import is_from_here, session_token
from hub.web.hello import Greeter
from hub.web.replay import Backpressure
from hub.web.subscriptions import Subscriptions
from hub.web.wire.asgi import Receive, Scope, Send
from hub.web.wire.websocket import WebSocket

log = logging.getLogger(__name__)

BACKLOG: Final = 250
"""Commands that may wait here while a large room is opened; more wait with their sender."""
FAULTS: Final = 100
"""Malformed commands after which a connection is ended."""
_NO_ROOMS: Final[frozenset[str]] = frozenset()  # one for all connections


class Live:
    """The ASGI application behind `/api/live`."""

    def __init__(self, hub: Hub, cookie: str, own: OwnNames) -> None:
        self._hub = hub
        self._cookie = cookie
        self._own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = session_token(scope["headers"], self._cookie)
        headers = dict(scope["headers"])
        agent, host = (headers.get(x, b"").decode("latin-1") for x in (b"user-agent", b"host"))
        from_here = is_from_here(scope, self._own)
        await send({"type": "websocket.accept"})
        scope["extensions"]["hearth.socket"](
            lambda socket: LiveConnection(
                self._hub,
                socket,
                Asker(token, socket.address, agent, host, socket.address),
                from_here,
            )
        )


class LiveConnection:
    """One client: `asker` is who opened the connection, with the token of the browser's cookie.

    It may come `from_here`, this computer.
    """

    __slots__ = (
        "_backpressure",
        "_faults",
        "_greeter",
        "_hub",
        "_outbox",
        "_person",
        "_program",
        "_socket",
        "_waiting",
        "_waits_for",
        "device",
        "ended",
        "from_here",
        "put",
        "subscriptions",
        "watched",
    )  # fmt: skip

    def __init__(self, hub: Hub, socket: WebSocket, asker: Asker, from_here: bool) -> None:
        self._hub = hub
        self.from_here = from_here
        self._socket = socket
        self._greeter: Greeter | None = Greeter(hub, asker, self._too_late)  # until hello
        self._person: Person | None = None
        self.device: str | None = None
        self.watched = _NO_ROOMS
        self._program = False
        self._outbox = Outbox(socket.write, self.too_slow)
        self._backpressure = Backpressure(self._outbox)
        self.subscriptions = Subscriptions(hub, self, self._outbox, self._backpressure)
        self._waiting: deque[bytes] | None = None  # commands behind one that has to wait
        self._waits_for: asyncio.Task[None] | None = None  # held here, as the loop does not
        self._faults = 0
        self.ended = False
        self.put: Callable[[bytes], None] = self._outbox.put

    @property
    def person(self) -> Person:
        assert self._person is not None
        return self._person

    @property
    def joined(self) -> AbstractSet[str]:
        return self.subscriptions.names

    @property
    def author(self) -> Author:
        return self._hub.author(self.person, bot=self._program, address=self._socket.address)

    # -- what the socket tells -------------------------------------------------------------

    def text_received(self, text: bytes) -> Iterator[float]:
        for line in text.split(b"\n"):
            while self._waiting is not None and len(self._waiting) >= BACKLOG and not self.ended:
                self._socket.pause_reading()
                yield 0
            if self.ended:
                return
            self._receive(line)
            yield 1

    def binary_received(self, data: bytes) -> None:
        self._end(1003, "Only text is understood here.")

    def pause_writing(self) -> None:
        self._backpressure.full()

    def resume_writing(self) -> None:
        self._backpressure.drained()

    def closed(self) -> None:
        """The connection is closed."""
        self.ended = True
        if self._greeter is not None:
            self._greeter.stop()
        self._outbox.close()
        if self._person is not None:
            self.subscriptions.leave_all()
            self._hub.clients.remove(self)
            self._hub.attendance.left(self)

    # -- what the hub tells ----------------------------------------------------------------

    def end(self, reason: str) -> None:
        self._end(1008, reason)

    def too_slow(self) -> None:
        self._end(1013, "Too far behind: come back with after.")

    def pause(self) -> None:
        self._end(1013, "Paused by the host: come back with after.")

    def part(self, room: Room) -> None:
        self.subscriptions.leave(room.name)

    def refused(self, why: Refused, key: str | None, room: str | None) -> None:
        self.put(_refusal(why, key, room))

    def _too_late(self) -> None:
        self._end(1008, "Say hello first.")

    def _end(self, code: int, reason: str) -> None:
        """Close, and take nothing more of what is there already."""
        self.ended = True
        self._socket.close(code, reason)

    # -- commands --------------------------------------------------------------------------

    def _receive(self, line: bytes) -> None:
        if self._waiting is not None:
            self._waiting.append(line)
        elif line.strip() and not self.ended:
            self._take(line)

    def _go_on(self) -> None:
        """Take the commands that have waited."""
        waiting, self._waiting, self._waits_for = self._waiting, None, None
        for line in waiting or ():
            self._receive(line)

    def _take(self, line: bytes) -> None:
        command: AnyCommand | None = None
        try:
            command = commands.decode(line)
            if command is None:
                return
            if self._greeter is not None:
                self._say_hello(command, self._greeter)
            elif isinstance(command, Watch):
                self._hub.watch(self, command)
            elif isinstance(command, Follow):
                self._hub.attendance.follow(self, frozenset(command.people))
            elif isinstance(command, Idle):
                self._hub.attendance.idle(self, command.seconds)
            elif isinstance(command, InRoom):
                room = self._open(command.room, line)
                if room is not None:
                    try:
                        self._in_room(room, command)
                    finally:
                        self._hub.rooms.let_go(room)
        except Refused as why:
            if why.code != STOPPING:  # the client hears 1001, and asks again when it is back
                self._refuse(why, command, line)
        except Exception:
            log.exception("a command failed")
            self.refused(OURS, *commands.labels(line))

    def _say_hello(self, command: AnyCommand, greeter: Greeter) -> None:
        if not isinstance(command, Hello):
            self._socket.write(_refusal(Refused("hello_first", "Say hello first.", 401)))
            self._too_late()
            return
        if self._hub.pause.is_on and not self.from_here:  # since the handshake
            self.pause()
            return
        greeting = greeter.greet(command)
        self._greeter = None
        self._person = greeting.person
        self.device = greeting.device.id
        self._program = greeting.device.purpose is not None
        self._hub.clients.add(self)
        self._hub.attendance.came(self)
        lines = greeter.welcome(greeting, command.rooms_tag)
        if greeting.new:
            self._waiting = deque()
            self.put = lines.append  # what is told meanwhile comes after the welcome
            self._waits_for = asyncio.create_task(self._welcome_when_kept(greeter, lines))
        else:
            for text in lines:
                self.put(text)

    async def _welcome_when_kept(self, greeter: Greeter, lines: list[bytes]) -> None:
        await greeter.kept()
        self.put = self._outbox.put
        for text in lines:
            self.put(text)
        self._go_on()

    def _open(self, name: str, line: bytes) -> Room | None:
        """The room, or None while its file is read: what comes meanwhile waits its turn."""
        name = room_name(name)
        room = self._hub.rooms.find_at_once(name, self.person.who)
        if room is None:
            self._waiting = deque([line])
            self._waits_for = asyncio.create_task(self._go_on_when_open(name))
        return room

    async def _go_on_when_open(self, name: str) -> None:
        refused = None
        try:
            await self._hub.rooms.room(name)
        except Refused as why:
            refused = no_such_room() if hidden(name) else why
        except Exception:
            log.exception("a room could not be opened")
            refused = OURS
        if refused is not None and self._waiting:
            self.refused(refused, *commands.labels(self._waiting.popleft()))
        self._go_on()

    def _in_room(self, room: Room, command: InRoom) -> None:
        match command:
            case Join(after=after):
                self.subscriptions.join(room, after)
            case Leave():
                self.subscriptions.leave(room.name)
            case Typing():
                limits = self._hub.limits
                if self in room.listeners and limits.may_tell_typing(self.person.who, room.name):
                    room.typing(self)
            case Seen(n=n):
                self._hub.seen(self.person, room, n, by=self)
            case Reads():
                self._hub.reads.follow(room, self)
            case _:
                assert isinstance(command, Writing)
                self._hub.take(room, self.author, command, _Answer(self, room, command.key))

    def _refuse(self, why: Refused, command: AnyCommand | None, line: bytes) -> None:
        self.refused(why, *commands.labels(line))
        if command is None:
            self._faults += 1
            if self._faults >= FAULTS or self._person is None:
                self._end(1008, "That is not how to talk to a hub.")
        elif isinstance(command, Hello) and why.status in (401, 403):
            self._end(1008, why.message)


class _Answer:
    """Tells one client how its command ended: its own event is the acknowledgement."""

    __slots__ = ("_client", "_key", "_room")

    def __init__(self, client: LiveConnection, room: Room, key: str | None) -> None:
        self._client = client
        self._room = room
        self._key = key

    def saved(self, line: bytes, new: bool, broadcast: bool) -> None:
        self._client.subscriptions.answer(self._room, line, broadcast)

    def refused(self, why: Refused) -> None:
        self._client.refused(why, self._key, self._room.name)


def _refusal(why: Refused, key: str | None = None, room: str | None = None) -> bytes:
    told = {"do": "refused", "key": key, "room": room, **why.body()}
    return events.encode({name: value for name, value in told.items() if value is not None})
