import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.keys import Keys
from hub.protocol.events import sealed
from hub.store import disk
from hub.store import ledger_file as module
from hub.store.ledger_file import LedgerFile, Stopped, created, opened
from hub.store.ledger_lines import Found, Newer, head, line_of, lines_of
from tests.ledgers import kept_in
from tests.windows import another_program


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


def line(key: str, n: int) -> bytes:
    return line_of({key: b"%d" % n})


def reopened(path: Path) -> tuple[LedgerFile, Found]:
    return opened(path, path.parent / "torn")


def kept_aside(path: Path) -> list[bytes]:
    aside = path.parent / "torn"
    return [x.read_bytes() for x in aside.iterdir()] if aside.exists() else []


def ints(found: Found) -> dict[str, int]:
    return {key: int(value) for key, value in found.keys.items("")}


def test_what_is_appended_is_found_again(path: Path) -> None:
    file = created(path, Keys({"a": b"1"}))
    file.append(line("a", 2) + line("b", 3))
    file.append(line("c", 4))
    assert kept_in(path) == {"a": 2, "b": 3, "c": 4}
    for _ in range(3):
        file.close()
        file, found = reopened(path)
        assert (ints(found), file.sound, file.size) == ({"a": 2, "b": 3, "c": 4}, True, found.size)
    file.append(line("a", 5))
    assert kept_in(path)["a"] == 5
    assert kept_aside(path) == []
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_seldom_grows(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that grows is slower to sync: what is appended takes the place of newlines."""
    monkeypatch.setattr(module, "GROWTH", 1000)
    file = created(path, Keys())
    sizes = set()
    for n in range(60):
        file.append(line("a", n))
        data = path.read_bytes()
        sizes.add(len(data))
        assert len(data.rstrip(b"\n")) + 1 == file.size
        assert kept_in(path) == {"a": n}
    assert 3 <= len(sizes) <= 5
    file._close()  # as a kill does
    file, found = reopened(path)
    assert (ints(found), kept_aside(path)) == ({"a": 59}, [])
    file.append(line("b", 1))
    assert kept_in(path) == {"a": 59, "b": 1}
    file.write_whole(Keys({"a": b"1"}))
    file.append(line("b", 2))
    assert kept_in(path) == {"a": 1, "b": 2}
    file.close()
    assert not path.read_bytes().endswith(b"\n\n"), "in the end nothing is left of it"


def test_each_head_at_the_end_is_saved_on_its_own(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the power failed between them, the second alone would look like damage."""
    file = created(path, Keys())
    file.append(line("a", 1))
    steps: list[str] = []
    for name in ("pwrite", "sync_file"):
        real = getattr(disk, name)
        monkeypatch.setattr(disk, name, lambda *x, n=name, r=real: (steps.append(n), r(*x))[1])
    file.close()
    assert steps == ["pwrite", "sync_file"] * 2
    _, found = reopened(path)
    assert (ints(found), found.batch, found.end) == ({"a": 1}, 4, path.stat().st_size)


def test_there_is_none_yet(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        reopened(path)


@pytest.mark.parametrize("torn", [b"{", b"\0" * 5000, line("a", 9)[:-1], line("a", 9)[1:]])
def test_a_torn_end_is_cut_off_and_kept(path: Path, torn: bytes) -> None:
    file = created(path, Keys())
    file.append(line("a", 1))
    file.close()
    size = path.stat().st_size
    with path.open("ab") as end:
        end.write(torn)
    file, found = reopened(path)
    assert (ints(found), file.sound, kept_aside(path)) == ({"a": 1}, True, [torn])
    assert path.stat().st_size == size
    file.append(line("b", 2))
    assert kept_in(path) == {"a": 1, "b": 2}


def test_of_a_damaged_file_a_copy_is_kept_until_it_is_written_anew(path: Path) -> None:
    file = created(path, Keys({"a": b"1"}))
    file.append(line("b", 2))
    file.append(line("c", 3))
    file.close()
    damaged = path.read_bytes().replace(b'"b":2', b'"b":7')
    path.write_bytes(damaged + b"torn")
    for _ in range(2):
        file, found = reopened(path)
        assert (ints(found), file.sound) == ({"a": 1, "c": 3}, False)
        assert kept_aside(path) == [damaged + b"torn"], "once"
    file.close()
    assert path.read_bytes() == damaged + b"torn", "it is not changed"
    file.write_whole(found.keys)
    assert file.sound
    file.append(line("d", 4))
    file.close()
    file, found = reopened(path)
    assert (ints(found), file.sound, found.damage.places) == ({"a": 1, "c": 3, "d": 4}, True, [])


def test_a_copy_that_was_cut_off_is_made_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = created(path, Keys({"a": b"1"}))
    file.append(line("b", 2))
    file.append(line("c", 3))
    file.close()
    damaged = path.read_bytes().replace(b'"b":2', b'"b":7')
    path.write_bytes(damaged)
    copy = disk.copy_part

    def cut_off(path: Path, fd: int, start: int, end: int) -> None:
        copy(path, fd, start, end - 50)
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(disk, "copy_part", cut_off)
    with pytest.raises(OSError, match="no space"):
        reopened(path)
    assert kept_aside(path) == [damaged[:-50]]
    monkeypatch.setattr(disk, "copy_part", copy)
    reopened(path)
    assert kept_aside(path) == [damaged]


def copied_between(path: Path, change: Callable[[], object], at: int = 4096) -> Path:
    """A copy of which the piece up to `at` was read before a change, and the rest after it."""
    data = path.read_bytes()[:at]
    change()
    copy = path.parent / "copy" / path.name
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(data + path.read_bytes()[at:])
    return copy


def test_a_copy_made_while_it_was_appended_to_is_as_it_was_before(path: Path) -> None:
    file = created(path, Keys())
    file.append(line("a", 1))
    while file.size < 4000:
        file.append(line("b", file.size))
    size, before = file.size, ints(reopened(path)[1])

    def change() -> None:
        for n in range(20):
            file.append(line("a", n) + line("c", n))

    copy = copied_between(path, change)
    data = copy.read_bytes()
    mine, found = reopened(copy)
    assert (ints(found), mine.sound, found.damage.places) == (before, True, [])
    assert kept_aside(copy) == [data[size:].rstrip(b"\n") + b"\n"]
    mine.append(line("d", 4))
    assert kept_in(copy) == {**before, "d": 4}
    for damaged in (
        data.rstrip(b"\n") + b"\n",  # it ended in order: somebody took lines out of it
        data.replace(b'{"b":', b'{"B":', 1),  # that is not all
        data.rstrip(b"\n") + b"\n" + line("d", 4) * 6000 + b"\n",  # too much comes after it
        data[:size] + b"\n" + data[size:],  # no program copies so
    ):
        copy.write_bytes(damaged)
        assert reopened(copy)[1].damage.places, damaged[:50]


def test_a_newer_ledger_stays_as_it_is(path: Path) -> None:
    newer = sealed(b'{"ledger":2}') + b"anything"
    path.write_bytes(newer)
    with pytest.raises(Newer):
        reopened(path)
    assert path.read_bytes() == newer


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
def test_what_is_no_file_is_not_taken_for_an_empty_one(path: Path) -> None:
    for make in (os.mkfifo, lambda x: x.symlink_to("elsewhere"), Path.mkdir):
        make(path)
        with pytest.raises(disk.Unfit):
            reopened(path)
        path.rmdir() if path.is_dir() else path.unlink()


# -- written anew -----------------------------------------------------------------------------


def test_all_is_written_anew_beside_what_goes_on(path: Path) -> None:
    keys = Keys({"a": b"1", "b": b"2"})
    file = created(path, keys)
    for n in range(100):
        file.append(line("a", n))
    before = path.stat().st_size

    def slices() -> object:
        yield line("a", 99)
        file.append(line("b", 7))  # meanwhile
        assert kept_in(path) == {"a": 99, "b": 7}
        yield line("b", 2)

    file.write_beside(slices())  # type: ignore[arg-type]
    file.append(line("c", 8))
    assert kept_in(path) == {"a": 99, "b": 7, "c": 8}
    file.adopt(line("b", 7) + line("c", 8))
    assert kept_in(path) == {"a": 99, "b": 7, "c": 8}
    assert path.stat().st_size == file.size < before / 10
    file.append(line("d", 9))
    file.close()
    file, found = reopened(path)
    assert ints(found) == {"a": 99, "b": 7, "c": 8, "d": 9}
    assert [x.name for x in path.parent.iterdir()] == [path.name]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_end_of_what_was_written_anew_is_not_taken_for_torn(path: Path) -> None:
    file = created(path, Keys())
    file.write_whole(Keys({"a": b"1", "b": b"2"}))
    path.write_bytes(path.read_bytes().replace(b'"b":2', b'"b":7'))
    _, found = reopened(path)
    assert (ints(found), len(found.damage.places)) == ({"a": 1}, 1)


def test_writing_all_anew_can_be_stopped(path: Path) -> None:
    file = created(path, Keys({"a": b"1"}))

    def slices() -> object:
        yield line("a", 1)
        file.stopping = True
        yield line("b", 2)

    with pytest.raises(Stopped):
        file.write_beside(slices())  # type: ignore[arg-type]
    assert [x.name for x in path.parent.iterdir()] == [path.name]
    file.append(line("c", 3))
    assert kept_in(path) == {"a": 1, "c": 3}


def test_what_a_crash_left_beside_it_is_removed(path: Path) -> None:
    created(path, Keys({"a": b"1"}))
    (path.parent / ".ledger.jsonl.new").write_bytes(b"x")
    file, _ = reopened(path)
    assert [x.name for x in path.parent.iterdir()] == [path.name]
    (path.parent / ".ledger.jsonl.new").write_bytes(b"x")
    file.write_whole(Keys({"a": b"1"}))
    assert [x.name for x in path.parent.iterdir()] == [path.name]


# -- what may fail ------------------------------------------------------------------------------


def fails(monkeypatch: pytest.MonkeyPatch, where: object, name: str, error: int,
          after: int = 0, partly: int = 0) -> None:  # fmt: skip
    """Let a call fail, the first `after` of them not; a write may be done in part before."""
    real: Callable[..., object] = getattr(where, name)
    left = after

    def failing(*arguments: object) -> object:
        nonlocal left
        left -= 1
        if left >= 0:
            return real(*arguments)
        if partly:
            real(arguments[0], arguments[1][:partly], *arguments[2:])  # type: ignore[index]
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(where, name, failing)


def test_a_disk_that_is_nearly_full_takes_what_it_can(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = created(path, Keys())
    batch = len(head(2) + line("a", 1))
    with monkeypatch.context() as patch:
        fails(patch, disk, "pwrite", errno.ENOSPC, partly=batch + 7)
        file.append(line("a", 1))
    assert (path.stat().st_size, file.sound) == (file.size + 7, True)
    file.append(line("b", 2))
    assert kept_in(path) == {"a": 1, "b": 2}
    with monkeypatch.context() as patch:
        fails(patch, disk, "pwrite", errno.ENOSPC)
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            file.append(line("c", 3))  # its place is there, yet that cannot be written
    file.append(line("d", 4))
    _, found = reopened(path)
    assert (ints(found), kept_aside(path)) == ({"a": 1, "b": 2, "d": 4}, [])


@pytest.mark.parametrize("partly", [0, 5, 50])
def test_a_full_disk_leaves_what_was_there_and_it_may_be_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, partly: int
) -> None:
    file = created(path, Keys({"a": b"1"}))
    before = path.read_bytes()
    for _ in range(2):
        with monkeypatch.context() as full:
            fails(full, disk, "pwrite", errno.ENOSPC, partly=partly)
            with pytest.raises(OSError, match="No space"):
                file.append(line("b", 2))
        assert path.read_bytes() == before
        assert file.sound
    file.append(line("b", 2))
    assert kept_in(path) == {"a": 1, "b": 2}


@pytest.mark.parametrize("call", ["pwrite", "sync_file", "ftruncate"])
def test_after_an_error_all_is_written_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The system may have dropped what it could not write, and never says so again."""
    file = created(path, Keys({"a": b"1"}))
    with monkeypatch.context() as broken:
        if call == "ftruncate":
            fails(broken, disk, "pwrite", errno.ENOSPC, partly=5)
            fails(broken, os, "ftruncate", errno.EIO)
        else:
            fails(broken, disk, call, errno.EIO)
        with pytest.raises(OSError, match=r"Input/output error|No space"):
            file.append(line("b", 2))
    assert not file.sound
    file.write_whole(Keys({"a": b"1", "b": b"2"}))
    assert file.sound
    assert kept_in(path) == {"a": 1, "b": 2}


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize(
    ("call", "after"),
    [("pwrite", 0), ("pwrite", 1), ("pwrite", 2), ("sync_file", 0), ("sync_file", 1),
     ("replace", 0), ("open_file", 0), ("open_file", 1)],
)  # fmt: skip
def test_where_all_cannot_be_written_anew_the_file_goes_on(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str, after: int, error: int
) -> None:
    file = created(path, Keys({"a": b"1"}))
    file.append(line("b", 2))
    with monkeypatch.context() as broken:
        fails(broken, disk, call, error, after=after)
        with pytest.raises(OSError, match=os.strerror(error)):
            file.write_whole(Keys({"a": b"7"}))
    assert [x.name for x in path.parent.iterdir()] == [path.name]
    assert file.sound
    file.append(line("c", 3))
    assert kept_in(path) == {"a": 1, "b": 2, "c": 3}


def test_a_name_that_may_not_last_is_written_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = created(path, Keys({"a": b"1"}))
    with monkeypatch.context() as broken:
        fails(broken, disk, "sync_folder", errno.EIO)
        with pytest.raises(OSError, match="Input/output error"):
            file.write_whole(Keys({"a": b"2"}))
    assert not file.sound
    assert kept_in(path) == {"a": 2}
    file.write_whole(Keys({"a": b"3"}))
    file.append(line("b", 4))
    assert kept_in(path) == {"a": 3, "b": 4}


def test_where_no_descriptor_is_left_it_is_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = created(path, Keys())
    with monkeypatch.context() as broken:
        fails(broken, disk, "open_file", errno.EMFILE)
        with pytest.raises(OSError, match="Too many open files"):
            file.append(line("a", 1))
    assert file.sound
    file.append(line("a", 1))
    assert kept_in(path) == {"a": 1}


@pytest.mark.parametrize("what", ["removed", "replaced", "longer", "shorter", "a folder"])
@pytest.mark.parametrize("used", [False, True])
def test_what_another_program_does_to_it_is_noticed(path: Path, what: str, used: bool) -> None:
    file = created(path, Keys({"a": b"1"}))
    if used:
        file.append(line("b", 2))
    if what == "longer":
        path.write_bytes(path.read_bytes() + b"x")
    elif what == "shorter":
        os.truncate(path, 10)
    else:
        other = path.with_name("other")
        other.write_bytes(path.read_bytes() + b"" if used else b"x")
        with another_program():
            path.unlink()
        if what == "replaced":
            other.rename(path)
        elif what == "a folder":
            path.mkdir()
    with pytest.raises(OSError, match="another program|it is not a file"):
        file.append(line("c", 3))
    assert not file.sound
    if what != "a folder":
        file.write_whole(Keys({"a": b"1", "b": b"2", "c": b"3"}))
        file.append(line("d", 4))
        assert kept_in(path) == {"a": 1, "b": 2, "c": 3, "d": 4}


# -- a crash at each step -----------------------------------------------------------------------


def test_each_step_leaves_one_whole_ledger(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was told to be saved is in the file that bears the name, at any moment."""
    keys = Keys({"a": b"1"})
    file = created(path, keys)
    file.append(line("b", 2))
    steps: list[str] = []

    def seen(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object) -> object:
            done = call(*arguments)
            steps.append(name)
            assert kept_in(path) == {"a": 1, "b": 2}
            return done

        return step

    for name in ("pwrite", "sync_file", "sync_folder", "replace", "open_file"):
        monkeypatch.setattr(disk, name, seen(name, getattr(disk, name)))
    file.write_beside([line("a", 1), line("b", 2)])
    file.adopt(b"")
    assert steps.index("sync_file") < steps.index("replace") < steps.index("sync_folder")
    assert steps[:-2].count("sync_file") == 2, "what came meanwhile is synced too"


def test_a_crash_while_all_is_written_anew_does_no_harm(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for call, after in (("pwrite", 0), ("pwrite", 1), ("sync_file", 0), ("replace", 0)):
        path.unlink(missing_ok=True)
        file = created(path, Keys({"a": b"1"}))
        with monkeypatch.context() as crash:
            left = after
            real = getattr(disk, call)

            def crashes(*arguments: object) -> object:
                nonlocal left
                left -= 1
                if left < 0:
                    raise KeyboardInterrupt
                return real(*arguments)  # noqa: B023

            crash.setattr(disk, call, crashes)
            crash.setattr(disk, "remove", lambda path: None)
            with pytest.raises(KeyboardInterrupt):
                file.write_whole(Keys({"a": b"1"}))
        again, found = reopened(path)
        assert ints(found) == {"a": 1}
        assert [x.name for x in path.parent.iterdir()] == [path.name]
        again.append(line("b", 2))
        assert kept_in(path) == {"a": 1, "b": 2}
        again.close()


def test_lines_of_all_keys_are_what_is_written(path: Path) -> None:
    keys = Keys({f"k{n}": b"%d" % n for n in range(1000)})
    created(path, keys)
    assert lines_of(keys, [f"k{n}" for n in range(1000)]) in path.read_bytes()
    assert kept_in(path) == {f"k{n}": n for n in range(1000)}
