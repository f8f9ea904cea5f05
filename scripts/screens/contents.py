"""What is in the files that the people of the pictures send: pictures, a sound and the like."""

from __future__ import annotations

import io
import math
import struct
import wave
import zlib
from typing import Final

LIST: Final = """Seeds for the spring
--------------------
runner beans    2 bags
peas            1 bag, the tall ones
borage          for the bees
sunflowers      along the fence
potatoes        from the cellar, if any are left
"""


def landscape(width: int, height: int, sky: tuple[int, int, int], phase: float) -> bytes:
    """A PNG of two rows of hills, the nearer one darker."""

    def hill(x: int, share: float, waves: float) -> float:
        return height * (share + 0.1 * math.sin(phase + waves * x / width))

    ridges = [(hill(x, 0.55, 7), hill(x, 0.75, 4)) for x in range(width)]
    rows = []
    for y in range(height):
        light = 1 + 0.35 * (y / height - 0.5)
        above = bytes(min(255, int(part * light)) for part in sky)
        row = ((b"\x5c\x7a\x52", b"\x3e\x59\x3c")[y > near] if y > far else above
               for far, near in ridges)  # fmt: skip
        rows.append(b"\0" + b"".join(row))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def tone(seconds: float) -> bytes:
    """A WAV."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        heights = (int(9000 * math.sin(n / 3)) for n in range(int(seconds * 8000)))
        sound.writeframes(b"".join(struct.pack("<h", height) for height in heights))
    return out.getvalue()
