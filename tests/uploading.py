"""Files sent to a hub without HTTP, and what is left of them on its disk."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hub.files.upload import DOOMED, Upload
from hub.hub import Hub
from hub.protocol.commands import Erase, Say
from hub.room_rules import Author

NAOR = Author("naor", "p_1")
MIRA = Author("mira", "p_2")
DATA = b"%PDF-1.7 " + bytes(range(256)) * 40


def begin(
    hub: Hub, id_: str = "f1", author: Author = NAOR, name: str = "report.pdf",
    room: str = "a", length: int | None = None,
) -> Upload:  # fmt: skip
    return hub.attachments.begin(room, id_, author, name, "application/pdf", length)


async def go_on(
    hub: Hub, upload: Upload, pieces: Iterable[bytes], *, ends: bool = True,
    digest: bytes | None = None,
) -> Upload:  # fmt: skip
    """Send more of an upload, and its end."""
    async with hub.attachments.uploads.receiving(upload) as receiving:
        for piece in pieces:
            await receiving.take(piece)
        if ends:
            await receiving.finish(upload, digest)
    if ends:
        return await hub.attachments.uploads.whole(upload)
    found = hub.attachments.uploads.get(upload.room, upload.id)
    assert found is not None
    return found


async def send(hub: Hub, id_: str = "f1", data: bytes = DATA, **more: Any) -> Upload:
    return await go_on(hub, begin(hub, id_, **more), [data])


async def say(
    hub: Hub, *ids: str, text: str = "", author: Author = NAOR, key: str | None = None,
    room: str = "a",
) -> Any:  # fmt: skip
    """Say a message that bears files; gives its event."""
    command = Say(room=room, text=text, key=key, files=list(ids))
    return json.loads((await hub.post(room, author, command))[0])


async def share(hub: Hub, id_: str = "f1", data: bytes = DATA, **more: Any) -> Any:
    """Send a file and say its message."""
    await send(hub, id_, data, **more)
    more.pop("name", None)
    return await say(hub, id_, **more)


async def erase(hub: Hub, n: int, room: str = "a", author: Author = NAOR) -> None:
    await hub.post(room, author, Erase(room=room, of=n))
    await rest(hub)


async def rest(hub: Hub) -> None:
    """Wait until nothing about files is under way."""
    attachments, uploads = hub.attachments, hub.attachments.uploads
    async with asyncio.timeout(30):
        await uploads.ready.wait()
        while attachments._working or uploads._working or attachments._bearing:
            await asyncio.sleep(0.005)


def parts(hub: Hub) -> dict[str, bytes]:
    """The parts of files, each under the id of its upload, "" for one without."""
    ids = {upload.part: upload.id for upload in hub.attachments.uploads}
    folder = hub.folder.unfinished
    there = folder.iterdir() if folder.exists() else []
    return {ids.get(path.name, ""): path.read_bytes() for path in there}


def dooms(hub: Hub) -> list[str]:
    """The keys of files that are to be removed."""
    return [key for key, _ in hub.keys.items(DOOMED)]


def placed(hub: Hub, room: str = "a") -> dict[str, bytes]:
    """What is in the folder of a room's files, by name."""
    folder = hub.folder.files / room
    return {x.name: x.read_bytes() for x in folder.iterdir()} if folder.exists() else {}


def on_disk(folder: Path) -> int:
    return sum(x.stat().st_size for x in folder.rglob("*") if x.is_file())


async def check_space(hub: Hub) -> None:
    """Nothing more is expected, and what is used is what is there."""
    await rest(hub)
    space = hub.attachments.space
    assert (space.used, space._expected) == (on_disk(hub.folder.files), 0)


def sum_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
