"""Frames of RFC 6455, without extensions: parsed from bytes in any pieces, and serialized."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Final

try:
    from websockets.speedups import apply_mask
except ImportError:  # where it could not be compiled
    from websockets.utils import apply_mask

CONT: Final = 0x0
TEXT: Final = 0x1
BINARY: Final = 0x2
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA

_KNOWN: Final = {CONT, TEXT, BINARY, CLOSE, PING, PONG}
_CONTROL: Final = 0x8
_FIN: Final = 0x80
_RESERVED: Final = 0x70
_MASKED: Final = 0x80
_utf8: Final = codecs.getincrementaldecoder("utf-8")


class ProtocolError(Exception):
    """The peer breaks the protocol; `code` is the close code to answer with (section 7.4.1)."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class FrameParser:
    """Parses what one client sends; a message has at most `max_bytes`."""

    __slots__ = ("_buffer", "_fin", "_left", "_mask", "_max_bytes", "_message", "_opcode", "_text")

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._buffer = b""  # the beginning of a frame's head, or a control frame
        self._opcode = self._left = 0  # of the frame under way; bytes still to come
        self._fin = False
        self._mask = b""
        self._message: bytearray | None = None  # what has come of a fragmented message
        self._text: codecs.IncrementalDecoder | None = None  # checks it, where it is text

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield what the next bytes complete, in order: whole messages and control frames.

        Each is a pair of opcode (TEXT, BINARY, CLOSE, PING, PONG) and unmasked payload; text is
        valid UTF-8, and a close payload is sound. Raises ProtocolError as early as an error can
        be seen; nothing may be fed after that.
        """
        if self._buffer:
            data, self._buffer = self._buffer + data, b""
        at = 0
        while at < len(data):
            if not self._left:
                start = self._parse_head(data, at)
                if not start:
                    self._buffer = data[at:]
                    return
                at = start
            piece = apply_mask(data[at : at + self._left], self._mask)
            at += len(piece)
            self._left -= len(piece)
            done = self._fin and not self._left
            if self._opcode & _CONTROL:
                if self._opcode == CLOSE:
                    _check_close(piece)
                yield self._opcode, piece
            elif done and self._message is None:
                if self._opcode == TEXT:
                    _decode(piece)
                yield self._opcode, piece
            elif self._append(piece, done):
                message, self._message = self._message, None
                kind, self._text = TEXT if self._text else BINARY, None
                yield kind, bytes(message or b"")

    def _parse_head(self, data: bytes, at: int) -> int:
        """Parse a frame's head; gives where its payload begins, or 0 while it has not all come."""
        if len(data) - at < 2:
            return 0
        first, second = data[at], data[at + 1]
        opcode, size = first & 0x0F, second & 0x7F
        if first & _RESERVED or opcode not in _KNOWN:
            raise ProtocolError(1002, "That frame is of no known kind.")
        if not second & _MASKED:
            raise ProtocolError(1002, "A client masks its frames.")
        control = opcode & _CONTROL
        if control:
            if size > 125 or not first & _FIN:
                raise ProtocolError(1002, "A control frame is short and whole.")
        elif (opcode == CONT) is (self._message is None):
            raise ProtocolError(1002, "A message goes on in its own frames.")
        start = at + 6
        if size > 125:
            least, width = (126, 2) if size == 126 else (1 << 16, 8)
            if len(data) < at + 2 + width:
                return 0
            start += width
            size = int.from_bytes(data[at + 2 : at + 2 + width], "big")
            if not least <= size < 1 << 63:
                raise ProtocolError(1002, "A length is told in as few bytes as hold it.")
        if len(data) < start + (size if control else 0):
            return 0
        if size + len(self._message or b"") > self._max_bytes:
            raise ProtocolError(1009, f"A message can have at most {self._max_bytes} bytes.")
        self._opcode, self._left, self._fin = opcode, size, bool(first & _FIN)
        self._mask = data[start - 4 : start]
        return start

    def _append(self, piece: bytes, done: bool) -> bool:
        """Append a piece of a fragmented message; gives whether the message is whole now."""
        if self._message is None:
            self._message = bytearray()
            if self._opcode == TEXT:
                self._text = _utf8()
        if self._text is not None:
            _decode(piece, self._text, done)
        self._message += piece
        turn = len(piece) % 4
        self._mask = self._mask[turn:] + self._mask[:turn]
        return done


def frame(opcode: int, payload: bytes) -> bytes:
    """Serialize one whole, unmasked frame."""
    size = len(payload)
    if size < 126:
        return bytes((_FIN | opcode, size)) + payload
    if size < 1 << 16:
        return bytes((_FIN | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_FIN | opcode, 127)) + size.to_bytes(8, "big") + payload


class FrameCache:
    """Frames the text of a broadcast once: the last text and its frame, by identity."""

    __slots__ = ("_frame", "_text")

    def __init__(self) -> None:
        self._text: bytes | None = None
        self._frame = b""

    def frame(self, text: bytes) -> bytes:
        """The text frame of a whole message."""
        if self._text is not text:
            self._text, self._frame = text, frame(TEXT, text)
        return self._frame


def close_payload(code: int, reason: str) -> bytes:
    """The payload of a close frame; a reason is cut to 123 bytes."""
    return code.to_bytes(2, "big") + reason.encode()[:123]


def _check_close(payload: bytes) -> None:
    if not payload:
        return
    _decode(payload[2:])
    code = int.from_bytes(payload[:2], "big")
    known = 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999
    if len(payload) < 2 or not known:
        raise ProtocolError(1002, "There is no such close code.")


def _decode(
    data: bytes, decoder: codecs.IncrementalDecoder | None = None, final: bool = True
) -> None:
    try:
        if decoder is None:
            data.decode()
        else:
            decoder.decode(data, final)
    except UnicodeDecodeError as error:
        raise ProtocolError(1007, "Text is UTF-8.") from error
