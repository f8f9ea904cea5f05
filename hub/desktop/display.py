"""Whether this process has a display to show anything on."""

from __future__ import annotations

import os
import socket
import sys


def missing() -> str | None:
    """Why nothing can be shown here, or None where something can.

    A terminal that outlives a desktop, or another user's, still names a display that is gone.
    """
    if sys.platform in ("win32", "darwin") or os.environ.get("WAYLAND_SOCKET"):
        return None
    wayland, x = os.environ.get("WAYLAND_DISPLAY"), os.environ.get("DISPLAY")
    if not (wayland or x):
        return "there is no display"
    if (wayland and _wayland_answers(wayland)) or (x and _x_answers()):
        return None
    return f"the display {x or wayland} does not answer"


def _wayland_answers(name: str) -> bool:
    """Whether the compositor listens on the socket that `name` stands for (wl_display_connect)."""
    if sys.platform == "win32":
        return False
    path = os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), name)
    if not os.path.isabs(path):
        return False
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(path)
        except OSError:
            return False
    return True


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
