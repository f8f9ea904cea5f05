import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import pytest

from hub import presence, room_index
from hub.errors import Refused
from hub.protocol import events
from hub.protocol.commands import (
    Archive,
    Edit,
    Erase,
    Invite,
    Make,
    Owner,
    Pin,
    React,
    Remove,
    Say,
    Slow,
    Topic,
    Writing,
)
from hub.protocol.events import Event
from hub.room import Room
from hub.room_rules import Author
from hub.store.open_files import Files
from hub.store.writer import Writer

NAOR = Author("naor", "p_1")
ANNA = Author("anna", "p_2")
HOST = Author("host", "p_3", host=True)
NOBODY = Author("nobody")


class Ear:
    """A listener that keeps what it is sent."""

    def __init__(self, author: Author = NAOR) -> None:
        self.author = author
        self.heard: list[Any] = []

    def put(self, text: bytes) -> None:
        self.heard += [json.loads(line) for line in text.split(b"\n")]

    def events(self) -> list[Any]:
        return [x for x in self.heard if "n" in x]


class Told:
    def __init__(self) -> None:
        self.outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def saved(self, line: bytes, new: bool, broadcast: bool) -> None:
        self.outcome.set_result((json.loads(line), new))

    def refused(self, why: Refused) -> None:
        self.outcome.set_exception(why)


class Place:
    """A room on disk that can be opened again."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self.file = folder / f"{name}.jsonl"
        self.moved: list[list[int]] = []
        self.writer = Writer(asyncio.get_running_loop())
        self.room = self.open()

    def changed(self, room: Room, events: Sequence[Event]) -> None:
        self.moved.append([event.n for event in events])

    def open(self) -> Room:
        self.room = Room.open(self.file, self.name, self.folder, self.writer, 100, self.changed)
        return self.room

    def take(self, command: Writing | Make, author: Author = NAOR) -> asyncio.Future[Any]:
        """Have a command taken; the event, as it will be saved, and whether it is new."""
        told = Told()
        self.room.take(command, author, told)
        return told.outcome

    async def do(self, command: Writing | Make, author: Author = NAOR) -> Any:
        return (await self.take(command, author))[0]

    async def say(self, text: str = "hello", author: Author = NAOR, **more: Any) -> Any:
        return await self.do(Say(room="a", text=text, **more), author)

    def shown(self) -> list[Any]:
        blocks = self.room.blocks(1, self.room.last)
        return [json.loads(line) for line in b"".join(blocks).splitlines()]


Test = Callable[[Place], Coroutine[Any, Any, None]]
Run = Callable[..., None]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(test: Callable[[Place], Awaitable[None]], name: str = "a") -> None:
        async def main() -> None:
            place = Place(tmp_path, name)
            try:
                await test(place)
            finally:
                await asyncio.to_thread(place.writer.stop)

        asyncio.run(main())

    return run


def test_what_comes_while_a_room_rests_is_saved_together(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.room.REST_EACH", 0.3)
    monkeypatch.setattr("hub.room.REST_MOST", 0.3)

    async def test(place: Place) -> None:
        place.room.join(Ear())
        await place.say("one")
        two = place.take(Say(room="a", text="two"))
        await asyncio.sleep(0.02)
        three = place.take(Say(room="a", text="three"))
        await asyncio.wait_for(asyncio.gather(two, three), 30)
        assert place.moved == [[1], [2, 3]]

    run(test)


def test_a_room_that_cannot_be_opened_lets_go_of_its_file(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    async def test(place: Place) -> None:
        await place.say("one")
        monkeypatch.setattr(Room, "_read_recent", broken)
        files = Files()
        with pytest.raises(RuntimeError):
            Room.open(place.file, "a", place.folder, place.writer, 0, place.changed, files)
        assert not files.opened

    run(test)


def test_messages_are_numbered_saved_and_broadcast(run: Run) -> None:
    async def test(place: Place) -> None:
        ear = Ear()
        place.room.join(ear)
        first = await place.say("one")
        second = await place.say("two", ANNA, re=1)
        assert (first["n"], first["by"], first["who"]) == (1, "naor", "p_1")
        assert (second["n"], second["re"]) == (2, 1)
        assert ear.events() == [first, second]
        lines = place.file.read_bytes().splitlines()
        assert [json.loads(line) for line in lines[1:]] == [first, second]
        assert place.moved == [[1], [2]]
        assert place.room.at == second["at"]

    run(test)


def test_what_is_not_saved_is_broadcast_to_nobody(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(place: Place) -> None:
        ear = Ear()
        place.room.join(ear)
        place.room.history.closed = "It is closed."
        with pytest.raises(Refused, match="closed"):
            await place.say()
        assert ear.events() == []
        place.room.history.closed = None
        assert (await place.say())["n"] == 1

    run(test)


def test_what_comes_during_a_save_is_one_batch(run: Run) -> None:
    async def test(place: Place) -> None:
        ear = Ear()
        place.room.join(ear)
        first = asyncio.create_task(place.say("0"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        events = await asyncio.gather(*(place.say(f"{n}") for n in range(1, 50)))
        events.insert(0, await first)
        assert [x["n"] for x in events] == list(range(1, 51))
        assert len(place.moved) == 2
        assert ear.events() == events

    run(test)


def test_a_repeated_key_saves_nothing(run: Run) -> None:
    async def test(place: Place) -> None:
        first, same = await asyncio.gather(place.say("x", key="k"), place.say("x", key="k"))
        assert first == same
        assert await place.say("changed", key="k") == first
        assert (await place.say("other", ANNA, key="k"))["n"] == 2
        place.open()
        assert await place.say("after a restart", key="k") == first
        assert place.room.last == 2
        told = Told()
        place.room.take(Say(room="a", text="x", key="k"), NAOR, told)
        assert (await told.outcome)[1] is False

    run(test)


def test_a_key_of_long_ago_is_forgotten(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_index, "KEYS", 3)

    async def test(place: Place) -> None:
        for n in range(4):
            await place.say(key=f"{n}")
        assert (await place.say(key="3"))["n"] == 4
        assert (await place.say(key="0"))["n"] == 5

    run(test)


async def make_private(place: Place) -> None:
    """A private room of naor's, with anna in it."""
    await place.do(Make(room=place.name, kind="private", text="Plans"))
    told = Told()
    place.room.take(Invite(room=place.name, whom="p_2"), NAOR, told, "anna")
    await told.outcome


