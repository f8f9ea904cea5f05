from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from hub.errors import CannotStart
from hub.net import addresses
from hub.net.addresses import (
    Own,
    OwnNames,
    Reach,
    handed_over,
    host_names,
    host_of,
    lan,
    own,
    peers,
    reachable,
    same_origin,
)

HERE = [
    Own(ip_address("127.0.0.1"), "lo"),
    Own(ip_address("::1"), "lo"),
    Own(ip_address("172.17.0.1"), "docker0"),
    Own(ip_address("192.168.1.5"), "wlan0"),
    Own(ip_address("fd00::2"), "wlan0"),
    Own(ip_address("fe80::1%3"), "wlan0"),
]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _a_computer_called_attic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Attic.example")


@pytest.fixture
def names() -> OwnNames:
    return OwnNames("hub.example, 10.0.0.9, 2001:db8::9, Büro.example.", addresses=lambda: HERE)


OURS = [
    "localhost",
    "LocalHost",
    "localhost.",
    "localhost:5000",
    "localhost.:5000",
    "localhost:80",
    "localhost:1",
    "localhost:65535",
    "127.0.0.1",
    "127.0.0.1:5000",
    "127.1.2.3:5000",
    "127.255.255.254",
    "[::1]",
    "[::1]:5000",
    "[0:0:0:0:0:0:0:1]:5000",
    "[::ffff:127.0.0.1]:5000",
    "[::FFFF:7F00:1]:5000",
    "192.168.1.5",
    "192.168.1.5:5000",
    "[::ffff:192.168.1.5]:5000",
    "172.17.0.1:5000",
    "[fd00::2]:5000",
    "[FD00:0::2]:5000",
    "[fe80::1]:5000",
    "[fe80::1%3]:5000",
    "[fe80::1%253]",
    "[fe80::1%25]",
    "[FE80::1%25Wlan0]:5000",
    "[fe80::1%en0.1_x~y-z]:5000",
    "attic",
    "ATTIC:5000",
    "attic.local:5000",
    "attic.local.:5000",
    "attic.example:5000",
    "hearth-attic.local:5000",
    "hub.example:443",
    "10.0.0.9:5000",
    "[2001:db8::9]:5000",
    "xn--bro-hoa.example:5000",
]
FOREIGN = [
    "",
    " ",
    ".",
    ":",
    ":5000",
    "evil.com",
    "evil.com:5000",
    "localhost.evil.com",
    "localhost.evil.com:5000",
    "127.0.0.1.evil.com",
    "127.0.0.1.evil.com:5000",
    "evil.localhost",
    "attic.evil.com",
    "notlocalhost",
    "localhost-",
    "-localhost",
    "hearth.local",
    "other.local",
    "0.0.0.0",
    "0.0.0.0:5000",
    "[::]",
    "[::]:5000",
    "[::ffff:0.0.0.0]:5000",
    "2130706433",
    "2130706433:5000",
    "017700000001",
    "0177.0.0.1",
    "0x7f000001",
    "0x7f.0.0.1",
    "0X7F.1",
    "127.1",
    "127.0.1",
    "127.0.0.01",
    "127.0.0.1.",
    "127.0.0.1.:5000",
    "127.0.0.256",
    "127.0.0.1.1",
    "127..0.1",
    "192.168.1.6",
    "192.168.1.6:5000",
    "8.8.8.8",
    "::1",
    "::1:5000",
    "[::1",
    "::1]",
    "[::1]5000",
    "[::1]:",
    "[[::1]]",
    "[]",
    "[127.0.0.1]",
    "[localhost]",
    "[::2]:5000",
    "[::127.0.0.1]",
    "[::ffff:8.8.8.8]",
    "[fe80::2%3]:5000",
    "[fe80::2%25wlan0]:5000",
    "[::1%lo]",
    "[::1%25lo]:5000",
    "[fd00::2%3]:5000",
    "[::ffff:192.168.1.5%3]",
    "[::ffff:169.254.1.1%3]",
    "[fe80::1%]:5000",
    "[fe80::1%253%4]:5000",
    "[fe80::1%3/x]:5000",
    "[fe80::1%3;x]:5000",
    "[fe80::1%3 ]:5000",
    "[fe80::1%3\u00e9]:5000",
    "[fe80::1%" + "x" * 33 + "]:5000",
    "[%3]:5000",
    "fe80::1%3",
    "localhost%3:5000",
    "127.0.0.1%3:5000",
    "[2001:db8::8]",
    "localhost:",
    "localhost:0",
    "localhost:05000",
    "localhost:65536",
    "localhost:99999",
    "localhost:123456",
    "localhost:-1",
    "localhost:+80",
    "localhost:80:80",
    "localhost:5000:evil.com",
    "localhost:http",
    "localhost:٥",
    "localhost: 80",
    "localhost:80 ",
    " localhost",
    "localhost ",
    "local host",
    "localhost\t",
    "localhost\n",
    "localhost\r\nX: y",
    "localhost\0",
    "localhost\x7f",
    "localhost..",
    ".localhost",
    "localhost/",
    "localhost/x",
    "localhost?",
    "localhost#",
    "localhost\\",
    "localhost,evil.com",
    "localhost;",
    "localhost%00",
    "%6cocalhost",
    "user@localhost",
    "user:pass@localhost:5000",
    "localhost@evil.com",
    "evil.com#@localhost",
    "http://localhost",
    "//localhost",
    "*",
    "ｌocalhost",
    "localhoſt",
    "loca\u200blhost",
    "①27.0.0.1",
    "127。0。0。1",
    "büro.example",
    "null",
    "a" * 64 + ".local",
]


