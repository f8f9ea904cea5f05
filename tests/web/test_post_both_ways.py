"""One table of posts, good and hostile, each read and answered in two ways: by the hub's own
lean Request and PlainAnswer, and by Werkzeug's objects. Every byte of the answers is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from flask import Response
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio import request as sansio

from hub.access.rate_limit import RateLimit
from hub.errors import Refused
from hub.web.wire.asgi import Scope
from hub.web.wire.wsgi import combined
from tests.serving import Serving
from tests.web.examples import CHAT, JSON
from tests.web.test_post_cases import CASES

SAID = b'{"username":"guest","msg":"Hello!"}'
OWN = b'{"msg":"Hello!"}'
CLOSE = "Connection: close"
BEARER = "Authorization: Bearer "
ORIGIN = "Origin: http://localhost"
NEW = re.compile(
    rb"(?<=\r\n[Dd]ate: )[^\r]+|(?<=Expires=)[^;]+|(?<=etag: \")\w+|(?<=\n\[)[-\d: ]+"
    rb'|(?<="at":")[^"]+|(?<="crc":")\w+|(?<="instance":")\w+'
)
"""What is another each time: times, checksums, and what is random at each start."""


class WerkzeugRequest(sansio.Request):
    """Reads the same request with nothing but Werkzeug."""

    def __init__(self, scope: Scope, body: bytes) -> None:
        headers = Headers(combined(scope["headers"]))
        client, server = (scope.get("client") or [None])[0], scope.get("server")
        path, query = scope["path"], scope["query_string"]
        super().__init__(scope["method"], "http", server, "", path, query, headers, client)
        self._body = body

    def get_data(self) -> bytes:
        return self._body


def flask_answer(body: bytes, status: int, headers: list[tuple[str, str]]) -> Response:
    """The same answer as Flask makes it, which counts its length itself."""
    answer = Response(body, status, content_type=JSON)
    answer.headers["Location"] = dict(headers)["Location"]
    return answer


@contextmanager
def werkzeugs_way() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("hub.web.dispatch.Request", WerkzeugRequest)
        patched.setattr("hub.web.dispatch.SHORT_PATH", -1)  # each path is looked up anew
        patched.setattr("hub.web.post.PlainAnswer", flask_answer)
        yield


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    """A request with nothing but what is said; `body` is latin-1 there."""
    return "\r\n".join([line, *headers, "", ""]).encode("latin-1") + body


def post(path: str, body: bytes, *headers: str, kind: str | None = JSON) -> bytes:
    """A request that is whole and ends its connection; `headers` come first."""
    usual = [f"Content-Type: {kind}"] if kind is not None else []
    length = f"Content-Length: {len(body)}"
    return request(
        f"POST {path} HTTP/1.1", "Host: localhost", *headers, *usual, length, CLOSE, body=body
    )


class Case(NamedTuple):
    """`statuses` are those of all answers; in `sent`, {token:NAME} is somebody's token."""

    statuses: str
    sent: bytes


def bearing(name: str, body: bytes = OWN, path: str = CHAT) -> bytes:
    return post(path, body, f"{BEARER}{{token:{name}}}")


def stays(sent: bytes) -> bytes:
    """The same request, after which the connection stays open for another."""
    return sent.replace(b"Connection: close\r\n", b"")


