"""QR codes of addresses, for the page."""

from __future__ import annotations


def matrix(url: str) -> list[str]:
    """Return the code's rows from the top, '1' for dark and '0' for light, without quiet zone."""
    # Loaded when the first code is asked for, not at start.
    import segno

    code = segno.make_qr(url, error="m")
    return ["".join("1" if dark else "0" for dark in row) for row in code.matrix]
