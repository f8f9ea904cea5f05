"""`GET /api/chat/<room>` and `GET /api/health`, as section 3 of the contract describes them."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from hub import open_rooms
from hub.protocol.events import sealed
from hub.room import Room
from tests.conftest import Live, Serve
from tests.serving import Serving
from tests.web.examples import CHAT, JSON, LINES, NASTY, brief


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
def test_accept_chooses_the_type(hub: Serving, accept: str | None, kind: str) -> None:
    for room in ("general", "never-heard-of"):
        hub.say("Hello")
        headers = {"Accept": accept} if accept else {}
        answer = hub.ask("GET", f"/api/chat/{room}", None, headers)
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)


@pytest.mark.parametrize("kind", [JSON, "application/x-ndjson"])
def test_accept_may_name_a_charset(lasting: Serving, kind: str) -> None:
    answer = lasting.get(CHAT, Accept=f"{kind}; charset=utf-8")
    assert answer.headers["Content-Type"] == kind


@pytest.mark.parametrize("accept", ["text/plain", JSON, LINES])
def test_caches_are_told_what_the_answer_depends_on(hub: Serving, accept: str) -> None:
    empty = hub.get(CHAT, Accept=accept)
    hub.say("Hello")
    whole = hub.get(CHAT, Accept=accept)
    unchanged = hub.get(CHAT, Accept=accept, If_None_Match=whole.headers["ETag"])
    assert [x.status for x in (empty, whole, unchanged)] == [200, 200, 304]
    for answer in (empty, whole, unchanged):
        assert answer.headers["Vary"] == "Accept, Cookie, Authorization"


def test_spaces_in_accept_do_not_slow_it_down(hub: Serving) -> None:
    took = []
    for _ in range(5):
        began = time.process_time()
        assert hub.get(CHAT, Accept="a/b" + " " * 15_000 + "c").status == 200
        took.append(time.process_time() - began)
    assert min(took) < 0.2  # of the processor, which other programs do not add to


def test_only_the_first_types_of_an_accept_header_are_read(hub: Serving) -> None:
    """To weigh thousands of them took 25 ms, in which nobody else was served."""
    hub.say("Hello")
    many = ",".join(["a/b"] * 4000)
    for accept, kind in (
        (f"application/json,{many}", "application/json"),
        (f"{many},application/json", "text/plain; charset=utf-8"),
    ):
        answer = hub.ask("GET", "/api/chat/general", None, {"Accept": accept})
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)


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
def test_anything_but_a_number_is_malformed(hub: Serving, name: str, value: str) -> None:
    assert hub.get(f"{CHAT}?{name}={value}").error == (400, "malformed")


@pytest.mark.parametrize("accept", ["text/plain", JSON, LINES])
def test_an_unchanged_page_is_304(hub: Serving, accept: str) -> None:
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


def test_types_and_pages_have_different_etags(hub: Serving) -> None:
    for n in range(3):
        hub.say(str(n))
    asked = [("", JSON), ("", LINES), ("", "text/plain"), ("?limit=1", JSON), ("?before=2", JSON)]
    tags = [hub.get(CHAT + query, Accept=accept).headers["ETag"] for query, accept in asked]
    assert len(set(tags)) == len(tags)


def test_another_history_of_the_same_name_has_another_etag(serve: Serve, tmp_path: Path) -> None:
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
def test_events_of_a_later_version_are_shown_where_possible(
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


def test_a_room_that_fails_to_open_does_not_affect_others(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "broken"
    hub = serve(folder)
    for room in ("aaa", "bbb"):
        hub.say("Hello", room)
    hub.stop()
    (folder / "hub" / "rooms.catalog").unlink()
    really = open_rooms.open_room

    def open_(path: Path, name: str, *more: Any, **options: Any) -> Room:
        if name == "aaa":
            raise LookupError("ours")
        return really(path, name, *more, **options)

    monkeypatch.setattr(open_rooms, "open_room", open_)
    hub.start()
    assert [x["name"] for x in hub.get("/api/rooms").json["rooms"]] == ["bbb"]
    assert hub.get("/api/chat/aaa").error == (500, "failed")


def test_health(hub: Serving) -> None:
    first = hub.get("/api/health").json
    assert list(first) == ["app", "version", "instance"]
    assert first["app"] == "hearth"
    assert hub.get("/api/health").json == first
    hub.restart()
    second = hub.get("/api/health").json
    assert second["instance"] != first["instance"]
    assert second["version"] == first["version"]


def test_private_answers_are_not_stored_by_browsers(hub: Serving) -> None:
    for path in ("/api/me", "/api/rooms", "/api/health", "/api/invite"):
        assert hub.get(path).headers["Cache-Control"] == "no-store"
    assert hub.get(CHAT).headers["Cache-Control"] == "no-cache"
