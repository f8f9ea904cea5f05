"""Requests that two programs could read in two ways: each is a 400, and the end."""

import contextlib
import http.client
import io
import socket
import time

import pytest

from hub.web.wire.request_head import Malformed, parse
from hub.web.wire.ws_handshake import refusal
from tests.growth import TIMES, growth
from tests.serving import Serving

HOST = b"Host: 127.0.0.1\r\n"
POST = b"POST /api/chat/general?username=a HTTP/1.1\r\n"
SMUGGLED = b"POST /api/chat/general?username=smuggler HTTP/1.1\r\n" + HOST + (
    b"Content-Length: 1\r\n\r\ns"
)  # fmt: skip

BAD = {
    "content-length and chunked": POST + HOST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
    "chunked and content-length": POST + HOST
    + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n1\r\nx\r\n0\r\n\r\n",
    "two lengths": POST + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "two equal lengths": POST + HOST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
    "a list of lengths": POST + HOST + b"Content-Length: 1, 1\r\n\r\nx",
    "a plus in the length": POST + HOST + b"Content-Length: +1\r\n\r\nx",
    "a minus in the length": POST + HOST + b"Content-Length: -1\r\n\r\nx",
    "an underscore in the length": POST + HOST + b"Content-Length: 1_0\r\n\r\nxxxxxxxxxx",
    "a hexadecimal length": POST + HOST + b"Content-Length: 0x1\r\n\r\nx",
    "a fraction as length": POST + HOST + b"Content-Length: 1.0\r\n\r\nx",
    "an exponent as length": POST + HOST + b"Content-Length: 1e0\r\n\r\nx",
    "an empty length": POST + HOST + b"Content-Length: \r\n\r\nx",
    "a length in other digits": POST + HOST + "Content-Length: ١\r\n\r\nx".encode(),
    "a length with a space inside": POST + HOST + b"Content-Length: 1 0\r\n\r\nxxxxxxxxxx",
    "a length too large for any number": POST + HOST
    + b"Content-Length: 99999999999999999999\r\n\r\nx",
    "a quoted length": POST + HOST + b'Content-Length: "1"\r\n\r\nx',
    "two codings": POST + HOST
    + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked twice": POST + HOST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "gzip and chunked": POST + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunked not last": POST + HOST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "identity": POST + HOST + b"Transfer-Encoding: identity\r\n\r\nx",
    "a coding that looks like chunked": POST + HOST
    + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a vertical tab before chunked": POST + HOST
    + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "a quoted coding": POST + HOST + b'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n',
    "an empty coding": POST + HOST + b"Transfer-Encoding:\r\n\r\n0\r\n\r\n",
    "chunked in HTTP/1.0": b"POST /api/chat/general?username=a HTTP/1.0\r\n" + HOST
    + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
    "bare newlines everywhere": b"GET / HTTP/1.1\nHost: 127.0.0.1\n\n",
    "a bare newline after the request line": b"GET / HTTP/1.1\nHost: 127.0.0.1\r\n\r\n",
    "a bare newline between headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\nX: y\r\n\r\n",
    "a bare newline hides a header": POST + HOST
    + b"X: y\nContent-Length: 5\r\nContent-Length: 0\r\n\r\nhello",
    "a bare return inside a header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\rb\r\n\r\n",
    "a bare return ends a header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\rY: b\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    "a header folded by a tab": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n\tb\r\n\r\n",
    "a folded first header": b"GET / HTTP/1.1\r\n Host: 127.0.0.1\r\n\r\n",
    "a folded coding": POST + HOST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": POST + HOST + b"Content-Length : 1\r\n\r\nx",
    "a tab before the colon": POST + HOST + b"Content-Length\t: 1\r\n\r\nx",
    "a space in a header's name": b"GET / HTTP/1.1\r\n" + HOST + b"X Y: a\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\n" + HOST + b"X\r\n\r\n",
    "a header without a name": b"GET / HTTP/1.1\r\n" + HOST + b": a\r\n\r\n",
    "a name with a control": b"GET / HTTP/1.1\r\n" + HOST + b"X\x01: a\r\n\r\n",
    "a NUL in a value": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n\r\n",
    "a NUL in a name": b"GET / HTTP/1.1\r\n" + HOST + b"X\0: a\r\n\r\n",
    "a NUL in the path": b"GET /\0 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a NUL in the host": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\0\r\n\r\n",
    "an absolute address": b"GET http://127.0.0.1/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "an absolute address of another": b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "an address without a slash": b"GET general HTTP/1.1\r\n" + HOST + b"\r\n",
    "an authority": b"CONNECT 127.0.0.1:80 HTTP/1.1\r\n" + HOST + b"\r\n",
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
    "two equal hosts": b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
    "no host": b"GET / HTTP/1.1\r\nX: a\r\n\r\n",
    "two spaces in the request line": b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n",
    "a tab in the request line": b"GET\t/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "a space behind the request line": b"GET / HTTP/1.1 \r\n" + HOST + b"\r\n",
    "a space before the request line": b" GET / HTTP/1.1\r\n" + HOST + b"\r\n",
    "an empty line first, and a space": b"\r\n GET / HTTP/1.1\r\n" + HOST + b"\r\n",
    "no version": b"GET /\r\n" + HOST + b"\r\n",
    "HTTP/0.9": b"GET / HTTP/0.9\r\n" + HOST + b"\r\n",
    "HTTP/2.0": b"GET / HTTP/2.0\r\n" + HOST + b"\r\n",
    "HTTP/1.2": b"GET / HTTP/1.2\r\n" + HOST + b"\r\n",
    "a version in small letters": b"GET / http/1.1\r\n" + HOST + b"\r\n",
    "a method in small letters": b"get / HTTP/1.1\r\n" + HOST + b"\r\n",
    "the start of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "the start of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "a fragment": b"GET /#a HTTP/1.1\r\n" + HOST + b"\r\n",
    "letters that are not ASCII in the path": "GET /é HTTP/1.1\r\n".encode() + HOST + b"\r\n",
    "a hundred and one headers": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 101 + b"\r\n",
    "17 KB of headers": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 17_000 + b"\r\n\r\n",
    "a head without end": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 20_000,
}  # fmt: skip


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    hub = Serving(tmp_path_factory.mktemp("hub") / "rooms")
    yield hub
    hub.stop()


