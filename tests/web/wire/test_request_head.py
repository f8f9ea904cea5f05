"""Request smuggling: what two programs could read in two ways is a 400, and closes."""

import contextlib
import socket

import pytest

from hub.web.wire.request_head import Malformed, for_llhttp, parse
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
def test_request_smuggling_is_refused(hub: Serving, request_bytes: bytes) -> None:
    answer = told(hub, request_bytes + SMUGGLED)
    assert answer.startswith(b"HTTP/1.1 400 "), answer[:200]
    assert b"connection: close" in answer.lower()
    assert answer.count(b"\r\n\r\n") == 1
    assert b'"code":"malformed"' in answer
    assert not hub.path.joinpath("general.jsonl").exists()


REASONS = {
    "content-length and chunked": "there are both a content-length and a transfer-encoding",
    "chunked and content-length": "there are both a content-length and a transfer-encoding",
    "two lengths": "there are two content-length lines",
    "two equal lengths": "there are two content-length lines",
    "two codings": "there are two transfer-encoding lines",
    "two hosts": "there are two host lines",
    "two equal hosts": "there are two host lines",
    "no host": "there is no host line",
    "chunked in HTTP/1.0": "the transfer-encoding is not chunked",
    "a NUL in a value": "a header line is malformed",
    "a NUL in the host": "a header line is malformed",
    "a bare return inside a header": "a header line is malformed",
    "a header without a colon": "a header line is malformed",
    "a space before the colon": "a header line is malformed",
    "a hundred and one headers": "there are too many header lines, or they are too long",
    "17 KB of headers": "there are too many header lines, or they are too long",
}


@pytest.mark.parametrize("what", [x for x, request in BAD.items() if b"\r\n\r\n" in request])
def test_each_is_refused_before_llhttp_reads_it(what: str) -> None:
    head = BAD[what].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    with pytest.raises(Malformed, match=REASONS.get(what, "[.]?")):
        parse(head)


@pytest.mark.parametrize("control", [*range(9), *range(10, 32), 127])
def test_control_characters_are_refused_everywhere(control: int) -> None:
    for line in (b"X: a%bb", b"X%b: a", b"%bX: a", b"X: %b"):
        head = b"GET / HTTP/1.1\r\nHost: x\r\n" + line.replace(b"%b", bytes([control]))
        with pytest.raises(Malformed):
            parse(head + b"\r\n\r\n")
    with pytest.raises(Malformed):
        parse(b"GET /%c HTTP/1.1\r\nHost: x\r\n\r\n" % control)


@pytest.mark.parametrize(
    ("line", "websocket"),
    [
        (b"GET / HTTP/1.1", True),
        (b"GET / HTTP/1.0", False),
        (b"HEAD / HTTP/1.1", False),
        (b"GET / HTTP/1.1\r\nContent-Length: 1", False),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked", False),
    ],
)
def test_only_a_get_of_http_1_1_without_body_is_upgraded(line: bytes, websocket: bool) -> None:
    lines = (
        b"\r\nHost: x\r\nUpgrade: h2c, WebSocket\r\nConnection: keep-alive\r\nConnection: Upgrade"
    )
    assert parse(line + lines + b"\r\n\r\n").wants_websocket is websocket


def test_what_llhttp_is_given() -> None:
    """Never an upgrade that is not accepted, nor another request behind a chunked body."""
    offers = (
        b"BREW /x?y HTTP/1.1\r\nHost: x\r\nUPGRADE: h2c\r\nConnection: upgrade\r\n"
        b"Sec-WebSocket-Protocol: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    assert for_llhttp(parse(offers), websocket=False) == (
        b"PUT /x?y HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nsec-websocket-protocol: a\r\n"
        b"transfer-encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    assert for_llhttp(parse(offers), websocket=True) == (
        b"PUT /x?y HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n"
        b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    )


def test_a_sound_head_is_parsed() -> None:
    head = parse(b"GET /a?b=c%20d HTTP/1.1\r\nHost: x\r\nX:\r\nY: \t a b \t\r\n\r\n")
    assert head == ("GET", b"/a?b=c%20d", "1.1", [(b"host", b"x"), (b"x", b""), (b"y", b"a b")], 0)
    head = parse(b"POST / HTTP/1.1\r\nhost: x\r\nTRANSFER-ENCODING: Chunked\r\n\r\n")
    assert head.body_length is None
    assert parse(b"OPTIONS * HTTP/1.0\r\n\r\n").target == b"*"


@pytest.mark.parametrize(
    "line", [b"X: x%bx", b"X: %b", b"X:%b x", b"Content-Type: a/b;%bx=1", b"%bX: y", b"X%b: y"]
)
def test_parsing_spaces_takes_linear_time(line: bytes) -> None:
    def work(size: int) -> None:
        with contextlib.suppress(Malformed):
            parse(b"GET / HTTP/1.1\r\n" + HOST + line.replace(b"%b", b" " * size) + b"\r\n\r\n")

    assert growth(work, 1000) < 4 * TIMES
