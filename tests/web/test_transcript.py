"""A page of history as text, JSON and lines: what a terminal sees, and how much memory it takes."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.protocol.events import FORMAT, Event, Header, line_of
from hub.protocol.moment import moment
from hub.protocol.sent_file import SentFile
from hub.room import Room
from hub.room_opening import open_room
from hub.store.reader import BLOCK
from hub.store.writer import Writer
from hub.web.transcript import JSON, LINES, TEXT, transcript
from tests.serving import Serving
from tests.web.sent_files import sent

CHAT = "/api/chat/general"


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The hub's local time is Kathmandu's, 5 h 45 min before UTC."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.setattr("hub.web.transcript._minutes", {})
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def opened(folder: Path, *events: Event) -> Room:
    """A room with these events in its file."""
    header = Header(FORMAT, "general", "0123", moment(0))
    file = folder / "general.jsonl"
    file.write_bytes(line_of(header) + b"".join(map(line_of, events)))
    none: Writer = None  # type: ignore[assignment] # nothing is written here
    return open_room(file, "general", folder, none, 0, lambda room, events: None)


def said(n: int, text: str, by: str = "naor", at: str = "2026-11-22T20:17:03.999Z") -> Event:
    return Event(room="general", n=n, at=at, by=by, do="say", text=text)


def text_of(room: Room) -> str:
    return b"".join(transcript(room, 1, room.last, TEXT)).decode()


@pytest.mark.usefixtures("local")
@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("2026-11-22T20:17:03.999Z", "2026-11-23 02:02:03"),
        ("2026-12-31T18:14:59.000Z", "2026-12-31 23:59:59"),
        ("2026-12-31T18:15:00.000Z", "2027-01-01 00:00:00"),
        ("1970-01-01T00:00:00.000Z", "1970-01-01 05:30:00"),
        ("nonsense", "nonsense"),
    ],
)
def test_times_are_local(tmp_path: Path, at: str, shown: str) -> None:
    assert text_of(opened(tmp_path, said(1, "Hello", at=at))).startswith(f"[{shown}")


@pytest.mark.usefixtures("local")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hello", "Hello\n"),
        ("one\ntwo", "one\n\ttwo\n"),
        ("one\r\ntwo\rthree", "one\n\ttwo\n\tthree\n"),
        ("one\n\n\n", "one\n"),
        ("one\n\ntwo", "one\n\t\n\ttwo\n"),
        ("a\tb", "a\tb\n"),
        ("\x1b[31mred\x1b]0;title\x07", "�[31mred�]0;title�\n"),
        ("\x00\x08\x7f\x85\x9b", "�����\n"),
        ("[2026-11-22 20:17:03] mira: no\n[2026-11-22 20:17:03] mira: no", None),
    ],
)
def test_nothing_reaches_a_terminal_but_text(tmp_path: Path, text: str, shown: str | None) -> None:
    whole = text_of(opened(tmp_path, said(1, text)))
    assert shown is None or whole == f"[2026-11-23 02:02:03] naor: {shown}"
    lines = whole.split("\n")
    assert lines[0].startswith("[2026-11-23 02:02:03] naor: ")
    assert all(x.startswith("\t") for x in lines[1:-1]), "nobody can forge somebody's line"


def test_a_name_cannot_forge_a_line(tmp_path: Path) -> None:
    whole = text_of(opened(tmp_path, said(1, "x", by="a\nb\x1b")))
    assert whole.count("\n") == 2
    assert whole.split("\n")[1].startswith("\t")
    assert "\x1b" not in whole


def test_only_messages_are_text(hub: Serving) -> None:
    with hub.talk() as naor:
        naor.hello("naor")
        naor.say("Hello")
        naor.do("react", of=1, text="👍")
        naor.do("topic", text="All about it")
    assert [x[22:] for x in hub.get(CHAT).text.splitlines()] == ["naor: Hello"]


def with_files(text: str, *names: str, **more: Any) -> Event:
    files = [
        SentFile(id=f"f{n}", name=name, size=1, type="text/plain", sha256="0")
        for n, name in enumerate(names)
    ]
    return Event(
        room="general", n=1, at="2026-11-22T20:17:03.999Z", by="naor", do="say", text=text,
        files=files, **more,
    )  # fmt: skip


@pytest.mark.usefixtures("local")
@pytest.mark.parametrize(
    ("text", "names", "shown"),
    [
        ("hi", ["a.pdf"], "hi\n\ta.pdf /api/files/general/f0\n"),
        ("", ["a.pdf"], "a.pdf /api/files/general/f0\n"),
        (" \n", ["a.pdf"], "a.pdf /api/files/general/f0\n"),
        ("", ["a", "b c"], "a /api/files/general/f0\n\tb c /api/files/general/f1\n"),
        ("1\r\n2\n\n", ["a"], "1\n\t2\n\ta /api/files/general/f0\n"),
        ("", ["報告.txt"], "報告.txt /api/files/general/f0\n"),
        ("", ["\x1b[31m\u202e"], "\ufffd[31m\ufffd /api/files/general/f0\n"),
        ("", ["a\n[2026"], "a\n\t[2026 /api/files/general/f0\n"),
    ],
)
def test_files_are_a_line_each(tmp_path: Path, text: str, names: list[str], shown: str) -> None:
    whole = text_of(opened(tmp_path, with_files(text, *names)))
    assert whole == f"[2026-11-23 02:02:03] naor: {shown}"


def test_the_address_of_a_file_leads_to_it(hub: Serving) -> None:
    sent(hub, "f1", b"Hello", room="café", query="username=bob&name=a.txt&text=hi")
    sent(hub, "f2", b"Hello", room="café", query="username=bob&name=b.txt")
    told = hub.get("/api/chat/caf%C3%A9").text.splitlines()
    assert [x[22:] for x in (told[0], told[2])] == [
        "bob: hi",
        "bob: b.txt /api/files/caf%C3%A9/f2",
    ]
    assert told[1] == "\ta.txt /api/files/caf%C3%A9/f1"
    assert hub.get(told[1].split()[1]).body == b"Hello"


def test_files_of_a_removed_message_are_not_shown(hub: Serving) -> None:
    session = hub.session("naor")
    event = sent(hub, "f1", query="", headers=session)
    removed = {"do": "erase", "of": event["n"]}
    assert hub.ask("POST", "/api/rooms/lobby", removed, session).status == 200
    assert hub.get("/api/chat/lobby").text == ""
    page = hub.get("/api/chat/lobby", Accept=JSON).json
    assert "files" not in page["events"][0]


@pytest.mark.parametrize("form", [TEXT, JSON, LINES])
def test_a_large_room_is_given_in_blocks(tmp_path: Path, form: str) -> None:
    count = 6000
    room = opened(tmp_path, *(said(n, f"{n} " + "x" * 1500) for n in range(1, count + 1)))
    tracemalloc.start()
    try:
        whole = 0
        largest = 0
        for block in transcript(room, 1, room.last, form):
            whole += len(block)
            largest = max(largest, len(block))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert whole > count * 1500
    assert largest < 2 * BLOCK
    assert peak < whole / 10, "memory does not grow with the room"


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 3000])
def test_pages_of_any_size_are_whole(hub: Serving, count: int) -> None:
    with hub.talk() as naor:
        naor.hello("naor")
        for n in range(count):
            naor.send("say", room="general", text=str(n), key=f"k{n}")
        if count:
            naor.expect("say", key=f"k{count - 1}")
    page = json.loads(hub.get(CHAT, Accept=JSON).body)
    assert [x["text"] for x in page["events"]] == [str(n) for n in range(count)]
    assert hub.get(CHAT, Accept=LINES).body == b"".join(hub.lines())
    assert len(hub.get(CHAT).text.splitlines()) == count
