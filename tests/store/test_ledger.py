import asyncio
import errno
import logging
import os
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Refused
from hub.keys import Keys
from hub.store import disk
from hub.store import ledger as module
from hub.store.ledger import Ledger
from hub.store.ledger_file import LedgerFile, created, opened
from hub.store.ledger_lines import line_of
from hub.store.writer import Writer
from tests.ledgers import kept_in
from tests.patience import PATIENCE

Work = Callable[[Keys, Ledger], Coroutine[Any, Any, None]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


def run(path: Path, work: Work, *, ends: bool = True) -> None:
    """Do something with the ledger of a file, which is made if need be."""

    async def main() -> None:
        writer = Writer(asyncio.get_running_loop())
        try:
            keys, file = found(path)
            ledger = Ledger(keys, file, writer)
            await work(keys, ledger)
            if ends:
                async with asyncio.timeout(30):
                    await ledger.end()
        finally:
            await asyncio.to_thread(writer.stop)
            await asyncio.sleep(0)

    asyncio.run(main())


def found(path: Path) -> tuple[Keys, LedgerFile]:
    if not path.exists():
        keys = Keys()
        return keys, created(path, keys)
    file, there = opened(path, path.parent / "torn")
    return there.keys, file


def data_of(path: Path) -> bytes:
    return path.read_bytes()


def put(keys: Keys, **values: int | None) -> None:
    keys.put({
        key: (keys.get(key), None if value is None else b"%d" % value)
        for key, value in values.items()
    })  # fmt: skip


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.005)


async def refused(ledger: Ledger) -> str:
    with pytest.raises(Refused) as why:
        await ledger.kept()
    return f"{why.value.status} {why.value.code}"


def grow(keys: Keys, name: str, count: int) -> None:
    for n in range(count):
        put(keys, **{name: n})


class FailingDisk:
    """Makes calls fail while `calls` names them, and counts these failures."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.error = errno.ENOSPC
        self.calls: tuple[str, ...] = ()
        self.failed = 0
        for where, name in (
            (disk, "pwrite"), (disk, "sync_file"), (disk, "replace"), (disk, "sync_folder"),
            (os, "ftruncate"),
        ):  # fmt: skip
            monkeypatch.setattr(where, name, self._wrapped(name, getattr(where, name)))

    def _wrapped(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            if name in self.calls:
                self.failed += 1
                raise OSError(self.error, os.strerror(self.error))
            return real(*arguments)

        return call


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> FailingDisk:
    return FailingDisk(monkeypatch)


def test_what_is_there_now_is_on_disk_once_it_is_told(path: Path) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        for n in range(3):
            put(keys, a=n, b=None if n == 1 else n)
            await ledger.kept()
            assert kept_in(path) == {"a": n, **({} if n == 1 else {"b": n})}

    run(path, work)
    assert dict(found(path)[0].items("")) == {"a": b"2", "b": b"2"}


def test_where_nothing_has_changed_nothing_is_written(path: Path) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)
        await ledger.kept()
        before = data_of(path)
        for _ in range(3):
            await ledger.kept()
        put(keys, a=1)
        await ledger.kept()
        assert data_of(path) == before

    run(path, work)


def test_many_changes_are_few_writes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    appends: list[int] = []
    append = LedgerFile.append

    def counted(file: LedgerFile, lines: bytes) -> None:
        appends.append(lines.count(b"\n"))
        append(file, lines)

    monkeypatch.setattr(LedgerFile, "append", counted)

    async def work(keys: Keys, ledger: Ledger) -> None:
        for n in range(200):
            put(keys, a=n)
            await asyncio.sleep(0)
        await until(lambda: kept_in(path).get("a") == 199)
        assert len(appends) <= 5, "they gather, where nobody waits"
        await asyncio.gather(*(ledger.kept() for _ in range(50)))

    run(path, work)
    assert sum(appends) == 200


def test_what_nobody_waits_for_is_kept_soon(path: Path) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)
        await until(lambda: kept_in(path) == {"a": 1})
        put(keys, a=2)
        await until(lambda: kept_in(path) == {"a": 2})

    run(path, work)


@pytest.fixture
def held_write(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Writes wait for the second event; the first says that one has begun."""
    write = disk.pwrite
    writing, go_on = threading.Event(), threading.Event()

    def slow(fd: int, data: bytes, offset: int) -> None:
        writing.set()
        assert go_on.wait(PATIENCE)
        write(fd, data, offset)

    monkeypatch.setattr(disk, "pwrite", slow)
    return writing, go_on


