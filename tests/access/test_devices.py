"""The browsers and programs of people, each known by its token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hub.access import devices as module
from hub.access.devices import Devices
from hub.access.records import Changes
from hub.keys import Keys

NOW = 1_000_000.0


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def told(keys: Keys) -> list[str]:
    """Grows by one for each change that is put."""
    told: list[str] = []
    keys.watch(lambda changes: told.append("changed"))
    return told


@pytest.fixture
def devices(keys: Keys, told: list[str]) -> Iterator[Devices]:
    """What is known of them in the end is what is kept."""
    devices = Devices(keys, lambda: NOW)
    yield devices
    assert Devices(keys, lambda: NOW).known == devices.known


def test_a_device_is_known_by_its_token_alone(devices: Devices, told: list[str]) -> None:
    device, token = devices.add("p_1", "a bot")
    assert (device.who, device.purpose, device.made, device.used) == ("p_1", "a bot", NOW, NOW)
    assert devices.get(token) == device
    assert devices.used(token) == NOW
    assert told == ["changed"]
    for unknown in (None, "", token[:-1], device.id, "\ud800"):
        assert devices.get(unknown) is None
    assert devices.used("unknown") is None
    assert token not in devices.known, "it is not kept"


def test_no_two_tokens_are_the_same(devices: Devices) -> None:
    made = [devices.add() for _ in range(100)]
    assert len({token for _, token in made}) == 100
    assert len({device.id for device, _ in made}) == 100


def test_devices_are_found_by_their_person(devices: Devices) -> None:
    first, _ = devices.add("p_1")
    other, _ = devices.add("p_2")
    second, _ = devices.add("p_1", "a bot")
    devices.add()
    assert devices.of("p_1") == [first, second]
    assert devices.of("p_3") == []
    assert devices.by_person() == {"p_1": [first, second], "p_2": [other]}


def test_what_a_device_says_of_itself_is_cut_and_told_once(
    devices: Devices, told: list[str]
) -> None:
    _, token = devices.add("p_1")
    told.clear()
    for _ in range(2):
        devices.describe(token, "x" * 1000, "192.168.1.7", "y" * 1000)
    devices.describe("unknown", "z", "192.168.1.8")
    (device,) = devices.of("p_1")
    assert (device.agent, device.address, device.via) == ("x" * 200, "192.168.1.7", "y" * 300)
    assert told == ["changed"]


def test_a_device_is_ended_by_its_token(devices: Devices, told: list[str]) -> None:
    _, token = devices.add("p_1")
    _, other = devices.add("p_1")
    told.clear()
    devices.end(token)
    assert told == ["changed"]
    devices.end(token)
    assert devices.get(token) is None
    assert devices.get(other) is not None
    assert told == ["changed"]


def test_only_ones_own_device_is_ended_by_its_id(devices: Devices, told: list[str]) -> None:
    device, token = devices.add("p_1")
    other, others = devices.add("p_2")
    told.clear()
    assert not devices.end_one("p_1", other.id)
    assert not devices.end_one("p_1", "nonsense")
    assert told == []
    assert devices.end_one("p_1", device.id)
    assert told == ["changed"]
    assert [devices.get(x) for x in (token, others)] == [None, other]


def test_browsers_are_ended_but_for_one_and_programs(devices: Devices) -> None:
    kept, token = devices.add("p_1")
    ended, _ = devices.add("p_1")
    program, _ = devices.add("p_1", "a bot")
    other, _ = devices.add("p_2")
    assert devices.end_browsers("p_1", token) == [ended.id]
    assert devices.of("p_1") == [kept, program]
    assert devices.of("p_2") == [other]
    assert devices.end_browsers("p_1", "unknown") == [kept.id]


def test_everything_of_some_people_is_ended(devices: Devices, told: list[str]) -> None:
    for who in ("p_1", "p_2", "p_3"):
        devices.add(who)
        devices.add(who, "a bot")
    nameless, _ = devices.add()
    told.clear()
    devices.end_all(["p_1", "p_2"])
    assert set(devices.by_person()) == {"p_3"}
    assert nameless in devices.known.values()
    assert told == ["changed"]
    devices.end_all(["p_1"])
    assert told == ["changed"], "there was nothing to end"


def test_a_device_that_cannot_be_read_is_left_out(keys: Keys, devices: Devices) -> None:
    device, token = devices.add("p_1")
    keys.put({"device/1": (None, b'{"id":7,"who":"p_1"}'), "device/2": (None, b"[")})
    assert devices.of("p_1") == list(devices.known.values()) == [device]
    assert devices.get(token) == device
    _, other = devices.add("p_2")
    (key,) = (key for key, x in devices.known.items() if x.who == "p_2")
    keys.put({f"device/{key}": (keys.get(f"device/{key}"), b"{")})
    assert (devices.get(other), devices.used(other)) == (None, None)
    devices.end_all(["p_1"])
    assert keys.get("device/1") is None, "it was one of theirs"


def test_no_text_of_a_device_makes_it_somebody_elses(devices: Devices) -> None:
    """Devices are found by what stands in their values."""
    odd, token = devices.add("p_1")
    devices.describe(token, '","who":"p_2"', '\\","who":"p_2"')
    nobody, other = devices.add()
    devices.describe(other, '"who":"p_2"', "")
    mine, _ = devices.add("p_2")
    assert devices.of("p_2") == [mine]
    assert set(devices.keys_of({"p_1", "p_2"})) == {"p_1", "p_2"}
    devices.end_all(["p_2"])
    assert {x.id for x in devices.known.values()} == {odd.id, nobody.id}


def test_nothing_is_held_of_who_has_no_device_any_more(keys: Keys, devices: Devices) -> None:
    tokens = [devices.add(who)[1] for who in ("p_1", "p_2", "p_2")]
    nameless, token = devices.add()
    devices.end(tokens[0])
    assert devices.of("p_1") == []
    devices.end(tokens[1])
    assert len(devices.of("p_2")) == 1
    devices.end_all(["p_2"])
    assert devices._hints == {}
    changes = Changes(keys)
    devices.changing(changes, token, who="p_3")
    changes.put()
    assert [x.id for x in devices.of("p_3")] == [nameless.id]
    key = next(iter(keys.group("device/")))
    keys.put({f"device/{key}": (keys.get(f"device/{key}"), None)})
    assert (devices.of("p_3"), devices._hints) == ([], {}), "whoever put that"


def test_many_devices_are_ended_in_parts(devices: Devices, told: list[str]) -> None:
    """One change is one line of a file, which has to stay short enough to be read."""
    for number in range(module.TOGETHER + 1):
        devices.add(f"p_{number}")
    told.clear()
    devices.end_all([f"p_{number}" for number in range(module.TOGETHER + 1)])
    assert told == ["changed", "changed"]
    assert devices.known == {}


def test_what_changes_together_changes_once_it_is_put(
    keys: Keys, devices: Devices, told: list[str]
) -> None:
    _, first = devices.add("p_1")
    program, bots = devices.add("p_1", "a bot")
    other, _ = devices.add("p_2")
    told.clear()

    def banned() -> list[bool]:
        return [x.banned for x in devices.of("p_1")]

    changes = Changes(keys)
    added, token = devices.adding(changes, "p_1", host=True)
    devices.changing_of(changes, "p_1", programs=False, banned=True)
    devices.ending(changes, [key for key, x in devices.known.items() if x == program])
    assert devices.get(token) is None
    assert (banned(), told) == ([False, False], [])
    changes.put()
    assert devices.get(token) == added
    assert (banned(), devices.get(bots), told) == ([True, False], None, ["changed"])
    assert devices.of("p_2") == [other]
    changes = Changes(keys)
    devices.changing(changes, first, banned=False)
    devices.changing(changes, "unknown", banned=False)
    changes.put()
    assert banned() == [False, False]
    changes = Changes(keys)
    devices.changing_of(changes, "p_1", programs=True, host=False)
    changes.put()
    assert [x.host for x in devices.of("p_1")] == [False, False]
    assert devices.keys_of({"p_2", "p_3"}).keys() == {"p_2"}
