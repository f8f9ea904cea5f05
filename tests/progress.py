"""Tells which tests have been running for long, so that a slow or hanging one has a name."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable

import pytest

FIRST_NOTICE = 10.0
"""Seconds after which a running test is named for the first time; then after twice as long."""


class Progress:
    """A pytest plugin: names slow tests through `write`, whichever process they run in.

    Belongs in the process that reports: with workers, that is the one that started them.
    """

    def __init__(
        self, write: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._write = write
        self._clock = clock
        self._started: dict[str, float] = {}
        self._notices: dict[str, float] = {}
        self._lock = threading.Lock()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        with self._lock:
            self._started[nodeid] = self._clock()
            self._notices[nodeid] = FIRST_NOTICE

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        with self._lock:
            self._started.pop(nodeid, None)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if str(report.when) == "???":  # xdist's, for a test whose worker died under it
            self.pytest_runtest_logfinish(report.nodeid)

    def look(self) -> None:
        """Name each test whose next notice is due."""
        with self._lock:
            for nodeid, started in self._started.items():
                seconds = self._clock() - started
                if seconds >= self._notices[nodeid]:
                    self._notices[nodeid] = 2 * max(seconds, FIRST_NOTICE)
                    self._write(f"\n[running for {seconds:.0f} s: {nodeid}]\n")


def install(config: pytest.Config) -> None:
    """Add the plugin, with a thread that looks once a second until pytest ends."""
    stderr = os.dup(sys.stderr.fileno())  # the real one: while a test runs, 2 is captured
    over = threading.Event()

    def write(text: str) -> None:
        os.write(stderr, text.encode())

    def watch() -> None:
        while not over.wait(1):
            progress.look()

    def end() -> None:
        over.set()
        thread.join()
        os.close(stderr)

    progress = Progress(write)
    thread = threading.Thread(target=watch, name="progress", daemon=True)
    config.pluginmanager.register(progress, "hearth-progress")
    config.add_cleanup(end)
    thread.start()
