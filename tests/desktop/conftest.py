"""Real windows and the real executable: how they are started, and what must not be left behind."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

import window
from build import PROGRAM
from proof import Running
from tests.desktop.screen import Screen
from tests.desktop.session_bus import SessionBus
from tests.patience import until
from tests.program import INSTALLED

ROOT = Path(__file__).parents[2]
NO_BUS = {"DBUS_SESSION_BUS_ADDRESS": "disabled:"}

NOTICES = int(hasattr(os, "geteuid") and os.geteuid() == 0)
"""Buttons "Close" above the messages of a host: root is told to start Hearth as somebody else."""

Start = Callable[..., Running]


@pytest.fixture(scope="session")
def _only_where_there_can_be_a_window() -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("drives windows by X11, which this system does not have")
    tools = ("Xvfb", "openbox", "wmctrl", "xdotool", "xwininfo")
    if missing := [tool for tool in tools if not shutil.which(tool)]:
        pytest.skip(f"needs {', '.join(missing)}")
    if not window.is_there():
        pytest.skip("needs WebKitGTK and its Python binding")


@pytest.fixture(scope="module")
def screen(
    tmp_path_factory: pytest.TempPathFactory, _only_where_there_can_be_a_window: None
) -> Iterator[Screen]:
    shown = Screen(tmp_path_factory.mktemp("screen"))
    yield shown
    shown.close()


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[SessionBus]:
    """A session bus on which nothing shows notifications yet."""
    if not shutil.which("dbus-daemon"):
        pytest.skip("needs dbus-daemon")
    started = SessionBus(tmp_path)
    yield started
    started.close()


@pytest.fixture(scope="session")
def executable(_only_where_there_can_be_a_window: None) -> Path:
    """The executable, built if the sources have changed since it was."""
    if INSTALLED:
        pytest.skip("another program is tried")
    import fcntl

    stamp = ROOT / "build" / "built-from"
    stamp.parent.mkdir(exist_ok=True)
    with stamp.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other workers need it too
        if not PROGRAM.exists() or not stamp.exists() or stamp.read_text() != _sources():
            built = subprocess.run(
                [sys.executable, "scripts/build.py"],
                cwd=ROOT,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            assert built.returncode == 0, built.stdout + built.stderr
            stamp.write_text(_sources())
    return PROGRAM


@pytest.fixture
def rooms(tmp_path: Path) -> Path:
    folder = tmp_path / "rooms"
    folder.mkdir()
    return folder


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """TMPDIR of all that a test starts, by which its processes are recognised."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


@pytest.fixture
def start(
    rooms: Path,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
    _only_where_there_can_be_a_window: None,
) -> Iterator[Start]:
    """Starts a command on the test's folder, isolated from the user's settings.

    It has no session bus either, unless one is given. Where there is none, GTK starts one by
    dbus-launch, which stays for the whole desktop session: tests would take it for something left
    behind.
    """
    started: list[Running] = []
    monkeypatch.chdir(ROOT)

    def begin(
        *command: str | Path, environment: Mapping[str, str], bus: Mapping[str, str] = NO_BUS
    ) -> Running:
        places = {"HOME": str(temporary.parent), "XDG_RUNTIME_DIR": str(temporary)}
        own = {**environment, **places, **bus}
        started.append(Running(command, rooms, temporary, own))
        return started[-1]

    yield begin
    for running in started:
        running.kill()


def events(hub: Running, room: str = "general") -> list[dict[str, object]]:
    """The events of a room, read over HTTP without a session."""
    asked = urllib.request.Request(
        f"{hub.address}/api/chat/{room}", headers={"Accept": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        told: dict[str, list[dict[str, object]]] = json.load(answer)
    return told["events"]


def left_behind(temporary: Path) -> list[str]:
    """Processes that were started with this temporary folder, and unpacked programs in it."""
    mark = f"TMPDIR={temporary}".encode()
    left = [path.name for path in temporary.glob("_MEI*")]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                left.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # gone meanwhile
            continue
    return left


def leaves_nothing(temporary: Path) -> None:
    """Waits until all that was started with this temporary folder has ended."""
    with suppress(AssertionError):
        until(lambda: not left_behind(temporary), "named below")
    assert left_behind(temporary) == []


def _sources() -> str:
    """A hash of the sources of the executable, and of its size."""
    parts = ("launcher.py", "build.spec", "requirements*.txt", "hub/**/*.py", "scripts/b*.py")
    parts += ("scripts/search_path.py", "scripts/linux/loader.py", "scripts/linux/*.c")
    files = {path for part in parts for path in ROOT.glob(part)}
    files |= {path for path in ROOT.glob("ui/**/*") if "node_modules" not in path.parts}
    whole = hashlib.sha256(str(PROGRAM.stat().st_size).encode() if PROGRAM.exists() else b"")
    for path in sorted(path for path in files if path.is_file()):
        whole.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()
