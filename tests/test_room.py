import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from hub import presence, room_index
from hub.errors import Refused
from hub.protocol.commands import (
    Archive,
    Edit,
    Erase,
    Invite,
    Look,
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
from hub.room_index import REACTIONS
from hub.room_rules import Author
from tests.one_room import ANNA, HOST, NAOR, NOBODY, Ear, Place, Run, Told, run_in


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return run_in(tmp_path)


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


class Gate(Ear):
    """A listener that does something when it is told of an event."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self.then = then

    def put(self, text: bytes) -> None:
        super().put(text)
        if b'"n":' in text:
            self.then()


def crowd(place: Place, monkeypatch: pytest.MonkeyPatch, number: int = 5) -> list[Ear]:
    """So many listeners, who are told two at a time."""
    monkeypatch.setattr("hub.room.SLICE", 2)
    ears = [Ear() for _ in range(number)]
    for ear in ears:
        place.room.join(ear)
    return ears


async def told_to_all(place: Place) -> None:
    async with asyncio.timeout(30):
        while place.room.saving or place.room.telling:
            await asyncio.sleep(0)


def numbers(ears: Sequence[Ear]) -> list[list[int]]:
    return [[event["n"] for event in ear.events()] for ear in ears]


def test_a_crowd_is_told_in_slices_between_which_others_have_their_turn(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(place: Place) -> None:
        ears = crowd(place, monkeypatch)
        between: list[list[list[int]]] = []
        loop = asyncio.get_running_loop()
        place.room.join(Gate(lambda: loop.call_soon(lambda: between.append(numbers(ears)))))
        place.room.listeners = dict(reversed(place.room.listeners.items()))
        await place.say("one")
        assert place.room.telling
        await told_to_all(place)
        assert between == [[[], [], [], [], [1]]]
        assert numbers(ears) == [[1]] * 5

    run(test)


def test_the_next_batch_is_saved_once_all_are_told_of_the_one_before(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(place: Place) -> None:
        ears = crowd(place, monkeypatch)
        later: list[asyncio.Future[Any]] = []
        place.room.join(
            Gate(
                lambda: (
                    later.append(place.take(Say(room="a", text="more"))) if len(later) < 3 else None
                )
            )
        )
        await place.say("one")
        await told_to_all(place)
        assert len(later) == 3
        assert place.moved == [[1], [2], [3], [4]]
        assert numbers(ears) == [[1, 2, 3, 4]] * 5

    run(test)


def test_what_else_is_broadcast_meanwhile_comes_after_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "HERE_SECONDS", 0)
    monkeypatch.setattr(presence, "HERE_EACH", 0)

    async def test(place: Place) -> None:
        ears = crowd(place, monkeypatch, 9)
        await asyncio.sleep(0.01)
        await told_to_all(place)
        place.room.join(Gate(lambda: place.room.here.renamed("p_1", "mira")))
        place.room.listeners = dict(reversed(place.room.listeners.items()))
        for ear in ears:
            ear.heard.clear()
        await place.say("one")
        while place.room.telling or not any(x["do"] == "here" for x in ears[0].heard):
            await asyncio.sleep(0)
        for ear in ears:
            assert [x["do"] for x in ear.heard] == ["say", "here"]

    run(test)


def test_that_somebody_types_is_not_told_to_a_crowd_that_is_being_told_more(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a message would never be saved where people type faster than all can be told."""

    async def test(place: Place) -> None:
        ears = crowd(place, monkeypatch, 6)
        place.room.typing(ears[0])
        saved = place.take(Say(room="a", text="one"))
        async with asyncio.timeout(30):
            while not saved.done():
                place.room.typing(ears[1])
                await asyncio.sleep(0)
                await asyncio.sleep(0)
        await told_to_all(place)
        assert numbers(ears) == [[1]] * 6

    run(test)


def test_whoever_leaves_or_comes_back_while_a_crowd_is_told_hears_it_once(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(place: Place) -> None:
        ears = crowd(place, monkeypatch)
        room, late = place.room, Ear()

        def move() -> None:
            room.leave(ears[0])
            room.leave(ears[1])
            room.join(ears[1])
            room.catch_up(ears[2])
            room.join(late)

        room.join(Gate(move))
        room.listeners = dict(reversed(room.listeners.items()))
        await place.say("one")
        assert numbers(ears[:3]) == [[1]] * 3
        await told_to_all(place)
        assert numbers(ears) == [[1]] * 5
        assert numbers([late]) == [[]]
        await place.say("two")
        await told_to_all(place)
        assert numbers(ears) == [[1], *[[1, 2]] * 4]
        assert numbers([late]) == [[2]]

    run(test)


def test_a_key_is_known_as_soon_as_its_command_is_taken(run: Run) -> None:
    async def test(place: Place) -> None:
        room = place.room
        assert not room.has_key(NAOR, "k")
        waiting = place.take(Say(room="a", text="x", key="k"))
        assert room.has_key(NAOR, "k")
        await waiting
        assert room.has_key(NAOR, "k")
        assert not any((room.has_key(NAOR, None), room.has_key(NAOR, "l"), room.has_key(ANNA, "k")))

    run(test)


def test_a_room_for_which_something_is_prepared_is_in_use(run: Run) -> None:
    async def test(place: Place) -> None:
        assert not place.room.in_use
        place.room.preparing += 1
        assert place.room.in_use

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


def test_a_message_takes_so_many_different_reactions(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.say()
        for at in range(REACTIONS):
            await place.do(React(room="a", of=1, text=chr(0x1F400 + at)))
        with pytest.raises(Refused, match="at most 50 different reactions") as refused:
            await place.do(React(room="a", of=1, text="🔥"), ANNA)
        assert (refused.value.status, refused.value.code) == (409, "too_many_reactions")
        one = React(room="a", of=1, text=chr(0x1F400))
        await place.do(one, ANNA)  # there already
        for author in (NAOR, ANNA):
            assert (await place.do(one, author))["off"] is True
        place.open()
        await place.do(React(room="a", of=1, text="🔥"), ANNA)

    run(test)


def test_reactions_that_wait_to_be_saved_count(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.say()
        many = [React(room="a", of=1, text=chr(0x1F400 + at)) for at in range(2 * REACTIONS)]
        told = await asyncio.gather(*map(place.do, many), return_exceptions=True)
        assert sum(isinstance(x, Refused) for x in told) == REACTIONS
        with pytest.raises(Refused, match="at most 50 different reactions"):
            await place.do(many[-1])

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
        (NAOR, React(room="a", of=9, text="🔥"), "no_such_message"),
        (NAOR, React(room="a", of=1, text=""), "not_a_reaction"),
        (NAOR, React(room="a", of=1, text="a b"), "not_a_reaction"),
        (NAOR, React(room="a", of=1, text="<b>"), "not_a_reaction"),
        (NOBODY, Pin(room="a", of=1), "unverified"),
        (NOBODY, Topic(room="a", text="x"), "unverified"),
        (NAOR, Topic(room="a", text="x" * 201), "too_long"),
        (NAOR, Topic(room="a", text="\0"), "topic_invalid"),
        (NOBODY, Look(room="a", icon="x"), "unverified"),
        (NAOR, Look(room="a", icon="<b>"), "look_invalid"),
    ],
)
def test_what_cannot_be_done_is_refused_and_saves_nothing(
    run: Run, author: Author, command: Writing, code: str
) -> None:
    async def test(place: Place) -> None:
        await place.say("one", NAOR)
        await place.say("two", ANNA)
        await place.say("three", NOBODY)
        await place.do(React(room="a", of=1, text="🔥"))
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
