"""Rooms over HTTP and live: who sees, owns, changes and deletes them."""

from __future__ import annotations

import errno
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.protocol import events
from hub.store import disk
from tests.conftest import Live
from tests.guests import (
    NOWHERE,
    Guest,
    answers,
    guest,
    heard_by,
    host,
    member,
)
from tests.patience import PATIENCE
from tests.serving import Serving
from tests.windows import moves_nothing_open

pytestmark = pytest.mark.usefixtures("cheap_passwords")


CHAT = "/api/chat/general"


def test_invited_members_see_a_private_room_at_once_and_removed_ones_no_more(
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


def test_leaving_a_private_room_is_told_once(hub: Serving, live: Live) -> None:
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


def test_concurrent_requests_make_one_direct_room(hub: Serving) -> None:
    naor, mira = guest(hub, "naor"), guest(hub, "mira")
    with ThreadPoolExecutor(8) as pool:
        sides = [(naor, mira), (mira, naor)] * 8
        made = list(pool.map(lambda x: x[0].make("direct", whom=x[1].who), sides))
    assert len(set(made)) == 1
    assert [json.loads(x)["do"] for x in hub.lines(made[0])] == ["make"]


def test_only_the_owner_changes_a_private_room(hub: Serving, live: Live) -> None:
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


def test_deleting_a_room_removes_its_history(hub: Serving, live: Live) -> None:
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


def test_refusals_do_not_reveal_whether_a_message_exists(hub: Serving, live: Live) -> None:
    """The same answer for what somebody else wrote, erased, or reacted, and for nothing at all."""
    anna, naor, mira = host(hub), guest(hub, "naor"), guest(hub, "mira")
    naor.say("first")
    naor.say("second")
    naor.changed("general", "react", of=1, text="👍")
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


def test_rights_are_checked_before_a_message_is_looked_up(hub: Serving, live: Live) -> None:
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


def test_a_room_is_deleted_where_open_files_cannot_be_removed(
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
    hub.restart()  # so that it is in its file alone
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


def test_a_deleted_room_is_not_announced_again(
    hub: Serving, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.turns.TURN_SECONDS", 1.0)
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


def test_a_deleted_rooms_file_is_wiped_and_closed(hub: Serving) -> None:
    naor = member(hub, "naor")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        room = naor.make("private", title="Ours")
        assert naor.say("between us", room).status == 201
        file = hub.folder.room_file(room).open("rb")
        assert naor.ask("DELETE", f"/api/rooms/{room}").status == 204
        assert file.read() == b"", "nor for who holds on to the file"
        file.close()
    end = time.monotonic() + PATIENCE
    while len(os.listdir("/proc/self/fd")) > before + 2:
        assert time.monotonic() < end, "its file is still open"
        time.sleep(0.05)


def test_empty_rooms_hold_no_open_file(hub: Serving, live: Live) -> None:
    hub.folder.room_file("hollow").write_bytes(
        events.line_of(events.Header(events.FORMAT, "hollow", "id", "2026-01-01T00:00:00Z"))
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
