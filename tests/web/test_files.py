"""Files are fetched: whole and in parts, listed, by many at a time, and when they are gone."""

from __future__ import annotations

import email
import errno
import hashlib
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from hub.files.room_folder import RoomFolder
from hub.web import files as views
from tests.files.pictures import png
from tests.patience import PATIENCE
from tests.serving import Serving
from tests.web.sent_files import LOBBY, head, is_shut, sent, stored, waiting
from tests.windows import has_mode

BODY = bytes(range(256)) * 4
TAG = f'"{hashlib.sha256(BODY).hexdigest()}"'


@pytest.fixture
def there(hub: Serving) -> str:
    """The address of a file of 1024 bytes."""
    sent(hub, "f1", BODY, query="username=bob&name=data.bin")
    return f"{LOBBY}/f1"


# -- whole and in parts -----------------------------------------------------------------------


def test_a_file_is_fetched(hub: Serving, there: str) -> None:
    answer = hub.get(there)
    assert (answer.status, answer.body) == (200, BODY)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Length"] == "1024"
    assert answer.headers["ETag"] == TAG
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Disposition"] == "attachment; filename=data.bin"
    is_shut(answer)


def test_its_head_is_the_same(hub: Serving, there: str) -> None:
    whole, head_ = hub.get(there), hub.ask("HEAD", there)
    assert (head_.status, head_.body) == (200, b"")
    for answer in (whole, head_):
        del answer.headers["Date"]
    assert head_.headers.items() == whole.headers.items()
    part = hub.ask("HEAD", there, Range="bytes=0-1")
    assert (part.status, part.headers["Content-Length"]) == (200, "1024")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, 1023),
        ("bytes=5-9", 5, 9),
        ("bytes=1000-5000", 1000, 1023),
        ("bytes=1023-", 1023, 1023),
        ("bytes=-10", 1014, 1023),
        ("bytes=-5000", 0, 1023),
        ("bytes=5-9,5000-", 5, 9),
        ("bytes=5000-,-1", 1023, 1023),
    ],
)
def test_one_range(hub: Serving, there: str, asked: str, start: int, end: int) -> None:
    answer = hub.get(there, Range=asked)
    assert (answer.status, answer.body) == (206, BODY[start : end + 1])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end}/1024"
    assert answer.headers["Content-Length"] == str(end - start + 1)
    assert answer.headers["ETag"] == TAG
    is_shut(answer)


def test_several_ranges(hub: Serving, there: str) -> None:
    answer = hub.get(there, Range="bytes=0-9, 100-199,-4")
    assert answer.status == 206
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert "Content-Range" not in answer.headers
    is_shut(answer)
    kind = answer.headers["Content-Type"]
    told = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + answer.body)
    parts: Any = told.get_payload()
    assert [x.get_payload(decode=True) for x in parts] == [BODY[:10], BODY[100:200], BODY[-4:]]
    assert [x["Content-Range"] for x in parts] == [
        "bytes 0-9/1024", "bytes 100-199/1024", "bytes 1020-1023/1024",
    ]  # fmt: skip
    assert {x["Content-Type"] for x in parts} == {"application/octet-stream"}


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-9,5-19",
        "bytes=100-199,0-9",
        "bytes=" + ",".join(f"{n}-{n}" for n in range(1000)),
        "bytes=9-5",
        "bytes=x",
        "bytes=",
        "lines=0-1",
        "",
    ],
    ids=range(8),
)
def test_ranges_that_are_not_answered(hub: Serving, there: str, asked: str) -> None:
    answer = hub.get(there, Range=asked)
    assert (answer.status, answer.body) == (200, BODY)


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_outside(hub: Serving, there: str, asked: str) -> None:
    answer = hub.get(there, Range=asked)
    assert answer.error == (416, "range_unsatisfiable")
    assert answer.headers["Content-Range"] == "bytes */1024"
    is_shut(answer)


def test_a_range_of_what_one_has_already(hub: Serving, there: str) -> None:
    assert hub.get(there, Range="bytes=0-1", If_Range=TAG).status == 206
    for other in ('"x"', f"W/{TAG}", "Sun, 29 Nov 2026 10:00:00 GMT"):
        answer = hub.get(there, Range="bytes=0-1", If_Range=other)
        assert (answer.status, answer.body) == (200, BODY)


