"""Starts Hearth when its user logs in, if they want that: off until they say so.

Linux has an entry in the user's autostart folder
(https://specifications.freedesktop.org/autostart-spec/), macOS a launch agent (launchd.plist(5)),
Windows a value of the user's `Run` key.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hub.desktop import frozen
from hub.store import disk

NAME: Final = "Hearth"
AGENT: Final = "chat.hearth.Hearth"
RUN_KEY: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"
_QUOTED: Final = str.maketrans({char: f"\\{char}" for char in '\\"`$'})


def command(folder: Path) -> list[str]:
    """What starts Hearth on a hub's `folder` as this process was started."""
    program = [str(frozen.PROGRAM)]
    if not frozen.FROZEN:
        program.insert(0, sys.executable)
    return [*program, f"--rooms={folder}"]


def is_on() -> bool:
    """Whether Hearth starts at login, on whatever folder."""
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
                winreg.QueryValueEx(key, NAME)
            return True
        except FileNotFoundError:
            return False
    return _file().exists()


def turn_on(folder: Path) -> None:
    """Start Hearth on `folder` at each login from now on. Raises OSError."""
    words = command(folder)
    if sys.platform == "win32":
        import winreg

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
            line = subprocess.list2cmdline(words)
            winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, line)
        return
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    if sys.platform == "darwin":
        import plistlib

        agent = {"Label": AGENT, "ProgramArguments": words, "RunAtLoad": True}
        disk.write_atomically(file, plistlib.dumps(agent))
    else:
        disk.write_atomically(file, desktop_entry(words).encode())


def turn_off() -> None:
    """Start at no login any more. Raises OSError."""
    if sys.platform == "win32":
        import winreg

        try:
            access = winreg.KEY_SET_VALUE
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY, 0, access) as key:
                winreg.DeleteValue(key, NAME)
        except FileNotFoundError:
            pass
        return
    _file().unlink(missing_ok=True)


def desktop_entry(words: Sequence[str]) -> str:
    """An entry of a desktop that runs a command of these words."""
    # A word is quoted, then the whole line escaped, as the Desktop Entry Specification says.
    quoted = " ".join(f'"{word.translate(_QUOTED)}"' for word in words)
    line = quoted.replace("\\", r"\\").replace("%", "%%").replace("\n", r"\n")
    return (
        f"[Desktop Entry]\nType=Application\nName={NAME}\nExec={line}\n"
        "Comment=Everyone on the network is chatting\nX-GNOME-Autostart-enabled=true\n"
    )


def _file() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{AGENT}.plist"
    settings = os.environ.get("XDG_CONFIG_HOME") or ""
    base = Path(settings) if os.path.isabs(settings) else Path.home() / ".config"
    return base / "autostart" / "hearth.desktop"
