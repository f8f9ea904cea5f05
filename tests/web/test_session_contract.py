"""Sessions, the window's ticket and invitations, as the contract describes them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hub.store import disk
from tests.conftest import Launch, Serve
from tests.ledgers import kept_in, people_in
from tests.serving import FORM, Serving
from tests.web.examples import CHAT, JSON, check_refused


def test_a_session_ends(hub: Serving) -> None:
    session = hub.session("naor")
    assert hub.ask("GET", "/api/me", None, session).json["person"]["name"] == "naor"
    assert hub.ask("DELETE", "/api/session", None, session).status == 204
    assert hub.ask("GET", "/api/me", None, session).json["person"] is None
    assert hub.ask("POST", CHAT, {"msg": "x"}, session).error == (401, "who_are_you")
    assert hub.post("/api/session", {"name": "naor"}).error == (409, "name_taken")


def test_a_session_is_on_disk_before_it_is_told(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = disk.pwrite

    def slow(fd: int, data: bytes, offset: int) -> None:
        time.sleep(0.3)
        write(fd, data, offset)

    monkeypatch.setattr(disk, "pwrite", slow)
    for name in ("naor", "mira"):
        session = hub.session(name)
        assert name in {x["name"] for x in people_in(hub.folder.ledger_file)}
    hub.ask("DELETE", "/api/session", None, session)
    kinds = [key.partition("/")[0] for key in kept_in(hub.folder.ledger_file)]
    assert (kinds.count("person"), kinds.count("device")) == (2, 1)


def test_a_session_is_known_after_a_restart(hub: Serving) -> None:
    session = hub.session("naor")
    who = hub.ask("GET", "/api/me", None, session).json["person"]["who"]
    hub.restart()
    person = hub.ask("GET", "/api/me", None, session).json["person"]
    assert person == {
        "who": who, "name": "naor", "account": False, "host": False, "muted_until": None,
    }  # fmt: skip


def test_the_cookie(hub: Serving) -> None:
    answer = hub.post("/api/session", {"name": "naor"})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{hub.cookie}=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    token = cookie.partition(";")[0].partition("=")[2]
    kept = [x.read_bytes() for x in hub.folder.hub.rglob("*") if x.is_file()]
    assert not any(token.encode() in x for x in kept), "who reads the folder can be anybody"


def test_a_ticket_works_once(hub: Serving) -> None:
    ticket = hub.server.ticket()
    first = hub.post("/api/ticket", {"ticket": ticket})
    assert first.status == 200
    assert (first.json["host"], first.json["person"]) == (True, None)
    assert hub.post("/api/ticket", {"ticket": ticket}).error == (403, "ticket_used")
    assert hub.post("/api/ticket", {"ticket": "guessed"}).error == (403, "ticket_used")
    session = {"Cookie": first.headers["Set-Cookie"].partition(";")[0], "Origin": hub.url}
    assert hub.ask("POST", "/api/session", {"name": "naor"}, session).status == 201
    me = hub.ask("GET", "/api/me", None, session).json
    assert (me["host"], me["person"]["name"]) == (True, "naor")
    assert hub.get("/api/me").json["host"] is False


def test_a_hub_with_a_code(serve: Serve) -> None:
    hub = serve(hub_code="ember")
    assert hub.get("/api/me").json["hub"]["mode"] == "code"
    assert hub.get(CHAT).error == (401, "who_are_you")
    assert hub.get("/api/rooms").error == (401, "who_are_you")
    assert hub.get("/api/invite").error == (401, "who_are_you")
    assert hub.post(CHAT, {"username": "naor", "msg": "x"}).error == (401, "who_are_you")
    assert hub.post("/api/session", {"name": "naor"}).error == (401, "code_needed")
    assert hub.post("/api/session", {"name": "naor", "code": "x"}).error == (401, "code_wrong")
    right = hub.post("/api/session", {"name": "naor", "code": "ember"})
    assert right.status == 201
    session = {"Cookie": right.headers["Set-Cookie"].partition(";")[0], "Origin": hub.url}
    assert hub.ask("POST", CHAT, {"msg": "x"}, session).status == 201
    assert hub.ask("GET", CHAT, None, session).status == 200
    hub.stop_rate_limit_clocks()
    for _ in range(10):
        answer = hub.post("/api/session", {"name": "mira", "code": "guess"})
    assert answer.error == (429, "too_many_tries")
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_hub_for_accounts_only(serve: Serve) -> None:
    hub = serve(accounts="login")
    assert hub.get(CHAT).headers["WWW-Authenticate"] == "Bearer"
    assert "WWW-Authenticate" not in hub.get("/api/me").headers
    assert hub.get("/api/me").json["hub"]["mode"] == "login"
    assert hub.get(CHAT).error == (401, "who_are_you")
    assert hub.post("/api/session", {"name": "naor"}).error == (401, "login_needed")
    assert hub.post(CHAT, {"username": "naor", "msg": "x"}).error == (401, "who_are_you")


@pytest.mark.parametrize("path", ["/api/session", "/api/ticket", "/api/window"])
@pytest.mark.parametrize("body", ["", "{", "null", "[]", "{}", '{"name": 1, "ticket": 1}'])
def test_json_of_the_wrong_shape_is_refused(lasting: Serving, path: str, body: str) -> None:
    check_refused(lasting, lasting.post(path, body, Content_Type=JSON), 400, 422)
    check_refused(lasting, lasting.post(path, "name=naor", Content_Type=FORM), 415)


def test_raising_the_window_needs_the_secret(lasting: Serving) -> None:
    assert lasting.post("/api/window", {"secret": "guessed"}).error == (403, "forbidden")
    assert lasting.post("/api/window", {"secret": "ĝ"}).error == (403, "forbidden")
    assert lasting.post("/api/window", {"secret": lasting.server.secret}).json == {"window": False}
    odd = {"secret": lasting.server.secret, "room": "../etc"}
    assert lasting.post("/api/window", odd).error == (404, "room_name")


ASKS_FROM = """
import http.client, sys
source, target, port, method, path, body = sys.argv[1:]
asked = http.client.HTTPConnection(target, int(port), timeout=20, source_address=(source, 0))
asked.request(method, path, body, {"Content-Type": "application/json"})
print(asked.getresponse().status)
"""


@pytest.mark.parametrize("options", [(), ("--host", "10.77.1.1")])
def test_the_secret_is_accepted_from_this_computer_only(
    launch: Launch, namespace: str, tmp_path: Path, options: tuple[str, ...]
) -> None:
    for address in ("10.77.1.1", "10.77.1.2"):
        command = ["ip", "-n", namespace, "address", "add", f"{address}/32", "dev", "lo"]
        subprocess.run(command, check=True)
    inside = ("ip", "netns", "exec", namespace)
    hub = launch(*options, prefix=inside)
    hub.ready()
    running = json.loads((tmp_path / "rooms" / "hub" / "running.json").read_text())
    knock = json.dumps({"secret": running["secret"], "ticket": True})

    def status(source: str, target: str) -> int:
        asked = [source, target, str(hub.port), "POST", "/api/window", knock]
        ended = subprocess.run(
            [*inside, sys.executable, "-c", ASKS_FROM, *asked],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return int(ended.stdout)

    assert status("10.77.1.2", "10.77.1.1") == 403
    assert status("10.77.1.1", "10.77.1.1") == 200, "as a second start asks a hub at one address"
    if not options:
        assert status("127.0.0.1", "127.0.0.1") == 200
        assert status("127.0.0.9", "127.0.0.1") == 200
    second = launch("--reset-host", *options, prefix=inside)
    assert second.ended() == 0
    assert "#ticket=" in second.lines[0]


def test_an_invitation(hub: Serving) -> None:
    told = hub.get("/api/invite?room=Caf%C3%89").json
    link = f"http://192.168.1.5:{hub.port}/caf%C3%A9"
    assert told["addresses"] == [link]
    rows = told["qr"][link]
    assert {len(x) for x in rows} == {len(rows)}
    assert set("".join(rows)) == {"0", "1"}
    assert rows[0].startswith("1111111")
    assert hub.get("/api/invite").json["addresses"] == [f"http://192.168.1.5:{hub.port}/general"]
    assert hub.get("/api/invite?room=con").error == (404, "room_name")


def test_the_rate_of_qr_codes_is_limited(serve: Serve) -> None:
    hub = serve(message_rate=1.0)
    found = [hub.get(f"/api/invite?room=r{n}").status for n in range(60)]
    assert found[:30] == [200] * 30
    assert 429 in found, "each takes a hundredth of a second"
