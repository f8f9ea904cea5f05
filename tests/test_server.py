"""The server on its thread: where it listens, when it is ready, what its end leaves behind."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import functools
import gc
import http.client
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from hub import server
from hub.config import Settings
from hub.errors import CannotStart
from hub.folder import Folder
from hub.protocol.events import FORMAT, Event, Header, line_of
from hub.server import Server, listen
from hub.store import disk, recover
from tests.conftest import Live, Serve
from tests.patience import PATIENCE, until
from tests.serving import ROOT, Serving
from tests.windows import has_mode

CHAT = "/api/chat/general"


def reached(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=2).close()
    except OSError:
        return False
    return True


def threads_since(before: set[threading.Thread]) -> set[threading.Thread]:
    return set(threading.enumerate()) - before


def test_all_interfaces_are_ipv4_and_ipv6() -> None:
    sockets = listen(None, 0)
    try:
        assert len(sockets) == 1, "one port for both"
        port = sockets[0].getsockname()[1]
        assert reached("127.0.0.1", port)
        assert reached("127.0.0.2", port)
        if socket.has_dualstack_ipv6():
            assert reached("::1", port)
    finally:
        for each in sockets:
            each.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "0.0.0.0", "::"])
def test_listening_on_one_address(host: str) -> None:
    (bound,) = listen(host, 0)
    with bound:
        port = bound.getsockname()[1]
        own = {"0.0.0.0": "127.0.0.1", "::": "::1", "localhost": bound.getsockname()[0]}
        assert reached(own.get(host, host), port)
        assert not (host == "127.0.0.1" and reached("127.0.0.2", port))
        assert not (host == "::" and not reached("127.0.0.1", port)), "all means both protocols"


def test_a_port_that_is_taken(serve: Serve) -> None:
    hub = serve()
    for host in ("127.0.0.1", "0.0.0.0", None):
        with pytest.raises(OSError, match="bind on address|in use|10048") as error:
            listen(host, hub.port)
        assert error.value.errno == errno.EADDRINUSE


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_port_that_another_holds_on_loopback_alone(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """macOS and Windows bind all interfaces beside it; Linux does so where ports are shared."""
    if not hasattr(socket, "SO_REUSEPORT"):
        pytest.skip("ports cannot be shared here")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    if family == socket.AF_INET6 and not socket.has_dualstack_ipv6():
        pytest.skip("no IPv6 here")
    beside = functools.partial(socket.create_server, reuse_port=True)
    monkeypatch.setattr(socket, "create_server", beside)
    with socket.create_server((address, 0), family=family) as holder:
        port = holder.getsockname()[1]
        for host in (None,) if family == socket.AF_INET6 else (None, "0.0.0.0"):
            with pytest.raises(OSError, match="in use") as error:
                listen(host, port)
            assert error.value.errno == errno.EADDRINUSE


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
def test_a_port_held_on_ipv6_does_not_matter_to_ipv4() -> None:
    for _ in range(20):  # as another program may have the same one on IPv4
        with socket.create_server(("::1", 0), family=socket.AF_INET6) as holder:
            try:
                (bound,) = listen("0.0.0.0", holder.getsockname()[1])
            except OSError:
                continue
            bound.close()
            return
    pytest.fail("each of them was refused")


@pytest.mark.parametrize("why", [errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EACCES])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows says EACCES of a port that is held")
def test_a_missing_loopback_address_does_not_matter(
    monkeypatch: pytest.MonkeyPatch, why: int
) -> None:
    """IPv6; or the right to a low port, which macOS asks for on one address alone."""

    def without(family: int, kind: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(why, os.strerror(why))
        return made(family, kind)

    made = socket.socket
    with made(socket.AF_INET, socket.SOCK_STREAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with monkeypatch.context() as patch:
        patch.setattr("hub.server.socket.socket", without)
        server._check_loopback(port, six=True)


def test_time_wait_does_not_keep_a_port(serve: Serve) -> None:
    hub = serve(host=None)
    with socket.create_connection(("127.0.0.1", hub.port)):
        hub.stop()  # closes first, so the system still keeps the pair of ports for a while
    hub.start()
    assert reached("127.0.0.1", hub.port)


def test_a_foreign_address() -> None:
    for host in ("203.0.113.9", "no-such-host.invalid"):
        with pytest.raises(OSError):  # noqa: PT011 - which one, the system decides
            listen(host, 0)


def test_start_returns_when_requests_are_answered(tmp_path: Path) -> None:
    for number in range(5):
        hub = Serving(tmp_path / str(number))
        try:
            assert hub.get("/api/health").json["instance"] == hub.server.instance
        finally:
            hub.stop()
        assert not reached("127.0.0.1", hub.port)


def test_a_failed_start_raises(tmp_path: Path) -> None:
    folder = Folder.open(tmp_path / "rooms")
    settings = Settings(announce=False)
    server = Server(folder, settings, tmp_path / "no-ui", listen("127.0.0.1", 0))
    with pytest.raises(CannotStart, match="did not start"):
        server.start()
    assert isinstance(server.failed, OSError)
    assert server.wait(1)
    server.stop()


def test_a_start_that_takes_too_long_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.server.START_SECONDS", 0.0)
    folder = Folder.open(tmp_path / "rooms")
    server = Server(folder, Settings(announce=False), ROOT / "ui", listen("127.0.0.1", 0))
    with pytest.raises(CannotStart, match="in time"):
        server.start()
    until(lambda: reached("127.0.0.1", server.port))
    server.stop()
    assert server.wait(PATIENCE)


def test_a_stop_before_there_is_a_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The socket takes connections from the first moment on: whoever asked may stop it at once."""
    real, go_on = asyncio.run, threading.Event()

    def late(work: Coroutine[Any, Any, None]) -> None:
        go_on.wait(30)
        real(work)

    monkeypatch.setattr("hub.server.START_SECONDS", 0.0)
    monkeypatch.setattr("hub.server.STOP_SECONDS", 0.0)
    monkeypatch.setattr("hub.server.asyncio.run", late)
    folder = Folder.open(tmp_path / "rooms")
    server = Server(folder, Settings(announce=False), ROOT / "ui", listen("127.0.0.1", 0))
    with pytest.raises(CannotStart, match="in time"):
        server.start()
    server.stop()
    go_on.set()
    assert server.wait(PATIENCE)


