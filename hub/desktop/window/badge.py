"""The number of unread messages on the program's icon in the dock or taskbar, where it has one."""

from __future__ import annotations

import re
import sys
from typing import Any, Final

ENTRY: Final = "com.canonical.Unity.LauncherEntry"
"""The interface of docks on Linux: https://wiki.ubuntu.com/Unity/LauncherAPI ."""
ENTRY_PATH: Final = "/com/canonical/unity/launcherentry/hearth"
DESKTOP_FILE: Final = "application://hearth.desktop"
"""Under which docks know the program."""
_COUNT: Final = re.compile(r"\((\d+)\) ")


def unread_of(title: str) -> int:
    """How many unread messages for its reader the title of the hub's page tells."""
    found = _COUNT.match(title)
    return int(found[1]) if found else 0


def show(native: Any, count: int) -> None:
    """Show this number, or none for 0. Call it on the toolkit's thread.

    `native` is pywebview's own window of the toolkit.
    """
    if sys.platform == "linux":
        _show_in_docks(native, count)
    elif sys.platform == "win32":
        from hub.desktop.window import taskbar

        taskbar.overlay(native.Handle.ToInt64(), count)
    else:
        import AppKit

        AppKit.NSApp.dockTile().setBadgeLabel_(str(count) if count else None)


def show_later(native: Any, count: int) -> None:
    """The same on Windows, whose taskbar makes a button anew for a window that was hidden.

    May be called on any thread.
    """
    from System import Action

    native.BeginInvoke(Action(lambda: show(native, count)))


def _show_in_docks(native: Any, count: int) -> None:
    from gi.repository import GLib

    bus = native.get_application().get_dbus_connection()
    if bus is None:
        return
    values = {
        "count": GLib.Variant("x", count),
        "count-visible": GLib.Variant("b", count > 0),
    }
    told = GLib.Variant("(sa{sv})", (DESKTOP_FILE, values))
    bus.emit_signal(None, ENTRY_PATH, ENTRY, "Update", told)
