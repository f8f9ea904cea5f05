"""A sync program, or somebody with a file manager, changes the folder of a running hub."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.descriptors import Shares
from hub.tools.verify import verify
from tests.conftest import Launch, Live, Serve
from tests.faults.record import events_of, lines_of
from tests.faults.starting import say, started
from tests.serving import Serving

MESSAGES = [f"message {number}" for number in range(1, 6)]


def _filled(serve: Serve) -> Serving:
    hub = serve()
    for text in MESSAGES:
        hub.say(text)
    return hub


def _file(hub: Serving) -> Path:
    return hub.folder.room_file("general")


def _replaced(file: Path) -> None:
    """An older copy, with two messages fewer, takes its place."""
    older = file.with_name("older")
    older.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-2]))
    older.replace(file)


def _rewritten(file: Path) -> None:
    """The same, in place."""
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-2]))


def _grown(file: Path) -> None:
    with file.open("ab") as there:
        there.write(b"something else\n")


def _removed(file: Path) -> None:
    file.unlink()


def _moved(file: Path) -> None:
    file.rename(file.with_name("general-old.jsonl"))


CHANGES = [_replaced, _rewritten, _grown, _removed, _moved]


@pytest.mark.parametrize("change", CHANGES)
def test_the_room_is_not_written_any_more_and_says_so(
    serve: Serve, live: Live, change: Callable[[Path], None]
) -> None:
    hub = _filled(serve)
    mia = live("Mia", at=hub)
    mia.join()
    change(_file(hub))
    there = {x.name: x.read_bytes() for x in hub.path.glob("*.jsonl")}
    for _ in range(2):
        assert mia.refused("say", room="general", text="lost?", key="k")[0] == "room_closed"
    told = mia.heard[-1]["message"]
    assert "Another program" in told
    assert "general.jsonl" in told
    assert {x.name: x.read_bytes() for x in hub.path.glob("*.jsonl")} == there
    assert mia.say("elsewhere", room="kitchen")["n"] == 1


@pytest.mark.parametrize("change", [_replaced, _removed])
@pytest.mark.parametrize("noticed", [True, False])
def test_what_was_saved_is_kept_although_its_file_was_taken_away(
    serve: Serve, change: Callable[[Path], None], noticed: bool
) -> None:
    hub = _filled(serve)
    whole = _file(hub).read_bytes()
    change(_file(hub))
    if noticed:
        message = hub.post("/api/chat/general", {"username": "mia", "msg": "x"}).json["error"]
        assert "What it held is kept as general-5-" in message["message"]
    assert [x["text"] for x in hub.events()] == MESSAGES, "it can still be read"
    hub.restart()
    kept = [x.read_bytes() for x in hub.folder.torn.iterdir()]
    assert kept == [whole]


def test_a_file_that_was_only_moved_can_be_put_back(serve: Serve) -> None:
    hub = _filled(serve)
    away = hub.path / "general-old.jsonl"
    _file(hub).rename(away)
    assert hub.post("/api/chat/general", {"username": "mia", "msg": "x"}).status == 503
    hub.stop()
    away.rename(_file(hub))
    hub.start()
    assert hub.say("after")["n"] == 6


def test_after_a_restart_the_file_that_is_there_counts(serve: Serve) -> None:
    hub = _filled(serve)
    _replaced(_file(hub))
    hub.restart()
    assert [x["text"] for x in hub.events()] == MESSAGES[:3]
    assert hub.say("after")["n"] == 4
    assert len(lines_of(_file(hub))) == 4


def test_a_file_is_replaced_before_the_hub_has_opened_it(serve: Serve) -> None:
    hub = _filled(serve)
    hub.stop()
    _replaced(_file(hub))
    hub.start()
    assert hub.say("after")["n"] == 4


def test_a_conflicting_copy_is_no_room_and_is_told(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    hub = _filled(serve)
    copy = hub.path / "general (conflicted copy).jsonl"
    shutil.copy(_file(hub), copy)
    before = copy.read_bytes()
    hub.say("after")
    hub.restart()
    assert [x["name"] for x in hub.get("/api/rooms").json["rooms"]] == ["general"]
    assert copy.name in caplog.text
    assert copy.read_bytes() == before
    told: list[str] = []
    assert verify(hub.path, told.append) == 0
    assert any(copy.name in line and "not a room" in line for line in told)


def test_a_copy_under_another_rooms_name_is_refused_and_told(serve: Serve) -> None:
    hub = _filled(serve)
    copy = hub.path / "general-2.jsonl"
    shutil.copy(_file(hub), copy)
    answer = hub.post("/api/chat/general-2", {"username": "mia", "msg": "x"})
    assert answer.error == (503, "room_closed")
    assert "general" in answer.json["error"]["message"]
    assert copy.read_bytes() == _file(hub).read_bytes()


def test_the_hubs_own_folder_vanishes(tmp_path: Path, launch: Launch) -> None:
    """With it goes the lock: a second start must not become a second writer for that."""
    folder = tmp_path / "rooms"
    hub = started(launch, folder)
    assert say(hub.port, "general", "before")[0] == 201
    shutil.rmtree(folder / "hub")
    assert say(hub.port, "general", "after")[1]["n"] == 2
    assert say(hub.port, "new", "after")[1]["n"] == 1
    second = launch(rooms=folder)
    assert second.ended() in (0, 3), "a second hub serves the same folder"
    assert say(hub.port, "general", "still one")[1]["n"] == 3
    assert hub.stop() == 0
    assert [x["text"] for x in events_of(folder / "general.jsonl")] == [
        "before", "after", "still one",
    ]  # fmt: skip


def test_the_whole_folder_is_moved_away(tmp_path: Path, launch: Launch) -> None:
    """Nothing is told to be saved that is nowhere; what was saved is in the moved folder."""
    folder = tmp_path / "rooms"
    hub = started(launch, folder)
    assert say(hub.port, "general", "before")[0] == 201
    os.rename(folder, tmp_path / "moved")
    for room in ("general", "new"):
        status, error = say(hub.port, room, "lost?")
        assert status in (503, 507), error
    assert hub.stop() == 0
    assert [x["text"] for x in events_of(tmp_path / "moved" / "general.jsonl")] == ["before"]
    assert not list(folder.glob("*.jsonl"))


@pytest.mark.parametrize("change", [_replaced, _rewritten, _removed, _moved])
def test_a_file_is_changed_while_it_is_closed_for_others(
    serve: Serve, live: Live, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    """Where descriptors are few: it is not taken for the old one, in any way of reading it."""
    monkeypatch.setattr("hub.server.shares", lambda number: Shares(2, 100))
    hub = _filled(serve)
    for number in range(4):
        hub.say("Hello", f"other-{number}")
    change(_file(hub))
    there = {x.name: x.read_bytes() for x in hub.path.glob("*.jsonl")}
    for form in ("text/plain", "application/json", "application/x-ndjson"):
        answer = hub.get("/api/chat/general", Accept=form)
        assert answer.error == (503, "room_closed")
        assert "another program" in answer.json["error"]["message"]
    mia = live("Mia", at=hub)
    mia.send("join", room="general", after=0)
    assert mia.expect("refused", room="general")["code"] == "room_closed"
    for _ in range(2):
        answer = hub.post("/api/chat/general", {"username": "ben", "msg": "lost?"})
        assert answer.error == (503, "room_closed")
        assert mia.refused("erase", room="general", of=1)[0] == "room_closed"
    assert {x.name: x.read_bytes() for x in hub.path.glob("*.jsonl")} == there
    for number in range(4):
        assert hub.say("again", f"other-{number}")["n"] == 2
    hub.restart()
    left = {_replaced: 3, _rewritten: 3}.get(change, 0)
    assert hub.say("after")["n"] == left + 1