def test_a_wrong_name_in_the_settings(tmp_path: Path) -> None:
    settings = Settings(announce=False, names="no name")
    server = Server(Folder.open(tmp_path / "r"), settings, ROOT / "ui", listen("127.0.0.1", 0))
    with pytest.raises(CannotStart, match="'no name'"):
        server.start()


def test_what_a_host_calls_the_hub_is_told(hub: Serving) -> None:
    told: list[str] = []
    hub.server.follow_name(told.append)
    ticket = hub.post("/api/ticket", {"ticket": hub.server.ticket()}, Origin=hub.url)
    cookie = ticket.headers["Set-Cookie"].partition(";")[0]
    host = {"Cookie": cookie, "Origin": hub.url}
    assert hub.ask("POST", "/api/session", {"name": "anna"}, host).status == 201
    for name in ("The mill", "Hearth", ""):
        done = hub.ask("POST", "/api/host", {"do": "name", "text": name}, host)
        assert done.status == 200, done.text
    assert told == ["", "The mill", "", ""]
    hub.server.follow_name(told.append)
    assert told[4:] == [""]


def test_a_claimed_host_name_may_be_asked(hub: Serving) -> None:
    name = f"mill.local:{hub.port}"
    assert hub.get("/api/health", Host=name).status == 421
    hub.server.claim("mill.local")
    assert hub.get("/api/health", Host=name).status == 200


def test_stop_twice_and_start_again(hub: Serving) -> None:
    hub.say("Hello")
    hub.stop()
    hub.server.stop()
    hub.start()
    assert [x["text"] for x in hub.events()] == ["Hello"]


