"""Any bytes at all, for the readers that face strangers and broken disks.

`--fuzz N` says how many inputs each reader gets; 50,000 without it. A bent file counts as ten, and
a journal with the file of its room as fifty, as each takes so much longer.
"""

import contextlib
import logging
import random
import shutil
from pathlib import Path

import pytest

from hub.errors import Refused
from hub.protocol import commands
from hub.protocol.events import Event, Header, event_of, intact, line_of
from hub.store import disk
from hub.store.history import History
from hub.store.journal import NAMES, Group, Journal
from hub.store.replay import replay
from hub.web.wire.request_head import Malformed, parse

WORDS = [
    b'{"do":"say"', b'"room":"a"', b'"text":"x"', b'"key":"k"', b'"of":1', b'"n":1', b"{", b"}",
    b"[", b"]", b",", b":", b'"', b"\\u0000", b"\\ud800", b"\xff", b"\0", b"1e999", b"-0",
    b"null", b"true", b'"do":"join"', b'"after":0', b'"do":"hello"', b'"name":"a"', b"9" * 30,
]  # fmt: skip
HEADS = [
    b"GET / HTTP/1.1", b"POST /api/chat/a HTTP/1.1", b"\r\n", b"\n", b"\r", b"Host: a", b": ",
    b"\0",
    b"Content-Length: 1", b"Transfer-Encoding: chunked", b" ", b"\t", b"\xff", b"X", b"0x1", b"+1",
]  # fmt: skip


@pytest.fixture
def count(request: pytest.FixtureRequest) -> int:
    given = request.config.getoption("--fuzz")
    assert isinstance(given, int | None)
    return given or 50_000


def made(chance: random.Random, words: list[bytes]) -> bytes:
    """Words of the language in any order, some of them bent."""
    text = bytearray(b"".join(chance.choices(words, k=chance.randrange(12))))
    for _ in range(chance.randrange(3)):
        if text:
            text[chance.randrange(len(text))] = chance.randrange(256)
    return bytes(text)


def memory() -> int:
    """The largest this process has been, in KiB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_commands(count: int) -> None:
    chance = random.Random(1)
    for _ in range(1000):
        _command(made(chance, WORDS))
    before = memory()
    for _ in range(count):
        _command(made(chance, WORDS))
    assert memory() - before < 20_000


def _command(line: bytes) -> None:
    try:
        commands.decode(line)
    except Refused as refused:
        assert refused.status == 400


def test_heads_of_requests(count: int) -> None:
    chance = random.Random(2)
    for _ in range(count):
        with contextlib.suppress(Malformed):
            parse(made(chance, HEADS) + b"\r\n\r\n")


@pytest.mark.slow
def test_lines_of_a_file(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of bent lines: each opens, gives only whole events, and is well the second time."""
    logging.disable()
    monkeypatch.setattr(disk, "sync_file", lambda fd: None)
    monkeypatch.setattr(disk, "sync_folder", lambda folder: None)
    chance = random.Random(3)
    file = tmp_path / "a.jsonl"
    lines = [
        line_of(Event(room="a", n=n, at="2026-01-01T00:00:00.000Z", by="x", do="say", text="t"))
        for n in range(1, 6)
    ]
    header = line_of(Header(1, "a", "id", "2026-01-01T00:00:00.000Z"))
    for _ in range(count // 10):
        _anew(file, _bent(b"".join([header, *lines]), lines, chance))
        try:
            history = History.open(file, "a", tmp_path / "torn")
        except Refused:  # the header names another room, and is whole: none of this is ours
            continue
        got = list(history.lines(1, history.last))
        assert all(intact(line) for line in got)
        numbers = [event_of(line).n for line in got]
        assert numbers == sorted(set(numbers))
        history.write([b"".join(_next(history))])
        history.sync()
        history.publish()
        last = history.last
        history.close()
        again = History.open(file, "a", tmp_path / "torn")
        assert again.last == last
        again.close()
    logging.disable(logging.NOTSET)


def _anew(file: Path, data: bytes) -> None:
    """A new file in its place: ext4 writes one to the disk at once that was cut to nothing."""
    file.unlink(missing_ok=True)
    file.write_bytes(data)


def _bent(data: bytes, lines: list[bytes], chance: random.Random) -> bytes:
    """The data with some of it changed, removed, or put in: bytes, or one of the lines."""
    bent = bytearray(data)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(bent))
        kind = chance.randrange(4)
        if kind == 0:
            bent[at] = chance.randrange(256)
        elif kind == 1:
            del bent[at : at + chance.randrange(200)]
        elif kind == 2:
            bent[at:at] = chance.randbytes(chance.randrange(50))
        else:
            bent[at:at] = chance.choice(lines)
        if not bent:
            break
    return bytes(bent)


@pytest.mark.slow
def test_journals(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bent journals, and files of which an end is missing: nothing that is there is harmed."""
    logging.disable()
    monkeypatch.setattr(disk, "sync_file", lambda fd: None)
    chance = random.Random(4)
    file, torn = tmp_path / "a.jsonl", tmp_path / "torn"
    lines = [
        line_of(Event(room="a", n=n, at="2026-01-01T00:00:00.000Z", by="x", do="say", text="t" * n))
        for n in range(1, 9)
    ]
    header = line_of(Header(1, "a", "id", "2026-01-01T00:00:00.000Z"))
    ends = [len(header)]
    for line in lines:
        ends.append(ends[-1] + len(line))
    journal = Journal(tmp_path)
    for first, last in ((2, 4), (4, 5), (5, 8)):
        journal.append([Group("a", "id", ends[first], lines[first:last])])
    journal.close()
    whole = (tmp_path / NAMES[0]).read_bytes().rstrip(b"\n")
    (tmp_path / NAMES[1]).unlink()
    for _ in range(count // 50):
        there = chance.randrange(2, 9)
        _anew(file, b"".join([header, *lines])[: ends[there] - chance.choice((0, 0, 1, 30))])
        _anew(tmp_path / NAMES[0], _bent(whole, lines, chance))
        assert replay(tmp_path, lambda room: tmp_path / f"{room}.jsonl", torn) == {}
        history = History.open(file, "a", torn)
        got = list(history.lines(1, history.last))
        history.close()
        assert got[: there - 1] == lines[: there - 1]
        assert [line for line in got if line not in lines] == []
    shutil.rmtree(torn, ignore_errors=True)
    logging.disable(logging.NOTSET)


def _next(history: History) -> list[bytes]:
    return [
        line_of(
            Event(
                room="a", n=history.last + 1, at="2026-01-01T00:00:00.000Z", by="x", do="say",
                text="after",
            )
        )
    ]  # fmt: skip
