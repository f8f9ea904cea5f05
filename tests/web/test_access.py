"""Who may come in, who may do what, and what nobody may ever learn: over HTTP and live."""

from __future__ import annotations

import errno
import http.client
import json
import os
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hub.access import passwords
from hub.access.admission import LINK_SECONDS
from hub.access.rate_limit import RateLimit
from hub.protocol.events import FORMAT, Header, line_of
from hub.store import disk
from tests.conftest import Live, Serve
from tests.serving import Answer, Serving
from tests.talk import Talk
from tests.windows import moves_nothing_open

PASSWORD = "correct horse"
CHAT = "/api/chat/general"
JSON = "application/json"


@pytest.fixture(autouse=True)
def _quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost little, but where it is measured how much they cost."""
    if "timing" not in request.node.name:
        monkeypatch.setattr(passwords, "_LOG_N", 8)


class Guest:
    """A browser with its cookie, or a program with its token; None of both is a stranger."""

    def __init__(self, hub: Serving, headers: dict[str, str] | None = None) -> None:
        self.hub = hub
        self.headers = headers or {}
        self.who: str = (self.me["person"] or {"who": ""})["who"]

    @classmethod
    def bearer(cls, hub: Serving, token: str) -> Guest:
        return cls(hub, {"Authorization": f"Bearer {token}"})

    @property
    def token(self) -> str:
        bearer = self.headers.get("Authorization", "").partition(" ")[2]
        return bearer or self.headers["Cookie"].partition("=")[2]

    @property
    def me(self) -> dict[str, Any]:
        told: dict[str, Any] = self.get("/api/me").json
        return told

    def ask(self, method: str, path: str, body: Any = None, **more: str) -> Answer:
        return self.hub.ask(method, path, body, self.headers, **more)

    def get(self, path: str, **more: str) -> Answer:
        return self.ask("GET", path, None, **more)

    def post(self, path: str, body: Any) -> Answer:
        return self.ask("POST", path, body)

    def deed(self, do: str, **members: Any) -> Answer:
        return self.post("/api/host", {"do": do, **members})

    def did(self, do: str, **members: Any) -> dict[str, Any]:
        answer = self.deed(do, **members)
        assert answer.status == 200, answer.text
        told: dict[str, Any] = answer.json
        return told

    def make(self, kind: str, **members: Any) -> str:
        """Make a room; gives its address."""
        answer = self.post("/api/rooms", {"kind": kind, **members})
        assert answer.status == 201, answer.text
        return str(answer.json["room"])

    def change(self, room: str, do: str, **members: Any) -> Answer:
        return self.post(f"/api/rooms/{room}", {"do": do, **members})

    def changed(self, room: str, do: str, **members: Any) -> dict[str, Any]:
        answer = self.change(room, do, **members)
        assert answer.status == 200, answer.text
        event: dict[str, Any] = answer.json
        return event

    def say(self, text: str, room: str = "general") -> Answer:
        return self.post(f"/api/chat/{room}", {"msg": text})

    def rooms(self) -> dict[str, dict[str, Any]]:
        return {x["name"]: x for x in self.get("/api/rooms").json["rooms"]}

    def claim(self) -> Guest:
        assert self.post("/api/account", {"password": PASSWORD}).status == 200
        return self

    def program(self) -> Guest:
        """A program of this person."""
        answer = self.post("/api/tokens", {"purpose": "a bot"})
        assert answer.status == 201, answer.text
        return Guest.bearer(self.hub, answer.json["token"])


def guest(hub: Serving, name: str) -> Guest:
    """Somebody who came with nothing but a name."""
    return Guest(hub, hub.session(name))


def member(hub: Serving, name: str) -> Guest:
    """Somebody with an account."""
    return guest(hub, name).claim()


def host(hub: Serving, name: str = "anna") -> Guest:
    return Guest(hub, hub.as_host(name))


def come(hub: Serving, **entry: Any) -> Answer:
    return hub.post("/api/session", entry)


def login(hub: Serving, name: str, password: str = PASSWORD, **more: str) -> Answer:
    return hub.post("/api/login", {"name": name, "password": password}, **more)


def cookie_of(hub: Serving, answer: Answer) -> Guest:
    """The browser that was given the cookie of this answer."""
    assert answer.status in (200, 201, 202), answer.text
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return Guest(hub, {"Cookie": cookie, "Origin": hub.url})


def heard_by(live: Live, who: Guest) -> Talk:
    """A live connection of this browser or program."""
    talk = live(at=who.hub, headers=who.headers if "Cookie" in who.headers else None)
    talk.hello(token=None if "Cookie" in who.headers else who.token)
    return talk


# -- a guest cannot, a member cannot, a banned one cannot, the host can -------------------------


class Cast:
    """Somebody of each standing, and somebody to whom it is done."""

    def __init__(self, hub: Serving) -> None:
        self.hub = hub
        self.host = host(hub)
        self.victim = member(hub, "victim")
        self.standings = {
            "stranger": Guest(hub),
            "guest": guest(hub, "guest"),
            "member": member(hub, "member"),
            "program": member(hub, "maker").program(),
            "muted": member(hub, "muted"),
            "banned": member(hub, "banned"),
        }
        self.host.did("mute", whom=self.standings["muted"].who, seconds=600)
        self.host.did("ban", whom=self.standings["banned"].who)
        self.host.did("mode", mode="login")
        waiting = cookie_of(hub, come(hub, name="waiting", password=PASSWORD))
        self.standings["waiting"] = waiting
        person = hub.on_loop(lambda: hub.server._hub and hub.server._hub.people.named("waiting"))
        assert person
        self.waits = person.who
        self.host.did("mode", mode="open")
        self.host.did("invite")
        self.invitation = self.panel()["invites"][0]["id"]
        self.host.did("ban", whom=member(hub, "outlaw").who)
        self.outlaw = next(x["who"] for x in self.panel()["people"] if x["name"] == "outlaw")
        assert hub.say("x", username="passer-by")["n"] == 1

    def panel(self) -> dict[str, Any]:
        told: dict[str, Any] = self.host.get("/api/host").json
        return told

    def picture(self) -> Any:
        """All that deeds change."""
        panel = self.panel()
        for person in panel["people"]:
            for device in person["devices"]:
                del device["used"]
        return panel, self.hub.histories()

    def deeds(self) -> list[dict[str, Any]]:
        """Every deed; the host does them in this order."""
        return [
            {"do": "mute", "whom": self.victim.who, "seconds": 60},
            {"do": "kick", "whom": self.victim.who},
            {"do": "ban", "whom": self.victim.who},
            {"do": "unban", "whom": self.outlaw},
            {"do": "host", "whom": self.victim.who},
            {"do": "host", "whom": self.victim.who, "off": True},
            {"do": "approve", "whom": self.waits},
            {"do": "slow", "room": "general", "seconds": 1},
            {"do": "close", "room": "general"},
            {"do": "erase", "room": "general", "of": 1},
            {"do": "mode", "mode": "code"},
            {"do": "code"},
            {"do": "invite", "count": 2},
            {"do": "withdraw", "invitation": self.invitation},
            {"do": "code", "end": True},
        ]


STATUS = {"stranger": 401, "guest": 403, "member": 403, "program": 403, "muted": 403,
          "banned": 403, "waiting": 403}  # fmt: skip


def test_every_deed_is_the_hosts_alone(hub: Serving) -> None:
    cast = Cast(hub)
    before = cast.picture()
    refusals: dict[str, set[str]] = {}
    for name, asker in cast.standings.items():
        assert asker.get("/api/host").status == STATUS[name], name
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
    assert cast.picture() == before, "nothing came of it"
    for deed in cast.deeds():
        answer = cast.host.post("/api/host", deed)
        assert (answer.status, answer.json["ok"]) == (200, True), deed
    done = [x["do"] for x in cast.panel()["audit"]][-len(cast.deeds()) :]
    assert done == [x["do"] for x in cast.deeds()]


def test_deny_and_free(hub: Serving) -> None:
    cast = Cast(hub)
    idle = guest(hub, "idle")
    for deed in ({"do": "deny", "whom": cast.waits}, {"do": "free", "whom": idle.who}):
        for name, asker in cast.standings.items():
            denied = name == "waiting" and deed["do"] == "free"
            assert asker.post("/api/host", deed).status == (401 if denied else STATUS[name])
        assert cast.host.post("/api/host", deed).status == 200
    assert come(hub, name="waiting").status == 201
    assert come(hub, name="idle").status == 201


def test_a_hosts_deeds_in_rooms_are_the_hosts_alone(hub: Serving, live: Live) -> None:
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


def test_who_may_speak_and_look(hub: Serving) -> None:
    cast = Cast(hub)
    for name, asker in cast.standings.items():
        said = asker.say("Hello").status
        seen = [asker.get(x).status for x in ("/api/rooms", CHAT, "/api/people", "/api/invite")]
        out = name in ("banned", "waiting")
        assert said == {"stranger": 422, "muted": 403}.get(name, 403 if out else 201), name
        people = {"stranger": 401}.get(name, 200)
        assert seen == ([403] * 4 if out else [200, 200, people, 200]), name


def test_only_somebody_has_an_account_and_devices(hub: Serving) -> None:
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


def test_a_program_may_talk_and_no_more(hub: Serving, live: Live) -> None:
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


def test_a_hosts_program_does_as_the_host_and_makes_no_hosts(hub: Serving) -> None:
    anna, naor = host(hub).claim(), guest(hub, "naor")
    program = anna.program()
    assert program.me["host"] is False
    assert program.get("/api/host").status == 200
    assert program.did("mute", whom=naor.who, seconds=60)["ok"] is True
    assert program.deed("host", whom=naor.who).error == (403, "forbidden")
    assert program.post("/api/tokens", {"purpose": "another"}).error == (403, "forbidden")
    assert anna.did("host", whom=naor.who)["ok"] is True


# -- private rooms never leak -------------------------------------------------------------------

NOWHERE = "private-0123456789abcdef"


def answers(asker: Guest, room: str) -> list[tuple[int, bytes, dict[str, str]]]:
    """Everything that can be asked of a room, with the room's name taken out."""
    found = []
    for method, path, body in (
        ("GET", f"/{room}", None),
        ("GET", f"/api/chat/{room}", None),
        ("HEAD", f"/api/chat/{room}", None),
        ("GET", f"/api/chat/{room}?after=0&limit=1", None),
        ("POST", f"/api/chat/{room}", {"msg": "x", "username": "somebody"}),
        ("POST", f"/api/chat/{room}", {"msg": "x"}),
        ("POST", f"/api/chat/{room}", {"msg": ""}),
        ("GET", f"/api/rooms/{room}", None),
        ("DELETE", f"/api/rooms/{room}", None),
        ("POST", f"/api/rooms/{room}", {"do": "topic", "text": "x"}),
        ("POST", f"/api/rooms/{room}", {"do": "invite", "whom": asker.who}),
        ("POST", f"/api/rooms/{room}", {"do": "nonsense"}),
        ("POST", f"/api/rooms/{room}", {"do": "close"}),
        ("POST", "/api/host", {"do": "erase", "room": room, "of": 1}),
        ("POST", "/api/host", {"do": "close", "room": room}),
        ("POST", "/api/host", {"do": "slow", "room": room, "seconds": 5}),
        ("GET", f"/api/invite?room={room}", None),
        ("POST", "/api/rooms", {"kind": "announcements", "title": "x", "name": room}),
    ):
        answer = asker.ask(method, path, body, If_None_Match='"1"')
        headers = {x.lower(): y for x, y in answer.headers.items() if x.lower() != "date"}
        body = answer.body
        if path.startswith("/api/invite") and answer.status == 200:  # a QR code looks otherwise
            body = json.dumps(answer.json["addresses"]).encode()
        bare = body.replace(room.encode(), b"ROOM")
        bare = re.sub(rb'"retry_after":[0-9.]+', b"", bare)
        for name in ("content-length", "retry-after"):
            headers.pop(name, None)
        found.append((answer.status, bare, headers))
    return found


