"""Opens the hub's page where there is no native window: in an app window, or in the browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import webbrowser
from pathlib import Path
from typing import Final

from hub.store import disk

_PROGRAMS: Final = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
    "microsoft-edge", "microsoft-edge-stable", "brave-browser", "msedge", "chrome",
)  # fmt: skip
_WINDOWS: Final = (
    r"Microsoft\Edge\Application\msedge.exe",
    r"Google\Chrome\Application\chrome.exe",
)
_MACOS: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def door(file: Path, url: str) -> str:
    """Write a page that leads to `url`, readable by the owner only, and give its address.

    The URL bears a one-use ticket; on a command line everybody on the machine could read it.
    """
    page = (
        '<!doctype html><meta charset="utf-8"><title>Hearth</title>'
        f'<meta http-equiv="refresh" content="0; url={url}"><a href="{url}">Hearth</a>\n'
    )
    disk.write_atomically(file, page.encode())
    return file.as_uri()


def app_window(url: str, profile: Path) -> subprocess.Popen[bytes] | None:
    """Open `url` in a window of its own of a Chromium-family browser, or give None.

    `profile` is the folder that the browser keeps its session in. The window's end is the
    end of the process.
    """
    program = _chromium()
    if program is None:
        return None
    command = [
        program, f"--app={url}", f"--user-data-dir={profile}", "--no-first-run",
        "--no-default-browser-check", "--disable-background-networking", "--disable-sync",
        "--disable-component-update",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # it does not start as root otherwise
    try:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None


def system_browser(url: str) -> bool:
    """Open `url` in the user's browser; whether there is one."""
    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False


def display() -> str | None:
    """Why nothing can be shown here, or None where something can."""
    if sys.platform in ("win32", "darwin") or os.environ.get("WAYLAND_DISPLAY"):
        return None
    if not os.environ.get("DISPLAY"):
        return "there is no display"
    return None if _x_answers() else f"the display {os.environ['DISPLAY']} does not answer"


def _x_answers() -> bool:
    """Ask the X server itself: a toolkit would end the whole program instead of failing."""
    import ctypes

    try:
        x = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XCloseDisplay.argtypes = [ctypes.c_void_p]
    opened = x.XOpenDisplay(None)
    if opened:
        x.XCloseDisplay(opened)
    return bool(opened)


def _chromium() -> str | None:
    if sys.platform == "win32":
        roots = [os.environ.get(x, "") for x in ("ProgramFiles(x86)", "ProgramFiles")]
        places = [os.path.join(root, file) for root in roots if root for file in _WINDOWS]
    elif sys.platform == "darwin":
        places = list(_MACOS)
    else:
        places = [found for name in _PROGRAMS if (found := shutil.which(name))]
    return next((place for place in places if os.path.exists(place)), None)