PRIVATE = "/api/chat/{private}"
PATHS = [
    (201, "general"), (201, "General"), (201, "GENERAL"), (201, "%67eneral"), (201, "caf%C3%A9"),
    (201, "caf%c3%a9"), (201, "Cafe%CC%81"), (201, "%D7%A9%D7%9C%D7%95%D7%9D"), (201, "my%20room"),
    (201, "general?"), (201, "general?x=1"), (201, "general?username="), (201, "x" * 64),
    (404, "my+room"), (404, "a%2Fb"), (404, "a%2fb"), (308, "%2fgeneral"), (404, "%00"),
    (404, "a%00b"), (404, "a%0d%0ab"), (404, "%C0%AF"), (404, "%ff"), (404, "%ed%a0%80"),
    (404, "%E0%80%AF"), (404, "%"), (404, "%zz"), (404, "%2"), (404, "a%25b"), (404, "."),
    (404, ".."), (404, "%2e%2e"), (404, "../general"), (404, "general/"), (404, "general/x"),
    (404, "general;x"), (404, "con"), (404, ".hidden"), (404, "-x"), (404, "a.b"), (404, "api"),
    (404, "%e2%80%8b"), (404, "%E2%80%AEabc"), (404, "%CC%81a"), (404, "x" * 65), (404, "x" * 200),
    (404, "x" * 201), (404, "x" * 9000), (404, "%C3%A9" * 2000), (404, ""), (404, "%20"),
    (400, "a b"), (400, "gen\xe9ral"), (400, "general#x"), (400, "a\tb"),
]  # fmt: skip
TARGETS = [
    (201, "//api/chat/general"), (201, "///api/chat/general"), (404, "//api/chat/a.b"),
    (308, "/api//chat/general"), (404, "/api/chat"),
    (404, "/API/chat/general"), (404, "/api/chatx/general"), (404, "/x/api/chat/general"),
    (400, "http://localhost/api/chat/general"), (400, "*"), (400, "api/chat/general"),
]  # fmt: skip
KINDS = [
    (201, JSON), (201, "Application/JSON"), (201, f"{JSON};"), (201, f"{JSON} "),
    (201, f"\t{JSON}\t"), (201, f"{JSON}; charset=utf-8"), (201, f'{JSON};charset="UTF-8"'),
    (201, f"{JSON} ; charset=utf-8"), (201, f"{JSON}; charset=utf-16"), (201, f"{JSON}; x=\xe9"),
    (201, f"{JSON};;;"), (201, f"{JSON}; =; a*0=b"), (415, f"{JSON}, {JSON}"), (415, f"{JSON}x"),
    (415, f"{JSON},"), (415, "application/problem+json"), (415, "application /json"),
    (415, f'"{JSON}"'), (415, "\xe9"), (415, "json"), (422, "text/json"), (422, ""), (422, ";"),
    (422, f";{JSON}"), (422, None), (415, "application/js\xf6n"), (415, f"{JSON}\xa0"),
]  # fmt: skip
BODIES = [
    (201, SAID), (201, b" \n\t" + SAID + b"\r\n "), (201, b'{"msg":"a","msg":"b","username":"g"}'),
    (201, b'{"username":"g","msg":"x","key":null,"re":null}'),
    (201, b'{"username":"g","msg":"x","unknown":{"a":[1e999]}}'),
    (201, b'{"username":"g","msg":"x","__proto__":1}'),
    (201, b'{"username":"g","msg":"\\u0000\\ud83d\\ude00"}'),
    (201, b'{"username":"g","msg":"x","re":1}'),
    (201, b'{"username":"g","msg":"' + b"x" * 16_384 + b'"}'),
    (413, b'{"username":"g","msg":"' + b"x" * 16_385 + b'"}'),
    (400, b""), (400, b" "), (400, b"{"), (400, b"\xef\xbb\xbf" + SAID),
    (400, SAID.decode().encode("utf-16")), (400, SAID + SAID), (400, SAID + b"\0"),
    (400, b'{"username":"g","msg":NaN}'), (400, b"{'msg':'x'}"), (400, b'{"msg":"x",}'),
    (400, b'{"username":"g","msg":"\\ud800"}'), (400, b'{"username":"g","msg":"\xed\xa0\x80"}'),
    (400, b'{"a":' * 20_000), (422, b"[" * 50_000), (400, b'{"a":' + b"[" * 50_000),
    (400, b'{"username":"g","msg":"x","a":' + b"9" * 5000 + b"x"),
    (422, b"[]"), (422, b"1"), (422, b"null"), (422, b'"x"'), (422, b"{}"), (422, OWN),
    (422, b'{"username":"g"}'), (422, b'{"username":"g","msg":null}'),
    (422, b'{"username":"g","msg":1}'), (422, b'{"username":1,"msg":"x"}'),
    (422, b'{"username":"g","msg":["x"]}'), (422, b'{"username":"g","msg":" "}'),
    (422, b'{"username":"","msg":"x"}'), (422, b'{"username":"\\u202e","msg":"x"}'),
    (422, b'{"username":"g","msg":"x","key":""}'), (422, b'{"username":"g","msg":"x","key":1}'),
    (422, b'{"username":"g","msg":"x","key":"' + b"k" * 129 + b'"}'),
    (422, b'{"username":"g","msg":"x","re":0}'), (422, b'{"username":"g","msg":"x","re":"1"}'),
    (422, b'{"username":"g","msg":"x","re":1.5}'), (422, b'{"username":"g","msg":"x","re":1e400}'),
    (422, b'{"username":"g","msg":"x","re":' + b"9" * 400 + b"}"),
    (404, b'{"username":"g","msg":"x","re":9007199254740991}'),
    (409, b'{"username":"mira","msg":"x"}'), (409, b'{"username":"M I R A","msg":"x"}'),
    (413, b'{"username":"g","msg":"x","a":"' + b"x" * 200_000 + b'"}'),
]  # fmt: skip
HEADERS = [
    (201, [f"{BEARER}{{token:mira}}"]), (201, ["authorization: bEARER {token:mira}"]),
    (201, [f"{BEARER} {{token:mira}} "]), (201, [f"{BEARER}{{token:program}}"]),
    (401, [f"{BEARER}nobody"]), (401, [f"{BEARER}{{token:mira}}="]),
    (401, [f"{BEARER}{{token:mira}} x"]), (401, [f"{BEARER}{{token:mira}}, x"]),
    (401, [f"{BEARER}\xff"]), (401, [f"{BEARER}{{token:mira}}"] * 2),
    (401, [f"{BEARER}{{token:gone}}"]), (401, [f"{BEARER}" + "x" * 9000]),
    (201, ["Authorization: "]), (401, ["Authorization: Bearer"]), (201, [f"{BEARER}a=b"]),
    (201, [f"{BEARER}a=b, c=d"]), (201, ["Authorization: Basic eDp5"]),
    (201, ["Authorization: Basic !"]), (201, ["Authorization: {token:mira}"]),
    (201, ["Authorization: Bearer\t{token:mira}"]), (201, ["Author_ization: Bearer x"]),
    (201, ["Cookie: {cookie}={token:mira}", ORIGIN]),
    (201, ["Cookie: {cookie}={token:mira}", "Origin: http://LOCALHOST:80"]),
    (201, ["Cookie: a=b; {cookie}={token:mira}; {cookie}=x", ORIGIN]),
    (201, ["Cookie: a=b", "Cookie: {cookie}={token:mira}", ORIGIN]),
    (201, [f"{BEARER}{{token:mira}}", "Cookie: {cookie}=x", ORIGIN]),
    (201, ["Authorization: Basic eDp5", "Cookie: {cookie}={token:mira}", ORIGIN]),
    (201, [f"{BEARER}a=b", "Cookie: a=b"]), (403, ["Cookie: hearth_1={token:mira}"]),
    (201, ["Cookie: hearth_1={token:mira}", ORIGIN]),
    (401, ["Cookie: {cookie}=x", ORIGIN]), (401, ["Cookie: {cookie}=", ORIGIN]),
    (403, ["Cookie: {cookie}={token:mira}"]),
    (403, ["Cookie: {cookie}={token:mira}", "Origin: null"]), (403, ["Origin: http://x"]),
    (403, ["Origin: https://localhost"]), (403, [ORIGIN, "Origin: http://x"]),
    (403, ["Origin: "]), (201, [ORIGIN, ORIGIN]), (201, [ORIGIN]),
    (403, [f"{BEARER}{{token:banned}}"]), (403, [f"{BEARER}{{token:muted}}"]),
    (403, [f"{BEARER}{{token:waiting}}"]),
    (415, [f"Content-Type: {JSON}"]), (422, ["Content-Type: text/plain"]),
    (201, ["Content_Type: text/plain"]), (201, ["X-HTTP-Method-Override: DELETE"]),
    (201, ["X-Forwarded-For: 10.0.0.1", "X-Forwarded-Host: evil.example"]),
    (201, ["Accept: text/html", "Accept-Encoding: gzip"]), (201, ["Upgrade: websocket"]),
    ("100 201", ["Expect: 100-continue"]), (201, ["Range: bytes=0-1", "If-None-Match: *"]),
    (400, ["Host: localhost"]), (400, ["Content-Length: 1"]), (400, ["X: a\x00b"]), (400, ["X"]),
    (400, ["Transfer-Encoding: chunked"]), (400, [f"X-{n}: 1" for n in range(100)]),
]  # fmt: skip
ROOMS = [
    (201, bearing("mira", path=PRIVATE)), (404, bearing("lena", path=PRIVATE)),
    (404, post(PRIVATE, SAID)), (404, post("/api/chat/private-0123456789abcdef", SAID)),
    (404, post("/api/chat/dm-0123456789abcdef01234567", SAID)),
    (201, bearing("host", path="/api/chat/news")), (403, bearing("mira", path="/api/chat/news")),
    (403, post("/api/chat/news", SAID)), (403, post("/api/chat/closed", SAID)),
    (403, bearing("mira", path="/api/chat/closed")),
    (403, bearing("host", path="/api/chat/archived")),
    ("201 201 200", stays(post(CHAT, b'{"username":"a","msg":"x","key":"k"}'))
     + stays(post(CHAT, b'{"username":"b","msg":"x","key":"k"}'))
     + post(CHAT, b'{"username":"a","msg":"y","key":"k"}')),
]  # fmt: skip
PLAIN = post(CHAT, SAID)
STAYS = stays(PLAIN)
CHUNKED = request(
    f"POST {CHAT} HTTP/1.1", "Host: localhost", f"Content-Type: {JSON}", CLOSE,
    "Transfer-Encoding: chunked",
)  # fmt: skip
OTHERS = [
    *[(status, request(f"{method} {CHAT} HTTP/1.1", "Host: localhost", CLOSE))
      for status, method in ((200, "HEAD"), (200, "OPTIONS"), (200, "GET"), (411, "POST"),
                             (405, "DELETE"), (411, "PUT"), (411, "PATCH"), (405, "BREW"))],
    (405, PLAIN.replace(b"POST", b"PUT")), (400, PLAIN.replace(b"POST", b"post")),
    (200, PLAIN.replace(b"POST", b"HEAD")), (200, PLAIN.replace(b"POST", b"GET")),
    (201, PLAIN.replace(b"HTTP/1.1", b"HTTP/1.0")),
    (201, PLAIN.replace(b"HTTP/1.1\r\nHost: localhost", b"HTTP/1.0\r\nHost: localhost")),
    (400, PLAIN.replace(b"Host: localhost\r\n", b"")),
    (421, PLAIN.replace(b"Host: localhost", b"Host: evil.example")),
    (421, PLAIN.replace(b"Host: localhost", b"Host: ")),
    (400, PLAIN.replace(b"Content-Length: ", b"Content-Length: +")),
    (201, PLAIN.replace(b"Content-Length: ", b"Content-Length: 000")),
    (400, PLAIN.replace(b"Content-Length: 35", b"Content-Length: 0")),
    (413, PLAIN.replace(b"Content-Length: 35", b"Content-Length: 99999999")),
    (201, CHUNKED + b"5\r\n%b\r\n1e;x=y\r\n%b\r\n0\r\nX: y\r\n\r\n" % (SAID[:5], SAID[5:])),
    (400, CHUNKED + b"x\r\n"),
    ("201 201", STAYS + PLAIN),
    ("201 200", STAYS
     + request("GET /api/health HTTP/1.1", "Host: localhost", CLOSE)),
    ("422 404 201", stays(post(CHAT, OWN))
     + stays(post("/api/chat/a.b", SAID)) + PLAIN),
    ("201 400", STAYS + b"nonsense\r\n\r\n"),
]  # fmt: skip

