"""What people set for themselves."""

from __future__ import annotations

from typing import Any

import pytest

from hub.access.people import People
from hub.access.preferences import BYTES, DEPTH, AllPreferences
from hub.errors import Refused
from hub.keys import Keys
from hub.protocol import events


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def preferences(keys: Keys) -> AllPreferences:
    return AllPreferences(keys)


def test_nobody_has_any_at_first(preferences: AllPreferences) -> None:
    assert preferences.of("p_1") == {}


@pytest.mark.parametrize(
    ("old", "patch", "new"),
    [
        ({}, {"a": 1}, {"a": 1}),
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({"a": 1}, {"b": None}, {"a": 1}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": 3}}, {"a": {"c": 2, "d": 3}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": [1]}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({}, {"a": {"b": {"c": None}}}, {"a": {"b": {}}}),
        ({"a": {"b": 1}}, {"a": 1}, {"a": 1}),
    ],
)
def test_a_patch_is_merged(
    preferences: AllPreferences, old: dict[str, Any], patch: dict[str, Any], new: dict[str, Any]
) -> None:
    preferences.change("p_1", old)
    preferences.change("p_1", patch)
    assert preferences.of("p_1") == new
    assert preferences.of("p_2") == {}


def nested(deep: int) -> dict[str, Any]:
    inner: Any = 1
    for at in range(deep - 1):
        inner = [inner] if at % 2 else {"a": inner}
    return {"a": inner}


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        ({"long": "x" * BYTES}, "too_many_preferences"),
        (nested(DEPTH + 1), "invalid"),
        (nested(500), "invalid"),
    ],
)
def test_too_much_is_refused_and_changes_nothing(
    preferences: AllPreferences, patch: dict[str, Any], code: str
) -> None:
    preferences.change("p_1", {"kept": True})
    with pytest.raises(Refused) as refused:
        preferences.change("p_1", patch)
    assert (refused.value.code, refused.value.status) == (code, 422)
    assert preferences.of("p_1") == {"kept": True}


def test_as_much_as_fits_is_kept(preferences: AllPreferences) -> None:
    room = BYTES - len(events.encode({"a": ""}))
    preferences.change("p_1", {"a": "x" * room})
    preferences.change("p_2", nested(DEPTH))
    assert len(preferences.of("p_1")["a"]) == room
    with pytest.raises(Refused):
        preferences.change("p_1", {"a": "x" * (room + 1)})


@pytest.mark.parametrize("value", [b"[]", b"{", b'"x"', b"\xff"])
def test_what_cannot_be_read_counts_as_none(
    keys: Keys, preferences: AllPreferences, value: bytes
) -> None:
    keys.put({"preferences/p_1": (None, value)})
    assert preferences.of("p_1") == {}
    preferences.change("p_1", {"a": 1})
    assert preferences.of("p_1") == {"a": 1}


def test_they_go_with_their_person(keys: Keys, preferences: AllPreferences) -> None:
    people = People(keys)
    naor, _ = people.enter("naor")
    mira, _ = people.enter("mira")
    for person in (naor, mira):
        preferences.change(person.who, {"a": 1})
    people.remove(naor)
    assert (preferences.of(naor.who), preferences.of(mira.who)) == ({}, {"a": 1})


def test_the_tag_tells_preferences_apart(preferences: AllPreferences) -> None:
    tags = [preferences.tag("p_1")]
    assert preferences.tag("p_2") == tags[0]
    for patch in ({"a": 1}, {"a": 2}, {"b": {}}):
        preferences.change("p_1", patch)
        tags.append(preferences.tag("p_1"))
    assert len(set(tags)) == len(tags)
    assert preferences.tag("p_2") == tags[0]
