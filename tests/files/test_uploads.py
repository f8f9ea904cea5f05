"""Files that are being sent: two requests at once, stops, kills, full disks, limits."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Refused
from hub.files import part_file, uploads
from hub.files.part_file import PartFile
from hub.files.upload import Upload
from hub.hub import Hub
from hub.room_rules import Author
from hub.store import disk
from tests.files.test_space import disk_has
from tests.on_hub import UNLIMITED, RunOnHub, refusal, run_on
from tests.patience import PATIENCE
from tests.uploading import (
    DATA,
    MIRA,
    NAOR,
    begin,
    check_space,
    go_on,
    parts,
    rest,
    send,
    sum_of,
)
from tests.windows import has_mode


@pytest.fixture
def run(tmp_path: Path) -> RunOnHub:
    return run_on(tmp_path / "rooms")


class Held:
    """Appends wait on their thread, once `hold` is set, until `let_go` is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, what: str = "append") -> None:
        self.hold, self.began, self.let_go = (threading.Event() for _ in range(3))
        real = getattr(PartFile, what)

        def held(part: PartFile, *given: Any) -> Any:
            if self.hold.is_set():
                self.began.set()
                assert self.let_go.wait(PATIENCE)
            return real(part, *given)

        monkeypatch.setattr(PartFile, what, held)

    async def until_it_began(self) -> None:
        assert await asyncio.to_thread(self.began.wait, 20)


@asynccontextmanager
async def sending(hub: Hub, upload: Upload, *pieces: bytes) -> AsyncIterator[asyncio.Task[Any]]:
    """A request that has sent this, and waits for more from a client that sends nothing."""
    came = asyncio.Event()

    async def work() -> None:
        async with hub.attachments.uploads.receiving(upload) as receiving:
            for piece in pieces:
                await receiving.take(piece)
            came.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(work())
    async with asyncio.timeout(20):
        await came.wait()
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def get(hub: Hub, id_: str = "f1") -> Upload:
    found = hub.attachments.uploads.get("a", id_)
    assert found is not None
    return found


def descriptors() -> int:
    """How many this process has open, where the system tells."""
    return len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0


# -- one request ------------------------------------------------------------------------------


