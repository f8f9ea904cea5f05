import pytest
from msgspec.json import encode

from hub.access.admission import Admission
from hub.access.older import door_in, people_in
from hub.access.people import People
from hub.keys import Keys
from tests.access.clock import Clock

KEPT = {
    "people": [
        {"who": "p_1", "name": "anna", "made": 1.0, "used": 2.0, "host": True, "password": "kept"},
        {"who": "p_2", "name": "bela", "made": 3.0, "used": 4.0, "former": ["bob"],
         "read": {"general": 7, "kitchen": 2}},
        {"who": "p_3", "name": "carl", "made": 5.0, "used": 1_000_000.0, "visitor": True},
    ],
    "devices": {
        "ab" * 32: {"id": "d1", "made": 1.0, "used": 2.0, "who": "p_2", "banned": True},
    },
    "at": 1_000_000.0,
    "id": "0123456789abcdef",
}  # fmt: skip


def test_people_are_who_they_were(clock: Clock) -> None:
    for person in KEPT["people"]:  # type: ignore[attr-defined]
        person["used"] = clock.now
    people = People(Keys(people_in(encode(KEPT))), clock)
    assert people.id == KEPT["id"]
    assert [(x.who, x.name) for x in people.all()] == [("p_1", "anna"), ("p_2", "bela")]
    assert people.hosts == {"p_1"}
    bela = people.named("bob")
    assert bela is not None
    assert (bela.who, bela.read) == ("p_2", {"general": 7, "kitchen": 2})
    assert people.named("carl") is None, "visitors hold no names while they are away"
    (device,) = people.devices.of("p_2")
    assert (device.id, device.banned) == ("d1", True)


def test_the_oldest_have_no_id_and_no_time(clock: Clock) -> None:
    people = People(Keys(people_in(b'{"people":[],"devices":{}}')), clock)
    assert len(people.id) == 16


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"people":1}', b'{"people":[{}]}',
     b'{"people":[],"devices":{},"id":"no; Path=/"}'],
)  # fmt: skip
def test_anything_but_people_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        people_in(data)


def test_the_door_is_what_it_was() -> None:
    invitations = {"ab" * 32: {"id": "i1", "made": 1.0, "left": 3}}
    door = {"mode": "code", "code": "sesame", "invitations": invitations}
    admission = Admission(Keys(door_in(encode(door))))
    assert (admission.mode, admission.code, admission.unread) == ("code", "sesame", 0)
    assert [(x.id, x.left) for x in admission.invitations()] == [("i1", 3)]
    assert Admission(Keys(door_in(b"{}"))).mode == "open"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"mode":"shut"}', b'{"code":7}', b"\xff"])
def test_anything_but_a_door_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's own kinds of it
        door_in(data)
