"""The programs' icons as a browser draws them."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

import icons
from tests.e2e.conftest import Browsers

EMBER = bytes.fromhex(icons.EMBER[1:]) + b"\xff"
PAPER = bytes.fromhex(icons.PAPER[1:]) + b"\xff"
WHITE = b"\xff\xff\xff\xff"


def test_it_is_the_mark_on_a_tile_with_round_corners(browsers: Browsers) -> None:
    page = browsers[0].new_page()
    for size, margin in ((48, 0.0), (256, 0.0), (128, icons.MARGIN)):
        drawn = seen(page, size, margin)
        edge = round(size * margin) + 1
        assert drawn(0, 0) == WHITE
        assert drawn(size // 2, edge) == EMBER
        assert PAPER in [drawn(x, size * 11 // 16) for x in range(size)], "the mark's wall"
        assert drawn(size // 2, size * 10 // 16) == EMBER, "the fire in it"
    page.close()


def seen(page: Page, size: int, margin: float) -> Callable[[int, int], bytes]:
    """What gives the colour of a drawn icon at x and y."""
    pixels = icons.pixels(page, icons.draw(page, size, margin))
    assert len(pixels) == 4 * size * size
    return lambda x, y: pixels[4 * (y * size + x) : 4 * (y * size + x) + 4]
