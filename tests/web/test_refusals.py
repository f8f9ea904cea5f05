"""How a failed request is answered."""

from __future__ import annotations

import json

import pytest
from werkzeug.exceptions import MethodNotAllowed, NotFound, RequestEntityTooLarge

from hub.errors import Refused
from hub.web.refusals import answer_to


def test_below_api_a_refusal_is_json() -> None:
    why = Refused("too_fast", "Wait.", 429, 2.6)
    why.more = {"ask": True}
    answer = answer_to(why, "POST", "/api/x")
    assert (answer.status_code, answer.content_type) == (429, "application/json")
    assert answer.headers["Retry-After"] == "3"
    assert json.loads(answer.get_data()) == {
        "error": {"code": "too_fast", "message": "Wait.", "ask": True, "retry_after": 2.6}
    }


def test_elsewhere_it_is_a_line_of_text() -> None:
    answer = answer_to(Refused("room_name", "No such room.", 404), "GET", "/x")
    assert (answer.status_code, answer.content_type) == (404, "text/plain; charset=utf-8")
    assert answer.get_data() == b"No such room."


@pytest.mark.parametrize("seconds", [0.0, 0.01, 1.0])
def test_retry_after_is_at_least_a_second(seconds: float) -> None:
    answer = answer_to(Refused("x", "X.", 429, seconds), "GET", "/api/x")
    assert answer.headers["Retry-After"] == "1"


def test_a_401_names_the_scheme() -> None:
    assert answer_to(Refused("x", "X.", 401), "GET", "/api/x").headers["WWW-Authenticate"]
    assert "WWW-Authenticate" not in answer_to(Refused("x", "X.", 403), "GET", "/api/x").headers


def test_what_flask_refuses() -> None:
    answer = answer_to(NotFound(), "GET", "/api/x")
    assert json.loads(answer.get_data())["error"] == {
        "code": "not_found", "message": "There is nothing at this address.",
    }  # fmt: skip
    answer = answer_to(MethodNotAllowed(["GET"]), "POST", "/api/x")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert json.loads(answer.get_data())["error"] == {
        "code": "method_not_allowed", "message": "POST is not possible here.",
    }  # fmt: skip
    answer = answer_to(RequestEntityTooLarge(), "POST", "/api/x")
    assert answer.status_code == 413
    assert json.loads(answer.get_data())["error"]["code"] == "request_entity_too_large"


def test_a_failure_says_nothing_of_itself(caplog: pytest.LogCaptureFixture) -> None:
    answer = answer_to(ValueError("secret"), "PUT", "/api/x")
    assert answer.status_code == 500
    assert b"secret" not in answer.get_data()
    assert "a request failed: PUT /api/x" in caplog.text
    assert "secret" in caplog.text