def test_what_changes_while_it_is_written_is_in_the_next_one(
    path: Path, held_write: tuple[threading.Event, threading.Event]
) -> None:
    writing, go_on = held_write

    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)
        first = asyncio.create_task(ledger.kept())
        await asyncio.to_thread(writing.wait, 30)
        same = asyncio.create_task(ledger.kept())
        await asyncio.sleep(0)
        put(keys, a=2)
        waited = asyncio.create_task(ledger.kept())
        await asyncio.sleep(0.02)
        assert [x.done() for x in (first, same, waited)] == [False] * 3
        go_on.set()
        await asyncio.gather(first, same)
        await waited
        assert kept_in(path) == {"a": 2}, "and whoever waits for the change waits for the next one"
        put(keys, a=3)
        await until(lambda: kept_in(path) == {"a": 3})

    run(path, work)


def test_who_stopped_waiting_stops_nobody(path: Path) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)
        first = asyncio.create_task(ledger.kept())
        await asyncio.sleep(0)
        first.cancel()
        put(keys, a=2)
        await ledger.kept()
        assert kept_in(path) == {"a": 2}

    run(path, work)


# -- the end ------------------------------------------------------------------------------------


def test_it_ends_though_changes_go_on(path: Path) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        going, n = True, 0

        async def change() -> None:
            nonlocal n
            while going:
                n += 1
                put(keys, a=n)
                await asyncio.sleep(0)

        changing = asyncio.create_task(change())
        await asyncio.sleep(0.01)
        before = n
        async with asyncio.timeout(30):
            await ledger.end()
        kept = kept_in(path)["a"]
        assert kept >= before, "what there was is kept"
        assert await refused(ledger) == "503 stopping"
        for _ in range(100):
            await asyncio.sleep(0.001)
        assert n > kept, "they do go on"
        going = False
        await changing
        assert kept_in(path)["a"] == kept, "nothing is written without end"

    run(path, work, ends=False)


def test_who_waits_at_the_end_is_told(
    path: Path, held_write: tuple[threading.Event, threading.Event]
) -> None:
    writing, go_on = held_write

    async def work(keys: Keys, ledger: Ledger) -> None:
        async def later() -> str:
            await ledger.kept()
            put(keys, a=3)  # in the same moment in which it ends
            return await refused(ledger)

        put(keys, a=1)
        late = asyncio.create_task(later())
        ending = asyncio.create_task(ledger.end())
        await asyncio.to_thread(writing.wait, 30)
        put(keys, a=2)
        waiting = asyncio.create_task(ledger.kept())
        await asyncio.sleep(0)
        go_on.set()
        await waiting
        assert await late == "503 stopping"
        await ending

    run(path, work, ends=False)
    assert dict(found(path)[0].items("")) == {"a": b"2"}


def test_who_waits_at_the_end_for_all_anew_is_told(path: Path, failing: FailingDisk) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        async def again() -> tuple[str, str]:
            first = await refused(ledger)
            return first, await refused(ledger)  # while the end has not gone on yet

        failing.calls, failing.error = ("sync_file",), errno.EIO
        put(keys, a=1)
        waiting = asyncio.create_task(again())
        await asyncio.sleep(0)
        async with asyncio.timeout(30):
            await ledger.end()
            first, second = await waiting
        assert first == "507 not_saved"
        assert second in ("507 not_saved", "503 stopping")

    run(path, work, ends=False)


def test_an_end_tries_again_what_just_failed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, failed = disk.pwrite, 0

    def fails_once(*arguments: Any) -> None:
        nonlocal failed
        failed += 1
        if failed == 1:
            raise OSError(errno.ENOSPC, "full")
        write(*arguments)

    async def work(keys: Keys, ledger: Ledger) -> None:
        monkeypatch.setattr(disk, "pwrite", fails_once)
        put(keys, a=1)
        waiting = asyncio.create_task(refused(ledger))
        await asyncio.sleep(0)
        await ledger.end()
        assert await waiting == "507 not_saved"

    run(path, work, ends=False)
    assert dict(found(path)[0].items("")) == {"a": b"1"}


