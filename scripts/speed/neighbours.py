"""Programs of others to measure beside Hearth, taken from Debian's packages but not installed:
no service is started and nothing changes in the system. Knows apt, and not what they speak.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import debian
from commands import Failed, run
from environment import VENV
from speed.outcomes import Absent
from speed.proc import on_core
from speed.stage import HUB_CORE

PLACE = VENV / "neighbours"
PACKAGES = ("redis-server", "ngircd", "nginx")


def find(program: str) -> Path:
    """Where a program is: the system's, or one unpacked here. Raises Absent with the reason."""
    for folder in ("/usr/bin", "/usr/sbin", PLACE / "usr/bin", PLACE / "usr/sbin"):
        if Path(folder, program).exists():
            return Path(folder, program)
    if PLACE.exists():
        raise Absent(f"{PLACE} has no {program}; without that folder it is fetched anew")
    _unpack()
    return find(program)


@contextmanager
def running(command: Sequence[str | Path], port: int) -> Iterator[int]:
    """Run a server on the hub's core until it is no longer needed; gives its process."""
    libraries = ":".join(str(folder) for folder in PLACE.glob("usr/lib/*-linux-*"))
    with on_core(HUB_CORE):
        server = subprocess.Popen(
            command,
            env={**os.environ, "LD_LIBRARY_PATH": libraries} if libraries else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    try:
        _await(port, server)
        yield server.pid
    finally:
        server.terminate()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(5)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _unpack() -> None:
    if not debian.may_install():
        raise Absent("it comes from Debian's packages, which only root may fetch on such a system")
    fresh = PLACE.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "partial").mkdir(parents=True)
    fetch = [*debian.APT, "--download-only", f"--option=Dir::Cache::archives={fresh}", "install"]
    try:
        try:
            run([*fetch, *PACKAGES], debian.QUIET)
        except Failed:
            run([*debian.APT, "update"], debian.QUIET)
            run([*fetch, *PACKAGES], debian.QUIET)
        for package in fresh.glob("*.deb"):
            run(["dpkg-deb", "--extract", package, fresh])
    except Failed as failure:
        shutil.rmtree(fresh, ignore_errors=True)
        last = str(failure).strip().splitlines()[-2:]
        raise Absent(f"Debian's packages cannot be had here: {' '.join(last)}") from None
    fresh.rename(PLACE)


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            if server.poll() is not None:
                raise Absent(f"it did not start (status {server.returncode})") from None
            time.sleep(0.02)
    raise Absent("it did not start within 10 s")