TABLE = [
    *[Case(str(status), post(f"/api/chat/{path}", SAID)) for status, path in PATHS],
    *[Case(str(status), post(path, SAID)) for status, path in TARGETS],
    *[Case(str(status), post(CHAT, SAID, kind=kind)) for status, kind in KINDS],
    *[Case(str(status), post(CHAT, body)) for status, body in BODIES],
    *[Case(str(status), post(CHAT, SAID, *headers)) for status, headers in HEADERS],
    *[Case(str(status), sent) for status, sent in (*ROOMS, *OTHERS)],
    *[Case(str(x[3]), post(CHAT + x[1], x[2], kind=x[0])) for x in CASES],
]


class Ways(NamedTuple):
    lean: Serving
    werkzeug: Serving
    marks: dict[str, dict[bytes, bytes]]
    """By the path of each hub, what stands for its own tokens and names in the table."""

    def answers(self, sent: bytes) -> tuple[bytes, bytes]:
        """Every byte that comes back in both ways, but for what is new each time."""
        lean = self._ask(self.lean, sent)
        with werkzeugs_way():
            return lean, self._ask(self.werkzeug, sent)

    def _ask(self, hub: Serving, sent: bytes) -> bytes:
        marks = self.marks[str(hub.path)]
        for mark, value in marks.items():
            sent = sent.replace(mark, value)
        told = hub.raw(sent)
        for mark, value in marks.items():
            told = told.replace(value, mark)
        return NEW.sub(b"-", told)


