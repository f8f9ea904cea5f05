"""The size and place of the window, such that all of it is in the work area of the screen."""

from __future__ import annotations

import sys
from typing import Any, Final

SIZE: Final = (1180, 780)
"""Width and height of the window where the screen has room for it."""
MIN_SIZE: Final = (360, 480)
"""Width and height below which the window cannot be made, on a screen that is larger."""
FRAME: Final = (24, 64)
"""Width and height that a window manager may add: borders, and a title bar in large letters."""

Area = tuple[int, int, int, int]
"""Left, top, width and height in pywebview's units, from the screen's upper left corner."""


def placement(area: Area | None) -> dict[str, Any]:
    """Return the arguments of pywebview's create_window for a work area; None is unknown."""
    if area is None:
        return {"width": SIZE[0], "height": SIZE[1], "min_size": MIN_SIZE}
    left, top, area_width, area_height = area
    width = max(1, min(SIZE[0], area_width - FRAME[0]))
    height = max(1, min(SIZE[1], area_height - FRAME[1]))
    return {
        "width": width,
        "height": height,
        "x": left + max(0, area_width - width - FRAME[0]) // 2,
        "y": top + max(0, area_height - height - FRAME[1]) // 2,
        "min_size": (min(MIN_SIZE[0], width), min(MIN_SIZE[1], height)),
    }


def work_area() -> Area | None:
    """Return what panels leave of the screen that pywebview opens on; None where it is unknown."""
    try:
        if sys.platform == "win32":
            import ctypes
            from ctypes import wintypes

            found = wintypes.RECT()
            ctypes.windll.user32.SystemParametersInfoW(0x30, 0, ctypes.byref(found), 0)
            dpi = ctypes.windll.user32.GetDpiForSystem()
            left, top, right, bottom = (
                x * 96 // dpi for x in (found.left, found.top, found.right, found.bottom)
            )
            return (left, top, right - left, bottom - top) if bottom > top else None
        if sys.platform == "darwin":
            from AppKit import NSScreen

            whole, free = NSScreen.mainScreen().frame(), NSScreen.mainScreen().visibleFrame()
            below = free.origin.y - whole.origin.y
            top = int(whole.size.height - below - free.size.height)
            left = int(free.origin.x - whole.origin.x)
            return left, top, int(free.size.width), int(free.size.height)
        from gi.repository import Gdk, Gtk  # noqa: F401 - importing Gtk opens the display

        monitor = Gdk.Display.get_default().get_monitor(0)
        screen, area = monitor.get_geometry(), monitor.get_workarea()
        return area.x - screen.x, area.y - screen.y, area.width, area.height
    except (ImportError, AttributeError, OSError, ValueError):
        return None
