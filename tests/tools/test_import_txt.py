import errno
import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hub.protocol.events import Event, event_of, line_of
from hub.store import disk
from hub.store.history import History
from hub.tools import import_txt as module
from hub.tools.import_txt import import_txt, messages
from tests.windows import FEWER_NAMES, NO_TIME_ZONE, moves_nothing_open, open_files

OLD = """[2026-11-22 20:17:03] naor: Hello
[2026-11-22 20:17:09] Anna B: Two lines:
\tthe second: with a colon
and a third

[2026-11-22 20:18:00] naor: שלום 👋
"""


@pytest.fixture(autouse=True)
def _east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):  # Windows changes no time zone while a program runs
        yield
        return
    monkeypatch.setenv("TZ", "Asia/Jerusalem")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def events(folder: Path, room: str = "general") -> list[Event]:
    history = History.open(folder / f"{room}.jsonl", room, folder)
    assert history.damage == []
    with closing(history):
        return [event_of(line) for line in history.lines(1, history.last)]


@NO_TIME_ZONE
def test_a_plain_history_is_imported_in_order_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "general.txt"
    file.write_text(OLD, encoding="utf-8")
    import_txt(tmp_path, tmp_path)
    said = [x for x in events(tmp_path) if x.do == "say"]
    assert [(x.n, x.at, x.by, x.text) for x in said] == [
        (1, "2026-11-22T18:17:03.000Z", "naor", "Hello"),
        (2, "2026-11-22T18:17:09.000Z", "Anna B",
         "Two lines:\nthe second: with a colon\nand a third"),
        (3, "2026-11-22T18:18:00.000Z", "naor", "שלום 👋"),
    ]  # fmt: skip
    assert all(x.who is None for x in said)
    assert file.read_text(encoding="utf-8") == OLD


def test_it_is_imported_only_once(tmp_path: Path) -> None:
    (tmp_path / "general.txt").write_text(OLD, encoding="utf-8")
    import_txt(tmp_path, tmp_path)
    before = (tmp_path / "general.jsonl").read_bytes()
    import_txt(tmp_path, tmp_path)
    assert (tmp_path / "general.jsonl").read_bytes() == before
    assert sorted(x.name for x in tmp_path.iterdir()) == ["general.jsonl", "general.txt"]


def test_it_is_appended_to_what_a_room_already_holds(tmp_path: Path) -> None:
    history = History.open(tmp_path / "general.jsonl", "general", tmp_path)
    first = line_of(Event(room="general", n=1, at="x", by="a", do="say", text="first"))
    history.write([first])
    history.sync()
    history.publish()
    history.close()
    (tmp_path / "general.txt").write_text(OLD, encoding="utf-8")
    import_txt(tmp_path, tmp_path)
    assert [x.text for x in events(tmp_path)][:2] == ["first", "Hello"]


def test_a_crash_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "general.txt").write_text(OLD, encoding="utf-8")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(disk, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        import_txt(tmp_path, tmp_path)
    assert not (tmp_path / "general.jsonl").exists()
    monkeypatch.undo()
    import_txt(tmp_path, tmp_path)
    assert len(events(tmp_path)) == 4


@FEWER_NAMES
def test_file_names_become_canonical_room_names_or_are_left_alone(tmp_path: Path) -> None:
    for name in ("Team Room.txt", "con.txt", ".hidden.txt"):
        (tmp_path / name).write_text(OLD, encoding="utf-8")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "shopping.txt").write_text("bread\nbutter\n")
    (tmp_path / "empty.txt").touch()
    import_txt(tmp_path, tmp_path)
    assert sorted(x.name for x in tmp_path.glob("*.jsonl")) == ["team-room.jsonl"]


def test_windows_text_and_windows_line_ends(tmp_path: Path) -> None:
    text = "[2026-01-02 03:04:05] Jürgen: Grüße\r\n\tund mehr\r\n"
    (tmp_path / "general.txt").write_bytes(text.encode("cp1252"))
    import_txt(tmp_path, tmp_path)
    first = events(tmp_path)[0]
    assert (first.by, first.text) == ("Jürgen", "Grüße\nund mehr")


def test_an_invalid_time_does_not_stop_the_rest(tmp_path: Path) -> None:
    (tmp_path / "general.txt").write_text("[2026-99-99 00:00:00] a: x\n[2026-01-01 00:00:00] b: y")
    import_txt(tmp_path, tmp_path)
    assert [x.text for x in events(tmp_path)[:2]] == ["x", "y"]


def test_a_system_that_replaces_no_open_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for count, name in enumerate(("general.txt", "General.txt"), 1):
        (tmp_path / name).write_text(OLD, encoding="utf-8")
        with monkeypatch.context() as windows:
            moves_nothing_open(windows)
            import_txt(tmp_path, tmp_path)
        assert [x.do for x in events(tmp_path)].count("say") == count * 3


