"""The HTTP interface as contract 3 tells it, asked of a real hub."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from hub.protocol.events import sealed
from hub.room import Room
from hub.store import snapshot
from hub.web.post import SHORT_FORM
from tests.conftest import Launch, Live, Serve
from tests.serving import FORM, Answer, Serving

CHAT = "/api/chat/general"
JSON = "application/json"
LINES = "application/x-ndjson"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"

NASTY = [
    "Hello",
    "two\nlines",
    "tab\tand\r\nreturn",
    '{"do":"say"}\n{"do":"erase"}',
    '"}\n',
    "\\u0041 \\ \" ' < > & %41 + ;",
    "\x00\x01\x1b[31m\x7f\x85\u2028\u2029",
    "👩‍👩‍👧 שלום مرحبا नमस्ते ",
    "\ufeff\u200b\u202e\ue000\U0010ffff\ufffe",
    "á != a\u0301",
    "   spaces around   ",
    ',"crc":"00000000"}',
]


def brief(value: Any) -> str:
    """What tells one case from another in a report."""
    text = ascii(value)
    return text if len(text) < 60 else f"{text[:40]} ({len(text)})"


# -- saying something -------------------------------------------------------------------------


def test_a_form_saves_one_message(hub: Serving) -> None:
    answer = hub.post(CHAT, "username=naor&msg=Hello", Content_Type=FORM)
    assert answer.status == 201
    assert answer.headers["Content-Type"] == JSON
    event = answer.json
    assert re.fullmatch(MOMENT, event.pop("at"))
    assert re.fullmatch("[0-9a-f]{8}", event.pop("crc"))
    assert event == {"room": "general", "n": 1, "by": "naor", "do": "say", "text": "Hello"}
    assert hub.lines() == [answer.body]


@pytest.mark.parametrize(
    ("kind", "body", "query"),
    [
        (FORM, "username=naor&msg=Hello!", ""),
        (f"{FORM}; charset=utf-8", "msg=Hello%21&username=naor", ""),
        (FORM, "msg=Hello!", "?username=naor"),
        (JSON, '{"username": "naor", "msg": "Hello!"}', ""),
        (f"{JSON}; charset=utf-8", '{"msg": "Hello!", "unknown": [1]}', "?username=naor"),
        ("text/plain", "Hello!", "?username=naor"),
        ("text/markdown; charset=utf-8", "Hello!", "?username=naor"),
        (FORM, "Hello!", "?username=naor"),  # curl -d 'Hello!' says that it is a form
        (None, "Hello!", "?username=naor"),
        (
            "multipart/form-data; boundary=xx",
            '--xx\r\nContent-Disposition: form-data; name="username"\r\n\r\nnaor\r\n'
            '--xx\r\nContent-Disposition: form-data; name="msg"\r\n\r\nHello!\r\n--xx--\r\n',
            "",
        ),
    ],
)
def test_every_kind_of_body(hub: Serving, kind: str | None, body: str, query: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = hub.ask("POST", CHAT + query, body, headers)
    assert answer.status == 201, answer.text
    assert (answer.json["by"], answer.json["text"]) == ("naor", "Hello!")


@pytest.mark.parametrize("text", ["1 & 2 = 3", "100%", "a=b", "x&y&msge=1", "a+b", "?"])
def test_a_form_without_msg_is_the_text_itself(hub: Serving, text: str) -> None:
    answer = hub.post(f"{CHAT}?username=naor", text, Content_Type=FORM)
    assert answer.json["text"] == text


@pytest.mark.parametrize("text", [x for x in NASTY if x.strip()], ids=brief)
def test_a_text_comes_out_as_it_went_in(hub: Serving, text: str) -> None:
    event = hub.say(text, key="k")
    assert event["text"] == text
    plain = hub.ask("POST", f"{CHAT}?username=naor", text, {"Content-Type": "text/plain"})
    assert plain.json["text"] == text
    form = hub.post(CHAT, f"username=naor&msg={quote(text)}", Content_Type=FORM)
    assert form.json["text"] == text
    assert [x["text"] for x in hub.events()] == [text] * 3
    assert [json.loads(x)["text"] for x in hub.lines()] == [text] * 3


def test_location_leads_to_the_event(hub: Serving) -> None:
    answers = [
        hub.post("/api/chat/caf%C3%A9?username=naor", str(n), Content_Type="text/plain")
        for n in range(3)
    ]
    for answer in answers:
        there = hub.get(answer.headers["Location"], Accept=LINES)
        assert there.body == answer.body


def test_an_answer_to_a_message(hub: Serving) -> None:
    hub.say("first")
    assert hub.say("second", re=1)["re"] == 1
    form = hub.post(CHAT, "username=naor&msg=third&re=2", Content_Type=FORM)
    assert form.json["re"] == 2
    none = hub.post(CHAT, {"username": "naor", "msg": "x", "re": 99})
    assert none.error == (404, "no_such_message")
    assert len(hub.lines()) == 3


def test_a_room_begins_with_its_first_message(hub: Serving) -> None:
    assert hub.get("/new-room").status == 200
    assert hub.get("/api/chat/new-room").status == 200
    assert not hub.folder.room_file("new-room").exists()
    hub.say("Hello", "new-room")
    assert hub.folder.room_file("new-room").exists()


def test_one_room_has_one_name(hub: Serving) -> None:
    for name in ("CafÉ", "CAFE\u0301", "café"):
        assert hub.say("x", name)["room"] == "café"
    assert len(hub.events("Caf%C3%A9")) == 3
    hub.say("x", "My Room")
    assert len(hub.events("my-room")) == 1
    assert len(list(hub.path.glob("*.jsonl"))) == 2


# -- the same key -----------------------------------------------------------------------------


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


def test_a_key_that_is_under_way_is_not_saved_twice(
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


# -- asking for messages ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "text/plain; charset=utf-8"),
        ("*/*", "text/plain; charset=utf-8"),
        ("text/*", "text/plain; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/plain; charset=utf-8"),
        ("image/png", "text/plain; charset=utf-8"),
        (JSON, JSON),
        ("application/*", JSON),
        ("application/json, text/plain;q=0.5", JSON),
        ("text/plain, application/json;q=0.9", "text/plain; charset=utf-8"),
        (LINES, LINES),
        ("application/x-ndjson, */*;q=0.1", LINES),
    ],
)
def test_accept_chooses_the_form(hub: Serving, accept: str | None, kind: str) -> None:
    for room in ("general", "never-heard-of"):
        hub.say("Hello")
        headers = {"Accept": accept} if accept else {}
        answer = hub.ask("GET", f"/api/chat/{room}", None, headers)
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
        assert "Accept" in answer.headers["Vary"]


def test_spaces_in_accept_take_no_longer_than_they_are(hub: Serving) -> None:
    took = []
    for _ in range(5):
        began = time.perf_counter()
        assert hub.get(CHAT, Accept="a/b" + " " * 15_000 + "c").status == 200
        took.append(time.perf_counter() - began)
    assert min(took) < 0.2  # other programs take their time from some, not from all


def test_the_text_form(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.setattr("hub.web.transcript._minutes", {})
    time.tzset()
    try:
        before = time.time()
        hub.say("one\ntwo\n\nfour", username="Mira K.")
        hub.say("next")
        lines = hub.get(CHAT).text.split("\n")
        around = {
            time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(x))
            for x in range(int(before), int(time.time()) + 1)
        }
    finally:
        monkeypatch.undo()
        time.tzset()
    assert lines[0][0] == "["
    assert lines[0][1:20] in around
    assert lines[0][20:] == "] Mira K.: one"
    assert lines[1:4] == ["\ttwo", "\t", "\tfour"]
    assert lines[4][20:] == "] guest: next"
    assert lines[5:] == [""]


def test_the_json_form(hub: Serving) -> None:
    for text in ("one", "two"):
        hub.say(text)
    page = hub.get(CHAT, Accept=JSON).json
    assert list(page) == ["room", "last", "events"]
    assert (page["room"], page["last"]) == ("general", 2)
    assert page["events"] == [json.loads(x) for x in hub.lines()]


def test_the_lines_are_those_of_the_file(hub: Serving) -> None:
    for text in NASTY:
        if text.strip():
            hub.say(text)
    assert hub.get(CHAT, Accept=LINES).body == b"".join(hub.lines())


def test_an_unknown_room_is_an_empty_list(hub: Serving) -> None:
    path = "/api/chat/never-heard-of"
    assert hub.get(path).body == b""
    assert hub.get(path, Accept=LINES).body == b""
    empty = {"room": "never-heard-of", "events": [], "last": 0}
    assert hub.get(path, Accept=JSON).json == empty
    assert not list(hub.path.glob("*.jsonl"))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", range(1, 11)),
        ("?after=7", range(8, 11)),
        ("?after=0", range(1, 11)),
        ("?after=10", []),
        ("?after=99", []),
        ("?before=4", range(1, 4)),
        ("?before=1", []),
        ("?before=99", range(1, 11)),
        ("?limit=3", range(8, 11)),
        ("?limit=99", range(1, 11)),
        ("?limit=0", []),
        ("?after=2&limit=3", range(3, 6)),
        ("?after=0&limit=3", range(1, 4)),
        ("?before=8&limit=3", range(5, 8)),
        ("?before=2&limit=3", range(1, 2)),
        ("?after=2&before=6", range(3, 6)),
        ("?after=2&before=9&limit=2", range(3, 5)),
        ("?after=6&before=2", []),
    ],
)
def test_a_page(hub: Serving, query: str, numbers: Any) -> None:
    for n in range(10):
        hub.say(str(n))
    assert [x["n"] for x in hub.events(query=query)] == list(numbers)
    lines = hub.get(CHAT + query, Accept=LINES).body.splitlines()
    assert [json.loads(x)["n"] for x in lines] == list(numbers)
    assert len(hub.get(CHAT + query).text.splitlines()) == len(list(numbers))
    assert hub.get(CHAT + query, Accept=JSON).json["last"] == 10


@pytest.mark.parametrize("name", ["after", "before", "limit"])
@pytest.mark.parametrize(
    "value", ["-1", "x", "", "1.5", "+1", "%20", "1e3", "9" * 40, "%D9%A3"], ids=brief
)
def test_what_is_no_count_is_malformed(hub: Serving, name: str, value: str) -> None:
    assert hub.get(f"{CHAT}?{name}={value}").error == (400, "malformed")


@pytest.mark.parametrize("accept", ["text/plain", JSON, LINES])
def test_nothing_new_is_304(hub: Serving, accept: str) -> None:
    hub.say("one")
    for query in ("", "?limit=1", "?after=0"):
        whole = hub.get(CHAT + query, Accept=accept)
        tag = whole.headers["ETag"]
        same = hub.get(CHAT + query, Accept=accept, If_None_Match=tag)
        assert (same.status, same.body, same.headers["ETag"]) == (304, b"", tag)
    hub.say("two")
    changed = hub.get(CHAT, Accept=accept, If_None_Match=tag)
    assert changed.status == 200
    assert changed.headers["ETag"] != tag


def test_forms_and_pages_have_tags_of_their_own(hub: Serving) -> None:
    for n in range(3):
        hub.say(str(n))
    asked = [("", JSON), ("", LINES), ("", "text/plain"), ("?limit=1", JSON), ("?before=2", JSON)]
    tags = [hub.get(CHAT + query, Accept=accept).headers["ETag"] for query, accept in asked]
    assert len(set(tags)) == len(tags)


def test_another_history_under_the_same_name_has_another_tag(serve: Serve, tmp_path: Path) -> None:
    tags = set()
    for number in range(2):
        hub = serve(tmp_path / str(number))
        hub.say("one")
        tags.add(hub.get(CHAT).headers["ETag"])
    assert len(tags) == 2


def test_edits_are_applied_and_erased_texts_are_gone(hub: Serving, live: Live) -> None:
    naor = live("naor")
    naor.join()
    for text in ("first", "second", "third"):
        naor.say(text)
    before = hub.get(CHAT, Accept=JSON).headers["ETag"]
    naor.do("edit", of=1, text="draft that goes")
    naor.do("edit", of=1, text="better")
    naor.do("edit", of=2, text="secret, changed")
    naor.do("erase", of=2)
    page = hub.get(CHAT, Accept=JSON, If_None_Match=before)
    assert page.status == 200
    events = page.json["events"]
    assert [x["n"] for x in events] == list(range(1, 8))
    assert (events[0]["text"], events[0]["edited"]) == ("better", 5)
    assert (events[1]["text"], events[1]["erased"]) == ("", True)
    assert "edited" not in events[2]
    text = hub.get(CHAT).text
    assert [x[22:] for x in text.splitlines()] == ["naor: better", "naor: third"]
    for form in ("text/plain", JSON, LINES):
        for query in ("", "?limit=6", "?after=1", "?before=4"):
            assert b"sec" not in hub.get(CHAT + query, Accept=form).body
    assert b"sec" not in hub.folder.room_file("general").read_bytes()
    hub.restart()
    assert hub.events() == events


def test_a_page_names_what_is_damaged(hub: Serving) -> None:
    for n in range(5):
        hub.say(f"message {n}")
    hub.stop()
    file = hub.folder.room_file("general")
    file.write_bytes(file.read_bytes().replace(b"message 2", b"message X"))
    hub.start()
    page = hub.get(CHAT, Accept=JSON).json
    assert [x["n"] for x in page["events"]] == [1, 2, 4, 5]
    assert (page["last"], page["damaged"]) == (5, [3])
    assert hub.say("goes on")["n"] == 6
    assert b"message X" in file.read_bytes(), "what is damaged stays in the file"


# -- who writes -------------------------------------------------------------------------------


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


def test_a_session_ends(hub: Serving) -> None:
    session = hub.session("naor")
    assert hub.ask("GET", "/api/me", None, session).json["person"]["name"] == "naor"
    assert hub.ask("DELETE", "/api/session", None, session).status == 204
    assert hub.ask("GET", "/api/me", None, session).json["person"] is None
    assert hub.ask("POST", CHAT, {"msg": "x"}, session).error == (401, "who_are_you")
    assert hub.post("/api/session", {"name": "naor"}).error == (409, "name_taken")


def test_a_session_is_on_disk_before_it_is_told(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = snapshot._replace

    def slow(file: Path, data: bytes) -> None:
        time.sleep(0.3)
        keep(file, data)

    monkeypatch.setattr("hub.store.snapshot._replace", slow)
    for name in ("naor", "mira"):
        session = hub.session(name)
        assert name in hub.folder.people_file.read_text()
    hub.ask("DELETE", "/api/session", None, session)
    assert hub.folder.people_file.read_text().count('"used"') == 3, "two people, one device"


def test_a_session_is_known_after_a_restart(hub: Serving) -> None:
    session = hub.session("naor")
    who = hub.ask("GET", "/api/me", None, session).json["person"]["who"]
    hub.restart()
    person = hub.ask("GET", "/api/me", None, session).json["person"]
    assert person == {
        "who": who, "name": "naor", "account": False, "host": False, "muted_until": None,
    }  # fmt: skip


def test_the_cookie(hub: Serving) -> None:
    answer = hub.post("/api/session", {"name": "naor"})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{hub.cookie}=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    token = cookie.partition(";")[0].partition("=")[2]
    kept = [x.read_bytes() for x in hub.folder.hub.rglob("*") if x.is_file()]
    assert not any(token.encode() in x for x in kept), "who reads the folder can be anybody"


def test_a_program_may_bear_its_token_in_a_header(hub: Serving) -> None:
    token = hub.session("naor")["Cookie"].partition("=")[2]
    answer = hub.post(CHAT, {"msg": "Hello"}, Authorization=f"Bearer {token}")
    assert answer.json["by"] == "naor"
    wrong = hub.post(CHAT, {"msg": "Hello"}, Authorization="Bearer nobody")
    assert wrong.error == (401, "who_are_you")


def test_a_token_that_is_no_longer_good_makes_nobody_a_stranger(hub: Serving) -> None:
    session = hub.session("naor")
    bearer = {"Authorization": f"Bearer {session['Cookie'].partition('=')[2]}"}
    assert hub.ask("DELETE", "/api/session", None, session).status == 204
    said = {"username": "mira", "msg": "Hello"}
    for credential in (bearer, session):
        assert hub.ask("POST", CHAT, said, credential).error == (401, "who_are_you")
    assert hub.events() == []


def test_the_window_proves_itself_once(hub: Serving) -> None:
    ticket = hub.server.ticket()
    first = hub.post("/api/ticket", {"ticket": ticket})
    assert first.status == 200
    assert (first.json["host"], first.json["person"]) == (True, None)
    assert hub.post("/api/ticket", {"ticket": ticket}).error == (403, "ticket_used")
    assert hub.post("/api/ticket", {"ticket": "guessed"}).error == (403, "ticket_used")
    session = {"Cookie": first.headers["Set-Cookie"].partition(";")[0], "Origin": hub.url}
    assert hub.ask("POST", "/api/session", {"name": "naor"}, session).status == 201
    me = hub.ask("GET", "/api/me", None, session).json
    assert (me["host"], me["person"]["name"]) == (True, "naor")
    assert hub.get("/api/me").json["host"] is False


def test_a_hub_with_a_code(serve: Serve) -> None:
    hub = serve(hub_code="ember")
    assert hub.get("/api/me").json["hub"]["mode"] == "code"
    assert hub.get(CHAT).error == (401, "who_are_you")
    assert hub.get("/api/rooms").error == (401, "who_are_you")
    assert hub.get("/api/invite").error == (401, "who_are_you")
    assert hub.post(CHAT, {"username": "naor", "msg": "x"}).error == (401, "who_are_you")
    assert hub.post("/api/session", {"name": "naor"}).error == (401, "code_needed")
    assert hub.post("/api/session", {"name": "naor", "code": "x"}).error == (401, "code_wrong")
    right = hub.post("/api/session", {"name": "naor", "code": "ember"})
    assert right.status == 201
    session = {"Cookie": right.headers["Set-Cookie"].partition(";")[0], "Origin": hub.url}
    assert hub.ask("POST", CHAT, {"msg": "x"}, session).status == 201
    assert hub.ask("GET", CHAT, None, session).status == 200
    hub.forgive_nothing()
    for _ in range(10):
        answer = hub.post("/api/session", {"name": "mira", "code": "guess"})
    assert answer.error == (429, "too_many_tries")
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_hub_for_accounts_only(serve: Serve) -> None:
    hub = serve(accounts="login")
    assert hub.get(CHAT).headers["WWW-Authenticate"] == "Bearer"
    assert "WWW-Authenticate" not in hub.get("/api/me").headers
    assert hub.get("/api/me").json["hub"]["mode"] == "login"
    assert hub.get(CHAT).error == (401, "who_are_you")
    assert hub.post("/api/session", {"name": "naor"}).error == (401, "login_needed")
    assert hub.post(CHAT, {"username": "naor", "msg": "x"}).error == (401, "who_are_you")


def test_somebody_too_fast_waits(serve: Serve) -> None:
    hub = serve(message_rate=1.0)
    hub.forgive_nothing()
    answers = [hub.post(CHAT, {"username": "naor", "msg": "x"}) for _ in range(4)]
    assert [x.status for x in answers[:3]] == [201, 201, 429]
    assert answers[2].error == (429, "too_fast")
    assert int(answers[2].headers["Retry-After"]) >= 1
    assert 0 < answers[2].json["error"]["retry_after"] <= 1
    hub.say("somebody else goes on", username="mira")
    statuses = {hub.post(CHAT, {"username": f"n{n}", "msg": "x"}).status for n in range(150)}
    assert statuses == {201, 429}, "all names that nobody proves share what an address may do"


# -- bad input --------------------------------------------------------------------------------


def refused(hub: Serving, answer: Answer, *expected: int) -> None:
    """The refusal has one of these statuses, and the hub goes on."""
    assert answer.error[0] in expected, answer.text
    assert hub.get("/api/health").status == 200


@pytest.mark.parametrize("room", ["general"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        ("nonsense", 400),
        ('{"msg": "x", "username": "naor"} {}', 400),
        ('{"username": "naor", "msg": ' + "[" * 100_000, 422),
        ('{"a":' * 20_000, 400),
        ("null", 422),
        ("[]", 422),
        ('"text"', 422),
        ("12", 422),
        ("{}", 422),
        ('{"username": "naor"}', 422),
        ('{"username": "naor", "msg": null}', 422),
        ('{"username": "naor", "msg": 1}', 422),
        ('{"username": "naor", "msg": ["x"]}', 422),
        ('{"username": "naor", "msg": {"x": 1}}', 422),
        ('{"username": 5, "msg": "x"}', 422),
        ('{"username": "naor", "msg": "x", "key": 1}', 422),
        ('{"username": "naor", "msg": "x", "key": ""}', 422),
        ('{"username": "naor", "msg": "x", "re": "1"}', 422),
        ('{"username": "naor", "msg": "x", "re": 0}', 422),
        ('{"username": "naor", "msg": "x", "re": -1}', 422),
        ('{"username": "naor", "msg": "x", "re": 1.5}', 422),
        ('{"username": "naor", "msg": "x", "re": 1e400}', 422),
        ('{"username": "naor", "msg": "x", "re": ' + "9" * 400 + "}", 422),
        ('{"username": "naor", "msg": ""}', 422),
        ('{"username": "naor", "msg": " \\n\\t"}', 422),
        ('{"username": "naor", "msg": "\\ud800"}', 400),
        ('{"username": "\\udfff", "msg": "x"}', 400),
        ('{"username": "naor", "msg": "x", "key": "\\ud800"}', 400),
        ('{"username": "naor", "msg": "\\x"}', 400),
        ('{"username": "naor", "msg": "raw\nline"}', 400),
    ],
    ids=brief,
)
def test_json_of_the_wrong_shape(lasting: Serving, room: str, body: str, status: int) -> None:
    answer = lasting.post(f"/api/chat/{room}", body, Content_Type=JSON)
    refused(lasting, answer, status)


@pytest.mark.parametrize("path", ["/api/session", "/api/ticket", "/api/window"])
@pytest.mark.parametrize("body", ["", "{", "null", "[]", "{}", '{"name": 1, "ticket": 1}'])
def test_the_other_posts_want_their_shape_too(lasting: Serving, path: str, body: str) -> None:
    refused(lasting, lasting.post(path, body, Content_Type=JSON), 400, 422)
    refused(lasting, lasting.post(path, "name=naor", Content_Type=FORM), 415)


def test_only_the_hubs_own_machine_raises_the_window(lasting: Serving) -> None:
    assert lasting.post("/api/window", {"secret": "guessed"}).error == (403, "forbidden")
    assert lasting.post("/api/window", {"secret": "ĝ"}).error == (403, "forbidden")
    assert lasting.post("/api/window", {"secret": lasting.server.secret}).json == {"window": False}
    odd = {"secret": lasting.server.secret, "room": "../etc"}
    assert lasting.post("/api/window", odd).error == (404, "room_name")


ASKS_FROM = """
import http.client, sys
source, target, port, method, path, body = sys.argv[1:]
asked = http.client.HTTPConnection(target, int(port), timeout=20, source_address=(source, 0))
asked.request(method, path, body, {"Content-Type": "application/json"})
print(asked.getresponse().status)
"""


@pytest.mark.parametrize("options", [(), ("--host", "10.77.1.1")])
def test_the_secret_of_the_machine_is_no_secret_from_elsewhere(
    launch: Launch, namespace: str, tmp_path: Path, options: tuple[str, ...]
) -> None:
    for address in ("10.77.1.1", "10.77.1.2"):
        command = ["ip", "-n", namespace, "address", "add", f"{address}/32", "dev", "lo"]
        subprocess.run(command, check=True)
    inside = ("ip", "netns", "exec", namespace)
    hub = launch(*options, prefix=inside)
    hub.ready()
    running = json.loads((tmp_path / "rooms" / "hub" / "running.json").read_text())
    knock = json.dumps({"secret": running["secret"], "ticket": True})

    def status(source: str, target: str) -> int:
        asked = [source, target, str(hub.port), "POST", "/api/window", knock]
        ended = subprocess.run(
            [*inside, sys.executable, "-c", ASKS_FROM, *asked],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return int(ended.stdout)

    assert status("10.77.1.2", "10.77.1.1") == 403
    assert status("10.77.1.1", "10.77.1.1") == 200, "as a second start asks a hub at one address"
    if not options:
        assert status("127.0.0.1", "127.0.0.1") == 200
        assert status("127.0.0.9", "127.0.0.1") == 200
    second = launch("--reset-host", *options, prefix=inside)
    assert second.ended() == 0
    assert "#ticket=" in second.lines[0]


@pytest.mark.parametrize(
    ("path", "kind", "body"),
    [
        (f"{CHAT}?username=naor", "text/plain", b"caf\xe9"),
        (f"{CHAT}?username=naor", "text/plain; charset=latin-1", b"caf\xe9"),
        (f"{CHAT}?username=naor", "text/plain", b"\xed\xa0\x80"),
        (f"{CHAT}?username=naor", "text/plain", b"\xc0\xaf"),
        (f"{CHAT}?username=naor", FORM, b"\xff"),
        (CHAT, FORM, b"username=naor&msg=%ff"),
        (CHAT, FORM, b"username=naor&msg=%ed%a0%80"),
        (CHAT, FORM, b"username=%ff&msg=x"),
        (CHAT, FORM, b"username=naor&msg=x&key=%ff"),
        (CHAT, FORM, b"username=naor&msg=\xff"),
        (CHAT, JSON, b'{"username":"naor","msg":"\xff"}'),
        (CHAT, JSON, b'{"username":"\xff","msg":"x"}'),
        (CHAT, JSON, b"\xff\xfe{\x00}\x00"),
        (f"{CHAT}?username=%ff", "text/plain", b"x"),
        (f"{CHAT}?username=%ed%a0%80", "text/plain", b"x"),
        (f"{CHAT}?username=naor&key=%ff", "text/plain", b"x"),
        (
            CHAT,
            "multipart/form-data; boundary=xx",
            b'--xx\r\nContent-Disposition: form-data; name="username"\r\n\r\nnaor\r\n'
            b'--xx\r\nContent-Disposition: form-data; name="msg"\r\n\r\n\xff\r\n--xx--\r\n',
        ),
        ("/api/session", JSON, b'{"name":"\xff"}'),
    ],
    ids=brief,
)
def test_what_is_not_utf8_is_malformed(lasting: Serving, path: str, kind: str, body: bytes) -> None:
    refused(lasting, lasting.post(path, body, Content_Type=kind), 400)


def test_rooms_and_cookies_that_are_not_utf8(lasting: Serving) -> None:
    for path in ("/api/chat/%ff", "/api/chat/%ed%a0%80", "/api/chat/caf%e9"):
        refused(lasting, lasting.get(path), 404)
        refused(lasting, lasting.post(f"{path}?username=naor", "x", Content_Type="text/plain"), 404)
    refused(lasting, lasting.get("/api/invite?room=%ff"), 404)
    ask = b"GET /api/me HTTP/1.1\r\nHost: %b\r\nConnection: close\r\nCookie: %b=\xff\r\n\r\n"
    assert lasting.raw(ask % (lasting.name.encode(), lasting.cookie.encode())).startswith(
        b"HTTP/1.1 200 "
    )


@pytest.mark.parametrize("key", ["k" * 129, "k" * 10_000], ids=brief)
def test_a_key_has_at_most_128_characters(lasting: Serving, key: str) -> None:
    refused(lasting, lasting.post(CHAT, {"username": "naor", "msg": "x", "key": key}), 422)
    form = f"username=naor&msg=x&key={key}"
    refused(lasting, lasting.post(CHAT, form, Content_Type=FORM), 422)
    path = f"{CHAT}?username=naor&key={key}"
    refused(lasting, lasting.post(path, "x", Content_Type="text/plain"), 422)


def test_an_empty_key_is_none(hub: Serving) -> None:
    for _ in range(2):
        hub.post(f"{CHAT}?username=naor&key=", "x", Content_Type="text/plain")
        hub.post(CHAT, "username=naor&msg=x&key=", Content_Type=FORM)
    assert [b'"key"' in x for x in hub.lines()] == [False] * 4


@pytest.mark.parametrize("re_", ["x", "-1", "1.5", "%D9%A3", "0", "9" * 5000], ids=brief)
def test_re_in_a_form_is_a_number(lasting: Serving, re_: str) -> None:
    form = f"username=naor&msg=x&re={re_}"
    refused(lasting, lasting.post(CHAT, form, Content_Type=FORM), 404, 422)


@pytest.mark.parametrize(
    "kind", ["image/png", "application/xml", "application/octet-stream", "nonsense", "a/b; c=d"]
)
def test_another_kind_of_body_is_415(lasting: Serving, kind: str) -> None:
    answer = lasting.post(f"{CHAT}?username=naor", "x", Content_Type=kind)
    assert answer.error == (415, "wrong_kind")
    refused(lasting, answer, 415)


@pytest.mark.parametrize(
    "body",
    ["--xx", "--xx\r\n\r\n", "--xx--", "", "\r\n--yy--"],
)
def test_a_broken_multipart_form(lasting: Serving, body: str) -> None:
    for kind in ("multipart/form-data; boundary=xx", "multipart/form-data"):
        refused(lasting, lasting.post(f"{CHAT}?username=naor", body, Content_Type=kind), 400, 422)


def test_a_body_needs_its_length(lasting: Serving) -> None:
    head = f"POST {CHAT}?username=naor HTTP/1.1\r\nHost: {lasting.name}\r\n"
    answer = lasting.raw(f"{head}Content-Type: text/plain\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 411 ")
    assert b'"no_length"' in answer


def test_a_chunked_body_tells_its_own_length(hub: Serving) -> None:
    head = (
        f"POST {CHAT}?username=naor HTTP/1.1\r\nHost: {hub.name}\r\nConnection: close\r\n"
        "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    answer = hub.raw(head.encode(), b"3\r\nHel\r\n", b"3;x=y\r\nlo!\r\n", b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 201 ")
    assert [x["text"] for x in hub.events()] == ["Hello!"]


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: x",
        "Content-Length: -1",
        "Content-Length: 1\r\nContent-Length: 2",
        "Content-Length: 1, 2",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked, identity",
        "Content-Length: " + "9" * 30,
    ],
)
def test_framing_that_can_be_read_two_ways(lasting: Serving, framing: str) -> None:
    head = f"POST {CHAT}?username=naor HTTP/1.1\r\nHost: {lasting.name}\r\n{framing}\r\n\r\nx"
    answer = lasting.raw(head.encode())
    assert answer.split(b" ")[1] in (b"400", b"411", b"413", b"501"), answer
    assert answer.count(b"HTTP/1.1 ") == 1
    assert lasting.get("/api/health").status == 200


def test_chunks_that_are_none(lasting: Serving) -> None:
    head = (
        f"POST {CHAT}?username=naor HTTP/1.1\r\nHost: {lasting.name}\r\n"
        "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    lasting.raw(head.encode(), b"zz\r\nHello\r\n0\r\n\r\n", end=True)
    lasting.raw(head.encode(), b"5\r\nHel", end=True)
    assert lasting.get("/api/health").status == 200


def test_a_message_has_at_most_message_bytes(serve: Serve) -> None:
    hub = serve(message_bytes=1000)
    hub.say("x" * 1000)
    hub.say("é" * 500)
    for text in ("x" * 1001, "é" * 501):
        answer = hub.post(CHAT, {"username": "naor", "msg": text})
        assert answer.error == (413, "too_long")
    assert len(hub.lines()) == 2


@pytest.mark.parametrize("megabytes", [1, 4, 16, 512])
@pytest.mark.parametrize("kind", [JSON, FORM, "text/plain", "multipart/form-data; boundary=x"])
def test_a_body_over_the_limit_is_413(lasting: Serving, kind: str, megabytes: int) -> None:
    size = megabytes << 20
    if megabytes < 64:  # so much is read, for a sender who listens only then
        answer = lasting.post(f"{CHAT}?username=naor", b"x" * size, Content_Type=kind)
        assert answer.error == (413, "too_large")
    head = (
        f"POST {CHAT}?username=naor HTTP/1.1\r\nHost: {lasting.name}\r\nConnection: close\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {size}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", lasting.port), timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 413 "), "and who waits hears at once"


def test_a_chunked_body_over_the_limit_is_413(lasting: Serving) -> None:
    head = (
        f"POST {CHAT}?username=naor HTTP/1.1\r\nHost: {lasting.name}\r\nConnection: close\r\n"
        "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"10000\r\n" + b"x" * (1 << 16) + b"\r\n"
    assert lasting.raw(head.encode(), chunk * 8, b"0\r\n\r\n").startswith(b"HTTP/1.1 413 ")


def test_an_unlimited_hub_takes_long_messages(serve: Serve) -> None:
    hub = serve(message_bytes=0)
    text = "x" * (1 << 20)
    assert hub.say(text)["text"] == text
    limits = {"message_bytes": 0, "name_characters": 40}
    assert hub.get("/api/me").json["limits"] == limits


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", CHAT),
        ("DELETE", CHAT),
        ("PATCH", CHAT),
        ("POST", "/api/health"),
        ("PUT", "/api/rooms"),
        ("GET", "/api/session"),
        ("GET", "/api/ticket"),
        ("GET", "/api/window"),
        ("TRACE", CHAT),
        ("DANCE", CHAT),
    ],
)
@pytest.mark.parametrize("body", [b"", b"x"])
def test_a_method_that_is_not_possible_is_405(
    lasting: Serving, method: str, path: str, body: bytes
) -> None:
    answer = lasting.ask(method, path, body)
    assert answer.error == (405, "method_not_allowed")
    assert "Allow" in answer.headers


def test_a_page_says_in_words_that_it_takes_nothing(lasting: Serving) -> None:
    answer = lasting.post("/general", b"")
    assert answer.status == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.endswith(".")


@pytest.mark.parametrize("method", ["TRACE", "DANCE", "HEAD", "OPTIONS", "DELETE"])
def test_who_sends_no_body_needs_no_length(lasting: Serving, method: str) -> None:
    head = f"{method} {CHAT} HTTP/1.1\r\nHost: {lasting.name}\r\nConnection: close\r\n\r\n"
    status = lasting.raw(head.encode()).split(b" ", 2)[1]
    assert status == (b"405" if method in ("TRACE", "DANCE", "DELETE") else b"200")


def test_what_has_no_body_says_no_length_of_it(hub: Serving) -> None:
    hub.say("Hello")
    tag = hub.get(CHAT).headers["ETag"]
    session = hub.session("naor")
    for answer, status in (
        (hub.ask("HEAD", CHAT), 200),
        (hub.get(CHAT, If_None_Match=tag), 304),
        (hub.get(CHAT, If_None_Match=f"W/{tag}"), 304),
        (hub.ask("DELETE", "/api/session", None, session), 204),
    ):
        assert (answer.status, answer.body) == (status, b"")
        assert "Content-Length" not in answer.headers


@pytest.mark.parametrize("kind", [JSON, "application/x-ndjson"])
def test_a_form_may_be_asked_for_with_its_letters(lasting: Serving, kind: str) -> None:
    answer = lasting.get(CHAT, Accept=f"{kind}; charset=utf-8")
    assert answer.headers["Content-Type"] == kind


@pytest.mark.parametrize(
    "path", ["/api/", "/api/nothing", "/api/chat", "/api/chat/", "/api/chat/a/b", "/api/live"]
)
def test_no_such_address_is_404_in_json(lasting: Serving, path: str) -> None:
    assert lasting.get(path).error == (404, "not_found")


IMPOSSIBLE = [
    ".hidden",
    "..",
    "-x",
    "a.b",
    "a:b",
    "a\\b",
    "con",
    "NUL",
    "com1",
    "Lpt9",
    "api",
    "Static",
    "get",
    "join",
    "favicon.ico",
    "a\x00b",
    "a\nb",
    "a\u200bb",
    "\u202eabc",
    "a?b",
    "a*b",
    "<b>",
    "x" * 65,
    "x" * 10_000,
    "é" * 10_000,
    "\u0301a",
    "%2e%2e",
    "~",
    "%",
]


@pytest.mark.parametrize("name", IMPOSSIBLE, ids=brief)
def test_an_impossible_room(hub: Serving, name: str) -> None:
    path = f"/api/chat/{quote(name, safe='')}"
    assert hub.get(path).error == (404, "room_name")
    answer = hub.post(path, {"username": "naor", "msg": "x"})
    assert answer.error == (404, "room_name")
    assert [x.name for x in hub.path.iterdir() if x.is_file()] == []


@pytest.mark.parametrize(
    "name", ["..%2f..%2fetc", "%2e%2e%2f", "a%2fb", "%2fetc%2fpasswd", "..", "."]
)
def test_a_room_never_leads_out_of_the_folder(lasting: Serving, name: str) -> None:
    answer = lasting.post(f"/api/chat/{name}", {"username": "naor", "msg": "x"})
    assert answer.status in (404, 405)
    assert not list(lasting.path.glob("*/**/*.jsonl"))
    assert not list(lasting.path.parent.glob("*.jsonl"))


# -- rooms, health, invitation ----------------------------------------------------------------


def test_rooms(hub: Serving, live: Live) -> None:
    assert hub.get("/api/rooms").json == {"rooms": []}
    event = hub.say("Hello", "zebra")
    naor = live("naor")
    naor.join("general")
    naor.do("topic", text="All about it")
    live("mira").join("general")
    live("mira2").join("empty")
    rooms = hub.get("/api/rooms").json["rooms"]
    assert [x["name"] for x in rooms] == ["general", "zebra"]
    assert rooms[0]["topic"] == "All about it"
    assert (rooms[0]["last"], rooms[0]["here"]) == (1, 2)
    assert rooms[1] == {
        "name": "zebra", "kind": "public", "title": "zebra", "topic": "",
        "last": 1, "said": 1, "at": event["at"], "here": 0, "may_write": True,
    }  # fmt: skip
    hub.restart()
    rooms = hub.get("/api/rooms").json["rooms"]
    assert [(x["name"], x["topic"], x["here"]) for x in rooms] == [
        ("general", "All about it", 0),
        ("zebra", "", 0),
    ]


def test_the_list_counts_what_the_asker_has_not_read(hub: Serving, live: Live) -> None:
    hub.say("before anybody came")
    session = hub.session("naor")
    mira = live("mira")

    def counted(who: dict[str, str] | None = None) -> dict[str, Any]:
        rooms = hub.ask("GET", "/api/rooms", None, who or session).json["rooms"]
        return {x: rooms[0].get(x) for x in ("last", "said", "read", "unread")}

    assert counted() == {"last": 1, "said": 1, "read": 1, "unread": 0}
    mira.say("one")
    mira.say("two")
    hub.ask("POST", "/api/chat/general", {"msg": "my own"}, session)
    assert counted() == {"last": 4, "said": 4, "read": 1, "unread": 2}
    mira.do("react", of=2, text="+")
    mira.do("edit", of=2, text="once")
    mira.do("pin", of=2)
    mira.do("topic", text="All about it")
    assert counted() == {"last": 8, "said": 4, "read": 1, "unread": 2}, "one message is one"
    mira.do("erase", of=2)
    assert counted()["unread"] == 1
    hub.restart()
    assert counted() == {"last": 9, "said": 4, "read": 1, "unread": 1}
    with hub.talk(session) as phone:
        phone.hello()
        path, seen = "/api/rooms/general", {"do": "seen", "n": 99}
        assert hub.ask("POST", path, seen, session).status == 204
        assert phone.expect("seen") == {
            "do": "seen", "room": "general", "read": 9, "last": 9, "said": 4, "unread": 0,
        }  # fmt: skip
    assert counted() == {"last": 9, "said": 4, "read": 9, "unread": 0}
    assert hub.ask("POST", path, {"do": "seen", "n": -1}, session).error == (422, "invalid")
    assert hub.ask("POST", "/api/rooms/nowhere", seen, session).status == 404
    nobody = hub.get("/api/rooms").json["rooms"][0]
    assert "unread" not in nobody
    assert "read" not in nobody


def test_a_stranger_is_told_how_many_are_in_the_room_ahead(hub: Serving, live: Live) -> None:
    live("naor").join("general")
    live("mira").join("general")
    told = hub.get("/api/me?room=General").json
    assert told["person"] is None
    assert told["room"] == {"name": "general", "title": "general", "here": 2}
    assert hub.get("/api/me?room=nowhere").json["room"]["here"] == 0
    assert not hub.folder.room_file("nowhere").exists()
    host = hub.as_host("anna")
    news = {"kind": "announcements", "title": "House News", "name": "news"}
    hub.ask("POST", "/api/rooms", news, host)
    assert hub.get("/api/me?room=news").json["room"]["title"] == "House News"
    assert "room" not in hub.get("/api/me").json
    assert "room" not in hub.get("/api/me?room=con").json


def test_a_stranger_is_told_of_no_hidden_room(hub: Serving) -> None:
    naor, dana = hub.session("naor"), hub.session("dana")
    whom = hub.ask("GET", "/api/me", None, dana).json["person"]["who"]
    asked = ({"kind": "private", "title": "Birthday"}, {"kind": "direct", "whom": whom})
    made = [hub.ask("POST", "/api/rooms", x, naor).json["room"] for x in asked]
    for name in (*made, "private-0123456789abcdef", "dm-nobody"):
        assert "room" not in hub.get(f"/api/me?room={name}").json, name


@pytest.mark.parametrize("settings", [{"hub_code": "mellon"}, {"accounts": "login"}])
def test_a_stranger_is_told_of_no_room_where_the_door_is_shut(
    serve: Serve, settings: dict[str, str]
) -> None:
    assert "room" not in serve(**settings).get("/api/me?room=general").json


def test_who_is_banned_is_told_of_no_room(hub: Serving) -> None:
    host, naor = hub.as_host("anna"), hub.session("naor")
    who = hub.ask("GET", "/api/me", None, naor).json["person"]["who"]
    assert "room" in hub.ask("GET", "/api/me?room=general", None, naor).json
    hub.ask("POST", "/api/host", {"do": "ban", "whom": who}, host)
    assert "room" not in hub.ask("GET", "/api/me?room=general", None, naor).json


def test_health(hub: Serving) -> None:
    first = hub.get("/api/health").json
    assert list(first) == ["app", "version", "instance"]
    assert first["app"] == "hearth"
    assert hub.get("/api/health").json == first
    hub.restart()
    second = hub.get("/api/health").json
    assert second["instance"] != first["instance"]
    assert second["version"] == first["version"]


def test_an_invitation(hub: Serving) -> None:
    told = hub.get("/api/invite?room=Caf%C3%89").json
    link = f"http://192.168.1.5:{hub.port}/caf%C3%A9"
    assert told["addresses"] == [link]
    rows = told["qr"][link]
    assert {len(x) for x in rows} == {len(rows)}
    assert set("".join(rows)) == {"0", "1"}
    assert rows[0].startswith("1111111")
    assert hub.get("/api/invite").json["addresses"] == [f"http://192.168.1.5:{hub.port}/general"]
    assert hub.get("/api/invite?room=con").error == (404, "room_name")


def test_what_is_private_is_not_stored_by_browsers(hub: Serving) -> None:
    for path in ("/api/me", "/api/rooms", "/api/health", "/api/invite"):
        assert hub.get(path).headers["Cache-Control"] == "no-store"
    assert hub.get(CHAT).headers["Cache-Control"] == "no-cache"


def test_head_and_options(hub: Serving) -> None:
    hub.say("Hello")
    assert (hub.ask("HEAD", CHAT).status, hub.ask("HEAD", CHAT).body) == (200, b"")
    assert "POST" in hub.ask("OPTIONS", CHAT).headers["Allow"]


# -- nothing is half done ---------------------------------------------------------------------


def test_a_full_disk_is_507_and_passes(serve: Serve, small_disk: Path) -> None:
    hub = serve(small_disk / "rooms")
    hub.say("first", key="k0")
    filler = small_disk / "filler"
    with open(filler, "wb", buffering=0) as file, pytest.raises(OSError, match="space"):
        while True:
            file.write(b"x" * 4096)
    refusals = [
        hub.post(CHAT, {"username": "naor", "msg": "x" * 5000, "key": "k1"}) for _ in range(2)
    ]
    assert [x.error for x in refusals] == [(507, "disk_full")] * 2
    elsewhere = hub.post("/api/chat/other", {"username": "naor", "msg": "x"})
    assert elsewhere.error[0] == 507
    assert not hub.folder.room_file("other").exists()
    assert [x["text"] for x in hub.events()] == ["first"]
    filler.unlink()
    assert hub.say("x" * 5000, key="k1")["n"] == 2, "it goes on without a restart"
    assert hub.say("x", "other")["n"] == 1
    assert len(hub.lines()) == 2
    assert hub.folder.room_file("general").read_bytes().endswith(b"\n")


def test_many_at_once_are_numbered_without_a_gap(hub: Serving) -> None:
    with ThreadPoolExecutor(16) as pool:
        said = list(pool.map(lambda n: hub.say(str(n), key=f"k{n}"), range(200)))
    assert sorted(x["n"] for x in said) == list(range(1, 201))
    assert [json.loads(x)["n"] for x in hub.lines()] == list(range(1, 201))
    assert {x["text"] for x in said} == {str(n) for n in range(200)}


@pytest.mark.parametrize("size", [1, SHORT_FORM])
def test_a_message_that_the_hub_breaks_on_is_refused_in_words(
    hub: Serving, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    async def post(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("hub.hub.Hub.post", post)
    answer = hub.post(CHAT, {"username": "naor", "msg": "x" * size})
    assert answer.error == (500, "failed")


def test_a_message_that_is_never_saved_is_not_awaited_for_ever(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def post(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("hub.hub.Hub.post", post)
    monkeypatch.setattr("hub.web.dispatch.ANSWER_SECONDS", 0.2)
    assert hub.post(CHAT, {"username": "naor", "msg": "Hello"}).error == (500, "failed")


@pytest.mark.parametrize(
    "odd",
    [
        b'"by":"x","do":"dance","to":[1]',
        b'"by":"x","do":"dance","text":["a"]',
        b'"do":"dance"',
        b'"by":"x","who":5,"do":"dance"',
        b'"by":"x","do":"say","text":"x","re":{"n":1}',
        b'"by":"x","do":"say","text":"x","deep":' + b"[" * 2000 + b"]" * 2000,
    ],
)
def test_a_later_kind_of_event_is_shown_where_it_can_be_and_breaks_nothing(
    serve: Serve, tmp_path: Path, odd: bytes
) -> None:
    folder = tmp_path / "later"
    hub = serve(folder)
    hub.say("one")
    hub.stop()
    line = sealed(b'{"room":"general","n":2,"at":"2030-01-01T00:00:00.000Z",%b}' % odd)
    with (folder / "general.jsonl").open("ab") as file:
        file.write(line)
    hub.start()
    hub.say("three")
    assert [x.partition("] ")[2] for x in hub.get(CHAT).text.splitlines()] == [
        "guest: one", "guest: three",
    ]  # fmt: skip
    whole = hub.get(CHAT, Accept=JSON).body  # what Python reads is not nested so deeply
    assert re.findall(rb'"n":(\d+),"at"', whole) == [b"1", b"2", b"3"]
    assert line in hub.get(CHAT, Accept="application/x-ndjson").body
    answer = hub.post(CHAT, {"username": "naor", "msg": "x", "re": 2})
    assert answer.error == (404, "no_such_message")
    with hub.talk() as talk:
        talk.hello("naor")
        for do in ("react", "pin"):
            assert talk.refused(do, room="general", of=2, text="👍")[0] == "no_such_message"
        for do in ("edit", "erase"):
            assert talk.refused(do, room="general", of=2, text="x")[0] == "not_yours"


def test_a_room_that_breaks_the_hub_leaves_the_others(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "broken"
    hub = serve(folder)
    for room in ("aaa", "bbb"):
        hub.say("Hello", room)
    hub.stop()
    really = Room.open.__func__  # type: ignore[attr-defined]

    def open_(cls: Any, path: Path, name: str, *more: Any) -> Room:
        if name == "aaa":
            raise LookupError("ours")
        return really(cls, path, name, *more)  # type: ignore[no-any-return]

    monkeypatch.setattr(Room, "open", classmethod(open_))
    hub.start()
    assert [x["name"] for x in hub.get("/api/rooms").json["rooms"]] == ["bbb"]
    assert hub.get("/api/chat/aaa").error == (500, "failed")


def test_new_rooms_from_one_address_have_a_pace(
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


def test_codes_for_inviting_are_not_drawn_too_often(serve: Serve) -> None:
    hub = serve(message_rate=1.0)
    found = [hub.get(f"/api/invite?room=r{n}").status for n in range(60)]
    assert found[:30] == [200] * 30
    assert 429 in found, "each takes a hundredth of a second"


def test_of_an_accept_header_the_first_kinds_count(hub: Serving) -> None:
    """To weigh thousands of them took 25 ms, in which nobody else was served."""
    hub.say("Hello")
    many = ",".join(["a/b"] * 4000)
    for accept, kind in (
        (f"application/json,{many}", "application/json"),
        (f"{many},application/json", "text/plain; charset=utf-8"),
    ):
        answer = hub.ask("GET", "/api/chat/general", None, {"Accept": accept})
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)


def test_a_form_of_many_fields_is_still_a_form(hub: Serving) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = b"username=naor&msg=hello" + b"&x=1" * 100
    assert hub.ask("POST", "/api/chat/general", body, form).json["text"] == "hello"
