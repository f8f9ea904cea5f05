"""Hearth on a disk that takes 15 ms for a sync, such as a memory card or a spinning disk has.

    slowdisk.py ARGUMENTS

is `launcher.py ARGUMENTS`, except that each `fsync` and `fdatasync`, of whatever file or folder,
takes 15 ms and that they take turns in the order in which they were asked for: a disk has one arm.
The real sync is part of it. Reading, and writing that nobody waits for, is as quick as it is.
"""

from __future__ import annotations

import os
import runpy
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Condition
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

SYNC: Final = 0.015
"""Seconds."""
Sync = Callable[["FileDescriptorLike"], None]


class Arm:
    """Lets one sync through at a time, in the order of `asked`, which counts all that came."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._turn = Condition()
        self.asked = 0
        self._done = 0

    def slow(self, sync: Sync) -> Sync:
        """The same call, in its turn, which lasts that many seconds at least."""

        def in_turn(fd: FileDescriptorLike) -> None:
            with self._turn:
                mine = self.asked
                self.asked += 1
                self._turn.wait_for(lambda: self._done == mine)
            end = time.monotonic() + self._seconds
            try:
                sync(fd)
            finally:
                time.sleep(max(0.0, end - time.monotonic()))
                with self._turn:
                    self._done += 1
                    self._turn.notify_all()

        return in_turn


def main() -> None:
    root = Path(__file__).parents[2]
    arm = Arm(SYNC)
    os.fsync = arm.slow(os.fsync)  # type: ignore[assignment]
    os.fdatasync = arm.slow(os.fdatasync)  # type: ignore[assignment]
    sys.path[0] = str(root)
    runpy.run_path(str(root / "launcher.py"), run_name="__main__")


if __name__ == "__main__":
    main()
