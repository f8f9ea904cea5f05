"""An address as a QR code, for the page and for a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import segno


def matrix(url: str) -> list[str]:
    """Give the code's rows from the top, '1' for dark and '0' for light, no quiet zone."""
    return ["".join("1" if dark else "0" for dark in row) for row in _code(url).matrix]


def terminal(url: str) -> str:
    """Give the code as lines of half blocks with its quiet zone, light on a dark terminal."""
    text = io.StringIO()
    _code(url).terminal(text, compact=True)
    return text.getvalue()


def _code(url: str) -> segno.QRCode:
    # Loaded when the first code is asked for, not at start.
    import segno

    return segno.make_qr(url, error="m")
