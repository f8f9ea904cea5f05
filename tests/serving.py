"""A real hub in this process, on a port of its own, and how tests ask it over HTTP."""

from __future__ import annotations

import functools
import http.client
import json
import random
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

from werkzeug.routing.rules import Rule

from hub.config import Settings
from hub.folder import Folder
from hub.server import Server, listen
from hub.web import pages
from hub.web.built_page import BuiltPage, built
from tests.patience import PATIENCE
from tests.talk import Talk

ROOT = Path(__file__).parents[1]
FORM = "application/x-www-form-urlencoded"

PORTS = range(10_081, 32_768)
"""Those that no system gives to connections, so that a stopped hub finds its port free again.

Chromium refuses 10080 and some below it.
"""

T = TypeVar("T")


@functools.cache
def _page() -> BuiltPage:
    return built(ROOT / "ui")


pages.built = lambda ui: _page() if ui == ROOT / "ui" else built(ui)
"""Most tests start a hub, and 0.1 s of that would go into the page, which is always the same."""

_compiled = Rule._compile_builder
_builders: dict[tuple[str, str, bool], Any] = {}


def _builder(rule: Rule, append_unknown: bool = True) -> Any:
    told = (rule.rule, str(rule.defaults), append_unknown)
    if told not in _builders:
        _builders[told] = _compiled(rule, append_unknown)
    return _builders[told]


Rule._compile_builder = _builder
"""Half of the rest would go into the code that makes an address of each route, always the same.

So a hub takes 0.025 s of processor time to start and to stop, in place of 0.040 s.
"""


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> tuple[int, str]:
        """The status and the code of a refusal, whose form must be the contract's."""
        assert self.headers["Content-Type"] == "application/json", (self.status, self.body[:200])
        assert list(self.json) == ["error"]
        told = self.json["error"]
        assert isinstance(told["message"], str)
        assert told["message"].endswith((".", "?")), "a refusal is a sentence"
        return self.status, told["code"]


class Serving:
    """A hub on a folder of its own, with `settings` of hub.config; by default no rate limits."""

    def __init__(
        self, path: Path, *, host: str | None = "127.0.0.1", port: int = 0, **settings: Any
    ) -> None:
        unlimited = {"message_rate": 0.0, "connections_per_address": 0, "announce": False}
        self.path = path
        self.host = host
        self.settings = Settings(**{**unlimited, **settings})
        self.port = port
        self.start()

    def start(self) -> None:
        """Serve; after `stop` once more, on the same folder and port."""
        self.folder = Folder.open(self.path, parents=True)
        assert self.folder.lock()
        self.server = Server(
            self.folder,
            self.settings,
            ROOT / "ui",
            self._listen(),
            lambda: [f"http://192.168.1.5:{self.port}/"],
        )
        self.server.start()
        self.port = self.server.port

    def _listen(self) -> list[socket.socket]:
        if self.port:
            return listen(self.host, self.port)
        for _ in range(100):
            with suppress(OSError):  # it is taken
                return listen(self.host, random.choice(PORTS))
        raise OSError("no port is free")

    def stop(self) -> None:
        self.server.stop()
        assert self.server.wait(PATIENCE), "the server did not stop"
        self.folder.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    @property
    def name(self) -> str:
        """The Host header of a browser on this machine."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.name}"

    @property
    def cookie(self) -> str:
        """The name of the session cookie."""
        own = self.server._hub
        assert own is not None
        return f"hearth_{own.people.id}"

    # -- over HTTP -------------------------------------------------------------------------

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        source: str = "",
        **more: str,
    ) -> Answer:
        """Send one request on a new connection, from the address `source`.

        `more` are headers with '_' for '-'; a dict as body is sent as JSON.
        """
        told = dict(headers or {}) | {x.replace("_", "-"): value for x, value in more.items()}
        if isinstance(body, dict | list):
            body = json.dumps(body).encode()
            told.setdefault("Content-Type", "application/json")
        elif isinstance(body, str):
            body = body.encode()
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(source, 0) if source else None
        )
        try:
            connection.request(method, path, body, told)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, None, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self.ask("POST", path, body, None, **headers)

    def say(self, msg: str, room: str = "general", username: str = "guest", **more: Any) -> Any:
        """Post a message and return its event."""
        answer = self.post(f"/api/chat/{quote(room)}", {"username": username, "msg": msg, **more})
        assert answer.status == 201, answer.text
        return answer.json

    def events(self, room: str = "general", query: str = "") -> list[dict[str, Any]]:
        answer = self.get(f"/api/chat/{room}{query}", Accept="application/json")
        assert answer.status == 200, answer.text
        events: list[dict[str, Any]] = answer.json["events"]
        return events

    def session(self, name: str) -> dict[str, str]:
        """Join as a browser does; returns the headers of its later requests."""
        answer = self.post("/api/session", {"name": name}, Origin=self.url)
        assert answer.status == 201, answer.text
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        return {"Cookie": cookie, "Origin": self.url}

    def as_host(self, name: str) -> dict[str, str]:
        """Join as the hub's own window does, with a ticket, which makes the person a host."""
        answer = self.post("/api/ticket", {"ticket": self.server.ticket()}, Origin=self.url)
        assert answer.status == 200, answer.text
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        headers = {"Cookie": cookie, "Origin": self.url}
        answer = self.ask("POST", "/api/session", {"name": name}, headers)
        assert answer.status == 201, answer.text
        return headers

    def raw(self, *parts: bytes, seconds: float = 20.0, end: bool = False) -> bytes:
        """Send raw bytes; returns what came until the hub closed the connection.

        With `end`, closes the sending side first. Raises TimeoutError after `seconds`.
        """
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            for part in parts:
                connection.sendall(part)
            if end:
                connection.shutdown(socket.SHUT_WR)
            taken = b""
            while more := _more(connection):
                taken += more
            return taken

    # -- live, and behind the scenes -------------------------------------------------------

    def talk(self, headers: Mapping[str, str] | None = None, **options: Any) -> Talk:
        """A WebSocket connection that has not said hello yet."""
        return Talk(f"ws://{self.name}/api/live", headers, **options)

    def lines(self, room: str = "general") -> list[bytes]:
        """The lines of a room's file after its header, each with its newline."""
        file = self.folder.room_file(room)
        return file.read_bytes().splitlines(keepends=True)[1:] if file.exists() else []

    def histories(self) -> dict[str, bytes]:
        """The room files by name: what a refusal must leave unchanged."""
        return {x.name: x.read_bytes() for x in self.path.glob("*.jsonl")}

    def stop_rate_limit_clocks(self) -> None:
        """Keep rate limits from recovering, which they would during a test on a slow machine."""
        own, now = self.server._hub, time.monotonic()
        assert own is not None
        for limit in (*vars(own.limits).values(), own.admission.tries._wrong):
            limit._clock = lambda: now

    def on_loop(self, work: Callable[[], T]) -> T:
        """Run `work` on the event loop's thread and return its result."""
        done = threading.Event()
        outcome: list[T] = []

        def do() -> None:
            outcome.append(work())
            done.set()

        assert self.server._loop is not None
        self.server._loop.call_soon_threadsafe(do)
        assert done.wait(PATIENCE)
        return outcome[0]


def _more(connection: socket.socket) -> bytes:
    try:
        return connection.recv(1 << 16)
    except ConnectionResetError:
        return b""
