"""The toolkit of the native window: whether it can be used here, and with what."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from hub import __version__
from hub.desktop import frozen
from hub.folder import SMALL_FILE_BYTES, starting
from hub.store import disk

GUI: Final = {"linux": "gtk", "win32": "edgechromium", "darwin": "cocoa"}.get(sys.platform)
"""pywebview's name of the toolkit."""


SM_SHUTTINGDOWN: Final = 0x2000
"""https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-getsystemmetrics"""
QUIT_REASON: Final = int.from_bytes(b"why?", "big")
"""kAEQuitReason: a logout, restart or shutdown has one, and the Dock's "Quit" none."""


class FailureMarker:
    """A file that is there while the toolkit starts, and stays if that ends the process.

    A broken graphics driver does so without an exception. The version in it makes the next one
    try again.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def of(cls, folder: Path) -> FailureMarker:
        """The one in the hub's own `folder`."""
        return cls(folder / "window-failed")

    def failed_before(self) -> str | None:
        """Why the toolkit is not tried again; None where it may be."""
        try:
            version = disk.read_file(self._file, SMALL_FILE_BYTES).decode("utf-8", "replace")
        except OSError:
            return None
        if version != __version__:
            return None
        return f"the window's toolkit failed at an earlier start (remove {self._file} to try again)"

    def set(self) -> None:
        """Call before the toolkit starts. Raises CannotStart."""
        with starting(self._file):
            disk.write_atomically(self._file, __version__.encode())

    def clear(self) -> None:
        """Call once the window has appeared, or its toolkit has failed in an orderly way."""
        self._file.unlink(missing_ok=True)


def missing() -> str | None:
    """Why the system has no web view for the window; None where it has one."""
    if sys.platform != "linux":
        return None
    try:
        import gi

        gi.require_version("Gtk", "3.0")
        gi.require_version("WebKit2", "4.1")
        from gi.repository import WebKit2

        WebKit2.get_major_version()  # the executable brings the description of the library along
    except (ImportError, ValueError, AttributeError, RuntimeError):
        return "WebKitGTK 4.1 is not installed"
    return None


def end_loop() -> None:
    """End the toolkit's main loop, on which a window never came up; on any thread."""
    if sys.platform == "linux":
        from gi.repository import Gio, GLib

        def end() -> bool:
            program = Gio.Application.get_default()
            if program is not None:
                program.quit()
            return False

        GLib.idle_add(end)


def session_ends() -> bool:
    """Whether the user logs out, or the system ends: then nothing is to be asked.

    Linux ends programs by a signal, or takes their display away.
    """
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.user32.GetSystemMetrics(SM_SHUTTINGDOWN))
    if sys.platform == "darwin":
        from AppKit import NSAppleEventManager

        event = NSAppleEventManager.sharedAppleEventManager().currentAppleEvent()
        reason = event and event.attributeDescriptorForKeyword_(QUIT_REASON)
        return bool(reason)
    return False


def background() -> str:
    """The colour of a window that has nothing in it yet: that of the page, light or dark."""
    try:
        return "#1e1a17" if _is_dark() else "#fcfaf6"
    except (ImportError, AttributeError, OSError):
        return "#fcfaf6"


def _is_dark() -> bool:
    """Whether the desktop's programs are dark, as the view will tell its page."""
    if sys.platform == "win32":
        import winreg

        place = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:
            return bool(winreg.QueryValueEx(key, "AppsUseLightTheme")[0] == 0)
    if sys.platform == "darwin":
        from AppKit import NSUserDefaults

        style = NSUserDefaults.standardUserDefaults().stringForKey_("AppleInterfaceStyle")
        return bool(style == "Dark")
    from gi.repository import Gtk

    settings = Gtk.Settings.get_default()
    theme = str(settings.get_property("gtk-theme-name")).lower()
    return theme.endswith("dark") or settings.get_property("gtk-application-prefer-dark-theme")


def icon() -> str | None:
    """The file of the window's icon; None on Windows, which accepts no PNG, shows the program's."""
    file = frozen.ROOT / "ui" / "icon-192.png"
    return str(file) if sys.platform != "win32" and file.exists() else None
