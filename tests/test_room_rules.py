"""What events make of a room."""

from __future__ import annotations

from typing import Any

from hub.protocol.events import Event
from hub.room_rules import RoomRules, hidden


def made(kind: str) -> RoomRules:
    """A room of a kind that anna (p_1) made, with bela (p_2) in it."""
    name = {"private": "private-1", "direct": "dm-1"}.get(kind, "r")
    rules = RoomRules(name)
    if kind != "public":
        whom: dict[str, Any] = {"whom": "p_2", "name": "bela"} if kind == "direct" else {}
        note(rules, "make", room=name, kind=kind, text="Title", **whom)
    if kind == "private":
        note(rules, "invite", room=name, whom="p_2", name="bela")
    return rules


def note(rules: RoomRules, do: str, room: str = "r", **members: Any) -> None:
    rules.note(Event(room=room, n=1, at="", by="anna", who="p_1", do=do, **members))


def test_a_public_room_is_called_as_its_address() -> None:
    rules = made("public")
    assert (rules.kind, rules.title, rules.owner, rules.members) == ("public", "r", None, {})


def test_the_kinds_that_are_hidden() -> None:
    hidden_kinds = [x for x in ("public", "announcements", "private", "direct") if made(x).hidden]
    assert hidden_kinds == ["private", "direct"]
    assert [hidden(x) for x in ("private-1", "dm-1", "general", "dm", "private")] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_a_private_room_has_its_maker_and_the_invited() -> None:
    rules = made("private")
    assert (rules.kind, rules.title, rules.owner) == ("private", "Title", "p_1")
    assert rules.members == {"p_1": "anna", "p_2": "bela"}
    note(rules, "remove", "private-1", whom="p_2")
    note(rules, "remove", "private-1", whom="p_9")
    assert rules.members == {"p_1": "anna"}


def test_a_direct_room_has_two_people() -> None:
    rules = made("direct")
    assert (rules.kind, rules.members) == ("direct", {"p_1": "anna", "p_2": "bela"})


def test_announcements_have_no_members() -> None:
    assert made("announcements").members == {}


def test_a_hidden_room_that_was_never_made_has_no_members() -> None:
    assert RoomRules("private-1").members == {}


def test_the_owner_is_who_the_room_was_handed_to() -> None:
    rules = made("private")
    note(rules, "owner", "private-1", whom="p_2", name="bela")
    assert rules.owner == "p_2"


def test_writers_are_added_and_taken_out() -> None:
    rules = made("announcements")
    note(rules, "writer", whom="p_2", name="bela")
    assert rules.writers == {"p_2": "bela"}
    note(rules, "writer", whom="p_2", off=True)
    note(rules, "writer", whom="p_9", off=True)
    assert rules.writers == {}


def test_switches_go_on_and_off() -> None:
    rules = made("announcements")
    for do, member in (("archive", "archived"), ("close", "closed")):
        note(rules, do)
        assert getattr(rules, member) is True
        note(rules, do, off=True)
        assert getattr(rules, member) is False
    note(rules, "slow", seconds=7)
    assert rules.slow == 7
    note(rules, "slow", seconds=0)
    assert rules.slow == 0
    note(rules, "keep", days=30, bytes=5)
    assert (rules.keep_days, rules.keep_bytes) == (30, 5)
    note(rules, "keep", days=0, bytes=0)
    assert (rules.keep_days, rules.keep_bytes) == (0, 0)


def test_title_and_topic_are_the_newest() -> None:
    rules = made("announcements")
    for text in ("Old", "New"):
        note(rules, "title", text=text)
        note(rules, "topic", text=f"{text} topic")
    assert (rules.title, rules.topic) == ("New", "New topic")


def test_the_look_is_the_newest_and_goes() -> None:
    rules = made("public")
    note(rules, "look", icon="🌱", tint="green")
    assert (rules.icon, rules.tint) == ("🌱", "green")
    note(rules, "look", icon="", tint="red")
    assert (rules.icon, rules.tint) == ("", "red")
    note(rules, "look")
    assert (rules.icon, rules.tint) == ("", "")


def test_other_events_change_nothing() -> None:
    rules = made("public")
    before = dict(vars(rules))
    for do in ("say", "edit", "erase", "react", "pin", "unheard-of"):
        note(rules, do, text="x", of=1, whom="p_2")
    assert vars(rules) == before


def test_what_is_dumped_is_loaded_and_no_longer_shared() -> None:
    rules = made("private")
    note(rules, "topic", text="A topic")
    note(rules, "writer", whom="p_2", name="bela")
    note(rules, "invite", whom="p_3", name="cyril")
    note(rules, "archive")
    note(rules, "close")
    note(rules, "slow", seconds=9)
    note(rules, "look", icon="🌱", tint="green")
    state = rules.dump()
    again = RoomRules("a")
    again.load(state)
    assert {**vars(again), "hidden": rules.hidden} == vars(rules)
    for each in (rules, again):
        note(each, "invite", whom="p_4", name="dora")
        note(each, "writer", whom="p_4", name="dora")
    assert "p_4" not in {**state.members, **state.writers}
