from typing import Any

import pytest

from hub.errors import Refused
from hub.protocol.commands import (
    Archive,
    Close,
    Edit,
    Erase,
    Invite,
    Owner,
    Pin,
    React,
    Remove,
    Say,
    Slow,
    Title,
    Topic,
    Writer,
    Writing,
)
from hub.protocol.events import Event
from hub.room_rules import TITLE_LENGTH, Author, RoomRules, check_title, hidden, hidden_kind

OWNER = Author("anna", "p_1")
MEMBER = Author("bela", "p_2")
OTHER = Author("carl", "p_3")
HOST = Author("dora", "p_4", host=True)
NOBODY = Author("eva", address="192.168.1.9")
EVERYBODY = {"owner": OWNER, "member": MEMBER, "other": OTHER, "host": HOST, "nobody": NOBODY}

COMMANDS: dict[str, Writing] = {
    "say": Say(room="r", text="x"),
    "edit": Edit(room="r", of=1, text="x"),
    "pin": Pin(room="r", of=1),
    "react": React(room="r", of=1, text="x"),
    "erase": Erase(room="r", of=1),
    "topic": Topic(room="r", text="x"),
    "title": Title(room="r", text="x"),
    "invite": Invite(room="r", whom="p_3"),
    "remove": Remove(room="r", whom="p_2"),
    "owner": Owner(room="r", whom="p_2"),
    "writer": Writer(room="r", whom="p_2"),
    "archive": Archive(room="r"),
    "close": Close(room="r"),
    "slow": Slow(room="r", seconds=5),
}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def charter(kind: str, clock: Clock | None = None) -> RoomRules:
    """A room of a kind that anna made, with bela in it."""
    name = {"private": "private-1", "direct": "dm-1"}.get(kind, "r")
    made = RoomRules(name, clock or Clock())
    if kind != "public":
        whom: dict[str, Any] = {"whom": "p_2", "name": "bela"} if kind == "direct" else {}
        note(made, "make", room=name, kind=kind, text="Title", **whom)
    if kind == "private":
        note(made, "invite", room=name, whom="p_2", name="bela")
    return made


def note(made: RoomRules, do: str, room: str = "r", author: Author = OWNER, **members: Any) -> None:
    made.note(Event(room=room, n=1, at="", by=author.name, who=author.who, do=do, **members))


def may(made: RoomRules, command: Writing, author: Author) -> str:
    """What is said to this author: "yes", or the code of the refusal."""
    try:
        made.check(command, author)
    except Refused as why:
        return why.code
    return "yes"


