"""Large files: downloads beside bare programs and nginx, what uploads take, how one goes on."""

from __future__ import annotations

import hashlib
import http.client
import os
import selectors
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from commands import say
from environment import PYTHON
from speed import neighbours
from speed.figures import LOST, Figures
from speed.outcomes import Absent
from speed.proc import Meter, memory_mib, on_core
from speed.stage import HUB_CORE, UNLIMITED, Hub, Stage

ROUNDS = 5
"""How often each sends the file, in turns."""
TAKEN = 1 << 20
"""Bytes that the receiver takes at most at a time."""
AT_ONCE = 16
SETTINGS = (*UNLIMITED, "file_bytes=0", "files_bytes=0")
SENDER = Path(__file__).with_name("sender.py")
BLOCK = os.urandom(1 << 20)
SPEED = "MB/s"
SHARE = "times the speed of cat"
MORE = "MiB more at most"
MORE_AT_ONCE = f"{MORE} with {AT_ONCE} at once"
EACH = "MiB a file"

NGINX = """daemon off;
master_process off;
pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    client_body_temp_path {folder}/temporary;
    proxy_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/temporary;
    uwsgi_temp_path {folder}/temporary;
    scgi_temp_path {folder}/temporary;
    server {{
        listen 127.0.0.1:{port};
        root {folder};
    }}
}}
"""


def download(stage: Stage) -> Figures:
    """One file of at most 1 GiB from Hearth, two bare programs and nginx, all in turns.

    This process receives, and throws away what comes. The time runs from the first byte. What the
    hub needs for one, and for sixteen at once, is looked at in rounds of their own.
    """
    size = min(stage.file_mib, 1024) << 20
    file = stage.rooms("files") / "file"
    _fill(file, size)
    with stage.hub(settings=SETTINGS) as hub, _nginx(stage, file.parent) as other:
        path = _uploaded(hub.port, "download", size)
        ways: dict[str, Callable[[], float]] = {
            SPEED: lambda: _got(hub.port, path, size),
            f"{SPEED} by cat": lambda: _piped(["cat", file], size),
            f"{SPEED} by sendfile": lambda: _piped([PYTHON, SENDER, file], size),
        }
        if other:
            ways[f"{SPEED} by nginx"] = lambda: _got(other, "/file", size)
        for take in ways.values():
            take()  # from then on the file is in memory for all of them
        took: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, take in ways.items():
                took[name].append(take())
        more = {
            MORE: _more_memory(hub, path, size, 1),
            MORE_AT_ONCE: _more_memory(hub, path, size, AT_ONCE),
        }
    speeds = {name: size / median(seconds) / 1e6 for name, seconds in took.items()}
    cat = took[f"{SPEED} by cat"]
    share = median(theirs / ours for theirs, ours in zip(cat, took[SPEED], strict=True))
    return {**speeds, SHARE: share, **more, EACH: size >> 20, LOST: 0.0}


def upload(stage: Stage) -> Figures:
    """One file of the size that was asked for."""
    return _uploads(stage, 1, stage.file_mib << 20)


