import asyncio
import errno
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from hub.errors import Refused
from hub.protocol.events import Event, line_of
from hub.store.history import History
from hub.store.writer import Writer


def line(n: int, room: str = "a") -> bytes:
    return line_of(Event(room=room, n=n, at="2026-11-22T20:17:03.123Z", by="x", do="say", text="t"))


async def append(
    writer: Writer, history: History, lines: Sequence[bytes], blank: Sequence[int] = ()
) -> Refused | None:
    done: asyncio.Future[Refused | None] = asyncio.get_running_loop().create_future()
    writer.append(history, lines, blank, done.set_result)
    refused = await done
    history.publish()
    return refused


def test_what_is_told_is_on_disk(tmp_path: Path) -> None:
    async def run() -> None:
        writer = Writer(asyncio.get_running_loop())
        history = History.open(tmp_path / "a.jsonl", "a", tmp_path)
        assert await append(writer, history, [line(1), line(2)]) is None
        assert history.last == 2
        assert (tmp_path / "a.jsonl").read_bytes().endswith(line(2))
        assert await append(writer, history, [line(3)], [1]) is None
        assert b'"text":""' in (history.line(1) or b"")
        writer.stop()

    asyncio.run(run())


def test_what_arrives_during_a_sync_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    syncs: list[str] = []

    def slow(self: History) -> None:
        gate.wait(5)
        syncs.append(self.room)
        sync(self)

    sync = History.sync
    monkeypatch.setattr(History, "sync", slow)

    async def run() -> None:
        writer = Writer(asyncio.get_running_loop())
        rooms = [History.open(tmp_path / f"{x}.jsonl", x, tmp_path) for x in "abc"]
        first = asyncio.create_task(append(writer, rooms[0], [line(1)]))
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(append(writer, x, [line(1, x.room)])) for x in rooms[1:]]
        await asyncio.sleep(0.05)
        assert not first.done()
        gate.set()
        assert await asyncio.gather(first, *others) == [None] * 3
        writer.stop()

    asyncio.run(run())
    assert syncs == ["a", "b", "c"]


def test_one_rooms_failure_is_told_to_it_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        writer = Writer(asyncio.get_running_loop())
        good = History.open(tmp_path / "a.jsonl", "a", tmp_path)
        bad = History.open(tmp_path / "b.jsonl", "b", tmp_path)
        bad.closed = "It is closed."
        odd = History.open(tmp_path / "c.jsonl", "c", tmp_path)
        monkeypatch.setattr(odd, "write", _breaks)
        told = await asyncio.gather(
            append(writer, good, [line(1)]),
            append(writer, bad, [line(1, "b")]),
            append(writer, odd, [line(1, "c")]),
        )
        assert told[0] is None
        assert [x and x.code for x in told[1:]] == ["room_closed", "failed"]
        writer.stop()

    asyncio.run(run())


def test_messages_go_before_other_work(tmp_path: Path) -> None:
    """A message does not wait for what was asked for before it, of people for one."""

    async def run() -> None:
        writer = Writer(asyncio.get_running_loop())
        began, go_on = threading.Event(), threading.Event()
        done: list[str] = []
        writer.call(lambda: [began.set(), go_on.wait(30)][0])
        await asyncio.to_thread(began.wait, 30)
        writer.call(lambda: done.append("other work"), lambda refused: done.append("told of it"))
        room = History.open(tmp_path / "a.jsonl", "a", tmp_path)
        writer.append(room, [line(1, "a")], (), lambda refused: done.append("a message"))
        go_on.set()
        async with asyncio.timeout(30):
            while len(done) < 3:
                await asyncio.sleep(0.001)
        assert done.index("a message") < done.index("told of it")
        writer.stop()

    asyncio.run(run())


def test_other_work_and_its_failure(tmp_path: Path) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def run() -> None:
        writer = Writer(asyncio.get_running_loop())
        told: asyncio.Queue[Refused | None] = asyncio.Queue()
        writer.call(lambda: (tmp_path / "x").touch(), told.put_nowait)
        assert await told.get() is None
        assert (tmp_path / "x").exists()
        writer.call(full, told.put_nowait)
        refused = await told.get()
        assert refused is not None
        assert refused.status == 507
        writer.stop()

    asyncio.run(run())


def test_stop_finishes_what_was_given(tmp_path: Path) -> None:
    async def run() -> None:
        writer = Writer(asyncio.get_running_loop())
        history = History.open(tmp_path / "a.jsonl", "a", tmp_path)
        told: list[Refused | None] = []
        writer.append(history, [line(1)], (), told.append)
        await asyncio.to_thread(writer.stop)
        await asyncio.sleep(0)
        assert told == [None]

    asyncio.run(run())
    assert (tmp_path / "a.jsonl").read_bytes().endswith(line(1))


def _breaks(lines: object) -> None:
    raise ZeroDivisionError(lines)
