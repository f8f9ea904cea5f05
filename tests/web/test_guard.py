"""What stands before everything: Host, Origin, headers, and how large and slow a body may be."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from hub.net import addresses, own_names
from hub.web.app import application
from hub.web.guard import Guard, cookie_value, session_token
from hub.web.wire.asgi import Message, Receive, Scope, Send
from tests.conftest import Launch, Serve
from tests.growth import TIMES, growth
from tests.patience import PATIENCE
from tests.serving import FORM, ROOT, Serving

CHAT = "/api/chat/general"
HEALTH = "/api/health"


def request(target: str, *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/{version}", *headers, "", ""]).encode("latin-1")


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1])


# -- Host -------------------------------------------------------------------------------------


def own_hosts() -> list[str]:
    found = ["127.0.0.1", "127.0.0.2", "127.1.2.3", "localhost", "LOCALHOST", "localhost.", "[::1]"]
    found += [f"[{x}]" if ":" in x else x for x in addresses.lan()]
    return [*found, *addresses.host_names()]


@pytest.mark.parametrize("port", ["", ":5000", ":80", ":{port}"])
def test_own_hosts_are_answered(lasting: Serving, port: str) -> None:
    for host in own_hosts():
        answer = lasting.get(HEALTH, Host=host + port.format(port=lasting.port))
        assert answer.status == 200, host


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:5000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1.nip.io",
        "0.0.0.0",
        "[::]",
        "203.0.113.9",
        "[2001:db8::1]",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:99999",
        "127.0.0.1:5000:5000",
        "localhost@evil.example",
        "localhost,evil.example",
        "localhost evil.example",
        "[::1",
        "::1",
        "localhost..",
        "loc\xe4lhost",
        "x" * 300,
    ],
)
def test_a_foreign_host_is_421(lasting: Serving, host: str) -> None:
    line = f"Host: {host}"
    for target in ("/general", HEALTH, "/", CHAT):
        answer = lasting.raw(request(target, line, "Connection: close"))
        assert status(answer) == 421, (host, target, answer[:80])
    body = request(f"{CHAT}?username=naor", line, "Content-Length: 1", method="POST") + b"x"
    assert status(lasting.raw(body)) == 421
    if host.isascii():
        assert lasting.get(HEALTH, Host=host).error == (421, "wrong_host")


def test_a_link_local_host_may_have_its_zone(launch: Launch, namespace: str) -> None:
    """curl leaves the zone out; a client of Python sends it as it was typed."""
    for command in (
        "link add den0 type veth peer name den1",
        "address add fe80::77/64 dev den0 nodad",
        "link set den0 up",
        "link set den1 up",
    ):
        subprocess.run(["ip", "-n", namespace, *command.split()], check=True)
    inside = ("ip", "netns", "exec", namespace)
    hub = launch(prefix=inside)
    hub.ready()
    for host in ("[fe80::77%25den0]", "[fe80::77%den0]"):
        url = f"http://{host}:{hub.port}{HEALTH}"
        asked = ["curl", "--silent", "--globoff", "--max-time", "20", "--verbose", url]
        told = subprocess.run([*inside, *asked], capture_output=True, text=True, check=True)
        assert f"> Host: [fe80::77]:{hub.port}" in told.stderr
        assert '"app":"hearth"' in told.stdout
    program = (
        "import http.client, sys\n"
        "asked = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2]), timeout=20)\n"
        "asked.request('GET', sys.argv[3])\n"
        "print(asked.getresponse().status)"
    )
    asked = [sys.executable, "-c", program, "fe80::77%den0", str(hub.port), HEALTH]
    told = subprocess.run([*inside, *asked], capture_output=True, text=True, check=True)
    assert told.stdout == "200\n"


def test_the_setting_names_adds_names(serve: Serve) -> None:
    hub = serve(names="chat.example, 203.0.113.9")
    for host in ("chat.example", "Chat.Example:5000", "203.0.113.9"):
        assert hub.get(HEALTH, Host=host).status == 200
    assert hub.get(HEALTH, Host="other.example").status == 421


def test_the_host_is_checked_wherever_it_listens(serve: Serve) -> None:
    hub = serve(host=None)
    assert hub.get(HEALTH).status == 200
    assert hub.get(HEALTH, Host="evil.example").error == (421, "wrong_host")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_request_without_a_host(lasting: Serving, version: str) -> None:
    for target in ("/general", HEALTH):
        answer = lasting.raw(request(target, "Connection: close", version=version))
        assert status(answer) in ({"1.0": (421,), "1.1": (400,)}[version])


def test_two_hosts(lasting: Serving) -> None:
    for other in (lasting.name, "evil.example"):
        answer = lasting.raw(request(HEALTH, f"Host: {lasting.name}", f"Host: {other}"), end=True)
        assert status(answer) in (400, 421)


@pytest.mark.parametrize(
    "target", ["http://{}/api/health", "http://evil.example/general", "*", "general", "a:b"]
)
def test_a_path_begins_with_a_slash(lasting: Serving, target: str) -> None:
    head = request(target.format(lasting.name), f"Host: {lasting.name}", "Connection: close")
    assert status(lasting.raw(head)) == 400


@pytest.mark.parametrize(
    "mess",
    [
        b"\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a browser that tries https
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX Y: z\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=range(9),
)
def test_garbage_is_refused(lasting: Serving, mess: bytes) -> None:
    answer = lasting.raw(mess, end=True)
    assert answer == b"" or 400 <= status(answer) < 500
    assert lasting.get(HEALTH).status == 200


def test_a_get_with_a_body_does_not_hide_a_request(lasting: Serving) -> None:
    hidden = request("/api/nothing", "Host: localhost")
    head = request(HEALTH, "Host: localhost", f"Content-Length: {len(hidden)}")
    after = request(HEALTH, "Host: localhost", "Connection: close")
    answer = lasting.raw(head + hidden + after)
    assert b" 404 " not in answer
    assert answer.count(b'"app":"hearth"') in (1, 2)


# -- Origin -----------------------------------------------------------------------------------


CHANGES = [
    ("POST", CHAT, '{"username":"naor","msg":"x"}'),
    ("POST", "/api/session", '{"name":"naor"}'),
    ("DELETE", "/api/session", None),
    ("POST", "/api/ticket", '{"ticket":"x"}'),
    ("POST", "/api/window", '{"secret":"x"}'),
]


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://{host}",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
        "http://{host}.evil.example",
        "http://{host}/",
        "http://naor@{host}",
        "{host}",
        "",
        "file://",
        "chrome-extension://abc",
        "http://xn--caf-dma.example",
    ],
)
def test_another_origin_changes_nothing(lasting: Serving, origin: str) -> None:
    origin = origin.format(host=lasting.name, port=lasting.port)
    for method, path, body in CHANGES:
        headers = {"Origin": origin, "Content-Type": "application/json"}
        answer = lasting.ask(method, path, body, headers)
        assert answer.error == (403, "foreign_origin"), (method, path)
    assert lasting.get(CHAT, Origin=origin).status == 200, "to read changes nothing"


def test_a_form_of_another_site_changes_nothing(lasting: Serving) -> None:
    for kind in (FORM, "text/plain", "multipart/form-data; boundary=x"):
        answer = lasting.post(
            f"{CHAT}?username=naor", "msg=x", Origin="http://evil.example", Content_Type=kind
        )
        assert answer.error == (403, "foreign_origin")


def test_two_origins_are_both_checked(lasting: Serving) -> None:
    for first, second in (
        (lasting.url, "http://evil.example"),
        ("http://evil.example", lasting.url),
    ):
        head = request(
            f"{CHAT}?username=naor", f"Host: {lasting.name}", f"Origin: {first}",
            f"Origin: {second}", "Content-Type: text/plain", "Content-Length: 1",
            "Connection: close", method="POST",
        )  # fmt: skip
        assert status(lasting.raw(head + b"x")) == 403


def test_the_own_origin_is_allowed(hub: Serving) -> None:
    for name in (hub.name, f"localhost:{hub.port}", f"[::1]:{hub.port}"):
        headers = {"Host": name, "Origin": f"http://{name}"}
        answer = hub.ask("POST", CHAT, {"username": "naor", "msg": "x"}, headers)
        assert answer.status == 201


def test_no_answer_lets_other_sites_read(hub: Serving) -> None:
    for path in (CHAT, "/general", HEALTH):
        answer = hub.get(path, Origin="http://evil.example")
        assert "Access-Control-Allow-Origin" not in answer.headers
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    answer = hub.ask("OPTIONS", CHAT, None, asked)
    assert not [x for x in answer.headers if x.lower().startswith("access-control-")]


def test_a_session_needs_an_origin(hub: Serving) -> None:
    session = hub.session("naor")
    alone = {"Cookie": session["Cookie"]}
    for method, path, body in CHANGES:
        headers = {**alone, "Content-Type": "application/json"}
        assert hub.ask(method, path, body, headers).error == (403, "no_origin")
    hidden = {"Cookie": f"other=1; {session['Cookie']}; more=2"}
    assert hub.ask("POST", CHAT, {"msg": "x"}, hidden).error == (403, "no_origin")
    assert hub.ask("GET", "/api/me", None, alone).json["person"]["name"] == "naor"
    assert hub.ask("POST", CHAT, {"msg": "x"}, session).status == 201
    assert len(hub.lines()) == 1


def test_the_cookie_of_another_port_is_not_ours(hub: Serving) -> None:
    answer = hub.post(CHAT, {"username": "naor", "msg": "x"}, Cookie="hearth_1=token; session=x")
    assert answer.status == 201


def test_errors_of_a_page_are_text_and_of_the_api_json(lasting: Serving) -> None:
    page = lasting.get("/general", Host="evil.example")
    assert (page.status, page.headers["Content-Type"]) == (421, "text/plain; charset=utf-8")
    assert lasting.get(HEALTH, Host="evil.example").error == (421, "wrong_host")


# -- bodies -----------------------------------------------------------------------------------


def test_a_body_that_does_not_come_is_408(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.guard.BODY_SECONDS", 0.4)
    hub = serve()
    head = request(
        f"{CHAT}?username=naor", f"Host: {hub.name}", "Content-Length: 10", method="POST"
    )
    began = time.monotonic()
    answer = hub.raw(head, b"Hello")
    assert status(answer) == 408
    assert 0.3 < time.monotonic() - began < 15
    assert not hub.histories()


def test_a_body_that_trickles_is_408(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.guard.BODY_SECONDS", 0.5)
    hub = serve()
    head = request(
        f"{CHAT}?username=naor", f"Host: {hub.name}", "Content-Length: 100", method="POST"
    )
    with socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE) as connection:
        connection.sendall(head)
        connection.settimeout(0.1)
        answer = b""
        for _ in range(100):  # were a byte to buy more time, it would all arrive in the end
            with contextlib.suppress(ConnectionError):
                connection.sendall(b"x")
            with contextlib.suppress(TimeoutError):
                answer = connection.recv(4096)
                break
        assert answer.startswith(b"HTTP/1.1 408 ")
    assert not hub.histories()


@pytest.mark.parametrize(
    ("framing", "told"),
    [
        ((b"transfer-encoding", b"chunked"), (b"content-length", b"5")),
        ((b"content-length", b"5"), (b"content-length", b"5")),
    ],
)
def test_the_application_is_given_a_whole_body_of_known_length(
    framing: tuple[bytes, bytes], told: tuple[bytes, bytes]
) -> None:
    """It is read before, in whatever pieces it comes."""
    seen: list[Any] = []
    pieces = [(b"He", True), (b"", True), (b"llo", False)]

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append((scope["headers"], await receive(), await receive()))

    async def receive() -> Message:
        if not pieces:
            return {"type": "http.disconnect"}
        body, more = pieces.pop(0)
        return {"type": "http.request", "body": body, "more_body": more}

    async def send(message: Message) -> None:
        raise AssertionError

    host = (b"host", b"localhost")
    scope = {
        "type": "http", "method": "POST", "path": HEALTH, "raw_path": HEALTH.encode(),
        "headers": [host, framing],
    }  # fmt: skip
    guard = Guard(application, application, own_names.OwnNames(), "hearth_5000", 5)
    asyncio.run(asyncio.wait_for(guard(scope, receive, send), 20))
    body = {"type": "http.request", "body": b"Hello", "more_body": False}
    assert seen == [([host, told], body, {"type": "http.disconnect"})]


def test_a_sender_that_goes_away_saves_nothing(lasting: Serving) -> None:
    head = request(
        f"{CHAT}?username=naor", f"Host: {lasting.name}", "Content-Length: 10", method="POST"
    )
    lasting.raw(head, b"Hello", end=True)
    with socket.create_connection(("127.0.0.1", lasting.port)) as connection:
        connection.sendall(head + b"Hello")
    time.sleep(0.1)
    assert lasting.get(CHAT).body == b""


def test_100_continue_is_sent(hub: Serving) -> None:
    """curl does so with what is larger than a mebibyte."""
    head = request(
        f"{CHAT}?username=naor", f"Host: {hub.name}", "Content-Length: 5",
        "Expect: 100-continue", "Content-Type: text/plain", "Connection: close", method="POST",
    )  # fmt: skip
    with socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE) as connection:
        connection.sendall(head)
        assert connection.recv(4096).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"Hello")
        assert connection.recv(4096).startswith(b"HTTP/1.1 201 ")


def test_a_connection_serves_many_requests(hub: Serving) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=PATIENCE)
    connection.connect()
    kept = connection.sock
    for _ in range(5):
        connection.request("GET", HEALTH)
        assert connection.getresponse().read()
        connection.request("POST", f"{CHAT}?username=naor", b"x", {"Content-Type": "text/plain"})
        answer = connection.getresponse()
        assert answer.status == 201
        answer.read()
        assert connection.sock is kept
    connection.close()


def test_the_folder_is_never_served(hub: Serving, tmp_path: Path) -> None:
    hub.say("Hello")
    (tmp_path / "secret.js").write_text("ember")
    for path in (
        "/rooms/general.jsonl", "/general.jsonl", "/static/../launcher.py",
        "/static/x/../../launcher.py", "/static/x/..%2f..%2flauncher.py",
        "/static/x/%2e%2e/%2e%2e/hub/hub.py", "/static/x//etc/passwd",
        "/static/x/index.html", "/static/x/package.json", "/static/x/.npmrc",
        f"/static/x/{tmp_path}/secret.js", "/static/x/..\\launcher.py",
    ):  # fmt: skip
        answer = hub.get(path)
        assert answer.status in (302, 308, 404), path
        assert b"import" not in answer.body
        assert b"ember" not in answer.body


# -- every address of the hub, every spelling of Host, every Origin -------------------------------

SIX = "2001:db8::5"
BORNE = ["127.0.0.1", "::1", "192.168.1.5", "169.254.3.4", "fe80::1%2", "fd00::5", SIX]
# What a Host means: the host and its port. With None it is not this hub.
HOSTS: dict[str, tuple[str, int] | None] = {
    "127.0.0.1": ("127.0.0.1", 80),
    "127.0.0.1:80": ("127.0.0.1", 80),
    "127.0.0.1:5000": ("127.0.0.1", 5000),
    "127.0.0.1:65535": ("127.0.0.1", 65535),
    "127.9.9.9:5000": ("127.9.9.9", 5000),
    "localhost": ("localhost", 80),
    "localhost:5000": ("localhost", 5000),
    "LocalHost:5000": ("localhost", 5000),
    "localhost.:5000": ("localhost.", 5000),
    "[::1]": ("::1", 80),
    "[::1]:5000": ("::1", 5000),
    "[0:0:0:0:0:0:0:1]:5000": ("::1", 5000),
    "[::ffff:127.0.0.1]:5000": ("127.0.0.1", 5000),
    "192.168.1.5": ("192.168.1.5", 80),
    "192.168.1.5:5000": ("192.168.1.5", 5000),
    "[::ffff:192.168.1.5]:5000": ("192.168.1.5", 5000),
    "[::ffff:c0a8:105]:5000": ("192.168.1.5", 5000),
    "169.254.3.4:5000": ("169.254.3.4", 5000),
    "[fe80::1]": ("fe80::1", 80),
    "[fe80::1]:5000": ("fe80::1", 5000),
    "[FE80:0::1]:5000": ("fe80::1", 5000),
    "[fe80::1%2]:5000": ("fe80::1%2", 5000),
    "[fe80::1%252]:5000": ("fe80::1%2", 5000),
    "[fe80::1%25eth0]": ("fe80::1%eth0", 80),
    "[fd00::5]:5000": ("fd00::5", 5000),
    f"[{SIX}]:5000": (SIX, 5000),
    "den": ("den", 80),
    "den:5000": ("den", 5000),
    "Den.Local:5000": ("den.local", 5000),
    "den.local.:5000": ("den.local.", 5000),
    "hearth-den.local:5000": ("hearth-den.local", 5000),
    "chat.example": ("chat.example", 80),
    "chat.example:5000": ("chat.example", 5000),
    **dict.fromkeys(
        [
            "", " ", "evil.example", "evil.example:5000", "localhost.evil.example:5000",
            "127.0.0.1.evil.example", "127.0.0.1.nip.io:5000", "xlocalhost", "den.evil.example",
            "0.0.0.0:5000", "[::]:5000", "192.168.1.6:5000", "192.168.1.50", "10.0.0.1",
            "203.0.113.9:5000", "[fe80::2]:5000", "[fe80::2%2]:5000", "[fd00::5%2]:5000",
            "[fd00::6]:5000", "[::1%lo]:5000",
            "[::ffff:10.0.0.1]:5000", "[::127.0.0.1]:5000", "127.1", "2130706433",
            "0x7f000001:5000", "0177.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
            "127.0.0.1:5000:5000", "localhost@evil.example", "[::1", "::1",
        ]
    ),
}  # fmt: skip
ORIGINS: dict[str | None, tuple[str, int] | None] = {
    None: None,
    "http://127.0.0.1:5000": ("127.0.0.1", 5000),
    "http://127.0.0.1": ("127.0.0.1", 80),
    "http://localhost:5000": ("localhost", 5000),
    "HTTP://LOCALHOST:5000": ("localhost", 5000),
    "http://[::1]:5000": ("::1", 5000),
    "http://192.168.1.5:5000": ("192.168.1.5", 5000),
    "http://[fe80::1]:5000": ("fe80::1", 5000),
    "http://[fe80::1%252]:5000": ("fe80::1%2", 5000),
    "http://den.local:5000": ("den.local", 5000),
    "http://chat.example": ("chat.example", 80),
    **dict.fromkeys(
        [
            "", "null", "file://", "https://127.0.0.1:5000", "http://evil.example",
            "http://evil.example:5000", "http://127.0.0.1:5001", "http://127.0.0.1:5000/",
            "http://naor@127.0.0.1:5000", "http://localhost:5000.evil.example",
            "file://127.0.0.1:5000", "wssss://127.0.0.1:5000",
        ]
    ),
}  # fmt: skip


def walked(hub: Serving) -> list[tuple[str, str]]:
    """Every route with each of its methods, and the live connection."""
    own = hub.server._hub
    assert own is not None
    guard: Any = hub.on_loop(lambda: application(own, ROOT / "ui", hub.port, list))
    rules = guard._http.routes.iter_rules()
    return [
        (method, re.sub("<[^>]+>", "x", rule.rule))
        for rule in rules
        for method in sorted(rule.methods or ())
    ] + [("LIVE", "/api/live")]


class Behind:
    """What stands behind a guard; `reached` tells whether the last request came through."""

    def __init__(self, guarded: Callable[[Any, Any], Guard]) -> None:
        self.reached = False
        self.status = 0
        self._guard = guarded(self._app, self._app)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached = True

    async def _send(self, message: Message) -> None:
        self.status = message.get("status", self.status)

    async def ask(self, method: str, path: str, headers: list[tuple[bytes, bytes]]) -> int:
        """Ask; gives 200 where it came through, or the status of the refusal."""
        self.reached, self.status = False, 0
        kind = "websocket" if method == "LIVE" else "http"
        length = [] if method == "LIVE" else [(b"content-length", b"0")]
        scope = {
            "type": kind, "method": method, "path": path, "raw_path": path.encode(),
            "headers": headers + length, "extensions": {},
        }  # fmt: skip
        await self._guard(scope, nothing, self._send)
        assert self.reached == (self.status == 0), "refused or let through, never both"
        return self.status or 200


async def nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def test_host_and_origin_on_every_route(lasting: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_names, "host_names", lambda: ["den", "den.local", "hearth-den.local"])
    bearing = [addresses.Own(ip_address(x), "eth0") for x in BORNE]
    own = own_names.OwnNames("chat.example", addresses=lambda: bearing)
    behind = Behind(lambda http, live: Guard(http, live, own, "hearth_5000", 1 << 16))
    routes = walked(lasting)
    assert len(HOSTS) >= 60
    assert len(ORIGINS) == 23
    assert len(routes) > 50

    async def walk() -> None:
        for host, meant in HOSTS.items():
            own_origin = (f"http://{host}", meant)
            for origin, of in [*ORIGINS.items(), own_origin]:
                told = [(b"host", host.encode())]
                told += [] if origin is None else [(b"origin", origin.encode())]
                for method, path in routes:
                    where = (method, path, host, origin)
                    safe = method in ("GET", "HEAD", "OPTIONS")
                    if meant is None:
                        assert await behind.ask(method, path, told) == 421, where
                    elif safe or origin is None or of == meant:
                        assert await behind.ask(method, path, told) == 200, where
                    else:
                        assert await behind.ask(method, path, told) == 403, where
                    if origin is None and meant is not None:
                        with_cookie = [*told, (b"cookie", b"hearth_5000=x")]
                        found = await behind.ask(method, path, with_cookie)
                        assert found == (200 if safe else 403), where

    asyncio.run(walk())


def test_what_the_application_reads_itself_is_left_to_it() -> None:
    taken: list[Message] = []
    refused: list[Message] = []

    async def http(scope: Scope, receive: Receive, send: Send) -> None:
        taken.extend([await receive(), await receive()])

    async def receive() -> Message:
        return {"type": "http.request", "body": bytes(1000), "more_body": not taken}

    async def send(message: Message) -> None:
        refused.append(message)

    def streams(scope: Scope) -> bool:
        return bool(scope["path"] == "/api/files")

    own = own_names.OwnNames("chat.example")
    guard = Guard(http, http, own, "hearth_5000", 100, streams=streams)

    def ask(method: str, path: str, *more: tuple[bytes, bytes]) -> int:
        taken.clear()
        refused.clear()
        headers = [(b"host", b"chat.example"), (b"content-length", b"2000"), *more]
        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(),
            "headers": headers, "extensions": {},
        }  # fmt: skip
        asyncio.run(guard(scope, receive, send))
        return refused[0]["status"] if refused else len(taken)

    assert ask("PUT", "/api/files") == 2
    assert taken[0]["body"] == bytes(1000)
    assert taken[0]["more_body"] is True
    assert ask("PUT", "/api/other") == 413
    assert ask("PUT", "/api/files", (b"origin", b"http://evil.example")) == 403
    assert ask("PUT", "/api/files", (b"cookie", b"hearth_5000=x")) == 403


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("hearth=x", "x"),
        ("a=b; hearth=x; c=d", "x"),
        ("a=b;hearth = x", "x"),
        ("hearth=x; hearth=y", "x"),
        ("hearth=a=b", "a=b"),
        ("hearth=", ""),
        ("hearth", ""),
        ("xhearth=x; hearthx=y; a=hearth=z", None),
        ("", None),
        (";;=;", None),
    ],
)
def test_the_cookie_of_a_session(line: str, value: str | None) -> None:
    assert cookie_value(line, "hearth") == value
    assert session_token([(b"cookie", line.encode())], "hearth") == value
    assert session_token([(b"cookie", b"a=b"), (b"cookie", line.encode())], "hearth") == value


@pytest.mark.parametrize("part", ["a=", "a=a", ";", '"', "=", '\\"'])
def test_reading_cookies_takes_linear_time(part: str) -> None:
    assert growth(lambda size: cookie_value(part * size + '"', "hearth"), 1000) < 4 * TIMES
