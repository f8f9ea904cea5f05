"""Returning over HTTP: by another address of the hub, or by asking; and the attacks on both."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from hub.access.return_requests import ASK_SECONDS, MOST_EACH
from tests.conftest import Live, Serve
from tests.ledgers import set_devices
from tests.serving import Answer, Serving
from tests.talk import Talk

STATE = "0123456789abcdef"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36"


class Browser:
    """A browser at one of the hub's addresses: `at` is what its address bar says."""

    def __init__(self, hub: Serving, at: str | None = None, agent: str = BROWSER) -> None:
        self.hub = hub
        self.at = at or hub.name
        self.headers = {"Host": self.at, "Origin": f"http://{self.at}", "User-Agent": agent}

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        answer = self.hub.ask(method, path, body, self.headers)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            if "Max-Age=0" not in cookie:
                self.headers["Cookie"] = cookie.partition(";")[0]
        return answer

    def post(self, path: str, body: Any) -> Answer:
        return self.ask("POST", path, body)

    def come(self, name: str, **more: Any) -> Answer:
        return self.post("/api/session", {"name": name, **more})

    @property
    def name(self) -> str | None:
        person = self.ask("GET", "/api/me").json["person"]
        return person and str(person["name"])

    def link_for(self, to: str, state: str = STATE) -> Answer:
        return self.post("/api/devices/handover", {"to": to, "state": state})

    def follow(self, link: str, state: str | None = STATE, **more: Any) -> Answer:
        return self.post("/api/link", {"link": link, "state": state, **more})

    def ask_to_return(self, name: str, **more: Any) -> str:
        """Ask to return; gives the token to wait with."""
        answer = self.post("/api/return", {"name": name, **more})
        assert answer.status == 202, answer.text
        return str(answer.json["ask"])

    def hear(self, ask: str, **more: Any) -> Answer:
        return self.post("/api/return/come", {"ask": ask, **more})

    def live(self, live: Live) -> Talk:
        talk = live(headers={x: self.headers[x] for x in ("Cookie", "Origin")})
        talk.hello()
        return talk


@pytest.fixture
def hub(serve: Serve) -> Serving:
    """A hub on all interfaces, as users have it."""
    return serve(host=None)


@pytest.fixture
def anna(hub: Serving) -> Browser:
    """Came in by 127.0.0.1, with nothing but a name."""
    anna = Browser(hub)
    assert anna.come("anna").status == 201
    return anna


@pytest.fixture
def localhost(hub: Serving) -> Browser:
    """The same browser at another address of the hub."""
    return Browser(hub, f"localhost:{hub.port}")


def as_host(hub: Serving, name: str = "hilde") -> Browser:
    host = Browser(hub)
    assert host.post("/api/ticket", {"ticket": hub.server.ticket()}).status == 200
    assert host.come(name).status == 201
    return host


def audit(host: Browser) -> list[tuple[str, str, str]]:
    told = host.ask("GET", "/api/host").json["audit"]
    return [(x["by"], x["do"], x.get("text", "")) for x in told]


# -- at another address ---------------------------------------------------------------------------


def test_a_returning_browser_is_told_its_earlier_address(anna: Browser, localhost: Browser) -> None:
    told = localhost.come("ANNA")
    assert told.error == (409, "name_taken")
    assert told.json["error"]["elsewhere"] == [f"http://{anna.at}/"]
    assert told.json["error"]["ask"] is True


def test_a_taken_name_says_whether_its_holder_is_here(
    hub: Serving, anna: Browser, live: Live
) -> None:
    """As far as an admitted newcomer could see it anyway."""

    def told(**more: str) -> str:
        answer = Browser(hub, f"localhost:{hub.port}").come("anna", **more)
        assert answer.error == (409, "name_taken")
        return str(answer.json["error"]["message"])

    here = "Somebody here is already called anna. Choose another."
    away = "The name anna is kept for somebody who was here. Choose another."
    assert told() == away
    talk = anna.live(live)
    assert told() == here

    host = as_host(hub)
    host.post("/api/host", {"do": "mode", "mode": "code"})
    code = host.ask("GET", "/api/host").json["code"]
    refused = Browser(hub, f"localhost:{hub.port}").come("anna")
    assert refused.error == (401, "code_needed")
    assert told(code=code) == here
    host.post("/api/host", {"do": "mode", "mode": "login"})
    talk.close()  # a stranger is told the same of everybody
    assert told(password="correct horse battery") == here