def live_answers(talk: Talk, room: str) -> list[str]:
    """The same of a live connection."""
    found = []
    for do, members in (
        ("join", {}), ("join", {"after": 0}), ("say", {"text": "x"}), ("say", {"text": ""}),
        ("typing", {}), ("seen", {"n": 1}), ("leave", {}), ("erase", {"of": 1}),
        ("edit", {"of": 1, "text": "x"}), ("react", {"of": 1, "text": "x"}), ("pin", {"of": 1}),
        ("topic", {"text": "x"}), ("title", {"text": "x"}), ("invite", {"whom": "p_1"}),
        ("remove", {"whom": "p_1"}), ("owner", {"whom": "p_1"}), ("archive", {}), ("close", {}),
        ("slow", {"seconds": 1}), ("writer", {"whom": "p_1"}),
    ):  # fmt: skip
        talk.send(do, room=room, **members)
        told = [json.dumps(x).replace(room, "ROOM") for x in talk.settle() if x["do"] == "refused"]
        found += [do, *told]
    return found


def test_a_private_room_is_to_others_as_if_it_were_not_there(hub: Serving, live: Live) -> None:
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


def test_a_hidden_address_is_never_made_by_asking(hub: Serving, live: Live) -> None:
    talk = live("naor")
    for room in (NOWHERE, "dm-" + "0" * 24, "private-x"):
        assert talk.refused("join", room=room)[0] == "no_such_room"
        assert talk.refused("say", room=room, text="x")[0] == "no_such_room"
        assert hub.post(f"/api/chat/{room}", {"msg": "x", "username": "a"}).error == (
            404, "no_such_room",
        )  # fmt: skip
    assert hub.histories() == {}


