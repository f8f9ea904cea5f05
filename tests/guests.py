"""The people of a test, over HTTP: strangers, guests, members, hosts and programs."""

from __future__ import annotations

import json
import re
import threading
from typing import Any

import pytest

from hub.access import passwords
from tests.conftest import Live
from tests.serving import Answer, Serving
from tests.talk import Talk

PASSWORD = "correct horse"


class Guest:
    """A browser with its cookie, or a program with its token; a stranger has neither."""

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
        """Make a room; gives its name."""
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

    def mentions(self, query: str = "") -> list[dict[str, Any]]:
        """The list "Mentions", the newest first."""
        answer = self.get(f"/api/mentions{query}")
        assert answer.status == 200, answer.text
        found: list[dict[str, Any]] = answer.json["mentions"]
        return found

    def mention_texts(self) -> list[str]:
        return [mention["text"] for mention in self.mentions()]

    def mentioned(self, room: str = "general") -> int:
        """How many unread messages of a room are meant for this guest."""
        return int(self.rooms()[room].get("mentions", 0))

    def claim(self) -> Guest:
        assert self.post("/api/account", {"password": PASSWORD}).status == 200
        return self

    def program(self) -> Guest:
        """A program of this person."""
        answer = self.post("/api/tokens", {"purpose": "a bot"})
        assert answer.status == 201, answer.text
        return Guest.bearer(self.hub, answer.json["token"])


def guest(hub: Serving, name: str) -> Guest:
    """Somebody who entered with a name alone."""
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
    """The browser that this answer gave a session."""
    assert answer.status in (200, 201, 202), answer.text
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return Guest(hub, {"Cookie": cookie, "Origin": hub.url})


def heard_by(live: Live, who: Guest) -> Talk:
    """A live connection of this browser or program."""
    talk = live(at=who.hub, headers=who.headers if "Cookie" in who.headers else None)
    talk.hello(token=None if "Cookie" in who.headers else who.token)
    return talk


class Cast:
    """Somebody of each standing, and a victim on whom hosts act."""

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
        """Everything that a host's actions change."""
        panel = self.panel()
        for person in panel["people"]:
            for device in person["devices"]:
                del device["used"]
        return panel, self.hub.histories()

    def deeds(self) -> list[dict[str, Any]]:
        """Every action of a host, in an order in which all of them succeed."""
        return [
            {"do": "mute", "whom": self.victim.who, "seconds": 60},
            {"do": "clear_status", "whom": self.victim.who},
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


NOWHERE = "private-0123456789abcdef"


def answers(asker: Guest, room: str) -> list[tuple[int, bytes, dict[str, str]]]:
    """The answers to everything that can be asked of a room, with the room's name taken out."""
    found = []
    for method, path, body in (
        ("GET", f"/{room}", None),
        ("GET", f"/api/chat/{room}", None),
        ("HEAD", f"/api/chat/{room}", None),
        ("GET", f"/api/chat/{room}?after=0&limit=1", None),
        ("GET", f"/api/start?room={room}", None),
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
        if path.startswith("/api/invite") and answer.status == 200:  # a QR code depends on the name
            body = json.dumps(answer.json["addresses"]).encode()
        bare = body.replace(room.encode(), b"ROOM")
        bare = re.sub(rb'"retry_after":[0-9.]+', b"", bare)
        for name in ("content-length", "retry-after"):
            headers.pop(name, None)
        found.append((answer.status, bare, headers))
    return found


def live_answers(talk: Talk, room: str) -> list[str]:
    """The answers to everything that can be asked of a room live."""
    found = []
    for do, members in (
        ("join", {}), ("join", {"after": 0}), ("say", {"text": "x"}), ("say", {"text": ""}),
        ("typing", {}), ("reads", {}), ("seen", {"n": 1}), ("leave", {}), ("erase", {"of": 1}),
        ("edit", {"of": 1, "text": "x"}), ("react", {"of": 1, "text": "👍"}), ("pin", {"of": 1}),
        ("topic", {"text": "x"}), ("title", {"text": "x"}), ("invite", {"whom": "p_1"}),
        ("remove", {"whom": "p_1"}), ("owner", {"whom": "p_1"}), ("archive", {}), ("close", {}),
        ("slow", {"seconds": 1}), ("look", {"icon": "x"}), ("writer", {"whom": "p_1"}),
    ):  # fmt: skip
        talk.send(do, room=room, **members)
        told = [json.dumps(x).replace(room, "ROOM") for x in talk.settle() if x["do"] == "refused"]
        found += [do, *told]
    return found


class Held:
    """Holds up all hashes until `go` is set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go = threading.Event()
        self.begun = 0
        monkeypatch.setattr(passwords, "_scrypt", self)

    def __call__(self, *_: object) -> bytes:
        self.begun += 1
        assert self.go.wait(60)
        return b"x" * 32
