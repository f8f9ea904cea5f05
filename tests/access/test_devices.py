"""The browsers and programs of people, each known by its token."""

from __future__ import annotations

import pytest

from hub.access.devices import Devices

NOW = 1_000_000.0


@pytest.fixture
def told() -> list[str]:
    """Grows by one for each change that is told."""
    return []


@pytest.fixture
def devices(told: list[str]) -> Devices:
    return Devices(lambda: told.append("changed"), lambda: NOW)


def test_a_device_is_known_by_its_token_alone(devices: Devices, told: list[str]) -> None:
    device, token = devices.add("p_1", "a bot")
    assert (device.who, device.purpose, device.made, device.used) == ("p_1", "a bot", NOW, NOW)
    assert devices.get(token) is device
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
    device, token = devices.add("p_1")
    told.clear()
    for _ in range(2):
        devices.describe(token, "x" * 1000, "192.168.1.7", "y" * 1000)
    devices.describe("unknown", "z", "192.168.1.8")
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