def told(hub: Serving, request: bytes) -> bytes:
    """All that the hub answers to these bytes until it closes."""
    answer = b""
    with socket.create_connection(("127.0.0.1", hub.port), 20) as peer:
        peer.sendall(request.replace(b"127.0.0.1\r\n", b"127.0.0.1:%d\r\n" % hub.port))
        peer.settimeout(20)
        try:
            while more := peer.recv(65536):
                answer += more
        except ConnectionResetError:
            pass
    return answer


@pytest.mark.parametrize("request_bytes", BAD.values(), ids=BAD.keys())
def test_what_can_be_read_in_two_ways_is_refused(hub: Serving, request_bytes: bytes) -> None:
    answer = told(hub, request_bytes + SMUGGLED)
    assert answer.startswith(b"HTTP/1.1 400 "), answer[:200]
    assert b"connection: close" in answer.lower()
    assert answer.count(b"\r\n\r\n") == 1
    assert b'"code":"malformed"' in answer
    assert not hub.path.joinpath("general.jsonl").exists()


def test_a_request_behind_a_request_is_taken_after_it_and_checked_like_it(hub: Serving) -> None:
    first = POST.replace(b"general", b"first") + HOST + b"Content-Length: 1\r\n\r\nx"
    answer = told(hub, first + first + BAD["two lengths"] + SMUGGLED)
    assert answer.count(b"HTTP/1.1 201 ") == 2
    assert answer.count(b"HTTP/1.1 400 ") == 1
    assert not hub.path.joinpath("general.jsonl").exists()


def test_what_lies_behind_chunks_is_no_request(hub: Serving) -> None:
    chunked = POST.replace(b"general", b"first") + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    answer = told(hub, chunked + b"1\r\nx\r\n0\r\n\r\n" + SMUGGLED)
    assert answer.count(b"\r\n\r\n") == 1
    assert answer[9:12] == b"201"
    assert not hub.path.joinpath("general.jsonl").exists()


@pytest.mark.parametrize(
    "body", [b"0x1\r\nx\r\n0\r\n\r\n", b"+1\r\nx\r\n0\r\n\r\n", b"1_0\r\n", b"-1\r\n",
             b"1\nx\n0\n\n", b"1;\nx\r\n0\r\n\r\n", b"\r\n",
             b"ffffffffffffffffffff1\r\n", b"1\r\nxx0\r\n\r\n"]
)  # fmt: skip
def test_odd_chunks_are_refused(hub: Serving, body: bytes) -> None:
    answer = told(hub, POST + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + body + SMUGGLED)
    assert answer[9:12] == b"400", answer[:200]
    assert answer.count(b"\r\n\r\n") == 1
    assert not hub.path.joinpath("general.jsonl").exists()


