"""Where a measurement takes place: a folder on a real disk, the hub on one core, us on another."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from commands import ROOT
from environment import PYTHON
from proof import Running
from speed.proc import on_core

HUB_CORE = 0
OWN_CORE = 1
LAUNCHER = (PYTHON, ROOT / "launcher.py")
UNLIMITED = ("message_rate=0", "connections_per_address=0", "connections=0")


class Hub:
    """A running Hearth, known from outside."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.port: int = urlsplit(running.address).port or 0
        self.pid: int = running.process.pid
        self.took = running.took


class Stage:
    """`seconds` is how long a load lasts; `sync_ms` what one fdatasync takes in `folder`.

    `file_mib` is the size of a large file, `nginx` the program where it is not a neighbour.
    """

    def __init__(
        self,
        folder: Path,
        seconds: float,
        executable: Path | None = None,
        sync_ms: float = 0.0,
        file_mib: int = 256,
        nginx: Path | None = None,
    ) -> None:
        self.folder = folder
        self.seconds = seconds
        self.executable = executable
        self.sync_ms = sync_ms
        self.file_mib = file_mib
        self.nginx = nginx

    @contextmanager
    def hub(
        self,
        rooms: Path | None = None,
        program: Sequence[str | Path] = LAUNCHER,
        settings: Sequence[str] = UNLIMITED,
    ) -> Iterator[Hub]:
        """Hearth with no limits of rate and connections, in a new folder or in `rooms`."""
        with tempfile.TemporaryDirectory(dir=self.folder) as fresh:
            temporary = Path(fresh, "tmp")
            temporary.mkdir()
            place = rooms or Path(fresh, "rooms")
            place.mkdir(exist_ok=True)
            options = ["--no-window", "--host=127.0.0.1", *(f"--set={x}" for x in settings)]
            with on_core(HUB_CORE):
                running = Running([*program, *options], place, temporary)
            try:
                yield Hub(running)
                running.stop()
            except BaseException:
                running.kill()
                raise

    def rooms(self, name: str) -> Path:
        """A folder for a hub that outlives the hub."""
        place = self.folder / name
        place.mkdir(exist_ok=True)
        return place


def helper_environment() -> dict[str, str]:
    """For a program of ours that runs on the hub's core and may use the hub's own modules."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}