def test_an_end_in_order_leaves_nothing_torn(path: Path) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)

    run(path, work)
    line = line_of({"a": b"1"})
    data = path.read_bytes()
    assert line in data
    path.write_bytes(data.replace(line, b"#" * (len(line) - 1) + b"\n"))
    _, there = opened(path, path.parent / "torn")
    assert len(there.damage.places) == 1


# -- written anew -------------------------------------------------------------------------------


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """All is written anew often, and in many slices."""
    monkeypatch.setattr(module, "GROWTH", 2000)
    monkeypatch.setattr(module, "SLICE", 2)
    monkeypatch.setattr(module, "PAUSE", 0.001)


def test_a_file_that_has_grown_is_written_anew(path: Path, small: None) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        for n in range(300):
            put(keys, **{"a": n, f"k{n % 20}": n})
            await ledger.kept()
            assert kept_in(path)["a"] == n, "whatever is under way"
        await until(lambda: len(data_of(path).rstrip(b"\n")) < 6000)

    run(path, work)
    keys, _ = found(path)
    assert keys.get("a") == b"299"
    assert len(keys) == 21
    assert path.stat().st_size < 6000


def test_nobody_loses_a_change_while_all_is_written_anew(path: Path, small: None) -> None:
    """Changes, new keys and keys that go, before and after their slice was written."""

    async def work(keys: Keys, ledger: Ledger) -> None:
        for n in range(40):
            put(keys, **{f"k{n}": n})
        for turn in range(12):
            await ledger.kept()
            ledger.compact()
            for n in range(60):
                name = f"k{(7 * n + turn) % 50}"
                put(keys, **{name: None if (n + turn) % 5 == 0 else 100 * turn + n})
                if n % 8 == 0:
                    await ledger.kept()
                await asyncio.sleep(0.0003)
            await ledger.kept()
            expected = {key: int(value) for key, value in keys.items("")}
            assert kept_in(path) == expected, turn

    run(path, work)


def test_it_is_written_anew_only_where_that_makes_a_difference(path: Path) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)
        await ledger.kept()
        put(keys, a=2)
        await ledger.kept()
        ledger.compact()
        await until(lambda: b'"a":1' not in data_of(path) and ledger._beside is None)
        ledger.compact()
        assert ledger._beside is None
        assert kept_in(path) == {"a": 2}

    run(path, work)


def test_a_long_write_is_given_up_at_the_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLICE", 1)
    monkeypatch.setattr(module, "PAUSE", 0.01)

    async def work(keys: Keys, ledger: Ledger) -> None:
        for n in range(5000):
            put(keys, **{f"k{n}": n})
        await ledger.kept()
        ledger.compact()
        await until((path.parent / ".ledger.jsonl.new").exists)
        put(keys, a=7)

    run(path, work)
    assert [x.name for x in path.parent.iterdir()] == [path.name]
    keys, file = found(path)
    assert (keys.get("a"), len(keys), file.sound) == (b"7", 5001, True)


@pytest.mark.parametrize("call", ["pwrite", "replace"])
def test_what_is_gone_goes_the_next_time_where_that_fails(
    path: Path, failing: FailingDisk, call: str
) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        for n in (1, 2):
            put(keys, a=n)
            await ledger.kept()
        failing.calls = (call,)
        ledger.compact()
        await until(lambda: failing.failed > 0 and ledger._beside is None)
        failing.calls = ()
        ledger.compact()
        await until(lambda: b'"a":1' not in data_of(path))

    run(path, work)


def test_what_changes_while_all_is_written_anew_is_a_reason_for_the_next_time(path: Path) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)
        ledger.compact()
        put(keys, a=2)
        await until(lambda: ledger._beside is None)
        ledger.compact()
        assert ledger._beside is not None

    run(path, work)


@pytest.mark.parametrize("call", ["pwrite", "sync_file", "replace", "sync_folder"])
def test_where_that_fails_the_file_goes_on(
    path: Path, failing: FailingDisk, caplog: pytest.LogCaptureFixture, call: str
) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)
        await ledger.kept()
        put(keys, b=2)
        await ledger.kept()
        failing.calls = (call,)
        ledger.compact()
        await until(lambda: failing.failed > 0)
        failing.calls = ()
        put(keys, c=3)
        await ledger.kept()
        assert kept_in(path) == {"a": 1, "b": 2, "c": 3}
        put(keys, d=4)
        await ledger.kept()
        ledger.compact()
        put(keys, d=5)

    run(path, work)
    assert dict(found(path)[0].items("")) == {"a": b"1", "b": b"2", "c": b"3", "d": b"5"}
    assert "No space left" in caplog.text