def test_no_thread_is_left(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    hub = Serving(tmp_path / "rooms")
    hub.say("Hello")
    hub.stop()
    until(lambda: not any(x.is_alive() and not x.daemon for x in threads_since(before)))
    left = {x.name for x in threads_since(before)}
    assert not left & {"server", "writer"}, left


def test_stopping_saves_what_was_accepted(hub: Serving, live: Live) -> None:
    """Whoever was told that it is saved finds it again; whoever was not has lost nothing else."""
    talks = [live(f"naor{n}") for n in range(4)]
    told: list[tuple[str, str]] = []

    def talk_on(number: int) -> None:
        try:
            for n in range(100_000):
                event = talks[number].say(f"{number}-{n}", key=f"k{n}")
                told.append((event["by"], event["key"]))
        except ConnectionClosed:
            pass

    threads = [threading.Thread(target=talk_on, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: len(told) > 20)
    hub.stop()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    hub.start()
    kept = [json.loads(x) for x in hub.lines()]
    assert [x["n"] for x in kept] == list(range(1, len(kept) + 1))
    assert len(told) > 20
    assert set(told) <= {(x["by"], x["key"]) for x in kept}
    assert len(kept) <= len(told) + 4, "each had one on its way"


def test_stopping_while_programs_post(hub: Serving) -> None:
    told: list[str] = []
    odd: list[int] = []

    def post_on(number: int) -> None:
        for n in range(100_000):
            try:
                answer = hub.post(CHAT, {"username": f"naor{number}", "msg": f"{number}-{n}"})
            except (OSError, http.client.HTTPException):
                return
            if answer.status != 201:
                odd.append(answer.status)
                return
            told.append(answer.json["text"])

    threads = [threading.Thread(target=post_on, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    until(lambda: len(told) > 20)
    began = time.monotonic()
    hub.stop()
    assert time.monotonic() - began < 10
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert set(odd) <= {500, 503}
    hub.start()
    kept = [json.loads(x)["text"] for x in hub.lines()]
    assert len(told) > 20
    assert set(told) <= set(kept)
    assert len(kept) <= len(told) + len(threads)


@pytest.mark.slow
def test_stopping_waits_for_the_disk(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(fd: int) -> None:
        time.sleep(0.5)
        os.fdatasync(fd)

    monkeypatch.setattr("hub.store.disk.sync_file", slow)
    with hub.talk() as naor:
        naor.hello("naor")
        for n in range(50):
            naor.send("say", room="general", text=str(n), key=f"k{n}")
        naor.settle()
        hub.stop()
    assert [json.loads(x)["text"] for x in hub.lines()] == [str(n) for n in range(50)]
    hub.start()


def test_two_hubs_do_not_share_a_folder(hub: Serving) -> None:
    second = Folder.open(hub.path)
    assert not second.lock()


def test_people_are_kept(hub: Serving) -> None:
    sessions = [hub.session(f"naor{n}") for n in range(20)]
    hub.restart()
    for n, session in enumerate(sessions):
        assert hub.ask("GET", "/api/me", None, session).json["person"]["name"] == f"naor{n}"
    assert has_mode(hub.folder.ledger_file, 0o600), "readable by the owner only"


@pytest.mark.parametrize("waits", [True, False])
def test_a_stop_does_not_wait_for_a_room_being_opened(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, waits: bool
) -> None:
    """Nor who waits for it. Counted in blocks: how long each takes does not matter."""
    hub = serve()
    path = hub.folder.room_file("large")
    header = line_of(Header(FORMAT, "large"))
    event = Event(room="large", n=1, at="x", by="a", do="say", text="x" * 900)
    hub.stop()
    with path.open("wb") as file:
        file.write(header)
        for n in range(1, 3000):
            event.n = n
            file.write(line_of(event))
    monkeypatch.setattr(recover, "BLOCK", 1000)
    read: list[int] = []
    reading, ended = threading.Event(), threading.Event()
    real = disk.pread

    def pread(fd: int, length: int, offset: int) -> bytes:
        if length == 1000:
            read.append(offset)
            if len(read) == 10:
                reading.set()
                ended.wait(20)  # the stop comes while this one is read
        return real(fd, length, offset)

    monkeypatch.setattr(disk, "pread", pread)
    hub.start()
    assert reading.wait(PATIENCE)
    answers: list[int] = []

    def ask() -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if waits:
                answers.append(hub.get("/api/chat/large").status)

    asking = threading.Thread(target=ask)
    asking.start()
    rooms = hub.server._hub.rooms  # type: ignore[union-attr]
    stopping = threading.Thread(target=hub.stop)
    stopping.start()
    until(lambda: rooms._ending)
    ended.set()
    stopping.join(60)
    asking.join(60)
    assert not stopping.is_alive()
    assert len(read) == 10, "nothing more was read"
    assert answers in ([503], [])
    gc.collect()
    assert "never retrieved" not in caplog.text
    monkeypatch.undo()
    hub.start()
    assert hub.events("large")[-1]["n"] == 2999


def test_all_objects_are_looked_at_seldom(serve: Serve) -> None:
    before = gc.get_threshold()
    try:
        gc.set_threshold(700, 10, 10)
        serve()
        assert gc.get_threshold() == server.COLLECTIONS
    finally:
        gc.set_threshold(*before)


def test_a_stop_that_takes_too_long_is_reported(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = serve()
    waits = threading.Event()
    monkeypatch.setattr(server, "STOP_SECONDS", 0.1)

    async def stop() -> None:
        while not waits.is_set():
            await asyncio.sleep(0.01)

    own = hub.server._hub
    assert own is not None
    really = own.stop
    monkeypatch.setattr(own, "stop", stop)
    hub.server.stop()
    assert "did not stop in 0.1 s" in str(hub.server.failed)
    asyncio.run_coroutine_threadsafe(really(), hub.server._loop).result(20)  # type: ignore[arg-type]
    waits.set()
