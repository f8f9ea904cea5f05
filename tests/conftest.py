"""Shared fixtures: a hub in this process, and Hearth as a process of its own."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from hub.access import passwords
from tests import elsewhere, progress
from tests.installed import Installed
from tests.launching import Launched
from tests.on_hub import RunOnHub, run_on
from tests.program import INSTALLED
from tests.serving import Serving
from tests.talk import Talk
from tests.windows import skip_what_is_lacking

Serve = Callable[..., Serving]
Live = Callable[..., Talk]
Launch = Callable[..., Launched]

if os.name == "nt":
    skip_what_is_lacking()

SLOW_FOLDERS = {Path(__file__).parent / x for x in ("desktop", "e2e", "faults")}
"""What `--quick` leaves out besides tests that are marked as slow."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fuzz", type=int, metavar="N", help="N new inputs for each reader and property"
    )
    parser.addoption(
        "--hostile", action="store_true", help="each hostile text in each place, not some of them"
    )
    parser.addoption(
        "--long",
        action="store_true",
        help="every fault of tests/faults as often as its long run, and a thousand mixed files",
    )
    parser.addoption(
        "--old-browsers",
        action="store_true",
        help="the page in Chromium 78 to 112 too, which npm fetches once (400 MB)",
    )
    parser.addoption(
        "--quick",
        action="store_true",
        help="leave out slow tests: browsers, windows, faults, processes",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Hypothesis tries the same inputs each time, and new ones with `--fuzz`.

    It sets no deadline: a busy machine is no failure.
    """
    inputs = config.getoption("--fuzz")
    settings.register_profile("same", deadline=None, derandomize=True)
    settings.register_profile("new", deadline=None, max_examples=inputs or 100)
    settings.load_profile("new" if inputs else "same")
    if not hasattr(config, "workerinput"):  # not in a worker of pytest-xdist
        progress.install(config)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `--quick`, whole folders of slow tests are not even read."""
    quick = config.getoption("--quick")
    return True if quick and collection_path in SLOW_FOLDERS else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--quick"):
        config.hook.pytest_deselected(items=[x for x in items if _slow(x)])
        items[:] = [x for x in items if not _slow(x)]
    # What takes longest first, so that at the end no worker is left with it alone.
    long = {x for x in {x.path for x in items} if not SLOW_FOLDERS.isdisjoint(x.parents)}
    long |= {x.path for x in items if x.path not in long and _slow(x)}
    items.sort(key=lambda item: item.path not in long)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    with elsewhere.skips():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    with elsewhere.skips():
        return (yield)


def _slow(item: pytest.Item) -> bool:
    """Marked as slow, or with a process of the launcher's to start and to stop."""
    return bool(item.get_closest_marker("slow")) or "launch" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def _stopping() -> Iterator[list[threading.Thread]]:
    """Threads that stop the hubs of earlier tests, so that the next test need not wait for it."""
    stopping: list[threading.Thread] = []
    yield stopping
    for thread in stopping:
        thread.join(60)
        assert not thread.is_alive()


@pytest.fixture
def serve(tmp_path: Path, _stopping: list[threading.Thread]) -> Iterator[Serve]:
    """Starts hubs with the given settings; `path` is the folder, by default a new one."""
    started: list[Serving] = []

    def start(path: Path | None = None, **options: Any) -> Serving:
        hub = Installed if INSTALLED else Serving
        started.append(hub(path or tmp_path / f"rooms{len(started) or ''}", **options))
        return started[-1]

    yield start
    for serving in started:
        _stopping.append(threading.Thread(target=serving.stop, name="stopping"))
        _stopping[-1].start()


@pytest.fixture
def hub(serve: Serve) -> Serving:
    """A hub on loopback with an empty folder of its own."""
    return serve()


@pytest.fixture(scope="module")
def _lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("lasting") / "rooms")
    yield serving
    serving.stop()


@pytest.fixture
def lasting(_lasting: Serving) -> Iterator[Serving]:
    """A hub shared by the tests of a file; a test that has anything saved fails."""
    before = _lasting.histories()
    yield _lasting
    assert _lasting.histories() == before, "something was saved"


@pytest.fixture
def live(request: pytest.FixtureRequest) -> Iterator[Live]:
    """Opens WebSocket connections to the test's hub; with a name, they say hello."""
    opened: list[Talk] = []

    def open_(name: str | None = None, at: Serving | None = None, **options: Any) -> Talk:
        at = at or request.getfixturevalue("hub")
        opened.append(at.talk(**options))
        if name is not None:
            opened[-1].hello(name)
        return opened[-1]

    yield open_
    for talk in opened:
        talk.close()


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash that takes no time, where the test is not about what it costs."""
    monkeypatch.setattr(passwords, "_LOG_N", 8)


@pytest.fixture
def run(tmp_path: Path) -> RunOnHub:
    return run_on(tmp_path / "rooms")


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Starts the launcher on the test's folder; by default without a window, on a free port."""
    started: list[Launched] = []
    home = tmp_path / "home"
    home.mkdir()

    def start(
        *arguments: str | Path,
        rooms: Path | None = tmp_path / "rooms",
        port: str | None = "0",
        window: bool = False,
        environment: Mapping[str, str] | None = None,
        prefix: tuple[str, ...] = (),
    ) -> Launched:
        usual: list[str | Path] = [] if window else ["--no-window"]
        usual += [] if port is None else ["--port", port]
        usual += [] if rooms is None else ["--rooms", rooms]
        usual += ["--set", "announce=false"]
        started.append(Launched([*arguments, *usual], home, environment, prefix))
        return started[-1]

    yield start
    for launched in started:
        launched.close()


@pytest.fixture
def namespaces() -> Iterator[Callable[[], str]]:
    """Creates network namespaces with loopback up and returns their names; removes them."""
    if not sys.platform.startswith("linux") or os.geteuid() or not shutil.which("ip"):
        pytest.skip("network namespaces need Linux, root and ip")
    names: list[str] = []

    def make() -> str:
        name = f"hearth-{secrets.token_hex(4)}"
        made = subprocess.run(
            ["ip", "netns", "add", name], capture_output=True, text=True, check=False
        )
        if made.returncode:
            pytest.skip(f"no network namespace can be made here: {made.stderr.strip()}")
        names.append(name)
        subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)
        return name

    try:
        yield make
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False)


@pytest.fixture
def namespace(namespaces: Callable[[], str]) -> str:
    """The name of a new network namespace."""
    return namespaces()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of 256 KiB."""
    if not sys.platform.startswith("linux") or os.geteuid():
        pytest.skip("a small disk needs Linux and root")
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "hearth-test", disk],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr.strip()}")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=False)
