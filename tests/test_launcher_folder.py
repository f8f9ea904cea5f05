"""Hearth as a process, on folders and files of every kind."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Launch
from tests.running import CHAT, ask, fails, say, texts
from tests.windows import NO_TIME_ZONE


def test_a_folder_that_is_a_file_has_status_3(launch: Launch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    fails(launch(rooms=file), 3, str(file))
    fails(launch(rooms=file / "inside"), 3, str(file))
    assert file.read_text() == "mine"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that takes none")
def test_a_place_where_no_folder_can_be_created_has_status_3(launch: Launch) -> None:
    fails(launch(rooms=Path("/proc/x")), 3, "/proc/x", "/proc takes no folders", "--rooms")


def test_a_read_only_folder_has_status_3(launch: Launch, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    fails(launch(rooms=small_disk), 3, str(small_disk), "read-only", "--rooms")
    fails(launch(rooms=small_disk / "rooms"), 3, str(small_disk), "--rooms")


def test_a_folder_on_a_full_disk_has_status_3(launch: Launch, small_disk: Path) -> None:
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    full = launch(rooms=small_disk / "rooms")
    fails(full, 3, str(small_disk / "rooms"), "full", "--rooms")
    filler.unlink()
    assert launch(rooms=small_disk / "rooms").ready()


@pytest.mark.parametrize("name", ["hearth.log", "ledger.jsonl", "audit.jsonl"])
def test_a_folder_in_the_place_of_a_file_has_status_3(
    launch: Launch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "rooms" / "hub" / name).mkdir(parents=True)
    fails(launch(), 3, str(tmp_path / "rooms" / "hub" / name), "--rooms")


OWN = [
    "people.json", "people.last", "door.json", "ledger.jsonl", "audit.jsonl", "hearth.log",
    "settings.toml", "lock", "journal-1", "journal-2",
]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes among its files")
@pytest.mark.parametrize("kind", ["pipe", "link"])
@pytest.mark.parametrize("name", OWN)
def test_a_pipe_or_link_in_the_place_of_a_file_has_status_3(
    launch: Launch, tmp_path: Path, name: str, kind: str
) -> None:
    own = tmp_path / "rooms" / "hub" / name
    own.parent.mkdir(parents=True)
    if kind == "pipe":
        os.mkfifo(own)
    else:
        own.symlink_to(tmp_path / "elsewhere")
    fails(launch(), 3, str(own), "it is")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(os.name != "posix", reason="a matter of POSIX permissions")
def test_only_the_owner_can_read_the_hubs_own_files(launch: Launch, tmp_path: Path) -> None:
    started = launch()
    started.ready()
    own = tmp_path / "rooms" / "hub"
    assert stat.S_IMODE(own.stat().st_mode) == 0o700
    running = json.loads((own / "running.json").read_text())
    assert running["url"] == f"http://127.0.0.1:{started.port}/"
    for file in own.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


def test_one_bad_room_does_not_stop_the_others(launch: Launch, tmp_path: Path) -> None:
    """The file of a room may be a folder, read-only, another room's, a pipe, a link or not ours."""
    rooms = tmp_path / "rooms"
    first = launch()
    first.ready()
    for room in ("general", "kept", "moved"):
        say(first.port, "Hello", room)
    assert first.stop() == 0
    (rooms / "folder.jsonl").mkdir()
    os.mkfifo(rooms / "pipe.jsonl")
    (rooms / "kept.jsonl").chmod(0o444)
    (rooms / "moved.jsonl").rename(rooms / "other.jsonl")
    (rooms / "Odd Name.jsonl").write_text("not ours")
    (rooms / "notes.jsonl").write_text("not ours")
    (rooms / "linked.jsonl").symlink_to(rooms / "general.jsonl")
    (rooms / "lost.jsonl").symlink_to(tmp_path / "elsewhere")
    before = (rooms / "kept.jsonl").read_bytes()
    started = launch()
    started.ready()
    bad = ("folder", "pipe", "kept", "other", "notes", "linked", "lost")
    refusals = {**dict.fromkeys(bad, 503), "general": 201}
    for room, expected in refusals.items():
        status, told = ask(
            started.port, "POST", f"/api/chat/{room}", {"username": "naor", "msg": "x"}
        )
        assert status == expected, (room, told)
        if status == 503:
            assert told["error"]["code"] == "room_closed"
            assert f"{room}.jsonl" in told["error"]["message"]
    for room in ("folder", "pipe", "other", "notes", "linked", "lost"):
        assert ask(started.port, "GET", f"/api/chat/{room}")[0] == 503
    assert texts(started.port, "kept") == ["Hello"], "a read-only room is served"
    assert texts(started.port) == ["Hello", "x"]
    assert started.stop() == 0
    assert (rooms / "kept.jsonl").read_bytes() == before
    assert (rooms / "Odd Name.jsonl").read_text() == "not ours"
    assert (rooms / "notes.jsonl").read_text() == "not ours"
    assert not (tmp_path / "elsewhere").exists()
    log = (rooms / "hub" / "hearth.log").read_text()
    for name in ("notes.jsonl", "linked.jsonl", "lost.jsonl", "pipe.jsonl"):
        assert name in log


