"""Files are sent: in one request, with their message, and what is refused."""

from __future__ import annotations

import hashlib
import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from hub.errors import Refused
from hub.web import sending as views
from tests.conftest import Serve
from tests.patience import PATIENCE, until
from tests.serving import FORM, Serving
from tests.web.sent_files import (
    LOBBY,
    answered,
    chunked,
    curl,
    digest,
    head,
    offset,
    parts,
    put,
    sending,
    sent,
    stored,
    waiting,
)

NAMES = [
    "report.pdf",
    "Größe.txt",
    "報告書.txt",
    "отчёт.txt",
    "تقرير.txt",
    "דוח.txt",
    "रिपोर्ट.txt",
    "👩‍👩‍👧.txt",
    "a&b=c d+e%41.txt",
]


# -- one request ------------------------------------------------------------------------------


def test_a_file_comes_with_its_message(hub: Serving) -> None:
    answer = put(hub, "f1", b"Hello", "username=bob&name=hello.txt&text=Look")
    assert answer.status == 201
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Location"] == f"{LOBBY}/f1"
    assert answer.headers["Upload-Complete"] == "?1"
    assert answer.headers["Upload-Offset"] == "5"
    event = answer.json
    file = {
        "id": "f1",
        "name": "hello.txt",
        "size": 5,
        "type": "text/plain",
        "sha256": hashlib.sha256(b"Hello").hexdigest(),
    }
    assert event["files"] == [file]
    assert (event["do"], event["by"], event["text"]) == ("say", "bob", "Look")
    assert hub.lines("lobby") == [answer.body]
    assert stored(hub) == {"hello.txt": b"Hello"}
    assert parts(hub) == []
    assert hub.get(f"{LOBBY}/f1").body == b"Hello"


@pytest.mark.parametrize("name", [*NAMES, "a.b"])
def test_the_end_of_the_path_may_be_the_name(hub: Serving, name: str) -> None:
    """As `curl -T` asks, which appends the name of the file."""
    event = sent(hub, name)
    [file] = event["files"]
    assert file["name"] == name
    assert len(file["id"]) == 22
    assert stored(hub) == {name: b"Hello"}
    again = sent(hub, name)["files"][0]
    assert again["id"] != file["id"]
    stem, dot, extension = name.rpartition(".")
    assert again["name"] == f"{stem} (2){dot}{extension}"


def test_curl_sends_a_file(hub: Serving, tmp_path: Path) -> None:
    file = tmp_path / "my report.txt"
    file.write_bytes(b"x" * 3_000_000)
    url = f"{hub.url}{LOBBY}/?username=bob"
    told = curl("-T", str(file), url.replace("/?", "/my%20report.txt?"))
    assert '"name":"my report.txt","size":3000000' in told
    told = curl("-X", "PUT", "--data-binary", f"@{file}", url.replace("/?", "/f1?"))
    assert '"size":3000000,"type":"application/octet-stream"' in told


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_script(hub: Serving, name: str) -> None:
    by_query = sent(hub, "f1", query=f"username=bob&name={quote(name)}")
    assert by_query["files"][0]["name"] == name
    extended = f"attachment; filename*=UTF-8''{quote(name)}"
    by_header = sent(hub, "f2", Content_Disposition=extended, room="other")
    assert by_header["files"][0]["name"] == name
    raw = f'attachment; filename="{name}"'.encode().decode("latin-1")
    as_it_is = sent(hub, "f3", Content_Disposition=raw, room="third")
    assert as_it_is["files"][0]["name"] == name.replace('"', "_")


def test_the_query_wins_and_without_a_name_it_is_the_id(hub: Serving) -> None:
    told = "attachment; filename=b.txt"
    event = sent(hub, "f1", query="username=bob&name=a.txt", Content_Disposition=told)
    assert event["files"][0]["name"] == "a.txt"
    assert sent(hub, "f2")["files"][0]["name"] == "f2"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.txt", "y.txt"),
        ('a"b\r\nSet-Cookie: x.txt', "a_b Set-Cookie_ x.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("nul", "_nul"),
        (".", "file"),
        ("x" * 10_000 + ".txt", "x" * 236 + ".txt"),
    ],
)
def test_any_name_becomes_a_safe_one(hub: Serving, name: str, safe: str) -> None:
    event = sent(hub, "f1", query=f"username=bob&name={quote(name)}")
    assert event["files"][0]["name"] == safe
    assert list(stored(hub)) == [safe]
    answer = hub.get(f"{LOBBY}/f1?download=1")
    assert "\n" not in answer.headers["Content-Disposition"]


def test_a_name_of_10000_letters_in_the_path(hub: Serving) -> None:
    assert sent(hub, "x" * 10_000 + ".txt")["files"][0]["name"] == "x" * 236 + ".txt"


