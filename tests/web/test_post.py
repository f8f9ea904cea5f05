"""`POST /api/chat/<room>`: which messages are saved, and what is refused."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from hub.errors import Refused
from hub.web.post import SHORT_FORM, Post
from hub.web.requests import Request
from tests.conftest import Serve
from tests.serving import FORM, Serving
from tests.web.examples import CHAT, IMPOSSIBLE, JSON, LINES, NASTY, brief, check_refused
from tests.web.sent_files import waiting

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def test_a_form_saves_one_message(hub: Serving) -> None:
    answer = hub.post(CHAT, "username=naor&msg=Hello", Content_Type=FORM)
    assert answer.status == 201
    assert answer.headers["Content-Type"] == JSON
    event = answer.json
    assert re.fullmatch(MOMENT, event.pop("at"))
    assert re.fullmatch("[0-9a-f]{8}", event.pop("crc"))
    assert event == {"room": "general", "n": 1, "by": "naor", "do": "say", "text": "Hello"}
    assert hub.lines() == [answer.body]


@pytest.mark.parametrize("text", ["1 & 2 = 3", "100%", "a=b", "x&y&msge=1", "a+b", "?"])
def test_a_form_without_msg_is_the_text_itself(hub: Serving, text: str) -> None:
    answer = hub.post(f"{CHAT}?username=naor", text, Content_Type=FORM)
    assert answer.json["text"] == text


def test_a_form_of_many_fields_is_still_a_form(hub: Serving) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = b"username=naor&msg=hello" + b"&x=1" * 100
    assert hub.ask("POST", "/api/chat/general", body, form).json["text"] == "hello"


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
    check_refused(lasting, answer, status)


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
    check_refused(lasting, lasting.post(path, body, Content_Type=kind), 400)


def test_a_message_has_at_most_message_bytes(serve: Serve) -> None:
    hub = serve(message_bytes=1000)
    hub.say("x" * 1000)
    hub.say("é" * 500)
    for text in ("x" * 1001, "é" * 501):
        answer = hub.post(CHAT, {"username": "naor", "msg": text})
        assert answer.error == (413, "too_long")
    assert len(hub.lines()) == 2


def test_an_unlimited_hub_takes_long_messages(serve: Serve) -> None:
    hub = serve(message_bytes=0)
    text = "x" * (1 << 20)
    assert hub.say(text)["text"] == text
    limits = {"message_bytes": 0, "name_characters": 40}
    assert hub.get("/api/me").json["limits"] == limits


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
    inside = {x.name for x in lasting.path.glob("*/**/*.jsonl")}
    assert inside <= {"ledger.jsonl", "audit.jsonl"}
    assert not list(lasting.path.parent.glob("*.jsonl"))


def test_a_full_disk_is_507_until_there_is_space(serve: Serve, small_disk: Path) -> None:
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


@pytest.mark.parametrize(
    ("kind", "size", "on_the_loop"),
    [
        (FORM, SHORT_FORM, True),
        (FORM, SHORT_FORM + 1, False),
        ("multipart/form-data; boundary=x", SHORT_FORM + 1, False),
        (JSON, SHORT_FORM + 1, True),
        ("text/plain", SHORT_FORM + 1, True),
    ],
)
def test_only_large_forms_are_parsed_on_a_thread(
    lasting: Serving, monkeypatch: pytest.MonkeyPatch, kind: str, size: int, on_the_loop: bool
) -> None:
    threads: list[int] = []

    def read(request: Request) -> Post:
        threads.append(threading.get_ident())
        raise Refused("invalid", "Not today.", 422)

    monkeypatch.setattr("hub.web.post.read_post", read)
    answer = lasting.post(f"{CHAT}?username=naor", "x" * size, Content_Type=kind)
    assert answer.error == (422, "invalid")
    assert (threads[0] == lasting.on_loop(threading.get_ident)) is on_the_loop


@pytest.mark.parametrize("size", [1, SHORT_FORM])
def test_a_failure_of_the_hub_is_a_500_with_a_sentence(
    hub: Serving, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    async def post(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("hub.hub.Hub.post", post)
    answer = hub.post(CHAT, {"username": "naor", "msg": "x" * size})
    assert answer.error == (500, "failed")


def test_a_message_that_is_never_saved_times_out(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def post(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("hub.hub.Hub.post", post)
    monkeypatch.setattr("hub.web.dispatch.ANSWER_SECONDS", 0.2)
    assert serve().post(CHAT, {"username": "naor", "msg": "Hello"}).error == (500, "failed")


def test_a_message_may_bear_files(hub: Serving) -> None:
    file = waiting(hub, "f1")
    answer = hub.post("/api/chat/lobby", {"username": "bob", "msg": "Look", "files": ["f1"]})
    assert answer.status == 201
    assert answer.json["files"] == [file]
    assert hub.lines("lobby") == [answer.body]
    gone = hub.post("/api/chat/lobby", {"username": "bob", "msg": "", "files": ["f1"]})
    assert gone.error == (409, "file_sent")
    none = hub.post("/api/chat/lobby", {"username": "eve", "msg": "", "files": ["f2"]})
    assert none.error == (404, "no_such_file")
    assert hub.post(CHAT, {"username": "bob", "msg": "", "files": []}).error == (422, "empty")
