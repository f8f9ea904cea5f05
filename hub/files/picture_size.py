"""How wide and high a picture is, by its first bytes; nothing is decoded."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Final

Size = tuple[int, int]

HEAD_BYTES: Final = 262_144
"""How much of a picture is worth giving: cameras put up to four segments of 64 KiB first."""
MOST_POINTS: Final = 100_000_000
"""Points of a picture that a page should show, at most: a browser takes four bytes for each."""
_MOST = 2**31  # across or down


def picture_size(head: bytes, media_type: str) -> Size | None:
    """Width and height, in points as shown, of a picture that begins so, as it claims.

    None where the type is not a picture's, or the head does not tell or says nothing sensible.
    Whatever the bytes are, nothing is raised.
    """
    read = _BY_TYPE.get(media_type)
    try:
        size = read(head) if read else None
    except (struct.error, IndexError):  # it ends too early
        return None
    return size if size and all(0 < x <= _MOST for x in size) else None


def shown_size(head: bytes, media_type: str) -> Size | None:
    """The `picture_size` to tell a page; None, too, where a picture has over MOST_POINTS.

    Such a picture keeps its type. A page shows one without a size as a file to download.
    """
    size = picture_size(head, media_type)
    return size if size and size[0] * size[1] <= MOST_POINTS else None


def _u16(data: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", data, at)[0])


def _u32(data: bytes, at: int) -> int:
    return int(struct.unpack_from(">I", data, at)[0])


def _png(head: bytes) -> Size | None:
    """The size in the header, turned as EXIF says that stands before the picture."""
    if head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR":
        return None
    size = _u32(head, 16), _u32(head, 20)
    at = 8
    while at + 8 <= len(head) and head[at + 4 : at + 8] != b"IDAT":
        end = at + 12 + _u32(head, at)
        if head[at + 4 : at + 8] == b"eXIf":
            return size[::-1] if _lies_on_its_side(head[at + 8 : end - 4]) else size
        at = end
    return size


def _gif(head: bytes) -> Size | None:
    if head[:6] not in (b"GIF87a", b"GIF89a"):
        return None
    width, height = struct.unpack_from("<HH", head, 6)
    return width, height


def _jpeg(head: bytes) -> Size | None:
    """The size in the header of the frame, turned as the first EXIF says."""
    if head[:2] != b"\xff\xd8":
        return None
    turned = None
    at = 2
    while head[at] == 0xFF:
        marker = head[at + 1]
        if marker == 0xFF:  # fills
            at += 1
        elif marker == 0x01 or 0xD0 <= marker <= 0xD7:  # stand alone
            at += 2
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = _u16(head, at + 5), _u16(head, at + 7)
            return (height, width) if turned else (width, height)
        elif marker in (0xD8, 0xD9, 0xDA):
            return None
        else:
            length = _u16(head, at + 2)
            if length < 2:
                return None
            segment = head[at + 4 : at + 2 + length]
            if turned is None and marker == 0xE1 and segment[:6] == b"Exif\0\0":
                turned = _lies_on_its_side(segment[6:])
            at += 2 + length
    return None


def _lies_on_its_side(tiff: bytes) -> bool:
    """Whether the orientation in EXIF is one of those that swap width and height."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return False
    try:
        [at] = struct.unpack_from(order + "I", tiff, 4)
        [count] = struct.unpack_from(order + "H", tiff, at)
        for entry in range(at + 2, min(at + 2 + 12 * count, len(tiff)), 12):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, entry)
            if tag == 0x0112:
                return bool(kind == 3 and 5 <= value <= 8)
    except struct.error:
        pass
    return False


def _webp(head: bytes) -> Size | None:
    """https://developers.google.com/speed/webp/docs/riff_container"""
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    chunk = head[12:16]
    if chunk == b"VP8X":
        width, high, height, higher = struct.unpack_from("<HBHB", head, 24)
        return (width | high << 16) + 1, (height | higher << 16) + 1
    if chunk == b"VP8L" and head[20] == 0x2F:
        [bits] = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _avif(head: bytes) -> Size | None:
    """The size of the primary item, turned as its property says (ISO/IEC 23008-12)."""
    meta = _first(_boxes(head, 0), b"meta")[4:]  # behind version and flags
    inside = dict(_boxes(meta, 0))
    primary = inside.get(b"pitm", b"")
    item = _u32(primary, 4) if primary[:1] > b"\0" else _u16(primary, 4)
    described = inside.get(b"iprp", b"")
    properties = list(_boxes(_first(_boxes(described, 0), b"ipco"), 0))
    size, turned = None, False
    for index in _properties_of(item, _first(_boxes(described, 0), b"ipma")):
        if not 0 < index <= len(properties):
            continue
        kind, data = properties[index - 1]
        if kind == b"ispe":
            size = _u32(data, 4), _u32(data, 8)
        elif kind == b"irot":
            turned = data[0] & 1 == 1
    return size[::-1] if size and turned else size


def _boxes(data: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of ISO media that stand one behind the other: their types and what is in them."""
    while at + 8 <= len(data):
        size, start = _u32(data, at), at + 8
        if size == 1:
            size, start = _u32(data, at + 8) << 32 | _u32(data, at + 12), at + 16
        elif size == 0:
            size = len(data) - at
        if size < start - at:
            return
        yield data[at + 4 : at + 8], data[start : at + size]
        at += size


def _first(boxes: Iterator[tuple[bytes, bytes]], kind: bytes) -> bytes:
    return next((data for found, data in boxes if found == kind), b"")


def _properties_of(item: int, associations: bytes) -> list[int]:
    """The numbers of an item's properties, from 1, by a box that says which belong to which."""
    large_items, large_numbers = associations[0] > 0, associations[3] & 1 == 1
    at = 8
    for _ in range(_u32(associations, 4)):
        found = _u32(associations, at) if large_items else _u16(associations, at)
        at += 4 if large_items else 2
        count = associations[at]
        at += 1
        if found == item:
            if large_numbers:
                return [_u16(associations, at + 2 * x) & 0x7FFF for x in range(count)]
            return [associations[at + x] & 0x7F for x in range(count)]
        at += count * (2 if large_numbers else 1)
    return []


_BY_TYPE: Final[dict[str, Callable[[bytes], Size | None]]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/gif": _gif,
    "image/webp": _webp,
    "image/avif": _avif,
}
