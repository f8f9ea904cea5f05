"""What the wire leans on in uvicorn, websockets and asyncio, as hub/web/wire/README.md lists it.

Where one of these fails after an update, its sentence says what is different now.
"""

from __future__ import annotations

import asyncio
import inspect
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import Server, ServerState
from websockets import utils

from hub.web.wire.http_connection import HttpConnection
from hub.web.wire.response_transport import ResponseTransport, UntilClosed
from hub.web.wire.ws_handshake import Handshake

HTTP_METHODS = {
    "connection_made": ["transport"],
    "data_received": ["data"],
    "pause_writing": [],
    "resume_writing": [],
    "connection_lost": ["exc"],
    "on_headers_complete": [],
    "on_body": ["body"],
    "on_response_complete": [],
    "send_400_response": ["msg"],
    "handle_websocket_upgrade": [],
    "shutdown": [],
}
WEBSOCKET_METHODS = {
    "connection_made": ["transport"],
    "handle_connect": ["event"],
    "data_received": ["data"],
    "send_500_response": [],
    "run_asgi": [],
    "connection_lost": ["exc"],
    "shutdown": [],
}
OPTIONS = set(
    "app http ws loop lifespan log_config log_level access_log server_header proxy_headers"
    " ws_max_size ws_per_message_deflate ws_ping_interval timeout_keep_alive"
    " timeout_graceful_shutdown backlog".split()
)
HEAD = b"PUT /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"


class Transport:
    """Keeps what is written; has only what the protocols may use."""

    def __init__(self) -> None:
        self.written = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, name: str) -> Any:
        return {"peername": ("10.0.0.2", 1234), "sockname": ("10.0.0.1", 5000)}.get(name)

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def protocol(kind: Any, app: Any) -> Any:
    """A protocol of uvicorn's own, connected to a Transport."""
    made = kind(uvicorn.Config(app, log_config=None, ws="websockets-sansio"), ServerState(), {})
    made.connection_made(Transport())
    return made


