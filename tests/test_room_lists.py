"""Lists of rooms: whole, in pieces, by a text; in slices, and of rooms at rest as of others."""

from __future__ import annotations

import asyncio
import time
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from hub import room_lists
from hub.access.people import Person
from hub.errors import Refused
from hub.hub import Hub
from hub.protocol.commands import Make, Say, Title, Topic
from hub.public import RoomEntry
from hub.room_lists import all_rooms, first, first_tag, found, latest, place_of
from hub.room_rules import Author
from tests.on_hub import RunOnHub, enter, run_on
from tests.test_open_rooms import rested, say

NAMES = ("a", "b", "c", "d", "e")


@pytest.fixture
def run(tmp_path: Path) -> RunOnHub:
    return run_on(tmp_path / "rooms")


async def filled(hub: Hub) -> tuple[Person, Author]:
    """Five rooms, of which two are at rest, and one private room; the last one moved first."""
    anna, _ = await enter(hub, "anna")
    anna.made = 0.0
    author = hub.author(anna)
    for at, name in enumerate(reversed(NAMES)):
        room = await hub.rooms.room(name)
        room._clock = lambda at=at: 1_760_000_000 + at  # type: ignore[misc]
        await say(hub, name)
        if name in "bd":  # what comes after the message makes its unread count need the file
            await hub.change_room(room, author, Topic(room=name, text="All of it"))
        room._clock = time.time
    room = await hub.make("private", "Plans", author)
    await rested(hub, "b", "d", room.name)
    return anna, author


def flat(lists: list[list[str]]) -> list[str]:
    return list(chain.from_iterable(lists))


def names(entries: list[RoomEntry]) -> list[str]:
    return [x.title if x.kind == "private" else x.name for x in entries]


async def pieces(
    hub: Hub, author: Author | None, limit: int, text: str | None = None
) -> list[list[str]]:
    """All pieces, each asked for with the `next` of the one before."""
    asked: list[list[str]] = []
    after = None
    while True:
        if text is None:
            entries, more = await latest(hub, author, limit, after)
        else:
            entries, more = await found(hub, author, text, limit, after)
        asked.append(names(entries))
        if more is None:
            return asked
        after = place_of(more)


def test_all_of_them_by_name(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        _, author = await filled(hub)
        entries = [x async for x in all_rooms(hub, author)]
        assert names(entries) == [*NAMES, "Plans"]
        assert [x.unread for x in entries] == [1, 1, 1, 1, 1, 0]
        assert names([x async for x in all_rooms(hub, None)]) == [*NAMES]

    run(test)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 7])
def test_pieces_give_each_room_once_the_latest_first(run: RunOnHub, limit: int) -> None:
    async def test(hub: Hub) -> None:
        _, author = await filled(hub)
        told = await pieces(hub, author, limit)
        assert flat(told) == ["Plans", *NAMES]
        assert {len(x) for x in told[:-1]} <= {limit}
        assert told[-1]

    run(test)


@pytest.mark.parametrize("at_rest", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3, 8])
def test_no_number_of_public_rooms_pushes_out_what_only_few_see(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, limit: int, at_rest: bool
) -> None:
    async def test(hub: Hub) -> None:
        anna, _ = await enter(hub, "anna")
        author = hub.author(anna)
        hidden_rooms = [await hub.make("private", "Plans", author)]
        await asyncio.sleep(0.002)  # else both may be of the same ms, and by their random names
        hidden_rooms.append(await hub.make("private", "More", author))
        for name in NAMES:
            (await hub.rooms.room(name))._clock = lambda: time.time() + 60
            await say(hub, name)
        await rested(hub, "b", *(room.name for room in hidden_rooms if at_rest))
        assert flat(await pieces(hub, author, limit)) == ["More", "Plans", *reversed(NAMES)]
        assert flat(await pieces(hub, None, limit)) == [*reversed(NAMES)]
        monkeypatch.setattr(room_lists, "LISTED", 3)
        assert names((await first(hub, author))[0].entries) == ["More", "Plans", "e"]

    run(test)


