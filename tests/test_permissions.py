"""Who may see a room and who may do what in it, and in which words the others are refused."""

from __future__ import annotations

from typing import Any

import pytest

from hub import permissions as module
from hub.access.people import People
from hub.errors import Refused
from hub.permissions import SPEECH, Permissions
from hub.protocol.commands import (
    Archive,
    Close,
    Edit,
    End,
    Erase,
    Invite,
    Keep,
    Look,
    Make,
    Owner,
    Pin,
    React,
    Remove,
    Say,
    Slow,
    Title,
    Topic,
    Vote,
    Writer,
    Writing,
)
from hub.protocol.events import Event
from hub.room_rules import Author, RoomRules

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
    "vote": Vote(room="r", of=1, choice=[1]),
    "end": End(room="r", of=1),
    "erase": Erase(room="r", of=1),
    "topic": Topic(room="r", text="x"),
    "look": Look(room="r", icon="x"),
    "title": Title(room="r", text="x"),
    "invite": Invite(room="r", whom="p_3"),
    "remove": Remove(room="r", whom="p_2"),
    "owner": Owner(room="r", whom="p_2"),
    "writer": Writer(room="r", whom="p_2"),
    "archive": Archive(room="r"),
    "close": Close(room="r"),
    "slow": Slow(room="r", seconds=5),
    "keep": Keep(room="r", days=30),
}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Place:
    """A room of a kind that anna made, with bela in it, and the permissions there."""

    def __init__(self, kind: str, clock: Clock | None = None) -> None:
        self.name = {"private": "private-1", "direct": "dm-1"}.get(kind, "r")
        self.rules = RoomRules(self.name)
        self.permissions = Permissions(self.rules, clock or Clock())
        if kind != "public":
            whom: dict[str, Any] = {"whom": "p_2", "name": "bela"} if kind == "direct" else {}
            self.note("make", kind=kind, text="Title", **whom)
        if kind == "private":
            self.note("invite", whom="p_2", name="bela")

    def note(self, do: str, **members: Any) -> None:
        self.rules.note(Event(room=self.name, n=1, at="", by="anna", who="p_1", do=do, **members))

    def answer(self, command: Writing | str, author: Author, by: Author | None = None) -> str:
        """What is told of a command about a message of `by`, or of this author's own.

        "yes", or the code of the refusal.
        """
        command = COMMANDS[command] if isinstance(command, str) else command
        return answer(self.permissions.check, command, author, message(by or author))

    def again(self, command: Writing | Make | str, author: Author) -> str:
        command = COMMANDS[command] if isinstance(command, str) else command
        return answer(self.permissions.check_again, command, author)


def message(by: Author) -> Event:
    return Event(room="r", n=1, at="", by=by.name, who=by.who, do="say", text="x")


def answer(check: Any, *arguments: Any) -> str:
    try:
        check(*arguments)
    except Refused as why:
        return why.code
    return "yes"


# -- in general -------------------------------------------------------------------------------

