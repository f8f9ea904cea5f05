"""A program of its own: what one address, or a few, can do to everybody else.

    flood.py KIND PORT SECONDS

floods the hub at this port of 127.0.0.1 from other addresses of loopback, prints a line once it
has begun, and ends after SECONDS or when its standard input closes.
"""

from __future__ import annotations

import http.client
import json
import select
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, Thread
from typing import Any, Final

from speed.websocket import Guest, await_text, frame, introduce, knock

ADDRESS: Final = "127.0.0.2"
SOCKETS: Final = 20
READERS: Final = 300
FORMS: Final = 60
FORM_BYTES: Final = 190_000
GUESSERS: Final = 40
CLASS: Final = 24
PASSWORD: Final = "correct horse"  # noqa: S105  (of nobody)
_CHUNK: Final = 1 << 16
_SENT: Final = {
    "pings": b"\x89\x80\0\0\0\0",
    "unknown": frame(b'{"do":"dance"}'),
    "malformed": frame(b'{"do":"say","room":1}'),
    "typing": frame(b'{"do":"typing","room":"general"}'),
}


def talker(kind: str, number: int, port: int, until: float, begun: Barrier) -> None:
    """Send one kind of frame as fast as the hub takes it, and come back where it hangs up."""
    chunk = _SENT[kind] * (_CHUNK // len(_SENT[kind]))
    first = True
    while time.monotonic() < until:
        with suppress(OSError), knock(port, source=ADDRESS) as sock:
            introduce(sock, Guest(f"{kind}{number:02d}-{time.monotonic_ns()}"))
            await_text(sock, b'"do":"joined"')
            if first:
                begun.wait()
                first = False
            pour(sock, chunk, until)


def asker(kind: str, number: int, port: int, until: float, begun: Barrier) -> None:
    """Send one request behind the other, and do not wait for the answers."""
    one = b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    begun.wait()
    while time.monotonic() < until:
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", port), 30, (ADDRESS, 0)) as sock,
        ):
            pour(sock, one * (_CHUNK // len(one)), until)


def pour(sock: socket.socket, chunk: bytes, until: float) -> None:
    """Send this again and again as fast as it is taken, until the hub hangs up."""
    sock.setblocking(False)
    rest = memoryview(chunk)
    while time.monotonic() < until:
        readable, writable, _ = select.select([sock], [sock], [], 0.1)
        if readable and not sock.recv(1 << 18):
            return
        if writable:
            rest = rest[sock.send(rest) :] or memoryview(chunk)


def reader(kind: str, number: int, port: int, until: float, begun: Barrier) -> None:
    """Ask for a whole history and take next to nothing of it, over HTTP or as a replay."""
    source = f"127.0.0.{2 + number // 50}"
    with suppress(OSError):
        if kind == "readers":
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.bind((source, 0))
            sock.connect(("127.0.0.1", port))
            sock.sendall(b"GET /api/chat/long HTTP/1.1\r\nHost: localhost\r\n\r\n")
        else:
            sock = knock(port, 4096, source)
            introduce(sock, Guest(f"reader{number:03d}", "long", after=0))
        begun.wait()
        with sock:
            time.sleep(max(0.0, until - time.monotonic()))


def sender(kind: str, number: int, port: int, until: float, begun: Barrier) -> None:
    """Post a form of nothing but percent signs."""
    body = b"username=naor&msg=" + b"%" * FORM_BYTES
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    begun.wait()
    asked(port, ADDRESS, "POST", "/api/chat/general", body, head)


def guesser(kind: str, number: int, port: int, until: float, begun: Barrier) -> None:
    """Try to log in with a wrong password, again and again."""
    begun.wait()
    while time.monotonic() < until:
        told = {"name": "naor", "password": f"wrong password {number}"}
        asked(port, f"127.0.0.{number + 2}", "POST", "/api/login", told)


def pupil(kind: str, number: int, port: int, until: float, begun: Barrier) -> None:
    """Join under a name with a password and change it again and again, all from one address."""
    name = f"pupil{number:02d}"
    token = ""
    while not token:
        status, headers = asked(
            port, ADDRESS, "POST", "/api/session", {"name": name, "password": PASSWORD}
        )
        token = headers.get("Set-Cookie", "").partition(";")[0]
        if status != 201:
            time.sleep(0.5)
    bears = {"Cookie": token, "Origin": f"http://127.0.0.1:{port}"}
    begun.wait()
    while time.monotonic() < until:
        told = {"old": PASSWORD, "new": PASSWORD}
        asked(port, ADDRESS, "PUT", "/api/account/password", told, bears)


def asked(
    port: int, source: str, method: str, path: str, body: Any, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """Ask once; gives the status and the headers, 0 and none where no answer came."""
    told = dict(headers or {})
    if isinstance(body, dict):
        body = json.dumps(body)
        told["Content-Type"] = "application/json"
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=30, source_address=(source, 0)
    )
    try:
        connection.request(method, path, body, told)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers
    except OSError:
        return 0, {}
    finally:
        connection.close()


Work = Callable[[str, int, int, float, Barrier], None]
KINDS: Final[dict[str, tuple[Work, int]]] = {
    "pings": (talker, SOCKETS),
    "unknown": (talker, SOCKETS),
    "malformed": (talker, SOCKETS),
    "typing": (talker, SOCKETS),
    "requests": (asker, SOCKETS),
    "readers": (reader, READERS),
    "replays": (reader, READERS),
    "forms": (sender, FORMS),
    "logins": (guesser, GUESSERS),
    "passwords": (pupil, CLASS),
}


def main(kind: str, port: int, seconds: float) -> None:
    work, number = KINDS[kind]
    begun = Barrier(number + 1)
    until = time.monotonic() + 30 + seconds
    for each in range(number):
        Thread(target=work, args=(kind, each, port, until, begun), daemon=True).start()
    begun.wait(60)
    print("begun", flush=True)
    select.select([sys.stdin], [], [], seconds)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
