"""A room on disk without a hub, and those who are in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from hub.errors import Refused
from hub.protocol.commands import Make, Say, Writing
from hub.protocol.events import Event
from hub.room import Room
from hub.room_opening import open_room
from hub.room_rules import Author
from hub.store.writer import Writer

NAOR = Author("naor", "p_1")
ANNA = Author("anna", "p_2")
HOST = Author("host", "p_3", host=True)
NOBODY = Author("nobody")


class Ear:
    """A listener that keeps what it is sent."""

    def __init__(self, author: Author = NAOR) -> None:
        self.author = author
        self.heard: list[Any] = []

    def put(self, text: bytes) -> None:
        self.heard += [json.loads(line) for line in text.split(b"\n")]

    def events(self) -> list[Any]:
        return [x for x in self.heard if "n" in x]


class Told:
    def __init__(self) -> None:
        self.outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def saved(self, line: bytes, new: bool, broadcast: bool) -> None:
        self.outcome.set_result((json.loads(line), new))

    def refused(self, why: Refused) -> None:
        self.outcome.set_exception(why)


class Place:
    """A room on disk that can be opened again."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self.file = folder / f"{name}.jsonl"
        self.moved: list[list[int]] = []
        self.writer = Writer(asyncio.get_running_loop())
        self.room = self.open()

    def changed(self, room: Room, events: Sequence[Event]) -> None:
        self.moved.append([event.n for event in events])

    def open(self) -> Room:
        self.room = open_room(self.file, self.name, self.folder, self.writer, 100, self.changed)
        return self.room

    def take(self, command: Writing | Make, author: Author = NAOR) -> asyncio.Future[Any]:
        """Have a command taken; the event, as it will be saved, and whether it is new."""
        told = Told()
        self.room.take(command, author, told)
        return told.outcome

    async def do(self, command: Writing | Make, author: Author = NAOR) -> Any:
        return (await self.take(command, author))[0]

    async def say(self, text: str = "hello", author: Author = NAOR, **more: Any) -> Any:
        return await self.do(Say(room="a", text=text, **more), author)

    def shown(self) -> list[Any]:
        blocks = self.room.blocks(1, self.room.last)
        return [json.loads(line) for line in b"".join(blocks).splitlines()]


Test = Callable[[Place], Coroutine[Any, Any, None]]
Run = Callable[..., None]


def run_in(path: Path) -> Run:
    def run(test: Callable[[Place], Awaitable[None]], name: str = "a") -> None:
        async def main() -> None:
            place = Place(path, name)
            try:
                await test(place)
            finally:
                await asyncio.to_thread(place.writer.stop)

        asyncio.run(main())

    return run