def on_loop(work: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(work(), 20)

    asyncio.run(bounded())


@pytest.mark.parametrize(
    ("own", "theirs", "methods"),
    [
        (HttpConnection, HttpToolsProtocol, HTTP_METHODS),
        (Handshake, WebSocketsSansIOProtocol, WEBSOCKET_METHODS),
    ],
)
def test_overridden_methods(own: type, theirs: type, methods: dict[str, list[str]]) -> None:
    overridden = {name for name in vars(own) if callable(getattr(theirs, name, None))}
    assert overridden - {"__module__", "__doc__"} == set(methods), (
        f"{own.__name__} overrides other methods of uvicorn's {theirs.__name__} than are listed; "
        "uvicorn may have got one whose name was ours"
    )
    for name, parameters in methods.items():
        told = list(inspect.signature(vars(theirs)[name]).parameters)[1:]
        assert told == parameters, f"uvicorn's {theirs.__name__}.{name} takes {told} now"
    for name in vars(own):
        attribute = name.startswith("_") and not name.startswith("__") and hasattr(theirs, name)
        assert not attribute, f"uvicorn's {theirs.__name__} has a {name} of its own now"


def test_a_request_starts_lazily() -> None:
    """The method, the headers and the response's transport are corrected after the task is made."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope["method"], scope["headers"], await receive()))
        assert "own" in scope["extensions"]
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def work() -> None:
        http = protocol(HttpToolsProtocol, app)
        for name in ("loop", "transport", "cycle"):
            assert hasattr(http, name), f"uvicorn's HTTP protocol has no `{name}` any more"
        assert http.cycle is None, "uvicorn's HTTP protocol has a cycle before the first request"
        http._unset_keepalive_if_required()
        http.data_received(HEAD)
        assert not seen, "uvicorn starts the application before on_headers_complete has returned"
        assert http.cycle.scope is http.scope, "uvicorn's cycle has a scope of its own now"
        http.scope["method"] = "BREW"
        http.scope["headers"] = list(http.headers)
        http.scope["extensions"] = {"own": None}
        closed: list[bool] = []
        http.close_after_response = lambda: closed.append(True)
        http.cycle.transport = ResponseTransport(http)
        http.cycle.keep_alive = False
        assert (http.cycle.more_body, http.cycle.response_started) == (True, False)
        http.data_received(b"hi")
        assert not http.cycle.more_body, "uvicorn's cycle does not tell that the body is complete"
        await asyncio.gather(*http.tasks)
        headers = [(b"host", b"x"), (b"content-length", b"2")]
        body = {"type": "http.request", "body": b"hi", "more_body": False}
        assert seen == [("BREW", headers, body)], "uvicorn tells the application something else"
        assert http.cycle.response_complete
        assert closed, "uvicorn closes behind the last response in another way now"

    on_loop(work)


def test_a_cycle_is_ended_by_its_flag_and_event() -> None:
    told: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        told.append(await receive())

    async def work() -> None:
        http = protocol(HttpToolsProtocol, app)
        http.data_received(HEAD)
        await asyncio.sleep(0)
        http.cycle.disconnected = True
        http.cycle.message_event.set()
        await asyncio.gather(*http.tasks)
        assert told == [{"type": "http.disconnect"}], "uvicorn's cycle is disconnected otherwise"
        assert http.transport.written == b"", "uvicorn responds on a disconnected cycle"

    on_loop(work)


def test_a_response_of_http_1_0_may_have_no_length() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for part in (b"a", b"bc"):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body"})

    async def work() -> None:
        http = protocol(HttpToolsProtocol, app)
        http.data_received(b"GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n")
        cycle = http.cycle
        assert cycle.waiting_for_100_continue, "uvicorn keeps 100 (Continue) elsewhere now"
        cycle.waiting_for_100_continue = False
        cycle.chunked_encoding = False
        cycle.expected_content_length = UntilClosed()
        await asyncio.gather(*http.tasks)
        assert http.transport.written.endswith(b"\r\n\r\nabc"), "uvicorn frames it in another way"
        assert http.transport.closed, "uvicorn keeps a connection of HTTP/1.0 open"

    on_loop(work)


def test_a_part_of_a_response_may_go_another_way() -> None:
    """A file is subtracted from what uvicorn expects, and is sent when the buffer is empty."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"10")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        cycle = http.cycle
        assert cycle.chunked_encoding is False, "uvicorn chunks a response that has a length"
        assert cycle.expected_content_length == 10, "uvicorn counts down something else now"
        cycle.expected_content_length -= 7
        http.pause_writing()
        waits = asyncio.create_task(http.flow.drain())
        await asyncio.sleep(0)
        assert not waits.done(), "uvicorn's flow does not wait while writing is paused"
        http.connection_lost(None)
        await waits
        cycle.disconnected = False
        await send({"type": "http.response.body", "body": b"abc"})

    async def work() -> None:
        nonlocal http
        http = protocol(HttpToolsProtocol, app)
        http.data_received(HEAD)
        assert not http.flow.read_paused
        http.data_received(b"hi")
        await asyncio.gather(*http.tasks)
        assert http.cycle.response_complete

    http: Any = None
    on_loop(work)


def test_the_flow_tells_whether_the_application_has_yet_to_take_a_body() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0)
        await receive()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def work() -> None:
        http = protocol(HttpToolsProtocol, app)
        http.data_received(HEAD.replace(b"Length: 2", b"Length: 200000"))
        http.data_received(b"x" * 100_000)
        assert http.flow.read_paused, "uvicorn's flow does not tell that reading is paused"
        await asyncio.gather(*http.tasks)
        assert not http.flow.read_paused, "uvicorn resumes reading elsewhere now"

    on_loop(work)


def test_a_body_that_is_put_in_place_is_not_copied() -> None:
    piece = bytes(100_000)
    taken: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        taken.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def work() -> None:
        http = protocol(HttpToolsProtocol, app)
        http.data_received(HEAD)
        http.cycle.body = piece
        http.on_body(b"")
        assert http.flow.read_paused, "uvicorn's flow counts something else than the cycle's body"
        await asyncio.gather(*http.tasks)
        assert taken[0] is piece, "uvicorn copies a body in another way now"
        assert http.cycle.body == b"", "uvicorn's cycle keeps a body that was taken"

    on_loop(work)


