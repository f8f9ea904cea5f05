"""The OpenAPI document is complete, and what it refers to is there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hub.protocol.commands import COMMANDS
from hub.protocol.events import Event
from hub.web.error_codes import ERROR_CODES
from hub.web.openapi import openapi
from tests.serving import Serving


@pytest.fixture
def described() -> dict[str, Any]:
    return openapi("1.2.3")


def test_the_hub_answers_with_the_document(lasting: Serving) -> None:
    version = lasting.get("/api/health").json["version"]
    assert lasting.get("/api/openapi.json").json == json.loads(json.dumps(openapi(version)))


def test_it_has_the_versions(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    assert described["info"]["version"] == "1.2.3"


def test_an_event_has_all_members_that_are_saved(described: dict[str, Any]) -> None:
    members = described["components"]["schemas"]["Event"]["properties"]
    assert set(Event.__struct_fields__) <= set(members)
    assert {"edited", "erased", "crc"} <= set(members)


def test_every_command_over_http_is_described(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    change, deed = (set(schemas[x]["discriminator"]["mapping"]) for x in ("Change", "Deed"))
    assert {*change, "say"} == {x.__name__.lower() for x in COMMANDS} - {
        "follow", "hello", "idle", "join", "leave", "reads", "typing", "watch",
    }  # fmt: skip
    assert {"kick", "mode", "erase"} <= deed
    assert "room" not in schemas["Change.Title"]["properties"]
    assert "room" in schemas["Deed.CloseIt"]["required"]


def test_errors_are_described_by_their_status(described: dict[str, Any]) -> None:
    responses = described["components"]["responses"]
    assert set(responses) == {f"Error{x.status}" for x in ERROR_CODES}
    for error in ERROR_CODES:
        assert f"- `{error.code}`: {error.when}" in responses[f"Error{error.status}"]["description"]


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if "$ref" in part else []
            return own + [x for value in part.values() for x in references(value)]
        return [x for value in part for x in references(value)] if isinstance(part, list) else []

    found = references(described)
    assert found
    for reference in found:
        part: Any = described
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
