"""Hearth's own window, from source: what is typed in it reaches all, and closing it ends all."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.desktop.conftest import NO_BUS, Start, events, leaves_nothing
from tests.desktop.screen import Screen
from tests.patience import until
from tests.program import HEARTH, ONLY_SOURCES

ALONE = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()

FAKE_TOOLKIT = '''
import os
from unittest.mock import MagicMock

settings = {}
create_window = menu = MagicMock()

def start(*_, **__):
    """Dies as a broken graphics driver makes a web view die: at once, not by an exception."""
    with open(os.environ["TRIED"], "a") as tried:
        tried.write("x")
    os.abort()
'''


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tools:
        chromium = tools.chromium.launch(executable_path="/usr/bin/chromium", args=ALONE)
        yield chromium
        chromium.close()


def test_a_message_typed_in_the_window_reaches_file_http_and_peer(
    start: Start, screen: Screen, browser: Browser, rooms: Path
) -> None:
    hub = start(*HEARTH, environment=screen.environment)
    peer = browser.new_page()
    peer.goto(f"{hub.address}/general")
    peer.get_by_role("textbox", name="Your name").fill("Peer")
    peer.get_by_role("button", name="Join").click()

    screen.raise_window("Hearth")
    screen.until_painted()
    screen.say_first("Naor", "Hello from the window", lambda: events(hub))

    peer.get_by_role("log").get_by_text("Hello from the window").wait_for()
    said = [event for event in events(hub) if event["do"] == "say"]
    assert [(event["by"], event["text"]) for event in said] == [("Naor", "Hello from the window")]
    lines = (rooms / "general.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines if '"say"' in line] == said

    before = screen.middle()
    peer.get_by_role("textbox", name="Message").fill("Hello to the window")
    peer.keyboard.press("Enter")
    until(lambda: screen.middle() != before, "the window did not show the peer's message")
    peer.close()


@pytest.mark.parametrize(
    ("size", "panels"), [((1280, 800), (0, 0)), ((1024, 600), (28, 40)), ((800, 480), (0, 36))]
)
def test_all_of_the_window_is_on_the_screen(
    start: Start, tmp_path: Path, size: tuple[int, int], panels: tuple[int, int]
) -> None:
    small = Screen(tmp_path, size, panels)
    try:
        start(*HEARTH, environment=small.environment)
        small.raise_window("Hearth")
        small.until_painted()
        left, top, width, height = small.place("Hearth")
        assert left >= 0
        assert left + width <= size[0]
        assert top >= panels[0]
        assert top + height <= size[1] - panels[1]
        assert width > size[0] * 0.85, "and makes use of it"
        assert height > (size[1] - sum(panels)) * 0.85
    finally:
        small.close()


def test_a_second_start_raises_the_window_in_its_room(
    start: Start, screen: Screen, rooms: Path, temporary: Path
) -> None:
    hub = start(*HEARTH, environment=screen.environment)
    screen.raise_window("Hearth")
    screen.until_painted()
    screen.say_first("Naor", "Hello everybody", lambda: events(hub))
    second = subprocess.run(
        [*HEARTH, "Kitchen", f"--rooms={rooms}"],
        env={**screen.environment, "TMPDIR": str(temporary)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (second.returncode, second.stderr) == (0, "")
    assert second.stdout.endswith("/kitchen and its window is shown.\n")
    typed = "Who has the salt?"
    screen.say_next(typed, lambda: typed in [x.get("text") for x in events(hub, "kitchen")])
    assert len(screen.windows()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_hub_with_its_window(
    start: Start, screen: Screen, temporary: Path, number: signal.Signals
) -> None:
    hub = start(*HEARTH, environment=screen.environment)
    screen.raise_window("Hearth")
    screen.until_painted()
    hub.process.send_signal(number)
    assert hub.ended(within=30) == 0
    leaves_nothing(temporary)


def test_closing_the_window_ends_the_hub(
    start: Start, screen: Screen, temporary: Path, tmp_path: Path
) -> None:
    """Also where dbus-launch is installed, which would start a bus that outlives the window."""
    programs = tmp_path / "programs"
    programs.mkdir()
    launcher = programs / "dbus-launch"
    launcher.write_text("#!/bin/sh\nexec sleep 120\n")
    launcher.chmod(0o755)
    path = f"{programs}:{screen.environment['PATH']}"
    hub = start(*HEARTH, environment={**screen.environment, "PATH": path})
    screen.raise_window("Hearth")
    screen.close_window("Hearth")
    assert hub.ended(within=30) == 0
    leaves_nothing(temporary)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(_place(hub.address)):
        pass


@pytest.mark.parametrize("when", ["before the window", "in the window"])
def test_where_hearth_cannot_start_a_window_says_why(
    screen: Screen, rooms: Path, tmp_path: Path, when: str
) -> None:
    port = 0
    with socket.create_server(("127.0.0.1", 0)) as other:
        if when == "before the window":
            port, why = other.getsockname()[1], "is taken by another program"
        else:
            why = "ledger.jsonl cannot be written: it is not a file but a folder"
            (rooms / "hub" / "ledger.jsonl").mkdir(parents=True)
        process = subprocess.Popen(
            [*HEARTH, f"--port={port}", f"--rooms={rooms}", "--set=announce=false"],
            env={**screen.environment, **NO_BUS, "HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert process.stderr is not None
        said = process.stderr.readline()  # at once
        assert said.startswith("Hearth: ")
        assert why in said
        screen.raise_window("Hearth could not start")
        screen.until_painted()
        screen.close_window("Hearth could not start")
        more, complaint = process.communicate(timeout=60)
    assert (process.returncode, more) == (3, "")
    assert "Hearth" not in complaint, "it is said once"


@ONLY_SOURCES
def test_a_toolkit_that_died_once_is_not_tried_again(
    start: Start, screen: Screen, tmp_path: Path, rooms: Path
) -> None:
    (tmp_path / "webview.py").write_text(FAKE_TOOLKIT)
    tried = tmp_path / "tried"
    broken = {
        "PYTHONPATH": str(tmp_path),
        "TRIED": str(tried),
        "BROWSER": "/bin/true",
        "PATH": "/nowhere",
    }
    environment = {**screen.environment, **broken, "HOME": str(tmp_path)}
    command = [*HEARTH, "--port=0", f"--rooms={rooms}", "--set=announce=false"]
    first = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)
    assert first.returncode < 0
    second = start(*HEARTH, environment={**screen.environment, **broken})
    until(lambda: len(second.said) > 1, "it did not say why there is no window")
    assert events(second) == []
    assert tried.read_text() == "x"
    second.stop()


def _place(address: str) -> tuple[str, int]:
    host, _, port = address.removeprefix("http://").rpartition(":")
    return host, int(port)
