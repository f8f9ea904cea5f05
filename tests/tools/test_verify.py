"""The report on a hub's folder."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from hub import room_snapshot
from hub.access.people import People
from hub.errors import CannotStart
from hub.folder import Folder
from hub.keys import Keys
from hub.protocol.events import sealed
from hub.room_opening import open_room
from hub.store import disk
from hub.store.history import History
from hub.store.journal import NAMES, Group, Journal
from hub.store.ledger_file import created
from hub.store.ledger_lines import head, header, line_of
from hub.store.replay import replay
from hub.store.writer import Writer
from hub.tools import verify as verify_module
from hub.tools.import_txt import import_txt
from hub.tools.verify import verify
from tests.store.files import said
from tests.tools.verifying import checked, filled
from tests.windows import FEWER_NAMES


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.open(tmp_path / "rooms")


def test_an_unused_folder_is_well(folder: Folder) -> None:
    assert checked(folder) == (
        0,
        ["People: nobody has come in yet.", f"{folder.path}: 0 rooms, 0 messages, all is well."],
    )


def test_a_line_for_every_room_and_a_summary(folder: Folder) -> None:
    path = filled(folder)
    filled(folder, 1, "kitchen")
    status, told = checked(folder)
    assert status == 0
    assert told[0] == f"a: 10 messages, {path.stat().st_size:,} bytes, good"
    assert told[1].startswith("kitchen: 1 message, ")
    assert told[-1] == f"{folder.path}: 2 rooms, 11 messages, all is well."


def test_all_of_a_file_is_read_whatever_is_kept_beside_it(folder: Folder) -> None:
    path = filled(folder, 100)
    writer = Writer.__new__(Writer)  # nothing is written
    room = open_room(path, "a", folder.torn, writer, 0, lambda room, events: None)
    snapshot = room_snapshot.taken(room)
    assert snapshot is not None
    room.history.close()
    folder.index.mkdir()
    folder.index_file("a").write_bytes(room_snapshot.dump(snapshot))
    path.write_bytes(path.read_bytes().replace(b"message 50", b"massage 50"))
    status, told = checked(folder)
    assert status == 1
    assert any("lost: message 50" in text for text in told)


def test_a_missing_folder_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="--rooms"):
        verify(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_entries_that_are_not_rooms_are_reported_and_no_damage(folder: Folder) -> None:
    filled(folder)
    for name in ("a (conflicted copy).jsonl", "B.jsonl", "old.txt", ".a.jsonl.12.new", "notes.odt"):
        (folder.path / name).write_text("x")
    (folder.path / "README.md").write_text("x")
    status, told = checked(folder)
    assert status == 0
    assert [text.partition(":")[0] for text in told if ": not a room" in text] == [
        "B.jsonl", "a (conflicted copy).jsonl", "notes.odt",
    ]  # fmt: skip
    assert any(text.startswith(".a.jsonl.12.new: left by a start") for text in told)


@FEWER_NAMES
def test_whether_an_older_history_was_imported(folder: Folder) -> None:
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
    import_txt(folder.path, folder.torn)
    done = "an older history, already taken in; Hearth leaves it alone"
    assert told() == [done, never, done, done]
    folder.room_file("a").write_bytes(b"not a room\n")
    lines = checked(folder)[1]
    assert any(x.startswith("a.txt: an older history; whether it was taken in can") for x in lines)


def test_the_ledger(folder: Folder) -> None:
    keys = Keys()
    people = People(keys)
    for name in ("anna", "bela"):
        people.enter(name)
    file = created(folder.ledger_file, keys)
    file.append(line_of({"door": b'{"mode":"code","code":"sesame"}'}))
    assert checked(folder)[0] == 0, "beside a running hub"
    file.close()
    size = folder.ledger_file.stat().st_size
    good = f"People: ledger.jsonl is good, 2 people, {size:,} bytes."
    assert checked(folder)[1][0] == good
    with folder.ledger_file.open("ab") as end:
        end.write(b'{"torn')
    status, told = checked(folder)
    assert (status, told[1]) == (
        0, "People: the last 6 bytes of ledger.jsonl are not whole, as after a crash or in a copy "
        "of a running hub's folder; the next start puts them aside."
    )  # fmt: skip
    data = folder.ledger_file.read_bytes()
    folder.ledger_file.write_bytes(data.replace(b'"name":"anna"', b'"name":"Anna"'))
    status, told = checked(folder)
    assert status == 1
    assert told[0].startswith("People: ledger.jsonl is damaged near byte ")
    assert told[-1].endswith("all is well, but the people are damaged.")
    assert folder.ledger_file.read_bytes() == data.replace(b'"name":"anna"', b'"name":"Anna"')
    assert not folder.torn.exists(), "nothing is changed"
    line = line_of({"door": b'{"mode":"ajar"}'})
    folder.ledger_file.write_bytes(data[:size] + line)
    status, told = checked(folder)
    assert (status, told[0]) == (1, "People: ledger.jsonl has 1 key that cannot be read.")
    for path in (folder.older_door, folder.older_people.with_suffix(".last")):
        path.write_bytes(b"{}")
    folder.ledger_file.write_bytes(data[:size])
    told = checked(folder)[1]
    assert told[:2] == [
        good,
        "People: an older Hearth left door.json, people.last; the next start puts that aside.",
    ]


def test_a_ledger_with_more_damage_than_is_told(folder: Folder) -> None:
    lines = [line_of({f"k{n}": b"1"}) for n in range(400)]
    data = header() + b"".join(line[1:] + head(1) for line in lines)
    folder.ledger_file.write_bytes(data)
    assert "People: 300 more places is damaged." not in checked(folder)[1]
    assert "People: 300 more places are damaged." in checked(folder)[1]


def test_a_newer_ledger(folder: Folder) -> None:
    folder.ledger_file.write_bytes(sealed(b'{"ledger":2}'))
    status, told = checked(folder)
    assert status == 1
    assert told[0].startswith("People: A newer Hearth wrote ")


def test_a_ledger_that_cannot_be_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    created(folder.ledger_file, Keys())
    monkeypatch.setattr(verify_module, "read", broken)
    status, told = checked(folder)
    assert (status, told[0]) == (1, "People: ledger.jsonl cannot be read: Input/output error.")


def test_a_ledger_that_is_missing(folder: Folder) -> None:
    assert checked(folder)[1][0] == "People: nobody has come in yet."
    folder.older_people.mkdir()
    status, told = checked(folder)
    assert status == 1
    assert told[0] == "People: ledger.jsonl is missing; everybody has to come in anew."


def test_the_files_of_an_older_hearth(folder: Folder) -> None:
    people, last = folder.older_people, folder.older_people.with_suffix(".last")
    good = b'{"people": [], "devices": {}}'
    people.write_bytes(good)
    assert checked(folder)[1][0] == (
        "People: people.json is good, 29 bytes; the next start takes it in."
    )
    for damaged in (b"{", b'{"x":' + b"[" * 100_000):
        people.write_bytes(damaged)
        status, told = checked(folder)
        assert status == 1
        assert "people.json is damaged" in told[0]
        assert told[-1].endswith("all is well, but the people are damaged.")
    people.rename(last)
    assert "which is damaged too" in checked(folder)[1][0]
    last.write_bytes(good)
    (folder.hub / "people.json.damaged-1234").write_bytes(b"{")
    status, told = checked(folder)
    assert status == 0
    assert told[0] == "People: people.json is missing; the next start takes people.last instead."
    assert "kept as people.json.damaged-1234" in told[1]


def test_what_earlier_starts_cut_off_and_kept(folder: Folder) -> None:
    path = filled(folder)
    path.write_bytes(path.read_bytes() + b'{"room":"a","n":11,"at":"2026')
    History.open(path, "a", folder.torn).close()
    status, told = checked(folder)
    assert status == 0
    assert "Kept aside in hub/torn: 1 file, 29 bytes." in [x.replace("\\", "/") for x in told]


def test_links_and_pipes_are_reported_and_nothing_hangs(folder: Folder) -> None:
    filled(folder, room="b")
    folder.room_file("link").symlink_to(folder.room_file("b"))
    folder.room_file("lost").symlink_to("nowhere")
    for pipe in (folder.room_file("pipe"), folder.path / "old.txt", folder.ledger_file):
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
    assert any(x.startswith("hub/ledger.jsonl: it is not a file but a pipe") for x in slashes)
    assert "Hearth cannot start" in told[-1]


def test_a_link_in_place_of_the_hubs_own_folder(folder: Folder, tmp_path: Path) -> None:
    away = tmp_path / "away"
    folder.hub.rename(away)
    folder.hub.symlink_to(away)
    status, told = checked(folder)
    assert status == 1
    assert told[0] == "hub: a link. Put the folder in its place."


def journal_of(folder: Folder, *groups: Group) -> None:
    """As a crash leaves it."""
    journal = Journal(folder.hub)
    journal.append(groups)
    journal.close()


def test_what_the_journal_holds_and_a_file_lacks(folder: Folder) -> None:
    path = filled(folder)
    history = History.open(path, "a", folder.torn)
    history.close()
    size = path.stat().st_size
    lines = [said(n, room="a") for n in (11, 12)]
    journal_of(
        folder, Group("a", history.id, size, lines), Group("b", "other", 90, [said(1, room="b")])
    )
    before = {x: x.read_bytes() for x in folder.path.rglob("*") if x.is_file()}
    status, told = checked(folder)
    assert status == 0
    assert [x.replace("\\", "/") for x in told[1:3]] == [
        "Journal: 2 lines of the room a that its file lacks; the next start puts them back.",
        "Journal: 1 line of the room b without a place in its file; the next start keeps them in"
        " hub/torn.",
    ]
    assert {x: x.read_bytes() for x in folder.path.rglob("*") if x.is_file()} == before
    replay(folder.hub, folder.room_file, folder.torn)
    told = checked(folder)[1]
    assert told[0].startswith("a: 12 messages")
    assert not any("that its file lacks" in line for line in told)


def test_a_journal_that_cannot_be_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    journal_of(folder)

    def fails(path: Path, flags: int, mode: int = 0o644) -> int:
        if path.name in NAMES:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, flags, mode)

    real = disk.open_file
    monkeypatch.setattr(disk, "open_file", fails)
    status, told = checked(folder)
    assert status == 1
    assert "Journal: it cannot be read: Input/output error." in told
    assert told[-1].endswith("all is well, but the journal is damaged.")


def test_what_is_in_the_place_of_the_journal(folder: Folder) -> None:
    (folder.hub / NAMES[0]).mkdir()
    status, told = checked(folder)
    assert status == 1
    assert any(f"{NAMES[0]}: it is not a file but a folder. Move it away." in x for x in told)
    assert "Hearth cannot start" in told[-1]
