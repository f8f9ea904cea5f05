"""A program of its own: writes to many loopback sockets as fast as it can, one `send` each.

`python spray.py SOCKETS LINES SECONDS`: prints its port; when all sockets are there it
sends to one after the other and prints how many sends it made. Each carries LINES messages.
"""

from __future__ import annotations

import socket
import sys
import time

MARK = b"MARKEDBYTHEBENCHFORCOUNTING"  # as in crowd.py, which this program does not know
SIZE = 210
"""Bytes of one message here, as a short one of Hearth has on the wire."""


def main(sockets: int, lines: int, seconds: float) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as server:
        print(server.getsockname()[1], flush=True)
        senders = []
        for _ in range(sockets):
            sock, _ = server.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            senders.append(sock.send)
        data = (MARK + b"x" * (SIZE - len(MARK) - 1) + b"\n") * lines
        sends = 0
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            for send in senders:
                if send(data) != len(data):
                    raise RuntimeError("a send was cut short")
            sends += sockets
        print(sends, flush=True)
        sys.stdin.read()  # the sockets stay open until they are read


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
