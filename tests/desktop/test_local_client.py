"""Asking a hub on this computer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from hub.desktop import local_client
from tests.desktop.answering import Answering


@pytest.fixture
def program() -> Iterator[Answering]:
    answering = Answering()
    yield answering
    answering.close()


def test_what_is_sent_and_answered(program: Answering) -> None:
    program.answer = b'{"window": true}'
    answer = local_client.ask(f"{program.base}/", "POST", "/api/window", {"room": "café"})
    assert answer == {"window": True}
    assert program.asked == [("POST", "/api/window", "application/json", {"room": "café"})]


def test_a_request_without_body(program: Answering) -> None:
    assert local_client.ask(program.base, "GET", "/api/health") == {}
    assert program.asked == [("GET", "/api/health", None, None)]


@pytest.mark.parametrize("answer", [b"", b"hello", b"[1]", b"7", b"null", b"\xff", b'{"a":'])
def test_an_answer_that_is_no_json_object(program: Answering, answer: bytes) -> None:
    program.answer = answer
    assert local_client.ask(program.base, "GET", "/") == {}
    assert not local_client.answers(program.base, "own")


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(local_client, "TIMEOUT_SECONDS", 0.1)
        assert local_client.ask(base, "GET", "/") == {}
    assert local_client.ask(base, "GET", "/") == {}, "and nobody listens"


@pytest.mark.parametrize(
    ("health", "same"),
    [({"instance": "own"}, True), ({"instance": "other"}, False), ({}, False)],
)
def test_whether_it_is_the_instance(program: Answering, health: Any, same: bool) -> None:
    program.answer_json(health)
    assert local_client.answers(program.base, "own") is same
    assert program.asked == [("GET", "/api/health", None, None)]
