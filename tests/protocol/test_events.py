import json
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.protocol.events import (
    Event,
    blanked,
    event_of,
    has_content,
    header_of,
    intact,
    line_of,
    line_start,
    members_of,
    sealed,
)
from hub.protocol.sent_file import SentFile

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def event(**members: object) -> Event:
    given = {"room": "general", "n": 17, "at": "2026-11-22T20:17:03.123Z", "by": "naor"}
    return Event(**{**given, "do": "say", **members})  # type: ignore[arg-type]


def test_a_line_is_what_the_contract_shows() -> None:
    line = line_of(event(who="p_1", text="Hello", key="k"))
    body, crc = line.split(b',"crc":')
    assert body == (
        b'{"room":"general","n":17,"at":"2026-11-22T20:17:03.123Z","by":"naor","who":"p_1",'
        b'"do":"say","text":"Hello","key":"k"'
    )
    assert crc == b'"%08x"}\n' % zlib.crc32(body)


@given(text=TEXT, by=TEXT, key=st.none() | TEXT, room=TEXT)
def test_any_text_comes_out_as_it_went_in(text: str, by: str, key: str | None, room: str) -> None:
    line = line_of(event(text=text, by=by, key=key, room=room))
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert intact(line)
    assert line.startswith(line_start(room))
    assert event_of(line) == event(text=text, by=by, key=key, room=room)
    assert json.loads(line)["text"] == text


@given(text=TEXT, at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_flipped_bit_is_found(text: str, at: int, bit: int) -> None:
    line = bytearray(line_of(event(text=text)))
    line[at % len(line)] ^= 1 << bit
    assert not intact(bytes(line))


@given(text=TEXT.filter(bool), key=st.none() | st.text("abc", min_size=1))
def test_a_blanked_line_keeps_its_length_and_all_but_its_text(text: str, key: str | None) -> None:
    line = line_of(event(text=text, key=key, who="p_1"))
    blank = blanked(line)
    assert len(blank) == len(line)
    assert intact(blank)
    members = members_of(blank)
    assert members.pop("erased", True) is True
    assert members == {**members_of(line), "text": ""}


def test_a_blanked_line_has_no_content() -> None:
    text = Event(room="general", n=1, at="x", by="naor", do="say", text="Hello")
    file = SentFile(id="f", name="a", size=1, type="text/plain", sha256="0")
    files = Event(room="general", n=1, at="x", by="naor", do="say", text="", files=[file])
    for line in map(line_of, (text, files)):
        assert has_content(line)
        assert not has_content(blanked(line))
        assert len(blanked(line)) == len(line)


def test_blanking_keeps_members_of_a_later_version() -> None:
    body = (
        b'{"room":"general","n":1,"at":"x","by":"a","do":"say",'
        b'"text":"a text of some length","mood":[1]}'
    )
    blank = blanked(sealed(body))
    assert members_of(blank)["mood"] == [1]


def test_blanking_refuses_what_would_not_fit() -> None:
    tight = sealed(b'{"n":1,"text":null}').replace(b"null", b"1")
    with pytest.raises(ValueError, match="tightly"):
        blanked(tight)


@pytest.mark.parametrize("decoded", [event_of, header_of, members_of])
@pytest.mark.parametrize("line", [b"", b"[]", b"{", b'{"room":' * 10_000])
def test_what_is_no_line_is_a_value_error(decoded: Callable[[bytes], object], line: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        decoded(line)


def test_a_line_has_content_with_a_text_or_files() -> None:
    file = SentFile(id="f1", name="secret.txt", size=1, type="text/plain", sha256="0" * 64)
    for text, files in (("words", None), ("", [file]), ("words", [file])):
        said = Event(room="a", n=1, at="", by="anna", do="say", text=text, files=files)
        line = line_of(said)
        assert has_content(line)
        after = blanked(line)
        assert not has_content(after)
        assert len(after) == len(line)
        assert b"secret" not in after
