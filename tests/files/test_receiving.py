"""One request that sends a file."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import shutil
import threading
import tracemalloc
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Refused
from hub.files import receiving as module
from hub.files.part_file import PartFile
from hub.files.receiving import Receiving, not_kept, taken_over
from hub.files.space import Space
from hub.files.upload import Upload
from tests.files.pictures import png
from tests.on_hub import refusal

UPLOAD = Upload(room="a", id="f1", who="p_1", name="a.png", type="image/png", part="0" * 32, at=0)


@pytest.fixture
def space(tmp_path: Path) -> Space:
    return Space(tmp_path, 1000, 0)


Test = Callable[[Receiving], Coroutine[Any, Any, None]]


@pytest.fixture
def run(tmp_path: Path, space: Space) -> Callable[[Test], None]:
    """Runs it with a new file, in time."""

    async def main(test: Test) -> None:
        receiving = Receiving(asyncio.to_thread, space)
        await receiving.open(PartFile, tmp_path / "part", 0)
        try:
            await test(receiving)
        finally:
            await receiving.idle()
            assert receiving.part is not None
            receiving.part.sync()
            receiving.part.close()
            receiving.release()

    return lambda test: asyncio.run(main(test))


Run = Callable[[Test], None]


def test_a_file_is_what_it_was_found_to_be(run: Run, space: Space) -> None:
    data = png(30, 20)

    async def test(receiving: Receiving) -> None:
        async with receiving.within_time():
            receiving.expect(len(data))
            for at in range(0, len(data), 20):
                await receiving.take(data[at : at + 20])
            await receiving.finish(UPLOAD, hashlib.sha256(data).digest())
        file = receiving.file
        assert file is not None
        assert (file.id, file.name, file.size, file.type) == ("f1", "a.png", len(data), "image/png")
        assert (file.width, file.height) == (30, 20)
        assert file.sha256 == hashlib.sha256(data).hexdigest()

    run(test)
    assert (space.used, space._expected) == (len(data), 0)


def test_another_sum_is_refused(run: Run) -> None:
    async def test(receiving: Receiving) -> None:
        async with receiving.within_time():
            await receiving.take(b"data")
            assert await refusal(receiving.finish(UPLOAD, bytes(32))) == (422, "digest_wrong")
        assert receiving.file is None

    run(test)


@pytest.mark.parametrize("said", [0, 900])
def test_a_file_is_no_larger_than_it_may_be(run: Run, space: Space, said: int) -> None:
    async def test(receiving: Receiving) -> None:
        async with receiving.within_time():
            receiving.expect(said)
            await receiving.take(b"x" * 900)
            receiving.expect(50)
            assert await refusal(receiving.take(b"x" * 101)) == (413, "file_too_large")
            assert receiving.offset == 900
            await receiving.take(b"x" * 100)

    run(test)
    assert (space.used, space._expected) == (1000, 0)


def test_who_sends_nothing_is_ended(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUIET_SECONDS", 0.05)

    async def test(receiving: Receiving) -> None:
        async def wait() -> None:
            async with receiving.within_time():
                await receiving.take(b"data")
                await asyncio.sleep(30)

        assert await refusal(wait()) == (408, "too_slow")
        assert receiving.offset == 4

    run(test)


def test_a_slow_disk_is_waited_for(run: Run, monkeypatch: pytest.MonkeyPatch, space: Space) -> None:
    monkeypatch.setattr(module, "QUIET_SECONDS", 0.05)
    real = PartFile.append

    def slow(part: PartFile, data: bytes) -> None:
        threading.Event().wait(0.2)
        real(part, data)

    monkeypatch.setattr(PartFile, "append", slow)

    async def test(receiving: Receiving) -> None:
        async with receiving.within_time():
            await receiving.take(b"data")

    run(test)
    assert space.used == 4


@pytest.mark.parametrize("when", ["before", "waiting", "writing", "at once"])
def test_one_that_has_to_end_does_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, space: Space, when: str
) -> None:
    """Also where it is told so just before it writes; what was being written is counted."""
    written, go_on = threading.Event(), threading.Event()
    real = PartFile.append

    def held(part: PartFile, data: bytes) -> None:
        real(part, data)
        written.set()
        go_on.wait(10)

    monkeypatch.setattr(PartFile, "append", held)

    async def test(receiving: Receiving) -> None:
        async def work() -> None:
            async with receiving.within_time():
                if when == "waiting":
                    await asyncio.sleep(30)
                if when == "at once":
                    receiving.end(taken_over())
                while True:
                    await receiving.take(b"data")

        if when == "before":
            receiving.end(taken_over())
        task = asyncio.create_task(work())
        if when == "writing":
            await asyncio.to_thread(written.wait, 10)
        else:
            await asyncio.sleep(0)
        receiving.end(Refused("later", "The first one counts.") if when == "before" else
                      taken_over())  # fmt: skip
        assert await refusal(asyncio.wait_for(task, 5)) == (409, "taken_over")
        go_on.set()

    run(test)
    assert (space.used, space._expected) == (4 if when == "writing" else 0, 0)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EIO, "not_saved"),
        (errno.EROFS, "not_saved"),
    ],
)
def test_what_the_disk_says(error: int, code: str) -> None:
    refused = not_kept(OSError(error, "why"))
    assert (refused.status, refused.code) == (507, code)


def test_a_large_file_takes_no_memory(tmp_path: Path) -> None:
    async def main() -> None:
        receiving = Receiving(asyncio.to_thread, Space(tmp_path, 0, 0))
        await receiving.open(PartFile, tmp_path / "part", 0)
        async with receiving.within_time():
            tracemalloc.start()
            for _ in range(256):
                await receiving.take(bytes(1 << 18))
            await receiving.finish(UPLOAD, None)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert receiving.offset == 64 << 20
        assert peak < 4 << 20
        assert receiving.part is not None
        receiving.part.close()

    if shutil.disk_usage(tmp_path).free < 1 << 30:
        pytest.skip("the disk has too little room")
    asyncio.run(main())