def test_who_is_invited_sees_it_at_once_and_who_is_removed_no_more(
    hub: Serving, live: Live
) -> None:
    naor, mira = member(hub, "naor"), guest(hub, "mira")
    room = naor.make("private", title="Surprise")
    ears = heard_by(live, mira)
    naor.changed(room, "invite", whom=mira.who)
    told = ears.expect("room", room=room)
    assert (told["kind"], told["title"]) == ("private", "Surprise")
    assert room in mira.rooms()
    assert [x["do"] for x in ears.join(room, 0)] == ["make", "invite"]
    assert ears.say("Hello", room)["n"] == 3
    assert mira.get(f"/api/chat/{room}").status == 200
    assert {x["name"] for x in mira.get(f"/api/rooms/{room}").json["members"]} == {"naor", "mira"}
    second = heard_by(live, mira)
    second.join(room)
    naor.changed(room, "remove", whom=mira.who)
    for one in (ears, second):
        one.expect("gone", room=room)
    inside = heard_by(live, naor)
    inside.join(room)
    here = inside.expect("here", room=room)
    assert [x["name"] for x in here["people"]] == ["naor"]
    inside.send("typing", room=room)
    inside.say("Is she gone?", room)
    time.sleep(1.2)
    for one in (ears, second):
        assert [x for x in one.settle() if x.get("room") == room] == []
        assert one.refused("join", room=room)[0] == "no_such_room"
        assert one.refused("say", room=room, text="x")[0] == "no_such_room"
    assert room not in mira.rooms()
    assert answers(mira, room) == answers(mira, NOWHERE)
    assert mira.say("x", room).error == (404, "no_such_room")


def test_who_leaves_a_private_room_hears_that_once(hub: Serving, live: Live) -> None:
    naor, mira = guest(hub, "naor"), guest(hub, "mira")
    room = naor.make("private", title="Ours")
    naor.changed(room, "invite", whom=mira.who)
    owner, talk = heard_by(live, naor), heard_by(live, mira)
    talk.join(room)
    left = talk.do("remove", room, whom=mira.who, key="bye")
    talk.expect("gone", room=room)
    assert [x["n"] for x in talk.settle() if "n" in x] == []
    naor.changed(room, "invite", whom=mira.who)
    for _ in range(2):
        assert owner.do("remove", room, whom=mira.who, key="out")["n"] == left["n"] + 2
    assert sum(x["do"] == "gone" for x in [*talk.settle(), talk.heard[-1]]) == 1


def test_a_direct_room_has_one_address_for_both(hub: Serving, live: Live) -> None:
    naor, mira, zed = (guest(hub, x) for x in ("naor", "mira", "zed"))
    room = naor.make("direct", whom=mira.who)
    assert mira.make("direct", whom=naor.who) == room
    assert len(hub.lines(room)) == 1
    assert naor.rooms()[room].items() >= {"kind": "direct", "title": "mira"}.items()
    assert mira.rooms()[room].items() >= {"title": "naor", "with": naor.who}.items()
    assert mira.ask("PUT", "/api/account/name", {"name": "Mia"}).status == 200
    assert naor.rooms()[room]["title"] == "Mia"
    assert zed.make("direct", whom=naor.who) != room
    for whom, status in ((naor.who, 404), ("p_nobody", 404), ("", 404)):
        answer = naor.post("/api/rooms", {"kind": "direct", "whom": whom})
        assert answer.error == (status, "no_such_person")
    for do, members in (
        ("invite", {"whom": zed.who}), ("remove", {"whom": mira.who}),
        ("owner", {"whom": mira.who}), ("title", {"text": "x"}), ("archive", {}), ("close", {}),
    ):  # fmt: skip
        assert naor.change(room, do, **members).status == 403, do
    assert naor.ask("DELETE", f"/api/rooms/{room}").error == (403, "not_owner")


