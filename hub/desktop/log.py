"""The log: a file of bounded size in the hub's folder; errors also go to stderr."""

from __future__ import annotations

import io
import logging
import logging.handlers
import os
from pathlib import Path
from typing import Final

from hub.folder import starting
from hub.store import disk

LOG_BYTES: Final = 1 << 20
"""Maximum bytes of the log file before it is rotated."""
OLD_LOGS: Final = 2
"""How many rotated log files are kept."""


class LogFile(logging.handlers.RotatingFileHandler):
    """A log that only the owner can read, and that is never written through a link."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=LOG_BYTES, backupCount=OLD_LOGS)
        os.chmod(file, 0o600)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def _open(self) -> io.TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        return open(disk.open_file(Path(self.baseFilename), flags, 0o600), "a", encoding="utf-8",
                    errors="backslashreplace")  # fmt: skip


def start(file: Path) -> None:
    """Log to `file` from now on. Raises CannotStart where it cannot be written."""
    with starting(file):
        kept = LogFile(file)
    shown = logging.StreamHandler()
    shown.setLevel(logging.ERROR)
    shown.setFormatter(logging.Formatter("Hearth: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[kept, shown])
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    logging.raiseExceptions = False  # where the disk is full there is nobody to tell
