"""The client's side of `/api/live`: frames, the handshake, and a crowd that comes in together."""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import time
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from speed.crowd import MARK

PADDING: Final = b"Is anybody home?"
BATCH: Final = 250
"""Clients that connect at the same time; a hub waits 5 s for their hello."""


class Guest(NamedTuple):
    """A client: its name, or the `token` of an earlier session, and the room to join."""

    name: str
    room: str = "general"
    token: str | None = None
    after: int | None = None


class Welcomed(NamedTuple):
    sock: socket.socket
    token: str


def frame(text: bytes) -> bytes:
    """One text message as a client must send it: masked, here with zeros."""
    size = len(text)
    if size < 126:
        head = bytes((0x81, 0x80 | size))
    elif size < 1 << 16:
        head = bytes((0x81, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        raise ValueError("a hub takes at most 64 KiB in a frame")
    return head + b"\0\0\0\0" + text


def say(room: str, due: int, key: int) -> bytes:
    """The command for one message that bears its mark and when it was due, in nanoseconds."""
    return b'{"do":"say","room":"%b","text":"%b%d %b","key":"k%d"}' % (
        room.encode(), MARK, due, PADDING, key,
    )  # fmt: skip


def come_in(port: int, guests: Sequence[Guest]) -> list[Welcomed]:
    """Connect all guests, batch by batch, each in its room when this returns."""
    welcomed = []
    for start in range(0, len(guests), BATCH):
        batch = guests[start : start + BATCH]
        socks = [knock(port) for _ in batch]
        for sock, guest in zip(socks, batch, strict=True):
            introduce(sock, guest)
        for sock in socks:
            told = await_text(sock, b'"do":"joined"')
            match = re.search(rb'"token":"([^"]+)"', told)
            welcomed.append(Welcomed(sock, match[1].decode() if match else ""))
    return welcomed


def knock(port: int, receive: int = 0, source: str = "") -> socket.socket:
    """A connection that has asked for a WebSocket, from the address `source`.

    `receive` bytes is its buffer, if not 0.
    """
    sock = socket.socket()
    if source:
        sock.bind((source, 0))
    if receive:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    sock.settimeout(30)
    sock.connect(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    key = base64.b64encode(os.urandom(16)).decode()
    sock.sendall(
        f"GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    return sock


def introduce(sock: socket.socket, guest: Guest) -> None:
    """Wait for the handshake's end, say hello and ask for the room."""
    await_text(sock, b"\r\n\r\n")
    hello = {"token": guest.token} if guest.token else {"name": guest.name}
    join: dict[str, Any] = {"do": "join", "room": guest.room}
    if guest.after is not None:
        join["after"] = guest.after
    sock.sendall(frame(_json({"do": "hello", **hello}) + b"\n" + _json(join)))


def await_text(sock: socket.socket, marker: bytes) -> bytes:
    """Read until `marker` has come; gives all that came. Raises ConnectionError after 30 s."""
    end = time.monotonic() + 30
    told = b""
    while marker not in told:
        data = sock.recv(1 << 16)
        if not data or time.monotonic() > end:
            raise ConnectionError(f"{marker!r} did not come, but {told[-300:]!r}")
        told += data
    return told


def _json(members: dict[str, Any]) -> bytes:
    return json.dumps(members, separators=(",", ":")).encode()
