"""The list of what is meant for whoever asks."""

from __future__ import annotations

import pytest

from tests.guests import guest
from tests.serving import Serving


def test_mentions_are_counted_and_listed_across_rooms(hub: Serving) -> None:
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    bo.say("hi @anna")
    bo.say("hi all")
    bo.say("and @Anna here", "tea")
    anna.say("@anna to myself")
    assert (anna.mentioned(), anna.mentioned("tea"), bo.mentioned()) == (1, 1, 0)
    newest, oldest = anna.mentions()
    assert (newest["room"], newest["title"], newest["n"]) == ("tea", "tea", 1)
    assert oldest.items() >= {
        "room": "general", "n": 1, "by": "Bo", "who": bo.who, "text": "hi @anna", "unread": True,
    }.items()  # fmt: skip
    assert anna.post("/api/rooms/general", {"do": "seen", "n": 3}).status == 204
    assert anna.mentioned() == 0
    assert [x["unread"] for x in anna.mentions()] == [True, False]


def test_whoever_lost_sight_of_a_room_sees_none_of_it(hub: Serving) -> None:
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    room = bo.make("private", title="Tea")
    bo.say("hi @anna", room)
    bo.changed(room, "invite", whom=anna.who)
    assert anna.mention_texts() == []
    bo.say("hello @anna", room)
    assert [(x["text"], x["title"]) for x in anna.mentions()] == [("hello @anna", "Tea")]
    bo.changed(room, "remove", whom=anna.who)
    assert anna.mention_texts() == []
    assert bo.ask("DELETE", f"/api/rooms/{room}").status == 204
    own = hub.server._hub
    assert own is not None
    assert list(own.keys.items("mention/")) == list(own.keys.items("meant/")) == []


def test_pages_follow_each_other(hub: Serving) -> None:
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    for n in range(7):
        bo.say(f"{n} @anna", f"room{n % 2}")
    found, after = list[str](), ""
    for _ in range(4):
        page = anna.get(f"/api/mentions?limit=2{after}").json
        found += [x["text"] for x in page["mentions"]]
        after = f"&after={page.get('next')}"
    assert "next" not in page
    assert sorted(found, reverse=True) == [f"{n} @anna" for n in reversed(range(7))]


@pytest.mark.parametrize("query", ["?after=x", "?after=1.2", "?limit=x", "?limit=-1"])
def test_what_is_no_page_is_refused(hub: Serving, query: str) -> None:
    assert guest(hub, "Anna").get(f"/api/mentions{query}").error == (400, "malformed")


def test_strangers_have_none(hub: Serving) -> None:
    assert hub.get("/api/mentions").error[0] == 401
