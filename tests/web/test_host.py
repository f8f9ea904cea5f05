"""The host's panel and actions over HTTP, which nobody else has."""

from __future__ import annotations

import time

import pytest

from hub.web import host as views
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
    host,
    login,
    member,
)
from tests.patience import PATIENCE
from tests.serving import Serving

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def test_only_a_host_does_what_hosts_do(hub: Serving) -> None:
    cast = Cast(hub)
    before = cast.picture()
    refusals: dict[str, set[str]] = {}
    for name, asker in cast.standings.items():
        assert asker.get("/api/host").status == STATUS[name], name
        assert asker.get("/api/host/files").status == STATUS[name], name
        assert asker.get("/api/host/files/found").status == STATUS[name], name
        assert asker.post("/api/host/files/found", {}).status == STATUS[name], name
        for deed in cast.deeds():
            answer = asker.post("/api/host", deed)
            assert answer.status == STATUS[name], (name, deed)
            refusals.setdefault(name, set()).add(answer.error[1])
    assert refusals == {
        "stranger": {"who_are_you"},
        **{x: {"forbidden"} for x in ("guest", "member", "program", "muted")},
        "banned": {"banned"},
        "waiting": {"waiting"},
    }
    assert cast.picture() == before, "nothing was changed"
    for deed in cast.deeds():
        answer = cast.host.post("/api/host", deed)
        assert (answer.status, answer.json["ok"]) == (200, True), deed
    done = [x["do"] for x in cast.panel()["audit"]][-len(cast.deeds()) :]
    assert done == [x["do"] for x in cast.deeds()]


def test_only_a_host_is_told_what_to_know_of_the_start(hub: Serving) -> None:
    own = hub.server._hub
    assert own is not None
    told = ["Another program holds port 5000."]
    own.notices = lambda: told
    cast = Cast(hub)
    assert cast.host.me["hub"]["notices"] == told
    for name, asker in cast.standings.items():
        assert "notices" not in asker.me["hub"], name


def test_only_a_host_is_told_what_makes_no_sense(hub: Serving) -> None:
    cast = Cast(hub)
    for name, asker in cast.standings.items():
        answer = asker.post("/api/host", {"do": "dance"})
        assert answer.status == STATUS[name], name
        assert "dance" not in answer.text, name
    assert cast.host.post("/api/host", {"do": "dance"}).status == 422


def test_only_a_host_denies_newcomers_and_frees_names(hub: Serving) -> None:
    cast = Cast(hub)
    idle = guest(hub, "idle")
    for deed in ({"do": "deny", "whom": cast.waits}, {"do": "free", "whom": idle.who}):
        for name, asker in cast.standings.items():
            denied = name == "waiting" and deed["do"] == "free"
            assert asker.post("/api/host", deed).status == (401 if denied else STATUS[name])
        assert cast.host.post("/api/host", deed).status == 200
    assert come(hub, name="waiting").status == 201
    assert come(hub, name="idle").status == 201


def test_only_a_host_moderates_rooms(hub: Serving, live: Live) -> None:
    cast = Cast(hub)
    for name, asker in cast.standings.items():
        for do, members in (
            ("close", {}), ("slow", {"seconds": 5}), ("title", {"text": "x"}), ("archive", {}),
            ("writer", {"whom": asker.who}), ("erase", {"of": 1}),
            ("invite", {"whom": asker.who}), ("owner", {"whom": asker.who}),
        ):  # fmt: skip
            assert asker.change("general", do, **members).status == STATUS[name], (name, do)
        made = asker.post("/api/rooms", {"kind": "announcements", "title": "News"})
        assert made.status == STATUS[name]
        assert asker.ask("DELETE", "/api/rooms/general").status == STATUS[name]
    for name in ("guest", "member", "program", "muted"):
        talk = heard_by(live, cast.standings[name])
        others = {"forbidden", "not_owner", *(["muted"] if name == "muted" else [])}
        for do in ("close", "archive"):
            assert talk.refused(do, room="general")[0] in others
        assert talk.refused("slow", room="general", seconds=5)[0] in others
        assert talk.refused("erase", room="general", of=1)[0] == "not_yours"
    for name in ("waiting", "banned"):
        talk = live(headers=cast.standings[name].headers)
        assert talk.refused("hello")[0] == name
        assert talk.closed()[0] == 1008
    assert len(hub.lines()) == 1
    assert cast.host.changed("general", "close")["do"] == "close"
    assert cast.host.changed("general", "slow", seconds=5)["seconds"] == 5
    assert cast.host.changed("general", "erase", of=1)["of"] == 1


def test_a_hosts_program_moderates_and_makes_no_hosts(hub: Serving) -> None:
    anna, naor = host(hub).claim(), guest(hub, "naor")
    program = anna.program()
    assert program.me["host"] is False
    assert program.get("/api/host").status == 200
    assert program.did("mute", whom=naor.who, seconds=60)["ok"] is True
    assert program.deed("host", whom=naor.who).error == (403, "forbidden")
    assert program.post("/api/tokens", {"purpose": "another"}).error == (403, "forbidden")
    assert anna.did("host", whom=naor.who)["ok"] is True


