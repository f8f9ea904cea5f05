"""Who a posted message is from, how often one may post, and what its key repeats."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import Live, Serve
from tests.serving import FORM, Serving
from tests.web.examples import CHAT, brief, check_refused


def test_a_name_without_a_session_is_unverified(hub: Serving) -> None:
    assert "who" not in hub.say("Hello")
    verified = hub.ask("POST", CHAT, {"msg": "Hello"}, hub.session("mira"))
    assert verified.status == 201
    assert verified.json["who"].startswith("p_")
    assert verified.json["by"] == "mira"


def test_a_session_writes_under_its_own_name(hub: Serving) -> None:
    session = hub.session("mira")
    answer = hub.ask("POST", CHAT, {"username": "naor", "msg": "Hello"}, session)
    assert answer.json["by"] == "mira"


@pytest.mark.parametrize("username", ["mira", "Mira", "MIRA", "m i r a", "mіra"])
def test_a_name_that_somebody_holds_is_409(hub: Serving, username: str) -> None:
    hub.session("mira")
    answer = hub.post(CHAT, {"username": username, "msg": "Hello"})
    assert answer.error == (409, "name_taken")
    assert hub.post("/api/session", {"name": username}).error == (409, "name_taken")
    hub.restart()
    assert hub.post(CHAT, {"username": username, "msg": "Hello"}).error == (409, "name_taken")
    assert not hub.lines()


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 41, "x" * 10_000, "a\u0000b", "\u202eevil", "\u0301"], ids=brief
)
def test_impossible_names_of_people(hub: Serving, name: str) -> None:
    assert hub.post(CHAT, {"username": name, "msg": "x"}).error[0] == 422
    assert hub.post("/api/session", {"name": name}).error == (422, "name_invalid")
    assert not hub.lines()


def test_a_message_needs_a_name(hub: Serving) -> None:
    assert hub.post(CHAT, {"msg": "Hello"}).error == (422, "no_name")
    assert hub.post(CHAT, "Hello", Content_Type="text/plain").error == (422, "no_name")
    assert hub.post(CHAT, "msg=Hello", Content_Type=FORM).error == (422, "no_name")


def test_a_program_may_bear_its_token_in_a_header(hub: Serving) -> None:
    token = hub.session("naor")["Cookie"].partition("=")[2]
    answer = hub.post(CHAT, {"msg": "Hello"}, Authorization=f"Bearer {token}")
    assert answer.json["by"] == "naor"
    wrong = hub.post(CHAT, {"msg": "Hello"}, Authorization="Bearer nobody")
    assert wrong.error == (401, "who_are_you")


def test_an_ended_token_does_not_make_its_bearer_anonymous(hub: Serving) -> None:
    session = hub.session("naor")
    bearer = {"Authorization": f"Bearer {session['Cookie'].partition('=')[2]}"}
    assert hub.ask("DELETE", "/api/session", None, session).status == 204
    said = {"username": "mira", "msg": "Hello"}
    for credential in (bearer, session):
        assert hub.ask("POST", CHAT, said, credential).error == (401, "who_are_you")
    assert hub.events() == []


def test_the_rate_of_messages_is_limited(serve: Serve) -> None:
    hub = serve(message_rate=1.0)
    hub.stop_rate_limit_clocks()
    answers = [hub.post(CHAT, {"username": "naor", "msg": "x"}) for _ in range(4)]
    assert [x.status for x in answers[:3]] == [201, 201, 429]
    assert answers[2].error == (429, "too_fast")
    assert int(answers[2].headers["Retry-After"]) >= 1
    assert 0 < answers[2].json["error"]["retry_after"] <= 1
    hub.say("somebody else goes on", username="mira")
    statuses = {hub.post(CHAT, {"username": f"n{n}", "msg": "x"}).status for n in range(150)}
    assert statuses == {201, 429}, "all names that nobody proves share what an address may do"


def test_the_rate_of_new_rooms_is_limited_for_each_address(
    serve: Serve, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.limits.NEW_ROOM_BURST", 50)
    hub = serve(message_rate=100.0)
    rooms = [f"r{n}" for n in range(60)]
    found = [
        hub.post(f"/api/chat/{room}", {"username": f"n{n}", "msg": "x"}).status
        for n, room in enumerate(rooms)
    ]
    assert found == [201] * 50 + [429] * 10
    headers = hub.session("naor")
    assert hub.ask("POST", "/api/chat/r55", {"msg": "x"}, headers).error == (429, "too_fast")
    private = {"kind": "private", "title": "x"}
    assert hub.ask("POST", "/api/rooms", private, headers).error == (429, "too_fast")
    talk = live("mira", at=hub)
    assert talk.refused("say", room="r55", text="x", key="k") == ("too_fast", "k")
    assert talk.say("y", room="r1")["n"] == 2, "rooms that are there go on"
    assert not hub.folder.room_file("r55").exists()


def test_a_key_is_saved_once(hub: Serving) -> None:
    first = hub.post(CHAT, {"username": "naor", "msg": "Hello", "key": "k1"})
    again = hub.post(CHAT, {"username": "naor", "msg": "Hello", "key": "k1"})
    assert (first.status, again.status) == (201, 200)
    assert again.body == first.body
    assert again.headers["Location"] == first.headers["Location"]
    assert len(hub.lines()) == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [(CHAT, "username=naor&msg=Hello&key=k1"), (f"{CHAT}?username=naor&key=k1", "Hello")],
)
def test_a_key_in_a_form_or_in_the_address(hub: Serving, path: str, body: str) -> None:
    answers = [hub.post(path, body, Content_Type=FORM) for _ in range(2)]
    assert [x.status for x in answers] == [201, 200]
    assert answers[0].json["key"] == "k1"


def test_a_key_belongs_to_one_person_and_one_room(hub: Serving) -> None:
    hub.say("Hello", key="k1")
    hub.say("Hello", username="mira", key="k1")
    hub.say("Hello", "other", key="k1")


def test_a_key_is_known_after_a_restart(hub: Serving) -> None:
    session = hub.session("naor")
    posts: list[dict[str, Any]] = [{}, session]
    bodies = [{"username": "mira", "msg": "Hello", "key": "k1"}, {"msg": "Hello", "key": "k1"}]
    before = [hub.ask("POST", CHAT, x, y) for x, y in zip(bodies, posts, strict=True)]
    assert [x.status for x in before] == [201, 201]
    hub.restart()
    after = [hub.ask("POST", CHAT, x, y) for x, y in zip(bodies, posts, strict=True)]
    assert [x.status for x in after] == [200, 200]
    assert [x.body for x in after] == [x.body for x in before]
    assert len(hub.lines()) == 2


def test_a_key_whose_message_is_being_saved_is_not_saved_twice(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = threading.Event()
    sync = os.fdatasync

    def wait(fd: int) -> None:
        slow.wait(5)
        sync(fd)

    monkeypatch.setattr("hub.store.disk.sync_file", wait)
    body = {"username": "naor", "msg": "Hello", "key": "k1"}
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(hub.post, CHAT, body) for _ in range(8)]
        time.sleep(0.3)
        assert not any(x.done() for x in asked), "told before it was saved"
        slow.set()
        answers = [x.result() for x in asked]
    assert {x.body for x in answers} == {hub.lines()[0]}
    assert len(hub.lines()) == 1


@pytest.mark.parametrize("key", ["k" * 129, "k" * 10_000], ids=brief)
def test_a_key_has_at_most_128_characters(lasting: Serving, key: str) -> None:
    check_refused(lasting, lasting.post(CHAT, {"username": "naor", "msg": "x", "key": key}), 422)
    form = f"username=naor&msg=x&key={key}"
    check_refused(lasting, lasting.post(CHAT, form, Content_Type=FORM), 422)
    path = f"{CHAT}?username=naor&key={key}"
    check_refused(lasting, lasting.post(path, "x", Content_Type="text/plain"), 422)


def test_an_empty_key_is_none(hub: Serving) -> None:
    for _ in range(2):
        hub.post(f"{CHAT}?username=naor&key=", "x", Content_Type="text/plain")
        hub.post(CHAT, "username=naor&msg=x&key=", Content_Type=FORM)
    assert [b'"key"' in x for x in hub.lines()] == [False] * 4
