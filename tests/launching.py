"""Hearth as a process of its own, as a user starts it."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.program import HEARTH
from tests.windows import WINE

ROOT = Path(__file__).parents[1]


class Launched:
    """A started launcher; `lines` are those of stdout so far, without newlines.

    `prefix` is a command that starts it, such as `ip netns exec`; `home` is its empty home folder.
    """

    def __init__(
        self,
        arguments: Sequence[str | Path],
        home: Path,
        environment: Mapping[str, str] | None = None,
        prefix: Sequence[str] = (),
    ) -> None:
        clean = {x: y for x, y in os.environ.items() if not x.startswith("HEARTH_")}
        for variable in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
            clean.pop(variable, None)
        self.lines: list[str] = []
        self.complaint = ""
        self._told: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [*prefix, *HEARTH, *arguments],
            cwd=home,
            env={**clean, "HOME": str(home), "PYTHONUTF8": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._readers = [threading.Thread(target=x, daemon=True) for x in (self._out, self._err)]
        for reader in self._readers:
            reader.start()

    def _out(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._told.put(line.rstrip("\n"))
        self._told.put(None)

    def _err(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.complaint += line

    def line(self) -> str:
        """The next line of stdout; fails where there is none."""
        line = self._told.get(timeout=PATIENCE)
        if line is None:
            self._told.put(None)  # for a later call that waits for the end
            raise AssertionError(f"it ended: {self.complaint}")
        self.lines.append(line)
        return line

    def ready(self) -> str:
        """Wait until it serves; returns the address of the room that it shows."""
        found = re.fullmatch(r"Hearth \S+ is at (http://\S+)", self.line())
        assert found, self.lines
        return found[1]

    @property
    def port(self) -> int:
        found = re.search(r":(\d+)/", self.lines[0])
        assert found
        return int(found[1])

    def complains(self, words: str) -> None:
        """Wait until stderr has these words."""
        end = time.monotonic() + PATIENCE
        while words not in self.complaint:
            assert time.monotonic() < end, self.complaint
            time.sleep(0.02)

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for its end; returns the exit status. All output is in `lines` and `complaint`."""
        status = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(PATIENCE)
        while (line := self._told.get(timeout=PATIENCE)) is not None:
            self.lines.append(line)
        self._told.put(None)
        return status

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end by a signal, or as Windows does, by a key; returns the exit status."""
        if WINE:
            pytest.skip("Wine tells no process of a key without a console")
        self.process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", number))
        return self.ended()

    def close(self) -> None:
        """Kill it if it still runs, and close its streams."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for reader in self._readers:
            reader.join(PATIENCE)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
