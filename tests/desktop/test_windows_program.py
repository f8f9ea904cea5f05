"""Hearth.exe as people use it, from outside; scripts/wine.py builds it and runs this."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path, PureWindowsPath
from typing import Any
from urllib.parse import quote

import pytest

from proof import Running
from tests.patience import PATIENCE, until
from tests.running import Browser, ask, say, texts
from tests.talk import Talk
from windows import place

pytestmark = pytest.mark.skipif(
    "HEARTH_UNDER_WINE" not in os.environ, reason="scripts/wine.py builds it, and runs this"
)

DRIVE = place.PREFIX / "drive_c"
HEARTH = (str(place.WINE), place.on_windows(place.PROGRAM))


class Hub(Running):
    """Hearth.exe on a folder of drive C, on loopback and without a window."""

    def __init__(self, rooms: Path, *options: str) -> None:
        self.rooms = rooms
        command = [*HEARTH, "--no-window", "--host=127.0.0.1", *options]
        super().__init__(command, named(rooms), DRIVE, place.environment())
        self.port = int(self.address.rpartition(":")[2])

    def stop(self) -> None:
        """Press Ctrl+C, which a console tells all of its processes, as Wine does for SIGINT."""
        os.killpg(self.process.pid, signal.SIGINT)
        assert self.ended() == 0, self.said
        until(lambda: not running(), "it left a process running")

    def says(self, pattern: str) -> str:
        """Wait until it has printed this; gives the first group."""
        until(lambda: re.search(pattern, "".join(self.said)), f"it did not say {pattern}")
        found = re.search(pattern, "".join(self.said))
        assert found is not None
        return found[1]


Start = Callable[..., Hub]


def named(path: Path) -> PureWindowsPath:
    """What a path on drive C is called there."""
    return PureWindowsPath("C:\\", *path.relative_to(DRIVE).parts)


def running() -> list[str]:
    """The processes of the program."""
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # gone meanwhile
            lines.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return [x for x in lines if x.startswith(HEARTH[1])]


def once(*options: str) -> tuple[int, str]:
    """Run the program to its end; gives its exit status and what it printed, at most 64 KiB.

    That is in the letters of Windows' own code page, as programs there write into a pipe.

    Programs of Wine's own, which it may have started, hold its output open for longer.
    """
    reading, writing = os.pipe()
    with open(reading, "rb", buffering=0) as told:
        process = subprocess.Popen(
            [*HEARTH, *options],
            env=place.environment(),
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            start_new_session=True,
        )
        os.close(writing)
        try:
            status = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            status = process.wait()
        os.set_blocking(reading, False)
        return status, (told.read() or b"").decode("cp1252")


@pytest.fixture(autouse=True)
def _on_drive_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DRIVE)


@pytest.fixture
def rooms() -> Path:
    """A folder that is not there yet, with spaces and letters of several scripts."""
    parent = DRIVE / "driven"
    shutil.rmtree(parent, ignore_errors=True)
    parent.mkdir()
    return parent / "Unsere Räume & 部屋 комнаты"


@pytest.fixture
def start(rooms: Path) -> Iterator[Start]:
    started: list[Hub] = []

    def begin(*options: str) -> Hub:
        started.append(Hub(rooms, *options))
        return started[-1]

    yield begin
    for hub in started:
        hub.kill()


def put(hub: Hub, who: Browser, name: str, data: bytes) -> Any:
    """Send a file with its message; gives the event."""
    address = f"{hub.address}/api/files/general/f1?name={quote(name)}"
    asked = urllib.request.Request(address, data, cookies(who), method="PUT")
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        return json.load(answer)


def cookies(who: Browser) -> dict[str, str]:
    return {x: who.headers[x] for x in ("Cookie", "Origin")}


def fetched(hub: Hub) -> bytes:
    with urllib.request.urlopen(f"{hub.address}/api/files/general/f1", timeout=PATIENCE) as answer:
        data: bytes = answer.read()
        return data


def unpacked() -> set[str]:
    """The folders into which programs unpacked themselves."""
    return {x.name for x in DRIVE.glob("users/*/Temp/_MEI*")}


# -- on the command line ----------------------------------------------------------------------


def test_help_is_printed_though_the_console_hides() -> None:
    status, told = once("--help")
    assert (status, told[:7]) == (0, "usage: "), told
    status, told = once("--version")
    assert status == 0
    assert told.startswith("Hearth ")


def test_a_folder_that_cannot_be_made_is_named() -> None:
    status, told = once("--no-window", "--port=0", r"--rooms=C:\none\of\<these>\rooms")
    assert status == 3, told
    assert "<these>" in told
    assert len(told.splitlines()) == 1, told


def test_a_port_is_for_one_alone(start: Start, rooms: Path) -> None:
    first = start()
    other = f"--rooms={named(rooms.parent / 'other')}"
    status, told = once("--no-window", "--host=127.0.0.1", f"--port={first.port}", other)
    assert status == 3, told
    assert f"Port {first.port} is taken" in told
    first.stop()


# -- people talk ------------------------------------------------------------------------------


def test_messages_are_told_live_and_kept(start: Start, rooms: Path) -> None:
    before = unpacked()  # by programs that were killed
    hub = start("--set=message_rate=0")
    page = urllib.request.urlopen(f"{hub.address}/general", timeout=PATIENCE).read()
    assert b"<html" in page
    live = f"ws://127.0.0.1:{hub.port}/api/live"
    with Talk(live) as naor, Talk(live) as mira:
        for talk, name in ((naor, "naor"), (mira, "mira")):
            talk.hello(name)
            talk.join()
        for n in range(500):
            naor.say(f"message {n} – Größe, 部屋, 👋")
        told = mira.expect("say", text="message 499 – Größe, 部屋, 👋")
        gone = naor.do("erase", of=told["n"])
        mira.expect("erase", n=gone["n"])
    say(hub.port, "over HTTP")
    kept = texts_of(hub)
    assert b"message 499" not in (rooms / "general.jsonl").read_bytes()
    hub.stop()
    assert not (rooms / "hub" / "running.json").exists()
    assert unpacked() <= before
    again = start()
    assert texts_of(again) == kept
    again.stop()
    status, told = once("--check", f"--rooms={named(rooms)}")
    assert status == 0, told


def texts_of(hub: Hub) -> list[str | None]:
    events = ask(hub.port, "GET", "/api/chat/general")[1]["events"]
    return [x.get("text") for x in events]


def test_a_kill_loses_nothing_that_was_acknowledged(start: Start) -> None:
    hub = start("--set=message_rate=0")
    for n in range(50):
        say(hub.port, f"{n}")
    hub.kill()
    again = start()
    assert texts(again.port) == [f"{n}" for n in range(50)]
    again.stop()


def test_a_room_is_deleted_with_its_file(start: Start, rooms: Path) -> None:
    hub = start()
    naor = Browser(hub.port)
    naor.done("POST", "/api/session", {"name": "naor"})
    naor.done("POST", "/api/account", {"password": "correct horse"})
    room = naor.done("POST", "/api/rooms", {"kind": "private", "title": "Ours"})["room"]
    naor.done("POST", f"/api/chat/{room}", {"msg": "between us"})
    files = set(rooms.glob("*.jsonl"))
    assert any(b"between us" in x.read_bytes() for x in files)
    naor.done("DELETE", f"/api/rooms/{room}")
    assert not any(b"between us" in x.read_bytes() for x in rooms.glob("*.jsonl"))
    assert len(set(rooms.glob("*.jsonl"))) == len(files) - 1
    hub.stop()


# -- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Bericht über 部屋.txt", "Bericht über 部屋.txt"),
        ("con.txt", "_con.txt"),
        ("a<b>:c?.txt", "a_b__c_.txt"),
        ("é" * 150 + ".txt", None),
    ],
    ids=["scripts", "device", "forbidden", "long"],
)
def test_a_file_is_sent_fetched_and_removed(
    start: Start, rooms: Path, name: str, kept: str | None
) -> None:
    hub = start()
    data = os.urandom(300_000)
    naor = Browser(hub.port)
    naor.done("POST", "/api/session", {"name": "naor"})
    sent = put(hub, naor, name, data)
    (file,) = (rooms / "files" / "general").iterdir()
    assert kept in (None, file.name)
    assert file.read_bytes() == data
    assert fetched(hub) == data
    with Talk(f"ws://127.0.0.1:{hub.port}/api/live", cookies(naor)) as talk:
        talk.hello()
        talk.join()
        talk.do("erase", of=sent["n"])
    hub.stop()
    assert not file.exists()


# -- starts -----------------------------------------------------------------------------------


def test_a_second_start_tells_where_the_first_is(start: Start, rooms: Path) -> None:
    first = start()
    status, told = once("--no-window", "--port=0", f"--rooms={named(rooms)}")
    assert status == 0, told
    assert re.search(rf"already running at {re.escape(first.address)}", told)
    first.stop()


def test_whoever_starts_it_becomes_host(start: Start) -> None:
    hub = start("--reset-host")
    ticket = hub.says(r"#ticket=(\S+)")
    anna = Browser(hub.port)
    assert anna.done("POST", "/api/ticket", {"ticket": ticket})["host"] is True
    hub.stop()