@pytest.mark.parametrize("known", [TAG, f"W/{TAG}", f'"x", {TAG}', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_known_is_not_sent_again(hub: Serving, there: str, method: str, known: str) -> None:
    answer = hub.ask(method, there, None, If_None_Match=known, Range="bytes=0-1")
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["ETag"] == TAG
    assert hub.get(there, If_None_Match='"x"').status == 200


def test_one_connection_fetches_one_file_after_another(hub: Serving, there: str) -> None:
    request = f"GET {there} HTTP/1.1\r\nHost: {hub.name}\r\nRange: bytes=0-1\r\n"
    last = f"{request}Connection: close\r\n\r\n"
    told = hub.raw((f"{request}\r\n" * 3 + last).encode())
    assert told.count(b"\r\n\r\n\x00\x01") == 4


# -- gone -------------------------------------------------------------------------------------


def test_a_file_that_somebody_took_away(hub: Serving, there: str) -> None:
    [file] = (hub.path / "files" / "lobby").iterdir()
    file.rename(file.with_name("other"))
    assert hub.get(there).error == (410, "file_gone")
    assert hub.ask("HEAD", there).status == 410
    file.write_bytes(BODY + b"x")
    assert hub.get(there).error == (410, "file_gone")
    file.unlink()
    file.symlink_to(file.with_name("other"))
    assert hub.get(there).error == (410, "file_gone")
    file.unlink()
    os.mkfifo(file)
    assert hub.get(there).error == (410, "file_gone")
    file.unlink()
    file.mkdir()
    assert hub.get(there).error == (410, "file_gone")
    file.rmdir()
    file.with_name("other").rename(file)
    assert hub.get(there).body == BODY


def test_a_folder_that_is_a_link(hub: Serving, there: str, tmp_path: Path) -> None:
    folder = hub.path / "files" / "lobby"
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert hub.get(there).error == (410, "file_gone")


def test_a_file_whose_message_was_removed(hub: Serving) -> None:
    session = hub.session("naor")
    event = sent(hub, "f1", query="", headers=session)
    removed = {"do": "erase", "of": event["n"]}
    assert hub.ask("POST", "/api/rooms/lobby", removed, session).status == 200
    assert hub.get(f"{LOBBY}/f1").error == (404, "no_such_file")
    assert hub.get(f"{LOBBY}/f1/preview").error == (404, "no_such_file")
    assert hub.get(LOBBY).json == {"files": [], "more": False}
    for _ in range(500):
        if not stored(hub):
            break
        time.sleep(0.02)
    assert stored(hub) == {}


def test_a_file_that_is_not_there(hub: Serving) -> None:
    hub.say("x", "lobby")
    for room in ("lobby", "new-room"):
        assert hub.get(f"/api/files/{room}/f1").error == (404, "no_such_file")
        assert hub.get(f"/api/files/{room}/f1/preview").error == (404, "no_such_file")
        assert hub.ask("HEAD", f"/api/files/{room}/f1").status == 404
    assert head(hub, "a%20b").status == 404


# -- lists ------------------------------------------------------------------------------------


def test_the_files_of_a_room(hub: Serving) -> None:
    session = hub.session("naor")
    first = sent(hub, "f1", query="", headers=session)
    hub.say("between", "lobby")
    for n in range(3):
        waiting(hub, f"g{n}")
    second = hub.say("three", "lobby", "bob", files=["g0", "g1", "g2"])
    third = sent(hub, "f3")
    answer = hub.get(LOBBY)
    assert answer.headers["Cache-Control"] == "no-store"
    assert [x["id"] for x in answer.json["files"]] == ["f3", "g0", "g1", "g2", "f1"]
    assert answer.json["more"] is False
    oldest = answer.json["files"][-1]
    own = {x: first[x] for x in ("n", "at", "by", "who")}
    assert oldest == first["files"][0] | own
    assert "who" not in answer.json["files"][0]

    def listed(query: str) -> tuple[list[str], bool]:
        told = hub.get(f"{LOBBY}?{query}").json
        return [x["id"] for x in told["files"]], told["more"]

    assert listed("limit=1") == (["f3"], True)
    assert listed("limit=3") == (["f3"], True)
    assert listed("limit=4") == (["f3", "g0", "g1", "g2"], True)
    assert listed("limit=5")[1] is False
    assert listed("limit=0") == (["f3"], True)
    assert listed(f"before={third['n']}&limit=1") == (["g0", "g1", "g2"], True)
    assert listed(f"before={second['n']}") == (["f1"], False)
    assert listed("before=1") == ([], False)
    assert listed("before=0") == ([], False)
    for query in ("limit=x", "before=-1", "limit=" + "9" * 17):
        assert hub.get(f"{LOBBY}?{query}").error == (400, "malformed")


def test_the_list_tells_which_files_are_gone(hub: Serving) -> None:
    for n in range(5):
        sent(hub, f"f{n}")
    folder = hub.path / "files" / "lobby"
    (folder / "f1").unlink()
    (folder / "f2").write_bytes(b"changed")
    (folder / "f3").unlink()
    (folder / "f3").symlink_to(folder / "f0")
    told = hub.get(LOBBY).json["files"]
    assert [x["id"] for x in told if x.get("gone")] == ["f3", "f2", "f1"]
    assert "gone" not in told[0]


def test_a_room_without_files(hub: Serving) -> None:
    assert hub.get("/api/files/new-room").json == {"files": [], "more": False}
    hub.say("x", "lobby")
    assert hub.get(LOBBY).json == {"files": [], "more": False}
    assert hub.get("/api/files/private-0123456789abcdef").error == (404, "no_such_room")


def test_files_of_a_private_room_are_for_members(hub: Serving) -> None:
    naor, mira, eve = (hub.session(x) for x in ("naor", "mira", "eve"))
    room = hub.ask("POST", "/api/rooms", {"kind": "private", "title": "Den"}, naor).json["room"]
    who = hub.ask("GET", "/api/me", None, mira).json["person"]["who"]
    there = f"/api/rooms/{room}"
    assert hub.ask("POST", there, {"do": "invite", "whom": who}, naor).status == 200
    sent(hub, "f1", png(2, 3), query="announce=no&name=a.png", headers=naor, room=room)
    preview_ = f"/api/files/{room}/f1/preview"
    assert hub.ask("PUT", preview_, png(2, 3), naor).status == 204
    said = hub.ask("POST", f"/api/chat/{room}", {"msg": "", "files": ["f1"]}, naor)
    assert said.status == 201, said.text
    paths = [f"/api/files/{room}", f"/api/files/{room}/f1", preview_]

    def seen(headers: dict[str, str]) -> set[int]:
        return {hub.ask(x, y, None, headers).status for x in ("GET", "HEAD") for y in paths}

    assert seen(naor) == seen(mira) == {200}
    assert seen(eve) == seen({}) == {404}
    for path in paths:
        assert hub.get(path).error == (404, "no_such_room")
    assert hub.ask("POST", there, {"do": "remove", "whom": who}, naor).status == 200
    assert seen(mira) == {404}
    assert seen(naor) == {200}
    assert [has_mode(x, 0o600) for x in (hub.path / "files" / room).iterdir()] == [True]


# -- many at a time ---------------------------------------------------------------------------


def test_slow_readers_hold_up_nobody(hub: Serving) -> None:
    size = 50 << 20
    sent(hub, "f1", bytes(size))
    request = f"GET {LOBBY}/f1 HTTP/1.1\r\nHost: {hub.name}\r\n\r\n".encode()
    readers: list[socket.socket] = []
    threads = threading.active_count()
    try:
        for _ in range(64):
            reader = socket.socket()
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
            reader.connect(("127.0.0.1", hub.port))
            readers.append(reader)
            reader.sendall(request)
        for reader in readers:
            assert reader.recv(1000).startswith(b"HTTP/1.1 200 ")
        assert threading.active_count() <= threads + 8, "one thread for each would be 64"
        started = time.monotonic()
        assert hub.get("/api/health").status == 200
        assert time.monotonic() - started < 0.5
        assert hub.get(f"{LOBBY}/f1", Range="bytes=0-9").body == bytes(10)
    finally:
        for reader in readers:
            reader.close()


def test_so_many_are_fetched_at_a_time(
    hub: Serving, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "OPEN", 0)
    answer = hub.get(there)
    assert answer.error == (503, "busy")
    assert answer.headers["Retry-After"] == "2"


def test_those_that_are_being_opened_count(
    hub: Serving, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, go_on = RoomFolder.open_whole, threading.Event()

    def open_whole(self: RoomFolder, name: str, size: int) -> FileIO:
        assert go_on.wait(PATIENCE)
        return real(self, name, size)

    monkeypatch.setattr(views, "OPEN", 3)
    monkeypatch.setattr(RoomFolder, "open_whole", open_whole)
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(hub.get, there) for _ in range(4)]
        first = next(as_completed(answers, 20)).result()
        go_on.set()
    assert first.error == (503, "busy")
    assert sorted(x.result().status for x in answers) == [200, 200, 200, 503]
    assert hub.get(there).status == 200


def test_a_lack_of_descriptors_passes(
    hub: Serving, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is not gone."""

    def none_left(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as lacking:
        lacking.setattr(views, "OPEN", 1)
        lacking.setattr(RoomFolder, "open_whole", none_left)
        for _ in range(2):
            assert hub.get(there).error == (503, "busy")
    assert hub.get(there).status == 200


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="does not show what is open")
def test_no_descriptor_is_kept(hub: Serving, there: str) -> None:
    def open_() -> int:
        return sum("data.bin" in os.readlink(f"/proc/self/fd/{x}") for x in fds())

    def fds() -> list[str]:
        return [x for x in os.listdir("/proc/self/fd") if os.path.lexists(f"/proc/self/fd/{x}")]

    for headers in ({}, {"Range": "bytes=0-1"}, {"Range": "bytes=9999-"}, {"If-None-Match": TAG}):
        hub.ask("GET", there, None, headers)
        hub.ask("HEAD", there, None, headers)
    hub.raw(f"GET {there} HTTP/1.0\r\nHost: {hub.name}\r\n\r\n".encode())
    for _ in range(200):
        if not open_():
            break
        time.sleep(0.02)
    assert open_() == 0
