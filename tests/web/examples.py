"""Texts and names that tests of the web try, and the addresses that they ask."""

from __future__ import annotations

from typing import Any

from tests.serving import Answer, Serving

CHAT = "/api/chat/general"
JSON = "application/json"
LINES = "application/x-ndjson"

NASTY = [
    "Hello",
    "two\nlines",
    "tab\tand\r\nreturn",
    '{"do":"say"}\n{"do":"erase"}',
    '"}\n',
    "\\u0041 \\ \" ' < > & %41 + ;",
    "\x00\x01\x1b[31m\x7f\x85\u2028\u2029",
    "👩‍👩‍👧 שלום مرحبا नमस्ते ",
    "\ufeff\u200b\u202e\ue000\U0010ffff\ufffe",
    "á != a\u0301",
    "   spaces around   ",
    ',"crc":"00000000"}',
]

IMPOSSIBLE = [
    ".hidden",
    "..",
    "-x",
    "a.b",
    "a:b",
    "a\\b",
    "con",
    "NUL",
    "com1",
    "Lpt9",
    "api",
    "Static",
    "get",
    "join",
    "favicon.ico",
    "a\x00b",
    "a\nb",
    "a\u200bb",
    "\u202eabc",
    "a?b",
    "a*b",
    "<b>",
    "x" * 65,
    "x" * 10_000,
    "é" * 10_000,
    "\u0301a",
    "%2e%2e",
    "~",
    "%",
]


def brief(value: Any) -> str:
    """A short name for a test case."""
    text = ascii(value)
    return text if len(text) < 60 else f"{text[:40]} ({len(text)})"


def check_refused(hub: Serving, answer: Answer, *expected: int) -> None:
    """The refusal has one of these statuses, and the hub goes on."""
    assert answer.error[0] in expected, answer.text
    assert hub.get("/api/health").status == 200
