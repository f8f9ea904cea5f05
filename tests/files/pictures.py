"""The beginnings of pictures, as programs that make them lay them out."""

from __future__ import annotations

import struct
import zlib


def chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """With these chunks before the picture; only small ones have all their points."""
    rows = zlib.compress(bytes((1 + 3 * min(width, 9)) * min(height, 9)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    sign = b"\x89PNG\r\n\x1a\n"
    before = sign + chunk(b"IHDR", header) + b"".join(chunks)
    return before + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF0, 0, 0)


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def exif(orientation: int, order: str = ">", kind: int = 3) -> bytes:
    head = b"MM\0*" if order == ">" else b"II*\0"
    tiff = head + struct.pack(order + "IH", 8, 2)
    tiff += struct.pack(order + "HHII", 0x010F, 2, 4, 0)
    tiff += struct.pack(order + "HHIHH", 0x0112, kind, 1, orientation, 0)
    return segment(0xE1, b"Exif\0\0" + tiff + bytes(4))


def jpeg(width: int, height: int, *segments: bytes, frame: int = 0xC0) -> bytes:
    app0 = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    tables = segment(0xDB, bytes(65)) + segment(0xC4, bytes(20))
    sof = segment(frame, struct.pack(">BHHB", 8, height, width, 3) + bytes(9))
    return b"\xff\xd8" + app0 + b"".join(segments) + tables + sof + segment(0xDA, bytes(6))


def part(kind: bytes, data: bytes) -> bytes:
    """A chunk of WebP."""
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def webp(*parts: bytes) -> bytes:
    body = b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def vp8x(width: int, height: int, flags: int = 0x20) -> bytes:
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return part(b"VP8X", bytes((flags, 0, 0, 0)) + sizes)


def lossy(width: int, height: int) -> bytes:
    head = b"\x30\x01\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    return webp(part(b"VP8 ", head + bytes(9)))


def box(kind: bytes, *parts: bytes, full: int | None = None) -> bytes:
    data = (b"" if full is None else struct.pack(">I", full)) + b"".join(parts)
    return struct.pack(">I", len(data) + 8) + kind + data


def ispe(width: int, height: int) -> bytes:
    return box(b"ispe", struct.pack(">II", width, height), full=0)


def avif(*properties: bytes, associated: tuple[int, ...], wide: bool = False) -> bytes:
    """As avifenc lays it out: the picture is item 1, its alpha is item 2 with the first property;
    `wide` has the larger fields that files of many items have.
    """
    letter, item = ("H", "I") if wide else ("B", "H")
    essential = 0x8000 if wide else 0x80
    ids = struct.pack(">" + item, 1)
    of_two = struct.pack(f">{item}B{letter}", 2, 1, 1)
    of_one = struct.pack(f">{item}B", 1, len(associated))
    of_one += b"".join(struct.pack(">" + letter, x | essential) for x in associated)
    meta = box(
        b"meta",
        box(b"hdlr", bytes(4), b"pict", bytes(13), full=0),
        box(b"pitm", ids, full=0x0100_0000 if wide else 0),
        box(b"iloc", bytes(20), full=0),
        box(
            b"iprp",
            box(b"ipco", *properties),
            box(b"ipma", struct.pack(">I", 2), of_two, of_one, full=0x0100_0001 if wide else 0),
        ),
        full=0,
    )
    return box(b"ftyp", b"avif", bytes(4), b"avifmif1miaf") + meta + box(b"mdat", bytes(50))
