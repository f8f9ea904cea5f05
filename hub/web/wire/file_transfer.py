"""Large files over HTTP: a body that is read in large pieces, and parts of files that the system
sends by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import os
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from hub.errors import CannotStart
from hub.store import disk
from hub.threads import Pool
from hub.web.wire.response_transport import ResponseTransport

if TYPE_CHECKING:
    from hub.web.wire.http_connection import HttpConnection
if sys.platform != "win32":
    import fcntl
    import termios

log = logging.getLogger(__name__)

PIECE_BYTES: Final = 1 << 18
"""Bytes of a file that the kernel sends at a time."""
TURN_BYTES: Final = 1 << 20
"""Bytes that it sends of all files together before others have their turn, unless there are so
many that each would have less than LEAST_BYTES."""
LEAST_BYTES: Final = 1 << 15
"""Bytes of a file that the kernel is asked to send at least."""
BLOCK_BYTES: Final = 1 << 16
"""Bytes of a file that are read at a time, where the kernel does not send it."""
LOAD_BYTES: Final = 1 << 20
"""Bytes of a file that are read ahead on a thread where the kernel would have to wait for the disk,
and everybody with it."""
THREADS: Final = 2
"""Threads that wait for the disk; more would not make it faster."""
NEAR_SECONDS: Final = 0.001
"""A client whose acknowledgements take no longer is fast with the send buffer that all have."""
CHECKS: Final = 3
"""How often it is checked, within the time for which a client may stall, whether it reads."""

# Not there on Windows.
_sendfile: Any = getattr(os, "sendfile", None)
_preadv: Any = getattr(os, "preadv", None)
_SO_BUF_LOCK: Final = 72  # of Linux 5.14; Python does not name it
_NOWAIT: Final[int] = getattr(os, "RWF_NOWAIT", 0)  # Linux alone has it

Bulk = Callable[[], None]
SendFile = Callable[[int, int, int], Awaitable[None]]


class FileTransfer:
    """What one request may do with large files: two extensions among those of its ASGI scope.

    A client that reads nothing for `stall_seconds` of a file is aborted.
    """

    __slots__ = ("_connection", "_cycle", "_part", "_stall_seconds")

    def __init__(self, connection: HttpConnection, stall_seconds: float) -> None:
        self._connection: HttpConnection | None = connection
        self._cycle = connection.cycle
        self._stall_seconds = stall_seconds
        self._part: _Part | None = None

    def extensions(self) -> dict[str, Bulk | SendFile]:
        return {"hearth.bulk": self.bulk, "hearth.sendfile": self.sendfile}

    def bulk(self) -> None:
        """Read what is left of the request's body in large pieces, at a low cost in its rate.

        Still nothing is read beyond a piece or two while the application takes nothing.
        """
        if self._connection is not None and self._connection.cycle is self._cycle:
            self._connection.begin_bulk()

    async def sendfile(self, fd: int, offset: int, count: int) -> None:
        """Send `count` bytes from `offset` of an open file as the next part of the body.

        The response must have begun, with a Content-Length; its last message is sent as ever. For
        HEAD nothing is sent. `fd` is to stay open, and is for this response alone: its position
        may change. Returns when the system has taken all, or the client has disconnected, as
        `send` does. Where the file ends before, the connection is aborted: nobody is to take a
        part for the whole. Raises RuntimeError where the response has no room for so much, and
        OSError where the file cannot be read, after which the connection is aborted too.
        """
        cycle, connection = self._cycle, self._connection
        if connection is None or cycle.disconnected or cycle.scope["method"] == "HEAD":
            return
        if not cycle.response_started or cycle.response_complete or cycle.chunked_encoding:
            raise RuntimeError("a file is sent within a response that has a Content-Length")
        if count > cycle.expected_content_length:
            raise RuntimeError("the file is longer than the Content-Length")
        cycle.expected_content_length -= count
        cast(ResponseTransport, cycle.transport).flush()
        left = count
        if _sendfile is not None:
            left = await self._send_natively(connection, fd, offset, count)
        if left and not _gone(connection, cycle):
            left = await self._send_blocks(connection, fd, offset + count - left, left)
        if left and not _gone(connection, cycle):
            log.warning("a file ended %d bytes before the end that was told", left)
            connection.transport.abort()
        if left:
            cycle.disconnected = True  # uvicorn is told later, and may not take it for complete

    def release(self) -> None:
        """The connection is lost: end what is under way, and forget the connection."""
        self._connection = None
        if self._part is not None:
            self._part.end()

    async def _send_natively(
        self, connection: HttpConnection, fd: int, offset: int, count: int
    ) -> int:
        """Have the kernel send the file; gives how much it could not."""
        await connection.drain_whole()
        if _gone(connection, self._cycle):
            return count
        part = self._part = _Part(connection.transport, fd, offset, count)
        try:
            await part.send(self._stall_seconds)
        except ConnectionError:
            self._abort(connection)
        except OSError:
            pass  # no descriptor is left, or the file system cannot: it is read instead
        finally:
            self._part = None
        return part.left

    async def _send_blocks(
        self, connection: HttpConnection, fd: int, offset: int, count: int
    ) -> int:
        """Read the file and send it, block by block; gives what was not there."""
        loop = asyncio.get_running_loop()
        while count:
            try:
                block = await loop.run_in_executor(
                    _threads(), disk.pread, fd, min(count, BLOCK_BYTES), offset
                )
            except OSError:
                self._abort(connection)
                raise
            if not block or _gone(connection, self._cycle):
                break
            connection.transport.write(block)
            offset += len(block)
            count -= len(block)
            await connection.flow.drain()
        return count

    def _abort(self, connection: HttpConnection) -> None:
        self._cycle.disconnected = True
        connection.transport.abort()


class _Part:
    """A part of a file that the kernel sends, piece by piece as the client reads.

    `left` is how much of it is still to be sent.
    """

    under_way: ClassVar[int] = 0
    """How many there are."""

    def __init__(self, transport: asyncio.Transport, fd: int, offset: int, count: int) -> None:
        self.left = count
        self._transport = transport
        self._own = transport.get_extra_info("socket")
        self._bound = 0  # of the send buffer, while it has none
        self._fd = fd
        self._offset = offset
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._loading = False  # a thread reads what comes next
        self._loaded = 0  # up to where one has read

    async def send(self, stall_seconds: float) -> None:
        """Send until the end of the part or of the file, or until `end`. Raises OSError."""
        # The event loop lets nobody wait for a descriptor that a transport has.
        self._socket = os.dup(self._own.fileno())
        self._moved = self._loop.time()
        self._waiting = 0
        self._check(stall_seconds, self.left)
        _Part.under_way += 1
        try:
            self._loop.add_writer(self._socket, self._send_piece)
            self._send_piece()
            await self._over
        finally:
            _Part.under_way -= 1
            self._timer.cancel()
            if self._bound:
                with contextlib.suppress(OSError):
                    self._own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self._bound)
            self._loop.remove_writer(self._socket)
            os.close(self._socket)

    def end(self) -> None:
        """The connection is lost."""
        if not self._over.done():
            self._loop.remove_writer(self._socket)
            self._over.set_result(None)

    def _send_piece(self) -> None:
        if self._over.done():
            return
        share = max(LEAST_BYTES, TURN_BYTES // _Part.under_way)
        size = min(self.left, PIECE_BYTES, share)
        if self._offset < self._loaded:
            size = min(size, self._loaded - self._offset)
        elif not _in_memory(self._fd, self._offset, size):
            self._load()
            return
        try:
            sent = _sendfile(self._socket, self._fd, self._offset, size)
        except BlockingIOError:
            return
        except OSError as error:
            self._loop.remove_writer(self._socket)
            self._over.set_exception(error)
            return
        self._offset += sent
        self.left -= sent
        if not sent or not self.left:
            self.end()

    def _load(self) -> None:
        """Have a thread read what comes next, so that the kernel finds it in memory."""
        size = min(self.left, LOAD_BYTES)
        self._loaded = self._offset + size
        try:
            threads = _threads()
        except CannotStart:  # there is none: the kernel waits after all
            return
        self._loop.remove_writer(self._socket)
        self._loading = True
        loads = self._loop.run_in_executor(threads, _read_ahead, self._fd, self._offset, size)
        loads.add_done_callback(self._go_on)

    def _go_on(self, loads: asyncio.Future[None]) -> None:
        self._loading = False
        if not self._over.done():
            self._loop.add_writer(self._socket, self._send_piece)

    def _check(self, stall_seconds: float, left: int) -> None:
        """Abort a client that takes nothing: neither from us nor of what the system holds.

        To one further away, as in a wireless network, more may be under way.
        """
        now, waiting = self._loop.time(), _unacknowledged(self._socket)
        if self._loading or self.left < left or waiting < self._waiting:
            self._moved = now
        self._waiting = waiting
        if not self._bound and _round_trip(self._own) > NEAR_SECONDS:
            self._bound = _unbound(self._own)
        if now - self._moved >= stall_seconds:
            self._transport.abort()
        else:
            again = stall_seconds / CHECKS
            self._timer = self._loop.call_later(again, self._check, stall_seconds, self.left)


def _gone(connection: HttpConnection, cycle: Any) -> bool:
    return bool(cycle.disconnected or connection.transport.is_closing())


@functools.cache
def _threads() -> Pool:
    return Pool(THREADS, "file")


def _in_memory(fd: int, offset: int, size: int) -> bool:
    """Whether the file can be read there without waiting for the disk, as far as is known."""
    if _NOWAIT:
        one = bytearray(1)
        try:
            for at in (offset, offset + size - 1):
                _preadv(fd, [one], at, _NOWAIT)
        except BlockingIOError:
            return False
        except OSError:
            pass  # this file system does not tell
    return True


def _read_ahead(fd: int, offset: int, size: int) -> None:
    """Read a part of a file into the memory of the system; an error is told where it is sent."""
    with contextlib.suppress(OSError):
        for at in range(offset, offset + size, BLOCK_BYTES):
            if not disk.pread(fd, BLOCK_BYTES, at):
                break


def _round_trip(own: socket.socket) -> float:
    """Seconds until what is sent is acknowledged; 0.0 where the system does not tell."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, struct.error):
            told = own.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
            microseconds: int = struct.unpack_from("I", told, 68)[0]  # tcpi_rtt
            return microseconds / 1e6
    return 0.0


def _unbound(own: socket.socket) -> int:
    """Have the system choose the size of the send buffer; gives what it was, or 0 if it cannot."""
    with contextlib.suppress(OSError):
        bound = own.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) // 2  # Linux tells the double
        own.setsockopt(socket.SOL_SOCKET, _SO_BUF_LOCK, 0)
        return bound
    return 0


def _unacknowledged(sock: int) -> int:
    """Bytes that the system still holds for the peer; 0 where it does not tell."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            told: bytes = fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4))
            return int.from_bytes(told, sys.byteorder)
    return 0
