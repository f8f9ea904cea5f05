"""Shows installers on Windows that Hearth runs: they do not replace or remove it meanwhile.

Setup and the uninstaller look for a mutex of this name
(https://jrsoftware.org/ishelp/topic_setup_appmutex.htm).
"""

from __future__ import annotations

import sys

from hub.desktop import login_item


def hold(name: str = login_item.AGENT) -> None:
    """Have the mutex of that name until this process ends, where the system is Windows."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.CreateMutexW(None, False, name)
