"""Whom a message means: kept in its line, whoever sends it and however."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Live
from tests.guests import Guest, guest, heard_by, host
from tests.serving import Serving


def said(who: Guest, text: str, to: Any = None, room: str = "general") -> dict[str, Any]:
    """The event of a message that names people."""
    answer = who.post(f"/api/chat/{room}", {"msg": text, **({} if to is None else {"to": to})})
    assert answer.status == 201, answer.text
    told: dict[str, Any] = answer.json
    return told


def test_a_message_by_curl_names_people(hub: Serving) -> None:
    anna = guest(hub, "Anna B")
    event = hub.say("hi @anna b, and @nobody")
    assert event["to"] == {"anna b": anna.who}
    assert hub.events()[-1] == event
    assert "to" not in hub.say("hi anna b")
    assert "to" not in hub.say("hi @nobody")
    text = hub.get("/api/chat/general", Accept="text/plain").text
    assert "guest: hi @anna b, and @nobody" in text


def test_what_the_page_says_is_checked(hub: Serving) -> None:
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    assert said(bo, "@Anna", {"Anna": anna.who})["to"] == {"Anna": anna.who}
    assert said(bo, "@Anna", {"Anna": bo.who, "x": anna.who})["to"] == {"Anna": anna.who}
    assert "to" not in said(bo, "no sign", {"no": anna.who})
    assert "to" not in said(bo, "@who", {"who": "p_0000"})


def test_a_name_that_was_changed_meanwhile_is_believed(hub: Serving) -> None:
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    assert anna.ask("PUT", "/api/account/name", {"name": "Berta"}).status == 200
    assert said(bo, "@Anna and @Berta", {"Anna": anna.who})["to"] == {
        "Anna": anna.who, "Berta": anna.who,
    }  # fmt: skip


@pytest.mark.parametrize("to", [[], "p_1", 1, {"Anna": 1}, {"Anna": None}, {"Anna": ["p_1"]}])
def test_what_is_no_list_of_names_is_refused(hub: Serving, live: Live, to: Any) -> None:
    bo = guest(hub, "Bo")
    answer = bo.post("/api/chat/general", {"msg": "@Anna", "to": to})
    assert answer.error[0] in (400, 422)
    talk = heard_by(live, bo)
    assert talk.refused("say", room="general", text="@Anna", to=to, key="k") == ("malformed", "k")
    assert hub.lines() == []


def test_a_private_room_means_its_members_only(hub: Serving, live: Live) -> None:
    anna, bo, carl = guest(hub, "Anna"), guest(hub, "Bo"), guest(hub, "Carl")
    room = bo.make("private", title="Tea")
    bo.changed(room, "invite", whom=carl.who)
    to = {"Anna": anna.who, "Carl": carl.who}
    assert said(bo, "@Anna @Carl", to, room)["to"] == {"Carl": carl.who}
    assert said(bo, "@anna @carl", None, room)["to"] == {"carl": carl.who}


def test_an_edit_says_anew_whom_it_means(hub: Serving, live: Live) -> None:
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    talk = heard_by(live, bo)
    talk.join()
    n = talk.say("@Anna", to={"Anna": anna.who})["n"]
    edit = talk.do("edit", of=n, text="@Bo")
    assert edit["to"] == {"Bo": bo.who}
    assert hub.events()[0]["to"] == {"Bo": bo.who}
    talk.do("edit", of=n, text="nobody")
    assert "to" not in hub.events()[0]
    bo.changed("general", "edit", of=n, text="@Anna again", to={"Anna": anna.who})
    assert hub.events()[0]["to"] == {"Anna": anna.who}


def test_a_removed_message_means_nobody_also_in_the_file(hub: Serving) -> None:
    anna, bo = guest(hub, "Anna"), guest(hub, "Bo")
    said(bo, "@Anna", {"Anna": anna.who})
    bo.changed("general", "edit", of=1, text="@Anna!")
    bo.changed("general", "erase", of=1)
    assert all("to" not in event for event in hub.events())
    assert anna.who.encode() not in b"".join(hub.lines())


def test_here_means_all_who_are_here_in_a_small_room(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = guest(hub, "Bo")
    talk = heard_by(live, bo)
    talk.join()
    assert talk.say("@here lunch", to={"here": "here"})["to"] == {"here": "here"}
    monkeypatch.setattr("hub.hub.HERE_PEOPLE", 0)
    assert "to" not in talk.say("@here lunch", to={"here": "here"})
    assert said(host(hub), "@here lunch")["to"] == {"here": "here"}


def test_a_thousand_names_are_no_error(hub: Serving) -> None:
    bo = guest(hub, "Bo")
    names = [f"guest {n}" for n in range(1000)]
    to = dict.fromkeys(names, bo.who)
    assert "to" not in said(bo, " ".join(f"@{name}" for name in names), to)


@pytest.mark.parametrize(
    "name",
    [
        "<b onclick=alert(1)>x",
        ".*+?^${}()|[]\\",
        "a@b",
        "שלום",
        "José\u0323",
        "👩‍👩‍👧",
        "@@",
        "_*~`",
    ],
)
def test_odd_names_are_names(hub: Serving, name: str) -> None:
    odd, bo = guest(hub, name), guest(hub, "Bo")
    assert said(bo, f"hi @{name} there", {name: odd.who})["to"] == {name: odd.who}