def test_what_comes_later_behind_chunks_that_nobody_reads_is_no_request(hub: Serving) -> None:
    head = b"GET /api/health HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", hub.port), 20) as peer:
        peer.sendall(head.replace(b"127.0.0.1\r\n", b"127.0.0.1:%d\r\n" % hub.port))
        answer = peer.recv(65536)
        try:
            peer.sendall(b"0\r\n\r\n" + SMUGGLED)
            while more := peer.recv(65536):
                answer += more
        except OSError:
            pass
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert not hub.path.joinpath("general.jsonl").exists()


@pytest.mark.parametrize(
    "upgrade",
    [b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n",
     b"Connection: upgrade\r\nConnection: keep-alive\r\nUPGRADE: websocket\r\n",
     b"Connection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n"]
)  # fmt: skip
def test_a_body_is_a_body_whatever_its_sender_would_rather_speak(
    hub: Serving, upgrade: bytes
) -> None:
    head = POST.replace(b"general", b"first") + HOST + upgrade
    answer = told(hub, head + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED + b"x\n\n")
    assert answer.count(b"HTTP/1.1 201 ") == 1
    assert answer.count(b"HTTP/1.1 400 ") == 1
    assert not hub.path.joinpath("general.jsonl").exists()


@pytest.mark.parametrize(
    "trailer", [b"Host: evil.example\r\n", b"Origin: http://evil.example\r\n",
                b"Content-Type: application/json\r\n", b"Connection: keep-alive\r\n"]
)  # fmt: skip
def test_what_trails_behind_chunks_changes_nothing(hub: Serving, trailer: bytes) -> None:
    chunked = POST.replace(b"general", b"first") + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    answer = told(hub, chunked + b"1\r\nx\r\n0\r\n" + trailer + b"\r\n" + SMUGGLED)
    assert answer[9:12] == b"201", answer[:200]
    assert answer.count(b"\r\n\r\n") == 1
    assert not hub.path.joinpath("general.jsonl").exists()


@pytest.mark.parametrize("long", [b"1;", b"0\r\nX: "], ids=["extension", "trailer"])
def test_what_is_between_chunks_has_an_end(hub: Serving, long: bytes) -> None:
    chunked = POST + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + long
    with pytest.raises(OSError, match=r"reset|pipe"), socket.socket() as peer:
        peer.settimeout(20)
        peer.connect(("127.0.0.1", hub.port))
        peer.sendall(chunked.replace(b"127.0.0.1\r\n", b"127.0.0.1:%d\r\n" % hub.port))
        for _ in range(1000):
            peer.sendall(b"x" * 8192)
    assert not hub.path.joinpath("general.jsonl").exists()


@pytest.mark.parametrize(
    "method", "BREW CONNECT DESCRIBE FLUSH LOCK PATCH PRI PROPFIND QUERY SOURCE TRACE".split()
)
def test_a_method_of_any_name_is_possible_or_not(hub: Serving, method: str) -> None:
    answer = told(
        hub, b"%b /api/health HTTP/1.1\r\n" % method.encode() + HOST
        + b"Connection: close\r\nContent-Length: 1\r\n\r\nx"
    )  # fmt: skip
    assert answer.startswith(b"HTTP/1.1 405 "), answer[:200]
    assert f"{method} is not possible here.".encode() in answer
    assert b"allow: " in answer


def test_one_connection_serves_one_request_after_the_other(hub: Serving) -> None:
    with socket.create_connection(("127.0.0.1", hub.port), 20) as peer:
        for _ in range(3):
            for byte in b"GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Y: \xc3\xa9\r\n\r\n":
                peer.sendall(bytes([byte]))
            answer = b""
            while b'"instance"' not in answer:
                answer += peer.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200 ")
            time.sleep(0.01)


def test_what_is_sound_is_not_refused() -> None:
    head = parse(b"GET /a?b=c%20d HTTP/1.1\r\nHost: x\r\nX:\r\nY: \t a b \t\r\n\r\n")
    assert head == ("GET", b"/a?b=c%20d", "1.1", [(b"host", b"x"), (b"x", b""), (b"y", b"a b")], 0)
    head = parse(b"POST / HTTP/1.1\r\nhost: x\r\nTRANSFER-ENCODING: Chunked\r\n\r\n")
    assert head.body_length is None
    assert parse(b"OPTIONS * HTTP/1.0\r\n\r\n").target == b"*"