def test_many_open_one_direct_room_at_once(hub: Serving) -> None:
    naor, mira = guest(hub, "naor"), guest(hub, "mira")
    with ThreadPoolExecutor(8) as pool:
        sides = [(naor, mira), (mira, naor)] * 8
        made = list(pool.map(lambda x: x[0].make("direct", whom=x[1].who), sides))
    assert len(set(made)) == 1
    assert [json.loads(x)["do"] for x in hub.lines(made[0])] == ["make"]


def test_what_an_owner_does(hub: Serving, live: Live) -> None:
    naor, mira, zed = (guest(hub, x) for x in ("naor", "mira", "zed"))
    room = naor.make("private", title="Plans")
    for other in (mira, zed):
        naor.changed(room, "invite", whom=other.who)
    for do, members in (
        ("invite", {"whom": zed.who}), ("remove", {"whom": zed.who}), ("title", {"text": "x"}),
        ("topic", {"text": "x"}), ("owner", {"whom": mira.who}), ("archive", {}),
        ("slow", {"seconds": 1}),
    ):  # fmt: skip
        assert mira.change(room, do, **members).status == 403, do
    assert mira.ask("DELETE", f"/api/rooms/{room}").error == (403, "not_owner")
    naor.changed(room, "title", text="  Better   plans ")
    assert naor.rooms()[room].items() >= {"title": "Better plans", "owner": True}.items()
    assert naor.change(room, "remove", whom=naor.who).error == (422, "owner")
    assert naor.change(room, "remove", whom="p_nobody").error == (422, "not_a_member")
    assert naor.change(room, "invite", whom="p_nobody").error == (404, "no_such_person")
    assert naor.change(room, "invite", whom="p_nobody").error == (404, "no_such_person")
    naor.changed(room, "owner", whom=mira.who)
    assert naor.change(room, "title", text="x").error == (403, "not_owner")
    naor.changed(room, "remove", whom=naor.who)
    assert naor.get(f"/api/rooms/{room}").error == (404, "no_such_room")
    mira.changed(room, "archive")
    assert zed.say("x", room).error == (403, "room_shut")
    assert zed.rooms()[room].items() >= {"archived": True, "may_write": False}.items()
    hub.restart()
    assert zed.rooms()[room].items() >= {"archived": True, "title": "Better plans"}.items()
    mira.changed(room, "archive", off=True)
    assert zed.say("x", room).status == 201


def test_deleting_a_room_takes_all_that_was_said(hub: Serving, live: Live) -> None:
    naor, mira = guest(hub, "naor"), guest(hub, "mira")
    room = naor.make("private", title="Plans")
    naor.changed(room, "invite", whom=mira.who)
    naor.say("The secret words", room)
    ears = heard_by(live, mira)
    ears.join(room)
    assert naor.ask("DELETE", f"/api/rooms/{room}").status == 204
    ears.expect("gone", room=room)
    assert not hub.folder.room_file(room).exists()
    files = [x for x in hub.path.rglob("*") if x.is_file()]
    assert not any(b"The secret words" in x.read_bytes() for x in files)
    for asker in (naor, mira):
        assert answers(asker, room) == answers(asker, NOWHERE)
        assert room not in asker.rooms()
    assert ears.refused("say", room=room, text="x")[0] == "no_such_room"
    assert naor.ask("DELETE", f"/api/rooms/{room}").error == (404, "no_such_room")
    hub.restart()
    assert room not in naor.rooms()


# -- what may not be done is refused before it is told what is there ------------------------------


def test_who_may_not_change_a_message_does_not_hear_whether_it_is_there(
    hub: Serving, live: Live
) -> None:
    """The same answer for what somebody else wrote, erased, or reacted, and for nothing at all."""
    anna, naor, mira = host(hub), guest(hub, "naor"), guest(hub, "mira")
    naor.say("first")
    naor.say("second")
    naor.changed("general", "react", of=1, text="x")
    naor.changed("general", "erase", of=2)
    hub.say("by nobody", username="program")
    everything = (1, 2, 3, 5, 99, 2**53)
    told = {"edit": "Only who wrote a message can change it.",
            "erase": "Only who wrote a message can remove it."}  # fmt: skip
    cases = [(mira, "edit"), (mira, "erase"), (mira.program(), "erase"), (anna, "edit")]
    for asker, do in cases:
        talk = heard_by(live, asker)
        for of in everything:
            answer = asker.change("general", do, of=of, text="x")
            assert answer.error == (403, "not_yours"), (do, of)
            assert answer.json["error"]["message"] == told[do]
            talk.send(do, room="general", of=of, text="x")
            refused = talk.expect("refused")
            assert (refused["code"], refused["message"]) == ("not_yours", told[do]), of
    for of, code in ((2, 404), (3, 404), (1, 200)):
        assert naor.change("general", "edit", of=of, text="x").status == code, "one's own is told"
    for of in (2, 3, 99):
        assert anna.change("general", "erase", of=of).error == (404, "no_such_message")


def test_who_may_not_write_hears_only_that(hub: Serving, live: Live) -> None:
    anna, naor = host(hub), guest(hub, "naor")
    news = anna.make("announcements", title="News", name="news")
    anna.say("first", news)
    naor.say("mine", "general")
    talk = heard_by(live, naor)

    def refused(room: str, code: str, *commands: str) -> None:
        for do in commands:
            for of in (1, 2, 99):
                answer = naor.change(room, do, of=of, text="x")
                assert answer.error == (403, code), (do, of)
                talk.send(do, room=room, of=of, text="x")
                assert talk.expect("refused")["code"] == code, (do, of)

    refused(news, "may_not_write", "edit", "pin")
    anna.did("close", room="general")
    refused("general", "room_shut", "edit", "react", "pin")
    anna.did("close", room="general", off=True)
    anna.did("mute", whom=naor.who, seconds=600)
    refused("general", "muted", "edit", "react", "pin")
    for of in (1, 99):
        stranger = hub.post("/api/rooms/general", {"do": "erase", "of": of})
        assert stranger.error == (401, "who_are_you")
    for whom in (naor.who, "p_nobody"):
        for do in ("invite", "remove", "owner", "writer"):
            assert naor.change(news, do, whom=whom).status == 403, (do, whom)
    assert len(hub.lines()) == 3, "and nothing was changed"


