from __future__ import annotations

import pytest
from msgspec.structs import replace

from hub.protocol.moment import moment
from hub.unread import Unread

START = 1_795_000_000


def at(second: float) -> str:
    return moment(START + second)


@pytest.fixture
def talked() -> Unread:
    """Six events, a second apart: two messages of naor, one of anna, one of nobody, and a topic
    and a reaction."""
    unread = Unread()
    unread.count(1, at(1), "naor", message=True)
    unread.count(2, at(2), "anna", message=False)
    unread.count(3, at(3), "anna", message=True)
    unread.count(4, at(4), "naor", message=False)
    unread.count(5, at(5), None, message=True)
    unread.count(6, at(6), "naor", message=True)
    return unread


def test_nothing_but_messages_of_others_is_unread(talked: Unread) -> None:
    assert talked.said == 4
    assert [talked.after(read, "naor") for read in range(8)] == [2, 2, 2, 1, 1, 0, 0, 0]
    assert [talked.after(read, "anna") for read in range(8)] == [3, 2, 2, 2, 2, 1, 0, 0]
    assert talked.after(0, None) == talked.after(0, "mira") == 4


def test_a_removed_message_is_not_unread(talked: Unread) -> None:
    talked.remove(5)
    talked.remove(1)
    assert talked.said == 4, "it was said all the same"
    assert [talked.after(read, "naor") for read in range(7)] == [1, 1, 1, 0, 0, 0, 0]
    assert [talked.after(read, "anna") for read in range(7)] == [1, 1, 1, 1, 1, 1, 0]
    talked.count(7, at(7), "anna", message=False)
    assert talked.after(5, "anna") == 1


def test_an_older_room_is_counted_from_what_is_known_of_it() -> None:
    unread = Unread(10, no_messages=[2, 9, 9], removed=[3, 2, 0, 11])
    assert (unread.last, unread.said) == (10, 8)
    assert unread.after(0, "naor") == 7
    for n, who in ((8, "naor"), (9, None), (10, "anna")):
        unread.note(n, at(n), who)
    assert [unread.after(read, "naor") for read in (0, 7, 8, 10)] == [6, 1, 1, 0]
    unread.count(11, at(11), "naor", message=True)
    assert [unread.after(read, "naor") for read in (0, 7, 8, 10)] == [6, 1, 1, 0]
    assert [unread.before(START + x) for x in (0, 8, 8.5, 10, 11, 12)] == [7, 7, 8, 9, 10, 11]


def test_the_last_event_before_a_time(talked: Unread) -> None:
    assert [talked.before(START + x) for x in (0, 1, 1.5, 6, 6.5)] == [0, 0, 1, 5, 6]
    assert Unread().before(START) == 0
    assert Unread(4).before(START) == 4, "nothing is known of it"


def test_times_never_fall(talked: Unread) -> None:
    talked.count(7, at(2), "anna", message=True)
    talked.count(8, "yesterday", "anna", message=True)
    talked.count(9, at(9), "anna", message=True)
    assert [talked.before(START + x) for x in (2.5, 6.5, 9.5)] == [2, 8, 9]


def test_what_a_short_record_of_it_needs(talked: Unread) -> None:
    empty = Unread()
    assert (empty.skipped, empty.earliest, empty.latest_own(5)) == (0, (0, 0), {})
    authors = talked.latest_own(5)
    assert authors is not None
    assert talked.earliest == (0, round((START + 1) * 1000))
    talked.count(7, at(7), "anna", message=True)
    talked.count(8, at(8), "anna", message=False)
    assert talked.latest_own(5) == authors | {"anna": 7}
    assert talked.latest_own(len(authors | {"anna": 7}) - 1) is None
    assert talked.skipped == 8
    talked.remove(7)
    assert talked.skipped == 8
    older = Unread(5, no_messages=[2], removed=[4])
    assert older.skipped == 4
    older.note(4, at(4), "anna")
    assert older.earliest == (3, round((START + 4) * 1000))


def test_the_moment_of_the_latest_event(talked: Unread) -> None:
    assert Unread(5).moment == 0
    latest = talked.moment
    talked.count(7, at(2), "anna", message=True)
    assert talked.moment == latest, "times never fall"
    talked.count(8, at(60), "anna", message=True)
    assert talked.moment == round((START + 60) * 1000)


def test_lost_lines_have_the_time_of_the_next() -> None:
    unread = Unread(5, no_messages=[3, 4])
    unread.note(2, at(2), "anna")
    unread.note(5, at(5), "anna")
    assert [unread.before(START + x) for x in (1, 3, 6)] == [1, 2, 5]
    assert unread.after(1, "naor") == 2


def answers(unread: Unread) -> list[int]:
    last = unread.last
    counts = [unread.after(n, who) for n in range(last + 1) for who in ("naor", "anna", None)]
    return [last, unread.said, *counts, *(unread.before(START + x) for x in range(12))]


def test_what_a_file_holds_further_on_is_counted_on(talked: Unread) -> None:
    """Message 1, which was counted, is removed, and so is one that comes with it."""
    talked.extend(10, no_messages=[7, 8], removed=[1, 9])
    talked.note(9, at(9), None)
    talked.note(10, at(10), "naor")
    whole = Unread(10, no_messages=[2, 4, 7, 8], removed=[1, 9])
    for n, who in ((1, None), (2, None), (3, "anna"), (4, None), (5, None), (6, "naor"), (9, None),
                   (10, "naor")):  # fmt: skip
        whole.note(n, at(n), who)
    assert answers(talked) == answers(whole)
    talked.extend(10, removed=[1, 9])
    assert answers(talked) == answers(whole), "they were removed before"


def test_what_is_forgotten_of_early_events_is_no_count(talked: Unread) -> None:
    before = [talked.after(n, "naor") for n in (4, 5, 6)]
    talked.forget_before(4)
    assert [talked.before(START + x) for x in (0, 3, 4, 6)] == [3, 3, 3, 5]
    assert [talked.after(n, "naor") for n in (4, 5, 6)] == before
    assert talked.dump().authors == ["naor"]
    talked.forget_before(99)
    assert (talked.before(START), talked.dump().authors) == (6, [])
    talked.note(9, at(9), "anna")
    assert [talked.before(START + x) for x in (8, 9.5)] == [8, 9]


def test_what_is_dumped_is_loaded(talked: Unread) -> None:
    talked.remove(5)
    again = Unread()
    again.load(talked.dump())
    assert answers(again) == answers(talked)
    for each in (talked, again):
        each.count(7, at(1), "anna", message=True)
        each.count(8, at(8), "anna", message=False)
    assert answers(again) == answers(talked)
    assert again.dump() == talked.dump()


def test_a_damaged_dump_is_refused(talked: Unread) -> None:
    for odd in ({"skipped": b"odd"}, {"times": b"odd"}, {"owned": [b"odd", b""]}, {"owned": []}):
        with pytest.raises(ValueError, match=r"."):
            Unread().load(replace(talked.dump(), **odd))