def test_what_moves_meanwhile_takes_nothing_from_the_pieces(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        _, author = await filled(hub)
        piece = await latest(hub, author, 3, None)
        assert names(piece.entries) == ["Plans", "a", "b"]
        assert piece.next is not None
        await say(hub, "b", "It moves")
        await say(hub, "e", "It moves")
        rest = await latest(hub, author, 3, place_of(piece.next))
        assert names(rest.entries) == ["c", "d"]

    run(test)


def test_rooms_of_the_same_moment_are_all_given(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        for name in NAMES:
            (await hub.rooms.room(name))._clock = lambda: 1_760_000_000.0
            await say(hub, name)
        await rested(hub, "a", "d")
        assert flat(await pieces(hub, None, 1)) == ["e", "d", "c", "b", "a"]

    run(test)


@pytest.mark.parametrize("limit", [1, 2, 9])
def test_a_text_is_looked_for_in_names_titles_and_topics(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(room_lists, "LOOKED_AT", 2)

    async def test(hub: Hub) -> None:
        _, author = await filled(hub)
        mira, _ = await enter(hub, "Mira")
        await hub.direct(author, mira.who)
        host = Author("hanna", "p_9", host=True)
        await hub._make("news", Make(room="news", kind="announcements", text="Straße"), host)
        await say(hub, "garden")
        await say(hub, "große-halle")
        for at_rest in (False, True):
            if at_rest:
                await rested(hub, *(x.name for x in hub.rooms))
            for text, those in {
                "A": [["garden"], ["große-halle"], ["news"], ["Plans"], ["a"], ["b"], ["d"]],
                "PLAN": [["Plans"]],
                "strasse": [["news"]],
                "private-": [],
                "GROSSE HALLE": [["große-halle"]],
                "nothing": [],
            }.items():
                told = await pieces(hub, author, limit, text)
                kept = [x for x in flat(told) if not x.startswith("dm-")]
                assert sorted(kept) == sorted(flat(those)), (text, at_rest)
            assert len(flat(await pieces(hub, author, limit, "mira"))) == 1
            assert flat(await pieces(hub, None, limit, "mira")) == []
            assert flat(await pieces(hub, None, limit, "plan")) == []
            whom = hub.author(mira)
            assert len(flat(await pieces(hub, whom, limit, "anna"))) == 1, "as they see it"

    run(test)


@pytest.mark.parametrize("limit", [1, 2, 9])
def test_what_a_room_is_about_is_found(run: RunOnHub, limit: int) -> None:
    async def test(hub: Hub) -> None:
        _, author = await filled(hub)  # b and d are about all of it, and at rest
        assert flat(await pieces(hub, author, limit, "ALL of")) == ["b", "d"]
        await hub.rooms.room("d")
        assert flat(await pieces(hub, author, limit, "all of it")) == ["b", "d"]

    run(test)


@pytest.mark.parametrize("limit", [1, 2, 9])
def test_the_room_of_the_very_name_comes_first(run: RunOnHub, limit: int) -> None:
    async def test(hub: Hub) -> None:
        _, author = await filled(hub)
        await say(hub, "e-mails")
        for text in ("e", "E"):
            told = flat(await pieces(hub, author, limit, text))
            assert told == ["e", "e-mails"], "and once"
        room = await hub.make("private", "Secret", author)
        assert flat(await pieces(hub, author, limit, room.name)) == [], "it says nothing"
        await hub.rooms.room("empty")
        assert flat(await pieces(hub, author, limit, "empty")) == [], "nothing was said in it"

    run(test)


def test_a_title_that_a_room_got_later_is_found(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        anna, _ = await enter(hub, "anna")
        room = await hub.make("private", "Plans", hub.author(anna))
        await hub.change_room(room, hub.author(anna), Title(room=room.name, text="Harvest"))
        await rested(hub, room.name)
        assert flat(await pieces(hub, hub.author(anna), 9, "harv")) == ["Harvest"]
        assert await pieces(hub, hub.author(anna), 9, "plan") == [[]]

    run(test)


def test_a_client_begins_with_all_by_name_or_with_the_latest(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        _, author = await filled(hub)
        monkeypatch.setattr(room_lists, "LISTED", 6)
        piece, tag = await first(hub, author)
        assert names(piece.entries) == [*NAMES, "Plans"]
        assert piece.next is None
        assert first_tag(hub, author) == tag, "all of them are open by now"
        monkeypatch.setattr(room_lists, "LISTED", 5)
        piece, fewer = await first(hub, author)
        assert names(piece.entries) == ["Plans", "a", "b", "c", "d"]
        assert piece.next is not None
        assert names((await latest(hub, author, 9, place_of(piece.next))).entries) == ["e"]
        assert first_tag(hub, author) == fewer != tag
        await say(hub, "e", "More")
        assert first_tag(hub, author) not in (fewer, None)

    run(test)


def test_no_tag_where_rooms_would_have_to_be_opened(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        assert first_tag(hub, None) is None, "not all are known"
        anna, author = await filled(hub)
        assert first_tag(hub, author) is None
        assert first_tag(hub, None) is not None
        for name in hub.rooms.visible_to(author.who):
            hub.seen(anna, await hub.rooms.room(name), 2)
        await rested(hub, "b", "d")
        tag = first_tag(hub, author)
        assert tag == (await first(hub, author))[1]
        assert not hub.rooms.get("b")

    run(test)


def test_a_room_that_cannot_be_read_is_left_out(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        _, author = await filled(hub)
        read = hub.rooms._read

        def broken(name: str) -> Any:
            if name == "b":
                raise Refused("room_closed", "It is broken.", 503)
            return read(name)

        monkeypatch.setattr(hub.rooms, "_read", broken)
        assert names([x async for x in all_rooms(hub, author)]) == ["a", "c", "d", "e", "Plans"]

    run(test)


def test_a_room_that_is_deleted_meanwhile_is_left_out(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(hub: Hub) -> None:
        _, author = await filled(hub)
        (room,) = [x for x in hub.rooms.visible_to(author.who) if x not in NAMES]
        entries = []
        async for entry in all_rooms(hub, author):
            if not entries:
                await hub.delete(await hub.rooms.room(room), author)
            entries.append(entry)
        assert names(entries) == [*NAMES]

    run(test)


def test_others_have_their_turn_meanwhile(run: RunOnHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_lists, "SLICE_SECONDS", 0.0)

    async def test(hub: Hub) -> None:
        _, author = await filled(hub)
        for work in (
            lambda: latest(hub, author, 9, None),
            lambda: found(hub, author, "nothing", 9, None),
        ):
            turns = 0
            asking = asyncio.create_task(work())
            while not asking.done():
                await asyncio.sleep(0)
                turns += 1
            assert turns >= 6

    run(test)


def test_lists_that_are_made_at_once_share_the_time(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_lists, "SLICE_SECONDS", 5000.0)

    async def test(hub: Hub) -> None:
        now = asyncio.get_running_loop().time()
        many = [room_lists.Slices() for _ in range(50)]
        assert 100 <= many[-1]._until - now < 200
        del many
        assert room_lists.Slices()._until - now > 4999

    run(test)


@pytest.mark.parametrize(
    "text", ["", "5", "x-a", "-5-a", "5-", "\u0665-a", "1" * 17 + "-a", "1.5-a"]
)
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        place_of(text)


def test_a_place_is_read_as_it_is_written(run: RunOnHub) -> None:
    assert place_of("1760000000123-a-room-with-hyphens") == (
        1760000000123, "a-room-with-hyphens",
    )  # fmt: skip

    async def test(hub: Hub) -> None:
        await hub.post("a", Author("anna"), Say(room="a", text="Hello"))
        assert (await latest(hub, None, 1, None)).next is None

    run(test)
