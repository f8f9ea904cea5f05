"""The operations of the HTTP API are the routes."""

from __future__ import annotations

import re
from typing import Any

from hub.web.app import application
from hub.web.operations import OPERATIONS
from tests.serving import ROOT, Serving


def routes(hub: Serving) -> set[tuple[str, str]]:
    """What the application answers below /api."""
    own = hub.server._hub
    assert own is not None
    guard: Any = hub.on_loop(lambda: application(own, ROOT / "ui", hub.port, list))
    rules = guard._http.routes.iter_rules()
    return {
        (re.sub("<(?:[a-z]+:)?[a-z_]+>", "{}", rule.rule), method.lower())
        for rule in rules
        if rule.rule.startswith("/api/")
        for method in set(rule.methods or ()) - {"HEAD", "OPTIONS"}
    }


def test_there_is_an_operation_for_each_route_and_none_besides(lasting: Serving) -> None:
    listed = {
        (re.sub(r"\{\w+\}", "{}", path), method)
        for path, methods in OPERATIONS.items()
        for method in methods
    }
    assert listed == routes(lasting)
    assert len(listed) > 8


def test_a_body_that_is_described_is_required(lasting: Serving) -> None:
    for path, methods in OPERATIONS.items():
        for method, operation in methods.items():
            if operation.body is not None and "{" not in path:
                refused = lasting.ask(method.upper(), path, {})
                if refused.status != 401:  # where a session is needed, it is checked first
                    assert refused.status == 422, path
