"""The size and place of the window, such that all of it is in the work area of a screen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from hub.desktop.window.remembered import Memory, Place

SIZE: Final = (1180, 780)
"""Width and height of the window where the screen has room for it."""
MIN_SIZE: Final = (360, 480)
"""Width and height below which the window cannot be made, on a screen that is larger."""
FRAME: Final = (24, 64)
"""Width and height that a window manager may add: borders, and a title bar in large letters."""
REST: Final = 400
"""Milliseconds without a move after which a place counts: a window that is being maximized has the
size of the screen a moment before it says so."""

Area = tuple[int, int, int, int]
"""Left, top, width and height in pywebview's units, from the first screen's upper left corner."""


def placement(areas: Sequence[Area], place: Place | None = None) -> dict[str, Any]:
    """Return the arguments of pywebview's create_window.

    `areas` are the work areas of the screens, the one to open on first; none are unknown. `place`
    is where the window was. It is where it opens again if its title bar is in sight there.
    """
    if not areas:
        return {"width": SIZE[0], "height": SIZE[1], "min_size": MIN_SIZE}
    in_sight = _area_of(place, areas) if place else None
    left, top, area_width, area_height = in_sight or areas[0]
    wanted = (place.width, place.height) if place else SIZE
    width = max(1, min(wanted[0], area_width - FRAME[0]))
    height = max(1, min(wanted[1], area_height - FRAME[1]))
    if place and in_sight:
        x = max(left, min(place.x, left + area_width - width - FRAME[0]))
        y = max(top, min(place.y, top + area_height - height - FRAME[1]))
    else:
        x = left + max(0, area_width - width - FRAME[0]) // 2
        y = top + max(0, area_height - height - FRAME[1]) // 2
    return {
        "width": width,
        "height": height,
        "x": x,
        "y": y,
        "min_size": (min(MIN_SIZE[0], width), min(MIN_SIZE[1], height)),
        "maximized": bool(place and place.maximized),
    }


def _area_of(place: Place, areas: Sequence[Area]) -> Area | None:
    """The area in which the middle of the title bar of a window is; None where it is in none."""
    x, y = place.x + place.width // 2, place.y + 10
    inside = (a for a in areas if a[0] <= x < a[0] + a[2] and a[1] <= y < a[1] + a[3])
    return next(inside, None)


def work_areas() -> list[Area]:
    """What panels leave of each screen, first the one that pywebview opens on; [] if unknown."""
    try:
        if sys.platform == "win32":
            return _areas_of_windows()
        if sys.platform == "darwin":
            return _areas_of_cocoa()
        return _areas_of_gtk()
    except (ImportError, AttributeError, OSError, ValueError):
        return []


def follow(native: Any, memory: Memory) -> Callable[[], None]:
    """Remember the place of a window from now on; call what it returns as the window closes.

    `native` is pywebview's own window of the toolkit. Both are called on the toolkit's thread.
    """
    look = {"linux": _place_in_gtk, "win32": _place_in_windows, "darwin": _place_in_cocoa}

    def remember() -> None:
        place = look[sys.platform](native, memory.value.place)
        if place is not None and place.is_sane():
            memory.change(place=place)

    if sys.platform == "linux":
        _when_moved(native, remember)
    return remember


def _when_moved(native: Any, then: Callable[[], None]) -> None:
    """Call `then` a moment after each move or change of size: a kill costs only the last one."""
    from gi.repository import GLib

    waiting: list[int] = []

    def rested() -> bool:
        waiting.clear()
        then()
        return False

    def moved(*_: Any) -> bool:
        while waiting:
            GLib.source_remove(waiting.pop())
        waiting.append(GLib.timeout_add(REST, rested))
        return False

    native.connect("configure-event", moved)
    native.connect("window-state-event", moved)
    native.connect("destroy", lambda _: waiting and GLib.source_remove(waiting.pop()))


def _areas_of_gtk() -> list[Area]:
    from gi.repository import Gdk, Gtk  # noqa: F401 - importing Gtk opens the display

    display = Gdk.Display.get_default()
    monitors = [display.get_monitor(n) for n in range(display.get_n_monitors())]
    first = monitors[0].get_geometry()
    areas = [monitor.get_workarea() for monitor in monitors]
    return [(a.x - first.x, a.y - first.y, a.width, a.height) for a in areas]


def _place_in_gtk(native: Any, before: Place | None) -> Place | None:
    from gi.repository import Gdk

    if native.get_window() is None:
        return None
    if not native.get_mapped():  # it is hidden, and wherever X11 has such windows
        return before
    if native.get_window().get_state() & (Gdk.WindowState.FULLSCREEN | Gdk.WindowState.ICONIFIED):
        return before
    if native.is_maximized() and before is not None:
        return Place(before.x, before.y, before.width, before.height, True)
    first = Gdk.Display.get_default().get_monitor(0).get_geometry()
    (x, y), (width, height) = native.get_position(), native.get_size()
    return Place(x - first.x, y - first.y, width, height, native.is_maximized())


def _areas_of_windows() -> list[Area]:
    """The work area of the first screen, and all screens as one."""
    import ctypes
    from ctypes import wintypes

    user: Any = ctypes.windll.user32  # type: ignore[attr-defined,unused-ignore]
    found = wintypes.RECT()
    user.SystemParametersInfoW(0x30, 0, ctypes.byref(found), 0)  # SPI_GETWORKAREA
    dpi = user.GetDpiForSystem()
    corners = (found.left, found.top, found.right, found.bottom)
    left, top, right, bottom = (x * 96 // dpi for x in corners)
    if bottom <= top:
        return []
    # SM_XVIRTUALSCREEN and the three behind it
    whole = tuple(user.GetSystemMetrics(n) * 96 // dpi for n in (76, 77, 78, 79))
    return [(left, top, right - left, bottom - top), (whole[0], whole[1], whole[2], whole[3])]


def _place_in_windows(native: Any, _: Place | None) -> Place | None:
    """Of a WinForms form; its bounds are in pixels of the screen it is on."""
    scale = native.DeviceDpi / 96
    state = str(native.WindowState)
    bounds = native.Bounds if state == "Normal" else native.RestoreBounds
    numbers = (bounds.X, bounds.Y, bounds.Width, bounds.Height)
    x, y, width, height = (round(number / scale) for number in numbers)
    return Place(x, y, width, height, state == "Maximized")


def _areas_of_cocoa() -> list[Area]:
    from AppKit import NSScreen

    whole = NSScreen.mainScreen().frame()
    areas = []
    for screen in [NSScreen.mainScreen(), *NSScreen.screens()]:
        free = screen.visibleFrame()
        below = free.origin.y - whole.origin.y
        top = int(whole.size.height - below - free.size.height)
        left = int(free.origin.x - whole.origin.x)
        areas.append((left, top, int(free.size.width), int(free.size.height)))
    return areas


def _place_in_cocoa(native: Any, _: Place | None) -> Place | None:
    """Of an NSWindow; macOS counts from below."""
    from AppKit import NSScreen

    whole, frame = NSScreen.mainScreen().frame(), native.frame()
    x = int(frame.origin.x - whole.origin.x)
    y = int(whole.size.height - (frame.origin.y - whole.origin.y) - frame.size.height)
    return Place(x, y, int(frame.size.width), int(frame.size.height), bool(native.isZoomed()))
