"""A notice that there is a newer Hearth: only where it is asked for, and silent in any trouble."""

from __future__ import annotations

import json
import queue
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from hub import __version__
from hub.desktop import update_notice
from hub.desktop.update_notice import Release, latest, newer
from hub.errors import CannotStart
from hub.folder import Folder
from tests.conftest import Launch
from tests.patience import PATIENCE, until

AUTHORITIES = update_notice.AUTHORITIES
PAGE = "https://example.org/releases/v999.0.0"


class Releases(HTTPServer):
    """Answers any request with `answer`; `asked` counts them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.status, self.answer, self.asked = 200, b"", 0
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/latest"

    def say(self, **release: Any) -> None:
        self.answer = json.dumps(release).encode()


class _Answer(BaseHTTPRequestHandler):
    server: Releases

    def do_GET(self) -> None:
        self.server.asked += 1
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def releases() -> Iterator[Releases]:
    server = Releases()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("tag", ["v999.0.0", "999", "999.0.0.1"])
def test_a_newer_one_is_told_with_its_page(releases: Releases, tag: str) -> None:
    releases.say(tag_name=tag, html_url=PAGE, body="Much is new.")
    release = latest(releases.url)
    assert release is not None
    version = tag.removeprefix("v")
    assert newer(release) == f"Hearth {version} is out. This is {__version__}. {PAGE}"


@pytest.mark.parametrize("page", ["http://example.org/x", "javascript:alert(1)", f"{PAGE} x", ""])
def test_only_a_page_by_https_is_named(page: str) -> None:
    told = newer(Release("v999.0.0", page))
    assert told == f"Hearth 999.0.0 is out. This is {__version__}."


@pytest.mark.parametrize(
    "tag", [__version__, f"v{__version__}", "v0.0.0", "0", "", "nightly", "v1x"]
)
def test_none_that_is_no_newer_version(tag: str) -> None:
    assert newer(Release(tag, PAGE)) is None


def test_numbers_are_compared_as_numbers() -> None:
    numbers = update_notice._numbers
    assert numbers("0.10") > numbers("0.9.9")
    assert numbers("1.2") == numbers("1.2.0.0")


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (404, b'{"message": "Not Found"}'),
        (200, b"<html>Log in to this network</html>"),
        (200, b'{"tag_name": 7}'),
        (200, b'{"tag_name": "v999.0.0"' + b" " * update_notice.ANSWER_BYTES + b"}"),
        (200, b"[]"),
        (200, b""),
    ],
)
def test_any_other_answer_is_none(releases: Releases, status: int, answer: bytes) -> None:
    releases.status, releases.answer = status, answer
    assert latest(releases.url) is None
    assert releases.asked == 1


def test_without_a_network_there_is_none(releases: Releases) -> None:
    releases.say(tag_name="v999.0.0")
    url = releases.url
    releases.shutdown()
    releases.server_close()
    assert latest(url) is None
    assert latest("http://no-such-host.invalid/latest") is None
    assert latest("http://[::1") is None


def test_each_version_is_told_once(releases: Releases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(update_notice, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(update_notice, "AGAIN_SECONDS", 0.01)
    told: queue.Queue[str] = queue.Queue()
    update_notice.watch(releases.url, told.put)
    while releases.asked < 3:
        pass  # nobody answers yet
    releases.say(tag_name="v999.0.0")
    assert "999.0.0" in told.get(timeout=PATIENCE)
    asked = releases.asked
    while releases.asked < asked + 3:
        pass
    releases.say(tag_name="v999.0.1")
    assert "999.0.1" in told.get(timeout=PATIENCE)
    monkeypatch.setattr(update_notice, "EVERY_SECONDS", 3600.0)


def test_a_frozen_python_finds_whom_to_trust(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        ssl, "create_default_context", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )
    monkeypatch.setattr(update_notice, "AUTHORITIES", (str(tmp_path / "none"),))
    assert update_notice._trust().cert_store_stats()["x509_ca"] == 0
    known = [x for x in AUTHORITIES if Path(x).exists()]
    if not known:
        pytest.skip("this system keeps its authorities elsewhere")
    monkeypatch.setattr(update_notice, "AUTHORITIES", (str(tmp_path / "none"), *known))
    assert update_notice._trust().cert_store_stats()["x509_ca"] > 10


@pytest.mark.parametrize(
    "url", ["example.org", "file:///etc/passwd", "ftp://example.org", "https://"]
)
def test_an_address_that_is_none_is_told_at_the_start(url: str) -> None:
    with pytest.raises(CannotStart, match="setting updates must begin with"):
        update_notice.check(url)
    update_notice.check("https://example.org/latest")


def test_a_hub_asks_only_where_the_setting_says_so(
    launch: Launch, releases: Releases, tmp_path: Path
) -> None:
    releases.say(tag_name="v999.0.0", html_url=PAGE)
    launch().ready()
    launch(f"--set=updates={releases.url}", rooms=tmp_path / "other").ready()
    until(lambda: "Hearth 999.0.0 is out." in log_of(tmp_path / "other"), "it was not told")
    assert "is out" not in log_of(tmp_path / "rooms")
    assert releases.asked == 1


def log_of(rooms: Path) -> str:
    file = Folder(rooms).log_file
    return file.read_text("utf-8") if file.exists() else ""
