import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Refused
from hub.protocol import commands
from hub.protocol.commands import (
    Command,
    Edit,
    End,
    Erase,
    Hello,
    Join,
    Leave,
    Look,
    Pin,
    React,
    Reads,
    Say,
    Seen,
    Title,
    Topic,
    Typing,
    Vote,
)
from hub.protocol.polls import Poll


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (b'{"do":"hello","name":"naor"}', Hello(name="naor")),
        (b'{"do":"hello"}', Hello()),
        (b'{"do":"join","room":"a","after":0}', Join(room="a", after=0)),
        (b'{"do":"leave","room":"a"}', Leave(room="a")),
        (b'{"do":"say","room":"a","text":"x","key":"k","re":3}',
         Say(room="a", text="x", key="k", re=3)),
        (b'{"do":"edit","room":"a","of":1,"text":"x"}', Edit(room="a", of=1, text="x")),
        (b'{"do":"erase","room":"a","of":1}', Erase(room="a", of=1)),
        (b'{"do":"react","room":"a","of":1,"text":"x"}', React(room="a", of=1, text="x")),
        (b'{"do":"pin","room":"a","of":1}', Pin(room="a", of=1)),
        (b'{"do":"say","room":"a","text":"x","poll":{"answers":["y","n"],"many":true}}',
         Say(room="a", text="x", poll=Poll(answers=["y", "n"], many=True))),
        (b'{"do":"vote","room":"a","of":1,"choice":[2]}', Vote(room="a", of=1, choice=[2])),
        (b'{"do":"end","room":"a","of":1}', End(room="a", of=1)),
        (b'{"do":"topic","room":"a","text":"x"}', Topic(room="a", text="x")),
        (b'{"do":"look","room":"a","icon":"x"}', Look(room="a", icon="x")),
        (b'{"do":"typing","room":"a","later":1}', Typing(room="a")),
        (b'{"do":"seen","room":"a","n":0}', Seen(room="a", n=0)),
        (b'{"do":"reads","room":"a"}', Reads(room="a")),
        (b'{"do":"dance"}', None),
        (b'{"x":1,"do":"wave","room":[]}', None),
    ],
)  # fmt: skip
def test_each_command_is_decoded(line: bytes, command: Command | None) -> None:
    assert commands.decode(line) == command


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
        b'{"do":"follow","people":["%s"]}' % (b"p" * 65),
    ],
)  # fmt: skip
def test_anything_else_is_refused(line: bytes) -> None:
    with pytest.raises(Refused) as refused:
        commands.decode(line)
    assert refused.value.code == "malformed"
    assert refused.value.status == 400


@given(st.binary(max_size=300))
def test_no_bytes_break_the_decoder(line: bytes) -> None:
    try:
        commands.decode(line)
    except Refused:
        pass


class TestOverHttp:
    """Commands that change a room whose name is in the path."""

    def test_the_path_names_the_room(self) -> None:
        line = b'{"do":"title","text":"x","room":"other","later":1}'
        assert commands.decode_change(line, "a") == Title(room="a", text="x")
        assert commands.decode_change(b'{"do":"seen","n":3}', "a") == Seen(room="a", n=3)

    @pytest.mark.parametrize(
        "line", [b"{}", b'{"do":"say","text":"x"}', b'{"do":"dance"}', b'{"do":"edit","of":0}']
    )
    def test_no_change_of_a_room_is_invalid(self, line: bytes) -> None:
        with pytest.raises(Refused) as refused:
            commands.decode_change(line, "a")
        assert (refused.value.code, refused.value.status) == ("invalid", 422)

    @pytest.mark.parametrize("line", [b"", b"{", b"\xff", b'{"do":' * 10_000])
    def test_no_json_is_malformed(self, line: bytes) -> None:
        with pytest.raises(Refused) as refused:
            commands.decode_change(line, "a")
        assert (refused.value.code, refused.value.status) == ("malformed", 400)


@pytest.mark.parametrize(
    ("line", "key", "room"),
    [
        (b'{"do":"dance","key":"k","room":"a"}', "k", "a"),
        (b'{"key":1,"room":["a"]}', None, None),
        (b'{"key":"\\ud800","room":"a"}', None, "a"),
        (b'{"key":NaN,"room":"a"}', None, "a"),
        (b"[]", None, None),
        (b"{", None, None),
        (b'{"do":' * 100_000, None, None),
    ],
)
def test_a_refusal_is_labelled_with_what_can_be_read(
    line: bytes, key: str | None, room: str | None
) -> None:
    assert commands.labels(line) == (key, room)
