"""Redis streams that sync each post, as a hub does, loaded in turns with a hub.

Each sender adds to a stream of its own, one entry under way, as each of Hearth's writes to a room
of its own. With `appendfsync always`, Redis answers what came together after one sync of its
append-only file, which lies on the hub's disk. An entry is as large as the line that a hub saves.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from speed import neighbours, posts
from speed.crowd import AnsweredCrowd, Reader
from speed.figures import CPU, LOST, P50, P99, Figures
from speed.posts import POSTS, SENDERS, Posting
from speed.spray import SIZE
from speed.stage import Stage
from speed.websocket import await_text

SHARE: Final = "times as many by Hearth"
ROUNDS: Final = 3
_ADD: Final = b"*5\r\n$4\r\nXADD\r\n$%d\r\n%b\r\n$1\r\n*\r\n$1\r\ne\r\n$%d\r\n%b\r\n"
_ENTRY: Final = b"x" * SIZE


def beside_hearth(stage: Stage) -> Figures:
    """The same load for each of them in turns, so that noise hits both."""
    with redis(stage) as theirs, posts.websocket(stage) as ours:
        for posting in (theirs, ours):
            posting.warm_up(stage.seconds)
        for posting in (ours, theirs, theirs, ours) * ROUNDS:
            posting.load(stage.seconds / ROUNDS)
    hearth, figures = ours.figures(), theirs.figures()
    figures[LOST] += hearth[LOST]
    return {
        POSTS: figures[POSTS],
        SHARE: hearth[POSTS] / figures[POSTS],
        **{f"{name} by Hearth": hearth[name] for name in (POSTS, P50, P99, CPU)},
        **figures,
    }


@contextmanager
def redis(stage: Stage) -> Iterator[Posting]:
    """Asks afterwards how many entries the streams hold."""
    program, port = neighbours.find("redis-server"), neighbours.free_port()
    folder = stage.rooms(f"streams{time.time_ns()}")
    command: list[str | Path]
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder,
               "--appendonly", "yes", "--appendfsync", "always",
               "--auto-aof-rewrite-percentage", "0"]  # fmt: skip
    with neighbours.running(command, port) as pid:
        crowd = AnsweredCrowd(b"$")
        for _ in range(SENDERS):
            crowd.add(socket.create_connection(("127.0.0.1", port), 30))
        adds = [_ADD % (len(key), key, SIZE, _ENTRY) for key in map(_stream, range(SENDERS))]

        def send(number: int, reader: Reader) -> None:
            crowd.asked[reader] = time.perf_counter_ns()
            reader.sock.sendall(adds[number])

        posting = Posting(pid, crowd, send)
        yield posting
        posting.lost += crowd.missed(lambda i: posting.sent[i])
        crowd.close()
        saved = [_length(port, _stream(number)) for number in range(SENDERS)]
        pairs = zip(saved, crowd.readers, strict=True)
        posting.lost += sum(abs(length - reader.seen) for length, reader in pairs)


def _stream(number: int) -> bytes:
    return b"r%d" % number


def _length(port: int, stream: bytes) -> int:
    with socket.create_connection(("127.0.0.1", port), 30) as sock:
        sock.sendall(b"XLEN %b\r\n" % stream)
        told = await_text(sock, b"\r\n")
    found = re.fullmatch(rb":(\d+)\r\n", told)
    if not found:
        raise RuntimeError(f"Redis said {told!r}")
    return int(found[1])
