"""Asks a hub on this computer over HTTP: a second start the first one, a first start itself."""

from __future__ import annotations

import http.client
import json
from typing import Any, Final

TIMEOUT_SECONDS: Final = 5.0
"""Seconds to wait for an answer."""


def ask(base: str, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the JSON object of the answer; an empty one where no hub answers.

    `base` is the URL of the hub, `body` is sent as JSON.
    """
    netloc = base.partition("//")[2].rstrip("/")
    connection = http.client.HTTPConnection(netloc, timeout=TIMEOUT_SECONDS)
    try:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return {}
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else {}


def answers(base: str, instance: str) -> bool:
    """Whether the hub of this `instance` answers at `base`: another program may have the port."""
    return ask(base, "GET", "/api/health").get("instance") == instance
