"""Files that somebody put into a room's folder by hand, and how a host shares them."""

from __future__ import annotations

import asyncio
import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub import found_files
from hub.errors import Refused
from hub.files import found_file
from hub.found_files import Found, FoundFiles
from hub.hub import Hub
from hub.protocol.commands import Archive
from hub.protocol.sent_file import SentFile
from hub.room_rules import Author
from tests.e2e.sent_files import png
from tests.on_hub import UNLIMITED, RunOnHub, enter, refusal, run_on
from tests.uploading import NAOR, begin, check_space, erase, go_on, placed, rest, share, sum_of
from tests.windows import another_program

ANNA = Author("anna", "p_0", host=True)


@pytest.fixture
def run(tmp_path: Path) -> RunOnHub:
    return run_on(tmp_path / "rooms")


def put(hub: Hub, name: str | bytes, data: bytes = b"by hand", room: str = "a") -> Path:
    """Put a file into a room's folder by hand."""
    folder = hub.folder.files / room
    folder.mkdir(exist_ok=True)
    path = Path(os.fsdecode(os.path.join(os.fsencode(folder), os.fsencode(name))))
    path.write_bytes(data)
    return path


async def listed(found: FoundFiles, author: Author = ANNA) -> dict[str, Found]:
    return {file.name: file for file in (await found.found(author)).files}


async def shared(
    found: FoundFiles, name: str = "plan.pdf", text: str = "", author: Author = ANNA
) -> Any:
    """Share a file that is listed; gives the event."""
    file = (await listed(found, author))[name]
    return json.loads(await found.share(lambda: author, file.room, file.id, text))


def test_a_file_that_nobody_sent_is_found_and_shared(run: RunOnHub) -> None:
    picture = png(20, 10)

    async def test(hub: Hub) -> None:
        await share(hub)
        await asyncio.sleep(0.02)
        path = put(hub, "sea.png", picture)
        os.utime(path, (1000, 1000.5))
        inode = path.stat().st_ino
        found = FoundFiles(hub)
        file = (await listed(found))["sea.png"]
        assert (file.room, file.size, file.at, file.sharing) == ("a", len(picture), 1000.5, False)
        event = await shared(found, "sea.png", "Look")
        [sent] = event["files"]
        assert (event["by"], event["who"], event["text"]) == ("anna", "p_0", "Look")
        assert sent == {
            "id": sent["id"], "name": "sea.png", "size": len(picture), "type": "image/png",
            "sha256": sum_of(picture), "width": 20, "height": 10,
        }  # fmt: skip
        assert path.stat().st_ino == inode, "it is not copied"
        assert await listed(found) == {}
        assert hub.audit.last[-1]["do"] == "share"
        await check_space(hub)
        await erase(hub, event["n"], author=ANNA)
        assert list(placed(hub)) == ["report.pdf"], "it is as any other file"
        await check_space(hub)

    run(test)


def test_what_was_there_at_the_start_is_counted_once(run: RunOnHub) -> None:
    async def before(hub: Hub) -> None:
        put(hub, "plan.pdf")
        await asyncio.sleep(0.02)

    async def test(hub: Hub) -> None:
        await shared(FoundFiles(hub))
        await check_space(hub)

    run(before)
    run(test)


def test_what_messages_have_or_had_is_not_found(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        await share(hub)
        (hub.folder.files / "a" / "report.pdf").write_bytes(b"another one of that name")
        upload = await go_on(hub, begin(hub, "f2", name="waits.pdf"), [b"x"])
        await hub.attachments.placing.place(await hub.rooms.room("a"), [upload])
        goes = SentFile(id="f3", name="goes.pdf", size=1, type="a/b", sha256="0")
        put(hub, "goes.pdf")
        await hub.attachments.doom("a", [goes])
        assert set(placed(hub)) == {"report.pdf", "waits.pdf", "goes.pdf"}
        assert await listed(FoundFiles(hub)) == {}
        hub.attachments.spare("a", [goes])
        assert list(await listed(FoundFiles(hub))) == ["goes.pdf"]

    run(test)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("what?.pdf", "what_.pdf"),
        ("a\nb\x1b[0m.txt", "a b[0m.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        (b"caf\xe9.txt", "caf\ufffd.txt"),
        ("link.url", "link.url.txt"),
        ("REPORT.PDF", "REPORT (2).PDF"),
    ],
)
def test_a_name_that_is_not_safe_gets_one_that_is(
    run: RunOnHub, given: str | bytes, name: str
) -> None:
    async def test(hub: Hub) -> None:
        await share(hub)
        put(hub, given)
        found = FoundFiles(hub)
        [shown] = await listed(found)
        json.dumps(shown).encode()
        event = await shared(found, shown)
        assert event["files"][0]["name"] == name
        assert placed(hub)[name] == b"by hand"
        assert len(placed(hub)) == 2, "under one name"
        assert await listed(found) == {}

    run(test)


