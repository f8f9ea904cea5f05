"""Any bytes at all, for the two readers that face strangers and broken disks.

`--fuzz N` says how many inputs each reader gets, bends of a file counted one by one; 50,000
without it.
"""

import contextlib
import logging
import random
import resource
from pathlib import Path

import pytest

from hub.errors import Refused
from hub.protocol import commands
from hub.protocol.events import Event, Header, event_of, intact, line_of
from hub.store.history import History
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
def test_lines_of_a_file(count: int, tmp_path: Path) -> None:
    """Files of bent lines: each opens, gives only whole events, and is well the second time."""
    logging.disable()
    chance = random.Random(3)
    file = tmp_path / "a.jsonl"
    lines = [
        line_of(Event(room="a", n=n, at="2026-01-01T00:00:00.000Z", by="x", do="say", text="t"))
        for n in range(1, 6)
    ]
    header = line_of(Header(1, "a", "id", "2026-01-01T00:00:00.000Z"))
    done = 0
    while done < count:
        bent = bytearray(b"".join([header, *lines]))
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
            done += 1
            if not bent:
                break
        file.write_bytes(bent)
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


def _next(history: History) -> list[bytes]:
    return [
        line_of(
            Event(
                room="a", n=history.last + 1, at="2026-01-01T00:00:00.000Z", by="x", do="say",
                text="after",
            )
        )
    ]  # fmt: skip
