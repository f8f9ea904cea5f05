"""Opens folders and files in the programs that the system has for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import webbrowser
from pathlib import Path
from threading import Thread


def open_path(path: Path) -> bool:
    """Open a folder or a file of any kind; False where the system has nothing for it.

    Returns at once: the program goes on by itself, and outlives this one.
    """
    try:
        if sys.platform == "win32":
            os.startfile(path)
            return True
        opener = "open" if sys.platform == "darwin" else "xdg-open"
        program = shutil.which(opener)
        if program is None:
            return webbrowser.open(path.as_uri())
        opening = subprocess.Popen(
            [program, path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        Thread(target=opening.wait, daemon=True).start()
        return True
    except (OSError, webbrowser.Error):
        return False
