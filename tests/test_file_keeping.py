"""What a crash left is carried out at the start, and what nobody finishes is swept away."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub import file_keeping
from hub.errors import Refused
from hub.files import uploads
from hub.files.upload import DOOMED, KIND, Upload, key_of, upload_in
from hub.hub import Hub
from hub.protocol.events import encode
from hub.protocol.sent_file import SentFile
from tests.files.pictures import png
from tests.on_hub import RunOnHub, refusal, run_on
from tests.uploading import (
    DATA,
    NAOR,
    begin,
    check_space,
    dooms,
    erase,
    go_on,
    parts,
    placed,
    rest,
    say,
    send,
    share,
)


@pytest.fixture
def run(tmp_path: Path) -> RunOnHub:
    return run_on(tmp_path / "rooms")


def put(hub: Hub, key: str, value: bytes | None) -> None:
    hub.keys.put({key: (hub.keys.get(key), value)})


def doom(hub: Hub, file: SentFile, room: str = "a") -> None:
    put(hub, f"{DOOMED}{room}/{file.id}", encode(file))


async def shared(hub: Hub) -> SentFile:
    """A file of a message, with a preview."""
    upload = await send(hub, "f1", png(9, 9), name="b.png")
    await hub.attachments.preview(upload, png(8, 8))
    await say(hub, "f1")
    return file_of(hub)


def file_of(hub: Hub) -> SentFile:
    room = hub.rooms.get("a")
    found = room and room.index.file("f1")
    assert found is not None
    return found[1]


# -- a removal that was cut short -------------------------------------------------------------


def test_a_removal_is_carried_out_whose_event_was_saved(run: RunOnHub) -> None:
    async def first(hub: Hub) -> None:
        file = await shared(hub)
        kept = placed(hub)["b.png"]
        preview = await hub.attachments.preview_of("a", "f1")
        assert preview is not None
        await erase(hub, 1)
        (hub.folder.files / "a").mkdir()
        (hub.folder.files / "a" / "b.png").write_bytes(kept)
        hub.attachments._previews.keep("a", "f1", preview)
        doom(hub, file)

    async def second(hub: Hub) -> None:
        await check_space(hub)
        assert not (hub.folder.files / "a").exists()
        assert (list(hub.folder.previews.iterdir()), dooms(hub)) == ([], [])

    run(first)
    run(second)


def test_a_file_stays_whose_message_was_not_removed(run: RunOnHub) -> None:
    async def first(hub: Hub) -> None:
        doom(hub, await shared(hub))

    async def second(hub: Hub) -> None:
        await check_space(hub)
        assert placed(hub) == {"b.png": png(9, 9)}
        assert await hub.attachments.preview_of("a", "f1") is not None
        assert dooms(hub) == []

    run(first)
    run(second)


def test_a_room_that_was_deleted_takes_its_files_with_it(run: RunOnHub) -> None:
    async def first(hub: Hub) -> None:
        doom(hub, await shared(hub))

    async def second(hub: Hub) -> None:
        await check_space(hub)
        assert (placed(hub), dooms(hub)) == ({}, [])

    async def remove(hub: Hub) -> None:
        hub.folder.room_file("a").unlink()
        shutil.rmtree(hub.folder.index, ignore_errors=True)
        (hub.folder.hub / "rooms.catalog").unlink(missing_ok=True)
        doom(hub, SentFile(id="f1", name="b.png", size=1, type="image/png", sha256="0" * 64))

    run(first)
    run(remove)
    run(second)


def test_what_cannot_be_removed_is_tried_again(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = os.unlink

    def fails(path: Any, *given: Any) -> None:
        if os.fspath(path).endswith(".png"):
            raise OSError(errno.EACCES, "Permission denied")
        real(path, *given)

    async def first(hub: Hub) -> None:
        await shared(hub)
        with monkeypatch.context() as patch:
            patch.setattr(os, "unlink", fails)
            await erase(hub, 1)
        assert list(placed(hub)) == ["b.png"]
        assert len(dooms(hub)) == 1
        await check_space(hub)

    async def second(hub: Hub) -> None:
        await check_space(hub)
        assert (placed(hub), dooms(hub)) == ({}, [])

    run(first)
    assert "is still there" in caplog.text
    run(second)


# -- a message that was not said --------------------------------------------------------------


def leave(hub: Hub, part: bytes | None, there: bytes | None, *, linked: bool = False) -> None:
    """Leave an upload that was about to be placed as b.txt, its part and that file."""
    upload = hub.attachments.uploads.get("a", "f1")
    assert upload is not None
    assert upload.file is not None
    upload.file = SentFile(id="f1", name="b.txt", size=5, type="text/plain", sha256="0" * 64)
    upload.placed = True
    hub.attachments.uploads.keep(upload)
    path, to = hub.attachments.uploads.path(upload), hub.folder.files / "a" / "b.txt"
    to.parent.mkdir()
    path.unlink()
    if part is not None:
        path.write_bytes(part)
    if there is not None:
        to.write_bytes(there)
    if linked:
        os.link(path, to)


@pytest.mark.parametrize(
    ("part", "there", "linked", "ours"),
    [
        (b"hello", None, True, ["b.txt"]),
        (b"hello", None, False, ["b.txt"]),
        (None, b"hello", False, ["b.txt"]),
        (b"hello", b"other", False, ["b (2).txt", "b.txt"]),
        (None, None, False, None),
    ],
    ids=["both as one", "part only", "file only", "a stranger's", "neither"],
)
def test_what_was_about_to_be_placed(
    run: RunOnHub, part: bytes | None, there: bytes | None, linked: bool, ours: list[str] | None
) -> None:
    async def first(hub: Hub) -> None:
        await send(hub, "f1", b"hello", name="b.txt")
        leave(hub, part, there, linked=linked)

    async def second(hub: Hub) -> None:
        await check_space(hub)
        if ours is None:
            assert list(hub.attachments.uploads) == []
            assert await refusal(say(hub, "f1")) == (404, "no_such_file")
            return
        said = await say(hub, "f1")
        assert sorted(placed(hub)) == ours
        assert placed(hub)[said["files"][0]["name"]] == b"hello"
        assert parts(hub) == {}
        await check_space(hub)

    run(first)
    run(second)


def test_a_message_that_was_said_has_its_file(run: RunOnHub) -> None:
    """The key of its upload outlived it."""
    left: list[bytes] = []

    async def first(hub: Hub) -> None:
        upload = await send(hub)
        await say(hub, "f1")
        upload.placed, upload.file = True, file_of(hub)
        hub.attachments.uploads.keep(upload)
        left.append(encode(upload))

    async def second(hub: Hub) -> None:
        await check_space(hub)
        assert (list(hub.attachments.uploads), placed(hub)) == ([], {"report.pdf": DATA})
        assert await refusal(say(hub, "f1")) == (409, "file_sent")

    run(first)
    assert upload_in(left[0]) is not None
    run(second)


def test_strays_go_and_what_can_go_on_stays(run: RunOnHub) -> None:
    async def first(hub: Hub) -> None:
        await go_on(hub, begin(hub), [DATA[:100]], ends=False)
        (hub.folder.unfinished / ("a" * 32)).write_bytes(b"stray")

    async def second(hub: Hub) -> None:
        await check_space(hub)
        assert parts(hub) == {"f1": DATA[:100]}

    run(first)
    run(second)


def test_keys_that_cannot_be_read_are_in_nobodys_way(
    run: RunOnHub, caplog: pytest.LogCaptureFixture
) -> None:
    async def first(hub: Hub) -> None:
        await share(hub, "f2")
        for key in (key_of("a", "odd"), f"{KIND}odd", f"{DOOMED}a/odd", f"{DOOMED}odd"):
            put(hub, key, b'{"from":"a later Hearth"}')

    async def second(hub: Hub) -> None:
        await check_space(hub)
        await share(hub, "odd")
        assert len(placed(hub)) == 2

    run(first)
    run(second)
    assert "not in order" not in caplog.text


def test_a_room_that_cannot_be_read_keeps_its_files(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def first(hub: Hub) -> None:
        doom(hub, await shared(hub))

    async def second(hub: Hub) -> None:
        await rest(hub)
        assert placed(hub) == {"b.png": png(9, 9)}
        assert len(dooms(hub)) == 1

    async def unreadable(*_: Any) -> None:
        raise Refused("room_closed", "The file of this room cannot be read.", 503)

    run(first)
    with monkeypatch.context() as patch:
        patch.setattr("hub.rooms.Rooms.look", unreadable)
        run(second)


def test_a_failure_keeps_nobody_waiting(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    async def test(hub: Hub) -> None:
        await share(hub)

    monkeypatch.setattr(uploads, "_remove_others", broken)
    run(test)
    assert "not in order" in caplog.text


# -- swept ------------------------------------------------------------------------------------


def grow_old(hub: Hub) -> None:
    """Let a day pass."""
    hub.attachments.uploads._clock = lambda: time.time() + uploads.KEPT_SECONDS + 10


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not done():
            await asyncio.sleep(0.01)


def test_what_nobody_finishes_is_swept_after_a_day(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_keeping, "SWEEP_SECONDS", 0.02)

    async def test(hub: Hub) -> None:
        await go_on(hub, begin(hub, "half"), [DATA[:100]], ends=False)
        begin(hub, "none")
        upload = await send(hub, "whole")
        await hub.attachments.preview(upload, png(8, 8))
        await share(hub, "said", name="said.pdf")
        await send(hub, "placed", name="placed.pdf")
        assert await refusal(say(hub, "placed", text="x" * 99_999)) == (413, "too_long")
        await asyncio.sleep(0.1)
        assert len(list(hub.attachments.uploads)) == 4, "not yet"
        assert set(placed(hub)) == {"said.pdf", "placed.pdf"}
        grow_old(hub)
        await until(lambda: not list(hub.attachments.uploads))
        await check_space(hub)
        assert (parts(hub), list(hub.folder.previews.iterdir())) == ({}, [])
        assert (placed(hub), dooms(hub)) == ({"said.pdf": DATA}, [])
        grow_old(hub)
        await send(hub, "later")

    run(test)


def test_what_is_being_sent_is_not_swept(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        upload = begin(hub)
        async with hub.attachments.uploads.receiving(upload) as receiving:
            grow_old(hub)
            assert hub.attachments.uploads.old() == []
            await receiving.take(DATA)
        assert hub.attachments.uploads.old() == [], "its last byte came just now"
        hub.attachments.uploads._clock = lambda: time.time() + 3 * uploads.KEPT_SECONDS
        assert [x.id for x in hub.attachments.uploads.old()] == ["f1"]
        async with hub.attachments.uploads.receiving(upload):
            pass
        assert [x.id for x in hub.attachments.uploads.old()] == ["f1"], "no byte came"

    run(test)


def test_an_upload_of_a_day_ago_is_swept_at_the_start(run: RunOnHub) -> None:
    async def first(hub: Hub) -> None:
        await send(hub)
        found = hub.attachments.uploads.get("a", "f1")
        assert found is not None
        found.at -= uploads.KEPT_SECONDS + 10
        hub.attachments.uploads.keep(found)

    async def second(hub: Hub) -> None:
        await until(lambda: not list(hub.attachments.uploads))
        await check_space(hub)
        assert parts(hub) == {}

    run(first)
    run(second)


def test_an_early_stop_leaves_all_to_the_next_start(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a thread counts what there is."""

    async def first(hub: Hub) -> None:
        doom(hub, await shared(hub))

    async def stopped(hub: Hub) -> None:
        await asyncio.sleep(0)
        async with asyncio.timeout(4.5):
            await hub.attachments.stop()
        hub._file_keeping.stop()

    def slowly(folder: Path) -> int:
        time.sleep(0.3)
        return 0

    run(first)
    with monkeypatch.context() as patch:
        patch.setattr(file_keeping, "bytes_in", slowly)
        run(stopped)

    async def second(hub: Hub) -> None:
        await check_space(hub)
        assert placed(hub) == {"b.png": png(9, 9)}

    run(second)


def test_an_upload_is_of_its_room(run: RunOnHub) -> None:
    upload = Upload(room="a", id="f1", who=NAOR.id, name="x", type="y/z", part="0" * 32, at=0)

    async def test(hub: Hub) -> None:
        hub.attachments.uploads.keep(upload)
        assert hub.attachments.uploads.get("b", "f1") is None
        assert hub.attachments.uploads.get("a", "f1") == upload

    run(test)
