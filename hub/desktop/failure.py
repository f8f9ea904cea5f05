"""Tells whoever started Hearth that it could not start, also where nobody sees a terminal."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path

from hub.desktop import browser, console, display

TITLE = "Hearth"
WIDTH = 72
"""Letters in a line of a dialog that wraps none."""


def tell(reason: str, page: str, in_window: Callable[[str], bool]) -> None:
    """Show why Hearth does not run, and return once that was seen, as far as can be known.

    `reason` is a line, and `page` says it as HTML. `in_window` shows a page in a window of its own
    until that closes; False where there can be none. Then the page opens in the browser, and
    without one a dialog of the system tells the reason. Nothing is shown where somebody sees a
    terminal: the line on it was enough.
    """
    if console.is_seen() or display.missing() is not None:
        return
    if not in_window(page) and not _in_browser(page):
        _in_dialog(reason)


def _in_browser(page: str) -> bool:
    """Leave the page in the temporary folder, for the owner alone, and open it there."""
    with contextlib.suppress(OSError):  # the disk may be full: that may be the very reason
        number, name = tempfile.mkstemp(".html", "hearth-")
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(page)
        return browser.system_browser(Path(name).as_uri())
    return False


def _in_dialog(reason: str) -> None:
    """Ask a program that every desktop of its kind has."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, reason, TITLE, 0x10)  # MB_ICONERROR
        return
    for command in _dialogs(reason):
        program = shutil.which(command[0])
        if program is not None:
            with contextlib.suppress(OSError):
                subprocess.run([program, *command[1:]], check=False)
                return


def _dialogs(reason: str) -> list[list[str]]:
    if sys.platform == "darwin":
        script = (
            "on run it\ndisplay alert (item 1 of it) message (item 2 of it) as critical\nend run"
        )
        return [["osascript", "-e", script, TITLE, reason]]
    return [
        ["zenity", "--error", "--no-markup", f"--title={TITLE}", f"--text={reason}"],
        ["kdialog", "--title", TITLE, "--error", reason],
        [
            "xmessage",
            "-center",
            "-title",
            TITLE,
            "\n".join(textwrap.wrap(reason, WIDTH, break_on_hyphens=False)),
        ],
    ]
