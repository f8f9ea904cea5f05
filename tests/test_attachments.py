"""Files of messages: announced once, whole, and gone with their message."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import shutil
import threading
from pathlib import Path
from typing import Any, cast

import pytest

from hub.drafts import Answer
from hub.errors import Refused
from hub.files.room_folder import RoomFolder
from hub.folder import Folder
from hub.forwarding import forward
from hub.hub import Hub
from hub.protocol.commands import Archive, Erase, Invite, Say, Slow
from hub.room_rules import Author
from hub.store import disk
from tests.files.pictures import png
from tests.on_hub import UNLIMITED, RunOnHub, enter_as_host, fill_disk, refusal, run_on
from tests.patience import PATIENCE
from tests.uploading import (
    DATA,
    MIRA,
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
from tests.windows import has_mode


@pytest.fixture
def run(tmp_path: Path) -> RunOnHub:
    return run_on(tmp_path / "rooms")


def no_links(*_: Any, **__: Any) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


async def events(hub: Hub, room: str = "a") -> list[Any]:
    found = await hub.rooms.room(room)
    lines = b"".join(found.blocks(1, found.last)).splitlines()
    return [json.loads(line) for line in lines]


# -- announced --------------------------------------------------------------------------------


@pytest.mark.parametrize("links", [True, False])
def test_a_message_bears_its_files(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", no_links)

    async def test(hub: Hub) -> None:
        await send(hub, "f1")
        await send(hub, "f2", b"hello", name="b.txt")
        said = await say(hub, "f2", "f1", text="two files")
        assert [x["id"] for x in said["files"]] == ["f2", "f1"]
        assert [x["name"] for x in said["files"]] == ["b.txt", "report.pdf"]
        assert placed(hub) == {"report.pdf": DATA, "b.txt": b"hello"}
        assert (parts(hub), list(hub.attachments.uploads)) == ({}, [])
        await check_space(hub)
        room = await hub.rooms.room("a")
        found = room.index.file("f1")
        assert found is not None
        assert (found[0], found[1].sha256) == (1, said["files"][1]["sha256"])

    run(test)


def test_one_name_at_one_moment(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        names = ["a.txt", "A.TXT", "a.txt", "mu\u0308.txt", "m\u00fc.txt"]
        for n, name in enumerate(names):
            await send(hub, f"f{n}", b"%d" % n, name=name)
        await asyncio.gather(*(say(hub, f"f{n}") for n in range(len(names))))
        there = placed(hub)
        assert sorted(there.values()) == [b"0", b"1", b"2", b"3", b"4"]
        assert len({x.casefold() for x in there}) == 5
        bodies = [there[x["files"][0]["name"]] for x in await events(hub)]
        assert bodies == [b"0", b"1", b"2", b"3", b"4"]

    run(test)


@pytest.mark.parametrize("links", [True, False])
def test_a_strangers_file_of_the_name_is_left_alone(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """Put there by hand just after the name was chosen."""
    if not links:
        monkeypatch.setattr(os, "link", no_links)

    async def test(hub: Hub) -> None:
        folder = hub.attachments.placing.folder_of("a")
        real = folder.choose

        def choose(name: str, *others: Any) -> str:
            chosen = real(name, *others)
            if chosen == "report.pdf":
                folder.path.mkdir(exist_ok=True)
                (folder.path / chosen).write_bytes(b"a stranger's")
            return chosen

        monkeypatch.setattr(folder, "choose", choose)
        said = await share(hub)
        assert said["files"][0]["name"] == "report (2).pdf"
        assert placed(hub) == {"report.pdf": b"a stranger's", "report (2).pdf": DATA}
        await erase(hub, 1)
        assert placed(hub) == {"report.pdf": b"a stranger's"}

    run(test)


def test_a_name_that_a_message_bears_is_not_given_again(run: RunOnHub) -> None:
    """Else to remove the one message would remove the file of the other."""

    async def first(hub: Hub) -> None:
        await share(hub)
        (hub.folder.files / "a" / "report.pdf").unlink()

    async def second(hub: Hub) -> None:
        said = await share(hub, "f2", b"other")
        assert said["files"][0]["name"] == "report (2).pdf"
        await erase(hub, 1)
        assert placed(hub) == {"report (2).pdf": b"other"}

    run(first)
    run(second)


def test_which_ids_a_message_can_bear(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await go_on(hub, begin(hub, "half"), [b"x"], ends=False)
        await send(hub, "hers", author=MIRA)
        await share(hub, "sent")
        assert await refusal(say(hub, "none")) == (404, "no_such_file")
        assert await refusal(say(hub, "hers")) == (404, "no_such_file")
        assert await refusal(say(hub, "half")) == (409, "file_unfinished")
        assert await refusal(say(hub, "sent")) == (409, "file_sent")
        await send(hub, "mine")
        assert await refusal(say(hub, "mine", "none")) == (404, "no_such_file")
        assert await refusal(say(hub, "mine", room="b")) == (404, "no_such_file")
        said = await say(hub, "mine", "mine")
        assert [x["id"] for x in said["files"]] == ["mine"]
        assert hub.rooms.get("b") is None

    run(test)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_repeated_key_announces_once(run: RunOnHub, at_once: bool) -> None:
    async def test(hub: Hub) -> None:
        await send(hub)
        works = [lambda: hub.post("a", NAOR, Say("a", "", key="k", files=["f1"]))] * 3
        if at_once:
            told = await asyncio.gather(*(work() for work in works))
        else:
            told = [await work() for work in works]
        assert len({line for line, _ in told}) == 1
        assert sorted(new for _, new in told) == [False, False, True]
        assert len(await events(hub)) == 1
        assert placed(hub) == {"report.pdf": DATA}

    run(test)


def test_two_messages_do_not_bear_one_file(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await send(hub)
        told = await asyncio.gather(
            *(say(hub, "f1", key=key) for key in ("k1", "k2", None)), return_exceptions=True
        )
        refused = [x for x in told if isinstance(x, Refused)]
        assert [x.code for x in refused] == ["file_sent"] * 2
        assert len(await events(hub)) == 1

    run(test)


def test_a_message_without_files_that_has_the_key_leaves_them(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await send(hub)
        saying = asyncio.create_task(say(hub, "f1", key="k"))
        await asyncio.sleep(0)
        plain = await hub.post("a", NAOR, Say("a", "plain", key="k"))
        if "files" not in await saying:
            assert plain[1]
            assert "f1" in {x.id for x in hub.attachments.uploads}
        await rest(hub)

    run(test)


def test_nobody_else_has_an_upload_that_a_message_is_about_to_bear(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        upload = await send(hub)
        saying = asyncio.create_task(say(hub, "f1"))
        refused = set()
        while not saying.done():
            await asyncio.sleep(0)
            if hub.attachments._bearing:
                refused.add(await refusal(hub.attachments.cancel(upload)))
                refused.add(await refusal(hub.attachments.preview(upload, png(8, 8))))
                with pytest.raises(Refused, match="sent already"):
                    begin(hub)
        assert refused == {(409, "file_sent")}
        assert len((await saying)["files"]) == 1
        assert placed(hub) == {"report.pdf": DATA}

    run(test)


def test_a_room_does_not_wait_for_another(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    real, began, go_on = RoomFolder.place, threading.Event(), threading.Event()

    def place(self: RoomFolder, part: Path, name: str) -> None:
        if self.path.name == "a":
            began.set()
            assert go_on.wait(PATIENCE)
        real(self, part, name)

    monkeypatch.setattr(RoomFolder, "place", place)

    async def test(hub: Hub) -> None:
        await send(hub)
        await send(hub, room="b")
        waiting = asyncio.create_task(say(hub, "f1"))
        assert await asyncio.to_thread(began.wait, 20)
        try:
            async with asyncio.timeout(10):
                await say(hub, "f1", room="b")
            assert not waiting.done()
        finally:
            go_on.set()
        await waiting
        assert placed(hub) == placed(hub, "b") == {"report.pdf": DATA}

    run(test)


# -- refused ----------------------------------------------------------------------------------


def test_a_new_room_in_which_nothing_was_said_is_let_go(run: RunOnHub) -> None:
    class Told:
        def refused(self, why: Refused) -> None:
            codes.append(why.code)

    codes: list[str] = []

    async def test(hub: Hub) -> None:
        room = await hub.rooms.find("new", NAOR.who)
        hub.take(room, NAOR, Say("new", "", files=["none"]), cast(Answer, Told()))
        hub.rooms.let_go(room)
        assert hub.rooms.get("new") is room
        await rest(hub)
        assert (codes, hub.rooms.get("new")) == (["no_such_file"], None)

    run(test)


def test_a_refused_message_leaves_its_file_for_another_try(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Placed by then, as the room's own file cannot be written."""
    real = disk.pwrite

    def full(fd: int, data: bytes, at: int) -> None:
        if b'"do":"say"' in data:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(fd, data, at)

    async def test(hub: Hub) -> None:
        await send(hub)
        with monkeypatch.context() as patch:
            patch.setattr(disk, "pwrite", full)
            assert (await refusal(say(hub, "f1", key="k")))[0] == 507
        assert placed(hub) == {"report.pdf": DATA}
        [upload] = hub.attachments.uploads
        assert upload.placed
        said = await say(hub, "f1", key="k")
        assert said["files"][0]["name"] == "report.pdf"
        assert placed(hub) == {"report.pdf": DATA}
        await check_space(hub)

    run(test)


