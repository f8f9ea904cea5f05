"""Rooms that go to rest and wake, and a start that knows them from the catalog."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import shutil
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from hub import catalog, snapshot_keeper
from hub import open_rooms as module
from hub.folder import Folder
from hub.hub import Hub
from hub.protocol.commands import Edit, Make, Say, Slow
from hub.resting import STAMP, Resting
from hub.room import Room
from hub.room_rules import Author
from tests.on_hub import UNLIMITED, refusal, run_on
from tests.patience import PATIENCE

ANNA = Author("anna", "p_1")
BELA = Author("bela", "p_2")
HOST = Author("hanna", "p_3", host=True)
HIDDEN = "private-0123456789abcdef"

Test = Callable[[Hub], Coroutine[Any, Any, None]]
Run = Callable[[Test], None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rooms"


@pytest.fixture
def run(path: Path) -> Run:
    return run_on(path)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rooms may be open, and rest as soon as another one is opened."""
    monkeypatch.setattr(module, "OPEN", 2)
    monkeypatch.setattr(module, "ASKED_SECONDS", 0.0)


async def say(hub: Hub, name: str, text: str = "Hello", author: Author = ANNA) -> int:
    _, new = await hub.post(name, author, Say(room=name, text=text, key=text))
    assert new
    return (await hub.rooms.room(name)).last


async def private(hub: Hub, name: str = HIDDEN) -> Room:
    return await hub._make(name, Make(room=name, kind="private", text="Plans"), ANNA)


async def synced(hub: Hub) -> None:
    """All files are, and nothing is to be told."""
    async with asyncio.timeout(30):
        while any(x.history._file and not x.history._file.idle for x in hub.rooms):
            await asyncio.sleep(0.01)
        while any(hub._activity.holds(x) for x in hub.rooms):
            await asyncio.sleep(0.01)


async def rested(hub: Hub, *names: str) -> None:
    """Lets these rooms rest."""
    await hub.rooms.all_known()
    await synced(hub)
    for name in names:
        room = hub.rooms.get(name)
        assert room is not None
        room.asked = -1e9
        assert hub.rooms._rest(room), name


def is_open(hub: Hub) -> set[str]:
    return {room.name for room in hub.rooms}


