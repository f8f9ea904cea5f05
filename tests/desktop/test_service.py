"""The hub as the program runs it on a folder."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub import server
from hub.desktop import options
from hub.desktop.local_client import answers, ask
from hub.desktop.service import PAUSED, Service
from hub.errors import CannotStart
from hub.folder import Folder


class Shutdown:
    def __init__(self) -> None:
        self.waits: list[Any] = []

    def is_set(self) -> bool:
        return False

    def set_after(self, wait: Any) -> None:
        self.waits.append(wait)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    folder = Folder.open(tmp_path / "rooms")
    assert folder.lock()
    yield folder
    folder.close()


def service_on(folder: Folder, *arguments: str) -> Service:
    given = options.parse(["--host=127.0.0.1", "--set=announce=false", *arguments])
    shutdown: Any = Shutdown()
    return Service(folder, given, shutdown, lambda room, activation: False)


def test_it_has_its_port_at_once_and_serves_after_the_start(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    service = service_on(folder, "--port=0", "café")
    try:
        assert service.base == f"http://127.0.0.1:{service.port}"
        assert service.page == f"{service.base}/caf%C3%A9"
        assert not service.is_started
        assert capsys.readouterr().out == ""
        service.start()
        assert service.is_started
        assert f"is at {service.page}\n" in capsys.readouterr().out
        running = folder.read_running()
        assert running is not None
        assert answers(service.base, running["instance"])
        for way in ("window", "browser"):
            page, _, ticket = service.page_for(way).partition("#ticket=")  # type: ignore[arg-type]
            assert page == service.page
            me = ask(service.base, "POST", "/api/ticket", {"ticket": ticket})
            assert me["host"]
        assert len(service._shutdown.waits) == 1  # type: ignore[attr-defined]
    finally:
        service.stop()
    assert service.failed is None
    assert_free(service.port)


def test_it_keeps_others_out_and_lets_them_in_again(folder: Folder) -> None:
    service = service_on(folder, "--port=0")
    before = list(service.notices)
    assert service.peers() == 0
    service.switch_pause()
    assert not service.is_paused, "it does not serve yet"
    try:
        service.start()
        hub = service._server._hub  # type: ignore[union-attr]
        assert hub is not None
        service.switch_pause()
        assert service.peers() == 0, "asked after it"
        assert hub.pause.is_on
        assert service.notices == [*before, PAUSED]
        service.switch_pause()
        assert service.peers() == 0
        assert not hub.pause.is_on
        assert service.notices == before
    finally:
        service.stop()


def test_one_that_was_never_started_gives_its_port_back(folder: Folder) -> None:
    service = service_on(folder, "--port=0")
    service.stop()
    assert service.failed is None
    assert_free(service.port)


def test_a_port_that_is_taken_is_told_before_anything_is_read(folder: Folder) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CannotStart, match="is taken by another program"):
            service_on(folder, f"--port={other.getsockname()[1]}")
    assert not folder.ledger_file.exists()


def test_a_start_that_fails_gives_the_port_back(folder: Folder) -> None:
    folder.ledger_file.mkdir()
    service = service_on(folder, "--port=0")
    with pytest.raises(CannotStart, match="it is not a file but a folder"):
        service.start()
    assert not service.is_started
    service.stop()
    assert_free(service.port)


def test_a_server_that_is_slow_to_start_does_not_serve_later(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "START_SECONDS", 0.0)
    service = service_on(folder, "--port=0")
    with pytest.raises(CannotStart, match="did not start in time"):
        service.start()
    assert not [x for x in threading.enumerate() if x.name == "server"]
    service.stop()
    assert_free(service.port)


def assert_free(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        pass
