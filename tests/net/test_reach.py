from __future__ import annotations

import socket

import pytest

from hub.net.addresses import Own
from hub.net.own_names import OwnNames
from hub.net.reach import Reach
from tests.net.hosts import HERE


@pytest.fixture(autouse=True)
def _computer_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Attic.example")


class TestReach:
    """A credential is sent only where the hub itself answers, or nobody does."""

    PEER = "192.168.1.77"

    def reach(self, bound: str = "::", *here: Own) -> Reach:
        names = OwnNames("hub.example, 10.0.0.9", addresses=lambda: here or HERE)
        return Reach(names, 5000, bound)

    @pytest.mark.parametrize(
        "host",
        [
            "192.168.1.5:5000",
            "attic:5000",
            "attic.local:5000",
            "ATTIC.local.:5000",
            "[fd00::2]:5000",
            "hub.example:5000",
            "10.0.0.9:5000",
            "[::ffff:192.168.1.5]:5000",
        ],
    )
    def test_its_own_addresses_lead_to_the_hub(self, host: str) -> None:
        assert self.reach().leads_here(host, self.PEER)

    @pytest.mark.parametrize(
        "host",
        [
            "",
            "192.168.1.5",
            "192.168.1.5:5001",
            "192.168.1.5:80",
            "192.168.1.6:5000",
            "evil.example:5000",
            "evil.example",
            "attic.evil.example:5000",
            "0.0.0.0:5000",
            "[::]:5000",
            "x@192.168.1.5:5000",
            "192.168.1.5:5000/",
            "192.168.1.5:5000#",
            "192.168.1.5:5000@evil.com",
            "192.168.1.5:5000 ",
            "http://192.168.1.5:5000",
            "a" * 10_000,
            "3232235781:5000",
        ],
    )
    def test_other_hosts_do_not_lead_to_the_hub(self, host: str) -> None:
        for comes_from in (self.PEER, "127.0.0.1", "192.168.1.5"):
            assert not self.reach().leads_here(host, comes_from)

    @pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "[::1]"])
    def test_loopback_leads_to_the_hub_only_from_its_own_computer(self, host: str) -> None:
        for comes_from, near in [
            ("127.0.0.1", True),
            ("::1", True),
            ("192.168.1.5", True),
            ("::ffff:192.168.1.5", True),
            ("fe80::1%3", True),
            ("fe80::1%4", False),  # of another cable
            ("fe80::1%wlan-that-is-gone", False),
            ("fe80::1", False),
            (self.PEER, False),
            ("fe80::2%wlan0", False),
            ("10.0.0.9", False),
            ("hub.example", False),
            ("", False),
        ]:
            assert self.reach().leads_here(f"{host}:5000", comes_from) is near, comes_from

    def test_an_address_that_the_hub_does_not_listen_on(self) -> None:
        one = self.reach("192.168.1.5")
        assert one.leads_here("192.168.1.5:5000", self.PEER)
        for host in ("127.0.0.1", "localhost", "attic", "[fd00::2]", "10.0.0.9", "hub.example"):
            assert not one.leads_here(f"{host}:5000", "192.168.1.5"), host
        loopback = self.reach("127.0.0.1")
        assert loopback.leads_here("127.0.0.1:5000", "127.0.0.1")
        for host in ("127.0.0.2", "localhost", "[::1]", "192.168.1.5"):
            assert not loopback.leads_here(f"{host}:5000", "127.0.0.1"), host

    def test_a_hub_that_listens_on_ipv4_only(self) -> None:
        both = self.reach("0.0.0.0")
        assert both.leads_here("192.168.1.5:5000", self.PEER)
        assert both.leads_here("127.0.0.1:5000", "127.0.0.1")
        for host in ("[::1]", "[fd00::2]", "localhost", "attic"):
            assert not both.leads_here(f"{host}:5000", "127.0.0.1"), "another may hold ::1"
        alone = self.reach("0.0.0.0", HERE[0], HERE[3])
        assert alone.leads_here("localhost:5000", "127.0.0.1")
        assert alone.leads_here("attic:5000", self.PEER)
        assert not alone.leads_here("[::1]:5000", "127.0.0.1")

    def test_an_address_that_the_computer_no_longer_has(self) -> None:
        reach = self.reach("::", HERE[0])
        assert not reach.leads_here("192.168.1.5:5000", self.PEER)
        assert reach.is_gone("192.168.1.5")
        assert not reach.is_gone("127.0.0.1")
        assert not reach.is_gone("attic.local")
        assert not reach.is_gone(""), "it was never reached by a known name"

    def test_the_url_of_a_name(self) -> None:
        assert self.reach().base("[fd00::2]") == "http://[fd00::2]:5000/"
        assert Reach(OwnNames(), 80, "::").base("attic") == "http://attic/"

    def test_an_earlier_name_on_the_network_leads_elsewhere_by_now(self) -> None:
        names = OwnNames(addresses=lambda: HERE)
        reach = Reach(names, 5000, "0.0.0.0")
        names.claim("kitchen.local")
        names.claim("hall.local")
        assert not reach.leads_here("kitchen.local:5000", self.PEER)
        four = Reach(OwnNames(addresses=lambda: HERE[:1]), 5000, "0.0.0.0")
        assert four.leads_here("attic:5000", self.PEER)
