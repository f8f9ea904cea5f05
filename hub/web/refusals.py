"""What is answered where a request fails: JSON below /api, a line of text elsewhere."""

from __future__ import annotations

import logging

from flask import Response
from werkzeug.exceptions import HTTPException

from hub.errors import OURS, Refused
from hub.protocol import events

log = logging.getLogger(__name__)


def answer_to(error: Exception, method: str, path: str) -> Response:
    """The answer to a request that was refused, or that failed, which is logged."""
    if isinstance(error, Refused):
        return refusal(error, path)
    if isinstance(error, HTTPException):
        return _not_routed(error, method, path)
    log.error("a request failed: %s %s", method, path, exc_info=error)
    return refusal(OURS, path)


def refusal(why: Refused, path: str) -> Response:
    if path.startswith("/api/"):
        body = events.encode({"error": why.body()}) + b"\n"
        answer = Response(body, why.status, content_type="application/json")
    else:
        answer = Response(why.message, why.status, content_type="text/plain; charset=utf-8")
    if why.retry_after is not None:
        answer.headers["Retry-After"] = str(max(1, round(why.retry_after)))
    if why.status == 401:  # RFC 9110, 15.5.2; no browser prompts for a bearer token
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _not_routed(error: HTTPException, method: str, path: str) -> Response:
    """What Flask and Werkzeug refuse: no such address, no such method, too many parts."""
    message = error.description or error.name
    if error.code == 404:
        message = "There is nothing at this address."
    if error.code == 405:
        message = f"{method} is not possible here."
    code = error.name.lower().replace(" ", "_")
    answer = refusal(Refused(code, message, error.code or 500), path)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            answer.headers[name] = value
    return answer
