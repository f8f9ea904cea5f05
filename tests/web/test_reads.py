"""Who has read how far, over HTTP and live."""

from __future__ import annotations

import pytest

from tests.conftest import Live
from tests.guests import Guest, guest, host
from tests.serving import Serving

READS = "/api/chat/general/reads"
ONE = "/api/chat/general/1/reads"


def seen(reader: Guest, n: int, room: str = "general") -> None:
    assert reader.change(room, "seen", n=n).status == 204


def marks(reader: Guest, address: str = READS) -> dict[str, int]:
    answer = reader.get(address)
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store"), answer.text
    assert answer.json["small"] is True
    return {x["name"]: x["n"] for x in answer.json["reads"]}


def test_how_far_others_have_read_a_room(hub: Serving) -> None:
    naor, mira = guest(hub, "naor"), guest(hub, "mira")
    naor.say("one")
    naor.say("two")
    seen(mira, 1)
    seen(naor, 2)
    assert naor.get(READS).json == {
        "small": True,
        "reads": [{"who": mira.who, "name": "mira", "n": 1}],
    }
    assert naor.get(ONE).json == {
        "people": [{"who": mira.who, "name": "mira"}],
        "count": 1,
        "of": 1,
    }
    assert naor.get("/api/chat/general/2/reads").json == {"people": [], "count": 0, "of": 1}


def test_a_large_room_answers_for_single_messages_alone(hub: Serving) -> None:
    naor = guest(hub, "naor")
    naor.say("one")
    for n in range(22):
        seen(guest(hub, f"guest {n}"), 1)
    assert naor.get(READS).json == {"small": False, "reads": []}
    one = naor.get(ONE).json
    assert (len(one["people"]), one["count"], one["of"]) == (22, 22, 22)


def test_strangers_and_programs_learn_nothing(hub: Serving) -> None:
    naor = guest(hub, "naor")
    naor.say("one")
    for address in (READS, ONE):
        assert hub.get(address).error == (401, "who_are_you")
        assert naor.program().get(address).error == (403, "forbidden")


def test_who_switched_it_off_learns_nothing(hub: Serving) -> None:
    naor, mira = guest(hub, "naor"), guest(hub, "mira")
    naor.say("one")
    seen(mira, 1)
    assert mira.ask("PATCH", "/api/me/preferences", {"reads": False}).status == 200
    for address in (READS, ONE):
        assert mira.get(address).error == (403, "reads_off")
    assert marks(naor) == {}
    assert naor.get(ONE).json == {"people": [], "count": 0, "of": 0}
    assert mira.ask("PATCH", "/api/me/preferences", {"reads": True}).status == 200
    assert (marks(naor), marks(mira)) == ({"mira": 1}, {})


def test_what_is_not_there_is_refused(hub: Serving) -> None:
    naor = guest(hub, "naor")
    naor.say("one")
    naor.say("two")
    naor.changed("general", "erase", of=2)
    for n in (0, 2, 3, 4, "9" * 40):
        answer = naor.get(f"/api/chat/general/{n}/reads")
        assert answer.error == (404, "no_such_message"), n
    assert naor.get("/api/chat/nowhere/1/reads").error == (404, "no_such_room")
    assert marks(naor, "/api/chat/nowhere/reads") == {}  # a room to come
    assert naor.get("/api/chat/con/reads").error == (404, "room_name")


def test_only_who_may_see_a_room_learns_who_has_read_it(hub: Serving) -> None:
    naor, mira, lena = (guest(hub, name) for name in ("naor", "mira", "lena"))
    room = naor.make("private", title="Plans")
    naor.changed(room, "invite", whom=mira.who)
    naor.say("secret", room)
    seen(mira, 3, room)
    assert marks(naor, f"/api/chat/{room}/reads") == {"mira": 3}
    for address in (f"/api/chat/{room}/reads", f"/api/chat/{room}/3/reads"):
        missing = lena.get(address.replace(room, "private-0000000000000000"))
        assert lena.get(address).error == missing.error == (404, "no_such_room")
    naor.changed(room, "remove", whom=mira.who)
    assert marks(naor, f"/api/chat/{room}/reads") == {}
    assert mira.get(f"/api/chat/{room}/reads").error == (404, "no_such_room")


def test_who_is_in_the_room_is_told_live(hub: Serving, live: Live) -> None:
    naor, mira = guest(hub, "naor"), guest(hub, "mira")
    naor.say("one")
    page = live(headers=naor.headers)
    page.hello()
    page.send("reads", room="general")  # not there yet: nothing is told
    page.join("general", 0)
    page.send("reads", room="general")
    told = {"do": "reads", "room": "general"}
    assert page.expect("reads") == told | {"all": True, "reads": []}
    seen(mira, 1)
    assert page.expect("reads") == told | {"reads": [{"who": mira.who, "name": "mira", "n": 1}]}
    assert host(hub, "anna").did("ban", whom=mira.who)
    assert page.expect("reads") == told | {"reads": [{"who": mira.who, "name": "", "n": 0}]}


@pytest.mark.parametrize("deed", ["unban", "free"])
def test_what_hosts_do_is_told_live(hub: Serving, live: Live, deed: str) -> None:
    naor, mira, anna = guest(hub, "naor"), guest(hub, "mira"), host(hub, "anna")
    naor.say("one")
    seen(mira, 1)
    if deed == "unban":
        anna.did("ban", whom=mira.who)
    page = live(headers=naor.headers)
    page.hello()
    page.join("general", 0)
    assert marks(naor) == ({} if deed == "unban" else {"mira": 1})
    anna.did(deed, whom=mira.who)
    [told] = page.expect("reads")["reads"]
    assert (told["who"], told["n"]) == (mira.who, 1 if deed == "unban" else 0)
