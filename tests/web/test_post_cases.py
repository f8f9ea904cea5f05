"""One table of posts: each kind of body, good and bad, with what is answered to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.serving import FORM, Serving
from tests.web.examples import CHAT, JSON, brief

MULTIPART = "multipart/form-data; boundary=xx"
TEXT = "text/plain"
NAOR = "?username=naor"

Told = dict[str, Any] | tuple[str, str]


def parts(*fields: tuple[str, str]) -> bytes:
    """The body of a multipart form."""
    part = '--xx\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    return ("".join(part.format(*field) for field in fields) + "--xx--\r\n").encode()


def hello(**more: Any) -> dict[str, Any]:
    """The event that is saved, but for its number, time and checksum."""
    return {"room": "general", "by": "naor", "do": "say", "text": "Hello!", **more}


def json_error(reason: str) -> tuple[str, str]:
    return "malformed", f"That is not JSON: {reason}."


def shape_error(reason: str) -> tuple[str, str]:
    return "invalid", f"That is not what is wanted here: {reason}."


NOT_UTF8 = ("not_utf8", "The text is not UTF-8.")
NO_NAME = ("no_name", "Say who is writing: username.")
NO_FIELD = ("invalid", "The field msg is missing.")
NO_TEXT = ("empty", "There is nothing in this message.")
OTHER_KIND = ("wrong_kind", "Send a form, JSON or plain text.")
NO_NUMBER = ("invalid", "re must be the number of a message.")
LONG_KEY = "That is no key: Expected `str` of length <= 128."
NO_MESSAGE = ("no_such_message", "That message is not there any more.")

CASES: list[tuple[str | None, str, bytes, int, Told]] = [
    # JSON
    (JSON, "", b'{"username":"naor","msg":"Hello!"}', 201, hello()),
    (JSON, NAOR, b'{"msg":"Hello!"}', 201, hello()),
    (JSON, "?username=mira", b'{"username":"naor","msg":"Hello!"}', 201, hello()),
    (JSON, f"{NAOR}&key=j1", b'{"msg":"Hello!"}', 201, hello(key="j1")),
    (JSON, f"{NAOR}&key=x", b'{"msg":"Hello!","key":"j2"}', 201, hello(key="j2")),
    (JSON, NAOR, b'{"msg":"Hello!","re":1,"unknown":[1]}', 201, hello(re=1)),
    (f"{JSON}; charset=latin-1", NAOR, '{"msg":"é"}'.encode(), 201, hello(text="é")),
    ("APPLICATION/JSON", NAOR, b'{"msg":"Hello!"}', 201, hello()),
    (JSON, NAOR, b"", 400, json_error("Input data was truncated")),
    (JSON, NAOR, b"{", 400, json_error("Input data was truncated")),
    (JSON, NAOR, b"Hello!", 400, json_error("JSON is malformed: invalid character (byte 0)")),
    (JSON, NAOR, b'{"msg":"x"} {}', 400,
     json_error("JSON is malformed: trailing characters (byte 13)")),
    (JSON, NAOR, b"null", 422, shape_error("Expected `object`, got `null`")),
    (JSON, NAOR, b"{}", 422, shape_error("Object missing required field `msg`")),
    (JSON, NAOR, b'{"msg":1}', 422, shape_error("Expected `str`, got `int` - at `$.msg`")),
    (JSON, NAOR, b'{"msg":"x","re":0}', 422, shape_error("Expected `int` >= 1 - at `$.re`")),
    (JSON, NAOR, b'{"msg":"x","key":""}', 422,
     shape_error("Expected `str` of length >= 1 - at `$.key`")),
    (JSON, NAOR, b'{"msg":"x","re":999999}', 404, NO_MESSAGE),
    (JSON, NAOR, b'{"msg":" \\n"}', 422, NO_TEXT),
    (JSON, NAOR, b'{"msg":"\xff"}', 400,
     json_error("'utf-8' codec can't decode byte 0xff in position 0: invalid start byte")),
    (JSON, "", b'{"msg":"Hello!"}', 422, NO_NAME),
    (JSON, f"{NAOR}&key={'k' * 129}", b'{"msg":"x"}', 422, ("invalid", LONG_KEY)),
    (JSON, "?username=%ff", b'{"msg":"x"}', 400, NOT_UTF8),
    # forms
    (FORM, "", b"username=naor&msg=Hello!", 201, hello()),
    (f"{FORM}; charset=utf-8", "", b"msg=Hello%21&username=naor", 201, hello()),
    (FORM, NAOR, b"msg=Hello!", 201, hello()),
    (FORM, NAOR, b"msg=Hello!&username=", 201, hello()),
    (FORM, "?username=mira", b"msg=Hello!&username=naor&username=ann", 201, hello()),
    (FORM, "", b"username=naor&msg=Hello!&re=1&key=f1", 201, hello(re=1, key="f1")),
    (FORM, f"{NAOR}&key=f2", b"msg=Hello!&key=&re=", 201, hello(key="f2")),
    (FORM, NAOR, b"Hello!", 201, hello()),
    (FORM, NAOR, b"1 & 2 = 3", 201, hello(text="1 & 2 = 3")),
    (FORM, NAOR, b"msg=100%&x=" + b"%41" * 5000, 201, hello(text="100%")),
    (FORM, NAOR, b"msg=", 422, NO_TEXT),
    (FORM, NAOR, b"", 422, NO_TEXT),
    (FORM, "", b"msg=Hello!", 422, NO_NAME),
    (FORM, NAOR, b"msg=x&re=x", 422, NO_NUMBER),
    (FORM, NAOR, b"msg=x&re=-1", 422, NO_NUMBER),
    (FORM, NAOR, b"msg=x&re=%D9%A3", 422, NO_NUMBER),
    (FORM, NAOR, b"msg=x&re=0", 404, NO_MESSAGE),
    (FORM, NAOR, b"msg=x&re=" + b"9" * 5000, 404, NO_MESSAGE),
    (FORM, NAOR, b"msg=x&key=" + b"k" * 129, 422, ("invalid", LONG_KEY)),
    (FORM, NAOR, b"msg=%ff", 400, NOT_UTF8),
    (FORM, NAOR, b"msg=x&" + b"%ff" * 3000, 400, NOT_UTF8),
    (FORM, NAOR, b"\xff", 400, NOT_UTF8),
    # multipart forms
    (MULTIPART, "", parts(("username", "naor"), ("msg", "Hello!")), 201, hello()),
    ('multipart/form-data; boundary="xx"', NAOR, parts(("msg", "Hello!")), 201, hello()),
    (MULTIPART, f"{NAOR}&key=m1", parts(("msg", "Hello!"), ("re", "1")), 201,
     hello(key="m1", re=1)),
    (MULTIPART, "", parts(("msg", "Hello!"), ("msg", "x"), ("username", "naor")), 201, hello()),
    (MULTIPART, NAOR, parts(("x", "y" * 5000), ("msg", "Hello!")), 201, hello()),
    (MULTIPART, NAOR, parts(("msg", "")), 422, NO_TEXT),
    (MULTIPART, NAOR, parts(("username", "naor")), 422, NO_FIELD),
    (MULTIPART, NAOR, b"", 422, NO_FIELD),
    (MULTIPART, NAOR, b"--xx", 422, NO_FIELD),
    (MULTIPART, NAOR, b"--xx\r\n\r\n", 422, NO_FIELD),
    (MULTIPART, NAOR, b"\r\n--yy--", 422, NO_FIELD),
    (MULTIPART, NAOR, b'--xx\r\nContent-Disposition: form-data; name="msg"; filename="a"\r\n\r\nx'
     b"\r\n--xx--\r\n", 422, NO_FIELD),
    ("multipart/form-data", NAOR, parts(("msg", "Hello!")), 422, NO_FIELD),
    (MULTIPART, "", parts(("msg", "Hello!")), 422, NO_NAME),
    (MULTIPART, NAOR, parts(("msg", "x"), ("re", "y")), 422, NO_NUMBER),
    (MULTIPART, NAOR, parts(("msg", "x")) + b"\xff", 400, NOT_UTF8),
    (MULTIPART, NAOR, parts(*[(f"f{n}", "x") for n in range(1001)]), 413,
     ("request_entity_too_large", "The data value transmitted exceeds the capacity limit.")),
    # text
    (TEXT, NAOR, b"Hello!", 201, hello()),
    ("text/markdown; charset=utf-8", NAOR, b"Hello!", 201, hello()),
    (None, NAOR, b"Hello!", 201, hello()),
    (TEXT, f"{NAOR}&key=t1&username=mira", b"Hello!", 201, hello(key="t1")),
    (TEXT, f"{NAOR}&key=", b"msg=Hello!", 201, hello(text="msg=Hello!")),
    (TEXT, NAOR, b" ", 422, NO_TEXT),
    (TEXT, "", b"Hello!", 422, NO_NAME),
    (TEXT, NAOR, b"caf\xe9", 400, NOT_UTF8),
    ("text/plain; charset=latin-1", NAOR, b"caf\xe9", 400, NOT_UTF8),
    (TEXT, f"{NAOR}&key=%ff", b"x", 400, NOT_UTF8),
    (TEXT, NAOR, b"x" * 16_385, 413, ("too_long", "A message can have at most 16384 bytes.")),
    # others
    ("image/png", NAOR, b"x", 415, OTHER_KIND),
    ("application/octet-stream", NAOR, b"x", 415, OTHER_KIND),
    ("nonsense", NAOR, b"x", 415, OTHER_KIND),
]  # fmt: skip


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("posts") / "rooms")
    serving.say("first")
    yield serving
    serving.stop()


@pytest.mark.parametrize(("kind", "query", "body", "status", "told"), CASES, ids=brief)
def test_a_post_is_answered(
    asked: Serving, kind: str | None, query: str, body: bytes, status: int, told: Told
) -> None:
    before = asked.lines()
    answer = asked.ask("POST", CHAT + query, body, {"Content-Type": kind} if kind else {})
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == JSON
    lines = asked.lines()
    if isinstance(told, tuple):
        code, message = told
        assert answer.json == {"error": {"code": code, "message": message}}
        assert lines == before, "a refusal saves nothing"
        return
    assert lines == [*before, answer.body]
    event = answer.json
    n = event.pop("n")
    del event["at"], event["crc"]
    assert event == told
    assert answer.headers["Location"] == f"{CHAT}?after={n - 1}&limit=1"


def test_location_is_escaped(asked: Serving) -> None:
    answer = asked.post(f"/api/chat/{quote('Café')}{NAOR}", "x", Content_Type=TEXT)
    assert answer.headers["Location"] == "/api/chat/caf%C3%A9?after=0&limit=1"
