"""How readers are shown what was said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hub import room_view
from hub.protocol import events
from hub.protocol.events import Event
from hub.protocol.sent_file import SentFile
from hub.room_index import RoomIndex
from hub.room_view import event_at, number_of, shown_blocks, versions
from hub.store.history import History


class Place:
    """A history on disk and the index of its events."""

    def __init__(self, folder: Path) -> None:
        self.history = History.open(folder / "a.jsonl", "a", folder)
        self.index = RoomIndex()

    def add(self, do: str, **members: Any) -> None:
        event = Event(
            room="a", n=self.history.last + 1, at="", by="anna", who="p_1", do=do, **members
        )
        self.add_line(events.line_of(event))
        self.index.note(event)

    def add_line(self, line: bytes) -> None:
        self.history.write([line])
        self.history.sync()
        self.history.publish()

    def bytes(self) -> bytes:
        return b"".join(shown_blocks(self.history, self.index, 1, self.history.last))

    def shown(self) -> list[Any]:
        return [json.loads(line) for line in self.bytes().splitlines()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_what_nothing_changed_is_the_bytes_of_the_file(place: Place) -> None:
    place.add("say", text="one")
    place.add("say", text="two")
    assert place.bytes() == b"".join(place.history.blocks(1, 2))


def test_the_newest_edit_is_shown_in_place_of_the_text(place: Place) -> None:
    place.add("say", text="one")
    place.add("say", text="two")
    place.add("edit", of=1, text="uno")
    place.add("edit", of=1, text="eins")
    shown = place.shown()
    assert (shown[0]["text"], shown[0]["edited"]) == ("eins", 4)
    assert "crc" not in shown[0]
    lines = place.bytes().splitlines(keepends=True)
    assert lines[1:] == list(place.history.lines(2, 4)), "all others are as they stand in the file"


def test_an_erased_text_is_shown_as_gone_even_while_it_stands_in_the_file(place: Place) -> None:
    place.add("say", text="secret")
    place.add("edit", of=1, text="secret too")
    place.add("erase", of=1)
    [message, edit, _] = place.shown()
    assert (message["text"], message["erased"]) == ("", True)
    assert "edited" not in message
    assert edit["do"] == "edit"


def test_unknown_members_are_shown(place: Place) -> None:
    place.add_line(
        events.sealed(b'{"room":"a","n":1,"at":"","by":"x","do":"say","text":"hi","mood":"good"}')
    )
    place.add("edit", of=1, text="ho")
    assert place.shown()[0] == {
        "room": "a", "n": 1, "at": "", "by": "x", "do": "say", "text": "ho", "mood": "good",
        "edited": 2,
    }  # fmt: skip


def test_an_edit_that_is_lost_leaves_the_message_as_it_was(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.add("say", text="one")
    place.add("edit", of=1, text="uno")
    monkeypatch.setattr(place.history, "line", lambda n: None)
    message = place.shown()[0]
    assert (message["text"], "edited" in message) == ("one", False)


def test_a_line_that_cannot_be_changed_is_left_out(place: Place) -> None:
    nested = b'{"room":"a","n":1,"do":' + b"[" * 5000 + b"]" * 5000 + b"}"
    place.add_line(events.sealed(nested))
    place.add("edit", of=1, text="x")
    assert [event["n"] for event in place.shown()] == [2]


def test_a_page_of_lines_that_are_left_out_has_no_empty_block(place: Place) -> None:
    nested = b'{"room":"a","n":1,"do":' + b"[" * 5000 + b"]" * 5000 + b"}"
    place.add_line(events.sealed(nested))
    place.add("edit", of=1, text="x")
    assert list(shown_blocks(place.history, place.index, 1, 1)) == []


@pytest.mark.parametrize("room", ["a", "a-b_c", "חדר"])
def test_the_number_of_a_line(room: str) -> None:
    event = Event(room=room, n=1234, at="", by="x", do="say", text='{"room":"a","n":9,')
    assert number_of(events.line_of(event)) == 1234
    later = events.sealed(events.line_start(room) + b'77,"do":["later"]}')
    assert number_of(later) == 77


def versions_of(place: Place, n: int) -> list[tuple[int, str | None]] | None:
    found = versions(place.history, place.index, n)
    return found if found is None else [(x.n, x.text) for x in found]


def test_the_versions_of_a_message_come_newest_first(place: Place) -> None:
    place.add("say", text="one")
    place.add("say", text="two")
    place.add("edit", of=1, text="uno")
    place.add("edit", of=1, text="eins")
    assert versions_of(place, 1) == [(4, "eins"), (3, "uno"), (1, "one")]
    assert versions_of(place, 2) == [(2, "two")]


def test_a_removed_message_has_no_versions(place: Place) -> None:
    place.add("say", text="one")
    place.add("edit", of=1, text="uno")
    place.add("erase", of=1)
    assert versions_of(place, 1) == []


def test_what_is_no_message_has_no_versions_at_all(place: Place) -> None:
    place.add("topic", text="one")
    for n in (0, 1, 2, 1 << 60):
        assert versions_of(place, n) is None


def test_of_many_versions_the_newest_are_shown(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_view, "VERSIONS", 3)
    place.add("say", text="1")
    for n in range(2, 8):
        place.add("edit", of=1, text=f"{n}")
    assert versions_of(place, 1) == [(7, "7"), (6, "6"), (5, "5")]


def test_an_event_that_is_not_known_here_is_none(place: Place) -> None:
    place.add_line(events.sealed(b'{"room":"a","n":1,"at":5,"by":"anna","do":"later"}'))
    assert event_at(place.history, 1) is None
    place.add("say", text="two")
    place.index.edits[2] = [1]  # as a later Hearth may have edited it
    assert versions_of(place, 2) == [(2, "two")]


def test_expired_files_are_marked_and_all_else_stays(place: Place) -> None:
    files = [SentFile(id=x, name=x, size=1, type="t", sha256="0" * 64) for x in ("a", "b")]
    place.add("say", text="look", files=files)
    place.add("say", text="other")
    before = place.shown()
    place.add("expire", ids=["b"])
    shown = place.shown()[:2]
    assert shown[0].pop("files") == [
        {"id": "a", "name": "a", "size": 1, "type": "t", "sha256": "0" * 64},
        {"id": "b", "name": "b", "size": 1, "type": "t", "sha256": "0" * 64, "expired": True},
    ]
    assert (shown[0]["text"], shown[1]) == ("look", before[1])
    place.add("edit", of=1, text="look here")
    edited = place.shown()[0]
    assert (edited["text"], edited["files"][1]["expired"]) == ("look here", True)
    place.add("erase", of=1)
    assert "files" not in place.shown()[0]