def test_a_kick_ends_sessions_and_bans_nobody(hub: Serving, live: Live) -> None:
    anna, naor = host(hub), member(hub, "naor")
    program = naor.program()
    talks = [heard_by(live, x) for x in (naor, naor, program)]
    anna.did("kick", whom=naor.who)
    assert [x.closed() for x in talks] == [(1008, "A host has sent you out.")] * 3
    for asker in (naor, program):
        assert asker.me["person"] is None
        assert asker.say("x").error == (401, "who_are_you")
    assert cookie_of(hub, login(hub, "naor")).who == naor.who


def test_a_ban_holds_on_all_devices_and_under_other_names(hub: Serving, live: Live) -> None:
    anna, naor, mira = host(hub), member(hub, "naor"), guest(hub, "mira")
    phone = cookie_of(hub, login(hub, "naor"))
    program = naor.program()
    talk = heard_by(live, naor)
    anna.did("ban", whom=naor.who)
    assert talk.closed() == (1008, "A host has closed this Hearth to you.")
    for device in (naor, phone, program):
        assert device.me.items() >= {"person": None, "banned": True, "host": False}.items()
        assert device.say("x").error == (403, "banned")
        assert device.get("/api/rooms").error == (403, "banned")
        assert device.post("/api/session", {"name": "somebody else"}).error == (403, "banned")
        assert device.post("/api/session", {"name": "naor"}).error == (403, "banned")
    for device in (naor, phone):
        assert live(headers=device.headers).refused("hello")[0] == "banned"
        assert live(headers=device.headers).refused("hello", name="other")[0] == "banned"
        gone = device.ask("DELETE", "/api/session")
        assert gone.error == (403, "banned")
        assert gone.headers["Set-Cookie"] is None, "the cookie is what the ban knows it by"
    assert login(hub, "naor").error == (403, "banned")
    assert naor.post("/api/login", {"name": "naor", "password": PASSWORD}).status in (401, 403)
    assert mira.say("from the very same address").status == 201
    hub.restart()
    assert naor.say("x").error == (403, "banned")
    assert come(hub, name="naor").error == (409, "name_taken")
    anna.did("unban", whom=naor.who)
    assert naor.say("back").status == 201
    assert phone.say("back").status == 201


def test_a_banned_name_is_not_freed(hub: Serving) -> None:
    anna, naor = host(hub), guest(hub, "naor")
    anna.did("ban", whom=naor.who)
    hub.restart()
    assert come(hub, name="Naor").error == (409, "name_taken")


def test_a_new_code_ends_sessions_only_if_asked_to(hub: Serving, live: Live) -> None:
    anna, naor = host(hub), guest(hub, "naor")
    old = anna.did("mode", mode="code")["code"]
    talk = heard_by(live, naor)
    new = anna.did("code")["code"]
    assert naor.say("still here").status == 201
    assert come(hub, name="mira", code=old).error == (401, "code_wrong")
    mira = cookie_of(hub, come(hub, name="mira", code=new))
    anna.did("code", end=True)
    assert talk.closed() == (1008, "The code has changed.")
    for asker in (naor, mira):
        assert asker.say("x").error == (401, "who_are_you")
    assert anna.say("I stay").status == 201


def test_a_withdrawn_invitation_lets_nobody_in(hub: Serving) -> None:
    anna = host(hub)
    anna.did("mode", mode="login")
    invite = anna.did("invite", count=2)["invite"]
    (shown,) = anna.get("/api/host").json["invites"]
    anna.did("withdraw", invitation=shown["id"])
    assert anna.get("/api/host").json["invites"] == []
    assert [x["do"] for x in anna.get("/api/host").json["audit"]][-1] == "withdraw"
    hub.restart()
    refused = come(hub, name="naor", password=PASSWORD, invite=invite)
    assert refused.error == (401, "invite_used")
    again = anna.post("/api/host", {"do": "withdraw", "invitation": shown["id"]})
    assert again.error == (404, "no_such_invitation")


def test_the_mode_that_a_host_chose_survives_a_restart(hub: Serving) -> None:
    anna = host(hub)
    for mode in ("login", "code", "open"):
        anna.did("mode", mode=mode)
        hub.restart()
        assert Guest(hub).me["hub"]["mode"] == mode


def test_the_operators_code_is_set_again_at_each_start(serve: Serve) -> None:
    hub = serve(hub_code="mellon")
    anna = host(hub)
    assert come(hub, name="naor", code="Mellon").status == 201
    anna.did("mode", mode="open")
    assert come(hub, name="mira").status == 201
    hub.restart()
    assert Guest(hub).me["hub"]["mode"] == "code"
    assert come(hub, name="zed").error == (401, "code_needed")
    assert come(hub, name="zed", code="mellon").status == 201