def furnish(hub: Serving) -> dict[bytes, bytes]:
    """People and rooms of every kind; gives what stands for them in the table."""
    own = hub.server._hub
    assert own is not None
    people = own.people

    def enter() -> dict[str, Any]:
        people._clock = lambda: 1_000_000.0
        entered = {x: people.enter(x) for x in "mira lena banned muted waiting gone host".split()}
        people.ban(entered["banned"][0], True)
        people.update(entered["muted"][0], muted=1_000_100.0)
        people.update(entered["waiting"][0], waiting=True)
        people.set_host(entered["host"][0], True)
        program = people.add_device(entered["mira"][0], purpose="a program")[1]
        people.devices.end(entered["gone"][1])
        return {x: (y.who, token) for x, (y, token) in entered.items()} | {"program": ("", program)}

    entered = hub.on_loop(enter)
    host, mira = (f"Bearer {entered[x][1]}" for x in ("host", "mira"))

    def done(path: str, authorization: str, **members: Any) -> Any:
        answer = hub.post(path, members, Authorization=authorization)
        assert answer.status in (200, 201), answer.text
        return answer.json

    hub.say("first")
    private = done("/api/rooms", mira, kind="private", title="Ours")["room"]
    done("/api/rooms", host, kind="announcements", title="News", name="news")
    done("/api/rooms", host, kind="announcements", title="Old", name="archived")
    hub.say("first", "closed")
    for room, do in (("closed", "close"), ("archived", "archive")):
        done(f"/api/rooms/{room}", host, do=do)
    marks = {f"{{token:{x}}}".encode(): token.encode() for x, (_, token) in entered.items()}
    marks |= {f"{{who:{x}}}".encode(): who.encode() for x, (who, _) in entered.items() if who}
    return marks | {b"{private}": private.encode(), b"{cookie}": hub.cookie.encode()}


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    lean, werkzeug = (Serving(tmp_path_factory.mktemp(x) / "rooms") for x in ("lean", "werkzeug"))
    yield Ways(lean, werkzeug, {str(x.path): furnish(x) for x in (lean, werkzeug)})
    lean.stop()
    werkzeug.stop()


