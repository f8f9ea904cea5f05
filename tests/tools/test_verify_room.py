"""The report on one room's file."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.folder import Folder
from hub.protocol import events
from hub.protocol.events import Event
from hub.store.history import History
from hub.tools import verify_room
from hub.tools.verify import verify
from tests.conftest import Live, Serve
from tests.tools.verifying import checked, event, filled, messages, put, sent


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.open(tmp_path / "rooms")


def flip_a_bit(data: bytes) -> bytes:
    return data.replace(b"message 4", b"massage 4")


def append_half_a_line(data: bytes) -> bytes:
    return data + b'{"room":"a","n":11,"at":"2026'


def append_nuls(data: bytes) -> bytes:
    return data + bytes(100)


def damage_the_header(data: bytes) -> bytes:
    return data.replace(b'{"hearth":1', b'{"hearth":7')


def remove_two_lines(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join(lines[:4] + lines[6:])


def remove_one_line(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join(lines[:4] + lines[5:])


def append_one_byte(data: bytes) -> bytes:
    return data + b"{"


def repeat_a_line(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join([*lines[:4], lines[3], *lines[4:]])


def remove_the_last_newline(data: bytes) -> bytes:
    return data[:-1]


@pytest.mark.parametrize(
    ("damage", "line", "words", "messages"),
    [
        (flip_a_bit, 5, ["damaged near byte", "lost: message 4"], 9),
        (append_half_a_line, 12, ["the last 29 bytes are torn", "keeps them aside"], 10),
        (append_nuls, 12, ["the last 100 bytes are torn"], 10),
        (damage_the_header, 1, ["damaged near byte 0"], 10),
        (remove_two_lines, 5, ["2 messages before number 6", "lost: messages 4-5"], 8),
        (remove_one_line, 5, ["1 message before number 5 cannot be read and is skipped"], 9),
        (append_one_byte, 12, ["the last byte is torn; the next start keeps"], 10),
        (repeat_a_line, 5, ["message 3 stands twice", "nothing is lost"], 10),
        (remove_the_last_newline, 11, ["the last line lacks its end", "the message is whole"], 10),
    ],
)
def test_damage_is_reported_with_its_place_and_meaning(
    folder: Folder,
    damage: Callable[[bytes], bytes],
    line: int,
    words: list[str],
    messages: int,
) -> None:
    path = filled(folder)
    path.write_bytes(damage(path.read_bytes()))
    status, told = checked(folder)
    assert status == 1
    assert told[0].startswith(f"a: {messages} messages, ")
    assert told[0].endswith("DAMAGED")
    findings = [text.strip() for text in told if text.startswith("    ")]
    assert findings[0].startswith(f"line {line}, byte "), findings
    for each in words:
        assert any(each in finding for finding in findings), findings
    assert told[-1].endswith(f"1 room, {messages} messages, 1 room is damaged.")


def test_an_erased_text_that_is_still_in_the_file(folder: Folder) -> None:
    path = filled(folder)
    data = path.read_bytes() + event(11, "edit", "changed", of=2) + event(12, "erase", None, of=2)
    path.write_bytes(data + event(13, "later", "x") + event(14))
    status, told = checked(folder)
    assert status == 1
    assert told[0].startswith("a: 11 messages, 3 other events, ")
    assert "still stands in the file: messages 2, 11;" in told[1]
    history = History.open(path, "a", folder.torn)
    history.blank([2, 11])
    history.close()
    assert checked(folder)[0] == 0


def test_a_text_that_a_busy_hub_is_just_erasing(folder: Folder) -> None:
    path = filled(folder)
    path.write_bytes(path.read_bytes() + event(11, "erase", None, of=2))
    history = History.open(path, "a", folder.torn)
    erasing = threading.Timer(0.6, history.blank, [[2]])
    erasing.start()
    told: list[str] = []
    assert verify(folder.path, told.append) == 0, told
    erasing.join()
    history.close()


def test_a_newer_format_and_a_read_only_file_are_reported_but_no_damage(folder: Folder) -> None:
    filled(folder, room="b").chmod(0o444)
    header = events.line_of(events.Header(99, "a", "id", "2030-01-01T00:00:00.000Z"))
    folder.room_file("a").write_bytes(header + event(1))
    status, told = checked(folder)
    assert status == 0
    assert "newer Hearth" in told[1]
    assert "read-only" in told[3]


def test_a_file_that_cannot_be_opened_is_damaged(folder: Folder) -> None:
    filled(folder).rename(folder.room_file("b"))
    folder.room_file("c").mkdir()
    status, told = checked(folder)
    assert status == 1
    assert "holds the history of the room a" in told[1]
    assert "is not a file" in told[3]
    assert told[-1].endswith("2 rooms, 0 messages, 2 rooms are damaged.")


def test_half_written_lines_of_a_running_hub_are_no_damage(serve: Serve, live: Live) -> None:
    hub = serve()
    mia = live("Mia", at=hub)
    mia.join()
    ending = threading.Event()

    def talk() -> None:
        number = 0
        while not ending.is_set():
            number += 1
            said = mia.say("x" * (number * 997 % 9000 + 1))
            if number % 5 == 0:
                mia.do("erase", of=said["n"])

    talking = threading.Thread(target=talk)
    talking.start()
    try:
        began = time.monotonic()
        while time.monotonic() - began < 2 or (
            len(hub.lines()) <= 10 and time.monotonic() - began < 60
        ):
            told: list[str] = []
            assert verify(hub.path, told.append) == 0, told
    finally:
        ending.set()
        talking.join()
    assert mia.say("still here")["n"] > 10


def test_a_file_without_read_permission(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(folder)
    real = os.open

    def denied(name: object, *more: int) -> int:
        if str(name) == str(path):
            raise PermissionError(13, "Permission denied")
        return real(str(name), *more)

    monkeypatch.setattr(os, "open", denied)
    status, told = checked(folder)
    assert status == 1
    assert "cannot be read: Permission denied" in told[1]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("instead", [b"", b"something else\n"])
def test_a_lost_header_is_repaired_by_following_the_advice(
    folder: Folder, end: bytes, mark: bytes, instead: bytes
) -> None:
    """With an editor that saves in any way of its own."""
    path = filled(folder)
    path.write_bytes(instead + path.read_bytes().split(b"\n", 1)[1])
    status, told = checked(folder)
    assert status == 1
    assert told[0] == f"a: 0 messages, {path.stat().st_size:,} bytes, DAMAGED"
    assert "line 1: this is not the header of a room" in told[1]
    assert "put the next line, as it is, before all others" in told[2]
    header = told[3].strip().encode()
    path.write_bytes(mark + (header + b"\n" + path.read_bytes()).replace(b"\n", end))
    history = History.open(path, "a", folder.torn)
    assert [events.event_of(x).text for x in history.lines(1, history.last)] == [
        f"message {n}" for n in range(1, 11)
    ]
    assert bool(history.damage) == bool(instead)
    history.write([event(11)])
    history.sync()
    history.close()
    status, told = checked(folder)
    assert status == bool(instead)
    assert told[0].startswith("a: 11 messages")


def test_lines_that_end_in_crlf_are_reported_once_and_no_damage(folder: Folder) -> None:
    path = filled(folder)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    status, told = checked(folder)
    assert status == 0
    assert told[0].startswith("a: 10 messages, ")
    assert [x for x in told if "CRLF" in x] == [told[1]]


def test_damage_in_a_thousand_places_gives_a_short_report(folder: Folder) -> None:
    path = filled(folder, 2000)
    path.write_bytes(path.read_bytes().replace(b'1","crc', b'x","crc'))
    status, told = checked(folder)
    assert status == 1
    assert len(told) < 150
    assert any("and as much in" in x for x in told)
    assert all(len(x) < 1000 for x in told)


def test_only_what_two_reads_in_a_row_find_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a hub was just writing is found by one read and no longer by the next."""
    first, second, third = (verify_room.Finding(x) for x in ("first", "second", "third"))
    reads = iter([[first, second], [second, third], [second]])
    monkeypatch.setattr(verify_room, "RETRY_SECONDS", 0)
    monkeypatch.setattr(
        verify_room, "_read", lambda path, room: verify_room.Report(0, 0, 0, next(reads))
    )
    assert verify_room.verify_room(tmp_path / "a.jsonl", "a").findings == [second]


