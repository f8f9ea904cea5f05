"""Forms and queries are decoded as the standard library does, in bounded time and memory."""

from __future__ import annotations

import socket
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web import forms
from hub.web.forms import fields, first
from tests.conftest import Launch
from tests.serving import FORM

if sys.platform != "win32":
    import resource

LARGE = 190_000


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (b"", {}),
        (b"a=b", {"a": ["b"]}),
        (b"a=1&b=&a=2&c&&=x", {"a": ["1", "2"], "b": [""], "c": [""], "": ["x"]}),
        (b"a=b=c", {"a": ["b=c"]}),
        (b"a+b=c+d%20%2B", {"a b": ["c d +"]}),
        (b"a=%", {"a": ["%"]}),
        (b"a=100%&b=%zz%4", {"a": ["100%"], "b": ["%zz%4"]}),
        (b"a=%%41%4%41", {"a": ["%A%4A"]}),
        (b"%D7%a9=%f0%9f%94%a5", {"ש": ["🔥"]}),
        ("ש=שלום".encode(), {"ש": ["שלום"]}),
        (b"a=%26%3D", {"a": ["&="]}),
        (b"&" * 63 + b"a=b", {"a": ["b"]}),
        (b"&" * 64 + b"a=b", {}),
        (b"a=b" + b"&c=d" * 100, {"a": ["b"], "c": ["d"] * 63}),
    ],
)
def test_fields_are_decoded(data: bytes, read: dict[str, list[str]]) -> None:
    assert fields(data) == read


@pytest.mark.parametrize("data", [b"a=%ff", b"%ff=a", b"a=%ed%a0%80", b"a=\xff", b"a=b&c=%c3"])
def test_invalid_utf8_is_an_error(data: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        fields(data)
    assert fields(data, "replace")


def test_the_first_of_several() -> None:
    assert first(b"a=1&b=%ff&a=2", "a") == "1"
    assert first(b"a=1&b=%ff&a=2", "b") == "\ufffd"
    assert first(b"a=1", "c") is None


@given(st.lists(st.tuples(st.text(), st.text()), max_size=20))
def test_decoding_reverses_what_browsers_encode(pairs: list[tuple[str, str]]) -> None:
    sound = [(x.encode("utf-8", "ignore").decode(), y) for x, y in pairs]
    data = "&".join(
        f"{quote_plus(x, errors='ignore')}={quote_plus(y, errors='ignore')}" for x, y in sound
    )
    expected: dict[str, list[str]] = {}
    for x, y in sound:
        expected.setdefault(x, []).append(y.encode("utf-8", "ignore").decode())
    assert fields(data.encode()) == expected


@pytest.mark.parametrize("piece", [3, 4, 7, 1 << 12])
@given(text=st.text("%4142ae=&+ g", max_size=60))
def test_it_is_read_as_the_standard_library_reads_it(text: str, piece: int) -> None:
    """For all escapes, wherever a piece ends."""
    before, forms.PIECE = forms.PIECE, piece
    try:
        expected = parse_qs(text, keep_blank_values=True, errors="replace")
        assert fields(text.encode(), "replace") == expected
    finally:
        forms.PIECE = before


@pytest.mark.parametrize("one", [b"%", b"%41", b"%41a", b"%41ab", b"%d7%a9", b"%4", b"a", b"+"])
def test_a_large_form_takes_little_memory(one: bytes) -> None:
    """A copy or two of it, and no object for each character."""
    data = b"msg=" + one * (LARGE // len(one))
    tracemalloc.start()
    try:
        read = fields(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(read["msg"][0]) > 1000
    assert peak < 5 * LARGE


def test_each_run_of_escapes_is_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts what takes time; percent signs that escape nothing take none."""
    steps = 0

    def unescaped(escapes: object) -> bytes:
        nonlocal steps
        steps += 1
        return really(escapes)  # type: ignore[arg-type]

    really = forms._unescaped
    monkeypatch.setattr(forms, "_unescaped", unescaped)
    fields(b"msg=" + b"%" * LARGE)
    assert steps == 0
    fields(b"msg=" + b"%d7%a9" * (LARGE // 6))
    assert steps < 100


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells what it holds")
def test_forms_of_percent_signs_leave_nothing_behind(launch: Launch) -> None:
    """Sixty at once, as an attacker would send them, to Hearth as it is started."""
    hearth = launch("--set", "message_rate=0")
    hearth.ready()
    body = b"msg=" + b"%" * LARGE
    head = (
        "POST /api/chat/general?username=guest%d HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
    )

    def held() -> int:
        pages = Path(f"/proc/{hearth.process.pid}/statm").read_text().split()[1]
        return int(pages) * resource.getpagesize()

    def send(number: int) -> bytes:
        with socket.create_connection(("127.0.0.1", hearth.port), timeout=60) as connection:
            connection.sendall((head % number).encode() + body)
            return connection.recv(12)

    assert send(0) == b"HTTP/1.1 413"
    before = held()
    with ThreadPoolExecutor(60) as pool:
        assert list(pool.map(send, range(60))) == [b"HTTP/1.1 413"] * 60
    assert held() - before < 32 << 20


def test_nothing_else_reads_a_query() -> None:
    """Werkzeug's `args` take long for what is made to take long."""
    web = Path(forms.__file__).parent
    assert [x.name for x in web.glob("*.py") if "request.args" in x.read_text("utf-8")] == []
