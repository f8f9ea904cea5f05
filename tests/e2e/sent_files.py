"""Messages with files in a room's history, and a stand-in that serves the files to a page."""

from __future__ import annotations

import io
import math
import re
import struct
import wave
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from hub.protocol.events import FORMAT, Header, line_of, sealed
from hub.protocol.moment import moment

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Request, Route

START = 1_795_000_000


def png(width: int, height: int, colour: tuple[int, int, int] = (210, 120, 60)) -> bytes:
    """A picture with a slope of one colour."""
    red, green, blue = colour
    lines = []
    for y in range(height):
        dark = 1 - 0.6 * y / height
        pixel = bytes((int(red * dark), int(green * dark), int(blue * dark)))
        lines.append(b"\0" + pixel * width)
    body = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", body), (b"IDAT", zlib.compress(b"".join(lines))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def wav(seconds: float = 1.0, *, rate: int = 8000, width: int = 2) -> bytes:
    """A tone; in silence where its samples have a `width` of one byte."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, width, rate, 0, "NONE", ""))
        count = int(seconds * rate)
        if width == 1:
            sound.writeframes(b"\x80" * count)
        else:
            tone = (int(9000 * math.sin(n / 3)) for n in range(count))
            sound.writeframes(b"".join(struct.pack("<h", x) for x in tone))
    return out.getvalue()


def opus(seconds: int, *, told: int) -> bytes:
    """Silence in Ogg, a few bytes for each second of it, that says it takes `told` seconds."""

    def page(kind: int, at: int, n: int, packets: list[bytes]) -> bytes:
        head = struct.pack("<4sBBqIII", b"OggS", 0, kind, at, 7, n, 0)
        data = head + bytes([len(packets), *map(len, packets)]) + b"".join(packets)
        sum_ = 0
        for byte in data:
            sum_ ^= byte << 24
            for _ in range(8):
                sum_ = (sum_ << 1 ^ (0x04C11DB7 if sum_ >> 31 else 0)) & 0xFFFFFFFF
        return data[:22] + struct.pack("<I", sum_) + data[26:]

    pages = [
        page(2, 0, 0, [struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, 0, 48000, 0, 0)]),
        page(0, 0, 1, [b"OpusTags" + bytes(8)]),
    ]
    count = -(-seconds // 24)
    for n in range(1, count + 1):  # 200 packets of 120 ms each
        kind, at = (4, told) if n == count else (0, n * 24)
        pages.append(page(kind, at * 48000, n + 1, [b"\x1b\x02"] * 200))
    return b"".join(pages)


class SentFiles:
    """The files of a room by id, what stands of them in its history, and what was asked for."""

    def __init__(self, room: str = "general") -> None:
        self.room = room
        self.bodies: dict[str, bytes] = {}
        self.previews: dict[str, bytes] = {}
        self.gone: set[str] = set()
        self.away = False
        self.asked: list[str] = []
        self._messages: list[dict[str, Any]] = []
        self._files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, kind: str, body: bytes, **more: Any) -> str:
        """A file that can be sent; returns its id. `preview` is a small picture of it."""
        own = f"f{len(self.bodies)}"
        self.bodies[own] = body
        if "preview" in more:
            self.previews[own], more["preview"] = more["preview"], True
        told = {"id": own, "name": name, "size": len(body), "type": kind, "sha256": "0" * 64}
        self._files[own] = told | more
        return own

    def picture(self, name: str, width: int, height: int, **more: Any) -> str:
        body = png(min(width, 800), min(height, 800), more.pop("colour", (210, 120, 60)))
        return self.add(name, "image/png", body, width=width, height=height, **more)

    def say(self, text: str, ids: Iterable[str] = (), by: str = "mira") -> int:
        """A message with these files; returns its number."""
        n = len(self._messages) + 1
        at = moment(START + 60 * n)
        message: dict[str, Any] = {"room": self.room, "n": n, "at": at, "by": by}
        message |= {"who": f"p_{by}", "do": "say", "text": text}
        if files := [self._files[x] for x in ids]:
            message["files"] = files
        self._messages.append(message)
        return n

    def write(self, folder: Path) -> None:
        """Write the history."""
        folder.mkdir(parents=True, exist_ok=True)
        head = line_of(Header(FORMAT, self.room, "0123456789abcdef", moment(0)))
        lines = [sealed(msgspec.json.encode(x)) for x in self._messages]
        (folder / f"{self.room}.jsonl").write_bytes(b"".join([head, *lines]))

    def serve(self, context: BrowserContext) -> None:
        """Answer what pages of this context ask of the files."""
        context.route("**/api/files/**", lambda route: self._answer(route))

    def _answer(self, route: Route) -> None:
        request = route.request
        if self.away:
            route.abort()
            return
        parts = urlsplit(request.url)
        self.asked.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)
        match parts.path.split("/")[3:]:
            case [_]:
                route.fulfill(json={"files": self._list(), "more": False})
            case [_, own, "preview"]:
                route.fulfill(body=self.previews[own], content_type="image/png")
            case [_, own]:
                self._file(route, request, own)

    def _file(self, route: Route, request: Request, own: str) -> None:
        if own in self.gone:
            error = {"code": "file_gone", "message": "This file is not there any more."}
            route.fulfill(status=410, json={"error": error})
            return
        body, told = self.bodies[own], self._files[own]
        headers = {"Accept-Ranges": "bytes", "Content-Type": told["type"]}
        if "download=1" in request.url:
            headers["Content-Disposition"] = f'attachment; filename="{told["id"]}"'
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
        if not found:
            route.fulfill(body=body, headers=headers)
            return
        first, last = int(found[1]), min(int(found[2] or len(body)), len(body) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
        route.fulfill(status=206, body=body[first : last + 1], headers=headers)

    def _list(self) -> list[dict[str, Any]]:
        return [
            {**file, **{x: message[x] for x in ("n", "at", "by", "who")}}
            for message in reversed(self._messages)
            for file in message.get("files", [])
        ]
