from __future__ import annotations

import pytest

from hub.net import host_header
from hub.net.host_header import handed_over, host_of, same_origin
from tests.net.hosts import FOREIGN, OURS

ORIGINS = [
    "https://{}",
    "https:/{}",
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
def test_an_origin_of_the_hubs_own_page(host: str) -> None:
    assert same_origin(f"http://{host}", host)
    assert same_origin(f"HTTP://{host.upper()}", host)


@pytest.mark.parametrize("host", OURS)
@pytest.mark.parametrize("origin", ORIGINS)
def test_an_origin_that_is_not_the_hubs_own_page(host: str, origin: str) -> None:
    assert not same_origin(origin.format(host), host)


@pytest.mark.parametrize("of", OURS)
def test_a_foreign_page_is_not_of_the_hub(of: str) -> None:
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


def test_a_long_host_is_not_cached() -> None:
    host_header._parsed.cache_clear()
    assert host_of("a" * 10_000) == ""
    assert not same_origin("http://" + "a" * 10_000, "localhost")
    assert host_header._parsed.cache_info().currsize == 0


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("192.168.1.5:5000", "192.168.1.5"),
        ("LocalHost", "localhost"),
        ("[FD00:0::2]", "[fd00::2]"),
        ("[::ffff:10.0.0.9]:5000", "10.0.0.9"),
        ("", ""),
        ("a b", ""),
        ("a..b", ""),
        ("localhost..", ""),
        (".", ""),
    ],
)
def test_the_host_in_its_canonical_spelling(header: str, host: str) -> None:
    assert host_of(header) == host


def test_a_link_is_bound_to_host_and_port_in_any_spelling() -> None:
    assert handed_over("Attic:5000", "s") == handed_over("attic:5000", "s")
    assert handed_over("attic", "s") == handed_over("attic:80", "s")
    assert handed_over("[::ffff:10.0.0.9]:5000", "s") == handed_over("10.0.0.9:5000", "s")
    different = {handed_over(x, y) for x in ("attic:5000", "attic", "localhost:5000") for y in "st"}
    assert len(different) == 6
    assert handed_over("a b", "s") == ""