def test_from_one_address_to_the_other(anna: Browser, localhost: Browser) -> None:
    made = anna.link_for(localhost.at)
    assert made.status == 201
    assert made.json["url"] == f"http://{localhost.at}/"
    assert made.headers["Cache-Control"] == "no-store"
    came = localhost.follow(made.json["link"])
    assert came.status == 200
    assert came.json["person"]["who"] == anna.ask("GET", "/api/me").json["person"]["who"]
    assert localhost.name == anna.name == "anna"
    assert localhost.headers["Cookie"] != anna.headers["Cookie"], "each has a token of its own"
    third = Browser(anna.hub, f"127.0.0.2:{anna.hub.port}")
    told = third.come("anna").json["error"]["elsewhere"]
    assert told == [f"http://{localhost.at}/", f"http://{anna.at}/"], "the last one first"


def test_earlier_addresses_are_told_to_the_same_kind_of_browser_only(
    hub: Serving, anna: Browser
) -> None:
    newer = Browser(hub, f"localhost:{hub.port}", BROWSER.replace("140.0", "141.7"))
    assert newer.come("anna").json["error"]["elsewhere"] == [f"http://{anna.at}/"]
    other = Browser(hub, f"localhost:{hub.port}", "Mozilla/5.0 (iPhone) Safari/604.1")
    assert other.come("anna").json["error"]["elsewhere"] == []
    same = Browser(hub)
    assert same.come("anna").json["error"]["elsewhere"] == [], "it is there already"


def test_earlier_addresses_are_told_only_if_the_hub_answers_there(
    hub: Serving, localhost: Browser
) -> None:
    anna = Browser(hub, f"127.0.0.9:{hub.port}")
    anna.come("anna")
    own = hub.server._hub
    assert own is not None
    person = own.people.named("anna")
    assert person is not None
    (device,) = own.people.devices.of(person.who)
    assert device.via == "127.0.0.9"
    for via in ("", "203.0.113.9", "evil.example", "x@y", "[fd00::77]"):
        set_devices(own, person.who, via=via)
        assert localhost.come("anna").json["error"]["elsewhere"] == []


@pytest.mark.parametrize(
    "to",
    ["evil.example:{port}", "evil.example", "203.0.113.9:{port}", "127.0.0.1:1", "127.0.0.1", "",
     "127.0.0.1:{port}@evil.example", "evil.example#127.0.0.1:{port}", "0.0.0.0:{port}",
     "localhost:{port}.evil.example", "http://localhost:{port}"],
)  # fmt: skip
def test_no_link_is_made_for_a_foreign_address(anna: Browser, to: str) -> None:
    answer = anna.link_for(to.format(port=anna.hub.port))
    assert answer.error == (403, "not_ours")
    assert "link" not in answer.text.replace("not_ours", "")


def test_a_hub_on_one_address_links_to_no_other(serve: Serve) -> None:
    hub = serve()  # on 127.0.0.1 alone: localhost may be ::1, and another program's
    anna = Browser(hub)
    anna.come("anna")
    for other in ("localhost", "127.0.0.2", "[::1]"):
        assert anna.link_for(f"{other}:{hub.port}").error == (403, "not_ours")
        stranger = Browser(hub, f"{other}:{hub.port}")
        assert stranger.come("anna").json["error"]["elsewhere"] == [f"http://{anna.at}/"]


def test_a_link_is_bound_to_its_address_and_state(
    hub: Serving, anna: Browser, localhost: Browser
) -> None:
    elsewhere = Browser(hub, f"127.0.0.3:{hub.port}")
    for who, state in (
        (elsewhere, STATE),
        (localhost, "another-state-than-that"),
        (localhost, None),
        (localhost, ""),
    ):
        link = anna.link_for(localhost.at).json["link"]
        assert who.follow(link, state).error == (403, "link_used")
        own = hub.server._hub
        assert own is not None
        own.admission.tries._wrong._full_at.clear()
        assert localhost.follow(link).error == (403, "link_used"), "it was used up"
        own.admission.tries._wrong._full_at.clear()
    link = anna.link_for(localhost.at).json["link"]
    assert localhost.follow(link).status == 200
    assert Browser(hub, localhost.at).follow(link).error == (403, "link_used"), "a replay"