@pytest.mark.parametrize(
    "line", [b"X: x%bx", b"X: %b", b"X:%b x", b"Content-Type: a/b;%bx=1", b"%bX: y", b"X%b: y"]
)
def test_spaces_take_no_longer_than_they_are(line: bytes) -> None:
    def work(size: int) -> None:
        with contextlib.suppress(Malformed):
            parse(b"GET / HTTP/1.1\r\n" + HOST + line.replace(b"%b", b" " * size) + b"\r\n\r\n")

    assert growth(work, 1000) < 4 * TIMES


# -- HTTP/1.0 -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/chat/long", "/api/health", "/general", "/nothing/here"])
def test_an_older_client_gets_no_chunks(hub: Serving, path: str) -> None:
    """A long answer ends with the connection (RFC 9112, section 6.1)."""
    if path.endswith("long"):
        for n in range(40):
            hub.say(f"{n} " + "x" * 15_000, "long")
    answers = {}
    for version in ("1.0", "1.1"):
        head = f"GET {path} HTTP/{version}\r\nHost: {hub.name}\r\nConnection: close\r\n\r\n"
        answers[version] = hub.raw(head.encode())
    head, _, body = answers["1.0"].partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert b"connection: close" in head.lower()
    told = http.client.HTTPResponse(Told(answers["1.1"]))  # type: ignore[arg-type]
    told.begin()
    assert body == told.read()
    assert answers["1.1"].split(b"\r\n")[0] == head.split(b"\r\n")[0]
    head = f"HEAD {path} HTTP/1.0\r\nHost: {hub.name}\r\n\r\n"
    assert hub.raw(head.encode()).endswith(b"\r\n\r\n")


class Told:
    """What http.client reads an answer from."""

    def __init__(self, answer: bytes) -> None:
        self.makefile = lambda *_: io.BytesIO(answer)


@pytest.mark.parametrize(("version", "told"), [("1.0", b"201"), ("1.1", b"100")])
def test_only_a_client_that_knows_it_is_told_to_go_on(
    hub: Serving, version: str, told: bytes
) -> None:
    head = (
        f"POST /api/chat/first?username=a HTTP/{version}\r\nHost: {hub.name}\r\n"
        "Expect: 100-continue\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", hub.port), 20) as peer:
        peer.sendall(head.encode())
        if version == "1.0":
            peer.sendall(b"x")
        assert peer.recv(65536).split(b" ")[1] == told


# -- the handshake of a WebSocket -----------------------------------------------------------------

KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
VERSION = "Sec-WebSocket-Version: 13"
ASKS = ("Connection: Upgrade", "Upgrade: websocket")


def shake(
    hub: Serving, *lines: str, version: str = "1.1", method: str = "GET", path: str = "/api/live"
) -> bytes:
    """The head of the answer to a handshake with these lines."""
    head = "\r\n".join([f"{method} {path} HTTP/{version}", f"Host: {hub.name}", *lines, "", ""])
    with socket.create_connection(("127.0.0.1", hub.port), 20) as peer:
        peer.sendall(head.encode("latin-1"))
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += peer.recv(65536)
        return answer.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "lines",
    [
        ASKS,
        ("Connection: upgrade", "Upgrade: WebSocket"),
        ("Connection: keep-alive, Upgrade", "Upgrade: websocket"),
        ("Connection: Upgrade", "Connection: keep-alive", "Upgrade: websocket"),
        ("Connection: keep-alive", "Upgrade: websocket", "Connection: upgrade"),
        (*ASKS, "Upgrade: websocket"),
        ("Connection: Upgrade", "Upgrade: websocket, websocket"),
        ("Connection: Upgrade", "Upgrade: h2c, websocket"),
        ("Connection: Upgrade", "Upgrade: h2c", "Upgrade: websocket"),
        (*ASKS, "Content-Length: 0"),
        (*ASKS, "Sec-WebSocket-Protocol: chat"),
        (*ASKS, "Sec-WebSocket-Protocol: chat, superchat", "Sec-WebSocket-Protocol: v1.hearth"),
        (*ASKS, "Sec-WebSocket-Protocol: chat,, Chat ,"),
        (*ASKS, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"),
        (*ASKS, 'Sec-WebSocket-Extensions: a; b="c"; d = e, f', "Sec-WebSocket-Extensions: g"),
    ],
)
def test_a_handshake_is_taken(hub: Serving, lines: tuple[str, ...]) -> None:
    answer = shake(hub, *lines, KEY, VERSION).lower()
    assert answer.startswith(b"http/1.1 101 "), answer
    assert b"\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=" in answer
    for never in (b"sec-websocket-protocol", b"sec-websocket-extensions"):
        assert never not in answer, "nothing that was offered is spoken"


