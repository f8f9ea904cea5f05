"""The report on all files of a hub's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.files.preview import preview_name
from hub.folder import Folder
from hub.tools import verify_files as module
from hub.tools.verify_files import look, verify_files
from tests.tools.verifying import checked, filled, ledger, messages, put, sent, upload


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.open(tmp_path / "rooms")


def about_files(folder: Folder) -> tuple[int, list[str]]:
    """The exit status, and what is told of files and of all."""
    status, told = checked(folder)
    return status, [
        line for line in told if not line.startswith(("a:", "b:", "c:", "private-x:", "People:"))
    ]


def test_good_rooms_and_those_in_which_something_is_found(folder: Folder) -> None:
    messages(folder, "a", [sent("1", "gone.txt")])
    messages(folder, "b", [sent("1", "b.txt"), sent("2", "c.txt")], [sent("3", "d.txt")], erased=2)
    filled(folder, 1, "c")
    for name in ("b.txt", "c.txt"):
        put(folder, "b", name)
    assert about_files(folder) == (
        1,
        [
            "files/b: 2 files, 8 bytes, good",
            "files/a: 1 file, 4 bytes, DAMAGED",
            "    gone.txt, of message 1: it is gone",
            f"{folder.path}: 3 rooms, 4 messages, all is well, but files of 1 room are gone or"
            " changed.",
        ],
    )


def test_what_belongs_to_nobody_is_no_damage(folder: Folder, tmp_path: Path) -> None:
    filled(folder, 1, "a")
    put(folder, "a", "stray.txt")
    put(folder, "b", "b.txt")
    put(folder, "Not A Room", "x.txt")
    (folder.files / "link").symlink_to(tmp_path)
    (folder.files / ".gitkeep").touch()
    status, told = about_files(folder)
    assert status == 0
    assert told[:3] == [
        "files/a: 0 files, 0 bytes, good",
        "    no message has, and Hearth leaves alone: stray.txt",
        "files: of no room, and Hearth leaves alone: Not A Room/, b/, link (a link)",
    ]


def test_unfinished_uploads(folder: Folder) -> None:
    filled(folder, 1, "a")
    folder.unfinished.mkdir()
    (folder.unfinished / ("0" * 32)).write_bytes(b"half")
    waiting = sent("w", "waiting.txt")
    put(folder, "a", "waiting.txt")
    put(folder, "b", "first.txt")
    ledger(
        folder,
        upload("a", placed=False),
        upload("a", waiting, "w", placed=True),
        upload("b", sent("f", "first.txt"), "f", placed=True),
    )
    assert about_files(folder) == (
        0,
        [
            "Uploads: 3 without a message so far, and 1 part in files/.unfinished, 4 bytes. Hearth"
            " removes what nobody goes on with after a day.",
            f"{folder.path}: 1 room, 1 message, all is well.",
        ],
    )


def test_an_upload_whose_message_is_there_waits_for_none(folder: Folder) -> None:
    file = sent("f", "first.txt")
    messages(folder, "a", [file])
    put(folder, "a", "first.txt")
    ledger(folder, upload("a", file, "f", placed=True))
    status, told = about_files(folder)
    assert (status, [x for x in told if x.startswith("Uploads")]) == (0, [])
    ledger(folder, upload("a", file, "f", placed=True), upload("a", placed=False))
    [line] = [x for x in about_files(folder)[1] if x.startswith("Uploads")]
    assert line.startswith("Uploads: 1 without a message")


def test_files_that_the_next_start_removes(folder: Folder) -> None:
    """Those of a removed message and of a deleted room, but not those whose message stays."""
    kept, going, of_room = sent("1", "kept.txt"), sent("2", "going.txt"), sent("3", "x.txt")
    messages(folder, "a", [kept], [going], erased=2)
    for room, name in (("a", "kept.txt"), ("a", "going.txt"), ("private-x", "x.txt")):
        put(folder, room, name)
    ledger(folder, doomed=(("a", kept), ("a", going), ("private-x", of_room)))
    assert about_files(folder)[1][:2] == [
        "files/a: 1 file, 4 bytes, good",
        "Removed: 2 files of messages that are gone, 8 bytes; the next start removes that too.",
    ]


def test_previews_without_a_file(folder: Folder) -> None:
    messages(folder, "a", [sent("1", "a.txt")])
    put(folder, "a", "a.txt")
    ledger(folder, upload("a", placed=False), doomed=(("a", sent("2", "b.txt")),))
    folder.previews.mkdir()
    for id_ in ("1", "2", "u", "stray"):
        (folder.previews / preview_name("a", id_)).write_bytes(b"picture")
    (folder.previews / "other").touch()
    stray = "Previews: 1 of no file, 7 bytes; they can be removed."
    assert stray in about_files(folder)[1]
    folder.room_file("b").write_text("no room\n")
    assert stray not in about_files(folder)[1], "it may be that room's"


def test_a_preview_that_was_made_meanwhile_is_no_finding(folder: Folder) -> None:
    folder.previews.mkdir()
    before = look(folder)
    (folder.previews / preview_name("a", "new")).touch()
    told: list[str] = []
    assert verify_files(folder, before, {}, told.append) == 0
    assert told == []


def test_a_room_that_is_made_meanwhile_is_no_finding(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "a", "a.txt")
    before, told = look(folder), list[str]()
    read = module.file_keys

    def later(folder: Folder) -> object:
        messages(folder, "a", [sent("1", "a.txt")])
        return read(folder)

    monkeypatch.setattr(module, "file_keys", later)
    assert verify_files(folder, before, {}, told.append) == 0
    assert told == []


def test_links_in_the_place_of_hearths_folders_are_not_followed(
    folder: Folder, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / ("0" * 32)).touch()
    for path in (folder.unfinished, folder.previews):
        path.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert about_files(folder)[1][0] == "files/.unfinished: a link. Put the folder in its place."
    assert len(about_files(folder)[1]) == 2


def test_the_folder_of_all_files_may_be_a_link(folder: Folder, tmp_path: Path) -> None:
    messages(folder, "a", [sent("1", "a.txt")])
    folder.files.rmdir()
    (tmp_path / "elsewhere").mkdir()
    folder.files.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    put(folder, "a", "a.txt")
    assert about_files(folder)[1][0] == "files/a: 1 file, 4 bytes, good"


def test_ten_thousand_folders_of_no_room(folder: Folder) -> None:
    for number in range(10_000):
        (folder.files / f"{number}").mkdir()
    status, told = about_files(folder)
    assert status == 0
    assert told[0].endswith(", and 9,980 more")
