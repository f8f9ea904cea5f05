"""Files that have expired, over HTTP, and what a hub's check tells beside it."""

from __future__ import annotations

import time

import pytest

from hub import file_expiry
from hub.tools.verify import verify
from tests.conftest import Serve
from tests.patience import PATIENCE
from tests.serving import Serving


@pytest.fixture
def hub(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> Serving:
    """A hub that looks all the time for what has expired."""
    monkeypatch.setattr(file_expiry, "LOOK_SECONDS", 0.05)
    return serve()


def test_an_expired_file_is_gone_and_said_to_be(hub: Serving) -> None:
    host = hub.as_host("anna")
    for name, data in (("f1", b"first"), ("f2", b"2")):
        answer = hub.ask("PUT", f"/api/files/a/{name}?name={name}.txt", data, host)
        assert answer.status == 201, answer.text
    assert hub.ask("GET", "/api/files/a/f1", None, host).text == "first"
    assert hub.ask("GET", "/api/host/files", None, host).json["total"] == {"files": 2, "bytes": 6}
    told: list[str] = []
    assert verify(hub.path, told.append) == 0
    assert "files/a: 2 files, 6 bytes, good" in told
    answer = hub.ask("POST", "/api/rooms/a", {"do": "keep", "bytes": 1}, host)
    assert answer.status == 200, answer.text
    until = time.monotonic() + PATIENCE
    while hub.ask("GET", "/api/files/a/f1", None, host).status == 200:
        assert time.monotonic() < until
        time.sleep(0.05)
    gone = hub.ask("GET", "/api/files/a/f1", None, host)
    assert (gone.status, gone.error[1]) == (410, "file_expired")
    assert hub.ask("GET", "/api/files/a/f2", None, host).text == "2"
    wanted = {**host, "Accept": "application/json"}
    events = hub.ask("GET", "/api/chat/a?limit=10", None, wanted).json["events"]
    assert [event["do"] for event in events] == ["say", "say", "keep", "expire"]
    assert events[0]["files"][0]["expired"] is True
    assert "expired" not in events[1]["files"][0]
    assert [x["id"] for x in hub.ask("GET", "/api/files/a", None, host).json["files"]] == ["f2"]


def test_only_who_may_says_how_long_files_stay(serve: Serve) -> None:
    hub = serve()
    host, session = hub.as_host("anna"), hub.session("bela")
    answer = hub.ask("POST", "/api/chat/a", {"msg": "x"}, host)
    assert answer.status == 201, answer.text
    for days, asker, status in ((30, session, 403), (30, host, 200), (3651, host, 422)):
        answer = hub.ask("POST", "/api/rooms/a", {"do": "keep", "days": days}, asker)
        assert answer.status == status, answer.text
    expire = {"do": "expire", "ids": ["f1"]}
    assert hub.ask("POST", "/api/rooms/a", expire, host).status == 422


def test_of_what_has_expired_only_the_words_are_forwarded(hub: Serving) -> None:
    host = hub.as_host("anna")
    for path in ("f1?text=Look", "f2?", "f3?"):
        answer = hub.ask("PUT", f"/api/files/a/{path}", b"12", host)
        assert answer.status == 201, answer.text
    assert hub.ask("POST", "/api/rooms/a", {"do": "keep", "bytes": 2}, host).status == 200
    until = time.monotonic() + PATIENCE
    while hub.ask("GET", "/api/files/a/f2", None, host).status == 200:
        assert time.monotonic() < until
        time.sleep(0.05)
    words = hub.ask("POST", "/api/chat/a/1/forward", {"to": "b"}, host)
    assert (words.status, words.json["text"]) == (201, "Look")
    assert "files" not in words.json
    nothing = hub.ask("POST", "/api/chat/a/2/forward", {"to": "b"}, host)
    assert nothing.error == (410, "files_expired")
    assert nothing.json["error"]["message"] == "What was in this message has expired."
    there = hub.ask("POST", "/api/chat/a/3/forward", {"to": "b"}, host)
    assert [file["size"] for file in there.json["files"]] == [2]


def test_what_would_go_is_told_before(serve: Serve) -> None:
    hub = serve()
    host, session = hub.as_host("anna"), hub.session("bela")
    address = "/api/rooms/a/leaving"
    assert hub.ask("GET", address, None, session).json == {"files": 0, "bytes": 0}
    for name in ("f1", "f2"):
        assert hub.ask("PUT", f"/api/files/a/{name}", b"12", host).status == 201
    told = hub.ask("GET", f"{address}?days=30&bytes=3", None, session)
    assert told.json == {"files": 1, "bytes": 2}
    assert hub.ask("GET", f"{address}?days=30", None, session).json["files"] == 0
    assert hub.ask("GET", f"{address}?days=x", None, session).error == (400, "malformed")
    private = hub.ask("POST", "/api/rooms", {"kind": "private", "title": "Ours"}, session)
    address = f"/api/rooms/{private.json['room']}/leaving?bytes=1"
    assert hub.ask("GET", address, None, session).status == 200
    assert hub.ask("GET", address, None, host).error == (404, "no_such_room")
    entry = hub.ask("POST", "/api/rooms/a", {"do": "keep", "days": 7, "bytes": 99}, host)
    assert entry.status == 200
    told = hub.ask("GET", "/api/rooms/a", None, session)
    assert (told.json["keep_days"], told.json["keep_bytes"]) == (7, 99)
