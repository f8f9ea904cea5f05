"""A number on the program's button in the taskbar of Windows.

https://learn.microsoft.com/windows/win32/api/shobjidl_core/nf-shobjidl_core-itaskbarlist3-setoverlayicon
"""

from __future__ import annotations

import ctypes
import uuid
from typing import Any, Final

_CLASS: Final = uuid.UUID("56FDF344-FD6D-11d0-958A-006097C9A090").bytes_le
"""CLSID_TaskbarList."""
_INTERFACE: Final = uuid.UUID("EA1AFB91-9E28-4B86-90E9-9E9F8A5EEFAF").bytes_le
"""IID_ITaskbarList3."""
_IN_PROCESS: Final = 1
"""CLSCTX_INPROC_SERVER."""
_RELEASE: Final = 2
_HR_INIT: Final = 3
_SET_OVERLAY: Final = 18
"""Which of the interface's functions it is, those of its bases counted, as the two before."""
PIXELS: Final = 32
"""Width and height of the picture, which Windows makes smaller where it needs to."""
MOST: Final = 99
"""The largest number that can be read on it."""


def overlay(window: int, count: int) -> None:
    """Show `count` on the button of a window, given by its handle; nothing for 0.

    Call it on the window's thread. Raises OSError where Windows cannot.
    """
    icon = _picture(count) if count else None
    try:
        set_overlay(window, icon, str(count) if count else "")
    finally:
        if icon is not None:
            ctypes.windll.user32.DestroyIcon(ctypes.c_void_p(icon))  # type: ignore[attr-defined,unused-ignore]


def set_overlay(window: int, icon: int | None, description: str) -> None:
    """Put an icon, given by its handle, onto the button of a window. Raises OSError."""
    ole: Any = ctypes.windll.ole32  # type: ignore[attr-defined,unused-ignore]
    ole.CoInitialize(None)
    found = ctypes.c_void_p()
    _check(ole.CoCreateInstance(_CLASS, None, _IN_PROCESS, _INTERFACE, ctypes.byref(found)))
    try:
        _check(_call(found, _HR_INIT))
        handles = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_wchar_p)
        _check(_call(found, _SET_OVERLAY, handles, window, icon, description))
    finally:
        _call(found, _RELEASE)


def _call(found: Any, number: int, kinds: tuple[Any, ...] = (), *given: Any) -> int:
    """Call a function of an interface of COM."""
    table = ctypes.cast(found, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p)))[0]
    make: Any = ctypes.WINFUNCTYPE(ctypes.c_long, ctypes.c_void_p, *kinds)  # type: ignore[attr-defined,unused-ignore]
    return int(make(table[number])(found, *given))


def _check(result: int) -> None:
    if result < 0:
        raise OSError(f"COM: {result & 0xFFFFFFFF:#010x}")


def _picture(count: int) -> int:
    """The number in a disc, as the handle of an icon."""
    import clr

    clr.AddReference("System.Drawing")
    from System import Drawing

    picture = Drawing.Bitmap(PIXELS, PIXELS)
    canvas = Drawing.Graphics.FromImage(picture)
    canvas.SmoothingMode = Drawing.Drawing2D.SmoothingMode.AntiAlias
    canvas.FillEllipse(Drawing.Brushes.Firebrick, 0, 0, PIXELS - 1, PIXELS - 1)
    font = Drawing.Font("Segoe UI", 14.0, Drawing.FontStyle.Bold)
    middle = Drawing.StringFormat()
    middle.Alignment = middle.LineAlignment = Drawing.StringAlignment.Center
    area = Drawing.RectangleF(0.0, 0.0, float(PIXELS), float(PIXELS))
    canvas.DrawString(str(min(count, MOST)), font, Drawing.Brushes.White, area, middle)
    canvas.Dispose()
    return int(picture.GetHicon().ToInt64())
