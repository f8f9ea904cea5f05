"""A second start on the folder of a hub that runs."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.desktop import second_start
from hub.desktop.options import parse
from hub.desktop.second_start import RunningHub
from hub.errors import CannotStart
from hub.folder import Folder
from tests.conftest import Launch
from tests.desktop.answering import Answering
from tests.program import ONLY_SOURCES
from tests.running import Browser, compositor, link_of, recording_browser, say, texts


def test_it_says_where_the_first_is_and_writes_nothing(launch: Launch, tmp_path: Path) -> None:
    first = launch()
    first.ready()
    say(first.port, "Hello")

    def kept() -> dict[str, tuple[int, int]]:
        files = [x for x in (tmp_path / "rooms").rglob("*") if "log" not in x.name]
        return {str(x): (x.stat().st_mtime_ns, x.stat().st_size) for x in files}

    before = kept()
    second = launch("other")
    assert second.ended() == 0
    assert second.lines == [f"Hearth is already running at http://127.0.0.1:{first.port}/other"]
    windowed = launch("other", window=True)
    assert windowed.ended() == 0
    assert f"http://127.0.0.1:{first.port}/other" in windowed.lines[0]
    assert kept() == before, "it never writes to the folder"
    assert texts(first.port) == ["Hello"]


def test_it_takes_over_from_a_hub_that_is_ending(tmp_path: Path) -> None:
    first, second = Folder.open(tmp_path / "rooms"), Folder.open(tmp_path / "rooms")
    assert first.lock()
    second_start.register(first, RunningHub("http://127.0.0.1:1/", "x", "y"))
    assert not second.lock()
    threading.Timer(0.3, first.close).start()
    assert second_start.find(second) is None
    assert not first.lock(), "the second holds it"
    second.close()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a display that need not answer")
def test_it_opens_the_browser_at_its_room(launch: Launch, tmp_path: Path) -> None:
    first = launch()
    first.ready()
    browser, told = recording_browser(tmp_path)
    second = launch("kitchen", "--browser", window=True, environment=browser)
    assert second.ended() == 0
    assert told() == f"http://127.0.0.1:{first.port}/kitchen"


@ONLY_SOURCES
@pytest.mark.skipif(sys.platform != "linux", reason="needs a display that need not answer")
def test_it_opens_another_app_window_with_the_same_session(launch: Launch, tmp_path: Path) -> None:
    """The cookie of that session makes it the host."""
    (tmp_path / "gi.py").write_text("raise ImportError")
    told = tmp_path / "told"
    program = tmp_path / "chromium"
    program.write_text(
        f'#!/bin/sh\necho "$1 $2" >> {told}\n[ "$(wc -l < {told})" -gt 1 ] || exec sleep 600\n'
    )
    program.chmod(0o755)
    own = {
        "PATH": f"{tmp_path}:/bin:/usr/bin",
        "PYTHONPATH": str(tmp_path),
        **compositor(),
        "BROWSER": "/bin/false",
    }
    first = launch(window=True, environment=own)
    first.ready()
    first.complains("app window")
    second = launch("kitchen", window=True, environment=own)
    assert second.ended() == 0
    url = f"http://127.0.0.1:{first.port}/kitchen"
    assert second.lines == [f"Hearth is already running at {url} and its window is shown."]
    profile = f"--user-data-dir={tmp_path / 'rooms' / 'hub' / 'browser'}"
    end = time.monotonic() + 60
    while len(lines := told.read_text().splitlines()) < 2:
        assert time.monotonic() < end, lines
        time.sleep(0.02)
    assert [x.split()[1] for x in lines] == [profile, profile]
    assert lines[1].startswith(f"--app={url} ")
    assert first.stop() == 0


def test_the_folder_is_unlocked_after_a_stop(launch: Launch) -> None:
    for _ in range(2):
        started = launch()
        started.ready()
        say(started.port, "Hello")
        assert started.stop() == 0
    assert len(launch().ready()) > 0


def test_reset_host_gets_its_link_from_the_running_hub(launch: Launch) -> None:
    running = launch()
    running.ready()
    for name in ("anna", "bela"):
        second = launch("--reset-host", port=None)
        port, ticket = link_of(second)
        assert second.ended() == 0
        assert port == running.port
        host = Browser(port)
        host.done("POST", "/api/ticket", {"ticket": ticket})
        host.done("POST", "/api/session", {"name": name})
        assert host.done("GET", "/api/host")["mode"] == "open"
        assert host.ask("POST", "/api/ticket", {"ticket": ticket})[0] == 403
    assert running.stop() == 0


@pytest.fixture
def program() -> Iterator[Answering]:
    answering = Answering()
    yield answering
    answering.close()


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Folder]:
    """A folder whose lock another start holds."""
    first, second = Folder.open(tmp_path / "rooms"), Folder.open(tmp_path / "rooms")
    assert first.lock()
    yield second
    first.close()


def test_only_a_hub_that_answers_as_the_registered_instance_counts(
    held: Folder, program: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program, or another hub, may have taken the port of one that was killed."""
    program.answer_json({"instance": "other"})
    second_start.register(held, RunningHub(f"{program.base}/", "x", "own"))
    monkeypatch.setattr(second_start, "SEARCH_SECONDS", 0.3)
    with pytest.raises(CannotStart, match="does not answer"):
        second_start.find(held)
    hub = RunningHub(f"{program.base}/", "x", "other")
    second_start.register(held, hub)
    monkeypatch.setattr(second_start, "SEARCH_SECONDS", 60)
    assert second_start.find(held) == hub


@pytest.mark.parametrize("entry", [{}, {"url": "http://127.0.0.1:1/"}, {"url": None, "secret": 1}])
def test_an_incomplete_entry_is_none(
    held: Folder, entry: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    held.write_running(entry)
    monkeypatch.setattr(second_start, "SEARCH_SECONDS", 0.3)
    with pytest.raises(CannotStart, match="does not answer"):
        second_start.find(held)


def test_reset_host_where_the_hub_does_not_give_a_ticket(held: Folder, program: Answering) -> None:
    program.answer_json({"error": {"code": "forbidden"}})
    hub = RunningHub(f"{program.base}/", "wrong", "own")
    with pytest.raises(CannotStart, match="does not answer. End it"):
        second_start.hand_over(hub, held, parse(["--reset-host"]))
    assert program.asked[0][1:] == (
        "/api/window", "application/json", {"secret": "wrong", "ticket": True},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "token"),
    [
        ({}, ""),
        ({"DESKTOP_STARTUP_ID": "x11"}, "x11"),
        ({"DESKTOP_STARTUP_ID": "x11", "XDG_ACTIVATION_TOKEN": "wayland"}, "wayland"),
        ({"DESKTOP_STARTUP_ID": "x11", "XDG_ACTIVATION_TOKEN": ""}, "x11"),
    ],
)
def test_it_hands_over_what_lets_a_window_come_to_the_front(
    held: Folder,
    program: Answering,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, str],
    token: str,
) -> None:
    for name in ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    program.answer_json({"window": True})
    second_start.hand_over(RunningHub(f"{program.base}/", "x", "own"), held, parse(["kitchen"]))
    assert program.asked[0][3] == {"secret": "x", "room": "kitchen", "activation": token}


def test_an_entry_that_cannot_be_written(held: Folder) -> None:
    (held.hub / "running.json").mkdir()
    with pytest.raises(CannotStart, match="running"):
        second_start.register(held, RunningHub("http://127.0.0.1:1/", "x", "own"))
