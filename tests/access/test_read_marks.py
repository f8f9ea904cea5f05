"""How far people have read, as others may know it."""

from __future__ import annotations

import pytest

from hub.access import read_marks
from hub.access.people import People
from hub.access.preferences import AllPreferences
from hub.access.read_marks import ReadMarks
from hub.keys import Keys


class Place:
    def __init__(self) -> None:
        self.keys = Keys()
        self.people = People(self.keys)
        self.preferences = AllPreferences(self.keys)
        self.marks = ReadMarks(self.keys, self.preferences)

    def read(self, name: str, room: str, n: int) -> str:
        person = self.people.named(name) or self.people.enter(name)[0]
        self.people.read_up_to(person, room, n)
        return person.who


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_mark_is_that_of_one_person_in_one_room(place: Place) -> None:
    anna = place.read("anna", "tea", 3)
    place.read("bela", "tea", 9)
    assert place.marks.of(anna, "tea") == 3
    assert place.marks.of(anna, "coffee") == 0
    assert place.marks.of("p_0", "tea") == 0
    place.keys.take(f"read/{anna}/odd", b"null")
    assert place.marks.of(anna, "odd") == 0


def test_everybody_with_a_mark_is_found(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_marks, "SLICE", 3)
    expected = {place.read(f"guest {n}", "tea", n + 1): n + 1 for n in range(10)}
    place.read("else", "coffee", 1)
    odd = place.read("odd", "coffee", 1)
    place.keys.take(f"read/{odd}/tea", b'"x"')
    slices = list(place.marks.in_slices("tea"))
    assert [mark for some in slices for mark in some] == list(expected.items())
    assert all(len(some) <= 3 for some in slices)
    assert not any(place.marks.in_slices("nowhere"))


def test_marks_may_come_and_go_meanwhile(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_marks, "SLICE", 1)
    names = [f"guest {n}" for n in range(5)]
    whos = [place.read(name, "tea", 1) for name in names]
    found = set()
    for some in place.marks.in_slices("tea"):
        found.update(who for who, _ in some)
        gone = place.people.person(whos[4])
        if gone is not None:
            place.people.remove(gone)
            place.read("late", "tea", 1)
    assert found == set(whos[:4])


def test_who_is_let_in_shows_their_marks(place: Place) -> None:
    anna = place.people.enter("anna")[0]
    assert place.marks.shows(anna.who)
    place.people.ban(anna, True)
    assert not place.marks.shows(anna.who)
    place.people.ban(anna, False)
    assert place.marks.shows(anna.who)
    place.people.update(anna, waiting=True)
    assert not place.marks.shows(anna.who)
    assert not place.marks.shows(place.people.visit("visitor")[0].who)
    assert not place.marks.shows("p_0")


def test_a_name_that_looks_like_a_standing_changes_nothing(place: Place) -> None:
    anna = place.people.enter('"banned":true')[0]
    assert place.marks.shows(anna.who)


@pytest.mark.parametrize(
    ("patch", "shown"),
    [
        ({"reads": False}, False),
        ({"reads": True}, True),
        ({"reads": None}, True),
        ({"reads": "no"}, True),
        ({"x": {"reads": False}}, True),
    ],
)
def test_the_preference_hides_them(place: Place, patch: dict[str, object], shown: bool) -> None:
    anna = place.people.enter("anna")[0]
    place.preferences.change(anna.who, patch)
    assert place.marks.shows(anna.who) is shown


def test_preferences_that_cannot_be_read_hide_nothing(place: Place) -> None:
    anna = place.people.enter("anna")[0]
    place.keys.take(f"preferences/{anna.who}", b"[1]")
    assert place.marks.shows(anna.who)
