"""Many sockets read on one epoll loop, written to be faster than any server that fills them.

What arrives is never parsed: a message is known by a mark that stands once in each text and is too
long to turn up in the length of a frame. The end of a read is looked at again with the next one.
"""

from __future__ import annotations

import re
import select
import socket
import time
from array import array
from collections.abc import Callable
from typing import Final

MARK: Final = b"MARKEDBYTHEBENCHFORCOUNTING"
"""Long, and of letters that a line of Hearth hardly has: so Python's search can skip most bytes."""
_CUT: Final = len(MARK) - 1
_TIME: Final = re.compile(MARK + rb"(\d+) ")
_LAST: Final = re.compile(rb'.*"n":(\d+),', re.DOTALL)
_TAIL: Final = 600
_PATIENCE: Final = 20.0


class Reader:
    """One socket; `seen` counts the messages that arrived, `tail` is the end of what did."""

    __slots__ = ("rest", "seen", "sock", "tail")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.seen = 0
        self.tail = bytes(_CUT)
        self.rest = b""

    def last(self) -> int:
        """The number of the last event of a hub that arrived, 0 where none did."""
        match = _LAST.match(self.tail)
        return int(match[1]) if match else 0


class Crowd:
    """Reads from at most `most` sockets at a time.

    `idle` is the time spent in asking for what had not arrived, in seconds.
    """

    def __init__(self, most: int = -1) -> None:
        self._most = most
        self.readers: list[Reader] = []
        self.idle = 0.0
        self._by_fd: dict[int, Reader] = {}
        self._poll = select.epoll()
        self._buffer = bytearray(_CUT + (1 << 18))
        self._space = memoryview(self._buffer)[_CUT:]

    def add(self, sock: socket.socket) -> Reader:
        sock.settimeout(None)
        reader = Reader(sock)
        self.readers.append(reader)
        self._by_fd[sock.fileno()] = reader
        self._poll.register(sock.fileno(), select.EPOLLIN)
        return reader

    def drop(self) -> None:
        """Close the socket that was added last, and count nothing of it any more."""
        reader = self.readers.pop()
        self._poll.unregister(reader.sock.fileno())
        del self._by_fd[reader.sock.fileno()]
        reader.sock.close()

    def read(self, timeout: float) -> int:
        """Read once from every socket that has something; gives how many messages came."""
        began = time.perf_counter()
        ready = self._poll.poll(timeout, self._most)
        if not ready and not timeout:
            self.idle += time.perf_counter() - began
        count = 0
        buffer, space, by_fd = self._buffer, self._space, self._by_fd
        for fd, _ in ready:
            reader = by_fd[fd]
            size = reader.sock.recv_into(space)
            if not size:
                raise ConnectionError(f"the server hung up; it said last {bytes(reader.tail)!r}")
            count += self._take(reader, _CUT + size)
            ping = buffer.find(b"\x89", _CUT, _CUT + size)
            if ping >= 0 and buffer[ping + 1] == 4:  # a WebSocket's; JSON in ASCII has no such byte
                reader.sock.sendall(b"\x8a\x84\0\0\0\0" + buffer[ping + 2 : ping + 6])
        return count

    def read_until(self, enough: Callable[[], bool], patience: float = _PATIENCE) -> bool:
        """Read until `enough`, which is returned, or until nothing came for `patience` seconds."""
        last = time.perf_counter()
        while not enough():
            if self.read(0.05):
                last = time.perf_counter()
            elif time.perf_counter() - last > patience:
                return False
        return True

    def settle(self, quiet: float = 0.5, most: float = 20.0) -> None:
        """Read until nothing came for `quiet` seconds, not even what is no message; `most` long."""
        end = time.perf_counter() + most
        while time.perf_counter() < end and self._poll.poll(quiet):
            self.read(0)

    def missed(
        self, expected: Callable[[int], int], settle: float = 0.2, patience: float = 5.0
    ) -> int:
        """How many messages were lost or doubled, when reader i should have seen expected(i).

        Waits for what is still on its way, and then a little for what should not come.
        """
        self.read_until(
            lambda: all(x.seen >= expected(i) for i, x in enumerate(self.readers)), patience
        )
        end = time.perf_counter() + settle
        while time.perf_counter() < end:
            self.read(settle / 10)
        return sum(abs(x.seen - expected(i)) for i, x in enumerate(self.readers))

    def close(self) -> None:
        for reader in self.readers:
            reader.sock.close()
        self._poll.close()

    def _take(self, reader: Reader, end: int) -> int:
        """Count the messages of what was read, from _CUT to `end` in the buffer."""
        buffer = self._buffer
        buffer[:_CUT] = reader.tail[-_CUT:]
        count = buffer.count(MARK, 0, end)
        reader.seen += count
        if end - _CUT >= _TAIL:
            reader.tail = bytes(buffer[end - _TAIL : end])
        else:
            reader.tail = reader.tail[-_TAIL:] + buffer[_CUT:end]
        return count


class TimedCrowd(Crowd):
    """Also keeps how long each message took, in ns: its text is the mark, when it was due, a space.

    `took` holds them in the order of arrival.
    """

    def __init__(self, most: int = -1) -> None:
        super().__init__(most)
        self.took = array("q")

    def _take(self, reader: Reader, end: int) -> int:
        now = time.perf_counter_ns()
        new = bytes(self._buffer[_CUT:end])
        data = reader.rest + new
        times = [int(due) for due in _TIME.findall(data)]
        self.took.extend([now - due for due in times])
        reader.seen += len(times)
        # From the last mark that is not whole, or what might be the beginning of one.
        start = data.rfind(MARK)
        reader.rest = data[start if start >= 0 and not _TIME.match(data, start) else -_CUT :]
        reader.tail = reader.tail[-_TAIL:] + new[-_TAIL:]
        return len(times)


class AnsweredCrowd(TimedCrowd):
    """For answers that bear neither mark nor time: `sign` stands once in each, and is one byte.

    A message's time runs from `asked`, which is set before it is sent; one at a time to a socket.
    """

    def __init__(self, sign: bytes) -> None:
        super().__init__()
        self.asked: dict[Reader, int] = {}
        self._sign = sign

    def _take(self, reader: Reader, end: int) -> int:
        now = time.perf_counter_ns()
        reader.tail = bytes(self._buffer[_CUT:end])
        answers = reader.tail.count(self._sign)
        self.took.extend([now - self.asked[reader]] * answers)
        reader.seen += answers
        return answers
