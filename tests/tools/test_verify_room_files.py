"""The report on the files of one room's messages."""

from __future__ import annotations

import errno
import os
import tracemalloc
from pathlib import Path

import pytest

from hub.folder import Folder
from hub.protocol.sent_file import SentFile
from hub.store import disk
from hub.tools import verify_room_files
from hub.tools.verify_room_files import MOST_LINES, MOST_NAMES, FileKeys, RoomFiles, printable
from tests.tools.verifying import messages, put, sent, upload
from tests.windows import FEWER_NAMES

KNOWN = FileKeys([], [])


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.open(tmp_path / "rooms")


def told(folder: Folder, borne: dict[int, list[SentFile]] | None, keys: FileKeys = KNOWN) -> str:
    """What is told of the room "a", in one text."""
    found = RoomFiles(folder, "a", borne)
    found.look_again(keys)
    return "\n".join([found.summary, *found.sentences()])


def test_good_files(folder: Folder) -> None:
    for name in ("a.txt", "b.txt"):
        put(folder, "a", name)
    assert told(folder, {1: [sent("1", "a.txt"), sent("2", "b.txt")]}) == (
        "files/a: 2 files, 8 bytes, good"
    )


def damage(folder: Folder, *files: SentFile) -> list[str]:
    """What is told of the files of message 1."""
    messages(folder, "a", list(files))
    summary, *sentences = told(folder, {1: list(files)}).split("\n")
    assert summary.endswith(", DAMAGED")
    return [text.removeprefix("a.txt, of message 1: ") for text in sentences]


def test_a_file_that_is_gone_or_changed(folder: Folder) -> None:
    file = sent("1", "a.txt")
    assert damage(folder, file) == ["it is gone"]
    folder.room_file("a").unlink()
    put(folder, "a", "a.txt", b"longer")
    assert damage(folder, file) == ["it was changed: it has 6 bytes instead of 4"]
    folder.room_file("a").unlink()
    put(folder, "a", "a.txt", b"atad")
    assert damage(folder, file) == ["it was changed: it has as many bytes, but others"]


def test_a_link_in_the_place_of_a_file_is_not_followed(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"data")
    (folder.files / "a").mkdir()
    (folder.files / "a" / "a.txt").symlink_to(tmp_path / "elsewhere")
    assert damage(folder, sent("1", "a.txt")) == ["it is a link, and Hearth follows none"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_nobody_waits_for_a_pipe(folder: Folder) -> None:
    (folder.files / "a").mkdir()
    os.mkfifo(folder.files / "a" / "a.txt")
    assert damage(folder, sent("1", "a.txt")) == ["it is not a file but a pipe or a device"]


@pytest.mark.parametrize("name", ["", "..", "../secret", "/etc/passwd", "a\0b", "C:\\x"])
def test_a_name_that_leads_elsewhere_is_not_followed(folder: Folder, name: str) -> None:
    (folder.path / "secret").write_bytes(b"data")
    assert damage(folder, sent("1", name)) == [
        f"{printable(name)}, of message 1: no file can be called so"
    ]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("open_file", PermissionError(errno.EACCES, "Permission denied")),
        ("pread", OSError(errno.EIO, "Input/output error")),
    ],
)
def test_a_file_that_cannot_be_read(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, call: str, error: OSError
) -> None:
    def fails(*_: object) -> None:
        raise error

    put(folder, "a", "a.txt")
    monkeypatch.setattr(verify_room_files.disk, call, fails)
    found = RoomFiles(folder, "a", {1: [sent("1", "a.txt")]})
    assert [wrong for _, _, wrong in found.damage] == [f"it cannot be read: {error.strerror}"]


def test_a_folder_that_cannot_be_listed(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    put(folder, "a", "a.txt")
    monkeypatch.setattr(verify_room_files.os, "scandir", fails)
    assert told(folder, {}).endswith("cannot be listed: Permission denied; Hearth leaves it alone.")


def test_a_large_file_is_read_in_blocks(folder: Folder) -> None:
    data = os.urandom(1 << 20) * 24
    put(folder, "a", "a.txt", data)
    file = sent("1", "a.txt", data)
    tracemalloc.start()
    try:
        found = RoomFiles(folder, "a", {1: [file]})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert not found.damage
    assert peak < 4 * disk.BLOCK


@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_folder_that_is_none(folder: Folder, tmp_path: Path, kind: str) -> None:
    if kind == "link":
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "a.txt").write_bytes(b"data")
        (folder.files / "a").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    else:
        (folder.files / "a").write_bytes(b"")
    why = f"its folder is {'a link, and Hearth follows none' if kind == 'link' else 'none'}"
    assert told(folder, {}) == f"files/a: 0 files, 0 bytes, good\n{why}; Hearth leaves it alone."
    assert damage(folder, sent("1", "a.txt")) == [why]


@FEWER_NAMES
def test_what_no_message_bears(folder: Folder, tmp_path: Path) -> None:
    put(folder, "a", "a.txt")
    put(folder, "a", "odd\n\u202e.txt")
    (folder.files / "a" / "deeper").mkdir()
    put(folder, "a", "deeper/not-looked-at")
    (folder.files / "a" / "link").symlink_to(tmp_path)
    messages(folder, "a", [sent("1", "a.txt")])
    assert told(folder, {1: [sent("1", "a.txt")]}) == (
        "files/a: 1 file, 4 bytes, good\n"
        "no message has, and Hearth leaves alone: deeper/, link (a link), odd\\n\\u202e.txt"
    )


def test_many_entries_are_counted_and_few_are_named(folder: Folder) -> None:
    (folder.files / "a").mkdir()
    for number in range(10_000):
        (folder.files / "a" / f"{number:05}").touch()
    text = told(folder, {})
    assert text.endswith(f"00019, and {10_000 - MOST_NAMES:,} more")
    assert len(text) < 1000


def test_much_damage_is_counted(folder: Folder) -> None:
    files = {n: [sent(str(n), f"{n}.txt")] for n in range(1, MOST_LINES + 4)}
    messages(folder, "a", *files.values())
    lines = told(folder, files).split("\n")
    assert len(lines) == MOST_LINES + 2
    assert lines[-1] == "and 3 more"


def test_what_a_running_hub_did_meanwhile_is_no_finding(folder: Folder) -> None:
    """A file of a message that is not saved yet; of one that was saved or erased just now."""
    gone, new, waiting, going = (sent(x, f"{x}.txt") for x in ("gone", "new", "waiting", "going"))
    for name in ("new.txt", "waiting.txt", "going.txt"):
        put(folder, "a", name)
    found = RoomFiles(folder, "a", {1: [gone]})
    messages(folder, "a", [gone], [new], erased=1)
    assert found.damage
    assert len(found.strays) == 3
    found.look_again(FileKeys([upload("a", waiting, placed=True)], [("a", going)]))
    assert not found.is_odd
    found = RoomFiles(folder, "a", {2: [new]})
    found.look_again(FileKeys([upload("b", waiting, placed=True)], [("b", going)]))
    assert found.strays == ["going.txt", "waiting.txt"], "those are other rooms' files"


def test_a_room_that_cannot_be_read(folder: Folder) -> None:
    put(folder, "a", "a.txt")
    folder.room_file("a").write_text("no room\n")
    assert told(folder, None) == "files/a: it cannot be told whose they are"


def test_names_of_another_unicode_form_are_the_same(folder: Folder) -> None:
    put(folder, "a", "cafe\u0301.txt")
    assert RoomFiles(folder, "a", {1: [sent("1", "caf\u00e9.txt")]}).strays == []