# -- a disk that fails --------------------------------------------------------------------------


@pytest.mark.parametrize("calls", [("pwrite",), ("sync_file",), ("pwrite", "ftruncate")])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_who_waits_is_told_and_it_is_kept_once_it_can_be(
    path: Path, failing: FailingDisk, caplog: pytest.LogCaptureFixture, calls: tuple[str, ...],
    error: int,
) -> None:  # fmt: skip
    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)
        await ledger.kept()
        failing.calls, failing.error = calls, error
        for n in range(3):
            put(keys, a=2, b=n)
            assert await refused(ledger) == "507 not_saved"
            assert await refused(ledger) == "507 not_saved", "though nothing changed"
        failing.calls = ()
        await ledger.kept()
        assert kept_in(path) == {"a": 2, "b": 2}
        put(keys, c=3)
        await ledger.kept()
        assert kept_in(path) == {"a": 2, "b": 2, "c": 3}

    run(path, work)
    lines = [x.message for x in caplog.records if x.levelno >= logging.WARNING]
    assert [x for x in lines if "cannot be written" in x] == lines[:1], "said once"
    assert lines[1:] == ["ledger.jsonl can be written again"]


@pytest.mark.parametrize("calls", [("pwrite",), ("sync_file",)])
def test_it_is_tried_again_where_nobody_waits(
    path: Path, failing: FailingDisk, monkeypatch: pytest.MonkeyPatch, calls: tuple[str, ...]
) -> None:
    monkeypatch.setattr(module, "INTERVAL", 0.01)

    async def work(keys: Keys, ledger: Ledger) -> None:
        failing.calls = calls
        put(keys, a=1)
        await until(lambda: failing.failed > 3)
        failing.calls = ()
        await until(lambda: kept_in(path) == {"a": 1})

    run(path, work)


def test_a_disk_that_stays_full_takes_bounded_memory(
    path: Path, failing: FailingDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HELD", 10_000)

    async def work(keys: Keys, ledger: Ledger) -> None:
        failing.calls = ("pwrite",)
        for turn in range(20):
            for n in range(100):
                put(keys, a=n, b=turn)
            assert await refused(ledger) == "507 not_saved"
            assert len(ledger._lines) < 1000
        failing.calls = ()
        await ledger.kept()
        assert kept_in(path) == {"a": 99, "b": 19}

    run(path, work)


def test_an_error_of_ours_is_told_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object) -> bytes:
        raise ZeroDivisionError

    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)
        ledger._file.sound = False
        with monkeypatch.context() as patched:
            patched.setattr(module, "lines_of", wrong)
            assert await refused(ledger) == "500 failed"
        await ledger.kept()
        assert kept_in(path) == {"a": 1}

    run(path, work)


def test_it_ends_on_a_disk_that_fails(path: Path, failing: FailingDisk) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)
        await ledger.kept()
        failing.calls = ("pwrite", "sync_file")
        put(keys, a=2)

    run(path, work)
    failing.calls = ()
    assert dict(found(path)[0].items("")) == {"a": b"1"}


def test_what_another_program_did_to_it_is_mended_from_memory(path: Path) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)
        await ledger.kept()
        await asyncio.to_thread(path.write_bytes, b"something else")
        put(keys, b=2)
        assert await refused(ledger) == "507 not_saved"
        await ledger.kept()
        assert kept_in(path) == {"a": 1, "b": 2}

    run(path, work)


def test_a_damaged_file_is_written_anew_at_once(path: Path) -> None:
    async def work(keys: Keys, ledger: Ledger) -> None:
        put(keys, a=1)
        await ledger.kept()
        put(keys, b=2)

    run(path, work)
    path.write_bytes(path.read_bytes().replace(b'"a":1', b'"a":7'))

    async def again(keys: Keys, ledger: Ledger) -> None:
        await until(lambda: b'"a"' not in path.read_bytes())
        assert kept_in(path) == {"b": 2}

    run(path, again)
    _, there = opened(path, path.parent / "torn")
    assert (dict(there.keys.items("")), there.damage.places) == ({"b": b"2"}, [])
