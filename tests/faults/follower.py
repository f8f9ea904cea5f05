"""A client as a program of its own, so that it can be put to sleep.

`python follower.py URL ROOM NAME FILE`: hears the room from its first event and writes the
lines to FILE, and what became of each connection to stderr. It comes back with `after`, as a
page does after a sleep.
"""

from __future__ import annotations

import json
import sys
import time

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


def main(url: str, room: str, name: str, file: str) -> None:
    token: str | None = None
    last = 0
    with open(file, "wb", buffering=0) as out:
        while True:
            try:
                with connect(
                    url, compression=None, max_size=None, proxy=None, close_timeout=1,
                    ping_interval=2, ping_timeout=2,
                ) as socket:  # fmt: skip
                    who = {"token": token} if token else {"name": name}
                    socket.send(json.dumps({"do": "hello", **who}))
                    welcome = json.loads(socket.recv(timeout=120))
                    token = welcome.get("token", token)
                    socket.send(json.dumps({"do": "join", "room": room, "after": last}))
                    while True:
                        for line in socket.recv(decode=False).split(b"\n"):
                            if b'"n":' in line:
                                out.write(line + b"\n")
                                last = json.loads(line)["n"]
            except (ConnectionClosed, OSError, TimeoutError, EOFError) as error:
                print(f"came back after {error!r}", file=sys.stderr, flush=True)
                time.sleep(0.2)


if __name__ == "__main__":
    main(*sys.argv[1:])
