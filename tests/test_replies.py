"""Which messages answer which."""

from __future__ import annotations

import random
from itertools import chain

import pytest

from hub import replies as module
from hub.replies import Replies


def tree(*pairs: tuple[int, int]) -> Replies:
    replies = Replies()
    for of, n in pairs:
        replies.add(of, n)
    return replies


def below(replies: Replies, root: int) -> list[int]:
    return sorted(chain.from_iterable(replies.below(root)))


def test_answers_are_known_by_what_they_answer_in_order() -> None:
    replies = tree((1, 3), (2, 4), (1, 5), (4, 6))
    assert [list(replies.to(of)) for of in range(7)] == [[], [3, 5], [4], [], [6], [], []]
    replies.add(1, 7)
    assert list(replies.to(1)) == [3, 5, 7]


@pytest.mark.parametrize("few", [0, 3, 1000])
def test_whenever_they_are_asked_for_they_are_in_their_place(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FEW", few)
    chance = random.Random(few)
    replies, known = Replies(), dict[int, list[int]]()
    for n in range(2, 400):
        of = chance.randrange(1, n)
        replies.add(of, n)
        known.setdefault(of, []).append(n)
        if chance.random() < 0.1:
            asked = chance.randrange(1, n)
            assert list(replies.to(asked)) == known.get(asked, [])
    assert {of: list(replies.to(of)) for of in known} == known
    assert dict(replies.counts(1, 400, 400)) == {of: len(x) for of, x in known.items()}


@pytest.mark.parametrize("of", [5, 6, 7, 0, -3])
def test_what_a_file_cannot_mean_is_no_answer(of: int) -> None:
    """A message that answers itself, one that comes later, or none."""
    replies = tree((of, 5), (5, 7))
    assert list(replies.to(of)) == ([7] if of == 5 else [])
    assert below(replies, 5) == [7]


@pytest.mark.parametrize("turn", [1, 2, 1000])
def test_all_answers_below_a_message_are_found(turn: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TURN", turn)
    replies = tree((1, 2), (2, 3), (1, 4), (3, 5), (6, 7))
    assert below(replies, 1) == [2, 3, 4, 5]
    assert below(replies, 2) == [3, 5]
    assert below(replies, 5) == []


def test_answers_are_counted_up_to_the_newest_that_is_told() -> None:
    replies = tree((1, 3), (2, 4), (1, 5), (4, 6), (9, 10))
    assert replies.counts(1, 8, 10) == [(1, 2), (2, 1), (4, 1)]
    assert replies.counts(1, 8, 4) == [(1, 1), (2, 1)]
    assert replies.counts(2, 2, 10) == [(2, 1)]
    assert replies.counts(5, 8, 10) == []


def test_what_is_dumped_is_loaded() -> None:
    replies = tree((2, 3), (1, 4), (2, 5))
    again = Replies()
    again.load(replies.dump())
    assert again.dump() == replies.dump()
    again.add(1, 6)
    assert [list(again.to(of)) for of in (1, 2)] == [[4, 6], [3, 5]]


def test_columns_of_different_lengths_are_refused() -> None:
    of, n = tree((1, 2)).dump()
    for odd in ((of, b""), (b"odd", n)):
        with pytest.raises(ValueError, match=r"fit|multiple|length"):
            Replies().load(odd)
