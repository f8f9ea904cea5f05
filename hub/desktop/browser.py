"""Opens the hub's page in a browser: in an app window of its own, or in the user's browser."""

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


def redirect_page(file: Path, url: str) -> str:
    """Write a page that redirects to `url`, readable by the owner only; returns its URL.

    The target contains a one-use ticket, and every user of the computer can read command lines.
    """
    page = (
        '<!doctype html><meta charset="utf-8"><title>Hearth</title>'
        f'<meta http-equiv="refresh" content="0; url={url}"><a href="{url}">Hearth</a>\n'
    )
    disk.write_atomically(file, page.encode())
    return file.as_uri()


def app_window(url: str, profile: Path) -> subprocess.Popen[bytes] | None:
    """Open `url` in an app window of a Chromium-family browser; None where there is none.

    `profile` is the folder for the browser's session. The process ends with the window.
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
        command.append("--no-sandbox")  # Chromium does not start as root otherwise
    try:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None


def system_browser(url: str) -> bool:
    """Open `url` in the user's browser; False where there is none."""
    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False


def _chromium() -> str | None:
    """The program of an installed Chromium-family browser."""
    if sys.platform == "win32":
        roots = [os.environ.get(x, "") for x in ("ProgramFiles(x86)", "ProgramFiles")]
        files = [os.path.join(root, file) for root in roots if root for file in _WINDOWS]
    elif sys.platform == "darwin":
        files = list(_MACOS)
    else:
        files = [found for name in _PROGRAMS if (found := shutil.which(name))]
    return next((file for file in files if os.path.exists(file)), None)
