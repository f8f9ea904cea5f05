from __future__ import annotations

import logging
import threading
import time

import pytest
import zeroconf

from hub.net import mdns
from hub.net.addresses import host_names
from tests.patience import PATIENCE


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "hub")


def found(name: str) -> zeroconf.ServiceInfo | None:
    network = zeroconf.Zeroconf(interfaces=["127.0.0.1"])
    try:
        return network.get_service_info(mdns.TYPE, f"{name}.{mdns.TYPE}", 3000)
    finally:
        network.close()


@pytest.mark.slow
def test_the_hub_is_found_until_it_is_closed(caplog: pytest.LogCaptureFixture) -> None:
    announcement = mdns.announce(54321, "0.1.0", ["127.0.0.1"], "tea")
    try:
        if not announcement.wait(PATIENCE):
            pytest.skip(f"no multicast on loopback here: {caplog.text}")
        name = announcement.name
        assert name.startswith("Hearth on ")
        info = found(name)
        if info is None:
            pytest.skip("multicast on loopback is not heard here")
        assert info.port == 54321
        assert info.parsed_addresses() == ["127.0.0.1"]
        assert info.server == f"{host_names()[-1]}."
        assert info.decoded_properties == {"path": "/tea", "app": "hearth", "version": "0.1.0"}
    finally:
        announcement.close()
    # On a busy machine the network is told a moment after close has come back.
    assert any(found(name) is None for _ in range(5))
    assert not [x for x in caplog.records if x.name == mdns.__name__]


def test_the_host_name_of_the_system_is_not_claimed() -> None:
    assert host_names()[-1].startswith("hearth-")


@pytest.mark.slow
def test_a_renamed_hub_is_announced_anew(caplog: pytest.LogCaptureFixture) -> None:
    claimed: list[str] = []
    announcement = mdns.announce(54322, "0.1.0", ["127.0.0.1"], "tea", claimed.append)
    try:
        if not announcement.wait(PATIENCE):
            pytest.skip(f"no multicast on loopback here: {caplog.text}")
        first = announcement.name
        announcement.rename("Kitchen. hub of tests")
        announcement.rename("Kitchen. hub of tests")
        assert announcement.wait(PATIENCE)
        assert announcement.name == "Kitchen hub of tests"
        assert claimed == [host_names()[-1], "kitchen-hub-of-tests.local"]
        info = found(announcement.name)
        if info is None:
            pytest.skip("multicast on loopback is not heard here")
        assert info.server == "kitchen-hub-of-tests.local."
        assert (info.port, info.parsed_addresses()) == (54322, ["127.0.0.1"])
        assert any(found(first) is None for _ in range(5))
        announcement.rename("")
        assert announcement.wait(PATIENCE)
        assert announcement.name.startswith("Hearth on ")
        assert claimed[-1] == host_names()[-1]
    finally:
        announcement.close()


def test_a_failure_of_the_network_is_only_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(zeroconf, "Zeroconf", refuse)
    announcement = mdns.announce(5000, "0.1.0", ["127.0.0.1"])
    announcement.rename("Kitchen")
    announcement.close()
    announcement.close()
    assert not announcement.wait(0)
    assert announcement.name == ""
    assert "The hub is not announced: PermissionError" in caplog.text


@pytest.mark.slow
def test_closing_does_not_wait_for_a_network_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    class Hangs:
        def __init__(self, **_: object) -> None:
            pass

        def register_service(self, *_: object, **__: object) -> None:
            go_on.wait(60)

        def close(self) -> None:
            pass

    monkeypatch.setattr(zeroconf, "Zeroconf", Hangs)
    started = time.monotonic()
    announcement = mdns.announce(5000, "0.1.0", [])
    announcement.close()
    assert time.monotonic() - started < 20
    go_on.set()


def test_a_thread_that_the_system_refuses_is_only_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as scarce:
        scarce.setattr(threading.Thread, "start", refuse)
        announcement = mdns.announce(5000, "0.1.0", ["127.0.0.1"])
    announcement.close()
    assert "not announced: The system gives Hearth too few threads" in caplog.text
