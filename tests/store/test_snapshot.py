import asyncio
import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Refused
from hub.store import disk
from hub.store import snapshot as module
from hub.store.snapshot import Snapshot
from hub.store.writer import Writer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people.json"


class State:
    text = b"1"

    def dump(self) -> bytes:
        return self.text

    def load(self, data: bytes) -> None:
        if not data.isdigit():
            raise ValueError("damaged")
        self.text = data


def kept(file: Path, work: Callable[[Snapshot, State], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        writer = Writer(asyncio.get_running_loop())
        state = State()
        try:
            await work(Snapshot(file, state.dump, writer), state)
        finally:
            await asyncio.to_thread(writer.stop)
            await asyncio.sleep(0)

    asyncio.run(main())


def found(file: Path) -> bytes:
    return file.read_bytes()


def loaded(file: Path, *, well: bool = True) -> bytes:
    state = State()
    state.text = b""

    async def work(keeper: Snapshot, _: State) -> None:
        assert keeper.load(state.load) is well

    kept(file, work)
    return state.text


def test_what_is_there_now_is_on_disk_once_it_is_told(file: Path) -> None:
    async def work(keeper: Snapshot, state: State) -> None:
        for text in (b"1", b"2", b"3"):
            state.text = text
            await keeper.kept()
            assert found(file) == text
        assert found(file.with_suffix(".last")) == b"2"

    kept(file, work)
    assert loaded(file) == b"3"


def test_many_changes_are_few_writes(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[bytes] = []
    monkeypatch.setattr(module, "_replace", lambda _, data: writes.append(data))

    async def work(keeper: Snapshot, state: State) -> None:
        began = time.monotonic()
        for number in range(400):
            state.text = str(number).encode()
            keeper.changed()
            await asyncio.sleep(0.001)
        while keeper.busy:
            await asyncio.sleep(0.01)
        assert writes[-1] == state.text
        assert 2 <= len(writes) <= (time.monotonic() - began) / module.INTERVAL + 2

    kept(file, work)


def test_it_is_busy_until_everything_is_kept(file: Path) -> None:
    async def work(keeper: Snapshot, state: State) -> None:
        assert not keeper.busy
        state.text = b"7"
        keeper.changed()
        assert keeper.busy
        while keeper.busy:
            await asyncio.sleep(0.01)
        assert found(file) == b"7"

    kept(file, work)


def test_many_wait_for_one_write(file: Path) -> None:
    async def work(keeper: Snapshot, _: State) -> None:
        await asyncio.gather(*(keeper.kept() for _ in range(100)))

    kept(file, work)


def test_who_stopped_waiting_stops_nobody(file: Path) -> None:
    async def work(keeper: Snapshot, _: State) -> None:
        first = asyncio.create_task(keeper.kept())
        await asyncio.sleep(0)
        first.cancel()
        await keeper.kept()

    kept(file, work)


def test_a_full_disk_is_told_and_the_next_one_is_kept(
    file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write, full = disk.write_atomically, True

    def maybe(path: Path, data: bytes) -> None:
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, data)

    monkeypatch.setattr(disk, "write_atomically", maybe)

    async def work(keeper: Snapshot, state: State) -> None:
        nonlocal full
        full = False
        await keeper.kept()
        full, state.text = True, b"2"
        for _ in range(3):
            with pytest.raises(Refused) as refused:
                await keeper.kept()
            assert refused.value.status == 507
            assert loaded_now() == b"1", "the last good state is still there"
        full = False
        await keeper.kept()
        assert found(file) == b"2"

    def loaded_now() -> bytes:
        return file.read_bytes()

    kept(file, work)
    assert "cannot be written" in caplog.text


def test_a_file_that_is_nested_too_deeply_is_damaged(file: Path) -> None:
    file.write_bytes(b"[" * 10)

    async def work(keeper: Snapshot, _: State) -> None:
        def deep(data: bytes) -> None:
            raise RecursionError

        assert keeper.load(deep) is False

    kept(file, work)
    assert len(list(file.parent.glob("*.damaged-*"))) == 1


@pytest.mark.parametrize("damage", [b"", b"12{", b"\x00" * 100])
def test_a_file_cut_in_the_middle_is_kept_aside_and_the_last_good_state_counts(
    file: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_bytes(damage)
    file.with_suffix(".last").write_bytes(b"41")
    with caplog.at_level(logging.ERROR):
        assert loaded(file, well=False) == b"41"
    aside = list(file.parent.glob("people.json.damaged-*"))
    assert [x.read_bytes() for x in aside] == [damage]
    assert not file.exists()
    assert aside[0].name in caplog.text


def test_both_may_be_damaged(file: Path) -> None:
    file.write_bytes(b"x")
    file.with_suffix(".last").write_bytes(b"y")
    assert loaded(file, well=False) == b""
    assert sorted(x.read_bytes() for x in file.parent.glob("*.damaged-*")) == [b"x", b"y"]


def test_nothing_was_kept_yet(file: Path) -> None:
    assert loaded(file) == b""
    assert list(file.parent.iterdir()) == []


def test_an_end_between_the_two_steps(file: Path) -> None:
    file.with_suffix(".last").write_bytes(b"41")
    assert loaded(file) == b"41"


def test_there_is_a_whole_file_under_each_name_at_any_moment(file: Path) -> None:
    """Somebody copies the folder: whenever that is, the copy has the people in it."""
    last = file.with_suffix(".last")
    odd: list[str] = []
    looked = 0
    ending = threading.Event()

    def look() -> None:
        nonlocal looked
        while not ending.is_set() and looked < 1_000_000:
            looked += 1
            for each in (file, last):
                try:
                    if not each.read_bytes().endswith(b"0" * 1000):
                        odd.append(f"{each.name} was not whole")
                except FileNotFoundError:
                    odd.append(f"{each.name} was not there")

    def replace(number: int) -> None:
        module._replace(file, b"%d" % number + b"0" * 1000)

    replace(1)
    replace(2)
    looking = threading.Thread(target=look)
    looking.start()
    try:
        for number in range(3, 300):
            replace(number)
    finally:
        ending.set()
        looking.join()
    assert looked > 10
    assert odd == []
    assert file.read_bytes().startswith(b"299")
    assert last.read_bytes().startswith(b"298")
    assert sorted(x.name for x in file.parent.iterdir()) == ["people.json", "people.last"]


@pytest.mark.parametrize("links", [True, False])
def test_each_step_leaves_both_names_whole(
    file: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """Wherever the power fails, and on a drive without links too."""
    last = file.with_suffix(".last")
    module._replace(file, b"1")
    module._replace(file, b"2")
    steps: list[tuple[str, bytes, bytes]] = []

    def seen(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **more: Any) -> Any:
            done = call(*arguments, **more)
            steps.append((name, file.read_bytes(), last.read_bytes()))
            return done

        return step

    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", seen("link", os.link) if links else refused)
    for name in ("replace", "unlink", "fsync"):
        monkeypatch.setattr(os, name, seen(name, getattr(os, name)))
    monkeypatch.setattr(disk, "sync_folder", seen("folder", disk.sync_folder))
    module._replace(file, b"3")
    monkeypatch.undo()
    assert (file.read_bytes(), last.read_bytes()) == (b"3", b"2")
    assert [x[1:] for x in steps if x[1:] not in ((b"2", b"1"), (b"2", b"2"), (b"3", b"2"))] == []
    names = [x[0] for x in steps]
    assert ("link" in names) == links
    assert names.index("fsync") < names.index("folder"), "on stable storage before it counts"


def test_a_crash_between_the_two_steps_does_no_harm(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then both names are of one file, and one of those does not replace the other."""
    module._replace(file, b"1")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(disk, "write_atomically", crash)
    with pytest.raises(KeyboardInterrupt):
        module._replace(file, b"2")
    assert file.read_bytes() == file.with_suffix(".last").read_bytes() == b"1"
    monkeypatch.undo()
    module._replace(file, b"3")
    assert (file.read_bytes(), file.with_suffix(".last").read_bytes()) == (b"3", b"1")
    assert sorted(x.name for x in file.parent.iterdir()) == ["people.json", "people.last"]


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_is_no_file_is_not_taken_for_nobody(file: Path, kind: str) -> None:
    """Else everybody would have to come in anew, and the hub would have no host."""
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "link":
        file.symlink_to(file.with_name("elsewhere"))
    else:
        file.mkdir()
    file.with_suffix(".last").write_bytes(b"41")
    with pytest.raises(OSError, match="it is"):
        loaded(file)


def test_a_file_that_never_ends_is_not_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SNAPSHOT_BYTES", 100)
    file.write_bytes(b"1" * 101)
    with pytest.raises(OSError, match="larger than"):
        loaded(file)


def test_it_ends_though_changes_go_on(file: Path) -> None:
    async def work(keeper: Snapshot, state: State) -> None:
        going = True

        async def change() -> None:
            while going:
                state.text = b"%d" % (int(state.text) + 1)
                keeper.changed()
                await asyncio.sleep(0)

        changing = asyncio.create_task(change())
        await asyncio.sleep(0.01)
        before = int(state.text)
        await asyncio.wait_for(keeper.end(), 60)
        kept = int(found(file))
        assert kept >= before, "what there was is kept"
        with pytest.raises(Refused) as why:
            await keeper.kept()
        assert why.value.code == "stopping"
        for _ in range(100):
            await asyncio.sleep(0.001)
        assert int(state.text) > kept, "they do go on"
        going = False
        await changing
        assert int(found(file)) <= kept + 1000, "nothing is written without end"

    kept(file, work)


def test_it_ends_where_nothing_has_changed(file: Path) -> None:
    async def work(keeper: Snapshot, _: State) -> None:
        await keeper.end()

    kept(file, work)
    assert not file.exists()


@pytest.fixture
def held_write(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Writes wait for the second event; the first says that one has begun."""
    write = disk.write_atomically
    writing, go_on = threading.Event(), threading.Event()

    def slow(path: Path, data: bytes) -> None:
        writing.set()
        assert go_on.wait(30)
        write(path, data)

    monkeypatch.setattr(disk, "write_atomically", slow)
    return writing, go_on


def test_what_changes_while_it_is_written_is_in_the_next_one(
    file: Path, held_write: tuple[threading.Event, threading.Event]
) -> None:
    writing, go_on = held_write

    async def work(keeper: Snapshot, state: State) -> None:
        keeper.changed()
        await asyncio.to_thread(writing.wait, 30)
        state.text = b"2"
        keeper.changed()
        waited = asyncio.create_task(keeper.kept())
        await asyncio.sleep(0)
        go_on.set()
        await waited
        assert found(file) == b"2", "and whoever waits for the change waits for the next one"
        state.text = b"3"
        keeper.changed()
        while keeper.busy:
            await asyncio.sleep(0.01)
        assert found(file) == b"3", "and so it is where nobody waits"

    kept(file, work)


def test_what_changes_while_it_is_written_is_kept_where_nobody_waits(
    file: Path, held_write: tuple[threading.Event, threading.Event]
) -> None:
    writing, go_on = held_write

    async def work(keeper: Snapshot, state: State) -> None:
        keeper.changed()
        await asyncio.to_thread(writing.wait, 30)
        state.text = b"2"
        keeper.changed()
        go_on.set()
        while keeper.busy:
            await asyncio.sleep(0.01)
        assert found(file) == b"2"

    kept(file, work)


def test_a_write_that_is_waited_for_is_not_done_again_after_the_pause(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "INTERVAL", 0.2)
    dumps: list[bytes] = []

    async def work(keeper: Snapshot, state: State) -> None:
        await keeper.kept()
        keeper._dump = lambda: dumps.append(state.text) or state.text  # type: ignore[func-returns-value]
        keeper.changed()  # waits for the pause after the write before
        await keeper.kept()
        await asyncio.sleep(0.5)

    kept(file, work)
    assert len(dumps) == 1