# -- announcements, closing, slow mode, muting ---------------------------------------------------


def test_announcements(hub: Serving, live: Live) -> None:
    anna, naor = host(hub), guest(hub, "naor")
    room = anna.make("announcements", title="News of the house", name="News")
    assert room == "news"
    again = anna.post("/api/rooms", {"kind": "announcements", "title": "x", "name": "news"})
    assert again.error == (409, "room_taken")
    for name in ("con", "private-x", "dm-x"):
        wrong = anna.post("/api/rooms", {"kind": "announcements", "title": "x", "name": name})
        assert wrong.status in (404, 422), name
    assert anna.say("Hello", room).status == 201
    assert naor.say("x", room).error == (403, "may_not_write")
    assert hub.post("/api/chat/news", {"msg": "x", "username": "a"}).error == (403, "may_not_write")
    assert naor.rooms()[room].items() >= {"kind": "announcements", "may_write": False}.items()
    assert Guest(hub).rooms()[room]["title"] == "News of the house"
    anna.changed(room, "writer", whom=naor.who)
    assert naor.say("Hello", room).status == 201
    assert [x["name"] for x in Guest(hub).get("/api/rooms/news").json["writers"]] == ["naor"]
    anna.changed(room, "writer", whom=naor.who, off=True)
    assert heard_by(live, naor).refused("say", room=room, text="x")[0] == "may_not_write"
    anna.changed(room, "archive")
    assert anna.say("x", room).error == (403, "room_shut")


def test_a_closed_room(hub: Serving) -> None:
    anna, naor = host(hub), guest(hub, "naor")
    naor.say("before")
    anna.did("close", room="general")
    assert naor.say("x").error == (403, "room_shut")
    assert naor.change("general", "topic", text="x").error == (403, "room_shut")
    assert hub.post(CHAT, {"msg": "x", "username": "a"}).error == (403, "room_shut")
    assert naor.rooms()["general"].items() >= {"closed": True, "may_write": False}.items()
    assert anna.say("I may").status == 201
    hub.restart()
    assert naor.say("x").error == (403, "room_shut")
    anna.did("close", room="general", off=True)
    assert naor.say("x").status == 201


def test_slow_mode(hub: Serving, live: Live) -> None:
    anna, naor = host(hub), guest(hub, "naor")
    naor.say("before")
    anna.did("slow", room="general", seconds=30)
    assert naor.say("one").status == 201
    refused = naor.say("two")
    assert refused.error == (429, "slow")
    assert 10 <= int(refused.headers["Retry-After"]) <= 30
    talk = heard_by(live, naor)
    assert talk.refused("say", room="general", text="x")[0] == "slow"
    assert talk.heard[-1]["retry_after"] > 10
    assert hub.post(CHAT, {"msg": "x", "username": "a"}).status == 201
    assert hub.post(CHAT, {"msg": "x", "username": "b"}).error == (429, "slow")
    assert [anna.say("x").status for _ in range(3)] == [201] * 3
    anna.did("slow", room="general", seconds=0)
    assert naor.say("three").status == 201


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


# -- kick and ban --------------------------------------------------------------------------------


def test_kick_ends_what_is_open_and_nothing_more(hub: Serving, live: Live) -> None:
    anna, naor = host(hub), member(hub, "naor")
    program = naor.program()
    talks = [heard_by(live, x) for x in (naor, naor, program)]
    anna.did("kick", whom=naor.who)
    assert [x.closed() for x in talks] == [(1008, "A host has sent you out.")] * 3
    for asker in (naor, program):
        assert asker.me["person"] is None
        assert asker.say("x").error == (401, "who_are_you")
    assert cookie_of(hub, login(hub, "naor")).who == naor.who


def test_a_ban_holds_from_the_same_machine_and_under_another_name(hub: Serving, live: Live) -> None:
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


# -- who may come in -----------------------------------------------------------------------------


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


def test_a_closed_hub_does_not_tell_who_is_in_it(hub: Serving) -> None:
    anna = host(hub)
    member(hub, "naor")
    anna.did("mode", mode="code")
    assert come(hub, name="naor").body == come(hub, name="nobody").body
    wrong = [come(hub, name=x, code="wrong").body for x in ("naor", "nobody")]
    assert wrong[0] == wrong[1]


def test_another_code_ends_nobody_unless_asked(hub: Serving, live: Live) -> None:
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


def test_login_waiting_and_approval(hub: Serving, live: Live) -> None:
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


def test_an_invitation_is_not_used_up_by_what_is_refused(hub: Serving) -> None:
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


def test_many_with_one_invitation_at_once(hub: Serving) -> None:
    anna = host(hub)
    anna.did("mode", mode="login")
    invite = anna.did("invite", count=3)["invite"]

    def enter(number: int) -> int:
        return come(hub, name=f"n{number}", password=PASSWORD, invite=invite).status

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(enter, range(8)))
    assert found.count(201) == 3
    assert set(found) == {201, 401}


def test_a_mode_chosen_while_running_outlives_a_restart(hub: Serving) -> None:
    anna = host(hub)
    for mode in ("login", "code", "open"):
        anna.did("mode", mode=mode)
        hub.restart()
        assert Guest(hub).me["hub"]["mode"] == mode


