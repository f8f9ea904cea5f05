"""Frames of RFC 6455, compared with the parser of the websockets library."""

import struct
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import OPEN, Protocol
from websockets.protocol import SERVER as SERVER_SIDE

from hub.web.wire import ws_frames
from hub.web.wire.ws_frames import FrameParser, ProtocolError, close_payload, frame

MOST = 1000
MASK = b"\x01\x80\xff\x37"

Told = tuple[list[tuple[int, bytes]], int]
"""What was parsed, and the close code of the error that ended it; 0 where there was none."""


def masked(first: int, payload: bytes, size: int | None = None, mask: bytes = MASK) -> bytes:
    """A frame as a client sends it; `size` declares another size than the payload has."""
    size = len(payload) if size is None else size
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 1 << 16:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    return head + mask + bytes(x ^ mask[n % 4] for n, x in enumerate(payload))


def read(data: bytes, cuts: Iterable[int] = ()) -> Told:
    reader = FrameParser(MOST)
    told: list[tuple[int, bytes]] = []
    try:
        for piece in pieces(data, cuts):
            for opcode, payload in reader.feed(piece):
                told.append((opcode, payload))
                if opcode == ws_frames.CLOSE:
                    return told, 0
    except ProtocolError as fault:
        return told, fault.code
    return told, 0


def pieces(data: bytes, cuts: Iterable[int]) -> Iterator[bytes]:
    at = 0
    for cut in cuts:
        if at >= len(data):
            return
        yield data[at : at + cut]
        at += cut
    if at < len(data):
        yield data[at:]


def parsed_by_websockets(data: bytes) -> Told:
    parser = Protocol(SERVER_SIDE, state=OPEN, max_size=MOST)
    parser.receive_data(data)
    told: list[tuple[int, bytes]] = []
    message, kind = b"", 0
    code = 0
    for event in parser.events_received():
        assert isinstance(event, Frame)
        payload = bytes(event.data)
        if event.opcode in (Opcode.TEXT, Opcode.BINARY):
            kind, message = int(event.opcode), payload
        elif event.opcode is Opcode.CONT:
            message += payload
        else:
            told.append((int(event.opcode), payload))
            continue
        try:
            if event.fin:
                if kind == ws_frames.TEXT:
                    message.decode()
                told.append((kind, message))
        except UnicodeDecodeError:
            return told, 1007
    if parser.parser_exc is not None:
        if parser.close_rcvd is not None:  # amid fragments: section 5.4 allows it
            sent = parser.close_rcvd
            bare = sent.code == CloseCode.NO_STATUS_RCVD
            return [*told, (ws_frames.CLOSE, b"" if bare else sent.serialize())], 0
        assert parser.close_sent is not None
        code = parser.close_sent.code
    return told, code


PAYLOADS = st.one_of(
    st.binary(max_size=140),
    st.text(max_size=60).map(str.encode),
    st.sampled_from([b"", b"\xc3", b"\xa9", b"x" * 125, b"x" * 126, b"x" * 600]),
    st.integers(0, 5100).map(lambda code: struct.pack("!H", code) + b"why"),
)
FIRSTS = st.one_of(
    st.sampled_from([0x00, 0x01, 0x02, 0x80, 0x81, 0x81, 0x81, 0x82, 0x88, 0x89, 0x8A]),
    st.integers(0, 255),
)
FRAMES = st.builds(masked, FIRSTS, PAYLOADS, mask=st.binary(min_size=4, max_size=4))


