"""Sends a file over a socket with the system's sendfile, and does nothing else.

`python sender.py FILE`, whose standard output is the socket.
"""

from __future__ import annotations

import os
import sys


def main(file: str) -> None:
    with open(file, "rb") as source:
        at, size = 0, os.fstat(source.fileno()).st_size
        while at < size:
            at += os.sendfile(sys.stdout.fileno(), source.fileno(), at, size - at)


if __name__ == "__main__":
    main(sys.argv[1])