def test_what_a_member_sent_is_not_saved_once_they_are_removed(run: Run) -> None:
    async def test(place: Place) -> None:
        await make_private(place)
        before = place.take(Say(room=place.name, text="before"), ANNA)
        removal = place.take(Remove(room=place.name, whom="p_2"))
        after = place.take(Say(room=place.name, text="after", key="k"), ANNA)
        last = place.take(Say(room=place.name, text="last"))
        assert [(await x)[0]["n"] for x in (before, removal, last)] == [3, 4, 5]
        with pytest.raises(Refused) as refused:
            await after
        assert refused.value.code == "no_such_room"
        assert b"after" not in place.file.read_bytes()
        assert not place.room.saving

    run(test, "private-a")


def test_what_an_owner_sent_is_not_done_once_the_room_is_anothers(run: Run) -> None:
    async def test(place: Place) -> None:
        await make_private(place)
        handed_over = place.take(Owner(room=place.name, whom="p_2"))
        archive = place.take(Archive(room=place.name))
        await handed_over
        with pytest.raises(Refused) as refused:
            await archive
        assert refused.value.code == "not_owner"
        assert not place.room.rules.archived
        await place.do(Archive(room=place.name), ANNA)
        assert place.room.rules.archived

    run(test, "private-a")


def test_slow_mode_counts_from_what_was_accepted(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.do(Slow(room="a", seconds=60), HOST)
        first = place.take(Say(room="a", text="one"))
        with pytest.raises(Refused) as refused:
            place.take(Say(room="a", text="two"))
        assert refused.value.code == "slow"
        await first
        with pytest.raises(Refused):
            await place.say("three")
        await place.say("four", ANNA)

    run(test)


def test_an_edit_is_shown_and_the_file_keeps_both(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.say("helo")
        await place.do(Edit(room="a", of=1, text="hello"))
        await place.do(Edit(room="a", of=1, text="hello!"))
        for _ in range(2):
            assert place.shown()[0]["text"] == "hello!"
            assert place.shown()[0]["edited"] == 3
            assert b"helo" in place.file.read_bytes()
            place.open()

    run(test)


def test_an_erased_text_is_gone_with_its_edits(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.say("secret one")
        await place.do(Edit(room="a", of=1, text="secret two"))
        await place.say("other")
        await place.do(Pin(room="a", of=1))
        await place.do(Erase(room="a", of=1))
        for _ in range(2):
            assert b"secret" not in place.file.read_bytes()
            shown = place.shown()
            assert (shown[0]["text"], shown[0]["erased"]) == ("", True)
            assert place.room.index.pins == {}
            assert shown[2]["text"] == "other"
            assert place.open().history.damage == []

    run(test)


def test_a_removal_that_a_crash_cut_short_is_carried_out_at_the_next_start(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(place: Place) -> None:
        await place.say("secret")
        with monkeypatch.context() as broken:
            broken.setattr(place.room.history, "blank", lambda numbers: None)
            await place.do(Erase(room="a", of=1))
        assert b"secret" in place.file.read_bytes()
        place.open()
        assert b"secret" not in place.file.read_bytes()

    run(test)


def test_an_edit_and_a_removal_at_the_same_time_leave_no_text(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.say("secret one")
        await asyncio.gather(
            place.do(Edit(room="a", of=1, text="secret two")), place.do(Erase(room="a", of=1))
        )
        assert b"secret" not in place.file.read_bytes()
        assert place.shown()[0]["erased"] is True

    run(test)


def test_a_message_that_is_being_removed_cannot_be_edited(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.say("secret")
        removal = asyncio.create_task(place.do(Erase(room="a", of=1)))
        await asyncio.sleep(0)
        with pytest.raises(Refused, match="not there"):
            await place.do(Edit(room="a", of=1, text="late"))
        await removal

    run(test)


def test_the_same_reaction_again_takes_it_back(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.say()
        react = React(room="a", of=1, text="👍")
        assert "off" not in await place.do(react)
        assert (await place.do(react))["off"] is True
        assert "off" not in await place.do(react, ANNA)
        place.open()
        assert (await place.do(react, ANNA))["off"] is True
        assert "off" not in await place.do(react)

    run(test)


def test_pins_and_topic_outlive_a_restart(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.say()
        await place.do(Pin(room="a", of=1))
        await place.do(Topic(room="a", text=" What  we talk about\n"))
        place.open()
        assert (list(place.room.index.pins), place.room.rules.topic) == ([1], "What we talk about")
        assert (await place.do(Pin(room="a", of=1)))["off"] is True
        assert place.room.index.pins == {}

    run(test)


@pytest.mark.parametrize(
    ("author", "command", "code"),
    [
        (NAOR, Say(room="a", text=""), "empty"),
        (NAOR, Say(room="a", text=" \n\t\u3000"), "empty"),
        (NAOR, Say(room="a", text="ü" * 51), "too_long"),
        (NAOR, Say(room="a", text="x", re=9), "no_such_message"),
        (NAOR, Edit(room="a", of=9, text="x"), "not_yours"),
        (HOST, Edit(room="a", of=9, text="x"), "not_yours"),
        (NOBODY, Edit(room="a", of=9, text="x"), "not_yours"),
        (ANNA, Edit(room="a", of=4, text="x"), "not_yours"),
        (NAOR, Erase(room="a", of=9), "not_yours"),
        (NOBODY, Erase(room="a", of=9), "not_yours"),
        (NAOR, Erase(room="a", of=4), "no_such_message"),
        (NAOR, Edit(room="a", of=1, text=" "), "empty"),
        (NAOR, Edit(room="a", of=2, text="x"), "not_yours"),
        (NAOR, Edit(room="a", of=3, text="x"), "not_yours"),
        (HOST, Edit(room="a", of=1, text="x"), "not_yours"),
        (NOBODY, Edit(room="a", of=3, text="x"), "not_yours"),
        (NAOR, Erase(room="a", of=2), "not_yours"),
        (NOBODY, Erase(room="a", of=3), "not_yours"),
        (HOST, Erase(room="a", of=9), "no_such_message"),
        (NAOR, Edit(room="a", of=4, text="x"), "no_such_message"),
        (NAOR, React(room="a", of=9, text="x"), "no_such_message"),
        (NAOR, React(room="a", of=1, text=""), "not_a_reaction"),
        (NAOR, React(room="a", of=1, text="a b"), "not_a_reaction"),
        (NAOR, React(room="a", of=1, text="x" * 17), "not_a_reaction"),
        (NOBODY, Pin(room="a", of=1), "unverified"),
        (NOBODY, Topic(room="a", text="x"), "unverified"),
        (NAOR, Topic(room="a", text="x" * 201), "too_long"),
        (NAOR, Topic(room="a", text="\0"), "topic_invalid"),
    ],
)
def test_what_cannot_be_done_is_refused_and_saves_nothing(
    run: Run, author: Author, command: Writing, code: str
) -> None:
    async def test(place: Place) -> None:
        await place.say("one", NAOR)
        await place.say("two", ANNA)
        await place.say("three", NOBODY)
        await place.do(React(room="a", of=1, text="x"))
        before = place.file.read_bytes()
        with pytest.raises(Refused) as refused:
            await place.do(command, author)
        assert refused.value.code == code
        assert place.file.read_bytes() == before

    run(test)


def test_the_host_may_remove_any_message(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.say("one", NOBODY)
        await place.do(Erase(room="a", of=1), HOST)
        assert place.shown()[0]["text"] == ""

    run(test)


def test_a_later_kind_of_event_is_kept_and_passed_over(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.say()
        line = events.sealed(
            b'{"room":"a","n":2,"at":"2030-01-01T00:00:00.000Z","by":"x","do":"dance","to":[1]}'
        )
        odd = events.sealed(b'{"room":"a","n":3,"at":7,"do":{}}')
        with place.file.open("ab") as file:
            file.write(line + odd)
        place.open()
        assert (await place.say())["n"] == 4
        assert place.shown()[1]["to"] == [1]
        assert place.room.history.line(3) == odd

    run(test)


def test_whoever_is_here_hears_who_comes_and_leaves(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "HERE_SECONDS", 0.01)

    async def test(place: Place) -> None:
        one, two = Ear(NAOR), Ear(ANNA)
        place.room.join(one)
        assert one.heard[0]["people"] == [{"name": "naor", "who": "p_1"}]
        place.room.join(two)
        place.room.join(two)
        await heard(one, lambda x: {"name": "anna", "who": "p_2"} in x.get("came", ()))
        place.room.leave(two)
        await heard(one, lambda x: x.get("left") == ["p_2"] and x["count"] == 1)
        place.room.leave(two)
        assert place.room.here.count == 1

    run(test)


async def heard(ear: Ear, what: Callable[[Any], bool]) -> None:
    """Wait until somebody hears such a line."""
    async with asyncio.timeout(30):
        while not any(what(line) for line in ear.heard):
            await asyncio.sleep(0.005)


def test_typing_is_told_to_the_others(run: Run) -> None:
    async def test(place: Place) -> None:
        one, two = Ear(NAOR), Ear(ANNA)
        place.room.join(one)
        place.room.join(two)
        count = len(one.heard)
        place.room.typing(one)
        assert two.heard[-1] == {"do": "typing", "room": "a", "by": "naor", "who": "p_1"}
        assert len(one.heard) == count

    run(test)


def test_unread_counts_survive_a_restart(run: Run) -> None:
    async def test(place: Place) -> None:
        for text in ("one", "two", "three"):
            await place.say(text, ANNA)
        await place.say("mine")
        await place.say("nobody's", NOBODY)
        await place.do(Topic(room="a", text="All about it"))
        await place.do(React(room="a", of=1, text="+"))
        await place.do(Edit(room="a", of=3, text="four"), ANNA)
        await place.do(Erase(room="a", of=2), ANNA)

        def counted() -> list[int]:
            unread = place.room.unread
            return [unread.after(n, who) for n in range(10) for who in ("p_1", "p_2", None)]

        before = counted()
        assert (place.room.unread.said, before[:3]) == (5, [3, 2, 4])
        with place.file.open("ab") as file:  # as a later Hearth may write it
            file.write(events.sealed(b'{"room":"a","n":10,"do":["say"]}'))
        place.open()
        assert (place.room.last, place.room.unread.said, counted()) == (10, 5, before)

    run(test)


def test_lost_lines_are_not_unread(run: Run) -> None:
    async def test(place: Place) -> None:
        for n in range(6):
            await place.say(str(n), ANNA)
        data = place.file.read_bytes()
        place.file.write_bytes(data.replace(b'"text":"2"', b'"text":"x"'))
        place.open()
        assert place.room.history.lost(1, 6) == [3]
        assert [place.room.unread.after(n, "p_1") for n in range(7)] == [5, 4, 3, 3, 2, 1, 0]

    run(test)
