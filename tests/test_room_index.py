"""What is kept of the events of a room that change something."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from hub import room_index as module
from hub.protocol.events import Event
from hub.protocol.sent_file import SentFile
from hub.room_index import REACTIONS, RoomIndex


def event(n: int, do: str, who: str | None = "p_1", **members: Any) -> Event:
    return Event(room="a", n=n, at="", by="anna", who=who, do=do, **members)


@pytest.fixture
def index() -> RoomIndex:
    return RoomIndex()


def note(index: RoomIndex, *events: Event) -> None:
    for each in events:
        index.note(each)


def test_edits_are_known_by_message_oldest_first(index: RoomIndex) -> None:
    note(index, event(3, "edit", of=1), event(4, "edit", of=2), event(5, "edit", of=1))
    assert index.edits == {1: [3, 5], 2: [4]}


def test_a_removed_message_is_pinned_no_more(index: RoomIndex) -> None:
    note(index, event(2, "pin", of=1), event(3, "erase", of=1), event(4, "erase", of=9))
    assert (list(index.erased), index.pins) == ([1, 9], {})


def test_pins_are_in_the_order_in_which_they_were_pinned(index: RoomIndex) -> None:
    note(index, event(4, "pin", of=3), event(5, "pin", of=1), event(6, "pin", of=2))
    note(index, event(7, "pin", of=1, off=True), event(8, "pin", of=9, off=True))
    assert list(index.pins) == [3, 2]


def test_texts_are_those_of_the_messages_and_of_their_edits(index: RoomIndex) -> None:
    note(index, event(4, "edit", of=1), event(5, "edit", of=1), event(6, "edit", of=2))
    assert index.texts_of([1, 3]) == [1, 4, 5, 3]
    assert index.texts_of([]) == []


def test_the_same_reaction_again_takes_it_back(index: RoomIndex) -> None:
    def toggled(**members: Any) -> bool:
        again = event(9, "react", **{"of": 1, "text": "+", **members})
        index.toggle(again)
        return again.off

    assert not toggled()
    note(index, event(2, "react", of=1, text="+"))
    assert toggled()
    assert not any((toggled(who="p_2"), toggled(text="-"), toggled(of=2), toggled(who=None)))
    note(index, event(3, "react", of=1, text="+", off=True))
    assert not toggled()
    note(index, event(4, "react", of=1, text="+", off=True))  # as a damaged file may have it


def test_a_message_takes_so_many_different_reactions(index: RoomIndex) -> None:
    for n in range(REACTIONS):
        assert index.takes_reaction(1, "new")
        note(index, event(n + 2, "react", of=1, text=str(n)), event(n + 2, "react", of=2, text="+"))
    assert not index.takes_reaction(1, "new")
    assert index.takes_reaction(1, "7")
    assert index.takes_reaction(2, "new"), "of other messages there is no question"
    note(index, event(100, "react", who="p_2", of=1, text="7"))
    note(index, event(101, "react", of=1, text="7", off=True))
    assert not index.takes_reaction(1, "new"), "somebody else still has it"
    kept = RoomIndex()
    kept.load(index.dump(0))
    assert not kept.takes_reaction(1, "new")
    for each in (index, kept):
        note(each, event(102, "react", who="p_2", of=1, text="7", off=True))
        note(each, event(103, "react", who="p_2", of=1, text="7", off=True))
        assert each.takes_reaction(1, "new")
        assert each.takes_reaction(1, "7")


def test_an_unverified_reaction_is_taken_back_under_the_same_name(index: RoomIndex) -> None:
    note(index, event(2, "react", who=None, of=1, text="+"))
    again = event(3, "react", who=None, of=1, text="+")
    index.toggle(again)
    assert again.off


def test_pinning_again_takes_the_pin_out(index: RoomIndex) -> None:
    pin = event(2, "pin", of=1)
    index.toggle(pin)
    assert not pin.off
    note(index, pin)
    again = event(3, "pin", who="p_2", of=1)
    index.toggle(again)
    assert again.off


def test_nothing_else_is_toggled(index: RoomIndex) -> None:
    note(index, event(2, "pin", of=1))
    archive = event(3, "archive", off=True)
    index.toggle(archive)
    assert archive.off
    say = event(4, "say", text="x")
    index.toggle(say)
    assert not say.off


def test_other_events_are_passed_over(index: RoomIndex) -> None:
    for do in ("say", "topic", "make", "unheard-of"):
        index.note(event(1, do, text="x", of=1))
    assert (index.edits, index.erased, index.pins) == ({}, {}, {})


def test_keys_are_known_by_author(index: RoomIndex) -> None:
    index.note_key(event(1, "say", key="k"))
    index.note_key(event(2, "say", who=None, key="k"))
    index.note_key(event(3, "say"))
    assert index.with_key("p_1", "k") == 1
    assert index.with_key("name:anna", "k") == 2
    assert index.with_key("p_2", "k") is None
    assert index.with_key("p_1", "other") is None


def test_the_oldest_keys_are_forgotten(index: RoomIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEYS", 3)
    for n in range(1, 6):
        index.note_key(event(n, "say", key=f"k{n}"))
    assert [index.with_key("p_1", f"k{n}") for n in range(1, 6)] == [None, None, 3, 4, 5]


@pytest.fixture
def full(index: RoomIndex) -> RoomIndex:
    note(
        index,
        event(3, "edit", of=1),
        event(4, "edit", of=2),
        event(5, "edit", of=1),
        event(6, "react", of=2, text="+"),
        event(7, "react", who=None, of=1, text="-"),
        event(8, "react", of=2, text="*"),
        event(9, "react", of=2, text="+", off=True),
        event(10, "pin", of=2),
        event(11, "pin", of=1),
        event(12, "erase", of=1),
        event(13, "say", re=2),
        event(14, "say", re=13),
        event(15, "say", re=2),
        event(16, "vote", of=2, choice=[1, 3]),
        event(17, "vote", who="p_2", of=2, choice=[2]),
        event(18, "vote", who=None, of=2, choice=[2]),
        event(19, "end", of=2),
    )
    for n in range(1, 6):
        index.note_key(event(n, "say", who=f"p_{n % 2}", key=f"k{n}"))
    return index


def test_what_is_dumped_is_loaded(full: RoomIndex) -> None:
    again = RoomIndex()
    again.load(full.dump(after=0))
    assert again.dump(after=0) == full.dump(after=0)
    assert (again.edits, again.erased, again.pins) == (full.edits, full.erased, full.pins)
    assert [*again.replies.to(2)] == [13, 15]
    assert again.polls.votes(2) == [("p_1", [1, 3]), ("p_2", [2])]
    assert again.polls.ended(2)
    assert [again.with_key(f"p_{n % 2}", f"k{n}") for n in range(1, 6)] == [1, 2, 3, 4, 5]
    for who, of, text, off in (("p_1", 2, "*", True), (None, 1, "-", True), ("p_1", 2, "+", False)):
        reaction = event(20, "react", who=who, of=of, text=text)
        again.toggle(reaction)
        assert reaction.off == off


def test_old_keys_are_not_dumped(full: RoomIndex) -> None:
    again = RoomIndex()
    again.load(full.dump(after=3))
    assert [again.with_key(f"p_{n % 2}", f"k{n}") for n in range(1, 6)] == [None, None, None, 4, 5]


def test_a_dump_that_cannot_be_one_is_refused(full: RoomIndex) -> None:
    state = full.dump(after=0)
    for odd in (
        {"edits": (state.edits[0], b"")},
        {"erased": b"odd"},
        {"pins": b"odd"},
        {"sources": []},
        {"emoji": []},
        {"keys": []},
        {"replies": (b"odd", state.replies[1])},
        {"replies": (b"", state.replies[1])},
        {"reactions": (b"", *state.reactions[1:])},
    ):
        with pytest.raises((ValueError, IndexError)):
            RoomIndex().load(replace(state, **odd))


def sent(id_: str, name: str = "a.txt") -> SentFile:
    return SentFile(id=id_, name=name, size=1, type="text/plain", sha256="0" * 64)


def test_files_are_known_until_their_message_is_removed(index: RoomIndex) -> None:
    one, two, three = sent("f1"), sent("f2"), sent("f3")
    note(index, event(1, "say", text="", files=[one, two]), event(2, "say", text="", files=[three]))
    note(index, event(3, "say", text="none"))
    assert index.files == {1: [one, two], 2: [three]}
    assert index.all_files() == [one, two, three]
    assert (index.file("f2"), index.file("f9")) == ((1, two), None)
    again = RoomIndex()
    again.load(index.dump(after=0))
    assert (again.files, again.file("f3")) == (index.files, (2, three))
    note(index, event(4, "erase", of=1))
    assert (index.files, index.file("f1"), index.file("f3")) == ({2: [three]}, None, (2, three))


def some(*ids: str) -> list[SentFile]:
    return [SentFile(id=x, name=x, size=1, type="t", sha256="0" * 64) for x in ids]


def test_files_are_known_until_they_expire_or_go(index: RoomIndex) -> None:
    note(index, event(1, "say", files=some("a", "b")), event(2, "say", files=some("c")))
    note(index, event(3, "expire", ids=["a", "c", "unknown"]), event(4, "expire", ids=["c"]))
    assert index.files == {1: some("b")}
    assert (index.file("a"), index.file("b")) == (None, (1, *some("b")))
    assert index.expired == {1: ["a"], 2: ["c"]}
    assert [index.has_expired(x) for x in ("a", "b", "c", "unknown")] == [True, False, True, False]
    note(index, event(5, "erase", of=2))
    assert index.expired == {1: ["a"]}
    assert not index.has_expired("c")


def test_expired_files_are_dumped_and_no_longer_shared(index: RoomIndex) -> None:
    note(index, event(1, "say", files=some("a", "b")), event(2, "expire", ids=["a"]))
    state, again = index.dump(0), RoomIndex()
    again.load(state)
    note(again, event(3, "expire", ids=["b"]))
    assert (index.expired, again.expired) == ({1: ["a"]}, {1: ["a", "b"]})
    assert state.expired == [(1, ["a"])]
    assert (index.files, again.files) == ({1: some("b")}, {})
    assert again.has_expired("a")