def read_of(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the rooms that are read from now on."""
    names: list[str] = []
    read = hub.rooms._read

    def noted(name: str) -> Room:
        names.append(name)
        return read(name)

    monkeypatch.setattr(hub.rooms, "_read", noted)
    return names


# -- at rest ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("few")
def test_those_not_asked_for_the_longest_go_to_rest(run: Run) -> None:
    async def test(hub: Hub) -> None:
        await hub.rooms.all_known()
        for name in ("a", "b", "c", "d"):
            await say(hub, name)
        assert is_open(hub) == {"a", "b", "c", "d"}, "what is not synced and told stays open"
        await synced(hub)
        hub.rooms.open("a")
        await hub.rooms.look("e")
        assert is_open(hub) == {"a", "d", "e"}
        assert list(hub.rooms.visible_to()) == ["a", "b", "c", "d"]
        assert isinstance(hub.rooms.shown("b"), Resting)
        assert await say(hub, "b", "More") == 2

    run(test)


def test_a_room_that_was_asked_for_a_moment_ago_stays_open(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OPEN", 2)

    async def test(hub: Hub) -> None:
        await hub.rooms.all_known()
        for name in ("a", "b", "c", "d"):
            await say(hub, name)
        await synced(hub)
        await say(hub, "e")
        assert is_open(hub) == {"a", "b", "c", "d", "e"}

    run(test)


def test_it_is_known_when_a_room_was_asked_for(run: Run) -> None:
    async def test(hub: Hub) -> None:
        await say(hub, "a")
        room = hub.rooms.get("a")
        assert room is not None
        for ask in (
            lambda: hub.rooms.room("a"),
            lambda: hub.rooms.find("a", None),
            lambda: hub.rooms.find_existing("a"),
        ):
            room.asked = 0.0
            await ask()
            assert room.asked > 0
        room.asked = 0.0
        hub.rooms.find_at_once("a", None)
        assert room.asked > 0
        room.asked = 0.0
        await hub.rooms.look("a")
        assert room.asked == 0, "who looks for a moment does not keep it open"

    run(test)


class Listener:
    author = ANNA

    def put(self, text: bytes) -> None:
        pass


def test_a_room_in_use_stays_open(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASKED_SECONDS", 0.0)

    async def test(hub: Hub) -> None:
        await say(hub, "a")
        await synced(hub)
        room, listener = await hub.rooms.room("a"), Listener()
        rest = hub.rooms._rest
        room.join(listener)
        assert not rest(room)
        room.leave(listener)
        async with asyncio.timeout(30):
            while room.telling:
                await asyncio.sleep(0)
        room.joining += 1
        assert not rest(room)
        room.joining -= 1
        hub._activity.saved(room, [])
        assert not rest(room), "something is to be told of it"
        await synced(hub)
        saving = asyncio.create_task(say(hub, "a", "More"))
        await asyncio.sleep(0)
        assert room.saving
        assert not rest(room)
        await saving
        assert not rest(room), "its file is not synced"
        await synced(hub)
        assert rest(room)
        assert not rest(await hub.rooms.room("empty"))

    run(test)


def test_a_room_in_which_somebody_has_to_wait_stays_open(run: Run) -> None:
    async def test(hub: Hub) -> None:
        await say(hub, "a")
        await hub.change_room(await hub.rooms.room("a"), HOST, Slow(room="a", seconds=9))
        await say(hub, "a", "More")
        await synced(hub)
        room = await hub.rooms.room("a")
        room.asked = -1e9
        assert not hub.rooms._rest(room)
        room.permissions._last_said.clear()
        assert hub.rooms._rest(room)

    run(test)


def test_a_room_that_woke_is_as_it_was(run: Run) -> None:
    async def test(hub: Hub) -> None:
        await say(hub, "a", "One")
        room = await hub.rooms.room("a")
        await hub.change_room(room, ANNA, Edit(room="a", of=1, text="Two"))
        pages = b"".join(room.blocks(1, 2))
        await rested(hub, "a")
        assert hub.rooms.get("a") is None
        woken = await hub.rooms.room("a")
        assert woken is not room
        assert "a" not in hub.rooms._at_rest
        assert b"".join(woken.blocks(1, 2)) == pages
        line, new = await hub.post("a", ANNA, Say(room="a", text="One", key="One"))
        assert not new, "a repeated key is known"
        assert b'"n":1' in line
        assert await say(hub, "a", "Three") == 3

    run(test)


def test_whoever_holds_a_room_that_rests_reads_on_and_writes_nothing(run: Run, path: Path) -> None:
    async def test(hub: Hub) -> None:
        await say(hub, "a", "One")
        old = await hub.rooms.room("a")
        await rested(hub, "a")
        assert await say(hub, "a", "Two") == 2
        whole = (path / "a.jsonl").read_bytes()
        with pytest.raises(module.Refused, match="Try again") as refused:
            await hub.change_room(old, ANNA, Say(room="a", text="Three"))
        assert refused.value.status == 503
        assert (path / "a.jsonl").read_bytes() == whole
        assert b"One" in await asyncio.to_thread(lambda: b"".join(old.blocks(1, 1)))
        assert await say(hub, "a", "Three") == 3

    run(test)


def test_whoever_waited_for_a_large_room_gets_the_one_that_is_open(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may rest between its opening and their turn."""
    monkeypatch.setattr(module, "SMALL", 0)

    async def test(hub: Hub) -> None:
        await say(hub, "a")
        await rested(hub, "a")
        opened: list[Room] = []
        take_in = hub.rooms._take_in

        def rests_at_once(room: Room) -> Room:
            take_in(room)
            opened.append(room)
            if len(opened) == 1:
                assert hub.rooms._rest(room)
            return room

        monkeypatch.setattr(hub.rooms, "_take_in", rests_at_once)
        room = await hub.rooms.room("a")
        assert len(opened) == 2
        assert room is hub.rooms.get("a") is opened[1]

    run(test)


def test_a_large_room_rests_and_wakes_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SMALL", 0)

    async def test(hub: Hub) -> None:
        await say(hub, "a")
        await rested(hub, "a")
        assert hub.rooms.find_at_once("a", None) is None
        assert (await hub.rooms.look("a")).last == 1
        assert await say(hub, "a", "More") == 2

    run(test)


@pytest.mark.parametrize("small", [0, 1 << 20])
def test_rooms_that_rest_and_wake_all_the_time_lose_and_double_nothing(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(module, "OPEN", 3)
    monkeypatch.setattr(module, "ASKED_SECONDS", 0.0)
    monkeypatch.setattr(module, "SMALL", small)
    monkeypatch.setattr("hub.hub.open_journal", lambda *_: (None, {}))  # so that all is synced
    monkeypatch.setattr("hub.turns.TURN_SECONDS", 0.0)
    chance, saved = random.Random(7), dict[str, list[str]]()
    rests: list[str] = []

    async def post(hub: Hub, number: int) -> None:
        name = f"r{chance.randrange(12)}"
        await hub.post(name, ANNA, Say(room=name, text=str(number), key=f"k{number}"))
        saved.setdefault(name, []).append(str(number))

    async def test(hub: Hub) -> None:
        await hub.rooms.all_known()
        rest = hub.rooms._rest
        monkeypatch.setattr(hub.rooms, "_rest", lambda x: rest(x) and not rests.append(x.name))
        for start in range(0, 400, 8):
            await asyncio.gather(*(post(hub, start + at) for at in range(8)))
            await synced(hub)
        assert sorted(hub.rooms.visible_to()) == sorted(saved)

    run(test)
    assert len(rests) > 20
    for name, texts in saved.items():
        _, *lines = (path / f"{name}.jsonl").read_bytes().splitlines()
        events = [json.loads(line) for line in lines]
        assert [x["n"] for x in events] == list(range(1, len(events) + 1))
        assert sorted(x["text"] for x in events) == sorted(texts)


def test_rooms_rest_though_no_other_is_opened(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TEND_SECONDS", 0.01)

    async def test(hub: Hub) -> None:
        for name in ("a", "b", "c", "d"):
            await say(hub, name)
        monkeypatch.setattr(module, "ASKED_SECONDS", 0.0)
        monkeypatch.setattr(module, "OPEN", 1)
        async with asyncio.timeout(30):
            while len(is_open(hub)) > 1:
                await asyncio.sleep(0.01)
        assert list(hub.rooms.visible_to()) == ["a", "b", "c", "d"]

    run(test)


# -- for somebody -----------------------------------------------------------------------------


def test_a_hidden_room_at_rest_is_found_by_its_members_alone(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        await private(hub)
        await rested(hub, HIDDEN)
        read = read_of(hub, monkeypatch)
        looked: list[str] = []
        monkeypatch.setattr(hub.rooms, "_is_there", lambda x: looked.append(x) or True)
        for name in (HIDDEN, "private-fedcba9876543210"):
            for who in ("p_2", None):
                assert await refusal(hub.rooms.find(name, who)) == (404, "no_such_room")
                assert await refusal(hub.rooms.find_existing(name, who)) == (404, "no_such_room")
                with pytest.raises(module.Refused):
                    hub.rooms.find_at_once(name, who)
        assert read == looked == [], "the time that this takes would tell"
        assert list(hub.rooms.visible_to("p_2")) == []
        assert list(hub.rooms.visible_to("p_1")) == [HIDDEN]
        assert (await hub.rooms.find(HIDDEN, "p_1")).name == HIDDEN
        assert read == [HIDDEN]

    run(test)


def test_a_room_at_rest_is_deleted_for_good(run: Run, path: Path) -> None:
    async def delete(hub: Hub) -> None:
        await private(hub)
        await rested(hub, HIDDEN)
        await hub.delete(await hub.rooms.find(HIDDEN, "p_1"), ANNA)
        assert list(hub.rooms.visible_to("p_1")) == []
        assert await refusal(hub.rooms.find(HIDDEN, "p_1")) == (404, "no_such_room")

    async def gone(hub: Hub) -> None:
        await hub.rooms.all_known()
        assert list(hub.rooms.visible_to("p_1")) == []

    run(delete)
    assert not list(path.glob("*.jsonl"))
    run(gone)


def test_a_room_that_is_deleted_while_the_catalog_is_read_does_not_come_back(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def make(hub: Hub) -> None:
        await private(hub)

    run(make)
    looked, go_on, look = threading.Event(), threading.Event(), catalog.look

    def slowly(*arguments: Any) -> catalog.Known:
        known = look(*arguments)
        looked.set()
        assert go_on.wait(PATIENCE)
        return known

    monkeypatch.setattr(catalog, "look", slowly)

    async def delete(hub: Hub) -> None:
        await asyncio.to_thread(looked.wait, 30)
        room = await hub.rooms.find(HIDDEN, "p_1")
        deleting = asyncio.create_task(hub.delete(room, ANNA))
        await asyncio.sleep(0)
        go_on.set()
        await deleting
        await hub.rooms.all_known()
        assert list(hub.rooms.visible_to("p_1")) == []

    run(delete)


def test_a_room_whose_file_was_taken_away_is_none(run: Run, path: Path) -> None:
    async def test(hub: Hub) -> None:
        await say(hub, "a")
        await say(hub, "b")
        await rested(hub, "a", "b")
        for name in ("a", "b"):
            (path / f"{name}.jsonl").unlink()
        assert await hub.rooms.find_existing("a") is None
        assert (await hub.rooms.room("b")).last == 0
        assert list(hub.rooms.visible_to()) == []

    run(test)


@pytest.mark.parametrize("small", [0, 1 << 20])
def test_a_room_whose_file_is_none_any_more_is_refused_and_not_listed(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(module, "SMALL", small)

    async def test(hub: Hub) -> None:
        await private(hub)
        await rested(hub, HIDDEN)
        (path / f"{HIDDEN}.jsonl").write_text("This is no room's file.\n" * 9)
        assert await refusal(hub.rooms.room(HIDDEN)) == (503, "room_closed")
        assert list(hub.rooms.visible_to("p_1")) == []
        assert await refusal(hub.rooms.find(HIDDEN, "p_1")) == (503, "room_closed")

    run(test)


def test_a_room_that_cannot_be_opened_for_now_stays_in_the_list(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        await say(hub, "a")
        await rested(hub, "a")

        def busy(name: str) -> Room:
            raise module.Refused("busy", "Too much is open.", 503)

        with monkeypatch.context() as patch:
            patch.setattr(hub.rooms, "_read", busy)
            assert await refusal(hub.rooms.room("a")) == (503, "busy")
        assert list(hub.rooms.visible_to()) == ["a"]
        assert (await hub.rooms.room("a")).last == 1

    run(test)


# -- the catalog ------------------------------------------------------------------------------


def test_a_start_opens_no_room_that_the_catalog_knows(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk(hub: Hub) -> None:
        for name in ("a", "b", "c"):
            await say(hub, name)
        await private(hub)
        await rested(hub, "a")

    async def later(hub: Hub) -> None:
        read = read_of(hub, monkeypatch)
        await hub.rooms.all_known()
        assert list(hub.rooms.visible_to("p_1")) == ["a", "b", "c", HIDDEN]
        assert read == []
        assert [await say(hub, "a", "More"), await say(hub, "b", "More")] == [2, 2]

    async def after_that(hub: Hub) -> None:
        read = read_of(hub, monkeypatch)
        await hub.rooms.all_known()
        assert (hub.rooms.shown("a"), read) != (None, ["a"])
        assert [getattr(hub.rooms.shown(x), "last", 0) for x in ("a", "b", "c")] == [2, 2, 1]
        assert read == []

    run(talk)
    run(later)
    run(after_that)
    (path / "hub" / "rooms.catalog").unlink()

    async def without(hub: Hub) -> None:
        await hub.rooms.all_known()
        assert is_open(hub) == {"a", "b", "c", HIDDEN}

    run(without)


def test_after_a_crash_what_was_said_since_counts(run: Run, path: Path, tmp_path: Path) -> None:
    async def talk(hub: Hub) -> None:
        await say(hub, "a")
        await say(hub, "b")

    async def crash(hub: Hub) -> None:
        await say(hub, "a", "More")
        await say(hub, "c")
        shutil.copytree(path, tmp_path / "crashed", copy_function=shutil.copy2)

    async def again(hub: Hub) -> None:
        await hub.rooms.all_known()
        assert is_open(hub) == {"a", "c"}
        assert [getattr(hub.rooms.shown(x), "last", 0) for x in ("a", "b", "c")] == [2, 1, 1]

    run(talk)
    run(crash)
    run_on(tmp_path / "crashed")(again)


def test_what_the_file_says_wins_over_a_catalog_that_lies(run: Run, path: Path) -> None:
    async def talk(hub: Hub) -> None:
        await say(hub, "a")
        await say(hub, "b")
        await say(hub, "b", "More")

    run(talk)
    file = path / "hub" / "rooms.catalog"
    records = catalog.read(file)
    lie = records["a"][: STAMP.size] + records["b"][STAMP.size :]
    catalog.write(file, records | {"a": lie})

    async def lied_to(hub: Hub) -> None:
        await hub.rooms.all_known()
        assert getattr(hub.rooms.shown("a"), "last", 0) == 2
        assert (await hub.rooms.room("a")).last == 1
        assert await say(hub, "a", "Now the second") == 2

    run(lied_to)


def test_damage_is_told_at_each_start(
    run: Run, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def talk(hub: Hub) -> None:
        for text in ("One", "Two", "Three"):
            await say(hub, "a", text)
        await say(hub, "b")

    async def nothing(hub: Hub) -> None:
        await hub.rooms.all_known()
        assert is_open(hub) == {"a"}
        room = hub.rooms.get("a")
        assert room is not None
        room.asked = -1e9
        await synced(hub)
        assert not hub.rooms._rest(room)

    run(talk)
    file = path / "a.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"text":"Two"', b'"text":"Tvo"'))
    for _ in range(2):
        caplog.clear()
        run(nothing)
        assert "a.jsonl: damaged near byte" in caplog.text


def test_the_catalog_is_kept_now_and_then(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TEND_SECONDS", 0.01)
    monkeypatch.setattr(module, "KEEP_SECONDS", 0.0)
    file = path / "hub" / "rooms.catalog"

    async def test(hub: Hub) -> None:
        await say(hub, "a")
        await say(hub, "b")
        await rested(hub, "a")
        async with asyncio.timeout(30):
            while list(catalog.read(file)) != ["a"]:
                await asyncio.sleep(0.01)
        file.unlink()
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert not file.exists(), "nothing has changed"

    run(test)
    assert sorted(catalog.read(file)) == ["a", "b"]


@pytest.mark.parametrize("killed", [False, True])
def test_the_catalog_forgets_a_deleted_room_soon(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    async def make(hub: Hub) -> None:
        await private(hub)
        await say(hub, "a")

    async def delete(hub: Hub) -> None:
        await hub.rooms.all_known()
        await hub.delete(await hub.rooms.find(HIDDEN, "p_1"), ANNA)
        await forgotten(hub)

    async def forgotten(hub: Hub) -> None:
        async with asyncio.timeout(30):
            while HIDDEN in catalog.read(file):
                await asyncio.sleep(0.01)

    run(make)
    file = path / "hub" / "rooms.catalog"
    assert HIDDEN in catalog.read(file)
    monkeypatch.setattr(module, "TEND_SECONDS", 0.01)
    monkeypatch.setattr(module, "KEEP_SECONDS", 0.0)
    if killed:  # after the room was removed, before the catalog was written
        (path / f"{HIDDEN}.jsonl").unlink()
        run(forgotten)
    else:
        run(delete)


def test_a_catalog_that_cannot_be_written_stops_nobody(
    run: Run, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def test(hub: Hub) -> None:
        await say(hub, "a")
        await hub.rooms.all_known()
        (path / "hub" / ".rooms.catalog.new").mkdir()

    with caplog.at_level(logging.WARNING):
        run(test)
    assert "cannot be kept" in caplog.text


def test_a_hub_that_stops_at_once_leaves_the_catalog(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def talk(hub: Hub) -> None:
        await say(hub, "a")
        await hub.rooms.all_known()

    run(talk)
    known = catalog.read(path / "hub" / "rooms.catalog")

    async def main() -> None:
        hub = Hub(Folder.open(path), UNLIMITED)
        await hub.stop()
        hub.close()

    asyncio.run(main())
    assert known
    assert catalog.read(path / "hub" / "rooms.catalog") == known


def test_a_large_room_that_goes_to_rest_is_kept_for_when_it_wakes(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot_keeper, "LEAST", 1000)
    monkeypatch.setattr(snapshot_keeper, "REST", 0.0)

    async def test(hub: Hub) -> None:
        for number in range(30):
            await say(hub, "a", f"message {number}")
        await rested(hub, "a")
        async with asyncio.timeout(10):
            while not (path / "hub" / "index" / "a.index").exists():
                await asyncio.sleep(0.01)
        room = await hub.rooms.room("a")
        assert room.kept == (path / "a.jsonl").stat().st_size
        await say(hub, "a", "on")
        assert room.last == 31

    run(test)
