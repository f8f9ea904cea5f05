"""Files of rooms in which everything happens that can happen, as lines and without a hub."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from hub.protocol import events
from hub.protocol.events import FORMAT, Event, Header
from hub.protocol.moment import moment

PEOPLE = ("p_anna", "p_bela", None)
START = 1_795_000_000


def header(room: str, name: str = "0123456789abcdef") -> bytes:
    return events.line_of(Header(FORMAT, room, name, moment(START)))


class Talk:
    """Events of `room`, one after the other, at random; each text says `secret`."""

    def __init__(self, room: str, chance: random.Random) -> None:
        self.room = room
        self.lines: list[bytes] = []
        self._chance = chance
        self._there: list[int] = []  # messages that are not removed
        self._reactions: list[dict[str, Any]] = []
        self._kinds: list[Callable[[], bytes]] = [
            *(self._say,) * 6, *(self._react,) * 4, *(self._edit,) * 2, self._erase,
            self._unreact, self._pin, self._rule, self._rule, self._later,
        ]  # fmt: skip

    def go_on(self, count: int) -> bytes:
        """That many more lines."""
        before = len(self.lines)
        while len(self.lines) < before + count:
            kind = self._chance.choice(self._kinds)
            self.lines.append((kind if self._there else self._say)())
        return b"".join(self.lines[before:])

    def _line(self, do: str, who: str | None = "p_host", **more: Any) -> bytes:
        n = len(self.lines) + 1
        at = moment(START + n + self._chance.randrange(2))
        return events.line_of(
            Event(room=self.room, n=n, at=at, by=who or "nobody", who=who, do=do, **more)
        )

    def _say(self) -> bytes:
        n = len(self.lines) + 1
        self._there.append(n)
        key = f"k{n}" if self._chance.random() < 0.7 else None
        who = self._chance.choice(PEOPLE)
        re = self._chance.choice(self._there[:-1]) if n % 3 == 0 and self._there[:-1] else None
        text = f"secret {n} " + "x" * self._chance.choice((1, 99))
        return self._line("say", who, text=text, key=key, re=re)

    def _edit(self) -> bytes:
        return self._line("edit", of=self._chance.choice(self._there), text="secret again")

    def _erase(self) -> bytes:
        of = self._there.pop(self._chance.randrange(len(self._there)))
        return self._line("erase", of=of)

    def _react(self) -> bytes:
        reaction = {
            "who": self._chance.choice(PEOPLE),
            "of": self._chance.choice(self._there),
            "text": self._chance.choice("+-*"),
        }
        if reaction in self._reactions:
            self._reactions.remove(reaction)
            return self._line("react", off=True, **reaction)
        self._reactions.append(reaction)
        return self._line("react", **reaction)

    def _unreact(self) -> bytes:
        if not self._reactions:
            return self._react()
        reaction = self._reactions.pop(self._chance.randrange(len(self._reactions)))
        return self._line("react", off=True, **reaction)

    def _pin(self) -> bytes:
        return self._line(
            "pin", of=self._chance.choice(self._there), off=self._chance.random() < 0.3
        )

    def _rule(self) -> bytes:
        whom = self._chance.choice(("p_anna", "p_bela"))
        off = self._chance.random() < 0.5
        rules: list[dict[str, Any]] = [
            {"do": "make", "kind": "private", "text": "Plans"},
            {"do": "title", "text": "New plans"},
            {"do": "topic", "text": "All of it"}, {"do": "invite", "whom": whom, "name": "A name"},
            {"do": "remove", "whom": whom}, {"do": "owner", "whom": whom},
            {"do": "writer", "whom": whom, "name": "A name", "off": off},
            {"do": "archive", "off": off}, {"do": "close", "off": off},
            {"do": "slow", "seconds": 5}, {"do": "look", "icon": "🌱", "tint": "green"},
        ]  # fmt: skip
        return self._line(**self._chance.choice(rules))

    def _later(self) -> bytes:
        """A kind of line that a later Hearth may write."""
        n = len(self.lines) + 1
        return events.sealed(b'{"room":"%b","n":%d,"do":{"dance":1}}' % (self.room.encode(), n))