def test_nothing_is_left_where_the_import_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, synced = disk.sync_file, []

    def full(fd: int) -> None:
        synced.append(fd)
        if len(synced) > 1:  # behind the header
            raise OSError(errno.ENOSPC, "No space left on device")
        real(fd)

    (tmp_path / "general.txt").write_text(OLD, encoding="utf-8")
    with monkeypatch.context() as windows:
        moves_nothing_open(windows)
        windows.setattr(disk, "sync_file", full)
        import_txt(tmp_path, tmp_path)
    assert "general.txt was not taken in" in caplog.text
    assert [x.name for x in tmp_path.iterdir()] == ["general.txt"]
    assert not [x for x in open_files() if x.startswith(str(tmp_path))]
    import_txt(tmp_path, tmp_path)
    assert [x.do for x in events(tmp_path)].count("say") == 3


def test_text_before_the_first_message_is_dropped() -> None:
    assert list(messages("a log\n[2026-01-01 00:00:00] b: y")) == [
        ("2026-01-01 00:00:00", "b", "y")
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_empty_lines_within_a_message_are_kept(end: str) -> None:
    lines = ["[2026-01-01 00:00:00] a: one", "", "\ttwo", "", "[2026-01-01 00:00:01] b: y", "", ""]
    assert list(messages(end.join(lines))) == [
        ("2026-01-01 00:00:00", "a", "one\n\ntwo"),
        ("2026-01-01 00:00:01", "b", "y"),
    ]


@pytest.mark.parametrize("what", ["pipe", "link", "device", "large"])
def test_what_is_not_a_regular_file_is_left_alone_and_logged(
    tmp_path: Path, what: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "general.txt"
    if what == "pipe":
        os.mkfifo(file)
    elif what == "link":
        (tmp_path / "elsewhere").write_text(OLD, encoding="utf-8")
        file.symlink_to(tmp_path / "elsewhere")
    elif what == "device":
        file.symlink_to("/dev/zero")
    else:
        monkeypatch.setattr(module, "TXT_BYTES", 100)
        file.write_text(OLD, encoding="utf-8")
    (tmp_path / "other.txt").write_text(OLD.replace(OLD[30:], ""), encoding="utf-8")
    import_txt(tmp_path, tmp_path)
    assert not (tmp_path / "general.jsonl").exists()
    assert (tmp_path / "other.jsonl").exists(), "the others go on"
    assert "general.txt was not taken in: it is" in caplog.text


def test_it_ends_when_the_start_is_stopped(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(OLD, encoding="utf-8")
    asked: list[None] = []

    def stopped() -> bool:
        asked.append(None)
        return (tmp_path / "a.jsonl").exists()

    import_txt(tmp_path, tmp_path, stopped)
    assert sorted(x.name for x in tmp_path.glob("*.jsonl")) == ["a.jsonl"]
    import_txt(tmp_path, tmp_path)
    assert len(list(tmp_path.glob("*.jsonl"))) == 3
    assert len(events(tmp_path, "a")) == 4


def test_a_room_is_not_read_to_its_end_when_the_start_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "general.txt").write_text(OLD, encoding="utf-8")
    import_txt(tmp_path, tmp_path)
    before = (tmp_path / "general.jsonl").read_bytes()
    import_txt(tmp_path, tmp_path, lambda: True)
    assert (tmp_path / "general.jsonl").read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="two of its files are one where case does not count")
def test_the_import_is_durable_before_and_after_it_replaces_the_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut must leave either file whole, and the new one once the import is logged."""
    (tmp_path / "general.txt").write_text(OLD, encoding="utf-8")
    import_txt(tmp_path, tmp_path)
    (tmp_path / "General.txt").write_text(OLD, encoding="utf-8")
    sync_file, sync_folder, replace = disk.sync_file, disk.sync_folder, disk.replace
    durable: dict[int, int] = {}  # bytes by inode
    steps: list[object] = []

    def synced(fd: int) -> None:
        sync_file(fd)
        durable[os.fstat(fd).st_ino] = os.fstat(fd).st_size

    def replaced(new: Path, path: Path) -> None:
        assert durable.get(new.stat().st_ino) == new.stat().st_size, "the copy is not durable"
        steps.append(path)
        replace(new, path)

    def folder_synced(folder: Path) -> None:
        sync_folder(folder)
        steps.append(folder)

    monkeypatch.setattr(disk, "sync_file", synced)
    monkeypatch.setattr(disk, "sync_folder", folder_synced)
    monkeypatch.setattr(disk, "replace", replaced)
    import_txt(tmp_path, tmp_path)
    assert [x.do for x in events(tmp_path)].count("say") == 6
    assert steps[steps.index(tmp_path / "general.jsonl") :] == [
        tmp_path / "general.jsonl",
        tmp_path,
    ]


def test_a_room_that_lacks_what_was_said_last_takes_in_nothing_yet(tmp_path: Path) -> None:
    """Its numbers and bytes are those of lines that the journal still holds."""
    (tmp_path / "general.txt").write_text(OLD, encoding="utf-8")
    import_txt(tmp_path, tmp_path, lacking={"general"})
    assert not (tmp_path / "general.jsonl").exists()
    import_txt(tmp_path, tmp_path, lacking={"kitchen"})
    assert len(events(tmp_path)) == 4