@pytest.mark.parametrize("kind", ["", FORM, "nonsense", "text/html", "image/png", "image/svg+xml"])
def test_what_is_declared_is_not_believed(hub: Serving, kind: str) -> None:
    event = sent(hub, "f1", b"<script>", Content_Type=kind)
    assert event["files"][0]["type"] == "application/octet-stream"


def test_what_nobody_knows_is_what_its_sender_says(hub: Serving) -> None:
    event = sent(hub, "f1", b"\0", Content_Type="application/x-thing; a=b")
    assert event["files"][0]["type"] == "application/x-thing"


def test_a_body_in_chunks(hub: Serving) -> None:
    with sending(hub, "Transfer-Encoding: chunked") as connection:
        connection.sendall(chunked([b"Hel", b"l", b"o" * 100_000]))
        answer = answered(connection)
    assert answer.status == 201
    assert answer.json["files"][0]["size"] == 100_004
    assert hub.get(f"{LOBBY}/f1").body == b"Hell" + b"o" * 100_000


@pytest.mark.parametrize("by_chunks", [False, True])
def test_an_empty_file(hub: Serving, by_chunks: bool) -> None:
    with sending(hub, "Transfer-Encoding: chunked" if by_chunks else "Content-Length: 0") as to:
        to.sendall(chunked([]) if by_chunks else b"")
        assert answered(to).json["files"][0]["size"] == 0
    answer = hub.get(f"{LOBBY}/f1")
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, b"", "0")
    assert hub.get(f"{LOBBY}/f1", Range="bytes=0-").error == (416, "range_unsatisfiable")


def test_a_body_without_a_length(hub: Serving) -> None:
    with sending(hub) as connection:
        assert answered(connection).error == (411, "no_length")
    assert head(hub).status == 404


def test_a_body_that_is_longer_than_it_says(hub: Serving) -> None:
    """What follows is another request, and no sound one."""
    with sending(hub, "Content-Length: 3") as connection:
        connection.sendall(b"Hello\r\n\r\n")
        assert answered(connection).json["files"][0]["size"] == 3
    assert stored(hub) == {"f1": b"Hel"}


def test_what_came_before_the_connection_was_lost_stays(hub: Serving) -> None:
    with sending(hub, "Content-Length: 8") as connection:
        connection.sendall(b"Hello")
        until(lambda: [x.stat().st_size for x in parts(hub)] == [5])
    until(lambda: offset(hub) == 5)
    assert head(hub).headers["Upload-Length"] == "8"
    assert hub.get(f"{LOBBY}/f1").error == (404, "no_such_file")


def test_what_came_of_a_file_without_an_id_is_dropped(hub: Serving) -> None:
    with sending(hub, "Content-Length: 8", id_="a.txt") as connection:
        connection.sendall(b"Hello")
        until(lambda: parts(hub))
    until(lambda: not parts(hub))


def test_one_connection_sends_one_file_after_another(hub: Serving) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=PATIENCE)
    for n in range(3):
        connection.request("PUT", f"{LOBBY}/f{n}?username=bob", bytes(100_000))
        answer = connection.getresponse()
        assert answer.status == 201
        assert answer.headers["Connection"] != "close"
        answer.read()
    connection.request("GET", f"{LOBBY}/f2")
    assert connection.getresponse().read() == bytes(100_000)
    connection.close()


def test_many_files_of_one_name_at_a_time(hub: Serving) -> None:
    with ThreadPoolExecutor(16) as pool:
        asked = [
            pool.submit(sent, hub, f"f{n}", b"%d" % n, query="username=bob&name=a.txt")
            for n in range(32)
        ]
        events = [x.result() for x in asked]
    names = [x["files"][0]["name"] for x in events]
    assert len(set(names)) == 32
    assert stored(hub) == {name: b"%d" % n for n, name in enumerate(names)}
    assert sorted(x["n"] for x in events) == list(range(1, 33))
    assert parts(hub) == []


# -- once more --------------------------------------------------------------------------------


def test_a_file_that_was_sent_can_be_sent_again(hub: Serving) -> None:
    first = put(hub)
    again = put(hub)
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Location"] == f"{LOBBY}/f1"
    assert len(hub.lines("lobby")) == 1


def test_the_id_is_taken(hub: Serving) -> None:
    sent(hub)
    for body, query in ((b"Hello", "username=eve"), (b"Hello!", "username=bob")):
        assert put(hub, "f1", body, query).error == (409, "file_id_taken")
    assert put(hub, Repr_Digest=digest(b"hello")).error == (409, "file_id_taken")
    assert put(hub, body=b"hello").error == (409, "file_id_taken")
    waiting(hub, "f2")
    assert put(hub, "f2", query="username=eve").error == (409, "file_id_taken")
    sent(hub, "f1", room="other")


