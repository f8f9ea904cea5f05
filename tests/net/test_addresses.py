from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from hub.net import addresses
from hub.net.addresses import Own, host_names, lan, own, own_base, peers, reachable
from tests.net.hosts import HERE


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("attic", ["attic", "attic.local", "hearth-attic.local"]),
        ("Naors MacBook", ["naors macbook", "naors-macbook", "naors-macbook.local"]),
        ("attic.local", ["attic.local", "attic", "hearth-attic.local"]),
        ("дом", ["дом", "computer", "computer.local", "hearth-computer.local"]),
    ],
)
def test_host_names(monkeypatch: pytest.MonkeyPatch, called: str, expected: list[str]) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: called)
    found = host_names()
    assert [name for name in found if name in expected] == expected
    assert found[-1].startswith("hearth-")


class TestReachable:
    @pytest.fixture(autouse=True)
    def _interfaces(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = [
            *HERE,
            Own(ip_address("169.254.7.7"), "eth1"),
            Own(ip_address("10.8.0.2"), "tun0"),
            Own(ip_address("9.9.9.9"), "eth2"),
            Own(ip_address("192.168.1.4"), "eth0"),
            Own(ip_address("172.28.0.1"), "{A-UUID} Hyper-V Virtual Ethernet Adapter"),
            Own(ip_address("172.29.0.1"), "{A-UUID} vEthernet (WSL)"),
            Own(ip_address("192.168.1.6"), "Fortune Ethernet"),
        ]
        monkeypatch.setattr(addresses, "own", lambda: found)
        monkeypatch.setattr(addresses, "_default_route_address", lambda: "192.168.1.6")

    def test_best_first(self) -> None:
        assert lan() == [
            "192.168.1.6",
            "192.168.1.5",
            "192.168.1.4",
            "9.9.9.9",
            "fd00::2",
            "169.254.7.7",
            "172.17.0.1",
            "10.8.0.2",
            "172.28.0.1",
            "172.29.0.1",
        ]

    def test_as_urls(self) -> None:
        assert reachable(5000)[0] == "http://192.168.1.6:5000"
        assert "http://[fd00::2]:5000" in reachable(5000)
        assert not [url for url in reachable(5000) if "127." in url or "fe80" in url]


class TestThisComputer:
    def test_loopback_is_among_its_addresses(self) -> None:
        assert "127.0.0.1" in {str(entry.address) for entry in own()}

    @pytest.mark.parametrize("host", [None, "", "::"])
    def test_a_hub_on_all_interfaces_is_reached_at_all_addresses(self, host: str | None) -> None:
        assert peers(host) == lan()

    def test_a_hub_on_ipv4_only_is_reached_by_ipv4_only(self) -> None:
        assert peers("0.0.0.0") == [x for x in lan() if ":" not in x]

    def test_a_hub_on_one_address_is_reached_at_that_one(self) -> None:
        assert reachable(5000, "192.168.1.5") == ["http://192.168.1.5:5000"]
        assert reachable(5000, "fd00::2") == ["http://[fd00::2]:5000"]

    @pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
    def test_a_hub_on_loopback_is_reached_by_nobody(self, host: str) -> None:
        assert peers(host) == []

    def test_without_a_default_route(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def unreachable(*_: object) -> None:
            raise OSError(101, "Network is unreachable")

        monkeypatch.setattr(socket.socket, "connect", unreachable)
        assert addresses._default_route_address() == ""
        assert isinstance(lan(), list)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (None, "http://127.0.0.1:5000"),
        ("", "http://127.0.0.1:5000"),
        ("::", "http://127.0.0.1:5000"),
        ("0.0.0.0", "http://127.0.0.1:5000"),
        ("localhost", "http://127.0.0.1:5000"),
        ("::1", "http://[::1]:5000"),
        ("192.168.1.5", "http://192.168.1.5:5000"),
    ],
)
def test_where_the_computer_itself_reaches_the_hub(host: str | None, expected: str) -> None:
    assert own_base(host, 5000) == expected
