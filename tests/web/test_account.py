"""One's own account over HTTP: name, password, devices, tokens for programs."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.access.admission import LINK_SECONDS
from hub.access.rate_limit import RateLimit
from tests.conftest import Live, Serve
from tests.guests import (
    PASSWORD,
    STATUS,
    Cast,
    Guest,
    come,
    cookie_of,
    guest,
    heard_by,
    login,
    member,
)
from tests.serving import Serving

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def test_strangers_banned_and_waiting_people_have_no_account(hub: Serving) -> None:
    cast = Cast(hub)
    for name in ("stranger", "banned", "waiting"):
        asker = cast.standings[name]
        for method, path, body in (
            ("POST", "/api/account", {"password": PASSWORD}),
            ("PUT", "/api/account/name", {"name": "zed"}),
            ("PUT", "/api/account/password", {"old": PASSWORD, "new": PASSWORD}),
            ("GET", "/api/devices", None),
            ("DELETE", "/api/devices", None),
            ("DELETE", "/api/devices/x", None),
            ("POST", "/api/devices/link", b""),
            ("POST", "/api/tokens", {"purpose": "x"}),
            ("GET", "/api/people", None),
            ("POST", "/api/rooms", {"kind": "private", "title": "x"}),
        ):
            assert asker.ask(method, path, body).status == STATUS[name], (name, path)


def test_a_programs_token_may_write_and_nothing_more(hub: Serving, live: Live) -> None:
    naor = member(hub, "naor")
    program = naor.program()
    said = program.say("Beep")
    assert (said.json["bot"], said.json["by"], said.json["who"]) == (True, "naor", naor.who)
    assert "bot" not in naor.say("Hello").json
    talk = heard_by(live, program)
    talk.join()
    assert talk.say("Boop")["bot"] is True
    for method, path, body in (
        ("POST", "/api/account", {"password": PASSWORD}),
        ("PUT", "/api/account/name", {"name": "zed"}),
        ("PUT", "/api/account/password", {"old": PASSWORD, "new": "something else"}),
        ("GET", "/api/devices", None),
        ("DELETE", "/api/devices", None),
        ("DELETE", "/api/devices/x", None),
        ("POST", "/api/devices/link", b""),
        ("POST", "/api/tokens", {"purpose": "another"}),
    ):
        assert program.ask(method, path, body).error == (403, "forbidden"), path
    assert naor.post("/api/tokens", {"purpose": "\u200b "}).error == (422, "invalid")
    (device,) = [x for x in naor.get("/api/devices").json["devices"] if "purpose" in x]
    assert device["purpose"] == "a bot"
    assert program.token not in naor.get("/api/devices").text
    assert naor.ask("DELETE", f"/api/devices/{device['id']}").status == 204
    assert talk.closed() == (1008, "This device was logged out.")
    assert program.say("Beep").error == (401, "who_are_you")
    assert naor.say("still here").status == 201


def test_guesses_at_the_old_password_are_limited(hub: Serving) -> None:
    naor = member(hub, "naor")
    hub.stop_rate_limit_clocks()
    asked = {"old": "wrong password", "new": "something else"}
    found = [naor.ask("PUT", "/api/account/password", asked).status for _ in range(7)]
    assert found == [401] * 5 + [429] * 2


def test_a_new_password_ends_all_other_browsers(hub: Serving, live: Live) -> None:
    naor, mira = member(hub, "naor"), guest(hub, "mira")
    new = "another horse"
    for asked, refused in (
        ({"old": "wrong password", "new": new}, (401, "login_wrong")),
        ({"old": PASSWORD, "new": "short"}, (422, "password_weak")),
    ):
        assert naor.ask("PUT", "/api/account/password", asked).error == refused
    assert mira.ask("PUT", "/api/account/password", {"old": "", "new": new}).error == (
        409, "no_password",
    )  # fmt: skip
    assert login(hub, "naor").status == 200
    thief, program = cookie_of(hub, login(hub, "naor")), naor.program()
    link = naor.post("/api/devices/link", b"").json["url"].partition("link=")[2]
    ears = heard_by(live, thief)
    assert naor.ask("PUT", "/api/account/password", {"old": PASSWORD, "new": new}).status == 204
    assert ears.closed()[0] == 1008
    assert thief.me["person"] is None
    assert hub.post("/api/link", {"link": link}).error == (403, "link_used")
    assert naor.me["person"]["account"], "the device on which it was changed stays"
    assert program.say("x").status == 201, "programs go on"
    assert login(hub, "naor").status == 401
    hub.restart()
    assert login(hub, "naor", new).status == 200


def test_a_name_is_claimed_once(hub: Serving) -> None:
    naor = guest(hub, "naor")
    assert naor.post("/api/account", {"password": "short"}).error == (422, "password_weak")
    assert naor.me["person"]["account"] is False
    assert naor.post("/api/account", {"password": PASSWORD}).status == 200
    assert naor.me["person"]["account"] is True
    assert naor.post("/api/account", {"password": PASSWORD}).error == (409, "claimed")
    taken = come(hub, name="Naor")
    assert taken.error == (409, "name_taken")
    assert "log in" in taken.text


def test_of_many_concurrent_claims_one_succeeds(hub: Serving) -> None:
    naor = guest(hub, "naor")

    def claim(number: int) -> int:
        return naor.post("/api/account", {"password": f"password {number}"}).status

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(claim, range(8)))
    assert sorted(found) == [200] + [409] * 7
    assert login(hub, "naor", f"password {found.index(200)}").status == 200


def test_logging_out_everywhere_ends_a_stolen_token(hub: Serving, live: Live) -> None:
    naor = member(hub, "naor")
    phone, program = cookie_of(hub, login(hub, "naor")), naor.program()
    thief = Guest.bearer(hub, phone.token)
    link = thief.post("/api/devices/link", b"").json["url"].partition("link=")[2]
    open_ = [heard_by(live, x) for x in (naor, phone, program, thief)]
    assert naor.ask("DELETE", "/api/devices").status == 204
    assert [x.closed() for x in open_] == [(1008, "You have logged out everywhere.")] * 4
    for asker in (naor, phone, program, thief):
        assert asker.me["person"] is None
        assert asker.say("x").error == (401, "who_are_you")
        assert asker.get("/api/devices").error == (401, "who_are_you")
        assert live().refused("hello", token=asker.token)[0] == "who_are_you"
    assert hub.post("/api/link", {"link": link}).error == (403, "link_used")
    hub.restart()
    assert thief.say("x").error == (401, "who_are_you")
    assert cookie_of(hub, login(hub, "naor")).say("mine").status == 201


def test_a_device_is_ended_by_its_id(hub: Serving, live: Live) -> None:
    naor, mira = member(hub, "naor"), guest(hub, "mira")
    phone = cookie_of(hub, login(hub, "naor", User_Agent="A phone"))
    listed = naor.get("/api/devices").json["devices"]
    assert [x["here"] for x in listed] == [True, False]
    assert listed[1].items() >= {"agent": "A phone", "address": "127.0.0.1"}.items()
    assert set(listed[0]) == {"id", "agent", "address", "made", "used", "here"}
    stays, ends = heard_by(live, naor), heard_by(live, phone)
    target = f"/api/devices/{listed[1]['id']}"
    assert mira.ask("DELETE", target).error == (404, "no_such_device")
    assert naor.ask("DELETE", target).status == 204
    assert ends.closed() == (1008, "This device was logged out.")
    assert phone.me["person"] is None
    stays.join()
    assert stays.say("x")["by"] == "naor"
    assert naor.ask("DELETE", target).error == (404, "no_such_device")


def test_a_link_lets_one_phone_in(hub: Serving) -> None:
    naor = guest(hub, "naor")
    told = naor.post("/api/devices/link", b"").json
    assert told["seconds"] == LINK_SECONDS == 300
    assert re.fullmatch(rf"http://192\.168\.1\.5:{hub.port}/general#link=[\w-]{{20,}}", told["url"])
    assert told["qr"]
    link = told["url"].partition("link=")[2]
    phone = cookie_of(hub, hub.post("/api/link", {"link": link}))
    assert phone.me["person"].items() >= {"who": naor.who, "name": "naor"}.items()
    assert hub.post("/api/link", {"link": link}).error == (403, "link_used")


def test_a_link_works_for_five_minutes(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    naor = guest(hub, "naor")
    links = [naor.post("/api/devices/link", b"").json["url"].partition("link=")[2] for _ in "12"]
    own, now = hub.server._hub, time.time()
    assert own is not None
    monkeypatch.setattr(own.admission, "_clock", lambda: now + 295)
    assert hub.post("/api/link", {"link": links[0]}).status == 200
    monkeypatch.setattr(own.admission, "_clock", lambda: now + 301)
    assert hub.post("/api/link", {"link": links[1]}).error == (403, "link_used")


def test_a_rename_is_broadcast_and_changes_no_message(hub: Serving, live: Live) -> None:
    naor = guest(hub, "naor")
    naor.say("as naor")
    talk, other = heard_by(live, naor), live("mira")
    talk.join()
    other.join()
    answer = naor.ask("PUT", "/api/account/name", {"name": "Nora"})
    assert answer.json == {"who": naor.who, "name": "Nora"}
    told = other.until(
        lambda x: x["do"] == "here" and {"name": "Nora", "who": naor.who} in x.get("came", ())
    )
    assert told["count"] == 2
    assert talk.say("as Nora")["by"] == "Nora"
    hub.restart()
    assert [(x["by"], x["who"]) for x in hub.events()] == [("naor", naor.who), ("Nora", naor.who)]
    assert come(hub, name="nora").error == (409, "name_taken")
    assert come(hub, name="naor").error == (409, "name_taken")
    assert naor.ask("PUT", "/api/account/name", {"name": "naor"}).status == 200
    assert naor.ask("PUT", "/api/account/name", {"name": "a\nb"}).error == (422, "name_invalid")


def test_links_and_password_changes_are_rate_limited(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    naor = member(serve(message_rate=1000.0), "naor")
    own = naor.hub.server._hub
    assert own is not None
    monkeypatch.setattr(own.limits, "changes", RateLimit(1 / 60, 3))
    for _ in range(3):
        assert naor.post("/api/devices/link", b"").status == 201
    assert naor.post("/api/devices/link", b"").error == (429, "too_fast")
    asked = {"old": PASSWORD, "new": PASSWORD}
    assert naor.ask("PUT", "/api/account/password", asked).error == (429, "too_fast")
    found = [login(naor.hub, "naor").error[1] for _ in range(6)]
    assert found == ["too_fast"] * 5 + ["too_many_tries"]


# -- preferences ---------------------------------------------------------------------------

PREFERENCES = "/api/me/preferences"


def test_preferences_are_kept_for_all_devices_and_their_pages_are_told(
    hub: Serving, live: Live
) -> None:
    naor = member(hub, "naor")
    elsewhere = cookie_of(hub, login(hub, "naor"))
    page = heard_by(live, elsewhere)
    assert naor.ask("GET", PREFERENCES).json == {}
    set_ = naor.ask("PATCH", PREFERENCES, {"order": "news", "rooms": {"x": {"muted": True}}})
    assert (set_.status, set_.json["order"]) == (200, "news")
    patch = {"order": None, "rooms": {"y": {"muted": True}}}
    assert naor.ask("PATCH", PREFERENCES, patch).status == 200
    rooms = {"x": {"muted": True}, "y": {"muted": True}}
    assert elsewhere.ask("GET", PREFERENCES).json == {"rooms": rooms}
    assert elsewhere.ask("GET", "/api/start").json["preferences"] == {"rooms": rooms}
    assert page.expect("preferences")["patch"]["order"] == "news"
    assert page.expect("preferences")["patch"] == patch


def test_preferences_are_there_after_a_restart(hub: Serving) -> None:
    naor = member(hub, "naor")
    naor.ask("PATCH", PREFERENCES, {"a": 1})
    hub.restart()
    assert naor.ask("GET", PREFERENCES).json == {"a": 1}


def test_preferences_are_a_persons_own(hub: Serving) -> None:
    naor = member(hub, "naor")
    cast = Cast(hub)
    for asker in cast.standings.values():
        for method, body in (("GET", None), ("PATCH", {"a": 2})):
            answer = asker.ask(method, PREFERENCES, body)
            assert answer.status in (200, 401, 403)
    assert naor.program().ask("GET", PREFERENCES).status == 403
    assert naor.program().ask("PATCH", PREFERENCES, {"a": 1}).status == 403
    assert naor.ask("GET", PREFERENCES).json == {}


def test_bad_preferences_are_refused_and_change_nothing(hub: Serving) -> None:
    naor = member(hub, "naor")
    naor.ask("PATCH", PREFERENCES, {"a": 1})
    for body, status in (
        ([1], 422),
        (b"{", 400),
        (b'{"a":NaN}', 400),
        ({"a": "x" * 70_000}, 422),
        (b'{"a":' * 2000 + b"1" + b"}" * 2000, 400),
        ({"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}}}, 422),
    ):
        answer = naor.ask("PATCH", PREFERENCES, body, **{"Content-Type": "application/json"})
        assert answer.status == status, (body, answer.text)
    assert naor.ask("GET", PREFERENCES).json == {"a": 1}


def test_preferences_have_a_pace(serve: Serve) -> None:
    hub = serve(message_rate=10.0)
    naor = member(hub, "naor")
    answers = [naor.ask("PATCH", PREFERENCES, {"a": n}) for n in range(70)]
    assert {x.status for x in answers} == {200, 429}
    refused = next(x for x in answers if x.status == 429)
    assert refused.json["error"]["code"] == "too_fast"
