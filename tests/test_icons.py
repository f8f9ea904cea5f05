"""The programs' icons are whole, in the systems' own formats, and drawn of the page's mark."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import bundle
import icons


def head(picture: bytes) -> tuple[int, int, int, int]:
    """A PNG's width, height, bits of a colour, and 6 for colours that may let others through."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert picture.endswith(b"IEND\xaeB`\x82")
    told: tuple[int, int, int, int] = struct.unpack(">IIBB", picture[16:26])
    return told


def of_windows(content: bytes) -> Iterator[tuple[int, bytes]]:
    nothing, kind, count = struct.unpack("<HHH", content[:6])
    assert (nothing, kind) == (0, 1)
    for at in range(6, 6 + 16 * count, 16):
        entry = struct.unpack("<BBBBHHII", content[at : at + 16])
        assert entry[0] == entry[1]
        assert entry[2:6] == (0, 0, 1, 32)
        yield entry[0] or 256, content[entry[7] : entry[7] + entry[6]]


def of_macos(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    assert struct.unpack(">4sI", content[:8]) == (b"icns", len(content))
    at = 8
    while at < len(content):
        name, size = struct.unpack(">4sI", content[at : at + 8])
        yield name, content[at + 8 : at + size]
        at += size


def test_windows_finds_each_size_that_it_asks_for() -> None:
    pictures = dict(of_windows(bundle.ICONS["win32"].read_bytes()))
    assert tuple(pictures) == icons.SIZES
    for size, picture in pictures.items():
        assert head(picture) == (size, size, 8, 6), "Windows takes no others than these"


def test_macos_finds_each_size_that_it_asks_for() -> None:
    parts = dict(of_macos(bundle.ICONS["darwin"].read_bytes()))
    assert parts.keys() == icons.PARTS.keys()
    for name, picture in parts.items():
        assert head(picture) == (icons.PARTS[name], icons.PARTS[name], 8, 6)


def test_the_installer_has_its_picture() -> None:
    content = bundle.WIZARD.read_bytes()
    assert struct.unpack("<2sI", content[:6]) == (b"BM", len(content))
    assert struct.unpack("<iiHH", content[18:30]) == (icons.WIZARD, icons.WIZARD, 1, 24)
    assert content[54:57] == b"\xff\xff\xff", "white, as the page on which it stands"


def test_a_bitmap_has_its_rows_from_the_bottom_in_whole_words() -> None:
    red, green = b"\xff\x00\x00\xff", b"\x00\xff\x00\xff"
    content = icons.bmp(2, red + green + green + red)
    start = struct.unpack("<I", content[10:14])[0]
    assert content[start:] == (
        b"\x00\xff\x00" + b"\x00\x00\xff" + b"\0\0" + b"\x00\x00\xff" + b"\x00\xff\x00" + b"\0\0"
    )
