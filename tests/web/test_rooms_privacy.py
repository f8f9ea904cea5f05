"""What nobody learns or gets who is not entitled to it: private rooms, names, secrets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Live
from tests.guests import (
    NOWHERE,
    PASSWORD,
    Cast,
    answers,
    come,
    cookie_of,
    guest,
    heard_by,
    host,
    live_answers,
    login,
    member,
)
from tests.serving import Answer, Serving

pytestmark = pytest.mark.usefixtures("cheap_passwords")


CHAT = "/api/chat/general"
Ask = Callable[[], Answer]


def test_a_private_room_is_indistinguishable_from_a_missing_one(hub: Serving, live: Live) -> None:
    cast = Cast(hub)
    naor, mira = member(hub, "naor"), member(hub, "mira")
    private = naor.make("private", title="Surprise party")
    direct = naor.make("direct", whom=mira.who)
    assert private.startswith("private-")
    assert direct.startswith("dm-")
    naor.changed(private, "topic", text="For the birthday")
    for room in (private, direct):
        assert naor.say("The secret words", room).status == 201
    inside = heard_by(live, naor)
    inside.join(private)
    inside.join(direct)
    askers = {**cast.standings, "host": cast.host, "mira": mira}
    nothing = {name: answers(asker, NOWHERE) for name, asker in askers.items()}
    for name, asker in askers.items():
        assert answers(asker, private) == nothing[name], name
        if name != "mira":
            assert answers(asker, direct) == [
                (x, y, z) for x, y, z in answers(asker, "dm-" + "0" * 24)
            ]
            assert not {private, direct} & set(asker.rooms() if name not in (
                "banned", "waiting") else ())  # fmt: skip
    talks = {
        name: heard_by(live, asker)
        for name, asker in askers.items()
        if name in ("guest", "member", "program", "host", "mira")
    }
    talks["visitor"] = live("visitor")
    for name, talk in talks.items():
        told = live_answers(talk, private)
        assert told == live_answers(talk, NOWHERE), name
        assert set(told[1::2]) >= {x for x in told if "no_such_room" in x}
        if name != "mira":
            assert live_answers(talk, direct) == live_answers(talk, "dm-" + "0" * 24), name
    # What goes on inside is heard by nobody outside: neither that something was said, nor
    # that somebody is there or types.
    inside.send("typing", room=private)
    inside.say("More secret words", private)
    inside.say("Even more", direct)
    inside.do("title", room=private, text="Another surprise")
    time.sleep(1.3)
    for name, talk in talks.items():
        talk.settle()
        heard = b"\n".join(talk.lines)
        assert private.encode() not in heard.replace(b'"room":"' + private.encode(), b""), name
        told = [x for x in talk.heard if x.get("room") == private and x["do"] != "refused"]
        assert told == [], name
        assert b"secret" not in heard
        assert b"urprise" not in heard
        others = [x for x in talk.heard if x.get("room") == direct and x["do"] != "refused"]
        assert (others != []) == (name == "mira")
    panel = cast.host.get("/api/host").text
    for word in (private, direct, "urprise", "secret", "birthday"):
        assert word not in panel
    assert len(hub.lines(private)) == 5, "nobody wrote anything"


def test_asking_for_a_hidden_room_makes_none(hub: Serving, live: Live) -> None:
    talk = live("naor")
    for room in (NOWHERE, "dm-" + "0" * 24, "private-x"):
        assert talk.refused("join", room=room)[0] == "no_such_room"
        assert talk.refused("say", room=room, text="x")[0] == "no_such_room"
        assert hub.post(f"/api/chat/{room}", {"msg": "x", "username": "a"}).error == (
            404, "no_such_room",
        )  # fmt: skip
    assert hub.histories() == {}


def test_nobody_writes_as_another(hub: Serving, live: Live) -> None:
    naor, thief = guest(hub, "naor"), guest(hub, "thief")
    talk = heard_by(live, thief)
    talk.join()
    claims: dict[str, Any] = {"by": "naor", "who": naor.who, "username": "naor", "name": "naor"}
    assert talk.say("x", **claims)["who"] == thief.who
    answer = thief.post(CHAT, {"msg": "x", **claims})
    assert (answer.json["by"], answer.json["who"]) == ("thief", thief.who)
    answer = thief.ask("POST", f"{CHAT}?username=naor", "x", Content_Type="text/plain")
    assert answer.json["who"] == thief.who
    for name in ("naor", "Naor", "nаor", "naor\u200b", "naor ", "na\u00ador"):
        assert hub.post(CHAT, {"msg": "x", "username": name}).status in (409, 422)
    assert live().refused("hello", name="naor", token=naor.token[:-1])[0] == "who_are_you"
    assert not any(x["who"] == naor.who for x in hub.events())
    n = naor.say("mine").json["n"]
    for do, members in (("edit", {"text": "x"}), ("erase", {})):
        assert talk.refused(do, room="general", of=n, **members)[0] == "not_yours"


def test_nobody_writes_or_types_without_having_joined(hub: Serving, live: Live) -> None:
    naor, talk = live("naor"), live()
    naor.join()
    for do, members in (("say", {"text": "x"}), ("join", {}), ("typing", {})):
        talk = live()
        assert talk.refused(do, room="general", **members)[0] == "hello_first"
        assert talk.closed()[0] == 1008
    mira = live("mira")
    said = mira.say("I have not joined")
    heard = naor.expect("say")
    assert heard["who"] == said["who"], "who speaks is known by a lasting id"
    mira.send("typing", room="general")
    mira.settle()
    assert [x for x in naor.settle() if x["do"] == "typing"] == [], "who is not in a room types not"
    stranger = hub.say("x", username="passer-by")
    assert "who" not in stranger, "and who proves nothing is marked so"


def test_no_secret_is_left_in_the_folder(
    hub: Serving, live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    ticket = hub.server.ticket()
    anna = cookie_of(hub, hub.post("/api/ticket", {"ticket": ticket}))
    anna.post("/api/session", {"name": "anna"})
    anna.claim()
    naor = member(hub, "naor")
    new = "another horse battery"
    naor.ask("PUT", "/api/account/password", {"old": PASSWORD, "new": new})
    login(hub, "naor", "a wrong staple")
    phone = cookie_of(hub, login(hub, "naor", new))
    link = naor.post("/api/devices/link", b"").json["url"].partition("link=")[2]
    unused = naor.post("/api/devices/link", b"").json["url"].partition("link=")[2]
    third = cookie_of(hub, hub.post("/api/link", {"link": link}))
    program = naor.program()
    code = anna.did("mode", mode="code")["code"]
    mira = cookie_of(hub, come(hub, name="mira", code=code)).claim()
    come(hub, name="zed", code="WRONG-CODE-1")
    visitor = live()
    visitor.hello("visitor", code=code)
    token = next(x["token"] for x in visitor.heard if x["do"] == "welcome")
    anna.did("mode", mode="login")
    invite, more = anna.did("invite", count=2)["invite"], anna.did("invite")["invite"]
    come(hub, name="carl", password=PASSWORD, invite=invite)
    room = naor.make("private", title="Plans")
    naor.changed(room, "invite", whom=mira.who)
    for one in (anna, naor, phone, program, mira):
        assert one.say("Hello", "general").status == 201
    heard_by(live, program).join()
    hub.ask("POST", "/api/window", {"secret": "a wrong secret"})
    hub.restart()
    secrets = {
        "the ticket": ticket, "a ticket that was not used": hub.server.ticket(),
        "a password": PASSWORD, "the new password": new, "a wrong password": "a wrong staple",
        "a link": link, "a link that was not used": unused, "a wrong secret": "a wrong secret",
        "an invitation": invite, "another": more, "a visitor's token": token,
        "a wrong code": "WRONG-CODE-1",
        **{f"the token of {x.who}": x.token for x in (anna, naor, phone, third, program, mira)},
    }  # fmt: skip
    files = [x for x in hub.path.rglob("*") if x.is_file()]
    assert len(files) >= 6
    for file in files:
        data = file.read_bytes()
        for what, secret in secrets.items():
            assert secret.encode() not in data, f"{what} is in {file.name}"
        with_code = [line for line in data.splitlines() if code.encode() in line]
        assert all(x.startswith(b'{"door":') for x in with_code), f"the code is in {file.name}"
    for what, secret in {**secrets, "the code": code}.items():
        assert secret not in caplog.text, f"{what} is in the log"


def test_answers_with_secrets_are_not_cached(hub: Serving) -> None:
    anna = host(hub)
    asks: list[Ask] = [
        lambda: anna.get("/api/me"),
        lambda: anna.get("/api/host"),
        lambda: anna.get("/api/devices"),
        lambda: anna.get("/api/invite"),
        lambda: anna.deed("invite"),
        lambda: anna.deed("code"),
        lambda: anna.post("/api/tokens", {"purpose": "x"}),
        lambda: anna.post("/api/devices/link", b""),
        lambda: come(hub, name="naor"),
    ]
    for ask in asks:
        answer = ask()
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "?" not in answer.json.get("url", "").partition("#")[0]


@pytest.mark.parametrize("do", ["ban", "kick", "leave"])
def test_queued_commands_of_an_ended_connection_are_dropped(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch, do: str
) -> None:
    anna, naor = host(hub), guest(hub, "naor")
    hub.say("Hello", "large")
    hub.restart()
    opened = threading.Event()
    own = hub.server._hub
    assert own is not None
    hub.on_loop(lambda: own.rooms._rooms.clear())
    read = own.rooms._read

    def slowly(name: str) -> Any:
        opened.wait(60)
        return read(name)

    monkeypatch.setattr("hub.open_rooms.SMALL", 0)
    monkeypatch.setattr(own.rooms, "_read", slowly)
    talk = heard_by(live, naor)
    talk.send("join", room="large")
    talk.send("say", room="large", text="too late")
    time.sleep(0.2)
    if do == "leave":
        talk.close()
    else:
        anna.did(do, whom=naor.who)
        assert talk.closed()[0] == 1008
    time.sleep(0.1)
    opened.set()
    time.sleep(0.3)
    assert [x["text"] for x in hub.events("large")] == ["Hello"]
    assert hub.on_loop(lambda: own.rooms._rooms["large"].here.count) == 0, (
        "and nobody is left behind"
    )


def test_a_missing_private_room_is_not_looked_up_on_disk(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    naor = guest(hub, "naor")
    naor.rooms()  # by now all are open
    looked: list[str] = []
    own = hub.server._hub
    assert own is not None
    find = own.folder.room_file
    monkeypatch.setattr(own.folder, "room_file", lambda x: looked.append(x) or find(x))
    for name in ("dm-" + "0" * 24, "private-" + "0" * 16):
        assert naor.get(f"/api/rooms/{name}").error == (404, "no_such_room")
        assert naor.say("x", name).error == (404, "no_such_room")
    assert looked == [], "the time that this takes would tell it from one that is there"
