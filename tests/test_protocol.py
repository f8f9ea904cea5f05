import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import protocol
from hub.errors import Refused
from hub.protocol import Event

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def event(**members: object) -> Event:
    given = {"room": "general", "n": 17, "at": "2026-11-22T20:17:03.123Z", "by": "naor"}
    return Event(**{**given, "do": "say", **members})  # type: ignore[arg-type]


def test_a_line_is_what_the_contract_shows() -> None:
    line = protocol.line_of(event(who="p_1", text="Hello", key="k"))
    body, crc = line.split(b',"crc":')
    assert body == (
        b'{"room":"general","n":17,"at":"2026-11-22T20:17:03.123Z","by":"naor","who":"p_1",'
        b'"do":"say","text":"Hello","key":"k"'
    )
    assert crc == b'"%08x"}\n' % zlib.crc32(body)


@given(text=TEXT, by=TEXT, key=st.none() | TEXT, room=TEXT)
def test_any_text_comes_out_as_it_went_in(text: str, by: str, key: str | None, room: str) -> None:
    line = protocol.line_of(event(text=text, by=by, key=key, room=room))
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert protocol.intact(line)
    assert line.startswith(protocol.line_start(room))
    assert protocol.event_of(line) == event(text=text, by=by, key=key, room=room)
    assert json.loads(line)["text"] == text


@given(text=TEXT, at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_flipped_bit_is_found(text: str, at: int, bit: int) -> None:
    line = bytearray(protocol.line_of(event(text=text)))
    line[at % len(line)] ^= 1 << bit
    assert not protocol.intact(bytes(line))


@given(text=TEXT.filter(bool), key=st.none() | st.text("abc", min_size=1))
def test_a_blanked_line_keeps_its_length_and_all_but_its_text(text: str, key: str | None) -> None:
    line = protocol.line_of(event(text=text, key=key, who="p_1"))
    blank = protocol.blanked(line)
    assert len(blank) == len(line)
    assert protocol.intact(blank)
    members = protocol.members_of(blank)
    assert members.pop("erased", True) is True
    assert members == {**protocol.members_of(line), "text": ""}


def test_blanking_keeps_members_of_a_later_version() -> None:
    body = (
        b'{"room":"general","n":1,"at":"x","by":"a","do":"say",'
        b'"text":"a text of some length","mood":[1]}'
    )
    blank = protocol.blanked(protocol.sealed(body))
    assert protocol.members_of(blank)["mood"] == [1]


def test_blanking_refuses_what_would_not_fit() -> None:
    tight = protocol.sealed(b'{"n":1,"text":null}').replace(b"null", b"1")
    with pytest.raises(ValueError, match="tightly"):
        protocol.blanked(tight)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (b'{"do":"hello","name":"naor"}', protocol.Hello(name="naor")),
        (b'{"do":"hello"}', protocol.Hello()),
        (b'{"do":"join","room":"a","after":0}', protocol.Join(room="a", after=0)),
        (b'{"do":"leave","room":"a"}', protocol.Leave(room="a")),
        (b'{"do":"say","room":"a","text":"x","key":"k","re":3}',
         protocol.Say(room="a", text="x", key="k", re=3)),
        (b'{"do":"edit","room":"a","of":1,"text":"x"}', protocol.Edit(room="a", of=1, text="x")),
        (b'{"do":"erase","room":"a","of":1}', protocol.Erase(room="a", of=1)),
        (b'{"do":"react","room":"a","of":1,"text":"x"}', protocol.React(room="a", of=1, text="x")),
        (b'{"do":"pin","room":"a","of":1}', protocol.Pin(room="a", of=1)),
        (b'{"do":"topic","room":"a","text":"x"}', protocol.Topic(room="a", text="x")),
        (b'{"do":"typing","room":"a","later":1}', protocol.Typing(room="a")),
        (b'{"do":"seen","room":"a","n":0}', protocol.Seen(room="a", n=0)),
        (b'{"do":"dance"}', None),
        (b'{"x":1,"do":"wave","room":[]}', None),
    ],
)  # fmt: skip
def test_commands(line: bytes, command: protocol.Command | None) -> None:
    assert protocol.command(line) == command


@pytest.mark.parametrize(
    "line",
    [
        b"", b"x", b"{", b"[]", b"null", b"1", b'"say"', b"{}", b'{"do":1}', b'{"do":null}',
        b'{"do":"say"}', b'{"do":"say","room":"a"}', b'{"do":"say","room":1,"text":"x"}',
        b'{"do":"say","room":"a","text":null}', b'{"do":"say","room":"a","text":"x","key":""}',
        b'{"do":"say","room":"a","text":"x","key":"%s"}' % (b"k" * 129),
        b'{"do":"say","room":"a","text":"x","re":0}', b'{"do":"say","room":"a","text":"\\ud800"}',
        b'{"do":"say","room":"a","text":"\xff"}', b'{"do":"join","room":"a","after":-1}',
        b'{"do":"join","room":"a","after":1.5}', b'{"do":"join","room":"a","after":9e99}',
        b'{"do":"edit","room":"a","of":"1","text":"x"}', b"[" * 60_000, b'{"do":' * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_command_is_refused(line: bytes) -> None:
    with pytest.raises(Refused) as refused:
        protocol.command(line)
    assert refused.value.code == "malformed"
    assert refused.value.status == 400


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(line: bytes) -> None:
    try:
        protocol.command(line)
    except Refused:
        pass


def test_moment() -> None:
    assert protocol.moment(0) == "1970-01-01T00:00:00.000Z"
    assert protocol.moment(1795378623.1239) == "2026-11-22T20:17:03.123Z"
    assert protocol.moment(1795378623.9999) == "2026-11-22T20:17:03.999Z"