def test_what_the_operator_set_wins(serve: Serve) -> None:
    hub = serve(hub_code="mellon")
    anna = host(hub)
    assert come(hub, name="naor", code="Mellon").status == 201
    anna.did("mode", mode="open")
    assert come(hub, name="mira").status == 201
    hub.restart()
    assert Guest(hub).me["hub"]["mode"] == "code"
    assert come(hub, name="zed").error == (401, "code_needed")
    assert come(hub, name="zed", code="mellon").status == 201


def test_the_operators_login_wins(serve: Serve) -> None:
    hub = serve(accounts="login", hub_code="mellon")
    anna = host(hub)
    assert come(hub, name="naor", code="mellon").error == (401, "login_needed")
    anna.did("mode", mode="open")
    hub.restart()
    assert come(hub, name="naor").error == (401, "login_needed")


# -- logging in ----------------------------------------------------------------------------------


def test_right_wrong_and_unknown(hub: Serving) -> None:
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


def test_timing_tells_no_names(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.access.admission.Admission.check_tries", lambda *_: None)
    member(hub, "naor")
    login(hub, "nobody")

    def took(name: str) -> float:
        began = time.perf_counter()
        assert login(hub, name, "wrong password").status == 401
        return time.perf_counter() - began

    # In turn, and the least of each: whatever else the machine does only adds to a time.
    times = [(took("naor"), took("nobody")) for _ in range(5)]
    known, unknown = (min(each) for each in zip(*times, strict=True))
    assert 0.5 < known / unknown < 2, times


def test_five_wrong_a_minute_from_one_address(hub: Serving) -> None:
    member(hub, "naor")
    hub.forgive_nothing()
    for _ in range(5):
        assert login(hub, "naor", "wrong password").error == (401, "login_wrong")
    refused = login(hub, "naor", "wrong password")
    assert refused.error == (429, "too_many_tries")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert login(hub, "naor").error == (429, "too_many_tries")
    assert hub.post("/api/link", {"link": "x"}).error == (429, "too_many_tries")
    assert come(hub, name="mira").status == 201, "who comes with a name alone is not kept out"


def test_many_tries_at_once_are_no_more_than_five(hub: Serving) -> None:
    member(hub, "naor")
    hub.forgive_nothing()
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: login(hub, "naor", "wrong password").status, range(32)))
    assert found.count(401) == 5
    assert found.count(429) == 27


def test_the_old_password_is_not_guessed_either(hub: Serving) -> None:
    naor = member(hub, "naor")
    hub.forgive_nothing()
    asked = {"old": "wrong password", "new": "something else"}
    found = [naor.ask("PUT", "/api/account/password", asked).status for _ in range(7)]
    assert found == [401] * 5 + [429] * 2


