"""The session's cookie: the hub's own, whatever its port and the hubs beside it."""

from __future__ import annotations

import http.cookiejar
import json
import socket
import urllib.request
from typing import Any

import pytest

from hub.web.cookies import MOST, adopt
from tests.conftest import Live, Serve
from tests.ledgers import kept_in
from tests.serving import Serving

OWN = "hearth_0123"


def read(line: str, **tokens: float) -> tuple[str, str, list[str]] | None:
    """The cookies as they are to be read, the one that is renewed, the names of those ended.

    `tokens` are the known ones, with when they were used.
    """
    found = adopt([(b"host", b"x"), (b"cookie", line.encode())], OWN, tokens.get)
    if found is None:
        return None
    assert [name for name, _ in found.headers] == [b"host", b"cookie"]
    for value in (found.renewed, *found.ended):
        assert {b"HttpOnly", b"SameSite=Strict", b"Path=/"} <= set(value.split(b"; "))
    assert all(b"Max-Age=0" in x for x in found.ended)
    assert b"Max-Age=34560000" in found.renewed
    renewed = found.renewed.decode().partition(";")[0]
    ended = sorted(x.decode().partition("=")[0] for x in found.ended)
    return found.headers[1][1].decode(), renewed, ended


@pytest.mark.parametrize(
    "line",
    [
        "",
        "a=b",
        f"{OWN}=mine",
        f"{OWN}=mine; hearth_5000=unknown",
        "hearth_5000=unknown; hearth_=x; hearth_5001",
        "xhearth_5000=old; a=hearth_5000=old",
        "session=old",
    ],
)
def test_todays_cookie_and_foreign_ones_are_left_alone(line: str) -> None:
    assert read(line, mine=1.0, old=2.0) is None


def test_a_session_under_the_name_of_a_port_is_found() -> None:
    told = read("a=b;hearth_5000=old", old=1.0)
    assert told == (f"{OWN}=old; a=b; hearth_5000=old", f"{OWN}=old", ["hearth_5000"])


def test_todays_cookie_wins_then_the_one_used_last() -> None:
    line = "hearth_5000=first; hearth_5001=last; hearth_5002=foreign"
    both = ["hearth_5000", "hearth_5001"]
    assert read(line, first=1.0, last=2.0) == (f"{OWN}=last; {line}", f"{OWN}=last", both)
    told = read(f"{line}; {OWN}=mine", first=1.0, last=2.0, mine=0.5)
    assert told == (f"{OWN}=mine; {line}", f"{OWN}=mine", both)
    told = read(f"{OWN}=ended; {line}", first=1.0, last=2.0)
    assert told == (f"{OWN}=last; {line}", f"{OWN}=last", both)


def test_the_number_of_cookies_looked_at_is_bounded() -> None:
    asked: list[str] = []
    line = "; ".join(f"hearth_{x}={x}" for x in range(10_000))
    assert adopt([(b"cookie", line.encode())], OWN, asked.append) is None
    assert len(asked) == MOST


class Browser:
    """Keeps cookies as browsers do: for all ports of a host."""

    def __init__(self) -> None:
        self.jar = http.cookiejar.CookieJar()
        keeps = urllib.request.HTTPCookieProcessor(self.jar)
        self._open = urllib.request.build_opener(keeps).open

    def ask(self, hub: Serving, path: str, body: Any = None) -> Any:
        headers = {"Content-Type": "application/json", "Origin": hub.url}
        data = None if body is None else json.dumps(body).encode()
        with self._open(urllib.request.Request(hub.url + path, data, headers)) as answer:
            return json.loads(answer.read())

    def name(self, hub: Serving) -> str | None:
        person = self.ask(hub, "/api/me")["person"]
        return person and str(person["name"])

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.jar}


def test_another_port_is_the_same_hub(hub: Serving) -> None:
    anna = Browser()
    anna.ask(hub, "/api/session", {"name": "anna"})
    before, port = anna.cookies, hub.port
    hub.stop()
    with socket.create_server(("127.0.0.1", port)):  # another program, as it happens
        hub.port = 0
        hub.start()
    assert hub.port != port
    assert anna.name(hub) == "anna"
    assert anna.cookies == before