def test_a_file_comes_whole(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        upload = await send(hub)
        assert upload.file is not None
        assert (upload.file.sha256, upload.file.size) == (sum_of(DATA), len(DATA))
        assert (upload.file.type, upload.file.name) == ("application/pdf", "report.pdf")
        assert parts(hub) == {"f1": DATA}
        assert has_mode(hub.folder.unfinished, 0o700)
        await check_space(hub)

    run(test)


def test_an_empty_file_comes_whole(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        upload = await send(hub, data=b"", name="empty.txt")
        assert upload.file is not None
        assert (upload.file.size, upload.file.sha256) == (0, sum_of(b""))
        assert parts(hub) == {"f1": b""}

    run(test)


def test_a_sender_that_goes_away_loses_nothing(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        async with sending(hub, begin(hub), DATA[:100], DATA[100:250]) as task:
            task.cancel()
        await check_space(hub)
        assert (get(hub).size, parts(hub)) == (250, {"f1": DATA[:250]})
        whole = await go_on(hub, get(hub), [DATA[250:]], digest=bytes.fromhex(sum_of(DATA)))
        assert whole.size == len(DATA)
        await check_space(hub)

    run(test)


def test_it_goes_on_after_a_restart(run: RunOnHub) -> None:
    async def first(hub: Hub) -> None:
        await go_on(hub, begin(hub, length=len(DATA)), [DATA[:300]], ends=False)

    async def second(hub: Hub) -> None:
        assert (get(hub).size, get(hub).length) == (300, len(DATA))
        await go_on(hub, get(hub), [DATA[300:]], digest=bytes.fromhex(sum_of(DATA)))
        await check_space(hub)

    run(first)
    run(second)


def test_a_stop_ends_a_transfer_and_keeps_its_offset(run: RunOnHub) -> None:
    ended: list[Any] = []

    async def first(hub: Hub) -> None:
        async def work() -> None:
            async with hub.attachments.uploads.receiving(upload) as receiving:
                await receiving.take(DATA[:300])
                came.set()
                await asyncio.sleep(60)

        upload, came = begin(hub), asyncio.Event()
        task = asyncio.create_task(work())
        await came.wait()
        async with asyncio.timeout(4.5):
            await hub.attachments.stop()
        ended.append(await refusal(task))
        ended.append(await refusal(go_on(hub, upload, [b"more"])))

    async def second(hub: Hub) -> None:
        assert get(hub).size == 300
        await go_on(hub, get(hub), [DATA[300:]], digest=bytes.fromhex(sum_of(DATA)))

    run(first)
    assert ended == [(503, "stopping")] * 2
    run(second)


def test_what_did_not_last_at_a_kill_is_cut_off(run: RunOnHub) -> None:
    async def first(hub: Hub) -> None:
        await go_on(hub, begin(hub), [DATA[:300]], ends=False)
        with hub.attachments.uploads.path(get(hub)).open("ab") as file:
            file.write(b"what came after the last sync")

    async def second(hub: Hub) -> None:
        await rest(hub)
        await go_on(hub, get(hub), [DATA[300:]], digest=bytes.fromhex(sum_of(DATA)))
        await check_space(hub)

    run(first)
    run(second)


@pytest.mark.parametrize("left", [0, 100, None])
def test_a_part_that_lost_some_goes_on_where_it_ends(run: RunOnHub, left: int | None) -> None:
    async def test(hub: Hub) -> None:
        await go_on(hub, begin(hub), [DATA[:300]], ends=False)
        path = hub.attachments.uploads.path(get(hub))
        if left is None:
            path.unlink()
        else:
            os.truncate(path, left)
        async with hub.attachments.uploads.receiving(get(hub)) as receiving:
            assert receiving.offset == (left or 0)
        assert get(hub).size == (left or 0)
        await go_on(hub, get(hub), [DATA[left or 0 :]], digest=bytes.fromhex(sum_of(DATA)))

    run(test)


def test_another_sum_ends_it(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        upload = begin(hub)
        assert await refusal(go_on(hub, upload, [DATA], digest=bytes(32))) == (422, "digest_wrong")
        hub.attachments.uploads.drop(upload)
        await check_space(hub)
        assert (parts(hub), hub.attachments.uploads.get("a", "f1")) == ({}, None)

    run(test)


# -- two requests -----------------------------------------------------------------------------


@pytest.mark.parametrize("writing", [False, True])
def test_a_newer_request_ends_the_older(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, writing: bool
) -> None:
    """Where that one's thread is writing, its piece is kept whole, and the newer waits for it."""
    held = Held(monkeypatch)

    async def test(hub: Hub) -> None:
        upload = begin(hub)
        if writing:
            held.hold.set()
        older = asyncio.create_task(go_on(hub, upload, [DATA[:300]], ends=False))
        if writing:
            await held.until_it_began()
        newer = asyncio.create_task(go_on(hub, upload, [], ends=False))
        await asyncio.sleep(0.05)
        held.hold.clear()
        held.let_go.set()
        if writing:
            assert await refusal(older) == (409, "taken_over")
            assert (await newer).size == 300
        await asyncio.wait([older, newer])
        size = get(hub).size
        await go_on(hub, upload, [DATA[size:]], digest=bytes.fromhex(sum_of(DATA)))
        await check_space(hub)

    run(test)


@pytest.mark.parametrize("second_goes_away", [False, True])
def test_three_requests_in_a_row(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, second_goes_away: bool
) -> None:
    """The third waits for the first, even where the second is gone before that has ended."""
    held = Held(monkeypatch)

    async def test(hub: Hub) -> None:
        upload = begin(hub)
        held.hold.set()
        first = asyncio.create_task(go_on(hub, upload, [DATA[:300]], ends=False))
        await held.until_it_began()
        second = asyncio.create_task(go_on(hub, upload, [b"second"], ends=False))
        await asyncio.sleep(0.02)
        if second_goes_away:
            second.cancel()
            await asyncio.sleep(0.02)
        third = asyncio.create_task(go_on(hub, upload, [DATA[300:]]))
        await asyncio.sleep(0.05)
        assert not third.done()
        held.hold.clear()
        held.let_go.set()
        assert await refusal(first) == (409, "taken_over")
        await asyncio.wait([second])
        if not second_goes_away:
            assert await refusal(second) == (409, "taken_over")
        whole = await third
        assert whole.file is not None
        assert whole.file.sha256 == sum_of(DATA)
        await check_space(hub)

    run(test)


def test_a_request_that_is_cancelled_twice_still_keeps_the_offset(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)

    async def test(hub: Hub) -> None:
        upload = begin(hub)
        held.hold.set()
        task = asyncio.create_task(go_on(hub, upload, [DATA[:300]], ends=False))
        await held.until_it_began()
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0.01)
        assert task.cancelled()
        held.hold.clear()
        held.let_go.set()
        await go_on(hub, upload, [DATA[300:]], digest=bytes.fromhex(sum_of(DATA)))
        await check_space(hub)

    run(test)


def test_a_request_that_goes_away_while_its_part_is_opened_closes_it(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch, "__init__")

    async def test(hub: Hub) -> None:
        await go_on(hub, begin(hub), [DATA[:300]], ends=False)
        before = descriptors()
        held.hold.set()
        task = asyncio.create_task(go_on(hub, get(hub), [b"x"]))
        await held.until_it_began()
        task.cancel()
        await asyncio.wait([task], timeout=0.05)
        newer = asyncio.create_task(go_on(hub, get(hub), [DATA[300:]]))
        await asyncio.sleep(0.02)
        held.let_go.set()
        whole = await newer
        assert whole.file is not None
        assert whole.file.sha256 == sum_of(DATA)
        await check_space(hub)
        assert descriptors() <= before + 1, "that of the ledger, if it was not open"

    run(test)


def test_who_asks_how_much_there_is_ends_who_sends(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        async with sending(hub, begin(hub), DATA[:300]) as task:
            settled = await hub.attachments.uploads.settled(get(hub))
            assert settled is not None
            assert settled.size == 300
            assert await refusal(task) == (409, "taken_over")

    run(test)


def test_beginning_again_while_the_older_writes(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)

    async def test(hub: Hub) -> None:
        upload = begin(hub)
        held.hold.set()
        older = asyncio.create_task(go_on(hub, upload, [b"older" * 100]))
        await held.until_it_began()
        again = begin(hub, name="other.pdf")
        held.hold.clear()
        newer = asyncio.create_task(go_on(hub, again, [DATA]))
        await asyncio.sleep(0.05)
        held.let_go.set()
        assert await refusal(older) == (409, "taken_over")
        whole = await newer
        assert whole.file is not None
        assert (whole.file.sha256, whole.file.name) == (sum_of(DATA), "other.pdf")
        hub.attachments.uploads.drop(upload)
        await check_space(hub)
        assert parts(hub) == {"f1": DATA}, "to drop the older one leaves the newer"

    run(test)


@pytest.mark.parametrize("writing", [False, True])
def test_a_cancelled_upload_is_gone_although_it_is_being_sent(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, writing: bool
) -> None:
    held = Held(monkeypatch)

    async def test(hub: Hub) -> None:
        upload = begin(hub)
        async with sending(hub, upload, DATA[:300]) as task:
            cancelling = asyncio.create_task(hub.attachments.cancel(upload))
            assert await refusal(task) == (409, "taken_over")
            await cancelling
        if writing:
            upload = begin(hub)
            held.hold.set()
            task = asyncio.create_task(go_on(hub, upload, [DATA]))
            await held.until_it_began()
            cancelling = asyncio.create_task(hub.attachments.cancel(upload))
            await asyncio.sleep(0.02)
            held.let_go.set()
            assert await refusal(task) == (409, "taken_over")
            await cancelling
        assert (parts(hub), hub.attachments.uploads.get("a", "f1")) == ({}, None)
        await check_space(hub)

    run(test)


# -- limits -----------------------------------------------------------------------------------


def test_an_id_is_its_senders(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await send(hub)
        with pytest.raises(Refused) as refused:
            begin(hub, author=MIRA)
        assert (refused.value.status, refused.value.code) == (409, "file_id_taken")
        begin(hub, author=MIRA, room="b")
        assert get(hub).who == NAOR.id

    run(test)


def count_refused(work: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.status, refused.value.code


def test_so_many_each_and_so_many_per_address(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert uploads.EACH == 256
    monkeypatch.setattr(uploads, "EACH", 3)

    async def test(hub: Hub) -> None:
        for n in range(3):
            begin(hub, f"f{n}")
            begin(hub, f"g{n}", Author(f"guest {n}", address="192.168.1.9"))
        assert count_refused(lambda: begin(hub, "f3")) == (429, "too_many_uploads")
        begin(hub, "f2")  # in the place of an older one
        begin(hub, "h", MIRA)
        late = Author("late", address="192.168.1.9")
        assert count_refused(lambda: begin(hub, "g3", late)) == (429, "too_many_uploads")
        begin(hub, "g3", Author("late", address="192.168.1.10"))
        await hub.attachments.cancel(get(hub, "f0"))
        begin(hub, "f3")

    run(test)


def test_so_many_in_all(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "ALL", 2)

    async def test(hub: Hub) -> None:
        begin(hub, "f1")
        begin(hub, "f2", MIRA)
        assert count_refused(lambda: begin(hub, "f3")) == (429, "too_many_uploads")

    run(test)


def test_so_many_at_a_time(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    assert uploads.AT_A_TIME == 128
    monkeypatch.setattr(uploads, "AT_A_TIME", 2)

    async def test(hub: Hub) -> None:
        one, two = begin(hub, "f1"), begin(hub, "f2")
        async with sending(hub, one, b"x"), sending(hub, two, b"x"):
            assert await refusal(send(hub, "f3")) == (503, "busy")
            await go_on(hub, one, [b"y"])  # in the place of its older request
            await send(hub, "f3")
        await check_space(hub)

    run(test)


def test_files_may_be_too_large(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        assert count_refused(lambda: begin(hub, length=1001)) == (413, "file_too_large")
        upload = begin(hub)
        await go_on(hub, upload, [b"x" * 600], ends=False)
        assert await refusal(go_on(hub, upload, [b"x" * 401])) == (413, "file_too_large")
        await check_space(hub)
        await go_on(hub, upload, [b"x" * 400])
        await check_space(hub)

    run(test, replace(UNLIMITED, file_bytes=1000))


def test_all_files_may_be_too_large(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await send(hub, "f1", b"x" * 600)
        assert await refusal(send(hub, "f2", b"x" * 401)) == (507, "files_full")
        await check_space(hub)
        upload = begin(hub, "f3")
        async with hub.attachments.uploads.receiving(upload) as receiving:
            receiving.expect(400)
            assert await refusal(send(hub, "f4", b"x")) == (507, "files_full")
        await check_space(hub)
        await send(hub, "f4", b"x" * 400)
        await hub.attachments.cancel(get(hub, "f1"))
        await check_space(hub)

    async def later(hub: Hub) -> None:
        await check_space(hub)
        assert hub.attachments.space.used == 400

    settings = replace(UNLIMITED, files_bytes=1000)
    run(test, settings)
    run(later, settings)


# -- the disk ---------------------------------------------------------------------------------


def test_some_of_the_disk_stays_free(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(hub: Hub) -> None:
        await rest(hub)
        with monkeypatch.context() as patch:
            disk_has(patch, 100_000, 10_100)
            assert await refusal(send(hub, data=b"x" * 101)) == (507, "disk_full")
        await check_space(hub)
        await send(hub, data=b"x" * 101)

    run(test)


@pytest.mark.parametrize(
    ("error", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EIO, "not_saved"), (errno.EROFS, "not_saved")],
)
def test_nothing_of_a_piece_is_kept_that_cannot_be_written(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, error: int, code: str
) -> None:
    real = disk.pwrite

    def fails(fd: int, data: bytes, at: int) -> None:
        if data.startswith(b"PIECE"):
            real(fd, data[:3], at)
            raise OSError(error, os.strerror(error))
        real(fd, data, at)

    async def test(hub: Hub) -> None:
        monkeypatch.setattr(disk, "pwrite", fails)
        upload = begin(hub)
        pieces = [DATA[:300], b"PIECE" * 10]
        assert await refusal(go_on(hub, upload, pieces)) == (507, code)
        assert (get(hub).size, parts(hub)) == (300, {"f1": DATA[:300]})
        await check_space(hub)
        await go_on(hub, upload, [DATA[300:]], digest=bytes.fromhex(sum_of(DATA)))
        await check_space(hub)

    run(test)


def test_what_a_sync_loses_is_not_kept(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_file, "SYNC_BYTES", 1000)
    fails = [False]

    def sync(part: PartFile, real: Callable[[PartFile], None] = PartFile.sync) -> None:
        with monkeypatch.context() as patch:
            if fails[0]:
                patch.setattr(disk, "sync_file", broken)
            real(part)

    def broken(fd: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    async def test(hub: Hub) -> None:
        monkeypatch.setattr(PartFile, "sync", sync)
        upload = begin(hub)
        async with hub.attachments.uploads.receiving(upload) as receiving:
            await receiving.take(DATA[:1500])
            fails[0] = True
            await receiving.take(DATA[1500:1600])
            assert await refusal(receiving.take(DATA[1600:4000])) == (507, "not_saved")
        fails[0] = False
        assert (get(hub).size, parts(hub)) == (1500, {"f1": DATA[:1500]})
        await check_space(hub)
        await go_on(hub, upload, [DATA[1500:]], digest=bytes.fromhex(sum_of(DATA)))
        await check_space(hub)

    run(test)


@pytest.mark.parametrize("what", ["folder", "part"])
def test_links_are_not_followed(run: RunOnHub, tmp_path: Path, what: str) -> None:
    async def test(hub: Hub) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / ("0" * 32)).write_bytes(b"mine")
        upload = begin(hub)
        await rest(hub)
        if what == "folder":
            hub.folder.unfinished.symlink_to(outside)
        else:
            hub.folder.unfinished.mkdir()
            hub.attachments.uploads.path(upload).symlink_to(outside / ("0" * 32))
        assert await refusal(go_on(hub, upload, [DATA])) == (507, "not_saved")
        await hub.attachments.uploads.remove_strays()
        assert [x.read_bytes() for x in outside.iterdir()] == [b"mine"]

    run(test)


def test_a_folder_that_is_gone_is_made_anew(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await send(hub, "f1")
        shutil.rmtree(hub.folder.unfinished)
        await send(hub, "f2")
        assert parts(hub) == {"f2": DATA}

    run(test)


def test_only_parts_that_nobody_knows_are_strays(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await send(hub)
        for name in ("f" * 32, "notes.txt", "f" * 31):
            (hub.folder.unfinished / name).write_bytes(b"x")
        await hub.attachments.uploads.remove_strays()
        kept = {x.name for x in hub.folder.unfinished.iterdir()}
        assert kept == {get(hub).part, "notes.txt", "f" * 31}

    run(test)