def uploads(stage: Stage) -> Figures:
    """Sixteen at once, each a sixteenth of that."""
    return _uploads(stage, AT_ONCE, (stage.file_mib << 20) // AT_ONCE)


def resumed(stage: Stage) -> Figures:
    """An upload that is half done when the hub stops goes on when the hub is there again."""
    size = min(stage.file_mib, 1024) << 20
    half = size // 2
    folder = stage.rooms(f"resumed{time.time_ns()}")
    path = "/api/files/general/resumed"
    with stage.hub(folder, settings=SETTINGS) as hub:
        sock = socket.create_connection(("127.0.0.1", hub.port), 60)
        sock.sendall(_head("PUT", f"{path}?name=a.bin&username=guest", size))
        _send_all(sock, half)
        sock.close()
    began = time.perf_counter()
    with stage.hub(folder, settings=SETTINGS) as hub:
        served = time.perf_counter()
        status, told, _ = _asked(hub.port, "HEAD", f"{path}?username=guest")
        offset = int(told.get("Upload-Offset", -1))
        if status != 204 or not 0 < offset <= half:
            raise RuntimeError(f"the hub told {status} and offset {offset}")
        asked = time.perf_counter()
        partly = ("Content-Type: application/partial-upload", "Upload-Complete: ?1")
        with socket.create_connection(("127.0.0.1", hub.port), 60) as sock:
            sock.sendall(
                _head(
                    "PATCH",
                    f"{path}?username=guest",
                    size - offset,
                    *partly,
                    f"Upload-Offset: {offset}",
                )
            )
            _send_all(sock, size - offset, offset)
            _check_stored(sock)
        ended = time.perf_counter()
        lost = _differs(hub.port, path, size)
    return {
        "s until it goes on": asked - began,
        "ms of those for the offset": 1e3 * (asked - served),
        "MB/s of the rest": (size - offset) / (ended - asked) / 1e6,
        "% sent twice": 100 * (half - offset) / size,
        EACH: size >> 20,
        LOST: lost,
    }


def _uploads(stage: Stage, count: int, size: int) -> Figures:
    """So many at once, evenly; the hub's memory is asked for all along the way."""
    with stage.hub(settings=SETTINGS) as hub:
        _uploaded(hub.port, "warm-up", 1 << 20)
        before = most = memory_mib(hub.pid)
        meter = Meter(hub.pid)
        began = asked = time.perf_counter()
        waiting = selectors.DefaultSelector()
        left: dict[socket.socket, int] = {}
        for number in range(count):
            sock = socket.create_connection(("127.0.0.1", hub.port), 60)
            sock.sendall(_head("PUT", _path(f"up{number}"), size))
            sock.setblocking(False)
            left[sock] = size
            waiting.register(sock, selectors.EVENT_WRITE)
        while any(left.values()):
            for key, _ in waiting.select(0.2):
                ready: socket.socket = key.fileobj  # type: ignore[assignment]
                at = (size - left[ready]) % len(BLOCK)
                left[ready] -= ready.send(memoryview(BLOCK)[at : at + left[ready]])
                if not left[ready]:
                    waiting.unregister(ready)
            if (now := time.perf_counter()) - asked > 0.2:
                most, asked = max(most, memory_mib(hub.pid)), now
        for sock in left:
            sock.settimeout(120)
            _check_stored(sock)
            sock.close()
        took = time.perf_counter() - began
        figures = meter.read()
        waiting.close()
        lost = _differs(hub.port, _path("up0"), size)
    more = max(0.0, most - before)
    speed = count * size / took / 1e6
    return {SPEED: speed, MORE: more, EACH: size >> 20, **figures, LOST: lost}


# -- asking a hub ----------------------------------------------------------------------------


def _path(name: str) -> str:
    return f"/api/files/general/{name}?name={name}.bin&username=guest"


def _head(method: str, path: str, size: int, *more: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {size}", *more]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def _send_all(sock: socket.socket, size: int, offset: int = 0) -> None:
    """Send so much of the content that all files have: one block over and over."""
    end = offset + size
    while offset < end:
        at = offset % len(BLOCK)
        piece = memoryview(BLOCK)[at : at + end - offset]
        sock.sendall(piece)
        offset += len(piece)


def _check_stored(sock: socket.socket) -> None:
    told = sock.recv(1 << 16)
    if not told.startswith(b"HTTP/1.1 201 "):
        raise RuntimeError(f"the upload was answered: {told[:200]!r}")


def _uploaded(port: int, name: str, size: int) -> str:
    """Upload a file and give its path."""
    with socket.create_connection(("127.0.0.1", port), 120) as sock:
        sock.sendall(_head("PUT", _path(name), size))
        _send_all(sock, size)
        _check_stored(sock)
    return _path(name).partition("?")[0]


def _differs(port: int, path: str, size: int) -> float:
    """1 where the file that the hub gives is not the content that was sent, else 0."""
    _, _, found = _asked(port, "GET", path.partition("?")[0])
    sent = hashlib.sha256()
    for at in range(0, size, len(BLOCK)):
        sent.update(memoryview(BLOCK)[: size - at])
    return float(found != sent.hexdigest())


def _asked(port: int, method: str, path: str) -> tuple[int, http.client.HTTPMessage, str]:
    """The status, the headers, and the SHA-256 of the body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path)
    answer = connection.getresponse()
    told = hashlib.sha256()
    while block := answer.read(TAKEN):
        told.update(block)
    connection.close()
    return answer.status, answer.headers, told.hexdigest()


# -- receiving -------------------------------------------------------------------------------


def _got(port: int, path: str, size: int) -> float:
    """Seconds for a file over HTTP."""
    with socket.create_connection(("127.0.0.1", port), 60) as sock:
        sock.sendall(_ask(path))
        return _received(sock, size)


def _ask(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()


def _more_memory(hub: Hub, path: str, size: int, count: int) -> float:
    """MiB that the hub has more at most while it sends a file to so many at once, evenly."""
    before = most = memory_mib(hub.pid)
    asked = time.perf_counter()
    buffer = bytearray(TAKEN)
    taken = 0
    with ExitStack() as stack:
        waiting = stack.enter_context(selectors.DefaultSelector())
        for _ in range(count):
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", hub.port), 60))
            sock.sendall(_ask(path))
            waiting.register(sock, selectors.EVENT_READ)
        while waiting.get_map():
            ready = waiting.select(60)
            if not ready:
                raise TimeoutError("nothing came for 60 s")
            for key, _ in ready:
                reading: socket.socket = key.fileobj  # type: ignore[assignment]
                came = reading.recv_into(buffer)
                taken += came
                if not came:
                    waiting.unregister(reading)
            if (now := time.perf_counter()) - asked > 0.1:
                most, asked = max(most, memory_mib(hub.pid)), now
    if taken < count * size:
        raise RuntimeError(f"{taken} bytes came, not {count * size}")
    return most - before


def _piped(command: Sequence[str | Path], size: int) -> float:
    """Seconds for what a program writes to its standard output, which is a socket."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ours = socket.create_connection(listening.getsockname(), 60)
        theirs, _ = listening.accept()
    with ours:
        with theirs, on_core(HUB_CORE):
            sender = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs.fileno())
        try:
            return _received(ours, size)
        finally:
            sender.kill()
            sender.wait(10)


def _received(sock: socket.socket, size: int) -> float:
    """Take all and throw it away: seconds from the first byte to the end."""
    buffer = bytearray(TAKEN)
    taken = sock.recv_into(buffer)
    began = time.perf_counter()
    while more := sock.recv_into(buffer):
        taken += more
    took = time.perf_counter() - began
    if not size <= taken <= size + 4096:  # a head lies before it
        raise RuntimeError(f"{taken} bytes came, not {size}: {bytes(buffer[:200])!r}")
    return took


def _fill(file: Path, size: int) -> None:
    with file.open("wb") as made:
        for at in range(0, size, len(BLOCK)):
            made.write(memoryview(BLOCK)[: size - at])


@contextmanager
def _nginx(stage: Stage, folder: Path) -> Iterator[int]:
    """Serve `folder` by nginx on the hub's core; gives its port, or 0 where there is none."""
    with ExitStack() as stack:
        try:
            program = stage.nginx or neighbours.find("nginx")
            port = neighbours.free_port()
            settings = folder / "nginx.conf"
            settings.write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
            command: list[str | Path] = [program, "-e", folder / "nginx.log", "-p", folder]
            stack.enter_context(neighbours.running([*command, "-c", settings], port))
        except Absent as absent:
            say(f"nginx is not measured: {absent}")
            port = 0
        yield port
