import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.errors import CannotStart
from hub.folder import Folder
from hub.protocol.events import Event, Header, event_of, line_of
from hub.store.history import History
from hub.tools.import_txt import take_in
from hub.tools.verify import check
from tests.conftest import Live, Serve


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.open(tmp_path / "rooms")


def event(n: int, do: str = "say", text: str | None = "hello", of: int | None = None) -> bytes:
    at = "2026-11-22T20:17:03.123Z"
    return line_of(Event(room="a", n=n, at=at, by="m", do=do, text=text, of=of))


def filled(folder: Folder, count: int = 10, room: str = "a") -> Path:
    path = folder.room_file(room)
    history = History.open(path, room, folder.torn)
    at = "2026-11-22T20:17:03.123Z"
    history.write(
        [
            line_of(Event(room=room, n=n, at=at, by="m", do="say", text=f"message {n}"))
            for n in range(1, count + 1)
        ]
    )
    history.sync()
    history.close()
    return path


def checked(folder: Folder) -> tuple[int, list[str]]:
    """The exit status and what was told; fails where anything in the folder was changed."""
    before = state(folder.path)
    told: list[str] = []
    status = check(folder.path, told.append)
    assert state(folder.path) == before
    return status, told


def state(folder: Path) -> dict[str, tuple[int, ...]]:
    return {
        str(x): (x.lstat().st_ino, x.lstat().st_size, x.lstat().st_mtime_ns, x.lstat().st_mode)
        for x in [folder, *folder.rglob("*")]
    }


def test_a_folder_that_nobody_has_used_is_well(folder: Folder) -> None:
    assert checked(folder) == (
        0,
        ["People: nobody has come in yet.", f"{folder.path}: 0 rooms, 0 messages, all is well."],
    )


def test_every_room_has_a_line_and_then_there_is_a_sum(folder: Folder) -> None:
    path = filled(folder)
    filled(folder, 1, "kitchen")
    status, told = checked(folder)
    assert status == 0
    assert told[0] == f"a: 10 messages, {path.stat().st_size:,} bytes, good"
    assert told[1].startswith("kitchen: 1 message, ")
    assert told[-1] == f"{folder.path}: 2 rooms, 11 messages, all is well."


