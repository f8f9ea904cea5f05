"""The small picture of a file that its sender made: what one may be, and what is left of it.

Nothing is decoded: a picture is taken apart into its chunks or segments.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from typing import Final

from hub.errors import Refused
from hub.files.picture_size import picture_size

PREVIEW_BYTES: Final = 32_768
"""Bytes of a preview, at most."""
PREVIEW_POINTS: Final = 1024
"""Points of a preview across and down, at most."""

Piece = tuple[bytes, bytes]
"""The kind of a chunk or segment, and all its bytes."""

_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
# What a browser needs to draw the picture and its colours. All else is left out: places and times,
# cameras, texts, thumbnails, films.
_PNG_KEPT = frozenset(b"IHDR PLTE tRNS IDAT IEND sBIT gAMA cHRM sRGB iCCP cICP mDCV cLLI".split())
_WEBP_KEPT = frozenset([b"VP8X", b"ICCP", b"ALPH", b"VP8 ", b"VP8L"])
_WEBP_FLAGS = 0x30  # profile and alpha; without EXIF, XMP and animation
_JPEG_TABLES = frozenset([0xC4, 0xDA, 0xDB, 0xDD])


def preview_name(room: str, id_: str) -> str:
    """What the preview of a file is called, in the folder of all previews."""
    return hashlib.sha256(f"{room}/{id_}".encode()).hexdigest()[:32]


def check_preview(data: bytes) -> str:
    """The media type of a preview: WebP, JPEG or PNG, of at most 32 KiB and 1024 x 1024 points.

    Raises Refused: `preview_too_large` (413) and `preview_invalid` (422).
    """
    return _apart(data)[0]


def without_metadata(data: bytes) -> bytes:
    """The preview without all that is not needed to draw it; it looks the same, but a JPEG is not
    turned any more as its EXIF said.

    Raises Refused where `check_preview` does.
    """
    media_type, pieces = _apart(data)
    kept = b"".join(whole for _, whole in pieces)
    if media_type == "image/png":
        return _PNG + kept
    if media_type == "image/jpeg":
        return _JPEG + kept
    return _riff(kept)


def _apart(data: bytes) -> tuple[str, list[Piece]]:
    """The preview's media type, and those of its pieces that are kept."""
    if len(data) > PREVIEW_BYTES:
        raise Refused("preview_too_large", "A preview has at most 32 KiB.", 413)
    for media_type, start, pieces in _KINDS:
        if data.startswith(start):
            try:
                kept = list(pieces(data))
            except (struct.error, IndexError):  # it ends too early
                break
            if kept and _is_small(data, media_type, kept):
                return media_type, kept
    raise Refused(
        "preview_invalid",
        "A preview is a WebP, JPEG or PNG picture of at most 1024 x 1024 points.",
        422,
    )


def _is_small(data: bytes, media_type: str, kept: list[Piece]) -> bool:
    """Whether the picture has a size and it is small enough, in each place that tells it."""
    told = [data]
    if media_type == "image/webp":
        told += [_riff(whole) for kind, whole in kept if kind in (b"VP8 ", b"VP8L")]
        if len(told) != 2:
            return False
    sizes = [picture_size(x, media_type) for x in told]
    return all(size is not None and max(size) <= PREVIEW_POINTS for size in sizes)


def _png(data: bytes) -> Iterator[Piece]:
    at = len(_PNG)
    while True:
        [length] = struct.unpack_from(">I", data, at)
        kind, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            raise IndexError
        if kind in _PNG_KEPT:
            yield kind, data[at:end]
        if kind == b"IEND":
            return
        at = end


def _jpeg(data: bytes) -> Iterator[Piece]:
    at = len(_JPEG)
    while True:
        if data[at] != 0xFF:
            raise IndexError
        marker = data[at + 1]
        if marker == 0xFF:  # fills
            at += 1
            continue
        if marker == 0xD9:
            yield b"\xd9", data[at : at + 2]
            return
        end = at + 2 + int(struct.unpack_from(">H", data, at + 2)[0])
        if marker == 0xDA:
            end = _end_of_scan(data, end)
        if _jpeg_keeps(marker, data[at + 4 : end]):
            yield bytes((marker,)), data[at:end]
        at = end


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next segment begins; in a scan 0xff comes before 0, and in marks of restarts."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise IndexError
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def _jpeg_keeps(marker: int, content: bytes) -> bool:
    if marker == 0xE0:
        return content.startswith(b"JFIF\0") and len(content) == 14  # without a thumbnail
    if marker == 0xE2:
        return content.startswith(b"ICC_PROFILE\0")
    if marker == 0xEE:
        return content.startswith(b"Adobe")  # how the colours are put
    return marker in _JPEG_TABLES or 0xC0 <= marker <= 0xCF


def _webp(data: bytes) -> Iterator[Piece]:
    if data[8:12] != b"WEBP":
        return
    at = 12
    end_of_all = 8 + int(struct.unpack_from("<I", data, 4)[0])
    while at < end_of_all:
        [length] = struct.unpack_from("<I", data, at + 4)
        kind, end = data[at : at + 4], at + 8 + length + length % 2
        if end > len(data):
            raise IndexError
        whole = data[at:end]
        if kind == b"VP8X":
            whole = whole[:8] + bytes((whole[8] & _WEBP_FLAGS,)) + whole[9:]
        if kind in _WEBP_KEPT:
            yield kind, whole
        at = end


def _riff(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


_KINDS: Final[tuple[tuple[str, bytes, Callable[[bytes], Iterator[Piece]]], ...]] = (
    ("image/webp", b"RIFF", _webp),
    ("image/jpeg", _JPEG, _jpeg),
    ("image/png", _PNG, _png),
)