def test_a_phones_link_is_not_good_with_a_state(anna: Browser, localhost: Browser) -> None:
    link = anna.post("/api/devices/link", b"").json["url"].partition("link=")[2]
    assert localhost.follow(link).error == (403, "link_used")


def test_a_link_expires_after_five_minutes(
    anna: Browser, localhost: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = anna.link_for(localhost.at).json["link"]
    own = anna.hub.server._hub
    assert own is not None
    monkeypatch.setattr(own.admission, "_clock", lambda: time.time() + 301)
    assert localhost.follow(link).error == (403, "link_used")


def test_guesses_at_links_are_limited(anna: Browser, localhost: Browser) -> None:
    link = anna.link_for(localhost.at).json["link"]
    for at in range(5):
        assert localhost.follow(f"guess-{at}").error == (403, "link_used")
    assert localhost.follow(link).error == (429, "too_many_tries")


def test_pages_of_other_origins_neither_make_nor_use_links(
    anna: Browser, localhost: Browser
) -> None:
    link = anna.link_for(localhost.at).json["link"]
    own = anna.headers["Origin"]
    for origin in ("http://evil.example", localhost.headers["Origin"], "null"):
        anna.headers["Origin"] = origin
        assert anna.link_for(localhost.at).error == (403, "foreign_origin")
    del anna.headers["Origin"]
    assert anna.link_for(localhost.at).error == (403, "no_origin")
    localhost.headers["Origin"] = own
    assert localhost.follow(link).error == (403, "foreign_origin")
    assert localhost.post("/api/return", {"name": "anna"}).error == (403, "foreign_origin")


def test_only_a_person_at_a_browser_makes_a_link(hub: Serving, anna: Browser) -> None:
    stranger = Browser(hub)
    assert stranger.link_for(anna.at).error == (401, "who_are_you")
    made = anna.post("/api/tokens", {"purpose": "a bot"}).json["token"]
    program = hub.ask(
        "POST",
        "/api/devices/handover",
        {"to": anna.at, "state": STATE},
        {"Authorization": f"Bearer {made}"},
    )
    assert program.error == (403, "forbidden")


def test_a_malformed_state_is_refused(anna: Browser, localhost: Browser) -> None:
    for state in ("", "short", "x" * 65, "with space in it!", "ü" * 16):
        assert anna.link_for(localhost.at, state).error == (422, "invalid"), state


def test_logging_out_everywhere_ends_links(anna: Browser, localhost: Browser) -> None:
    link = anna.link_for(localhost.at).json["link"]
    assert anna.ask("DELETE", "/api/devices").status == 204
    assert localhost.follow(link).error == (403, "link_used")


def test_a_browser_with_a_person_confirms_before_it_follows_a_link(
    anna: Browser, localhost: Browser
) -> None:
    localhost.come("dana")
    link = anna.link_for(localhost.at).json["link"]
    assert localhost.follow(link).error == (409, "already_in")
    assert localhost.follow(link, replace=True).status == 200
    assert localhost.name == "anna"


def test_an_account_has_no_way_back_but_its_password(anna: Browser, localhost: Browser) -> None:
    anna.post("/api/account", {"password": "correct horse"})
    told = localhost.come("anna").json["error"]
    assert set(told) == {"code", "message"}
    assert localhost.post("/api/return", {"name": "anna"}).error == (403, "no_return")


# -- by asking ------------------------------------------------------------------------------------


def test_another_device_lets_a_browser_return(
    anna: Browser, localhost: Browser, live: Live
) -> None:
    heard = anna.live(live)
    asked = localhost.post("/api/return", {"name": "anna"}).json
    assert asked["seconds"] == ASK_SECONDS
    assert asked["heard"] is True
    told = heard.expect("returns")["asks"]
    assert [(x["agent"], x["address"]) for x in told] == [(BROWSER, "127.0.0.1")]
    assert asked["ask"] not in json.dumps(told)
    waits = localhost.hear(asked["ask"])
    assert waits.status == 202
    assert 0 < waits.json["seconds"] <= ASK_SECONDS
    assert anna.post(f"/api/returns/{told[0]['id']}", {"yes": True}).status == 204
    assert heard.expect("returns")["asks"] == []
    assert localhost.name is None, "nobody is in before their page asks"
    came = localhost.hear(asked["ask"])
    assert (came.status, came.json["person"]["name"]) == (200, "anna")
    assert localhost.name == "anna"
    again = Browser(anna.hub)
    assert again.hear(asked["ask"]).error == (403, "return_late"), "a replay"


def test_another_device_refuses_a_browser(anna: Browser, localhost: Browser, live: Live) -> None:
    heard = anna.live(live)
    ask = localhost.ask_to_return("anna")
    (told,) = heard.expect("returns")["asks"]
    assert anna.post(f"/api/returns/{told['id']}", {"yes": False}).status == 204
    assert localhost.hear(ask).error == (403, "return_no")
    refused = localhost.post("/api/return", {"name": "anna"})
    assert refused.error == (429, "refused_before")
    assert int(refused.headers["Retry-After"]) > 500
    assert anna.post(f"/api/returns/{told['id']}", {"yes": True}).error == (404, "no_such_ask")


def test_a_device_that_connects_later_is_told_too(
    anna: Browser, localhost: Browser, live: Live
) -> None:
    localhost.ask_to_return("anna")
    heard = anna.live(live)
    assert len(heard.expect("returns")["asks"]) == 1
    assert [x["do"] for x in heard.heard][:2] == ["welcome", "returns"]
    made = anna.post("/api/tokens", {"purpose": "a bot"}).json["token"]
    bot = live()
    bot.hello(token=made)
    Browser(anna.hub, f"127.0.0.4:{anna.hub.port}").ask_to_return("anna")
    assert len(heard.expect("returns")["asks"]) == 1, "it came from the same address"
    assert "returns" not in [x["do"] for x in bot.settle()], "a program has no say"


def test_a_host_lets_a_browser_return(
    hub: Serving, anna: Browser, localhost: Browser, live: Live
) -> None:
    host = as_host(hub)
    talk = host.live(live)
    ask = localhost.ask_to_return("anna")
    talk.expect("host")
    (shown,) = host.ask("GET", "/api/host").json["returns"]
    assert shown["who"] == anna.ask("GET", "/api/me").json["person"]["who"]
    done = host.post("/api/host", {"do": "readmit", "ask": shown["id"]})
    assert (done.status, done.json) == (200, {"ok": True})
    assert localhost.hear(ask).status == 200
    assert localhost.name == "anna"
    assert audit(host)[-2:] == [
        ("127.0.0.1", "return", ""), ("hilde", "readmit", "yes to 127.0.0.1"),
    ]  # fmt: skip


def test_thirty_browsers_return_one_after_another(hub: Serving) -> None:
    host = as_host(hub)
    for at in range(30):
        assert Browser(hub).come(f"pupil {at}").status == 201
    new = [Browser(hub, f"localhost:{hub.port}") for _ in range(30)]
    asks = [browser.ask_to_return(f"pupil {at}") for at, browser in enumerate(new)]
    shown = host.ask("GET", "/api/host").json["returns"]
    assert len(shown) == 30
    for each in shown:
        assert host.post("/api/host", {"do": "readmit", "ask": each["id"]}).status == 200
    for at, (browser, ask) in enumerate(zip(new, asks, strict=True)):
        assert browser.hear(ask).status == 200
        assert browser.name == f"pupil {at}"


def test_nobody_else_answers_a_request(hub: Serving, anna: Browser, localhost: Browser) -> None:
    localhost.ask_to_return("anna")
    own = hub.server._hub
    assert own is not None
    (ask,) = own.admission.returns.waiting()
    dana = Browser(hub)
    dana.come("dana")
    program = anna.post("/api/tokens", {"purpose": "a bot"}).json["token"]
    stranger = Browser(hub)
    path, deed = f"/api/returns/{ask.id}", {"do": "readmit", "ask": ask.id}
    assert dana.post(path, {"yes": True}).error == (403, "forbidden")
    assert dana.post("/api/host", deed).error == (403, "forbidden")
    assert stranger.post(path, {"yes": True}).error == (401, "who_are_you")
    assert localhost.post(path, {"yes": True}).error == (401, "who_are_you")
    bearer = {"Authorization": f"Bearer {program}"}
    assert hub.ask("POST", path, {"yes": True}, bearer).error == (403, "forbidden")
    assert dana.post("/api/returns/another", {"yes": True}).error == (404, "no_such_ask")
    assert ask.answer is None


def test_only_a_hosts_own_devices_answer_for_a_host(hub: Serving, live: Live) -> None:
    hilde, other = as_host(hub), as_host(hub, "otto")
    heard, others = hilde.live(live), other.live(live)
    asker = Browser(hub, f"127.0.0.5:{hub.port}")
    ask = asker.ask_to_return("hilde")
    (told,) = heard.expect("returns")["asks"]
    assert other.ask("GET", "/api/host").json["returns"] == []
    assert "returns" not in [x["do"] for x in others.settle()]
    deed = {"do": "readmit", "ask": told["id"]}
    assert other.post("/api/host", deed).error == (403, "forbidden")
    assert other.post(f"/api/returns/{told['id']}", {"yes": True}).error == (403, "forbidden")
    assert asker.hear(ask).status == 202
    assert hilde.post(f"/api/returns/{told['id']}", {"yes": True}).status == 204
    assert asker.hear(ask).json["person"]["host"] is True


def test_a_banned_device_does_not_ask(hub: Serving, anna: Browser) -> None:
    host, bad = as_host(hub), Browser(hub)
    bad.come("bad")
    who = bad.ask("GET", "/api/me").json["person"]["who"]
    ask = Browser(hub).ask_to_return("anna")
    assert host.post("/api/host", {"do": "ban", "whom": who}).status == 200
    assert bad.post("/api/return", {"name": "anna"}).error == (403, "banned")
    assert bad.hear(ask).error == (403, "banned")
    assert bad.link_for(f"localhost:{hub.port}").error == (403, "banned")
    new = Browser(hub, f"localhost:{hub.port}")
    told = new.come("bad").json["error"]
    assert set(told) == {"code", "message"}
    assert new.post("/api/return", {"name": "bad"}).error == (403, "no_return")


@pytest.mark.parametrize("then", ["ban", "kick", "claim", "free", "everywhere", "login"])
def test_a_granted_return_ends_with_the_reason_for_it(hub: Serving, then: str) -> None:
    host, anna = as_host(hub), Browser(hub)
    anna.come("anna")
    who = anna.ask("GET", "/api/me").json["person"]["who"]
    new = Browser(hub, f"localhost:{hub.port}")
    ask = new.ask_to_return("anna")
    shown = host.ask("GET", "/api/host").json["returns"]
    assert host.post("/api/host", {"do": "readmit", "ask": shown[0]["id"]}).status == 200
    if then == "claim":
        assert anna.post("/api/account", {"password": "correct horse"}).status == 200
    elif then == "everywhere":
        assert anna.ask("DELETE", "/api/devices").status == 204
    elif then == "login":
        assert host.post("/api/host", {"do": "mode", "mode": "login"}).status == 200
    else:
        assert host.post("/api/host", {"do": then, "whom": who}).status == 200
    assert new.hear(ask).status == 403
    assert new.name is None


def test_a_request_to_return_needs_the_hubs_code(
    hub: Serving, anna: Browser, localhost: Browser
) -> None:
    host = as_host(hub)
    code = host.post("/api/host", {"do": "mode", "mode": "code"}).json["code"]
    assert localhost.come("anna").error == (401, "code_needed")
    assert localhost.post("/api/return", {"name": "anna"}).error == (401, "code_needed")
    wrong = localhost.post("/api/return", {"name": "anna", "code": "AAA"})
    assert wrong.error == (401, "code_wrong")
    told = localhost.come("anna", code=code).json["error"]
    assert (told["elsewhere"], told["ask"]) == ([f"http://{anna.at}/"], True)
    assert localhost.hear(localhost.ask_to_return("anna", code=code)).status == 202


def test_nobody_asks_to_return_where_accounts_are_wanted(hub: Serving, anna: Browser) -> None:
    host = as_host(hub)
    host.post("/api/host", {"do": "mode", "mode": "login"})
    new = Browser(hub, f"localhost:{hub.port}")
    assert new.post("/api/return", {"name": "anna"}).error == (401, "login_needed")
    told = new.come("anna", password="correct horse").json["error"]
    assert told["code"] == "name_taken"
    assert "elsewhere" not in told


def test_a_browser_with_a_person_does_not_ask_to_return(hub: Serving, anna: Browser) -> None:
    dana = Browser(hub)
    dana.come("dana")
    assert dana.post("/api/return", {"name": "anna"}).error == (409, "already_in")
    ask = Browser(hub).ask_to_return("anna")
    assert dana.hear(ask).error == (409, "already_in")


def test_visitors_and_unknown_names_are_not_asked_for(hub: Serving, live: Live) -> None:
    live("visitor")
    new = Browser(hub)
    assert new.come("visitor").json["error"]["ask"] is False
    for name in ("visitor", "nobody", "", "x" * 10_000):
        assert new.post("/api/return", {"name": name}).error == (403, "no_return")


def test_a_withdrawn_request_is_no_longer_shown(hub: Serving, anna: Browser, live: Live) -> None:
    host, new = as_host(hub), Browser(hub, f"localhost:{hub.port}")
    heard = anna.live(live)
    ask = new.ask_to_return("anna")
    (told,) = heard.expect("returns")["asks"]
    assert new.hear(ask, withdraw=True).status == 202
    assert heard.expect("returns")["asks"] == []
    assert host.ask("GET", "/api/host").json["returns"] == []
    assert anna.post(f"/api/returns/{told['id']}", {"yes": True}).error == (404, "no_such_ask")
    assert new.hear(ask).error == (403, "return_late")
    assert new.hear("another", withdraw=True).status == 202


def test_connections_to_a_lost_address_are_ended(hub: Serving, anna: Browser, live: Live) -> None:
    heard, phone = anna.live(live), anna.live(live)
    own = hub.server._hub
    assert own is not None
    person = own.people.named("anna")
    assert person is not None
    new = Browser(hub, f"localhost:{hub.port}")
    new.ask_to_return("anna")
    assert heard.expect("returns")["asks"]
    set_devices(own, person.who, via="203.0.113.9")  # the router gave the hub another address
    new.ask_to_return("anna")
    for cut in (heard, phone):
        assert cut.closed()[0] == 1008


def test_the_asker_is_told_whether_anybody_can_answer(
    hub: Serving, anna: Browser, live: Live
) -> None:
    new = Browser(hub, f"localhost:{hub.port}")
    asked = new.post("/api/return", {"name": "anna"}).json
    assert asked["heard"] is False
    as_host(hub).live(live)
    assert new.hear(asked["ask"]).json["heard"] is True


def test_a_request_expires_after_five_minutes(
    hub: Serving, anna: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = Browser(hub, f"localhost:{hub.port}")
    ask = new.ask_to_return("anna")
    own = hub.server._hub
    assert own is not None
    monkeypatch.setattr(own.admission.returns, "_tick", lambda: time.monotonic() + ASK_SECONDS)
    assert new.hear(ask).error == (403, "return_late")


def test_requests_do_not_survive_a_restart(hub: Serving, anna: Browser) -> None:
    new = Browser(hub, f"localhost:{hub.port}")
    ask = new.ask_to_return("anna")
    hub.restart()
    assert new.hear(ask).error == (403, "return_late")
    assert new.hear(new.ask_to_return("anna")).status == 202


def test_requests_of_one_address_are_limited(hub: Serving) -> None:
    host = as_host(hub)
    for at in range(MOST_EACH + 10):
        Browser(hub).come(f"p {at}")
    new = Browser(hub, f"localhost:{hub.port}")
    answers = [new.post("/api/return", {"name": f"p {at}"}) for at in range(MOST_EACH + 10)]
    assert [x.status for x in answers] == [202] * MOST_EACH + [429] * 10
    assert answers[-1].error == (429, "too_many_ask")
    assert len(host.ask("GET", "/api/host").json["returns"]) == MOST_EACH
    one = [Browser(hub).post("/api/return", {"name": "p 0"}).status for _ in range(3)]
    assert one == [429] * 3


def test_no_token_of_a_return_is_written_down(
    hub: Serving, anna: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    host, new = as_host(hub), Browser(hub, f"localhost:{hub.port}")
    link = anna.link_for(new.at).json["link"]
    ask = new.ask_to_return("anna")
    shown = host.ask("GET", "/api/host")
    hub.restart()
    for secret in (link, ask, STATE):
        assert secret not in shown.text
        assert secret not in caplog.text
        for file in (x for x in hub.path.rglob("*") if x.is_file()):
            assert secret.encode() not in file.read_bytes(), file.name