@given(st.lists(FRAMES, max_size=6).map(b"".join))
@example(masked(0x81, b"x", size=MOST + 1))
@example(masked(0x81, b"x", size=1 << 63))
@example(masked(0x01, b"x" * 600) + masked(0x80, b"x" * 600))
@example(masked(0x81, "é".encode()) * 3 + masked(0x81, b"half")[:-1])
@example(masked(0x01, b"") + masked(0x88, b"") + b"more")
@example(masked(0x01, b"") + masked(0x88, struct.pack("!H", 1000) + b"bye"))
@example(bytes((0x81, 0x01)) + b"x")
@example(bytes((0x81, 0x01)) + b"x" * 9)
def test_frames_are_parsed_as_by_websockets(data: bytes) -> None:
    theirs, code = parsed_by_websockets(data)
    ours = read(data)
    if code == 1007 or ours[1] == 1007:  # found sooner here: whatever is whole before it is equal
        assert ours[1] == 1007 or code == ours[1]
        assert ours[0] == theirs[: len(ours[0])]
    elif ws_frames.CLOSE in [opcode for opcode, _ in ours[0]]:
        assert ours == (theirs, 0)
    elif {code, ours[1]} == {1002, 1009}:  # a frame with both errors: either may be reported
        assert ours[0] == theirs
    else:
        assert ours == (theirs, code)


@given(st.lists(FRAMES, max_size=6).map(b"".join), st.lists(st.integers(1, 9), max_size=99))
def test_parsing_does_not_depend_on_packet_borders(data: bytes, cuts: list[int]) -> None:
    """Whole, byte by byte, or in any pieces: the result is the same, and so is the error."""
    assert read(data, cuts) == read(data, [1] * len(data)) == read(data)


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        (b"ab\xff", b"rest"),
        ("é".encode() + b"\xed\xa0\x80", b"rest"),  # half of a surrogate pair
        (b"\xf4\x90", b"\x80\x80"),  # beyond the last code point
    ],
)
def test_invalid_utf8_is_seen_within_its_frame(sent: bytes, left: bytes) -> None:
    reader = FrameParser(MOST)
    data = masked(0x81, sent + left)
    with pytest.raises(ProtocolError) as fault:
        list(reader.feed(data[: 6 + len(sent)]))
    assert fault.value.code == 1007


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("7e0000", 1002), ("7e007d", 1002), ("7e007e", 0),
        ("7f0000000000000000", 1002), ("7f000000000000007d", 1002), ("7f000000000000ffff", 1002),
        ("7f0000000000010000", 0), ("7f8000000000000000", 1002), ("7fffffffffffffffff", 1002),
    ],
)  # fmt: skip
@pytest.mark.parametrize("first", [0x81, 0x82, 0x01])
def test_lengths_must_be_minimal(told: str, code: int, first: int) -> None:
    """And the error is seen before the mask has come."""
    length = bytes.fromhex(told)
    head = bytes((first, 0x80 | length[0])) + length[1:]
    for cuts in ([len(head)], [1] * len(head)):
        reader, seen = FrameParser(1 << 17), 0
        try:
            for piece in pieces(head, cuts):
                assert not list(reader.feed(piece))
        except ProtocolError as fault:
            seen = fault.code
        assert seen == code


def test_a_frame_that_is_too_long_is_refused_by_its_head() -> None:
    reader = FrameParser(MOST)
    with pytest.raises(ProtocolError) as fault:
        list(reader.feed(masked(0x82, b"", size=MOST + 1)))
    assert fault.value.code == 1009


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
def test_frames_are_serialized_as_by_websockets(size: int) -> None:
    payload = b"x" * size
    assert frame(ws_frames.TEXT, payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


@pytest.mark.parametrize("reason", [b"\xff", b"\x80done", b"done\xc3"])
def test_the_reason_of_a_close_frame_is_utf8_from_its_first_byte(reason: bytes) -> None:
    assert read(masked(0x88, struct.pack("!H", 1000) + reason)) == ([], 1007)


def test_a_close_frame_carries_its_code_and_reason() -> None:
    told, code = read(masked(0x88, close_payload(1008, "no " * 90)))
    assert code == 0
    assert told == [(ws_frames.CLOSE, struct.pack("!H", 1008) + b"no " * 41)]