def test_nothing_is_announced_whose_name_was_not_kept(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        await send(hub)
        with monkeypatch.context() as patch:
            fill_disk(patch)
            assert (await refusal(say(hub, "f1")))[0] == 507
        assert placed(hub) == {}
        said = await say(hub, "f1")
        assert list(placed(hub)) == [said["files"][0]["name"]]
        await check_space(hub)

    run(test)


@pytest.mark.parametrize("step", ["link", "sync_folder", "listdir"])
def test_a_folder_that_fails(run: RunOnHub, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fails(path: Any, *_: Any, **__: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    async def test(hub: Hub) -> None:
        await send(hub)
        (hub.folder.files / "a").mkdir()
        with monkeypatch.context() as patch:
            patch.setattr(disk if step == "sync_folder" else os, step, fails)
            assert await refusal(say(hub, "f1")) == (507, "not_saved")
        said = await say(hub, "f1")
        assert placed(hub) == {said["files"][0]["name"]: DATA}
        await check_space(hub)

    run(test)


def test_a_file_that_somebody_took_away_before_its_message(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        upload = await send(hub)
        hub.attachments.uploads.path(upload).unlink()
        assert await refusal(say(hub, "f1")) == (410, "file_gone")
        assert hub.rooms.get("a") is None, "nothing was said in it"

    run(test)


@pytest.mark.parametrize("linked", ["files/a", "files/.unfinished"])
def test_links_are_not_followed(run: RunOnHub, tmp_path: Path, linked: str) -> None:
    async def test(hub: Hub) -> None:
        await rest(hub)
        (tmp_path / "outside").mkdir()
        (hub.folder.path / linked).symlink_to(tmp_path / "outside")
        with pytest.raises(Refused) as refused:
            await share(hub)
        assert refused.value.code == "not_saved"
        assert list((tmp_path / "outside").iterdir()) == []

    run(test)


async def group(hub: Hub) -> tuple[Author, Author, str]:
    """A private room of two."""
    anna, bela = (hub.author(hub.people.enter(name)[0]) for name in ("anna", "bela"))
    room = await hub.make("private", "Plans", anna)
    assert bela.who is not None
    await hub.change_room(room, anna, Invite(room=room.name, whom=bela.who))
    return anna, bela, room.name


def test_permissions_that_changed_meanwhile(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the file is put into the folder, the room is archived."""

    async def test(hub: Hub) -> None:
        anna, bela, name = await group(hub)
        room = await hub.rooms.room(name)
        await send(hub, author=bela, room=name)
        real = hub.attachments.placing.place

        async def place(*given: Any) -> None:
            await real(*given)
            await hub.change_room(room, anna, Archive(room=name))

        monkeypatch.setattr(hub.attachments.placing, "place", place)
        assert await refusal(say(hub, "f1", author=bela, room=name)) == (403, "room_shut")
        assert placed(hub, name) == {"report.pdf": DATA}
        [upload] = hub.attachments.uploads
        await hub.attachments.cancel(upload)
        assert (placed(hub, name), dooms(hub)) == ({}, [])
        await check_space(hub)

    run(test)


def test_a_new_room_is_not_let_go_while_a_message_is_prepared(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await send(hub)
        saying = asyncio.create_task(say(hub, "f1"))
        await asyncio.sleep(0)
        room = await hub.rooms.room("a")
        while not saying.done():
            hub.rooms.let_go(room)
            await asyncio.sleep(0)
        await saying
        assert hub.rooms.get("a") is room

    run(test)


# -- removed ----------------------------------------------------------------------------------


def test_a_removed_message_takes_its_files_and_previews_with_it(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await send(hub, "f1")
        upload = await send(hub, "f2", png(9, 9), name="b.png")
        await hub.attachments.preview(upload, png(8, 8))
        said = await say(hub, "f1", "f2")
        assert said["files"][1]["preview"] is True
        assert await hub.attachments.preview_of("a", "f2") is not None
        await erase(hub, 1)
        assert not (hub.folder.files / "a").exists()
        assert list(hub.folder.previews.iterdir()) == []
        assert dooms(hub) == []
        assert b"report" not in hub.folder.room_file("a").read_bytes(), "nor are their names there"
        await check_space(hub)
        room = await hub.rooms.room("a")
        assert room.index.file("f1") is None
        assert await refusal(say(hub, "f1")) == (404, "no_such_file")

    run(test)


def test_two_removals_at_once(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await share(hub)
        await share(hub, "f2", b"other")
        works = [hub.post("a", NAOR, Erase("a", of=1, key=key)) for key in ("k", "k", None)]
        told = await asyncio.gather(*works, return_exceptions=True)
        assert sum(isinstance(x, Refused) for x in told) == 1
        await rest(hub)
        assert placed(hub) == {"report (2).pdf": b"other"}
        await check_space(hub)

    run(test)


def test_only_their_author_removes_them(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await share(hub)
        assert await refusal(erase(hub, 1, author=MIRA)) == (403, "not_yours")
        assert (placed(hub), dooms(hub)) == ({"report.pdf": DATA}, [])

    run(test)


def test_a_cancelled_upload_takes_its_preview_with_it(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        upload = await send(hub)
        await hub.attachments.preview(upload, png(8, 8))
        found = hub.attachments.uploads.get("a", "f1")
        assert found is not None
        await hub.attachments.cancel(found)
        await check_space(hub)
        assert (parts(hub), list(hub.folder.previews.iterdir())) == ({}, [])

    run(test)


def test_beginning_again_removes_the_preview(run: RunOnHub) -> None:
    """It shows what the file held before."""

    async def test(hub: Hub) -> None:
        await hub.attachments.preview(await send(hub), png(8, 8))
        upload = await send(hub, data=b"other")
        await rest(hub)
        assert await hub.attachments.preview_of("a", "f1") is None
        await hub.attachments.cancel(upload)
        assert list(hub.folder.previews.iterdir()) == []

    run(test)


@pytest.mark.parametrize("again", [True, False])
def test_a_preview_that_comes_too_late_is_removed(run: RunOnHub, again: bool) -> None:
    async def test(hub: Hub) -> None:
        upload = await send(hub)
        late = asyncio.create_task(hub.attachments.preview(upload, png(8, 8)))
        await asyncio.sleep(0)
        await hub.attachments.cancel(upload)
        if again:
            begin(hub)
        await late
        await rest(hub)
        assert list(hub.folder.previews.iterdir()) == []

    run(test)


def test_two_previews_at_a_time(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        upload, data = await send(hub), png(8, 8)
        await asyncio.gather(*(hub.attachments.preview(upload, data) for _ in range(8)))
        assert await hub.attachments.preview_of("a", "f1") is not None

    run(test)


@pytest.mark.parametrize("refused", [True, False])
def test_beginning_again_removes_what_was_placed(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, refused: bool
) -> None:
    async def test(hub: Hub) -> None:
        await send(hub)
        if refused:
            assert await refusal(say(hub, "f1", text="x" * 99_999)) == (413, "too_long")
            assert placed(hub) == {"report.pdf": DATA}
        await send(hub, "f1", b"again")
        await check_space(hub)
        assert (placed(hub), parts(hub)) == ({}, {"f1": b"again"})
        await say(hub, "f1")
        assert list(placed(hub).values()) == [b"again"]

    run(test)


def test_a_deleted_room_takes_its_files_with_it_but_none_that_was_put_there(
    run: RunOnHub,
) -> None:
    async def test(hub: Hub) -> None:
        anna, bela, name = await group(hub)
        await share(hub, "f1", author=anna, room=name)
        await share(hub, "f2", b"two", author=bela, room=name, name="two.txt")
        await send(hub, "f3", b"three", author=bela, room=name)
        await send(hub, "f1", b"elsewhere")
        assert has_mode(hub.folder.files / name, 0o700)
        (hub.folder.files / name / "mine.txt").write_bytes(b"mine")
        await hub.delete(await hub.rooms.room(name), anna)
        await rest(hub)
        assert placed(hub, name) == {"mine.txt": b"mine"}
        assert (parts(hub), dooms(hub)) == ({"f1": b"elsewhere"}, [])
        (hub.folder.files / name / "mine.txt").unlink()
        another = await hub.make("private", "Others", anna)
        await share(hub, "f1", author=anna, room=another.name)
        await hub.delete(another, anna)
        assert not (hub.folder.files / another.name).exists()

    run(test)


def test_a_room_in_which_a_file_is_about_to_be_said_is_not_deleted(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        anna, bela, name = await group(hub)
        await send(hub, author=bela, room=name)
        room = await hub.rooms.room(name)
        saying = asyncio.create_task(say(hub, "f1", author=bela, room=name))
        await asyncio.sleep(0)
        assert await refusal(hub.delete(room, anna)) == (409, "busy")
        await saying
        await hub.delete(room, anna)
        await rest(hub)
        assert not (hub.folder.files / name).exists()

    run(test)


# -- sent on ----------------------------------------------------------------------------------


@pytest.mark.parametrize("links", [True, False])
def test_a_forwarded_file_is_one_of_its_own(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", no_links)

    async def test(hub: Hub) -> None:
        said = await share(hub)
        told = [
            await forward(hub, MIRA, "a", 1, "b", "k"),
            *await asyncio.gather(*(forward(hub, MIRA, "a", 1, "b", "k") for _ in range(2))),
        ]
        assert len({line for line, _ in told}) == 1
        again = json.loads((await forward(hub, MIRA, "a", 1, "a", None))[0])
        file = json.loads(told[0][0])["files"][0]
        assert file["id"] != "f1"
        assert {**file, "id": "f1"} == said["files"][0]
        assert again["files"][0]["name"] == "report (2).pdf"
        await check_space(hub)
        await erase(hub, 1)
        assert (placed(hub, "b"), placed(hub)) == (
            {"report.pdf": DATA}, {"report (2).pdf": DATA},
        )  # fmt: skip
        await check_space(hub)
        assert list(hub.attachments.uploads) == []

    run(test)


def test_concurrent_forwards_of_one_key(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await share(hub)
        told = await asyncio.gather(*(forward(hub, MIRA, "a", 1, "b", "k") for _ in range(3)))
        await check_space(hub)
        assert len({line for line, _ in told}) == 1
        assert (placed(hub, "b"), parts(hub)) == ({"report.pdf": DATA}, {})
        assert list(hub.attachments.uploads) == []

    run(test)


def test_who_has_to_wait_makes_no_copies(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(hub: Hub) -> None:
        await share(hub)
        anna = hub.author((await enter_as_host(hub))[0])
        await hub.post("b", anna, Slow("b", seconds=60))
        await hub.post("b", MIRA, Say("b", "x"))
        monkeypatch.setattr(hub.attachments, "begin", None)
        assert await refusal(forward(hub, MIRA, "a", 1, "b", None)) == (429, "slow")

    run(test)


def test_a_file_that_is_gone_is_not_forwarded(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await send(hub, "f1")
        await send(hub, "f2")
        await say(hub, "f1", "f2")
        (hub.folder.files / "a" / "report (2).pdf").unlink()
        assert await refusal(forward(hub, MIRA, "a", 1, "b", None)) == (410, "file_gone")
        await rest(hub)
        assert (parts(hub), list(hub.attachments.uploads)) == ({}, [])
        assert hub.rooms.get("b") is None
        assert hub.attachments.space._expected == 0

    run(test)


def test_nothing_is_copied_for_who_may_not_write(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        anna, _, name = await group(hub)
        room = await hub.rooms.room(name)
        await share(hub)
        await hub.change_room(room, anna, Archive(room=name))
        monkeypatch.setattr(shutil, "copyfileobj", None)
        assert await refusal(forward(hub, anna, "a", 1, name, None)) == (403, "room_shut")
        assert list(hub.attachments.uploads) == []

    run(test)


# -- stops ------------------------------------------------------------------------------------


def test_a_stop_at_once_refuses_what_waits(tmp_path: Path) -> None:
    """Also where what a crash left was not looked at yet: nothing waits for ever."""

    async def main() -> None:
        hub = Hub(Folder.open(tmp_path / "rooms"), UNLIMITED)
        room = await hub.rooms.room("a")
        hub.attachments.uploads.ready.clear()
        saying = asyncio.create_task(say(hub, "f1"))
        sending = asyncio.create_task(send(hub, "f2"))
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await hub.stop()
        assert await refusal(saying) == (503, "stopping")
        assert await refusal(sending) == (503, "stopping")
        assert room.preparing == 0

    async def at_once() -> None:
        hub = Hub(Folder.open(tmp_path / "rooms"), UNLIMITED)
        async with asyncio.timeout(10):
            await hub.stop()
        assert hub.attachments.uploads.ready.is_set()

    asyncio.run(at_once())
    asyncio.run(main())


def test_a_stop_saves_what_is_being_said_and_removed(run: RunOnHub) -> None:
    async def first(hub: Hub) -> None:
        await share(hub, "f0")
        await send(hub)
        works = (say(hub, "f1"), hub.post("a", NAOR, Erase("a", of=1)))
        running.extend(asyncio.create_task(work) for work in works)
        await asyncio.sleep(0.001)

    async def second(hub: Hub) -> None:
        await rest(hub)
        said = [x for x in await events(hub) if x.get("files")]
        assert {x["files"][0]["id"] for x in said} <= {"f1"}
        whole = {"report (2).pdf": DATA} if said else {}
        assert placed(hub) == whole
        await check_space(hub)

    running: list[asyncio.Task[Any]] = []
    run(first)
    run(second)
