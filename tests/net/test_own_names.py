from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from hub.errors import CannotStart
from hub.net.addresses import Own, reachable
from hub.net.own_names import OwnNames
from tests.net.hosts import FOREIGN, HERE, OURS


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _computer_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Attic.example")


@pytest.fixture
def names() -> OwnNames:
    return OwnNames("hub.example, 10.0.0.9, 2001:db8::9, Büro.example.", addresses=lambda: HERE)


@pytest.mark.parametrize("host", OURS)
def test_a_name_of_the_hub(names: OwnNames, host: str) -> None:
    assert names.owns(host)


@pytest.mark.parametrize("host", FOREIGN)
def test_a_name_that_is_not_the_hubs(names: OwnNames, host: str) -> None:
    assert not names.owns(host)


def test_a_huge_header(names: OwnNames) -> None:
    assert not names.owns("a" * 100_000)
    assert not names.owns("localhost:" + "1" * 100_000)


def test_a_computer_name_that_reads_as_an_address_is_not_a_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "2130706433")
    names = OwnNames(addresses=list)
    assert not names.owns("2130706433")
    assert names.owns("2130706433.local")


@pytest.mark.parametrize(
    "name", ["evil.com/", "a b", "10.0.0.9.", "127.1", "0x7f.1", "a:80", "a" * 300, "..a"]
)
def test_an_invalid_name_in_the_setting(name: str) -> None:
    with pytest.raises(CannotStart, match="'names' holds"):
        OwnNames(f"hub.example,{name}")


def test_a_setting_of_blanks_adds_no_name() -> None:
    assert OwnNames(" , ", addresses=list).owns("localhost")


class TestAddressesThatChange:
    def test_unknown_addresses_list_the_interfaces_ten_times_a_second_at_most(self) -> None:
        clock, here, asked = Clock(), [HERE[3]], []

        def listed() -> list[Own]:
            asked.append(clock.now)
            return list(here)

        names = OwnNames("", clock, listed)
        assert names.owns("192.168.1.5")
        here.append(Own(ip_address("10.1.1.1"), "eth0"))
        assert not names.owns("10.1.1.1")
        clock.now += 0.125
        assert names.owns("10.1.1.1")
        assert asked == [100.0, 100.125]
        for _ in range(100):
            assert not names.owns("10.9.9.9")
            assert not names.owns("evil.com")
        assert len(asked) == 2

    def test_a_removed_address_is_dropped_after_two_seconds(self) -> None:
        clock, here = Clock(), [HERE[3]]
        names = OwnNames("", clock, lambda: list(here))
        assert names.owns("192.168.1.5")
        here.clear()
        clock.now += 1.9
        assert names.owns("192.168.1.5")
        clock.now += 0.1
        assert not names.owns("192.168.1.5")

    def test_loopback_does_not_list_the_interfaces(self) -> None:
        def never() -> list[Own]:
            raise AssertionError

        assert OwnNames(addresses=never).owns("127.0.0.1:5000")


def test_all_that_is_reachable_is_owned() -> None:
    names = OwnNames()
    for url in reachable(5000):
        assert names.owns(url.removeprefix("http://"))
        assert "127." not in url


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.1.2.3", "::1", "192.168.1.5", "::ffff:192.168.1.5"]
)
def test_connections_from_this_computer(names: OwnNames, address: str) -> None:
    assert names.bears(address)


@pytest.mark.parametrize("address", ["192.168.1.6", "10.0.0.9", "0.0.0.0", "attic", ""])
def test_connections_from_elsewhere(names: OwnNames, address: str) -> None:
    assert not names.bears(address)


def test_whether_there_is_ipv6(names: OwnNames) -> None:
    assert names.has_ipv6()
    assert not OwnNames(addresses=lambda: [HERE[0]]).has_ipv6()


@pytest.mark.parametrize("unspecified", ["0.0.0.0", "::"])
def test_an_interface_without_address_makes_nothing_the_hubs_own(unspecified: str) -> None:
    """Windows lists one that is not connected as 0.0.0.0, which browsers take for this computer."""
    names = OwnNames(addresses=lambda: [Own(ip_address(unspecified), "eth0")])
    assert not names.owns(f"[{unspecified}]" if ":" in unspecified else unspecified)
    assert not names.bears(unspecified)


def test_a_name_that_the_hub_claims_on_the_network(names: OwnNames) -> None:
    assert not names.owns("kitchen.local:5000")
    names.claim("kitchen.local")
    names.claim("kitchen.local")
    assert names.owns("Kitchen.local.:5000")
    assert names.has_now("kitchen.local.")
    names.claim("hall.local")
    assert names.owns("hall.local")
    assert names.owns("kitchen.local"), "pages that came from there go on"
    assert not names.has_now("kitchen.local")
    assert not names.owns("cellar.local")
    assert names.owns("attic.local")
    names.claim("kitchen.local")
    assert names.has_now("kitchen.local")


def test_nothing_is_claimed_at_first(names: OwnNames) -> None:
    assert not names.has_now("")
    assert not names.has_now(".")


def test_a_link_local_address_is_ours_on_its_own_cable_alone() -> None:
    """Interfaces have numbers in the list, and names where somebody comes from on Linux."""
    name, number = socket.if_nameindex()[0][::-1]
    ours = [Own(ip_address(f"fe80::5%{number}"), name)]
    names = OwnNames(addresses=lambda: ours)
    assert names.bears(f"fe80::5%{name}")
    assert names.bears(f"fe80::5%{number}")
    assert not names.bears(f"fe80::5%{number + 1000}")
    assert not names.bears("fe80::5")
    assert names.owns("[fe80::5]:5000"), "no browser says the cable"
