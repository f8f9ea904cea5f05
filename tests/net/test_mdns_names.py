from __future__ import annotations

import socket

import pytest

from hub.net.mdns_names import TRIES, service_name, wanted_host_names


@pytest.fixture(autouse=True)
def _computer_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Attic.example")


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("Kitchen hub", "Kitchen hub"),
        ("", "Hearth on Attic"),
        ("Dr. Who", "Dr Who"),
        (".local.", "local"),
        ("...", "Hearth on Attic"),
        ("Cafe\u0301", "Café"),
        ("Кухня", "Кухня"),
        ("a" * 59, "a" * 59),
        ("é" * 40, "é" * 29),
        ("厨" * 40, "厨" * 19),
        ("😀" * 40, "😀" * 14),
        ("a" * 58 + " b", "a" * 58),
    ],
)
def test_a_service_has_a_name_of_one_label(name: str, service: str) -> None:
    assert service_name(name) == service
    assert len(f"{service}-999".encode()) <= 63


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("Kitchen", "kitchen.local"),
        ("Kitchen hub", "kitchen-hub.local"),
        ("  Mum's -- house! ", "mums-house.local"),
        ("Küche", "kuche.local"),
        ("Ⓗub №5", "hub-no5.local"),
        ("Hub Кухня", "hub.local"),
        ("Кухня", "hearth-attic.local"),
        ("厨房 2", "hearth-attic.local"),
        ("42", "hearth-attic.local"),
        ("😀", "hearth-attic.local"),
        ("", "hearth-attic.local"),
        ("Attic", "hearth-attic.local"),
        ("evil.example/", "evil-example.local"),
        ("a" * 59 + "b", "a" * 59 + ".local"),
        ("a" * 58 + " b", "a" * 58 + ".local"),
    ],
)
def test_a_host_name_is_made_of_the_hubs(name: str, host: str) -> None:
    assert next(wanted_host_names(name))[0] == host


def test_numbers_follow_and_the_hubs_own_comes_last() -> None:
    hosts = list(wanted_host_names("Kitchen"))
    assert hosts[:2] == [("kitchen.local", False), ("kitchen-2.local", False)]
    assert hosts[-2:] == [(f"kitchen-{TRIES}.local", False), ("hearth-attic.local", True)]
    assert all(len(host.partition(".")[0]) <= 63 for host, _ in wanted_host_names("a" * 60))
