"""Rooms at rest: by name, by whoever is in them, by time; taken in, and left out again."""

from __future__ import annotations

import random

import pytest
from msgspec import msgpack

from hub.resting import STAMP
from hub.rooms_at_rest import Place, RoomsAtRest


def record(moment: int = 5, *members: str, title: str | None = None) -> bytes:
    state: dict[str, object] = {"n": 1, "s": 1, "m": dict.fromkeys(members, "name")}
    if title is not None:
        state["t"] = title
    return STAMP.pack(1, 2) + moment.to_bytes(8, "little") + msgpack.encode(state)


RECORDS = {
    "b": record(3), "a": record(7), "c": record(7, title="See"), "d": record(1),
    "private-1": record(2, "p_1", "p_2"), "dm-2": record(9, "p_1"),
}  # fmt: skip


@pytest.fixture(params=["at once", "one by one"])
def rooms(request: pytest.FixtureRequest) -> RoomsAtRest:
    if request.param == "at once":
        return RoomsAtRest(RECORDS)
    filled = RoomsAtRest({})
    for name, each in RECORDS.items():
        filled.add(name, each)
    return filled


def test_the_sizes_of_their_files_are_those_of_now(rooms: RoomsAtRest) -> None:
    sizes = rooms.sizes()
    rooms.remove("a")
    assert dict(sizes) == dict.fromkeys(RECORDS, 1)


def test_each_is_found_by_its_name(rooms: RoomsAtRest) -> None:
    assert len(rooms) == 6
    found = rooms.get("a")
    assert found is not None
    assert (found.name, found.last, found.moment) == ("a", 1, 7)
    assert ("a" in rooms, "nothing" in rooms) == (True, False)
    assert rooms.get("nothing") is None
    assert [rooms.texts(x) for x in ("a", "c", "nothing")] == [("a", ""), ("See", ""), None]


def test_a_person_finds_their_hidden_rooms_alone(rooms: RoomsAtRest) -> None:
    assert rooms.public() == ["a", "b", "c", "d"]
    assert rooms.hidden_of("p_1") == ["dm-2", "private-1"]
    assert rooms.hidden_places("p_1") == [(9, "dm-2"), (2, "private-1")]
    assert rooms.hidden_of("p_2") == ["private-1"]
    assert rooms.hidden_of("p_3") == rooms.hidden_of(None) == []
    assert rooms.is_in("p_2", "private-1")
    for who, name in (("p_2", "dm-2"), (None, "dm-2"), ("p_1", "dm-1"), ("p_1", "private-9")):
        assert not rooms.is_in(who, name)


def test_a_stranger_is_in_no_hidden_room_whoever_made_it() -> None:
    rooms = RoomsAtRest({"private-1": record(1, "")})  # as of an event that names no person
    assert rooms.hidden_of(None) == rooms.hidden_places(None) == []
    assert not rooms.is_in(None, "private-1")


def test_the_latest_come_first_and_after_a_place_those_before_it(rooms: RoomsAtRest) -> None:
    whole: list[Place] = [(7, "c"), (7, "a"), (3, "b"), (1, "d")]
    assert rooms.public_before(None, 9) == whole
    assert rooms.public_before(None, 2) == whole[:2]
    for at, place in enumerate(whole):
        assert rooms.public_before(place, 9) == whole[at + 1 :]
    assert rooms.public_before((7, "b"), 9) == whole[1:], "a place need not be one of theirs"
    assert rooms.public_before((4, "zzz"), 1) == [(3, "b")]


def test_one_that_is_removed_is_nowhere(rooms: RoomsAtRest) -> None:
    for name in ("a", "private-1", "nothing"):
        rooms.remove(name)
    assert len(rooms) == len(rooms.records()) == 4
    assert rooms.public() == ["b", "c", "d"]
    assert rooms.public_before(None, 9) == [(7, "c"), (3, "b"), (1, "d")]
    assert rooms.hidden_of("p_1") == ["dm-2"]
    assert rooms.hidden_of("p_2") == []
    assert rooms._hidden.keys() == {"p_1"}, "nobody is remembered who is in none"


def test_what_is_given_out_is_a_copy(rooms: RoomsAtRest) -> None:
    for given in (rooms.public(), rooms.hidden_of("p_1")):
        given.clear()
    rooms.records().clear()
    assert rooms.public() == ["a", "b", "c", "d"]
    assert rooms.hidden_of("p_1") == ["dm-2", "private-1"]
    assert len(rooms) == 6


def test_it_is_the_same_whatever_came_and_went() -> None:
    chance = random.Random(8)
    rooms, there = RoomsAtRest({}), dict[str, bytes]()
    for _ in range(2000):
        name = chance.choice(("room-", "dm-")) + str(chance.randrange(50))
        if name in there and chance.random() < 0.6:
            rooms.remove(name)
            del there[name]
        elif name not in there:
            people = [f"p_{x}" for x in range(5) if chance.random() < 0.4]
            there[name] = record(chance.randrange(10), *(people if name[0] == "d" else ()))
            rooms.add(name, there[name])
    anew = RoomsAtRest(there)
    assert rooms.records() == there
    assert rooms.public() == anew.public()
    assert rooms.public_before(None, 99) == anew.public_before(None, 99)
    assert rooms._hidden == anew._hidden
