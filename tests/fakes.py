"""What stands for a live connection where none is needed."""

from __future__ import annotations

import json
from typing import Any

from hub.access.people import Person
from hub.room import Room
from hub.room_rules import Author


class FakeClient:
    """A client of a person, with the rooms that it has `joined`, that keeps what it is sent."""

    def __init__(self, person: Person, device: str | None = None) -> None:
        self.person = person
        self.device = device
        self.author = Author(person.name, person.who)
        self.joined: set[str] = set()
        self.watched: frozenset[str] = frozenset()
        self.texts: list[bytes] = []
        self.ended: list[str] = []
        self.from_here = True
        self.paused = False

    def __repr__(self) -> str:
        return f"<client of {self.person.name}>"

    @property
    def heard(self) -> list[Any]:
        """Each line that it was sent."""
        return [json.loads(line) for text in self.texts for line in text.split(b"\n")]

    def told(self, do: str) -> list[Any]:
        """The lines of one kind that it was sent."""
        return [line for line in self.heard if line["do"] == do]

    def put(self, text: bytes) -> None:
        self.texts.append(text)

    def end(self, reason: str) -> None:
        self.ended.append(reason)

    def pause(self) -> None:
        self.paused = True

    def join(self, room: Room) -> None:
        self.joined.add(room.name)
        room.join(self)

    def part(self, room: Room) -> None:
        self.joined.discard(room.name)
        room.leave(self)
