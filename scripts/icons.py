"""Draws the icons of the programs for Windows and macOS: the page's mark on a tile, in Chromium.

Windows' installer has one as well, as a bitmap.
`python3 scripts/icons.py`, after `python3 scripts/test.py` has set things up. Look at what it drew.
"""

from __future__ import annotations

import shutil
import struct
import sys
from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from playwright.sync_api import Page, sync_playwright

import bundle

MARK: Final = bundle.PAGE / "mark.svg"
EMBER: Final = "#c4532a"
PAPER: Final = "#fdf7f0"
SIZES: Final = (16, 20, 24, 32, 40, 48, 64, 256)
"""Pixels that Windows asks for, at 100 to 250 % of a screen's usual size."""
PARTS: Final = {
    b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic13": 256, b"ic08": 256, b"ic14": 512,
    b"ic09": 512, b"ic10": 1024,
}  # fmt: skip
"""The parts of an icon for macOS, and their pixels; some are of the same size at two densities."""
WIZARD: Final = 147
"""Pixels of the picture in an installer's corner, at 250 %; it is made smaller for others.

https://jrsoftware.org/ishelp/topic_setup_wizardsmallimagefile.htm
"""
SMALL: Final = 48
"""Pixels up to which the mark fills the tile, as it cannot be made out else."""
MARGIN: Final = 0.1
"""What macOS, and here an installer, leaves around a tile: a part of the icon's width."""


def main() -> int:
    """Writes them into scripts/; gives the exit status."""
    with sync_playwright() as tools:
        browser = tools.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page()
        bundle.ICONS["win32"].write_bytes(ico({size: draw(page, size) for size in SIZES}))
        bundle.WIZARD.write_bytes(bmp(WIZARD, pixels(page, draw(page, WIZARD, MARGIN))))
        drawn = {size: draw(page, size, MARGIN) for size in set(PARTS.values())}
        bundle.ICONS["darwin"].write_bytes(
            icns({part: drawn[size] for part, size in PARTS.items()})
        )
        browser.close()
    return 0


def draw(page: Page, size: int, margin: float = 0.0) -> bytes:
    """One PNG, `size` pixels wide and high, with nothing behind the tile's round corners."""
    mark = MARK.read_text(encoding="utf-8").replace(EMBER, PAPER)
    tile = size * (1 - 2 * margin)
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(
        "<style>body { margin: 0; display: grid; place-items: center; height: 100vh; }"
        f"div {{ width: {tile}px; height: {tile}px; background: {EMBER}; display: grid;"
        f" place-items: center; border-radius: {22 if size > SMALL else 16}%; }}"
        f"svg {{ width: {64 if size > SMALL else 84}%; }}</style><div>{mark}</div>"
    )
    return page.screenshot(omit_background=True)


def pixels(page: Page, picture: bytes) -> bytes:
    """A PNG's pixels on white, row by row from the top: red, green, blue and 255."""
    address = f"data:image/png;base64,{b64encode(picture).decode()}"
    told: list[int] = page.evaluate(
        """async address => {
            const image = new Image();
            image.src = address;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
            canvas.fillStyle = 'white';
            canvas.fillRect(0, 0, image.width, image.height);
            canvas.drawImage(image, 0, 0);
            return [...canvas.getImageData(0, 0, image.width, image.height).data];
        }""",
        address,
    )
    return bytes(told)


def bmp(size: int, pixels: bytes) -> bytes:
    """A square of pixels as Windows has them: rows from the bottom, blue first, padded to words.

    https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
    """
    rows = [pixels[at : at + 4 * size] for at in range(0, len(pixels), 4 * size)]
    body = b"".join(
        bytes(x for at in range(0, len(row), 4) for x in row[at : at + 3][::-1])
        + bytes(-3 * size % 4)
        for row in reversed(rows)
    )
    head = struct.pack("<IiiHHIIiiII", 40, size, size, 1, 24, 0, len(body), 0, 0, 0, 0)
    start = 14 + len(head)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + head + body


def ico(pictures: Mapping[int, bytes]) -> bytes:
    """PNGs by their width and height in pixels, up to 256, as Windows takes them.

    https://learn.microsoft.com/windows/win32/menurc/newheader
    """
    head, body = struct.pack("<HHH", 0, 1, len(pictures)), b""
    start = len(head) + 16 * len(pictures)
    for size, picture in pictures.items():
        # Width and height, 0 for 256; no palette; 1 plane of 32 bits a pixel; length, offset.
        side, at = size % 256, start + len(body)
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), at)
        body += picture
    return head + body


def icns(pictures: Mapping[bytes, bytes]) -> bytes:
    """PNGs by the names of their parts, as macOS takes them."""
    parts = b"".join(
        name + struct.pack(">I", len(picture) + 8) + picture for name, picture in pictures.items()
    )
    return b"icns" + struct.pack(">I", len(parts) + 8) + parts


if __name__ == "__main__":
    sys.exit(main())