@pytest.mark.parametrize("host", OURS)
def test_these_are_the_hub(names: OwnNames, host: str) -> None:
    assert names.owns(host)


@pytest.mark.parametrize("host", FOREIGN)
def test_these_are_not(names: OwnNames, host: str) -> None:
    assert not names.owns(host)


def test_an_endless_one_is_not(names: OwnNames) -> None:
    assert not names.owns("a" * 100_000)
    assert not names.owns("localhost:" + "1" * 100_000)


ORIGINS = [
    "https://{}",
    "ws://{}",
    "//{}",
    "{}",
    "http:{}",
    "http:/{}",
    "http:///{}",
    "http://{}/",
    "http://{}?",
    "http://{}#",
    "http://user@{}",
    "http://{} http://evil.com",
    " http://{}",
    "http://{}\n",
    "http://{}.evil.com",
    "http://evil.com.{}",
    "http\u202e://{}",
    "blob:http://{}",
    "http://evil.com",
    "http://",
    "null",
    "",
]


@pytest.mark.parametrize("host", OURS)
def test_the_origin_of_our_own_page(host: str) -> None:
    assert same_origin(f"http://{host}", host)
    assert same_origin(f"HTTP://{host.upper()}", host)


@pytest.mark.parametrize("host", OURS)
@pytest.mark.parametrize("origin", ORIGINS)
def test_not_the_origin_of_our_own_page(host: str, origin: str) -> None:
    assert not same_origin(origin.format(host), host)


@pytest.mark.parametrize("of", OURS)
def test_no_foreign_page_is_of_the_hub(of: str) -> None:
    for host in FOREIGN:
        assert not same_origin(f"http://{host}", of), host


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://localhost", "localhost:80", True),
        ("http://localhost:80", "localhost", True),
        ("http://localhost", "localhost:5000", False),
        ("http://localhost:5000", "localhost", False),
        ("http://localhost:5001", "localhost:5000", False),
        ("http://127.0.0.1:5000", "localhost:5000", False),
        ("http://[::1]:5000", "127.0.0.1:5000", False),
        ("http://localhost.:5000", "localhost:5000", False),
        ("http://[FD00::2]:5000", "[fd00:0::2]:5000", True),
        ("http://[fe80::1%25eth0]:5000", "[fe80::1%eth0]:5000", True),
        ("http://[fe80::1%25eth0]:5000", "[fe80::1%25wlan0]:5000", False),
        ("http://[fe80::1]:5000", "[fe80::1%eth0]:5000", False),
        ("http://[fe80::1%25eth0]:5000", "[fe80::1]:5000", False),
        ("http://\u212aitchen:5000", "kitchen:5000", False),
        ("http://", "", False),
        ("http:// ", " ", False),
    ],
)
def test_same_origin(origin: str, host: str, same: bool) -> None:
    assert same_origin(origin, host) == same