# Who may do what; the order is owner, member, other, host, nobody. In a hidden room whoever is
# not in it has been turned away before.
ALLOWED = {
    "public": {
        "say": "11111", "edit": "11110", "pin": "11110", "react": "11111", "erase": "11110",
        "vote": "11110", "end": "11110",
        "topic": "11110", "look": "11110", "title": "00000", "invite": "00000", "remove": "00000",
        "owner": "00000", "writer": "00000", "archive": "00000", "close": "00010",
        "slow": "00010", "keep": "00010",
    },
    "announcements": {
        "say": "00010", "edit": "00010", "pin": "00010", "react": "11111", "erase": "11110",
        "vote": "11110", "end": "11110",
        "topic": "10010", "look": "10010", "title": "10010", "invite": "00000", "remove": "00000",
        "owner": "00000", "writer": "00010", "archive": "10010", "close": "00010",
        "slow": "10010", "keep": "00010",
    },
    "private": {
        "say": "11111", "edit": "11110", "pin": "11110", "react": "11111", "erase": "11110",
        "vote": "11110", "end": "11110",
        "topic": "10000", "look": "10000", "title": "10000", "invite": "10000", "remove": "11000",
        "owner": "10000", "writer": "00000", "archive": "10000", "close": "00000",
        "slow": "10010", "keep": "10010",
    },
    "direct": {
        "say": "11111", "edit": "11110", "pin": "11110", "react": "11111", "erase": "11110",
        "vote": "11110", "end": "11110",
        "topic": "11110", "look": "00000", "title": "00000", "invite": "00000", "remove": "00000",
        "owner": "00000", "writer": "00000", "archive": "00000", "close": "00000",
        "slow": "10010", "keep": "00000",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", ALLOWED)
def test_who_may_do_what(kind: str) -> None:
    place = Place(kind)
    assert set(ALLOWED[kind]) == set(COMMANDS)
    found = {
        do: "".join(str(int(place.answer(do, x) == "yes")) for x in EVERYBODY.values())
        for do in COMMANDS
    }
    assert found == ALLOWED[kind]


def test_every_command_has_its_case() -> None:
    assert {type(x) for x in COMMANDS.values()} == set(Writing.__args__)


# -- seeing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sees"),
    [
        ("public", "111111"),
        ("announcements", "111111"),
        ("private", "001100"),
        ("direct", "001100"),
    ],
)
def test_hidden_rooms_are_seen_by_their_members_alone(kind: str, sees: str) -> None:
    place = Place(kind)
    whos = (None, "", "p_1", "p_2", "p_3", "p_4")
    assert "".join(str(int(place.permissions.may_see(who))) for who in whos) == sees
    told = [answer(place.permissions.check_sees, who) for who in whos]
    assert told == [{"0": "no_such_room", "1": "yes"}[x] for x in sees]


def test_whoever_was_removed_sees_the_room_no_more() -> None:
    place = Place("private")
    place.note("remove", whom="p_2")
    assert not place.permissions.may_see("p_2")


def test_a_hidden_room_that_was_never_made_is_seen_by_nobody() -> None:
    permissions = Permissions(RoomRules("private-1"))
    assert not any(permissions.may_see(who) for who in (None, "", "p_1"))


# -- writing ----------------------------------------------------------------------------------


def test_a_chosen_writer_writes_until_that_ends() -> None:
    place = Place("announcements")
    place.note("writer", whom="p_2", name="bela")
    assert place.permissions.may_write(MEMBER)
    assert place.answer("say", MEMBER) == "yes"
    assert not place.permissions.may_write(OTHER)
    place.note("writer", whom="p_2", off=True)
    assert place.answer("say", MEMBER) == "may_not_write"


def test_an_unverified_author_is_no_chosen_writer() -> None:
    assert not Place("announcements").permissions.may_write(NOBODY)


@pytest.mark.parametrize("by", [OWNER, MEMBER, OTHER, HOST, NOBODY])
def test_nothing_is_said_in_an_archived_room(by: Author) -> None:
    place = Place("private")
    place.note("archive")
    for do in ("say", "edit", "pin", "react", "erase"):
        assert place.answer(do, by) == "room_shut"
    assert not place.permissions.may_write(by)
    assert place.answer(Archive(room="r", off=True), OWNER) == "yes"


def test_in_a_closed_room_only_hosts_go_on() -> None:
    place = Place("public")
    place.note("close")
    for do in ("say", "edit", "pin", "react", "topic", "look"):
        assert place.answer(do, MEMBER) == "room_shut"
        assert place.answer(do, HOST) == "yes"
    assert place.answer("erase", MEMBER) == "yes", "one may still take back one's words"
    assert not place.permissions.may_write(MEMBER)
    assert place.permissions.may_write(HOST)


def test_slow_mode_delays_each_author_alone() -> None:
    clock = Clock()
    place = Place("public", clock)
    place.note("slow", seconds=10)
    assert place.answer("say", MEMBER) == "yes"
    place.permissions.said(MEMBER)
    with pytest.raises(Refused) as refused:
        place.permissions.check(COMMANDS["say"], MEMBER)
    told = refused.value
    assert (told.code, told.status, told.retry_after) == ("slow", 429, 10)
    assert place.answer("say", OTHER) == "yes"
    assert place.answer("edit", MEMBER) == "slow"
    assert place.answer("pin", MEMBER) == "yes"
    place.permissions.said(HOST)
    assert place.answer("say", HOST) == "yes"
    clock.now += 9.9
    assert place.answer("say", MEMBER) == "slow"
    assert place.permissions.delays
    clock.now += 0.1
    assert place.answer("say", MEMBER) == "yes"
    assert not place.permissions.delays


def test_another_name_does_not_evade_slow_mode() -> None:
    place = Place("public")
    place.note("slow", seconds=10)
    place.permissions.said(NOBODY)
    assert place.answer("say", NOBODY._replace(name="somebody else")) == "slow"
    assert place.answer("say", NOBODY._replace(address="192.168.1.10")) == "yes"


def test_without_slow_mode_nobody_is_remembered() -> None:
    place = Place("public")
    place.permissions.said(MEMBER)
    assert place.permissions._last_said == {}


# -- one's own messages -----------------------------------------------------------------------


def test_messages_are_changed_by_their_authors_alone() -> None:
    place = Place("public")
    assert place.answer("edit", MEMBER, by=MEMBER) == "yes"
    for author, by in ((HOST, MEMBER), (OTHER, MEMBER), (NOBODY, MEMBER), (NOBODY, NOBODY)):
        assert place.answer("edit", author, by=by) == "not_yours"
    assert answer(place.permissions.check, COMMANDS["edit"], MEMBER, None) == "not_yours"


def test_messages_are_removed_by_their_authors_and_by_hosts() -> None:
    place = Place("public")
    for author in (MEMBER, HOST):
        assert place.answer("erase", author, by=MEMBER) == "yes"
    for author, by in ((OTHER, MEMBER), (NOBODY, MEMBER), (NOBODY, NOBODY)):
        assert place.answer("erase", author, by=by) == "not_yours"
    assert answer(place.permissions.check, COMMANDS["erase"], MEMBER, None) == "not_yours"


# -- the room itself --------------------------------------------------------------------------


def test_a_room_that_was_handed_over_belongs_to_the_new_owner() -> None:
    place = Place("private")
    place.note("owner", whom="p_2", name="bela")
    assert place.answer("title", MEMBER) == "yes"
    assert place.answer("title", OWNER) == "not_owner"
    assert place.answer(Remove(room="r", whom="p_1"), OWNER) == "yes", "may leave now"


def test_an_owner_hands_over_before_leaving() -> None:
    place = Place("private")
    assert place.answer(Remove(room="r", whom="p_1"), OWNER) == "owner"
    assert place.answer(Remove(room="r", whom="p_2"), MEMBER) == "yes"


@pytest.mark.parametrize("command", [Remove, Owner])
def test_only_members_are_removed_or_given_the_room(command: Any) -> None:
    assert Place("private").answer(command(room="r", whom="p_3"), OWNER) == "not_a_member"


def test_a_private_room_is_deleted_by_its_owner_alone() -> None:
    place = Place("private")
    told = {x: answer(place.permissions.check_deletes, by) for x, by in EVERYBODY.items()}
    assert [x for x, why in told.items() if why == "yes"] == ["owner"]
    assert set(told.values()) == {"yes", "not_owner"}
    for kind in ("public", "announcements", "direct"):
        permissions = Place(kind).permissions
        assert {answer(permissions.check_deletes, by) for by in EVERYBODY.values()} == {"not_owner"}


# -- as it is saved ---------------------------------------------------------------------------


def test_what_somebody_sent_before_they_were_removed_is_not_saved() -> None:
    place = Place("private")
    assert place.again("say", MEMBER) == "yes"
    place.note("remove", whom="p_2")
    assert place.again("say", MEMBER) == "no_such_room"
    assert place.again("say", OWNER) == "yes"


def test_what_an_owner_sent_before_handing_over_is_not_saved() -> None:
    place = Place("private")
    assert place.again("archive", OWNER) == "yes"
    place.note("owner", whom="p_2", name="bela")
    assert place.again("archive", OWNER) == "not_owner"
    assert place.again("archive", MEMBER) == "yes"


def test_what_was_accepted_before_a_room_was_closed_is_saved() -> None:
    place = Place("public")
    place.note("close")
    place.note("slow", seconds=10)
    place.permissions.said(MEMBER)
    assert place.again("say", MEMBER) == "yes"


def test_the_event_that_makes_a_room_comes_before_it_has_members() -> None:
    permissions = Permissions(RoomRules("private-1"))
    permissions.check_again(Make(room="private-1", kind="private", text="x"), OWNER)


# -- in the hub -------------------------------------------------------------------------------


@pytest.fixture
def muted() -> People:
    people = People(clock=lambda: 1000.0)
    person, _ = people.enter("bela")
    people.update(person, muted=1010.04)
    return people


def test_whoever_is_muted_says_nothing_and_makes_no_room(muted: People) -> None:
    bela = muted.named("bela")
    assert bela is not None
    told = {
        do: answer(module.check_muted, muted, bela.who, command) for do, command in COMMANDS.items()
    }
    assert {do for do, why in told.items() if why == "muted"} == {
        "say", "edit", "react", "vote", "pin", "topic", "look", "title",
    }  # fmt: skip
    assert len(SPEECH) == 9  # what is sent on is said, too
    with pytest.raises(Refused) as refused:
        module.check_makes(muted, Author("bela", bela.who))
    why = refused.value
    assert (why.code, why.status, why.retry_after) == ("muted", 403, 10.0)


def test_nobody_else_is_muted(muted: People) -> None:
    bela, (anna, _) = muted.named("bela"), muted.enter("anna")
    assert bela is not None
    muted.update(bela, muted=1000.0)  # until now
    for who in (bela.who, anna.who, "p_unknown", None):
        assert answer(module.check_muted, muted, who, COMMANDS["say"]) == "yes"


def test_rooms_are_made_by_people_who_are_known() -> None:
    people = People()
    person, _ = people.enter("anna")
    assert answer(module.check_makes, people, Author("anna", person.who)) == "yes"
    for author in (NOBODY, Author("gone", "p_unknown")):
        assert answer(module.check_makes, people, author) == "unverified"


def test_announcements_are_made_by_hosts() -> None:
    assert answer(module.check_announces, HOST) == "yes"
    assert answer(module.check_announces, OWNER) == "forbidden"
