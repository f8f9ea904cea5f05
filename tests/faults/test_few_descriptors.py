"""Few descriptors, as macOS gives them: more rooms than that, and more connections."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from pathlib import Path

import pytest

from hub.protocol.events import FORMAT, Event, Header, line_of
from tests.conftest import Launch
from tests.faults.record import events_of
from tests.faults.starting import NO_LIMITS, ask, rooms_of, say
from tests.launching import Launched
from tests.patience import PATIENCE
from tests.talk import Talk

LIMIT = 256
SPARE = ("prlimit", f"--nofile={LIMIT}:{LIMIT}")
USUAL = 1024
"""What many systems give a program that asks for no more."""


@pytest.fixture(autouse=True)
def _linux() -> None:
    if not sys.platform.startswith("linux") or not shutil.which("prlimit"):
        pytest.skip("a limit for another process can only be set under Linux")


def _filled(folder: Path, count: int) -> list[str]:
    folder.mkdir()
    rooms = [f"room-{number}" for number in range(count)]
    for room in rooms:
        header = line_of(Header(FORMAT, room))
        event = Event(room=room, n=1, at="2026-11-22T20:17:03.123Z", by="a", do="say", text=room)
        (folder / f"{room}.jsonl").write_bytes(header + line_of(event))
    return rooms


def _descriptors(hub: Launched) -> int:
    return len(list(Path(f"/proc/{hub.process.pid}/fd").iterdir()))


def test_more_rooms_than_descriptors_all_answer_and_take_posts(
    tmp_path: Path, launch: Launch, rooms_at_once: int
) -> None:
    folder = tmp_path / "rooms"
    rooms = _filled(folder, rooms_at_once)
    hub = launch(*NO_LIMITS, rooms=folder, prefix=SPARE)
    hub.ready()
    assert set(rooms_of(hub.port)) == set(rooms)
    for turn in (2, 3):
        for room in rooms if turn == 2 else rooms[::7]:
            status, event = say(hub.port, room, f"turn {turn}")
            assert (status, event.get("n")) == (201, turn), (room, event)
    for room in rooms:
        status, body = ask(hub.port, "GET", f"/api/chat/{room}", {"Accept": "application/json"})
        assert status == 200, (room, body)
        assert [x["text"] for x in json.loads(body)["events"]][:2] == [room, "turn 2"]
    assert _descriptors(hub) < LIMIT - 64, "sockets always find one"
    assert say(hub.port, "a-new-room", "hello")[0] == 201
    assert hub.stop() == 0
    assert hub.complaint == ""
    for room in rooms:
        assert [x["text"] for x in events_of(folder / f"{room}.jsonl")][:2] == [room, "turn 2"]


def test_many_connections_take_no_room_away(tmp_path: Path, launch: Launch) -> None:
    """Those that are too many are turned away; it is quiet about them, and forgets nothing."""
    folder = tmp_path / "rooms"
    rooms = _filled(folder, LIMIT)
    hub = launch(*NO_LIMITS, "--set", "connections=0", rooms=folder, prefix=SPARE)
    hub.ready()
    rooms_of(hub.port)
    held: list[socket.socket] = []
    try:
        for _ in range(2 * LIMIT):
            held.append(socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE))
            held[-1].sendall(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answers = [_answered(each) for each in held]
    finally:
        for each in held:
            each.close()
    assert answers.count(b"HTTP/1.1 200") >= 64
    assert set(answers) <= {b"HTTP/1.1 200", b"HTTP/1.1 503", b""}
    for room in rooms:
        status, told = say(hub.port, room, "still here")
        for _ in range(100):
            if status != 503 or told["code"] != "too_many":  # those before have not ended yet
                break
            status, told = say(hub.port, room, "still here")
        assert (status, told.get("n")) == (201, 2), (room, told)
    assert _descriptors(hub) < LIMIT - 64
    assert hub.stop() == 0
    log = (folder / "hub" / "hearth.log").read_text()
    assert log.count("descriptors") <= 1
    assert "Traceback" not in log


def test_joins_are_kept_in_thousands_of_rooms_beside_a_crowd_at_the_door(
    tmp_path: Path, launch: Launch
) -> None:
    folder = tmp_path / "rooms"
    rooms = _filled(folder, 3 * USUAL)
    limit = ("prlimit", f"--nofile={USUAL}:{USUAL}")
    hub = launch(*NO_LIMITS, "--set", "connections=0", rooms=folder, prefix=limit)
    hub.ready()
    assert len(rooms_of(hub.port)) == len(rooms)
    talks: list[Talk] = []
    door: list[socket.socket] = []
    try:
        for number in range(50):
            talks.append(Talk(f"ws://127.0.0.1:{hub.port}/api/live"))
            talks[-1].hello(f"guest{number}")
            for room in rooms[number::500]:
                talks[-1].join(room)
        for _ in range(2 * USUAL):
            each = socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE)
            door.append(each)
        for at, talk in enumerate(talks):
            for room in rooms[at::500]:
                assert talk.say("still here", room=room)["n"] == 2
        assert _descriptors(hub) <= USUAL
    finally:
        for talk in talks:
            talk.close()
        for each in door:
            each.close()
    for room in rooms[::100]:
        for _ in range(100):
            status, told = say(hub.port, room, "and again")
            if status != 503:  # those at the door have not all ended yet
                break
        assert (status, told.get("n")) == (201, 3 if rooms.index(room) % 500 < 50 else 2), told
    assert hub.stop() == 0
    log = (folder / "hub" / "hearth.log").read_text()
    assert log.count("too few descriptors") <= 1
    assert "Traceback" not in log


def _answered(connection: socket.socket) -> bytes:
    try:
        return connection.recv(12)
    except ConnectionResetError:
        return b""