def test_another_file_by_curl_whose_name_looks_like_an_id(hub: Serving, tmp_path: Path) -> None:
    file, url = tmp_path / "README", f"{hub.url}{LOBBY}/README?username=bob"
    named = f"{hub.url}{LOBBY}/another?username=bob&name=README"
    file.write_bytes(b"first" * 500_000)
    first = curl("-T", str(file), url)
    assert curl("-T", str(file), url) == first
    file.write_bytes(b"other" * 500_000)
    assert '"file_id_taken"' in curl("-T", str(file), url)
    assert '"name":"README (2)"' in curl("-T", str(file), named)
    assert len(hub.lines("lobby")) == 2


def test_what_is_sent_again_in_chunks_is_read_no_further_than_it_may_be(hub: Serving) -> None:
    sent(hub)
    for pieces, status in (([b"He", b"llo"], 200), ([b"He", b"ll!"], 409), ([b"Hell"], 409)):
        with sending(hub, "Transfer-Encoding: chunked") as connection:
            connection.sendall(chunked(pieces))
            assert answered(connection).status == status
    with sending(hub, "Transfer-Encoding: chunked") as connection:
        connection.sendall(b"6\r\nHello!\r\n")
        assert answered(connection).error == (409, "file_id_taken")


def test_what_is_sent_again_and_stops_is_given_up(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(hub)
    monkeypatch.setattr(views, "QUIET_SECONDS", 0.1)
    with sending(hub, "Content-Length: 5") as connection:
        connection.sendall(b"He")
        assert answered(connection).error == (408, "too_slow")


def test_a_file_that_has_no_message_yet_is_sent_anew(hub: Serving) -> None:
    waiting(hub, "f1", b"first")
    assert waiting(hub, "f1", b"second")["size"] == 6
    until(lambda: len(parts(hub)) == 1)
    assert head(hub).headers["Upload-Offset"] == "6"


def test_a_newer_request_ends_the_older_one(hub: Serving) -> None:
    with sending(hub, "Content-Length: 8") as connection:
        connection.sendall(b"Hello")
        until(lambda: parts(hub) and parts(hub)[0].stat().st_size)
        assert sent(hub, "f1", b"other")["files"][0]["size"] == 5
        assert answered(connection).error == (409, "taken_over")
    assert stored(hub) == {"f1": b"other"}


# -- its message ------------------------------------------------------------------------------


def test_a_file_waits_for_its_message(hub: Serving) -> None:
    answer = put(hub, "f1", b"Hello", "username=bob&announce=no&name=a.txt")
    assert answer.status == 201
    assert answer.json["name"] == "a.txt"
    assert "do" not in answer.json
    assert hub.lines("lobby") == []
    told = head(hub)
    assert (told.status, told.headers["Upload-Complete"]) == (204, "?1")
    assert hub.get(f"{LOBBY}/f1").error == (404, "no_such_file")
    event = hub.say("Look", "lobby", "bob", files=["f1"])
    assert event["files"] == [answer.json]
    assert hub.get(f"{LOBBY}/f1").body == b"Hello"


def test_a_text_that_is_too_long_is_refused_before_the_file_comes(hub: Serving) -> None:
    with sending(hub, "Content-Length: 1000") as connection:
        connection.sendall(b"x")
        until(lambda: parts(hub))
    query = "username=bob&text=" + "x" * 17_000
    assert put(hub, "f2", query=query).error == (413, "too_long")
    assert len(parts(hub)) == 1


def test_a_sender_who_is_too_fast_waits(serve: Serve) -> None:
    hub = serve(message_rate=5.0)
    started = time.monotonic()
    for n in range(14):
        sent(hub, f"f{n}")
    assert time.monotonic() - started > 0.4
    assert len(hub.lines("lobby")) == 14


def test_a_wait_that_is_too_short_to_be_told_is_waited_for(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of Windows wakes up to 16 ms too early."""
    own = hub.server._hub
    assert own is not None
    post, tries = own.post, list[str]()

    async def early(room: str, *given: Any) -> Any:
        tries.append(room)
        if len(tries) == 1:
            raise Refused("slow", "Wait a moment.", 429, 0.0)
        return await post(room, *given)

    monkeypatch.setattr(own, "post", early)
    assert sent(hub)["files"][0]["id"] == "f1"
    assert tries == ["lobby", "lobby"]


def test_slow_mode_is_waited_for_but_not_for_long(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = hub.as_host("mira")
    sent(hub, "f0", query="username=bob")
    slow = {"do": "slow", "seconds": 1}
    assert hub.ask("POST", "/api/rooms/lobby", slow, host).status == 200
    started = time.monotonic()
    sent(hub, "f1")
    sent(hub, "f2")
    assert time.monotonic() - started > 0.7
    monkeypatch.setattr(views, "WAIT_SECONDS", 0.01)
    with sending(hub, "Content-Length: 1000", id_="f3") as connection:
        answer = answered(connection)
    assert answer.error == (429, "slow")
    assert answer.headers["Retry-After"] == "1"
    waiting(hub, "f4")
