"""Coming in over HTTP: by name, code, invitation, password; and logging out."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import Live
from tests.guests import (
    PASSWORD,
    Cast,
    Guest,
    come,
    cookie_of,
    guest,
    heard_by,
    host,
    login,
    member,
)
from tests.serving import Answer, Serving

pytestmark = pytest.mark.usefixtures("cheap_passwords")


CHAT = "/api/chat/general"


def test_who_may_write_and_read(hub: Serving) -> None:
    cast = Cast(hub)
    for name, asker in cast.standings.items():
        said = asker.say("Hello").status
        seen = [asker.get(x).status for x in ("/api/rooms", CHAT, "/api/people", "/api/invite")]
        out = name in ("banned", "waiting")
        assert said == {"stranger": 422, "muted": 403}.get(name, 403 if out else 201), name
        people = {"stranger": 401}.get(name, 200)
        assert seen == ([403] * 4 if out else [200, 200, people, 200]), name


def test_a_code(hub: Serving, live: Live) -> None:
    anna, naor = host(hub), guest(hub, "naor")
    assert hub.post(CHAT, {"msg": "x", "username": "a"}).status == 201
    code = anna.did("mode", mode="code")["code"]
    assert Guest(hub).me["hub"]["mode"] == "code"
    assert come(hub, name="mira").error == (401, "code_needed")
    assert come(hub, name="mira", code="").error == (401, "code_needed")
    assert come(hub, name="mira", code="ABC-DEF-GHJ").error == (401, "code_wrong")
    for path in ("/api/rooms", CHAT, "/api/people", "/api/invite"):
        assert Guest(hub).get(path).error == (401, "who_are_you"), path
    assert hub.post(CHAT, {"msg": "x", "username": "a"}).error == (401, "who_are_you")
    assert code not in Guest(hub).get("/api/me").text
    talk = live()
    assert talk.refused("hello", name="mira")[0] == "code_needed"
    assert talk.closed()[0] == 1008
    live().hello("zed", code=code.lower())
    mira = cookie_of(hub, come(hub, name="mira", code=code.replace("-", " ")))
    assert mira.say("x").status == 201
    assert naor.say("was here before").status == 201
    links = mira.get("/api/invite").json["addresses"]
    assert [x.partition("#")[2] for x in links] == [f"code={code}"]
    assert "?" not in links[0]
    hub.restart()
    assert come(hub, name="carl").error == (401, "code_needed")
    assert come(hub, name="carl", code=code).status == 201


def test_a_hub_with_a_code_does_not_reveal_its_people(hub: Serving) -> None:
    anna = host(hub)
    member(hub, "naor")
    anna.did("mode", mode="code")
    assert come(hub, name="naor").body == come(hub, name="nobody").body
    wrong = [come(hub, name=x, code="wrong").body for x in ("naor", "nobody")]
    assert wrong[0] == wrong[1]


def test_a_newcomer_with_a_password_waits_for_a_hosts_approval(hub: Serving, live: Live) -> None:
    anna = host(hub)
    ears = heard_by(live, anna)
    anna.did("mode", mode="login")
    assert come(hub, name="naor").error == (401, "login_needed")
    assert come(hub, name="naor", password="short").error == (422, "password_weak")
    assert live().refused("hello", name="naor")[0] == "login_needed"
    ears.settle()
    asked = come(hub, name="naor", password=PASSWORD)
    assert (asked.status, asked.json) == (202, {"waiting": True})
    ears.expect("host")
    naor = cookie_of(hub, asked)
    assert naor.me.items() >= {"person": None, "waiting": True}.items()
    assert naor.say("x").error == (403, "waiting")
    assert naor.post("/api/session", {"name": "naor"}).status == 202
    (entry,) = [x for x in anna.get("/api/host").json["people"] if x["waiting"]]
    anna.did("approve", whom=entry["who"])
    assert naor.me["person"]["name"] == "naor"
    assert naor.say("in").status == 201
    other = cookie_of(hub, come(hub, name="mira", password=PASSWORD))
    (entry,) = [x for x in anna.get("/api/host").json["people"] if x["waiting"]]
    anna.did("deny", whom=entry["who"])
    assert other.me.items() >= {"person": None, "waiting": False}.items()
    hub.restart()
    assert come(hub, name="zed").error == (401, "login_needed")
    assert cookie_of(hub, login(hub, "naor")).say("x").status == 201


def test_invitations_count_down(hub: Serving) -> None:
    anna = host(hub)
    anna.did("mode", mode="login")
    told = anna.did("invite", count=2)
    invite = told["invite"]
    assert told["url"] == f"http://192.168.1.5:{hub.port}/general#invite={invite}"
    assert told["qr"]
    one = cookie_of(hub, come(hub, name="naor", password=PASSWORD, invite=invite))
    assert one.say("x").status == 201
    assert [x["left"] for x in anna.get("/api/host").json["invites"]] == [1]
    hub.restart()
    two = cookie_of(hub, come(hub, name="mira", password=PASSWORD, invite=invite))
    assert two.say("x").status == 201
    third = come(hub, name="zed", password=PASSWORD, invite=invite)
    assert third.error == (401, "invite_used")
    assert anna.get("/api/host").json["invites"] == []


def test_a_refused_entry_uses_up_no_invitation(hub: Serving) -> None:
    anna = host(hub)
    anna.did("mode", mode="login")
    invite = anna.did("invite")["invite"]
    for entry, refused in (
        ({"name": "naor", "password": "short"}, (422, "password_weak")),
        ({"name": "naor", "password": "x" * 2000}, (422, "password_weak")),
        ({"name": "anna", "password": PASSWORD}, (409, "name_taken")),
        ({"name": "", "password": PASSWORD}, (422, "name_invalid")),
        ({"name": "naor"}, (401, "login_needed")),
    ):
        assert come(hub, invite=invite, **entry).error == refused
    assert come(hub, name="naor", password=PASSWORD, invite=invite).status == 201


def test_an_invitation_used_many_times_at_once_counts_exactly(hub: Serving) -> None:
    anna = host(hub)
    anna.did("mode", mode="login")
    invite = anna.did("invite", count=3)["invite"]

    def enter(number: int) -> int:
        return come(hub, name=f"n{number}", password=PASSWORD, invite=invite).status

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(enter, range(8)))
    assert found.count(201) == 3
    assert set(found) == {201, 401}


def test_wrong_passwords_and_unknown_names_are_answered_alike(hub: Serving) -> None:
    naor = member(hub, "naor")
    guest(hub, "mira")
    right = login(hub, "naor")
    assert (
        right.json["person"].items() >= {"who": naor.who, "name": "naor", "account": True}.items()
    )
    assert cookie_of(hub, right).token != naor.token
    assert login(hub, "NAOR").status == 200
    wrong = [login(hub, "naor", "wrong password"), login(hub, "nobody"), login(hub, "mira")]
    assert {x.error for x in wrong} == {(401, "login_wrong")}
    assert len({x.body for x in wrong}) == 1
    told = [{x: y for x, y in answer.headers.items() if x != "Date"} for answer in wrong]
    assert told[0] == told[1] == told[2]


def test_one_address_has_five_wrong_logins_a_minute(hub: Serving) -> None:
    member(hub, "naor")
    hub.stop_rate_limit_clocks()
    for _ in range(5):
        assert login(hub, "naor", "wrong password").error == (401, "login_wrong")
    refused = login(hub, "naor", "wrong password")
    assert refused.error == (429, "too_many_tries")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert login(hub, "naor").error == (429, "too_many_tries")
    assert hub.post("/api/link", {"link": "x"}).error == (429, "too_many_tries")
    assert come(hub, name="mira").status == 201, "newcomers with a name alone are not kept out"


def test_concurrent_wrong_logins_are_limited_alike(hub: Serving) -> None:
    member(hub, "naor")
    hub.stop_rate_limit_clocks()
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: login(hub, "naor", "wrong password").status, range(32)))
    assert found.count(401) == 5
    assert found.count(429) == 27


def test_a_malformed_login_is_refused(hub: Serving) -> None:
    member(hub, "naor")
    body: Any
    for body in (
        {}, {"name": "naor"}, {"password": PASSWORD}, {"name": 7, "password": 7}, [],
        {"name": None, "password": None}, {"name": ["naor"], "password": [PASSWORD]},
        {"name": {"$ne": ""}, "password": {"$ne": ""}},
    ):  # fmt: skip
        assert hub.post("/api/login", body).error == (422, "invalid"), body


def test_no_strange_name_logs_in(hub: Serving) -> None:
    member(hub, "naor")
    names = ("", " ", "\u200b", "\x00", "x" * 60_000, "../nobody", "' OR 1=1")
    for number, name in enumerate(names):
        asked = {"name": name, "password": PASSWORD}
        answer = hub.ask("POST", "/api/login", asked, source=f"127.0.1.{number + 1}")
        assert answer.error == (401, "login_wrong"), name


def test_a_login_never_reuses_the_token_that_was_brought(hub: Serving) -> None:
    naor, thief = member(hub, "naor"), guest(hub, "thief")
    for token in (thief.token, "planted-by-somebody"):
        headers = {"Cookie": f"{hub.cookie}={token}", "Origin": hub.url}
        body = {"name": "naor", "password": PASSWORD}
        victim = cookie_of(hub, hub.ask("POST", "/api/login", body, headers))
        assert victim.who == naor.who
        assert victim.token != token
        person = Guest(hub, headers).me["person"]
        assert person is None or person["name"] == "thief", "it is nobody else's now"
    link = naor.post("/api/devices/link", b"").json["url"].partition("link=")[2]
    other = guest(hub, "other")
    assert other.post("/api/link", {"link": link}).error == (409, "already_in")
    phone = cookie_of(hub, other.post("/api/link", {"link": link, "replace": True}))
    assert (phone.who, phone.token != other.token) == (naor.who, True)
    assert other.me["person"]["name"] == "other"


def test_an_unknown_token_is_never_adopted(hub: Serving) -> None:
    headers = {"Cookie": f"{hub.cookie}=chosen", "Origin": hub.url}
    came = cookie_of(hub, hub.ask("POST", "/api/session", {"name": "naor"}, headers))
    assert came.token != "chosen"
    body = {"ticket": hub.server.ticket()}
    window = hub.ask("POST", "/api/ticket", body, headers)
    assert "chosen" not in window.headers["Set-Cookie"]


def test_log_out(hub: Serving, live: Live) -> None:
    naor = member(hub, "naor")
    phone = cookie_of(hub, login(hub, "naor"))
    mine, other = heard_by(live, naor), heard_by(live, phone)
    gone = naor.ask("DELETE", "/api/session")
    assert gone.status == 204
    assert "Max-Age=0" in gone.headers["Set-Cookie"]
    assert mine.closed()[0] == 1008
    assert naor.me["person"] is None
    other.join()
    assert other.say("still here")["by"] == "naor"


def test_of_fifty_concurrent_entries_under_one_name_one_succeeds(hub: Serving) -> None:
    spellings = ["naor", "Naor", "NAOR", "nаor", " naor "]
    start = threading.Barrier(50)

    def enter(number: int) -> Answer:
        start.wait()
        return come(hub, name=spellings[number % len(spellings)])

    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(enter, range(50)))
    assert sorted(x.status for x in found) == [201] + [409] * 49
    winner = next(x for x in found if x.status == 201)
    assert cookie_of(hub, winner).say("x").status == 201


def test_of_many_concurrent_accounts_under_one_name_one_succeeds(hub: Serving) -> None:
    def enter(number: int) -> int:
        return come(hub, name="naor", password=f"password {number}").status

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(enter, range(8)))
    assert sorted(found) == [201] + [409] * 7
    assert login(hub, "naor", f"password {found.index(201)}").status == 200


def test_a_name_that_looks_like_anothers_is_refused_everywhere(hub: Serving) -> None:
    guest(hub, "naor")
    other = guest(hub, "mira")
    for name in (
        "naor ", " naor", "naor\u200b", "naor\u00a0", "na\u200dor", "naor\u2060", "naor\ufeff",
        "naor\u180e", "naor\u034f", "naor\t", "naor\u202e", "ｎａｏｒ",
    ):  # fmt: skip
        assert come(hub, name=name).status in (409, 422), ascii(name)
        assert hub.post(CHAT, {"msg": "x", "username": name}).status in (409, 422), ascii(name)
        renamed = other.ask("PUT", "/api/account/name", {"name": name})
        assert renamed.status in (409, 422), ascii(name)


def test_markup_in_a_name_stays_text(hub: Serving) -> None:
    for name in ("<b>naor</b>", "<img src=x>", "&lt;b&gt;", "[x](javascript:1)"):
        browser = cookie_of(hub, come(hub, name=name))
        assert browser.say("x").json["by"] == name
        for path in ("/api/rooms", CHAT, "/api/me"):
            told = browser.get(path)
            assert not told.headers["Content-Type"].startswith("text/html")
            assert told.headers["X-Content-Type-Options"] == "nosniff"


def test_guests_keep_their_name_when_the_hub_comes_to_want_accounts(
    hub: Serving, live: Live
) -> None:
    anna, naor, mira = host(hub), guest(hub, "naor"), member(hub, "mira")
    anna.did("mode", mode="login")
    assert naor.say("x").error == (401, "login_needed")
    assert mira.say("x").status == 201
    talk = live(headers=naor.headers)
    assert talk.refused("hello")[0] == "login_needed"
    assert talk.closed()[0] == 1008
    assert naor.post("/api/session", {"name": "naor"}).error == (401, "login_needed")
    asked = naor.post("/api/session", {"name": "naor", "password": PASSWORD})
    assert (asked.status, asked.json) == (202, {"waiting": True})
    assert naor.say("x").status == 403
    anna.did("approve", whom=naor.who)
    assert naor.say("x").json["who"] == naor.who, "still the same person"
    invite = anna.did("invite")["invite"]
    anna.did("mode", mode="open")
    zed = guest(hub, "zed")
    anna.did("mode", mode="login")
    entry = {"name": "zed", "password": PASSWORD, "invite": invite}
    assert zed.post("/api/session", entry).status == 201
    assert zed.say("x").json["who"] == zed.who
    assert login(hub, "zed").status == 200


def test_the_number_of_devices_is_bounded(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.entry.MOST_DEVICES", 3)
    naor = member(hub, "naor")
    program = naor.program()
    talk = live(headers=naor.headers)
    talk.hello()
    for _ in range(3):
        assert login(hub, "naor").status == 200
    assert talk.closed()[0] == 1008, "the one unused for longest"
    assert len(program.get("/api/me").json["person"]) > 0
    newest = login(hub, "naor").headers["Set-Cookie"].partition(";")[0]
    told = hub.get("/api/devices", Cookie=newest).json["devices"]
    assert len(told) == 4, "and the program"


def test_nobody_leaves_or_logs_out_for_another(hub: Serving, live: Live) -> None:
    naor, thief = guest(hub, "naor"), guest(hub, "thief")
    victim, talk = heard_by(live, naor), heard_by(live, thief)
    for one in (victim, talk):
        one.join()
    for members in ({"who": naor.who}, {"by": "naor"}, {"name": "naor"}, {"whom": naor.who}):
        talk.send("leave", room="general", **members)
        talk.join()
    assert thief.change("general", "remove", whom=naor.who).status == 403
    answer = thief.ask("DELETE", "/api/session", {"who": naor.who, "name": "naor"})
    assert answer.status == 204
    assert victim.say("still here")["by"] == "naor"
    assert naor.me["person"]["who"] == naor.who


def test_a_second_start_needs_the_hubs_secret(hub: Serving) -> None:
    raised: list[tuple[str | None, str]] = []
    own = hub.server._hub
    assert own is not None
    own.raise_window = lambda room, activation: raised.append((room, activation)) is None
    for secret in ("", "guessed", own.secret[:-1], own.secret + "x"):
        for more in ({}, {"ticket": True}, {"room": "general"}):
            answer = hub.post("/api/window", {"secret": secret, **more})
            assert answer.error == (403, "forbidden"), (secret, more)
    assert hub.post("/api/window", {"ticket": True}).error == (422, "invalid")
    assert raised == []
    right = {"secret": own.secret, "room": "general"}
    for more in ({}, {"activation": "token"}):
        assert hub.post("/api/window", {**right, **more}).json == {"window": True}
    assert raised == [("general", ""), ("general", "token")]
    told = hub.post("/api/window", {"secret": own.secret, "ticket": True}).json
    assert told["window"] is False
    assert hub.post("/api/ticket", {"ticket": told["ticket"]}).json["host"] is True