def test_many_ranges_are_cut_short(folder: Folder) -> None:
    path = filled(folder, 200)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[::2]))
    _, told = checked(folder)
    (lost,) = [x for x in told if "lost: messages" in x]
    assert lost.endswith(f"{2 * verify_room.MAX_RANGES - 1}, and others")


def test_an_empty_file_is_no_damage(folder: Folder) -> None:
    folder.room_file("a").touch()
    status, told = checked(folder)
    assert status == 0
    assert told[:2] == [
        "a: 0 messages, 0 bytes, good",
        "    The file is empty; the first message gives it a header.",
    ]


def test_answers_and_messages_with_files_are_messages(folder: Folder) -> None:
    path = messages(folder, "a", [sent("1", "a.txt")])
    with path.open("ab") as file:
        file.write(events.line_of(Event(room="a", n=2, at="", by="m", do="say", text="x", re=1)))
    report = verify_room.verify_room(path, "a")
    assert (report.messages, report.others) == (2, 0)
    assert report.files == {1: [sent("1", "a.txt")]}
    path.write_text("no room\n")
    assert verify_room.files_of(path, "a") is None


def test_files_that_expired_are_not_missed(folder: Folder) -> None:
    files = [sent("1", "a.txt"), sent("2", "b.txt")]
    path = messages(folder, "a", files)
    with path.open("ab") as file:
        file.write(
            events.line_of(
                Event(room="a", n=2, at="", by="Hearth", do="expire", ids=["1", "unknown"])
            )
        )
    put(folder, "a", "b.txt")
    status, told = checked(folder)
    assert (status, told[1]) == (0, "files/a: 1 file, 4 bytes, good")
    assert told[0].startswith("a: 1 message, 1 other event, ")