def test_the_folder_must_be_there_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="--rooms"):
        check(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def _flip(data: bytes) -> bytes:
    return data.replace(b"message 4", b"massage 4")


def _tear(data: bytes) -> bytes:
    return data + b'{"room":"a","n":11,"at":"2026'


def _nul(data: bytes) -> bytes:
    return data + bytes(100)


def _bend(data: bytes) -> bytes:
    return data.replace(b'{"hearth":1', b'{"hearth":7')


def _skip(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join(lines[:4] + lines[6:])


def _skip_one(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join(lines[:4] + lines[5:])


def _tear_one(data: bytes) -> bytes:
    return data + b"{"


def _double(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join([*lines[:4], lines[3], *lines[4:]])


def _unend(data: bytes) -> bytes:
    return data[:-1]


@pytest.mark.parametrize(
    ("damage", "line", "words", "messages"),
    [
        (_flip, 5, ["damaged near byte", "lost: message 4"], 9),
        (_tear, 12, ["the last 29 bytes are torn", "keeps them aside"], 10),
        (_nul, 12, ["the last 100 bytes are torn"], 10),
        (_bend, 1, ["damaged near byte 0"], 10),
        (_skip, 5, ["2 messages before number 6", "lost: messages 4-5"], 8),
        (_skip_one, 5, ["1 message before number 5 cannot be read and is skipped"], 9),
        (_tear_one, 12, ["the last byte is torn; the next start keeps"], 10),
        (_double, 5, ["message 3 stands twice", "nothing is lost"], 10),
        (_unend, 11, ["the last line lacks its end", "the message is whole"], 10),
    ],
)
def test_damage_is_told_with_its_place_and_what_it_means(
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


def test_a_text_that_was_erased_and_still_stands_there(folder: Folder) -> None:
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


def test_a_newer_format_and_a_read_only_file_are_told_but_are_no_damage(folder: Folder) -> None:
    filled(folder, room="b").chmod(0o444)
    header = line_of(Header(99, "a", "id", "2030-01-01T00:00:00.000Z"))
    folder.room_file("a").write_bytes(header + event(1))
    status, told = checked(folder)
    assert status == 0
    assert "newer Hearth" in told[1]
    assert "read-only" in told[3]


def test_what_cannot_be_opened_is_damage(folder: Folder) -> None:
    filled(folder).rename(folder.room_file("b"))
    folder.room_file("c").mkdir()
    status, told = checked(folder)
    assert status == 1
    assert "holds the history of the room a" in told[1]
    assert "is not a file" in told[3]
    assert told[-1].endswith("2 rooms, 0 messages, 2 rooms are damaged.")


def test_what_is_not_a_room_is_told_and_is_no_damage(folder: Folder) -> None:
    filled(folder)
    for name in ("a (conflicted copy).jsonl", "A.jsonl", "old.txt", ".a.jsonl.12.new", "notes.odt"):
        (folder.path / name).write_text("x")
    (folder.path / "README.md").write_text("x")
    status, told = checked(folder)
    assert status == 0
    assert [text.partition(":")[0] for text in told if ": not a room" in text] == [
        "A.jsonl", "a (conflicted copy).jsonl", "notes.odt",
    ]  # fmt: skip
    assert any(text.startswith(".a.jsonl.12.new: left by a start") for text in told)


def test_an_older_history_is_told_with_whether_it_was_taken_in(folder: Folder) -> None:
    filled(folder)
    for name in ("a", "old", "two words", "con"):
        (folder.path / f"{name}.txt").write_text("[2026-11-22 20:17:03] naor: Hello\n")

    def told() -> list[str]:
        status, lines = checked(folder)
        assert status == 0
        return [line.partition(": ")[2] for line in lines if ".txt: an older history" in line]

    yet = "an older history, not taken in yet; the next start does so if it holds messages"
    never = "an older history, but no room can be called so; Hearth leaves it alone"
    assert told() == [yet, never, yet, yet]
    take_in(folder.path, folder.torn)
    done = "an older history, already taken in; Hearth leaves it alone"
    assert told() == [done, never, done, done]
    folder.room_file("a").write_bytes(b"not a room\n")
    lines = checked(folder)[1]
    assert any(x.startswith("a.txt: an older history; whether it was taken in can") for x in lines)


def test_the_people(folder: Folder) -> None:
    good = b'{"people": [], "devices": {}}'
    folder.people_file.write_bytes(good)
    assert checked(folder)[1][0] == "People: people.json is good, 29 bytes."
    folder.people_file.write_bytes(b"{")
    status, told = checked(folder)
    assert status == 1
    assert "people.json is damaged" in told[0]
    assert told[-1].endswith("all is well, but the people are damaged.")
    folder.people_file.rename(folder.people_file.with_suffix(".last"))
    assert "which is damaged too" in checked(folder)[1][0]
    folder.people_file.with_suffix(".last").write_bytes(good)
    (folder.hub / "people.json.damaged-1234").write_bytes(b"{")
    status, told = checked(folder)
    assert status == 0
    assert told[0] == "People: people.json is missing; the next start takes people.last instead."
    assert "kept as people.json.damaged-1234" in told[1]


def test_what_earlier_starts_kept_aside(folder: Folder) -> None:
    path = filled(folder)
    path.write_bytes(_tear(path.read_bytes()))
    History.open(path, "a", folder.torn).close()
    status, told = checked(folder)
    assert status == 0
    assert "Kept aside in hub/torn: 1 file, 29 bytes." in [x.replace("\\", "/") for x in told]


def test_beside_a_busy_hub_nothing_half_written_counts_as_damage(serve: Serve, live: Live) -> None:
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
            assert check(hub.path, told.append) == 0, told
    finally:
        ending.set()
        talking.join()
    assert mia.say("still here")["n"] > 10


def test_a_file_that_nobody_may_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_a_history_that_lost_its_header_is_mended_as_it_is_told(
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
    assert [event_of(x).text for x in history.lines(1, history.last)] == [
        f"message {n}" for n in range(1, 11)
    ]
    assert bool(history.damage) == bool(instead)
    history.write([event(11)])
    history.sync()
    history.close()
    status, told = checked(folder)
    assert status == bool(instead)
    assert told[0].startswith("a: 11 messages")


def test_lines_that_end_in_crlf_are_told_in_one_sentence_and_are_no_damage(folder: Folder) -> None:
    path = filled(folder)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    status, told = checked(folder)
    assert status == 0
    assert told[0].startswith("a: 10 messages, ")
    assert [x for x in told if "CRLF" in x] == [told[1]]


def test_damage_in_a_thousand_places_is_told_in_short(folder: Folder) -> None:
    path = filled(folder, 2000)
    path.write_bytes(path.read_bytes().replace(b'1","crc', b'x","crc'))
    status, told = checked(folder)
    assert status == 1
    assert len(told) < 150
    assert any("and as much in" in x for x in told)
    assert all(len(x) < 1000 for x in told)


def test_links_and_pipes_are_told_and_nothing_hangs(folder: Folder) -> None:
    filled(folder, room="b")
    folder.room_file("link").symlink_to(folder.room_file("b"))
    folder.room_file("lost").symlink_to("nowhere")
    for pipe in (folder.room_file("pipe"), folder.path / "old.txt", folder.people_file):
        os.mkfifo(pipe)
    (folder.path / "linked.txt").symlink_to("nowhere")
    folder.log_file.symlink_to("nowhere")
    status, told = checked(folder)
    assert status == 1
    findings = {told[n].partition(":")[0]: told[n + 1] for n in range(8) if "DAMAGED" in told[n]}
    assert "is a link" in findings["link"]
    assert "is a link" in findings["lost"]
    assert "not a file but a pipe" in findings["pipe"]
    assert any(x.startswith("old.txt: a link, or no file at all") for x in told)
    assert any(x.startswith("linked.txt: a link, or no file at all") for x in told)
    slashes = [x.replace("\\", "/") for x in told]
    assert "hub/hearth.log: it is a link, and Hearth follows none. Move it away." in slashes
    assert any(x.startswith("hub/people.json: it is not a file but a pipe") for x in slashes)
    assert "Hearth cannot start" in told[-1]


def test_a_link_in_the_place_of_the_hubs_own_folder(folder: Folder, tmp_path: Path) -> None:
    away = tmp_path / "away"
    folder.hub.rename(away)
    folder.hub.symlink_to(away)
    status, told = checked(folder)
    assert status == 1
    assert told[0] == "hub: a link. Put the folder in its place."
