import sys

import pytest

from hub import outbox
from hub.outbox import Outbox


class Reader:
    """A client that reads or does not."""

    def __init__(self, room_for: int = 10**9) -> None:
        self.frames: list[bytes] = []
        self.slow = 0
        self.now = 0.0
        self.room_for = room_for
        self.outbox = Outbox(self.write, self.too_slow, lambda: self.now)

    def write(self, text: bytes) -> None:
        self.frames.append(text)
        self.room_for -= 1
        if self.room_for <= 0:
            self.outbox.pause()

    def too_slow(self) -> None:
        self.slow += 1


def test_a_client_that_keeps_up_is_sent_everything_at_once() -> None:
    reader = Reader()
    reader.outbox.put(b"1")
    reader.outbox.put(b"2")
    assert reader.frames == [b"1", b"2"]


def test_what_was_buffered_is_flushed_as_one_frame_in_order() -> None:
    reader = Reader()
    reader.outbox.pause()
    for number in range(5):
        reader.outbox.put(b"%d" % number)
    assert reader.frames == []
    reader.outbox.resume()
    assert reader.frames == [b"0\n1\n2\n3\n4"]
    reader.outbox.put(b"5")
    assert reader.frames[-1] == b"5"


def test_a_flush_has_bounded_frames_and_stops_when_paused_again() -> None:
    reader = Reader(room_for=2)
    line = b"x" * (outbox.FRAME // 3)
    reader.outbox.pause()
    for _ in range(10):
        reader.outbox.put(line)
    reader.outbox.resume()
    assert [len(frame) for frame in reader.frames] == [3 * len(line) + 2] * 2
    assert reader.outbox.paused
    reader.room_for = 10
    reader.outbox.resume()
    assert b"\n".join(reader.frames) == b"\n".join([line] * 10)


def test_a_line_larger_than_a_frame_is_sent_alone() -> None:
    reader = Reader()
    reader.outbox.pause()
    reader.outbox.put(b"x" * (outbox.FRAME + 1))
    reader.outbox.put(b"y")
    reader.outbox.resume()
    assert [len(frame) for frame in reader.frames] == [outbox.FRAME + 1, 1]


def test_too_many_buffered_bytes_close_it_once() -> None:
    reader = Reader()
    reader.outbox.pause()
    for _ in range(10):
        reader.outbox.put(b"x" * (outbox.BYTES // 4))
    assert reader.slow == 1
    reader.outbox.resume()
    assert reader.frames == []


def test_too_long_a_wait_closes_it() -> None:
    reader = Reader()
    reader.outbox.pause()
    reader.outbox.put(b"1")
    reader.now += outbox.SECONDS - 1
    reader.outbox.put(b"2")
    assert reader.slow == 0
    reader.now += 2
    reader.outbox.put(b"3")
    assert reader.slow == 1


def test_a_flush_starts_the_wait_anew() -> None:
    reader = Reader(room_for=1)
    reader.outbox.pause()
    for text in (b"x" * outbox.FRAME, b"y"):
        reader.outbox.put(text)
    reader.now += outbox.SECONDS - 1
    reader.outbox.resume()
    assert reader.outbox.paused
    reader.now += 2
    reader.outbox.put(b"z")
    assert reader.slow == 0


def test_what_was_flushed_is_not_counted_any_more() -> None:
    reader = Reader()
    for _ in range(10):
        reader.outbox.pause()
        reader.outbox.put(b"x" * (outbox.BYTES // 2))
        reader.outbox.resume()
    assert (reader.slow, len(reader.frames)) == (0, 10)


@pytest.mark.parametrize("paused", [False, True])
def test_a_closed_outbox_sends_and_keeps_nothing(paused: bool) -> None:
    """Its client is gone; whoever still holds it may go on putting in."""
    reader = Reader()
    early, late = (bytes(1000) + name for name in (b"early", b"late"))
    free = sys.getrefcount(early)
    reader.outbox.pause()
    reader.outbox.put(early)
    assert sys.getrefcount(early) == free + 1
    if not paused:
        reader.outbox.resume()
        reader.frames.clear()
    reader.outbox.close()
    reader.outbox.put(late)
    assert (sys.getrefcount(early), sys.getrefcount(late)) == (free, free)
    reader.outbox.resume()
    reader.outbox.put(late)
    assert reader.frames == []
    assert sys.getrefcount(late) == free
    assert reader.outbox.paused, "whatever waits for room in it has to give up"
    assert reader.slow == 0
