"""Files of mixed kinds, sizes and names, as people have them, made from a seed."""

from __future__ import annotations

import base64
import hashlib
import io
import math
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

from tests.e2e.sent_files import wav
from tests.files.pictures import chunk, exif

MIB = 1 << 20
LARGE = 6 * MIB
"""Bytes of a large file, at least; all others have at most a third of it."""
SMALL = 1 << 17

NAMES = (
    "Bericht über Häuser",
    "Протокол собрания",
    "会議の議事録",
    "회의록 초안",
    "تقرير الاجتماع",
    "סיכום הישיבה",
    "รายงานการประชุม",
    "बैठक का विवरण",
    "Σημειώσεις",
    "Cafe\u0301 menu",  # not composed
    "Café menu",
    "family 👨‍👩‍👧 at 🏖️",
    "Report",
    "report",
    "notes (1)",
    "notes",
    "notes",
    "CON",
    "aux.backup",
    "desktop",
    ".hidden",
    "-rf",
    "100% #done & more; a=b",
    "what? why* <b>no|yes<b>",
    'say "when" \\ or: now',
    "two\nlines\tand a tab",
    "tail of dots...",
    " spaces   around ",
    "evil\u202egnp",
    "no\u200bwidth",
    "%2e%2e%2fetc",
    "a" * 230,
    "長" * 70,
)
KINDS = (*["png", "jpg", "gif", "webp", "txt", "py", "pdf", "wav", "zip", ""] * 4, "ini", "lnk")
DRAW = """async ({ seed, side, type }) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [side, side];
    const context = canvas.getContext('2d');
    let state = seed;
    const next = (most) => {
        state = (state * 48271) % 2147483647;
        return state % most;
    };
    for (let stroke = 0; stroke < 60; stroke += 1) {
        context.fillStyle = `rgb(${next(256)} ${next(256)} ${next(256)})`;
        context.fillRect(next(side), next(side), next(side), next(side));
    }
    const blob = await new Promise((done) => canvas.toBlob(done, type, 0.9));
    return new Promise((done) => {
        const reader = new FileReader();
        reader.onload = () => done(reader.result.split(',')[1]);
        reader.readAsDataURL(blob);
    });
}"""
"""In a page: a picture in a format that only a browser writes here, in base64."""


class Mixed(NamedTuple):
    """A file that somebody chooses, and what of it is to reach the hub: without where and when a
    picture was taken.
    """

    path: Path
    size: int
    sha256: str


def mixed_files(folder: Path, count: int, large: int, seed: int, page: Page) -> list[Mixed]:
    """Make that many files in `folder`; `page` draws some of the pictures.

    `large` ones have 6 MiB, or 10 to 30 MiB where there are more than five. Of the others most are
    small, from 1 byte on, and a few have up to 2 MiB; one is empty.
    """
    chance = random.Random(seed)
    sizes = [0, 1, *(_size(chance) for _ in range(count - large - 2))]
    least, most = (10, 30) if large > 5 else (6, 7)
    sizes += [int(chance.uniform(least, most) * MIB) for _ in range(large)]
    chance.shuffle(sizes)
    drawn = _Drawn(page, chance)
    return [_made(folder / str(number), size, chance, drawn) for number, size in enumerate(sizes)]


def shares(files: Sequence[Mixed], each: int) -> Iterator[list[Mixed]]:
    """The files in messages, of `each` files at most."""
    for at in range(0, len(files), each):
        yield list(files[at : at + each])


def _size(chance: random.Random) -> int:
    most = LARGE // 3 if chance.random() < 0.1 else SMALL
    return int(math.exp(chance.uniform(0, math.log(most))))


def _made(folder: Path, size: int, chance: random.Random, drawn: _Drawn) -> Mixed:
    """A file in a folder of its own, as many have the same name."""
    kind = chance.choice(KINDS)
    chosen, sent = _content(kind, size, chance, drawn)
    name = f"{chance.choice(NAMES)}{f'.{kind}' if kind else ''}"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(chosen)
    return Mixed(folder / name, len(sent), hashlib.sha256(sent).hexdigest())


def _content(kind: str, size: int, chance: random.Random, drawn: _Drawn) -> tuple[bytes, bytes]:
    """What stands in a file of about that size, and what of that is sent."""
    if size < 100:  # too small for any format: what is in it is not what its name says
        data = chance.randbytes(size)
    elif kind == "png":
        return _png(size, chance)
    elif kind == "gif":
        data = _gif(size, chance)
    elif kind in ("jpg", "webp") and size < LARGE:
        picture = drawn.picture(kind)
        located = kind == "jpg" and chance.random() < 0.5
        return (picture[:2] + exif(1) + picture[2:] if located else picture), picture
    elif kind in ("txt", "py", "ini"):
        data = _text(size, chance)
    elif kind == "wav" and size < MIB:
        data = wav(size / 16_000)
    elif kind == "zip":
        data = _zip(size, chance)
    else:
        data = {"pdf": b"%PDF-1.7\n", "jpg": b"\xff\xd8\xff\xe0"}.get(kind, b"\0")
        data += chance.randbytes(size - len(data))
    return data, data


def _png(size: int, chance: random.Random) -> tuple[bytes, bytes]:
    """A picture of noise; some say who made them, which is not sent."""
    side = max(int(math.sqrt(size / 3)), 1)
    rows = b"".join(b"\0" + chance.randbytes(3 * side) for _ in range(side))
    sign = b"\x89PNG\r\n\x1a\n"
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    told = chunk(b"tEXt", b"Author\0naor") if chance.random() < 0.3 else b""
    rest = chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b"")
    return sign + head + told + rest, sign + head + rest


def _gif(size: int, chance: random.Random) -> bytes:
    """A picture of noise in 128 colours, whose codes are one byte each."""
    side = min(max(int(math.sqrt(size)), 1), 65_535)
    dots = chance.randbytes(side * side).translate(bytes(range(128)) * 2)
    codes = b"".join(b"\x80" + dots[at : at + 100] for at in range(0, len(dots), 100)) + b"\x81"
    blocks = (codes[at : at + 255] for at in range(0, len(codes), 255))
    return b"".join(
        [
            b"GIF89a" + struct.pack("<HHBBB", side, side, 0xF6, 0, 0),
            chance.randbytes(3 * 128),
            b"," + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\x07",
            *(bytes([len(block)]) + block for block in blocks),
            b"\0;",
        ]
    )


def _text(size: int, chance: random.Random) -> bytes:
    words = ("import os", "# wörter", "слова", "言葉", "כלים", "x = 1", "")
    lines = "\n".join(chance.choices(words, k=min(size // 4, 5000)))
    return (lines.encode() * (size // max(len(lines.encode()), 1) + 1))[:size]


def _zip(size: int, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("inside.bin", chance.randbytes(size))
    return out.getvalue()


class _Drawn:
    """Pictures that a browser draws, each of which is used a few times."""

    def __init__(self, page: Page, chance: random.Random) -> None:
        self._page = page
        self._chance = chance
        self._made: dict[str, list[bytes]] = {"jpg": [], "webp": []}

    def picture(self, kind: str) -> bytes:
        made = self._made[kind]
        if len(made) < 12:
            how = {
                "seed": self._chance.randrange(1, 1 << 30),
                "side": (40, 300, 1200)[len(made) % 3],
                "type": {"jpg": "image/jpeg"}.get(kind, f"image/{kind}"),
            }
            made.append(base64.b64decode(self._page.evaluate(DRAW, how)))
        return self._chance.choice(made)