# Who may do what; the order is owner, member, other, host, nobody. In hidden rooms the hub has
# already turned away who is not in them.
ALLOWED = {
    "public": {
        "say": "11111", "edit": "11111", "pin": "11111", "react": "11111", "erase": "11111",
        "topic": "11110", "title": "00000", "invite": "00000", "remove": "00000",
        "owner": "00000", "writer": "00000", "archive": "00000", "close": "00010",
        "slow": "00010",
    },
    "announcements": {
        "say": "00010", "edit": "00010", "pin": "00010", "react": "11111", "erase": "11111",
        "topic": "10010", "title": "10010", "invite": "00000", "remove": "00000",
        "owner": "00000", "writer": "00010", "archive": "10010", "close": "00010",
        "slow": "10010",
    },
    "private": {
        "say": "11111", "edit": "11111", "pin": "11111", "react": "11111", "erase": "11111",
        "topic": "10000", "title": "10000", "invite": "10000", "remove": "11000",
        "owner": "10000", "writer": "00000", "archive": "10000", "close": "00000",
        "slow": "10010",
    },
    "direct": {
        "say": "11111", "edit": "11111", "pin": "11111", "react": "11111", "erase": "11111",
        "topic": "11110", "title": "00000", "invite": "00000", "remove": "00000",
        "owner": "00000", "writer": "00000", "archive": "00000", "close": "00000",
        "slow": "10010",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", ALLOWED)
def test_who_may_do_what(kind: str) -> None:
    made = charter(kind)
    assert set(ALLOWED[kind]) == set(COMMANDS)
    found = {
        do: "".join(str(int(may(made, command, x) == "yes")) for x in EVERYBODY.values())
        for do, command in COMMANDS.items()
    }
    assert found == ALLOWED[kind]


def test_every_command_has_its_case() -> None:
    assert {type(x) for x in COMMANDS.values()} == set(Writing.__args__)


# -- what events make of it -------------------------------------------------------------------


def test_a_public_room_is_called_as_its_address() -> None:
    made = charter("public")
    assert (made.kind, made.title, made.owner, made.members) == ("public", "r", None, {})
    assert made.admits("r", None)


def test_a_private_room_admits_who_was_invited_until_they_are_removed() -> None:
    made = charter("private")
    assert made.members == {"p_1": "anna", "p_2": "bela"}
    seen = {who: made.admits("private-1", who) for who in (None, "", "p_1", "p_2", "p_3", "p_4")}
    assert [who for who, sees in seen.items() if sees] == ["p_1", "p_2"]
    note(made, "remove", "private-1", whom="p_2")
    note(made, "remove", "private-1", whom="p_9")
    assert not made.admits("private-1", "p_2")


def test_a_direct_room_is_for_two() -> None:
    made = charter("direct")
    assert made.members == {"p_1": "anna", "p_2": "bela"}
    assert made.admits("dm-1", "p_2")
    assert not made.admits("dm-1", "p_4")


def test_a_hidden_room_that_was_never_made_admits_nobody() -> None:
    made = RoomRules("private-1")
    assert not any(made.admits("private-1", who) for who in (None, "", "p_1"))


def test_members_of_announcements_are_none() -> None:
    assert charter("announcements").members == {}


def test_switches_go_on_and_off() -> None:
    made = charter("announcements")
    for do, member in (("archive", "archived"), ("close", "closed")):
        note(made, do)
        assert getattr(made, member) is True
        note(made, do, off=True)
        assert getattr(made, member) is False
    note(made, "slow", seconds=7)
    assert made.slow == 7
    note(made, "slow", seconds=0)
    assert made.slow == 0
    note(made, "title", text="New")
    note(made, "topic", text="About")
    assert (made.title, made.topic) == ("New", "About")
    note(made, "unheard-of", text="x")


def test_a_chosen_writer_writes_and_no_longer() -> None:
    made = charter("announcements")
    note(made, "writer", author=HOST, whom="p_2", name="bela")
    assert made.may_write(MEMBER)
    assert may(made, COMMANDS["say"], MEMBER) == "yes"
    assert not made.may_write(OTHER)
    note(made, "writer", author=HOST, whom="p_2", off=True)
    note(made, "writer", author=HOST, whom="p_9", off=True)
    assert may(made, COMMANDS["say"], MEMBER) == "may_not_write"


def test_who_has_no_id_is_no_chosen_writer() -> None:
    made = charter("announcements")
    assert not made.may_write(NOBODY)


def test_a_room_that_was_handed_over_is_the_other_ones() -> None:
    made = charter("private")
    note(made, "owner", "private-1", whom="p_2", name="bela")
    assert may(made, COMMANDS["title"], MEMBER) == "yes"
    assert may(made, COMMANDS["title"], OWNER) == "not_owner"
    assert may(made, Remove(room="r", whom="p_1"), OWNER) == "yes", "may leave now"


# -- refusals ---------------------------------------------------------------------------------


def test_an_owner_hands_over_before_leaving() -> None:
    made = charter("private")
    assert may(made, Remove(room="r", whom="p_1"), OWNER) == "owner"
    assert may(made, Remove(room="r", whom="p_2"), MEMBER) == "yes"


@pytest.mark.parametrize("command", [Remove, Owner])
def test_only_members_are_removed_or_given_the_room(command: Any) -> None:
    assert may(charter("private"), command(room="r", whom="p_3"), OWNER) == "not_a_member"


@pytest.mark.parametrize("by", [OWNER, MEMBER, OTHER, HOST, NOBODY])
def test_nothing_is_said_in_an_archived_room(by: Author) -> None:
    made = charter("private")
    note(made, "archive", "private-1")
    for do in ("say", "edit", "pin", "react", "erase"):
        assert may(made, COMMANDS[do], by) == "room_shut"
    assert not made.may_write(by)
    assert may(made, Archive(room="r", off=True), OWNER) == "yes"


def test_in_a_closed_room_only_hosts_go_on() -> None:
    made = charter("public")
    note(made, "close", author=HOST)
    for do in ("say", "edit", "pin", "topic"):
        assert may(made, COMMANDS[do], MEMBER) == "room_shut"
        assert may(made, COMMANDS[do], HOST) == "yes"
    assert may(made, COMMANDS["erase"], MEMBER) == "yes", "one may still take back one's words"
    assert not made.may_write(MEMBER)
    assert made.may_write(HOST)


def test_slow_mode_makes_wait_each_for_themself() -> None:
    clock = Clock()
    made = charter("public", clock)
    note(made, "slow", author=HOST, seconds=10)
    say = COMMANDS["say"]
    assert may(made, say, MEMBER) == "yes"
    made.said(MEMBER)
    with pytest.raises(Refused) as refused:
        made.check(say, MEMBER)
    assert (refused.value.code, refused.value.status, refused.value.retry_after) == (
        "slow",
        429,
        10,
    )
    assert may(made, say, OTHER) == "yes"
    assert may(made, COMMANDS["edit"], MEMBER) == "slow"
    assert may(made, COMMANDS["pin"], MEMBER) == "yes"
    made.said(HOST)
    assert may(made, say, HOST) == "yes"
    clock.now += 9.9
    assert may(made, say, MEMBER) == "slow"
    clock.now += 0.1
    assert may(made, say, MEMBER) == "yes"


def test_slow_mode_is_not_passed_by_under_another_name() -> None:
    made = charter("public")
    note(made, "slow", author=HOST, seconds=10)
    made.said(NOBODY)
    assert may(made, COMMANDS["say"], NOBODY._replace(name="somebody else")) == "slow"
    assert may(made, COMMANDS["say"], NOBODY._replace(address="192.168.1.10")) == "yes"


def test_without_slow_mode_nobody_is_remembered() -> None:
    made = charter("public")
    made.said(MEMBER)
    assert made._said == {}


@pytest.mark.parametrize(
    "title", ["", " ", "\n", "a\x00b", "a\nb", "\u200b", "a\u202eb", "x" * (TITLE_LENGTH + 1)],
)  # fmt: skip
def test_a_title_that_cannot_be(title: str) -> None:
    with pytest.raises(Refused) as refused:
        check_title(title)
    assert (refused.value.status, refused.value.code) == (422, "title_invalid")
    assert may(charter("private"), Title(room="r", text=title), OWNER) == "title_invalid"


def test_a_title_of_any_script() -> None:
    for title in ("x", "x" * TITLE_LENGTH, "חדר פרטי", "<b>", "👪"):
        check_title(title)


def test_what_is_hidden() -> None:
    assert [hidden(x) for x in ("private-1", "dm-1", "general", "dm", "private")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert [hidden_kind(x) for x in ("private", "direct", "public", "announcements")] == [
        True, True, False, False,
    ]  # fmt: skip
