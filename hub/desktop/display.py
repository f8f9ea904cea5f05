"""Whether this process has a display to show anything on."""

from __future__ import annotations

import os
import sys


def missing() -> str | None:
    """Why nothing can be shown here, or None where something can."""
    if sys.platform in ("win32", "darwin") or os.environ.get("WAYLAND_DISPLAY"):
        return None
    if not os.environ.get("DISPLAY"):
        return "there is no display"
    return None if _x_answers() else f"the display {os.environ['DISPLAY']} does not answer"


def _x_answers() -> bool:
    """Ask the X server itself: a toolkit would end the whole process instead of failing."""
    import ctypes

    try:
        xlib = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XCloseDisplay.argtypes = [ctypes.c_void_p]
    opened = xlib.XOpenDisplay(None)
    if opened:
        xlib.XCloseDisplay(opened)
    return bool(opened)