def test_two_hubs_of_one_host_do_not_disturb_each_other(hub: Serving, serve: Serve) -> None:
    other, both = serve(), Browser()
    both.ask(hub, "/api/session", {"name": "anna"})
    both.ask(other, "/api/session", {"name": "bela"})
    for _ in range(2):
        assert (both.name(hub), both.name(other)) == ("anna", "bela")
    assert len(both.cookies) == 2
    for one in (hub, other):
        one.restart()
    assert (both.name(hub), both.name(other)) == ("anna", "bela")


def test_a_cookie_of_an_older_hearth_is_taken_and_replaced(hub: Serving) -> None:
    session = hub.session("anna")
    token = session["Cookie"].partition("=")[2]
    old = {"Cookie": f"hearth_5007={token}; hearth_5000=of-another-hub", "Origin": hub.url}
    page = hub.ask("GET", "/general", None, old)
    assert page.headers["Set-Cookie"] is None, "it may be stored"
    me = hub.ask("GET", "/api/me", None, old)
    assert me.json["person"]["name"] == "anna"
    renewed, ended = me.headers.get_all("Set-Cookie") or []
    assert renewed.startswith(f"{hub.cookie}={token}; ")
    assert ended.startswith("hearth_5007=; ")
    assert "Max-Age=0" in ended
    first = hub.ask("GET", "/api/start?room=general", None, old)
    assert first.json["me"]["person"] == me.json["person"]
    told = first.headers.get_all("Set-Cookie") or []
    assert [x.partition(";")[0] for x in told] == [f"{hub.cookie}={token}", "hearth_5007="]
    assert hub.ask("POST", "/api/chat/general", {"msg": "x"}, old).status == 201
    assert hub.ask("GET", "/api/me", None, session).headers["Set-Cookie"] is None


def test_an_adopted_session_needs_an_origin_too(hub: Serving) -> None:
    token = hub.session("anna")["Cookie"].partition("=")[2]
    old = {"Cookie": f"hearth_5000={token}"}
    answer = hub.ask("POST", "/api/chat/general", {"msg": "x"}, old)
    assert answer.error == (403, "no_origin")
    assert answer.headers["Set-Cookie"] is None
    assert hub.lines() == []
    old = {"Cookie": f"hearth_5000={token}", "Host": "rebound.example"}
    for method in ("GET", "DELETE"):
        answer = hub.ask(method, "/api/session", None, {**old, "Origin": "http://rebound.example"})
        assert (answer.status, answer.headers["Set-Cookie"]) == (421, None)


def test_an_adopted_session_works_live(hub: Serving, live: Live) -> None:
    token = hub.session("anna")["Cookie"].partition("=")[2]
    headers = {"Cookie": f"hearth_5000={token}", "Origin": hub.url}
    assert live(headers=headers).hello()["name"] == "anna"


def test_logging_out_leaves_no_older_session(hub: Serving) -> None:
    tokens = [hub.session(x)["Cookie"].partition("=")[2] for x in ("anna", "bela")]
    jar = f"hearth_5000={tokens[0]}; hearth_5001={tokens[1]}"
    headers = {"Cookie": f"{jar}; {hub.cookie}={tokens[0]}", "Origin": hub.url}
    names = {"hearth_5000", "hearth_5001", hub.cookie}
    told = hub.ask("GET", "/api/me", None, headers).headers.get_all("Set-Cookie") or []
    assert {x.partition("=")[0] for x in told} == names
    told = hub.ask("DELETE", "/api/devices", None, headers).headers.get_all("Set-Cookie") or []
    assert {x.partition("=")[0] for x in told} == names
    assert all("Max-Age=0" in x for x in told)


def test_the_id_outlives_a_kill(hub: Serving) -> None:
    hub.session("anna")
    kept = kept_in(hub.folder.ledger_file)
    assert hub.cookie == f"hearth_{kept['id']}", "saved before anybody is told"