@pytest.mark.parametrize(
    ("status", "headers", "parts"),
    [
        (200, [], [b"a", b"b", b""]),
        (200, [], [b""]),
        (200, [(b"content-length", b"1")], [b"a"]),
        (200, [(b"content-length", b"0")], [b""]),
        (204, [], [b""]),
        (304, [], [b""]),
    ],
)
def test_a_head_is_one_write_and_so_is_each_part_of_a_body(
    status: int, headers: list[tuple[bytes, bytes]], parts: list[bytes]
) -> None:
    """The head is kept back until the next write, so there has to be one."""
    written: list[tuple[bool, bytes]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for at, part in enumerate(parts, 1):
            more = at < len(parts)
            await send({"type": "http.response.body", "body": part, "more_body": more})

    async def work() -> None:
        http = protocol(HttpToolsProtocol, app)
        http.data_received(HEAD + b"hi")
        cycle = http.cycle
        http.transport.write = lambda data: written.append((cycle.response_started, data))
        await asyncio.gather(*http.tasks)

    on_loop(work)
    assert len(written) == 1 + len(parts), "uvicorn writes responses in other pieces now"
    assert written[0][0], "uvicorn says later that a response has started"
    assert written[0][1].endswith(b"\r\n\r\n")


def test_a_malformed_body_is_answered_by_the_method_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(HttpToolsProtocol, "send_400_response", lambda _, msg: told.append(msg))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def work() -> None:
        http = protocol(HttpToolsProtocol, app)
        http.data_received(b"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n")
        await asyncio.gather(*http.tasks)
        assert told, "uvicorn answers a malformed body elsewhere now"

    on_loop(work)


def test_a_handshake_starts_lazily() -> None:
    """An upgrade gives the head to the WebSocket protocol, which starts the application then."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["extensions"])
        await send({"type": "websocket.accept"})

    async def work() -> None:
        http = protocol(HttpToolsProtocol, app)
        transport = http.transport
        http.data_received(
            b"GET /a HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        )
        ws = transport.protocol
        for name in ("app", "config", "connections", "logger", "loop", "receive", "send"):
            assert hasattr(ws, name), f"uvicorn's WebSocket protocol has no `{name}` any more"
        assert ws.handshake_initiated, "uvicorn does not give the head to the WebSocket protocol"
        assert ws.response.status_code == 101, "websockets answers a sound handshake differently"
        assert (ws.handshake_complete, ws.initial_response, ws.disconnected) == (False, None, False)
        assert ws in ws.connections, "uvicorn does not tell a WebSocket when the server stops"
        assert not seen, "uvicorn starts the application before handle_connect has returned"
        ws.scope["extensions"]["own"] = None
        await asyncio.gather(*ws.tasks)
        assert "own" in seen[0], "uvicorn gives the application another scope"
        assert ws.handshake_complete
        assert transport.written.startswith(b"HTTP/1.1 101 ")

    on_loop(work)


def test_the_server_starts_and_stops_by_its_flags() -> None:
    told: list[bool] = []

    class Connection:
        def shutdown(self) -> None:
            told.append(True)
            state.connections.clear()

    server = Server(uvicorn.Config(lambda: None, lifespan="off", log_config=None))
    state = server.server_state

    async def work() -> None:
        with socket.create_server(("127.0.0.1", 0)) as bound:
            serving = asyncio.create_task(server.serve([bound]))
            for _ in range(500):
                if server.started or serving.done():
                    break
                await asyncio.sleep(0.01)
            assert server.started, "uvicorn's server does not say that it has started"
            state.connections.add(Connection())  # type: ignore[arg-type]
            server.should_exit = True
            await serving

    on_loop(work)
    assert told, "uvicorn's server does not shut its connections down"


def test_the_options_and_helpers_exist() -> None:
    lacking = OPTIONS - set(inspect.signature(uvicorn.Config).parameters)
    assert not lacking, f"uvicorn has no option {lacking} any more"
    assert list(inspect.signature(RequestResponseCycle.run_asgi).parameters) == ["self", "app"]
    assert utils.apply_mask(b"\x01\x02", b"\x01\x01\x01\x01") == b"\x00\x03"


def test_a_transport_reads_at_most_its_max_size() -> None:
    """Not documented: asyncio passes the attribute to recv()."""
    taken: list[int] = []

    class Reader(asyncio.Protocol):
        def data_received(self, data: bytes) -> None:
            taken.append(len(data))

    async def work() -> None:
        own, peer = socket.socketpair()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_accepted_socket(Reader, own)
        transport.max_size = 10  # type: ignore[attr-defined]
        peer.sendall(b"x" * 35)
        while sum(taken) < 35:
            await asyncio.sleep(0.01)
        transport.close()
        peer.close()

    on_loop(work)
    assert max(taken) == 10, "asyncio's transports have another way to bound a read"


def test_a_buffer_beyond_a_new_limit_pauses_at_once_and_until_it_is_empty() -> None:
    told: list[str] = []

    class Writer(asyncio.Protocol):
        def pause_writing(self) -> None:
            told.append("paused")

        def resume_writing(self) -> None:
            told.append(f"resumed at {transport.get_write_buffer_size()}")

    async def work() -> None:
        nonlocal transport
        own, peer = socket.socketpair()
        peer.setblocking(False)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_accepted_socket(Writer, own)
        transport.set_write_buffer_limits(high=1 << 30)
        transport.write(b"x" * (1 << 20))
        assert not told
        transport.set_write_buffer_limits(high=0)
        assert told == ["paused"], "asyncio applies new limits to a buffer only later"
        while len(told) < 2:
            await loop.sock_recv(peer, 1 << 16)
        transport.close()
        peer.close()

    transport: Any = None
    on_loop(work)
    assert told == ["paused", "resumed at 0"], "asyncio resumes writing at another size"
