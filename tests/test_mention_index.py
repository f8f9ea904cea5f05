"""What is meant for somebody: kept, followed and told, wherever they are."""

from __future__ import annotations

import pytest

from hub import mention_index
from tests.conftest import Live
from tests.guests import guest, heard_by, host
from tests.on_hub import late_to_know_rooms
from tests.serving import Serving


def test_an_answer_is_meant_for_whom_it_answers(hub: Serving, live: Live) -> None:
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    anna.say("a question")
    talk = heard_by(live, bo)
    talk.join()
    talk.say("an answer", re=1)
    talk.say("to myself", re=2)
    hub.say("by nobody")
    talk.say("to nobody", re=4)
    assert anna.mention_texts() == ["an answer"]
    assert anna.mentions()[0]["re"] == 1
    assert bo.mentions() == []


def test_whoever_is_meant_hears_of_it_anywhere(hub: Serving, live: Live) -> None:
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    here, there = heard_by(live, anna), heard_by(live, anna)
    here.join("tea")
    bo.say("hi @anna", "tea")
    for talk in (here, there):
        assert talk.expect("mention") == {
            "do": "mention", "room": "tea", "of": 1, "by": "Bo", "who": bo.who, "text": "hi @anna",
        }  # fmt: skip
    assert [x["do"] for x in here.heard if 1 in (x.get("n"), x.get("of"))] == ["say", "mention"]
    there.send("join", room="tea")
    assert there.expect("joined", room="tea")["mentions"] == 1


def test_edits_are_followed(hub: Serving, live: Live) -> None:
    anna, bo, carl = guest(hub, "Anna"), guest(hub, "Bo"), guest(hub, "Carl")
    talk = heard_by(live, anna)
    bo.say("hi @anna")
    talk.expect("mention")
    bo.changed("general", "edit", of=1, text="hi @carl")
    assert "mentions" not in talk.expect("seen", room="general")
    assert (anna.mention_texts(), carl.mention_texts()) == ([], ["hi @carl"])
    assert (anna.mentioned(), carl.mentioned()) == (0, 1)
    bo.changed("general", "edit", of=1, text="hi @carl and @anna")
    assert (anna.mention_texts(), carl.mention_texts()) == (["hi @carl and @anna"],) * 2
    bo.changed("general", "edit", of=1, text="nobody")
    assert (anna.mention_texts(), carl.mention_texts()) == ([], [])


def test_removed_messages_are_meant_for_nobody(hub: Serving, live: Live) -> None:
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    heard_by(live, anna).join()
    anna.say("a question")
    talk = heard_by(live, bo)
    talk.join()
    for text, re in (("hi @anna", None), ("@here", None), ("answer", 1)):
        talk.say(text, re=re)
    assert anna.mentioned() == 3
    for n in (2, 3, 4):
        bo.changed("general", "erase", of=n)
    assert (anna.mention_texts(), anna.mentioned()) == ([], 0)


def test_here_is_kept_for_those_who_are_here(hub: Serving, live: Live) -> None:
    anna, bo, carl = guest(hub, "Anna"), guest(hub, "Bo"), guest(hub, "Carl")
    heard_by(live, anna).join()
    talk = heard_by(live, bo)
    talk.join()
    talk.say("@here lunch")
    bo.changed("general", "edit", of=1, text="@here lunch!")
    assert (anna.mention_texts(), bo.mention_texts(), carl.mention_texts()) == (
        ["@here lunch!"],
        [],
        [],
    )


def test_they_outlast_a_restart(hub: Serving) -> None:
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    bo.say("hi @anna")
    hub.restart()
    assert (anna.mention_texts(), anna.mentioned()) == (["hi @anna"], 1)
    bo.changed("general", "erase", of=1)
    assert anna.mention_texts() == []


def test_right_after_a_start_they_are_told_once_all_rooms_are_known(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    bo.say("hi @anna")
    late_to_know_rooms(monkeypatch)
    hub.restart()
    assert anna.mention_texts() == ["hi @anna"]


def test_the_newest_are_kept(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mention_index, "MOST", 3)
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    for n in range(5):
        bo.say(f"{n} @anna @bo")
    assert anna.mention_texts() == ["4 @anna @bo", "3 @anna @bo", "2 @anna @bo"]
    own = hub.server._hub
    assert own is not None
    assert len(list(own.keys.items("meant/"))) == 3, "what means nobody any more is forgotten"


def test_odd_keys_are_passed_over(hub: Serving) -> None:
    anna = guest(hub, "Anna")
    own = hub.server._hub
    assert own is not None
    odd: dict[str, bytes] = {
        f"mention/{anna.who}/x": b"1", f"mention/{anna.who}/x 1": b"[]", "meant/general/1": b"{}",
        f"mention/{anna.who}/con 1": b"1", "mention/p_gone/general 1": b"1",
    }  # fmt: skip
    hub.on_loop(lambda: own.keys.put({key: (None, value) for key, value in odd.items()}))
    assert anna.mentions() == []
    guest(hub, "Bo").say("hi @anna")
    assert anna.mention_texts() == ["hi @anna"]
    hub.restart()
    assert anna.mention_texts() == ["hi @anna"]
    assert hub.server._hub is not None
    assert hub.server._hub.keys.get("mention/p_gone/general 1") is None


def test_a_crowd_that_is_meant_is_bounded(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mention_index, "HERE_MOST", 1)
    people = [guest(hub, name) for name in ("Anna", "Bo")]
    for each in people:
        heard_by(live, each).join()
    host(hub, "Zoe").say("@here")
    assert [len(x.mentions()) for x in people] == [1, 0]