@NO_TIME_ZONE
def test_an_older_history_is_imported_once(launch: Launch, tmp_path: Path) -> None:
    rooms = tmp_path / "rooms"
    rooms.mkdir()
    plain = (
        "[2026-11-22 20:17:03] naor: Hello\n"
        "[2026-11-22 20:17:04] Mira K.: two\n\tlines: here\n"
        "[2026-11-22 20:18:00] naor: café\n"
    )
    (rooms / "general.txt").write_text(plain)
    for _ in range(2):
        started = launch(environment={"TZ": "Asia/Kathmandu"})
        started.ready()
        events = ask(started.port, "GET", CHAT)[1]["events"]
        said = [x for x in events if x["do"] == "say"]
        assert [(x["by"], x["text"]) for x in said] == [
            ("naor", "Hello"),
            ("Mira K.", "two\nlines: here"),
            ("naor", "café"),
        ]
        assert said[0]["at"] == "2026-11-22T14:32:03.000Z"
        assert not any("who" in x for x in said)
        answer = http.client.HTTPConnection("127.0.0.1", started.port, timeout=5)
        answer.request("GET", CHAT)
        assert answer.getresponse().read().decode() == plain, "it is exported unchanged"
        answer.close()
        assert started.stop() == 0
    assert (rooms / "general.txt").read_text() == plain, "the original is kept"


def test_a_copied_folder_moves_the_hub(launch: Launch, tmp_path: Path) -> None:
    import shutil

    first = launch()
    first.ready()
    say(first.port, "Hello")
    first.stop()
    shutil.copytree(tmp_path / "rooms", tmp_path / "copy")
    second = launch(rooms=tmp_path / "copy")
    second.ready()
    assert texts(second.port) == ["Hello"]


def test_the_status_of_check(launch: Launch, tmp_path: Path) -> None:
    fails(launch("--check"), 3)
    started = launch()
    started.ready()
    say(started.port, "Hello")
    beside = launch("--check")
    assert beside.ended() == 0, "it works beside a running hub"
    assert started.stop() == 0
    assert launch("--check").ended() == 0
    file = tmp_path / "rooms" / "general.jsonl"
    file.write_bytes(file.read_bytes().replace(b"Hello", b"Hellp"))
    damaged = launch("--check")
    assert damaged.ended() == 1
    assert "general" in "\n".join(damaged.lines)


def test_a_hub_that_was_killed_starts_again(launch: Launch, tmp_path: Path) -> None:
    started = launch()
    started.ready()
    say(started.port, "Hello")
    started.process.kill()
    started.process.wait()
    file = tmp_path / "rooms" / "general.jsonl"
    with file.open("ab") as torn:
        torn.write(b'{"room":"general","n":2,"at":"2026-')
    again = launch()
    again.ready()
    assert texts(again.port) == ["Hello"]
    say(again.port, "and on")
    assert texts(again.port) == ["Hello", "and on"]
    (kept,) = (tmp_path / "rooms" / "hub" / "torn").iterdir()
    assert kept.read_bytes() == b'{"room":"general","n":2,"at":"2026-'