def statuses(told: bytes) -> str:
    return " ".join(x.decode() for x in re.findall(rb"^HTTP/1\.1 (\d+) ", told, re.MULTILINE))


def check(ways: Ways, expected: str, sent: bytes) -> None:
    lean, werkzeug = ways.answers(sent)
    assert statuses(lean) == expected, lean
    assert lean == werkzeug


@pytest.mark.parametrize("case", TABLE, ids=map(str, range(len(TABLE))))
def test_answers_are_the_same_both_ways(ways: Ways, case: Case) -> None:
    check(ways, case.statuses, case.sent)


def test_the_same_is_saved_both_ways(ways: Ways) -> None:
    check(ways, "201", post(CHAT, SAID))
    lean, werkzeug = (
        {name: re.sub(rb'"(at|crc|who|whom|id|made)":"[^"]*"', b"", data) for name, data in rooms}
        for rooms in (x.histories().items() for x in (ways.lean, ways.werkzeug))
    )
    public = {x for x in lean if not x.startswith("private-")}
    assert public == {x for x in werkzeug if not x.startswith("private-")}
    assert {x: lean[x] for x in public} == {x: werkzeug[x] for x in public}


def test_who_is_too_fast_is_told_so_both_ways(ways: Ways, monkeypatch: pytest.MonkeyPatch) -> None:
    for hub in (ways.lean, ways.werkzeug):
        assert hub.server._hub is not None
        limit = RateLimit(0.25, 1, lambda: 0.0)
        monkeypatch.setattr(hub.server._hub.limits, "messages", limit)
    check(ways, "201", post(CHAT, SAID))
    check(ways, "429", post(CHAT, SAID))
    assert b"\r\nretry-after: 4\r\n" in ways.answers(post(CHAT, SAID))[0]


def test_a_hub_that_stops_says_so_both_ways(ways: Ways, monkeypatch: pytest.MonkeyPatch) -> None:
    for hub in (ways.lean, ways.werkzeug):
        monkeypatch.setattr(hub.server._hub, "_stopping", True)
    check(ways, "503", post(CHAT, SAID))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("broken"), "500"),
        (TimeoutError(), "500"),
        (Refused("disk_full", "The disk is full.", 507), "507"),
        (RequestEntityTooLarge(), "413"),
    ],
)
def test_failures_are_told_both_ways(
    ways: Ways, monkeypatch: pytest.MonkeyPatch, error: Exception, status: str
) -> None:
    async def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("hub.hub.Hub.post", fail)
    check(ways, status, post(CHAT, SAID))
