"""What people say of themselves, over HTTP and on the socket."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.conftest import Live
from tests.serving import Serving

PATH = "/api/me/status"


def test_a_status_is_seen_by_others_and_told_again(hub: Serving, live: Live) -> None:
    bela = live("bela")
    bela.join()
    session = hub.session("anna")
    with hub.talk(session) as anna:
        assert "status" not in anna.hello()
        anna.join()
        said = {"text": "<b>Lunch</b>", "emoji": "🍜", "until": time.time() + 60, "busy": True}
        assert hub.ask("PUT", PATH, said, session).status == 204
        anna.expect("status", status=said)
        bela.until(lambda x: any(p.get("status") == said for p in x.get("came", ())))
    with hub.talk(session) as anna:
        assert anna.hello()["status"] == said
        assert hub.ask("DELETE", PATH, None, session).status == 204
        anna.expect("status", status=None)
    hub.restart()
    with hub.talk(session) as anna:
        assert "status" not in anna.hello()


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"text": "x" * 101}, 422, "too_long"),
        ({"text": "x" * 10_000}, 422, "too_long"),
        ({"text": "a\nb"}, 422, "status_invalid"),
        ({"text": "\u202e\u200b"}, 422, "status_invalid"),
        ({"emoji": "<b>"}, 422, "status_invalid"),
        ({"emoji": "👍👍"}, 422, "status_invalid"),
        ({"until": 1.0}, 422, "status_invalid"),
        ({"until": -5}, 422, "status_invalid"),
        ({"until": 1e12}, 422, "status_invalid"),
        ({"until": "soon"}, 422, "invalid"),
        ({"text": None}, 422, "invalid"),
        ([], 422, "invalid"),
    ],
)
def test_what_is_no_status_changes_nothing(hub: Serving, said: Any, status: int, code: str) -> None:
    session = hub.session("anna")
    hub.ask("PUT", PATH, {"text": "Here"}, session)
    answer = hub.ask("PUT", PATH, said, session)
    assert (answer.status, answer.json["error"]["code"]) == (status, code)
    with hub.talk(session) as anna:
        assert anna.hello()["status"] == {"text": "Here"}


def test_an_empty_status_is_none(hub: Serving) -> None:
    session = hub.session("anna")
    hub.ask("PUT", PATH, {"text": "Here"}, session)
    assert hub.ask("PUT", PATH, {}, session).status == 204
    with hub.talk(session) as anna:
        assert "status" not in anna.hello()


def test_strangers_have_none(hub: Serving) -> None:
    assert hub.ask("PUT", PATH, {"text": "Here"}).status in (401, 403)


def test_pages_tell_that_nobody_touches_them(hub: Serving, live: Live) -> None:
    bela = live("bela")
    bela.join()
    with hub.talk(hub.session("anna")) as anna:
        who = anna.hello()["who"]
        anna.join()
        anna.send("idle", seconds=301)
        bela.until(lambda x: any(p.get("away") for p in x.get("came", ())))
        anna.send("idle", seconds=0)
        bela.until(lambda x: any(p["who"] == who and not p.get("away") for p in x.get("came", ())))
        for seconds in (-1, "long", None, 1e99):
            assert anna.refused("idle", seconds=seconds)[0] == "malformed"
        assert anna.refused("follow", people=["p_1"] * 201)[0] == "malformed"
        anna.send("follow", people=[who, "p_nobody"])
        assert anna.expect("person") == {"do": "person", "who": who, "here": True}


def test_a_host_clears_a_status_and_everybody_is_told(hub: Serving, live: Live) -> None:
    session = hub.session("anna")
    hub.ask("PUT", PATH, {"text": "Buy now"}, session)
    bela = live("bela")
    bela.join()
    with hub.talk(session) as anna:
        who = anna.hello()["who"]
        anna.join()
        bela.until(lambda x: any("status" in p for p in x.get("came", ())))
        asked = {"do": "clear_status", "whom": who}
        for other in (hub.session("carl"), session):
            assert hub.ask("POST", "/api/host", asked, other).status == 403
        assert hub.ask("POST", "/api/host", asked, hub.as_host("dora")).status == 200
        anna.expect("status", status=None)
        bela.until(
            lambda x: [p for p in x.get("came", ()) if p["who"] == who and "status" not in p]
        )
    hub.restart()
    with hub.talk(session) as anna:
        assert "status" not in anna.hello()
