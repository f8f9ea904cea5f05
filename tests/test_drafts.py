"""What waits to be saved, and which of it goes together."""

from __future__ import annotations

from typing import Any

import pytest

from hub import drafts as module
from hub.drafts import Draft, Drafts, event_from
from hub.errors import Refused
from hub.protocol.commands import (
    Archive,
    Edit,
    Erase,
    Invite,
    Make,
    React,
    Remove,
    Say,
    Title,
    Topic,
    Writing,
)
from hub.room_rules import Author

ANNA = Author("anna", "p_1")
BELA = Author("bela", "p_2", bot=True)


class Told:
    def __init__(self) -> None:
        self.why: list[str] = []

    def saved(self, line: bytes, new: bool, broadcast: bool) -> None:
        raise AssertionError("nothing is saved here")

    def refused(self, why: Refused) -> None:
        self.why.append(why.code)


def draft(command: Writing | Make, author: Author = ANNA, key: str | None = None) -> Draft:
    event = event_from(command, "a", author, None)
    return Draft(event, author, command, (author.id, key) if key else None, [Told()])


def say(text: str = "x", key: str | None = None, author: Author = ANNA) -> Draft:
    return draft(Say(room="a", text=text), author, key)


def allow(command: Writing | Make, author: Author) -> None:
    pass


def batches(drafts: Drafts, check: Any = allow) -> list[list[Draft]]:
    """All batches that are left, one after the other."""
    found = []
    while batch := drafts.next_batch(check):
        found.append(batch)
    assert len(drafts) == 0
    return found


@pytest.fixture
def drafts() -> Drafts:
    return Drafts()


def add(drafts: Drafts, *each: Draft) -> list[Draft]:
    for one in each:
        drafts.add(one)
    return list(each)


# -- events -----------------------------------------------------------------------------------


def test_an_event_has_the_members_of_its_command() -> None:
    event = event_from(Say(room="A", text=" hi ", key="k", re=3), "a", BELA, None)
    assert (event.do, event.room, event.text, event.key, event.re) == ("say", "a", " hi ", "k", 3)
    assert (event.by, event.who, event.bot, event.name) == ("bela", "p_2", True, None)
    event = event_from(Invite(room="a", whom="p_3"), "a", ANNA, "carl")
    assert (event.do, event.whom, event.name) == ("invite", "p_3", "carl")


@pytest.mark.parametrize("command", [Topic, Title])
def test_topics_and_titles_are_one_line(command: Any) -> None:
    assert event_from(command(room="a", text=" What  we\n talk\tabout "), "a", ANNA, None).text == (
        "What we talk about"
    )


# -- batches ----------------------------------------------------------------------------------


def test_what_waits_is_one_batch_in_order(drafts: Drafts) -> None:
    added = add(drafts, *(say(str(n)) for n in range(20)))
    assert len(drafts) == 20
    assert batches(drafts) == [added]
    assert drafts.next_batch(allow) == []


def test_a_batch_has_a_bounded_size(drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 10)
    one, two, three, large, four = add(drafts, *(say("x" * n) for n in (5, 5, 1, 50, 1)))
    assert batches(drafts) == [[one, two], [three], [large], [four]]


def test_what_changes_the_rules_ends_a_batch(drafts: Drafts) -> None:
    one, archive, two, three = add(drafts, say(), draft(Archive(room="a")), say(), say())
    assert batches(drafts) == [[one, archive], [two, three]]


def test_a_removal_waits_until_the_edits_of_its_message_are_saved(drafts: Drafts) -> None:
    edit, other, erase, more = add(
        drafts,
        draft(Edit(room="a", of=1, text="x")),
        draft(Erase(room="a", of=2)),
        draft(Erase(room="a", of=1)),
        say(),
    )
    assert batches(drafts) == [[edit, other], [erase, more]]


def test_what_may_not_be_saved_any_more_is_refused_and_the_rest_goes_on(drafts: Drafts) -> None:
    def check(command: Writing | Make, author: Author) -> None:
        if author is BELA:
            raise Refused("no_such_room", "There is no such room.", 404)

    one, gone, two = add(drafts, say(), say(author=BELA, key="k"), say())
    assert batches(drafts, check) == [[one, two]]
    assert [draft.answers[0].why for draft in (one, gone, two)] == [[], ["no_such_room"], []]
    assert drafts.with_key(("p_2", "k")) is None


def test_each_batch_is_checked_by_the_rules_that_the_one_before_made(drafts: Drafts) -> None:
    members = {"p_1", "p_2"}

    def check(command: Writing | Make, author: Author) -> None:
        if author.who not in members:
            raise Refused("no_such_room", "There is no such room.", 404)

    before, remove, after = add(
        drafts, say(author=BELA), draft(Remove(room="a", whom="p_2")), say(author=BELA)
    )
    assert drafts.next_batch(check) == [before, remove]
    members.remove("p_2")
    assert drafts.next_batch(check) == []
    assert after.answers[0].why == ["no_such_room"]


# -- what has not ended -----------------------------------------------------------------------


def test_a_draft_is_found_by_its_key_until_it_ends(drafts: Drafts) -> None:
    [one] = add(drafts, say(key="k"))
    add(drafts, say())
    assert drafts.with_key(("p_1", "k")) is one
    assert drafts.with_key(("p_2", "k")) is None
    drafts.next_batch(allow)
    assert drafts.with_key(("p_1", "k")) is one, "it is being saved"
    drafts.end(one)
    assert drafts.with_key(("p_1", "k")) is None


def test_a_message_is_being_erased_until_its_removal_ends(drafts: Drafts) -> None:
    [erase] = add(drafts, draft(Erase(room="a", of=1)))
    add(drafts, draft(Edit(room="a", of=2, text="x")))
    assert [drafts.is_erasing(n) for n in (1, 2)] == [True, False]
    drafts.next_batch(allow)
    assert drafts.is_erasing(1), "it is being saved"
    drafts.end(erase)
    assert not drafts.is_erasing(1)


def test_reactions_wait_until_each_has_ended(drafts: Drafts) -> None:
    one, again = add(drafts, *(draft(React(room="a", of=1, text="🔥")) for _ in range(2)))
    assert (list(drafts.reactions(1)), list(drafts.reactions(2))) == (["🔥"], [])
    drafts.end(one)
    assert list(drafts.reactions(1)) == ["🔥"]
    drafts.end(again)
    assert list(drafts.reactions(1)) == []


def test_a_refusal_is_told_to_every_repetition() -> None:
    one = say(key="k")
    one.answers.append(Told())
    one.refuse(Refused("busy", "Try again.", 503))
    assert [answer.why for answer in one.answers] == [["busy"], ["busy"]]