def test_the_operators_login_mode_is_set_again_at_each_start(serve: Serve) -> None:
    hub = serve(accounts="login", hub_code="mellon")
    anna = host(hub)
    assert come(hub, name="naor", code="mellon").error == (401, "login_needed")
    anna.did("mode", mode="open")
    hub.restart()
    assert come(hub, name="naor").error == (401, "login_needed")


def test_the_panel_shows_the_address_and_agent_of_live_connections(hub: Serving) -> None:
    host, naor = Guest(hub, hub.as_host("anna")), guest(hub, "naor")
    with (
        hub.talk(user_agent_header="A program") as visitor,
        hub.talk(naor.headers, user_agent_header="A newer browser") as browser,
    ):
        visitor.hello("mira")
        browser.hello()
        people = {x["name"]: x["devices"] for x in host.get("/api/host").json["people"]}
    for name, agent in (("mira", "A program"), ("naor", "A newer browser")):
        assert [(x["agent"], x["address"]) for x in people[name]] == [(agent, "127.0.0.1")]


def test_guests_are_disconnected_when_the_hub_comes_to_want_accounts(
    hub: Serving, live: Live
) -> None:
    anna, naor, mira = host(hub), guest(hub, "naor"), member(hub, "mira")
    talk, stays = heard_by(live, naor), heard_by(live, mira)
    visitor = live("visitor")
    anna.did("mode", mode="login")
    for one in (talk, visitor):
        assert one.closed()[0] == 1008
    stays.join()
    assert stays.say("x")["by"] == "mira"


def test_muted(hub: Serving, live: Live) -> None:
    anna, naor = host(hub), guest(hub, "naor")
    n = naor.say("before").json["n"]
    talk = heard_by(live, naor)
    talk.join()
    anna.did("mute", whom=naor.who, seconds=60)
    refused = naor.say("x")
    assert refused.error == (403, "muted")
    assert int(refused.headers["Retry-After"]) > 30
    for do, members in (
        ("say", {"text": "x"}), ("edit", {"of": n, "text": "x"}), ("topic", {"text": "x"}),
    ):  # fmt: skip
        assert talk.refused(do, room="general", **members)[0] == "muted"
        assert talk.heard[-1]["retry_after"] > 30
    hub.restart()
    assert naor.say("x").error == (403, "muted")
    anna.did("mute", whom=naor.who, seconds=0)
    assert naor.say("x").status == 201


def test_a_host_names_the_hub(hub: Serving) -> None:
    host, other = hub.as_host("anna"), hub.session("naor")
    asked = {"do": "name", "text": "The old mill"}
    assert hub.ask("POST", "/api/host", asked, other).error == (403, "forbidden")
    assert hub.ask("POST", "/api/host", asked, host).status == 200
    too_long = {"do": "name", "text": "x" * 41}
    assert hub.ask("POST", "/api/host", too_long, host).error == (422, "hub_name_invalid")
    assert hub.get("/api/me").json["hub"]["name"] == "The old mill"
    noted = hub.ask("GET", "/api/host", None, host).json["audit"][-1]
    assert (noted["do"], noted["text"]) == ("name", "The old mill")
    hub.restart()
    assert hub.get("/api/me").json["hub"]["name"] == "The old mill"


def test_a_host_shares_what_lies_in_the_folder(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = host(hub)
    folder = hub.path / "files" / "general"
    folder.mkdir()
    (folder / "plan.pdf").write_bytes(b"%PDF-1.7")
    (folder / "film.bin").write_bytes(b"x" * 1000)
    files = {x["name"]: x for x in anna.get("/api/host/files/found").json["files"]}
    assert set(files) == {"plan.pdf", "film.bin"}
    asked = {"room": "general", "id": files["plan.pdf"]["id"], "text": "Here"}
    answer = anna.post("/api/host/files/found", asked)
    assert answer.status == 201, answer.text
    assert (answer.json["do"], answer.json["text"]) == ("say", "Here")
    [sent] = answer.json["files"]
    assert anna.get(f"/api/files/general/{sent['id']}").text == "%PDF-1.7"
    assert anna.post("/api/host/files/found", asked).error == (404, "no_such_file")
    asked = {"room": "a b", "id": "../plan.pdf"}
    assert anna.post("/api/host/files/found", asked).error == (404, "no_such_file")
    assert anna.post("/api/host/files/found", {"room": "general"}).error == (422, "invalid")

    monkeypatch.setattr(views, "WAIT_SECONDS", 0.0)
    asked = {"room": "general", "id": files["film.bin"]["id"]}
    answer = anna.post("/api/host/files/found", asked)
    assert (answer.status, answer.json) == (202, {"sharing": True})
    until = time.monotonic() + PATIENCE
    while len(hub.lines()) < 2:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert anna.get("/api/host/files/found").json == {"files": [], "more": False}


def test_without_a_folder_of_files_there_are_none(hub: Serving) -> None:
    anna = host(hub)
    (hub.path / "files").rmdir()
    assert anna.get("/api/host/files").json["rooms"] == []
    assert anna.get("/api/host/files/found").json == {"files": [], "more": False}