@pytest.mark.skipif(os.name == "nt", reason="Windows has none of these")
def test_links_pipes_folders_and_what_systems_leave_are_no_files(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        secret = hub.folder.path / "secret.txt"
        secret.write_text("secret")
        put(hub, ".DS_Store")
        put(hub, "Thumbs.db")
        folder = hub.folder.files / "a"
        (folder / "link.txt").symlink_to(secret)
        os.mkfifo(folder / "pipe")
        (folder / "folder").mkdir()
        (hub.folder.files / "b").symlink_to(folder)
        put(hub, "x.txt", room="Not A Room")
        found = FoundFiles(hub)
        assert await listed(found) == {}
        for room, name in (("a", "link.txt"), ("a", "pipe"), ("a", "folder"), ("b", "x")):
            id_ = found_files._id(name)
            assert await refusal(found.share(lambda: ANNA, room, id_, "")) == (404, "no_such_file")
        assert hub.rooms.shown("a") is None
        assert [room.name for room in hub.rooms] == [], "none was made for it"

    run(test)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes like these")
@pytest.mark.parametrize("kind", ["link", "pipe", "gone"])
def test_what_takes_a_files_place_meanwhile_is_not_followed(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    entries_of = found_file.entries_of

    async def test(hub: Hub) -> None:
        path = put(hub, "plan.pdf")

        def and_then(*given: Any) -> Any:
            entries = entries_of(*given)
            path.unlink()
            if kind == "link":
                path.symlink_to(__file__)
            elif kind == "pipe":
                os.mkfifo(path)
            return entries

        found = FoundFiles(hub)
        [file] = (await found.found(ANNA)).files
        monkeypatch.setattr(found_file, "entries_of", and_then)
        refused = (404, "no_such_file") if kind == "gone" else (422, "file_unfit")
        assert await refusal(found.share(lambda: ANNA, "a", file.id, "")) == refused
        assert hub.rooms.shown("a") is None

    run(test)


@pytest.mark.parametrize("change", ["longer", "shorter", "replaced", "gone", "touched"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(found_file, "STEP_BYTES", 1 << 18)
    go_on_ = found_file.Reading.go_on

    async def test(hub: Hub) -> None:
        path = put(hub, "plan.pdf", b"x" * (3 << 18))
        changed: list[str] = []

        def and_then(reading: found_file.Reading) -> None:
            go_on_(reading)
            if changed:
                return
            changed.append(change)
            match change:
                case "longer":
                    path.write_bytes(b"y" * (4 << 18))
                case "shorter":
                    os.truncate(path, 1)
                case "replaced":
                    other = path.with_name("other")
                    other.write_bytes(path.read_bytes())
                    with another_program():
                        os.replace(other, path)
                case "gone":
                    with another_program():
                        path.unlink()
                case "touched":
                    os.utime(path, (5, 5))

        monkeypatch.setattr(found_file.Reading, "go_on", and_then)
        found = FoundFiles(hub)
        [file] = (await found.found(ANNA)).files
        refused = (404, "no_such_file") if change == "gone" else (409, "file_changed")
        assert await refusal(found.share(lambda: ANNA, "a", file.id, "")) == refused
        assert hub.rooms.shown("a") is None
        if change != "gone":
            [again] = (await found.found(ANNA)).files
            assert "was changed while it was read" in str(again.fault)
            assert len((await shared(found))["files"]) == 1, "a second time it is whole"

    run(test)


def test_two_hosts_share_one_file_once(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        put(hub, "plan.pdf")
        found = FoundFiles(hub)
        [file] = (await found.found(ANNA)).files
        first = found.share(lambda: ANNA, "a", file.id, "")
        with pytest.raises(Refused) as refused:
            found.share(lambda: Author("bela", "p_9", host=True), "a", file.id, "")
        assert refused.value.code == "file_sent"
        [now] = (await found.found(ANNA)).files
        assert now.sharing
        await first
        assert await refusal(found.share(lambda: ANNA, "a", file.id, "")) == (404, "no_such_file")
        room = await hub.rooms.room("a")
        assert room.said == 1

    run(test)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_under_its_new_name_it_is_not_shared_again(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        put(hub, "what?.pdf")
        found, waits, goes_on = FoundFiles(hub), asyncio.Event(), asyncio.Event()
        post = hub.post

        async def post_later(*given: Any) -> Any:
            waits.set()
            await goes_on.wait()
            return await post(*given)

        monkeypatch.setattr(hub, "post", post_later)
        [file] = (await found.found(ANNA)).files
        first = found.share(lambda: ANNA, "a", file.id, "")
        await waits.wait()
        again = found.share(lambda: ANNA, "a", found_files._id("what_.pdf"), "")
        await asyncio.sleep(0.05)
        goes_on.set()
        sent = json.loads(await first)["files"][0]
        assert await refusal(again) == (409, "file_sent")
        assert placed(hub) == {sent["name"]: b"by hand"}
        assert (await hub.rooms.room("a")).said == 1

    run(test)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_second_name_that_a_crash_left_is_not_shared_again(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        path = put(hub, "what?.pdf")
        os.link(path, path.with_name("what_.pdf"))
        found = FoundFiles(hub)
        ids = [found_files._id(name) for name in ("what_.pdf", "what?.pdf")]
        tasks = [found.share(lambda: ANNA, "a", id_, "") for id_ in ids]
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(isinstance(x, bytes) for x in ended) == 1
        assert "what_.pdf" in placed(hub)
        assert (await hub.rooms.room("a")).said == 1
        assert await listed(found) == {}

    run(test)


def test_who_may_not_share_it_any_more_once_it_is_read_does_not(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        put(hub, "plan.pdf")
        found, asked = FoundFiles(hub), list[str]()

        def asking() -> Author:
            if asked:
                raise Refused("host_only", "Only the host may do that.", 403)
            asked.append("once")
            return ANNA

        [file] = (await found.found(ANNA)).files
        assert await refusal(found.share(asking, "a", file.id, "")) == (403, "host_only")
        assert hub.rooms.shown("a") is None

    run(test)


def test_others_have_their_turn_while_a_large_file_is_read(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found_file, "STEP_BYTES", 1 << 10)

    async def test(hub: Hub) -> None:
        put(hub, "film.bin", b"x" * (1 << 18))
        found = FoundFiles(hub)
        [file] = (await found.found(ANNA)).files
        task, turns = found.share(lambda: ANNA, "a", file.id, ""), 0
        while not task.done():
            turns += 1
            await asyncio.sleep(0)
        assert turns > 100
        assert json.loads(task.result())["files"][0]["sha256"] == sum_of(b"x" * (1 << 18))

    run(test)


def test_only_who_is_in_a_hidden_room_finds_what_is_there(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        anna, bela = (await enter(hub, "anna"))[0], (await enter(hub, "bela"))[0]
        owner = hub.author(bela)
        other = hub.author(anna)._replace(host=True)
        room = (await hub.make("private", "Ours", owner)).name
        put(hub, "plan.pdf", room=room)
        put(hub, "plan.pdf", room="private-0000000000000000")
        put(hub, "plan.pdf", room="dm-" + "0" * 24)
        found = FoundFiles(hub)
        assert await listed(found, other) == {}
        id_ = found_files._id("plan.pdf")
        for name in (room, "private-0000000000000000", "dm-" + "0" * 24):
            assert await refusal(found.share(lambda: other, name, id_, "")) == (404, "no_such_room")
        assert (await listed(found, owner))["plan.pdf"].room == room
        audited = len(hub.audit.last)
        event = await shared(found, author=owner)
        assert event["room"] == room
        assert len(hub.audit.last) == audited

    run(test)


def test_where_nothing_more_is_said_nothing_is_shared(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        author = Author("anna", (await enter(hub, "anna"))[0].who, host=True)
        room = await hub.make("announcements", "News", author, "news")
        await hub.change_room(room, author, Archive(room="news"))
        path = put(hub, "what?.pdf" if os.name != "nt" else "what.pdf", room="news")
        found = FoundFiles(hub)
        [file] = (await found.found(author)).files
        assert await refusal(found.share(lambda: author, "news", file.id, "")) == (403, "room_shut")
        assert path.exists(), "nothing was done to it"
        assert (await listed(found, author))[file.name].fault
        await hub.change_room(room, author, Archive(room="news", off=True))
        await shared(found, file.name, author=author)

    run(test)


def test_whoever_is_meant_is_told(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        bela, _ = await enter(hub, "bela")
        put(hub, "plan.pdf")
        event = await shared(FoundFiles(hub), text="For @bela")
        assert event["to"] == {"bela": bela.who}

    run(test)


def test_limits_are_for_what_comes(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        put(hub, "plan.pdf", b"x" * 100)
        await shared(FoundFiles(hub))

    run(test, replace(UNLIMITED, file_bytes=10, files_bytes=20))


def test_the_last_ones_are_listed(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_files, "LISTED", 2)

    async def test(hub: Hub) -> None:
        later = time.time() + 10_000
        for n, at in enumerate((1000, -5, later)):
            os.utime(put(hub, f"{n}.txt"), (at, at))
        told = await FoundFiles(hub).found(ANNA)
        assert ([x.name for x in told.files], told.more) == (["2.txt", "0.txt"], True)
        assert told.files[0].at < later - 1000

    run(test)


def test_of_many_files_only_those_that_are_listed_cost_much(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found_files, "LISTED", 5)
    monkeypatch.setattr("hub.room_lists.SLICE_SECONDS", 0)
    named: list[str] = []
    monkeypatch.setattr(found_files, "safe_name", lambda x: named.append(x) or x)

    async def test(hub: Hub) -> None:
        for n in range(50):
            put(hub, f"{n}.txt", room=f"room{n % 3}")
        task, turns = asyncio.create_task(FoundFiles(hub).found(ANNA)), 0
        while not task.done():
            turns += 1
            await asyncio.sleep(0)
        assert len(named) == len(task.result().files) == 5
        assert turns > 50, "others have their turn meanwhile"

    run(test)


def test_a_restart_between_leaves_it_as_it_was(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found_file, "STEP_BYTES", 1 << 10)

    begun: list[asyncio.Task[bytes]] = []

    async def begin_only(hub: Hub) -> None:
        put(hub, "plan.pdf", b"x" * (1 << 20))
        found = FoundFiles(hub)
        [file] = (await found.found(ANNA)).files
        task = found.share(lambda: ANNA, "a", file.id, "")
        for _ in range(50):
            await asyncio.sleep(0)
        assert not task.done()
        begun.append(task)

    async def again(hub: Hub) -> None:
        await rest(hub)
        assert placed(hub) == {"plan.pdf": b"x" * (1 << 20)}
        await shared(FoundFiles(hub))

    run(begin_only)
    assert begun[0].done()
    run(again)


def test_what_fails_in_us_is_told(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise ValueError("a fault")

    async def test(hub: Hub) -> None:
        monkeypatch.setattr(found_files, "FAULTS", 1)
        put(hub, "plan.pdf")
        put(hub, "other.pdf")
        found = FoundFiles(hub)
        files = (await found.found(NAOR)).files
        monkeypatch.setattr(found_file, "reading", fails)
        for file in files:
            with pytest.raises(ValueError, match="a fault"):
                await found.share(lambda: NAOR, "a", file.id, "")
        faults = [x.fault for x in (await found.found(NAOR)).files]
        assert "Something went wrong in Hearth." in faults

    run(test)
