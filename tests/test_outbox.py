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


def test_who_keeps_up_gets_everything_at_once() -> None:
    reader = Reader()
    reader.outbox.put(b"1")
    reader.outbox.put(b"2")
    assert reader.frames == [b"1", b"2"]


def test_what_gathers_leaves_as_one_frame_in_order() -> None:
    reader = Reader()
    reader.outbox.pause()
    for number in range(5):
        reader.outbox.put(b"%d" % number)
    assert reader.frames == []
    reader.outbox.resume()
    assert reader.frames == [b"0\n1\n2\n3\n4"]
    reader.outbox.put(b"5")
    assert reader.frames[-1] == b"5"


def test_catching_up_goes_in_bounded_frames_and_stops_when_full_again() -> None:
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


def test_a_single_line_larger_than_a_frame_goes_alone() -> None:
    reader = Reader()
    reader.outbox.pause()
    reader.outbox.put(b"x" * (outbox.FRAME + 1))
    reader.outbox.put(b"y")
    reader.outbox.resume()
    assert [len(frame) for frame in reader.frames] == [outbox.FRAME + 1, 1]


def test_too_many_bytes_end_it_once() -> None:
    reader = Reader()
    reader.outbox.pause()
    for _ in range(10):
        reader.outbox.put(b"x" * (outbox.BYTES // 4))
    assert reader.slow == 1
    reader.outbox.resume()
    assert reader.frames == []


def test_too_long_a_wait_ends_it() -> None:
    reader = Reader()
    reader.outbox.pause()
    reader.outbox.put(b"1")
    reader.now += outbox.SECONDS - 1
    reader.outbox.put(b"2")
    assert reader.slow == 0
    reader.now += 2
    reader.outbox.put(b"3")
    assert reader.slow == 1


def test_nothing_is_sent_after_the_end() -> None:
    reader = Reader()
    reader.outbox.close()
    reader.outbox.put(b"1")
    assert reader.frames == []
