"""Who chose what in polls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hub.errors import Refused
from hub.polls import Polls
from hub.protocol.commands import Edit, End, Erase, Say, Vote
from hub.protocol.polls import Poll
from tests.one_room import ANNA, HOST, NAOR, NOBODY, Place, Run, run_in

TEA = Poll(answers=["tea", "coffee", "water"])


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return run_in(tmp_path)


def test_the_latest_vote_of_each_voter_counts() -> None:
    polls = Polls()
    polls.vote(1, "p_1", [2])
    polls.vote(1, "p_2", [3, 1])
    polls.vote(1, "p_1", [1])
    polls.vote(2, "p_1", [20])
    assert polls.votes(1) == [("p_1", [1]), ("p_2", [1, 3])]
    polls.vote(1, "p_1", [])
    polls.vote(9, "p_1", [])
    assert polls.votes(1) == [("p_2", [1, 3])]
    assert (polls.votes(2), polls.votes(9)) == ([("p_1", [20])], [])


def test_after_the_end_no_vote_counts() -> None:
    polls = Polls()
    polls.vote(1, "p_1", [2])
    polls.end(1, 5)
    polls.end(1, 7)
    polls.vote(1, "p_1", [1])
    assert polls.votes(1) == [("p_1", [2])]
    assert polls.ended(1)
    polls.forget(1)
    assert (polls.votes(1), polls.ended(1)) == ([], False)


def test_what_a_file_cannot_mean_is_no_choice() -> None:
    polls = Polls()
    polls.vote(1, "p_1", [0, -1, 21, 1 << 60])
    assert polls.votes(1) == []


def test_what_is_dumped_is_loaded() -> None:
    polls = Polls()
    polls.vote(1, "p_1", [2])
    polls.vote(2, "p_1", [1, 3])
    polls.vote(2, "p_2", [1])
    polls.end(2, 9)
    again = Polls()
    again.load(polls.dump())
    assert again.dump() == polls.dump()
    assert (again.votes(2), again.ended(1), again.ended(2)) == (polls.votes(2), False, True)
    state = polls.dump()
    for odd in ({"who": []}, {"ended": (b"", state.ended[1])}, {"votes": (b"odd",) * 3}):
        with pytest.raises((ValueError, IndexError)):
            Polls().load(replace(state, **odd))


def test_a_poll_is_a_message_with_its_answers(run: Run) -> None:
    async def test(place: Place) -> None:
        said = await place.do(Say(room="a", text="Drink?", poll=TEA))
        assert said["text"] == "Drink?\n\n1. tea\n2. coffee\n3. water"
        assert said["poll"] == {"answers": TEA.answers, "question": "Drink?"}
        await place.do(Vote(room="a", of=1, choice=[3]))
        await place.do(Vote(room="a", of=1, choice=[1]), ANNA)
        await place.do(End(room="a", of=1))
        for _ in range(2):
            polls = place.room.index.polls
            assert polls.votes(1) == [("p_1", [3]), ("p_2", [1])]
            assert polls.ended(1)
            assert place.room.said == 1, "votes are no messages"
            place.open()

    run(test)


def test_a_removed_poll_is_gone_from_the_file(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.do(Say(room="a", text="Secret?", poll=Poll(answers=["hidden", "covert"])))
        await place.do(Vote(room="a", of=1, choice=[1]))
        await place.do(Erase(room="a", of=1))
        data = place.file.read_bytes()
        assert not any(x in data for x in (b"Secret", b"hidden", b"covert"))
        assert "poll" not in place.shown()[0]
        assert place.room.index.polls.votes(1) == []
        place.open()
        assert place.room.index.polls.votes(1) == []

    run(test)


REFUSED: list[tuple[Any, Any, str]] = [
    (Vote(room="a", of=1, choice=[4]), NAOR, "poll_invalid"),
    (Vote(room="a", of=1, choice=[0]), NAOR, "poll_invalid"),
    (Vote(room="a", of=1, choice=[1, 2]), NAOR, "poll_invalid"),
    (Vote(room="a", of=1, choice=[1, 1]), NAOR, "poll_invalid"),
    (Vote(room="a", of=2, choice=[1]), NAOR, "no_such_poll"),
    (Vote(room="a", of=9, choice=[1]), NAOR, "no_such_message"),
    (Vote(room="a", of=1, choice=[1]), NOBODY, "unverified"),
    (End(room="a", of=1), ANNA, "not_yours"),
    (End(room="a", of=2), HOST, "no_such_poll"),
    (Edit(room="a", of=1, text="Else?"), NAOR, "poll_fixed"),
]


@pytest.mark.parametrize(("command", "author", "code"), REFUSED)
def test_what_cannot_be_done_with_a_poll(run: Run, command: Any, author: Any, code: str) -> None:
    async def test(place: Place) -> None:
        await place.do(Say(room="a", text="Drink?", poll=TEA))
        await place.say("no poll")
        before = place.file.read_bytes()
        with pytest.raises(Refused) as why:
            await place.do(command, author)
        assert why.value.code == code
        assert place.file.read_bytes() == before

    run(test)


def test_a_poll_that_has_ended_takes_no_votes(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.do(Say(room="a", text="Drink?", poll=TEA))
        await place.do(End(room="a", of=1), HOST)
        for command in (Vote(room="a", of=1, choice=[1]), End(room="a", of=1)):
            with pytest.raises(Refused, match="ended"):
                await place.do(command)

    run(test)


BAD: list[tuple[str, Any]] = [
    ("Drink?", []),
    ("Drink?", ["tea"]),
    ("Drink?", [f"answer {n}" for n in range(21)]),
    ("Drink?", [f"answer {n}" for n in range(1000)]),
    ("Drink?", ["tea", " tea "]),
    ("Drink?", ["tea", " "]),
    ("Drink?", ["tea", "\u200b"]),
    ("Drink?", ["tea", "x" * 201]),
    ("\u200b", ["tea", "water"]),
    ("x" * 301, ["tea", "water"]),
]


@pytest.mark.parametrize(("question", "answers"), BAD)
def test_what_can_be_no_poll_is_refused(run: Run, question: str, answers: list[str]) -> None:
    async def test(place: Place) -> None:
        place.room._message_bytes = 10_000
        with pytest.raises(Refused) as why:
            await place.do(Say(room="a", text=question, poll=Poll(answers=answers)))
        assert (why.value.code, why.value.status) == ("poll_invalid", 422)
        assert not place.file.exists()

    run(test)


def test_a_poll_is_no_longer_than_a_message(run: Run) -> None:
    async def test(place: Place) -> None:
        with pytest.raises(Refused, match="100 bytes"):
            await place.do(Say(room="a", text="Drink?", poll=Poll(answers=["x" * 60, "y" * 60])))
        with pytest.raises(Refused) as why:
            await place.do(Say(room="a", text=" ", poll=TEA))
        assert why.value.code == "empty"

    run(test)