def test_a_computer_whose_name_is_a_number_is_not_an_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "2130706433")
    names = OwnNames(addresses=list)
    assert not names.owns("2130706433")
    assert names.owns("2130706433.local")


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


@pytest.mark.parametrize("name", ["evil.com/", "a b", "127.1", "0x7f.1", "a:80", "a" * 300, "..a"])
def test_a_setting_that_is_no_name(name: str) -> None:
    with pytest.raises(CannotStart, match="'names' holds"):
        OwnNames(f"hub.example,{name}")


def test_no_further_names() -> None:
    assert OwnNames(" , ", addresses=list).owns("localhost")


class TestAddressesThatChange:
    def test_a_new_one_is_found_at_once_and_at_most_ten_times_a_second(self) -> None:
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

    def test_an_old_one_is_forgotten_after_two_seconds(self) -> None:
        clock, here = Clock(), [HERE[3]]
        names = OwnNames("", clock, lambda: list(here))
        assert names.owns("192.168.1.5")
        here.clear()
        clock.now += 1.9
        assert names.owns("192.168.1.5")
        clock.now += 0.1
        assert not names.owns("192.168.1.5")

    def test_loopback_never_asks(self) -> None:
        def never() -> list[Own]:
            raise AssertionError

        assert OwnNames(addresses=never).owns("127.0.0.1:5000")


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
        monkeypatch.setattr(addresses, "_way_out", lambda: "192.168.1.5")

    def test_best_first(self) -> None:
        assert lan() == [
            "192.168.1.5",
            "192.168.1.4",
            "192.168.1.6",
            "9.9.9.9",
            "fd00::2",
            "169.254.7.7",
            "172.17.0.1",
            "10.8.0.2",
            "172.28.0.1",
            "172.29.0.1",
        ]

    def test_as_peers_type_them(self) -> None:
        assert reachable(5000)[0] == "http://192.168.1.5:5000"
        assert "http://[fd00::2]:5000" in reachable(5000)
        assert not [url for url in reachable(5000) if "127." in url or "fe80" in url]


class TestThisComputer:
    def test_loopback_is_among_its_addresses(self) -> None:
        assert "127.0.0.1" in {str(entry.address) for entry in own()}

    @pytest.mark.parametrize("host", [None, "", "::"])
    def test_a_hub_on_all_interfaces_is_reached_at_all(self, host: str | None) -> None:
        assert peers(host) == lan()

    def test_a_hub_on_ipv4_alone_is_reached_there_alone(self) -> None:
        assert peers("0.0.0.0") == [x for x in lan() if ":" not in x]

    def test_a_hub_on_one_address_is_reached_at_that(self) -> None:
        assert reachable(5000, "192.168.1.5") == ["http://192.168.1.5:5000"]
        assert reachable(5000, "fd00::2") == ["http://[fd00::2]:5000"]

    @pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
    def test_a_hub_on_loopback_is_reached_by_nobody(self, host: str) -> None:
        assert peers(host) == []

    def test_what_is_reachable_is_owned(self) -> None:
        names = OwnNames()
        for url in reachable(5000):
            assert names.owns(url.removeprefix("http://"))
            assert "127." not in url

    def test_no_way_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def unreachable(*_: object) -> None:
            raise OSError(101, "Network is unreachable")

        monkeypatch.setattr(socket.socket, "connect", unreachable)
        assert addresses._way_out() == ""
        assert isinstance(lan(), list)


