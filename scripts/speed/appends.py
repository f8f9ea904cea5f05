"""The floor of saved posts, run by `floor.appends` on the hub's core: appends a line to each file
and syncs it, in a loop; nothing is received, checked, numbered or sent.

    appends.py FOLDER FILES SECONDS

prints how many lines were on stable storage in that time.
"""

import os
import sys
import time
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

THREADS = 8
LINE = b"x" * 240 + b"\n"


def main(folder: Path, files: int, seconds: float) -> int:
    """Give how many lines were saved."""
    fds = [os.open(folder / f"r{n}", os.O_WRONLY | os.O_CREAT) for n in range(files)]
    shares: SimpleQueue[list[int]] = SimpleQueue()
    done: SimpleQueue[None] = SimpleQueue()

    def sync() -> None:
        while True:
            for fd in shares.get():
                os.fdatasync(fd)
            done.put(None)

    for _ in range(THREADS):
        Thread(target=sync, daemon=True).start()
    saved = 0
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for fd in fds:
            os.write(fd, LINE)
        for n in range(THREADS):
            shares.put(fds[n::THREADS])
        for _ in range(THREADS):
            done.get()
        saved += files
    return saved


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])), flush=True)
    sys.stdin.read()
