"""Coming in under load: hashes, rate limits, memory, and timing."""

from __future__ import annotations

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hub.access import passwords
from hub.access.rate_limit import RateLimit
from tests.conftest import Serve
from tests.guests import (
    PASSWORD,
    Guest,
    Held,
    come,
    cookie_of,
    guest,
    host,
    login,
    member,
)
from tests.patience import PATIENCE, until
from tests.serving import Serving

JSON = "application/json"


@pytest.mark.slow
def test_timing_of_logins_reveals_no_names(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the name, one hash of today's cost: it takes nearly all the time of a login."""
    member(hub, "naor")
    hashed, real = [], passwords._scrypt

    def watched(password: str, salt: bytes, *cost: int) -> bytes:
        hashed.append((password, len(salt), *cost))
        return real(password, salt, *cost)

    monkeypatch.setattr(passwords, "_scrypt", watched)
    for name in ("naor", "nobody", "naor", "nobody"):
        assert login(hub, name, "wrong password").status == 401
    assert hashed == [("wrong password", 16, 16, 8, 1)] * 4


@pytest.mark.usefixtures("cheap_passwords")
def test_hashing_delays_nobody_else(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty addresses log in at once and no hash ends: no thread of Flask waits for one."""
    naor = member(hub, "naor")
    held = Held(monkeypatch)
    own = hub.server._hub
    assert own is not None

    def wrongly(number: int) -> tuple[int, str]:
        asked = {"name": "naor", "password": "wrong password"}
        return hub.ask("POST", "/api/login", asked, source=f"127.0.1.{number + 1}").error

    with ThreadPoolExecutor(40) as pool:
        try:
            trying = [pool.submit(wrongly, number) for number in range(40)]
            until(lambda: hub.on_loop(lambda: own.checker._under_way.total() == 40))
            for number in range(30):
                assert hub.get("/api/health").status == 200
                assert hub.get("/general").status == 200
                assert naor.say(f"message {number}").status == 201
            assert own.checker._under_way.total() == 40, "and they still wait"
            assert held.begun == 2
        finally:
            held.go.set()
        assert [x.result() for x in trying] == [(401, "login_wrong")] * 40


@pytest.mark.usefixtures("cheap_passwords")
def test_a_full_queue_of_hashes_refuses_at_once(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "QUEUE", 3)
    naor = member(hub, "naor")
    held = Held(monkeypatch)
    own = hub.server._hub
    assert own is not None
    entry = {"name": "mira", "password": PASSWORD}
    with ThreadPoolExecutor(3) as pool:
        try:
            for number in range(3):
                pool.submit(come, hub, name=f"guest{number}", password=PASSWORD)
            until(lambda: hub.on_loop(lambda: own.checker._under_way.total() == 3))
            for answer in (
                hub.post("/api/session", entry),
                login(hub, "naor"),
                naor.ask("PUT", "/api/account/password", {"old": PASSWORD, "new": PASSWORD}),
                guest(hub, "dana").post("/api/account", {"password": PASSWORD}),
            ):
                assert answer.error == (503, "busy")
                assert int(answer.headers["Retry-After"]) >= 1
            for _ in range(10):
                assert login(hub, "naor").error == (503, "busy"), "that was no wrong try"
        finally:
            held.go.set()
    assert come(hub, **entry).status == 201, "the refused entry left nothing behind"


@pytest.mark.usefixtures("cheap_passwords")
def test_a_class_behind_one_address_may_change_passwords_at_once(serve: Serve) -> None:
    hub = serve(message_rate=10.0, connections_per_address=64)
    pupils = [
        cookie_of(hub, come(hub, name=f"pupil{number}", password=PASSWORD)) for number in range(24)
    ]
    own = hub.server._hub
    assert own is not None
    own.checker._rate_limit = RateLimit(
        1.0, passwords.BURST
    )  # a fresh bucket: entering took hashes too

    def change(pupil: Guest) -> int:
        asked = {"old": PASSWORD, "new": "another horse"}
        return pupil.ask("PUT", "/api/account/password", asked).status

    with ThreadPoolExecutor(24) as pool:
        assert list(pool.map(change, pupils)) == [204] * 24


@pytest.mark.usefixtures("cheap_passwords")
def test_hashes_are_rate_limited_by_address(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "BURST", 4)
    hub = serve(message_rate=0.001, connections_per_address=1000)
    own = hub.server._hub
    assert own is not None
    own.checker._rate_limit = RateLimit(1 / 60, passwords.BURST)
    for number in range(4):
        assert come(hub, name=f"guest{number}", password=PASSWORD).status == 201
    refused = come(hub, name="guest4", password=PASSWORD)
    assert refused.error == (429, "busy")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    elsewhere = {"name": "guest4", "password": PASSWORD}
    assert hub.ask("POST", "/api/session", elsewhere, source="127.0.0.9").status == 201


STOPPED = [(503, "stopping")] * 2


@pytest.mark.usefixtures("cheap_passwords")
def test_stopping_refuses_those_who_wait_for_a_hash(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    own = hub.server._hub
    assert own is not None
    with ThreadPoolExecutor(4) as pool:
        waiting = [
            pool.submit(come, hub, name=f"guest{number}", password=PASSWORD) for number in range(4)
        ]
        until(lambda: hub.on_loop(lambda: held.begun == 2 and own.checker._under_way.total() == 4))
        stopping = threading.Thread(target=hub.stop)
        stopping.start()
        deadline = time.monotonic() + 60
        while (told := [x.result().error for x in waiting if x.done()]) != STOPPED:
            assert time.monotonic() < deadline, told
            time.sleep(0.01)
        held.go.set()
        stopping.join(60)
    hub.start()


@pytest.mark.usefixtures("cheap_passwords")
@pytest.mark.parametrize("size", [2_000, 1_000_000])
def test_an_enormous_password_is_refused_quickly(hub: Serving, size: int) -> None:
    naor = member(hub, "naor")
    password = "x" * size
    began = time.monotonic()
    for answer in (
        login(hub, "naor", password),
        come(hub, name="mira", password=password),
        guest(hub, f"zed{size}").post("/api/account", {"password": password}),
        naor.ask("PUT", "/api/account/password", {"old": PASSWORD, "new": password}),
    ):
        assert answer.status in (401, 413, 422)
    assert time.monotonic() - began < 20
    assert login(hub, "naor").status == 200


def resident() -> int:
    """The resident memory of this process in bytes; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    except OSError:
        return 0


@pytest.mark.usefixtures("cheap_passwords")
@pytest.mark.slow
def test_ten_thousand_joins_from_one_address_are_limited(serve: Serve) -> None:
    hub = serve(connections_per_address=8)
    anna = host(hub)
    own = hub.server._hub
    assert own is not None
    found: list[int] = []
    lock = threading.Lock()

    def many(worker: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=PATIENCE)
        for number in range(2_500):
            body = json.dumps({"name": f"n{worker}x{number}"})
            connection.request("POST", "/api/session", body, {"Content-Type": JSON})
            answer = connection.getresponse()
            told = answer.read()
            with lock:
                found.append(answer.status)
            if answer.status == 429:
                assert int(answer.headers["Retry-After"]) >= 1
                assert json.loads(told)["error"]["code"] == "too_many"
        connection.close()

    many_before = len(own.people.everybody())
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        many(0)
        before = resident()
        list(pool.map(many, range(1, 4)))
        grown = resident() - before
    took = time.monotonic() - began
    assert len(found) == 10_000
    assert set(found) == {201, 429}
    joined = found.count(201)
    assert 32 <= joined <= 32 + took + 2
    assert len(own.people.everybody()) - many_before == joined
    assert len(own.limits.joins) == 1
    assert grown < 8 << 20, f"{grown >> 10} KiB"
    assert anna.say("The hub goes on").status == 201