class TestReach:
    """Where somebody is sent with what lets them in: the hub itself answers there, or nobody."""

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
    def test_its_own_addresses(self, host: str) -> None:
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
    def test_no_other(self, host: str) -> None:
        for comes_from in (self.PEER, "127.0.0.1", "192.168.1.5"):
            assert not self.reach().leads_here(host, comes_from)

    @pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "[::1]"])
    def test_loopback_is_the_hubs_only_on_its_own_computer(self, host: str) -> None:
        for comes_from, near in [
            ("127.0.0.1", True),
            ("::1", True),
            ("192.168.1.5", True),
            ("::ffff:192.168.1.5", True),
            ("fe80::1%wlan0", True),
            (self.PEER, False),
            ("fe80::2%wlan0", False),
            ("10.0.0.9", False),
            ("hub.example", False),
            ("", False),
        ]:
            assert self.reach().leads_here(f"{host}:5000", comes_from) is near, comes_from

    def test_where_it_does_not_listen_another_program_may(self) -> None:
        one = self.reach("192.168.1.5")
        assert one.leads_here("192.168.1.5:5000", self.PEER)
        for host in ("127.0.0.1", "localhost", "attic", "[fd00::2]", "10.0.0.9", "hub.example"):
            assert not one.leads_here(f"{host}:5000", "192.168.1.5"), host
        loopback = self.reach("127.0.0.1")
        assert loopback.leads_here("127.0.0.1:5000", "127.0.0.1")
        for host in ("127.0.0.2", "localhost", "[::1]", "192.168.1.5"):
            assert not loopback.leads_here(f"{host}:5000", "127.0.0.1"), host

    def test_ipv4_alone(self) -> None:
        both = self.reach("0.0.0.0")
        assert both.leads_here("192.168.1.5:5000", self.PEER)
        assert both.leads_here("127.0.0.1:5000", "127.0.0.1")
        for host in ("[::1]", "[fd00::2]", "localhost", "attic"):
            assert not both.leads_here(f"{host}:5000", "127.0.0.1"), "another may hold ::1"
        alone = self.reach("0.0.0.0", HERE[0], HERE[3])
        assert alone.leads_here("localhost:5000", "127.0.0.1")
        assert alone.leads_here("attic:5000", self.PEER)
        assert not alone.leads_here("[::1]:5000", "127.0.0.1")

    def test_an_address_that_is_gone(self) -> None:
        assert not self.reach("::", HERE[0]).leads_here("192.168.1.5:5000", self.PEER)

    def test_as_it_is_typed(self) -> None:
        for header, via in [
            ("192.168.1.5:5000", "192.168.1.5"),
            ("LocalHost", "localhost"),
            ("[FD00:0::2]", "[fd00::2]"),
            ("[::ffff:10.0.0.9]:5000", "10.0.0.9"),
            ("", ""),
            ("a b", ""),
        ]:
            assert host_of(header) == via
        assert self.reach().base("[fd00::2]") == "http://[fd00::2]:5000/"
        assert Reach(OwnNames(), 80, "::").base("attic") == "http://attic/"

    def test_a_link_is_bound_to_an_address_however_it_is_spelt(self) -> None:
        assert handed_over("Attic:5000", "s") == handed_over("attic:5000", "s")
        assert handed_over("attic", "s") == handed_over("attic:80", "s")
        assert handed_over("[::ffff:10.0.0.9]:5000", "s") == handed_over("10.0.0.9:5000", "s")
        others = {
            handed_over(x, y) for x in ("attic:5000", "attic", "localhost:5000") for y in "st"
        }
        assert len(others) == 6
        assert handed_over("a b", "s") == ""


def test_a_long_host_is_not_remembered(names: OwnNames) -> None:
    before = addresses._parsed.cache_info().currsize
    assert not names.owns("a" * 10_000)
    assert not same_origin("http://" + "a" * 10_000, "localhost")
    assert addresses._parsed.cache_info().currsize <= before + 1
