"""File descriptors: how many there are, who has them, and what happens when none is left."""

from __future__ import annotations

import asyncio
import errno
import logging
import sys

import pytest

from hub.descriptors import OVER_SECONDS, Shortage, raise_limit, shares
from hub.store import open_files
from tests.conftest import Serve
from tests.patience import until


@pytest.mark.parametrize("number", [128, 200, 256, 1024, 10_240, 20_000, 1 << 20])
def test_descriptors_are_shared_out(number: int) -> None:
    files, connections = shares(number)
    assert connections >= 64, "sockets come first"
    assert files >= 8
    assert files <= open_files.MOST
    if number >= 200:
        assert files + connections <= number - 64, "and something is left for all else"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize(
    ("soft", "hard", "most", "expected"),
    [
        (256, 4096, 1 << 30, 4096),
        (256, -1, 1 << 30, 1 << 20),
        (256, -1, 10_240, 10_240),  # what macOS allows although it names no end
        (256, -1, 0, 256),
        (256, 256, 1 << 30, 256),
        (-1, -1, 1 << 30, 1 << 20),
        (1 << 22, 1 << 22, 1 << 30, 1 << 22),
    ],
)
def test_the_descriptor_limit_is_raised(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, most: int, expected: int
) -> None:
    import resource

    def setrlimit(_: int, limits: tuple[int, int]) -> None:
        if limits[0] > most:
            raise ValueError("not allowed to raise maximum limit")
        assert limits[1] == hard

    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    assert raise_limit() == expected


def test_without_descriptors_rooms_close_files_and_it_is_logged_once(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    hub = serve()
    for number in range(40):
        hub.say("Hello", f"room-{number}")
    files = hub.server._hub.rooms._files  # type: ignore[union-attr]
    assert len(files.opened) == 40
    # They are synced a second later.
    until(lambda: hub.on_loop(lambda: all(file.idle for file in files.opened)))
    loop = hub.server._loop
    assert loop is not None
    error = OSError(errno.EMFILE, "Too many open files")
    context = {"message": "socket.accept() out of system resource", "exception": error}
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            hub.on_loop(lambda: loop.call_exception_handler(context))
        hub.on_loop(lambda: loop.call_exception_handler({"message": "something else"}))
    assert len(files.opened) == 0
    assert [x.getMessage() for x in caplog.records if "descriptors" in x.getMessage()] == [
        "There are too few descriptors (ulimit -n): new connections have to wait"
    ]
    assert "something else" in caplog.text
    for number in range(40):
        assert hub.say("again", f"room-{number}")["n"] == 2


def test_each_shortage_is_told_once_however_long_it_lasts(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        loop, freed = asyncio.get_running_loop(), list[float]()
        shortage = Shortage(lambda: freed.append(now))
        none_left = {"exception": OSError(errno.EMFILE, "Too many open files")}
        for now in (0.0, 1.0, OVER_SECONDS, 2 * OVER_SECONDS - 1, 3 * OVER_SECONDS):
            monkeypatch.setattr(loop, "time", lambda now=now: now)
            shortage(loop, none_left)
        monkeypatch.undo()
        assert len(freed) == 5

    with caplog.at_level(logging.ERROR):
        asyncio.run(main())
    assert caplog.text.count("too few descriptors") == 2, "the last one is another one"