class Held:
    """Passwords whose hashes end only when they are let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go = threading.Event()
        self.begun = 0
        monkeypatch.setattr(passwords, "_scrypt", self)

    def __call__(self, *_: object) -> bytes:
        self.begun += 1
        assert self.go.wait(60)
        return b"x" * 32


def until(hub: Serving, wanted: Callable[[], bool]) -> None:
    """Wait until something is so on the hub's loop."""
    deadline = time.monotonic() + 60
    while not hub.on_loop(wanted):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_while_passwords_are_hashed_everybody_else_is_answered(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty addresses log in at once and no hash ends: yet no thread of Flask waits for one."""
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
            until(hub, lambda: own.checker._under_way.total() == 40)
            for number in range(30):
                assert hub.get("/api/health").status == 200
                assert hub.get("/general").status == 200
                assert naor.say(f"message {number}").status == 201
            assert own.checker._under_way.total() == 40, "and they still wait"
            assert held.begun == 2
        finally:
            held.go.set()
        assert [x.result() for x in trying] == [(401, "login_wrong")] * 40


def test_when_too_many_wait_for_a_hash_the_next_is_told_at_once(
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
            until(hub, lambda: own.checker._under_way.total() == 3)
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
    assert come(hub, **entry).status == 201, "nothing was done by halves"


def test_a_class_behind_one_address_changes_its_passwords_together(serve: Serve) -> None:
    hub = serve(message_rate=10.0, connections_per_address=64)
    pupils = [
        cookie_of(hub, come(hub, name=f"pupil{number}", password=PASSWORD)) for number in range(24)
    ]
    own = hub.server._hub
    assert own is not None
    own.checker._pace = RateLimit(1.0, passwords.BURST)  # their coming in was in another lesson

    def change(pupil: Guest) -> int:
        asked = {"old": PASSWORD, "new": "another horse"}
        return pupil.ask("PUT", "/api/account/password", asked).status

    with ThreadPoolExecutor(24) as pool:
        assert list(pool.map(change, pupils)) == [204] * 24


def test_one_address_that_has_passwords_hashed_without_end_has_to_wait(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "BURST", 4)
    hub = serve(message_rate=0.001, connections_per_address=1000)
    own = hub.server._hub
    assert own is not None
    own.checker._pace = RateLimit(1 / 60, passwords.BURST)
    for number in range(4):
        assert come(hub, name=f"guest{number}", password=PASSWORD).status == 201
    refused = come(hub, name="guest4", password=PASSWORD)
    assert refused.error == (429, "busy")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    elsewhere = {"name": "guest4", "password": PASSWORD}
    assert hub.ask("POST", "/api/session", elsewhere, source="127.0.0.9").status == 201


STOPPED = [(503, "stopping")] * 2


def test_who_waits_for_a_hash_when_the_hub_stops_is_told(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    own = hub.server._hub
    assert own is not None
    with ThreadPoolExecutor(4) as pool:
        waiting = [
            pool.submit(come, hub, name=f"guest{number}", password=PASSWORD) for number in range(4)
        ]
        until(hub, lambda: held.begun == 2 and own.checker._under_way.total() == 4)
        stopping = threading.Thread(target=hub.stop)
        stopping.start()
        deadline = time.monotonic() + 60
        while (told := [x.result().error for x in waiting if x.done()]) != STOPPED:
            assert time.monotonic() < deadline, told
            time.sleep(0.01)
        held.go.set()
        stopping.join(60)
    hub.start()


def test_another_password_ends_all_devices_but_this(hub: Serving, live: Live) -> None:
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


def test_many_claim_one_name_at_once(hub: Serving) -> None:
    naor = guest(hub, "naor")

    def claim(number: int) -> int:
        return naor.post("/api/account", {"password": f"password {number}"}).status

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(claim, range(8)))
    assert sorted(found) == [200] + [409] * 7
    assert login(hub, "naor", f"password {found.index(200)}").status == 200


@pytest.mark.parametrize("size", [2_000, 1_000_000])
def test_an_enormous_password(hub: Serving, size: int) -> None:
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


@pytest.mark.parametrize(
    "body",
    [
        {}, {"name": "naor"}, {"password": PASSWORD}, {"name": 7, "password": 7}, [],
        {"name": None, "password": None}, {"name": ["naor"], "password": [PASSWORD]},
        {"name": {"$ne": ""}, "password": {"$ne": ""}},
    ],
)  # fmt: skip
def test_what_is_no_login(hub: Serving, body: Any) -> None:
    member(hub, "naor")
    assert hub.post("/api/login", body).error == (422, "invalid")


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\x00", "x" * 60_000, "../nobody", "' OR 1=1"])
def test_a_strange_name_is_no_way_in(hub: Serving, name: str) -> None:
    member(hub, "naor")
    assert login(hub, name).error == (401, "login_wrong")


# -- devices -------------------------------------------------------------------------------------


def test_a_token_that_was_brought_is_never_logged_in(hub: Serving) -> None:
    naor, thief = member(hub, "naor"), guest(hub, "thief")
    for token in (thief.token, "planted-by-somebody"):
        headers = {"Cookie": f"{hub.cookie}={token}", "Origin": hub.url}
        body = {"name": "naor", "password": PASSWORD}
        victim = cookie_of(hub, hub.ask("POST", "/api/login", body, headers))
        assert victim.who == naor.who
        assert victim.token != token
        person = Guest(hub, headers).me["person"]
        assert person is None or person["name"] == "thief", "what was brought is what it was"
    link = naor.post("/api/devices/link", b"").json["url"].partition("link=")[2]
    other = guest(hub, "other")
    assert other.post("/api/link", {"link": link}).error == (409, "already_in")
    phone = cookie_of(hub, other.post("/api/link", {"link": link, "replace": True}))
    assert (phone.who, phone.token != other.token) == (naor.who, True)
    assert other.me["person"]["name"] == "other"


def test_a_token_that_is_unknown_is_not_taken_up(hub: Serving) -> None:
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


def test_a_stolen_token_after_log_out_everywhere(hub: Serving, live: Live) -> None:
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


def test_a_host_sees_where_from_everybody_is_here_now(hub: Serving) -> None:
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


def test_one_device_is_ended(hub: Serving, live: Live) -> None:
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


def test_a_phone_is_brought_in_once(hub: Serving) -> None:
    naor = guest(hub, "naor")
    told = naor.post("/api/devices/link", b"").json
    assert told["seconds"] == LINK_SECONDS == 300
    assert re.fullmatch(rf"http://192\.168\.1\.5:{hub.port}/general#link=[\w-]{{20,}}", told["url"])
    assert told["qr"]
    link = told["url"].partition("link=")[2]
    phone = cookie_of(hub, hub.post("/api/link", {"link": link}))
    assert phone.me["person"].items() >= {"who": naor.who, "name": "naor"}.items()
    assert hub.post("/api/link", {"link": link}).error == (403, "link_used")


def test_a_phone_is_brought_in_within_five_minutes(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    naor = guest(hub, "naor")
    links = [naor.post("/api/devices/link", b"").json["url"].partition("link=")[2] for _ in "12"]
    own, now = hub.server._hub, time.time()
    assert own is not None
    monkeypatch.setattr(own.admission, "_clock", lambda: now + 295)
    assert hub.post("/api/link", {"link": links[0]}).status == 200
    monkeypatch.setattr(own.admission, "_clock", lambda: now + 301)
    assert hub.post("/api/link", {"link": links[1]}).error == (403, "link_used")


# -- names ---------------------------------------------------------------------------------------


def test_a_rename_keeps_what_was_said_and_is_seen_at_once(hub: Serving, live: Live) -> None:
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


def test_of_fifty_who_want_one_name_one_gets_it(hub: Serving) -> None:
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


def test_two_accounts_want_one_name(hub: Serving) -> None:
    def enter(number: int) -> int:
        return come(hub, name="naor", password=f"password {number}").status

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(enter, range(8)))
    assert sorted(found) == [201] + [409] * 7
    assert login(hub, "naor", f"password {found.index(201)}").status == 200


def resident() -> int:
    """How much memory this process holds, in bytes; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    except OSError:
        return 0


@pytest.mark.slow
def test_ten_thousand_joins_from_one_address(serve: Serve) -> None:
    hub = serve(connections_per_address=8)
    anna = host(hub)
    own = hub.server._hub
    assert own is not None
    found: list[int] = []
    lock = threading.Lock()

    def many(worker: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=20)
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

    many_before = len(own.people._people)
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
    assert len(own.people._people) - many_before == joined
    assert len(own.limits.joins) == 1
    assert grown < 8 << 20, f"{grown >> 10} KiB"
    assert anna.say("The hub goes on").status == 201


# -- from a penetration test of OnionShare's chat -------------------------------------------------


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


def test_nobody_leaves_on_anothers_behalf(hub: Serving, live: Live) -> None:
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


def test_nobody_is_heard_without_being_listed(hub: Serving, live: Live) -> None:
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


@pytest.mark.parametrize(
    "name",
    ["naor ", " naor", "naor\u200b", "naor\u00a0", "na\u200dor", "naor\u2060", "naor\ufeff",
     "naor\u180e", "nao\u0433".replace("\u0433", "r\u034f"), "naor\t", "naor\u202e", "ｎａｏｒ"],
    ids=ascii,
)  # fmt: skip
def test_a_name_with_something_unseen(hub: Serving, name: str) -> None:
    guest(hub, "naor")
    assert come(hub, name=name).status in (409, 422)
    assert hub.post(CHAT, {"msg": "x", "username": name}).status in (409, 422)
    other = guest(hub, "mira")
    assert other.ask("PUT", "/api/account/name", {"name": name}).status in (409, 422)


@pytest.mark.parametrize("name", ["<b>naor</b>", "<img src=x>", "&lt;b&gt;", "[x](javascript:1)"])
def test_markup_in_a_name_stays_text(hub: Serving, live: Live, name: str) -> None:
    answer = come(hub, name=name)
    if answer.status == 422:
        assert answer.error == (422, "name_invalid")
        return
    said = cookie_of(hub, answer).say("x")
    assert said.json["by"] == name
    for path in ("/api/rooms", CHAT, "/api/me"):
        told = cookie_of(hub, answer).get(path)
        assert not told.headers["Content-Type"].startswith("text/html")
        assert told.headers["X-Content-Type-Options"] == "nosniff"


# -- nothing secret is written down ---------------------------------------------------------------


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
        if file.name not in ("door.json", "door.last"):
            assert code.encode() not in data, f"the code is in {file.name}"
    for what, secret in {**secrets, "the code": code}.items():
        assert secret not in caplog.text, f"{what} is in the log"


Ask = Callable[[], Answer]


def test_no_answer_may_be_kept_that_holds_a_secret(hub: Serving) -> None:
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


# -- what is under way when somebody has to go ----------------------------------------------------


@pytest.mark.parametrize("do", ["ban", "kick", "leave"])
def test_what_waits_behind_a_large_room_dies_with_the_connection(
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

    monkeypatch.setattr("hub.rooms.SMALL", 0)
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


def test_a_hub_that_comes_to_want_accounts_asks_its_guests_for_one(
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


def test_guests_who_are_connected_go_when_the_hub_comes_to_want_accounts(
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


def test_a_room_is_deleted_where_nothing_open_can_be(
    hub: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    naor = member(hub, "naor")
    room = naor.make("private", title="Ours")
    assert naor.say("between us", room).status == 201
    moves_nothing_open(monkeypatch)
    assert naor.ask("DELETE", f"/api/rooms/{room}").status == 204
    assert not hub.folder.room_file(room).exists()
    assert naor.ask("DELETE", f"/api/rooms/{room}").error == (404, "no_such_room")


@pytest.mark.parametrize("other", [False, True], ids=["emptied", "kept"])
def test_a_room_whose_file_cannot_be_removed(
    hub: Serving, monkeypatch: pytest.MonkeyPatch, other: bool
) -> None:
    naor = member(hub, "naor")
    room = naor.make("private", title="Ours")
    assert naor.say("between us", room).status == 201
    file = hub.folder.room_file(room)

    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "The file is in use")

    with monkeypatch.context() as broken:
        broken.setattr(disk, "remove", refused)
        if other:
            broken.setattr(os, "ftruncate", refused)
        answer = naor.ask("DELETE", f"/api/rooms/{room}")
    assert answer.error == (503, "not_deleted") if other else answer.status == 204
    assert (b"between us" in file.read_bytes()) == other
    assert naor.ask("DELETE", f"/api/rooms/{room}").error == (404, "no_such_room")
    hub.restart()
    assert (room in naor.rooms()) == other, "what is still there can be deleted again"


def test_a_room_that_was_deleted_is_not_told_of_again(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.activity.ACTIVITY_SECONDS", 1.0)
    naor, mira = guest(hub, "naor"), guest(hub, "mira")
    room = naor.make("private", title="Ours")
    naor.changed(room, "invite", whom=mira.who)
    ears = heard_by(live, mira)
    ears.settle()
    assert naor.say("elsewhere", "kitchen").status == 201
    assert naor.say("between us", room).status == 201
    assert naor.ask("DELETE", f"/api/rooms/{room}").status == 204
    ears.expect("gone", room=room)
    told = ears.until(lambda x: x["do"] == "room" and x["room"] in (room, "kitchen"))
    assert told["room"] == "kitchen"
    assert room not in [x.get("room") for x in ears.settle()]


def test_nothing_is_left_of_a_room_that_was_deleted(hub: Serving) -> None:
    naor = member(hub, "naor")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        room = naor.make("private", title="Ours")
        assert naor.say("between us", room).status == 201
        file = hub.folder.room_file(room).open("rb")
        assert naor.ask("DELETE", f"/api/rooms/{room}").status == 204
        assert file.read() == b"", "nor for who holds on to the file"
        file.close()
    end = time.monotonic() + 20
    while len(os.listdir("/proc/self/fd")) > before + 2:
        assert time.monotonic() < end, "its file is still open"
        time.sleep(0.05)


def test_rooms_in_which_nothing_was_said_hold_nothing(hub: Serving, live: Live) -> None:
    hub.folder.room_file("hollow").write_bytes(
        line_of(Header(FORMAT, "hollow", "id", "2026-01-01T00:00:00Z"))
    )
    hub.folder.room_file("empty").touch()
    talk = live("naor")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        for room in ("hollow", "empty"):
            talk.send("leave", room=room)
            talk.send("typing", room=room)
    talk.settle()
    assert len(os.listdir("/proc/self/fd")) < before + 20  # an earlier test's hub may be ending
    assert talk.say("Hello", "hollow")["n"] == 1


def test_links_and_passwords_have_a_pace(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_devices_do_not_gather_for_ever(
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


def test_a_private_room_that_is_not_there_is_not_looked_for(
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