@pytest.mark.parametrize(
    "lines",
    [
        (*ASKS, KEY),
        (*ASKS, VERSION),
        (*ASKS, KEY, VERSION, VERSION),
        (*ASKS, KEY, VERSION, KEY),
        (*ASKS, VERSION, "Sec-WebSocket-Key: "),
        (*ASKS, VERSION, "Sec-WebSocket-Key: x"),
        (*ASKS, VERSION, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ"),
        (*ASKS, VERSION, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSEh"),
        (*ASKS, VERSION, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j\xe9Q=="),
        *((*ASKS, KEY, VERSION, f"Sec-WebSocket-Protocol:{value}")
          for value in ("", "   ", " ,", " , ,", " \xe9", " caf\xe9", " chat, \xe9", " chat\xa0",
                        " a b", " a;b", ' "a"', " a/b", " chat, chat")),
        (*ASKS, KEY, VERSION, "Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: chat"),
        (*ASKS, KEY, VERSION, "Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: \xe9"),
        *((*ASKS, KEY, VERSION, f"Sec-WebSocket-Extensions:{value}")
          for value in ("", " ,", " ;", " a;", " a; =b", " a; b=", ' a; b="c d"', " a b",
                        " \xe9", ' a; b="')),
        (*ASKS, KEY, VERSION, "Origin: http://localhost", "Origin: http://localhost"),
    ],
)  # fmt: skip
def test_a_handshake_that_breaks_the_rules_is_refused(hub: Serving, lines: tuple[str, ...]) -> None:
    answer = shake(hub, *lines)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert b"Connection: close" in answer


@pytest.mark.parametrize("version", ["", "8", "12", "14", "013", "13.0", "13, 8", "x"])
def test_another_version_of_websocket_is_told_which_is_spoken(hub: Serving, version: str) -> None:
    answer = shake(hub, *ASKS, KEY, f"Sec-WebSocket-Version: {version}")
    assert answer.startswith(b"HTTP/1.1 426 "), answer
    for line in (b"Sec-WebSocket-Version: 13", b"Upgrade: websocket", b"Connection: Upgrade"):
        assert line in answer.split(b"\r\n")


@pytest.mark.parametrize(
    ("lines", "more"),
    [
        (ASKS, {"version": "1.0"}),
        (ASKS, {"method": "HEAD"}),
        (ASKS, {"method": "OPTIONS"}),
        (("Upgrade: websocket",), {}),
        (("Connection: keep-alive", "Upgrade: websocket"), {}),
        (("Connection: Upgrade",), {}),
        (("Connection: Upgrade", "Upgrade: h2c"), {}),
        (("Connection: Upgrade", "Upgrade: websockets, web socket, \xe9"), {}),
        (("Connection: Upgrade", "Upgrade: "), {}),
        ((*ASKS, "Content-Length: 1"), {}),
    ],
)
def test_an_upgrade_that_asks_for_no_websocket_is_ignored(
    hub: Serving, lines: tuple[str, ...], more: dict[str, str]
) -> None:
    answer = shake(hub, *lines, KEY, VERSION, path="/api/health", **more)
    assert answer.startswith(b"HTTP/1.1 200 "), answer
    answer = shake(hub, *lines, KEY, VERSION, **more)
    assert answer.startswith(b"HTTP/1.1 404 "), answer


def test_what_strangers_send_is_no_line_in_the_log(
    hub: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(10):
        shake(hub, "Connection: Upgrade", "Upgrade: h2c", path="/api/health")
        shake(hub, *ASKS, KEY, "Sec-WebSocket-Version: 8")
        told(hub, b"nonsense\r\n\r\n")
        told(hub, POST + HOST + b"Transfer-Encoding: chunked\r\n\r\nnonsense")
    assert not [x for x in caplog.records if x.levelname != "INFO"]


@pytest.mark.parametrize("name", ["Protocol", "Extensions"])
@pytest.mark.parametrize("part", ["a,", "a;b", "a;b ", "a=", ",", " ", 'a;b="', "a;b=c,"])
def test_what_a_handshake_offers_takes_no_longer_than_it_is(name: str, part: str) -> None:
    lines = [f"GET /api/live HTTP/1.1\r\nHost: x\r\n{KEY}\r\n{VERSION}\r\n"]

    def work(size: int) -> None:
        head = f"{lines[0]}Sec-WebSocket-{name}: {part * size}x\xe9\r\n\r\n"
        with contextlib.suppress(Malformed):
            assert refusal(parse(head.encode("latin-1"))) is not None

    assert growth(work, 1000) < 4 * TIMES
