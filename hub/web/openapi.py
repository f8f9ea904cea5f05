"""The OpenAPI document: schemas from the structs, errors from their table, and the operations."""

from __future__ import annotations

import re
from functools import cache
from inspect import cleandoc
from typing import Any, Final

import msgspec

from hub import host
from hub.protocol import commands
from hub.web.answers import Error
from hub.web.error_codes import ERROR_CODES, with_status
from hub.web.operation import Kind, Operation
from hub.web.operations import OPERATIONS
from hub.web.requests import JSON

UNIONS: Final = {"Change": commands.AnyChange | commands.Seen, "Deed": host.AnyDeed}
"""Bodies that are one of several structs, by the name of their schema."""

_ALWAYS: Final = (421, 500, 503)
_ERRORS: Final[dict[str, tuple[int, ...]]] = {
    "get": _ALWAYS,
    "delete": (400, 403, *_ALWAYS),
    "post": (400, 403, 408, 411, 413, 429, *_ALWAYS),
    "put": (400, 403, 408, 411, 413, 429, *_ALWAYS),
    "patch": (400, 403, 408, 411, 413, 429, *_ALWAYS),
}

_PARTS: Final = {
    "room": "letters and digits of any script, - and _",
    "n": "the number of a message",
    "id": "of a file: up to 64 of A-Z a-z 0-9 _ -; PUT takes all else for the file's name",
    "device": "its id",
    "ask": "its id, as the person's devices are told it",
}
"""The variable parts of paths."""


@cache
def openapi(version: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of this version; made once, as it takes 10 ms."""
    statuses = sorted({x.status for x in ERROR_CODES})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hearth",
            "version": version,
            "description": "A local chat hub. Events are also sent live over the WebSocket "
            "/api/live. A request that changes something and bears an Origin must come from "
            "the hub's own page.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": {path: _path(path, methods) for path, methods in OPERATIONS.items()},
        "components": {
            "schemas": _schemas(),
            "responses": {f"Error{status}": _error(status) for status in statuses},
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _path(path: str, methods: dict[str, Operation]) -> dict[str, Any]:
    item: dict[str, Any] = {method: _operation(method, x) for method, x in methods.items()}
    if names := re.findall(r"\{(\w+)\}", path):
        item["parameters"] = [
            {
                "name": name,
                "in": "path",
                "required": True,
                "description": _PARTS[name],
                "schema": {"type": "string"},
            }
            for name in names
        ]
    return item


def _operation(method: str, operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {"summary": operation.summary}
    if operation.description:
        described["description"] = operation.description
    if operation.query:
        described["parameters"] = [
            {"name": name, "in": "query", "description": what, "schema": _parameter(kind)}
            for name, (what, kind) in operation.query.items()
        ]
    errors = {*_ERRORS[method], *operation.errors}
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _content(operation.body)}
        errors |= {415, 422}
    described["responses"] = {
        **{str(status): _answer(*told) for status, told in operation.answers.items()},
        **{str(x): {"$ref": f"#/components/responses/Error{x}"} for x in sorted(errors)},
    }
    return described


def _parameter(kind: type) -> dict[str, Any]:
    count = {"type": "integer", "minimum": 0, "maximum": 2**53}
    return count if kind is int else {"type": "string"}


def _answer(description: str, kind: Kind) -> dict[str, Any]:
    return {"description": description, **({"content": _content(kind)} if kind else {})}


def _content(kind: Kind) -> dict[str, Any]:
    kinds = kind if isinstance(kind, dict) else {JSON: kind}
    return {media: {"schema": _reference(x)} for media, x in kinds.items()}


def _reference(kind: Kind) -> dict[str, Any]:
    if kind is bytes:  # as they are
        return {"type": "string", "contentMediaType": "application/octet-stream"}
    if isinstance(kind, type) and not issubclass(kind, msgspec.Struct):
        return msgspec.json.schema(kind)
    return {"$ref": f"#/components/schemas/{getattr(kind, '__name__', kind)}"}


def _error(status: int) -> dict[str, Any]:
    cases = "\n".join(f"- `{x.code}`: {x.when}" for x in with_status(status))
    return {"description": cases, "content": _content(Error)}


def _schemas() -> dict[str, Any]:
    """The schemas of all structs by name, and of the structs of each union below its name."""
    kinds: set[type[msgspec.Struct]] = {Error} | {
        kind
        for methods in OPERATIONS.values()
        for operation in methods.values()
        for content in (operation.body, *(kind for _, kind in operation.answers.values()))
        for kind in (content.values() if isinstance(content, dict) else [content])
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    }
    named = sorted(kinds, key=lambda kind: kind.__name__)
    _, schemas = msgspec.json.schema_components(named, ref_template="#/components/schemas/{name}")
    for name, union in UNIONS.items():
        template = f"#/components/schemas/{name}.{{name}}"
        [schemas[name]], parts = msgspec.json.schema_components([union], ref_template=template)
        schemas |= {f"{name}.{part}": schema for part, schema in parts.items()}
    for name, schema in schemas.items():
        if name.startswith("Change."):  # the path names the room
            del schema["properties"]["room"]
            schema["required"].remove("room")
        if "description" in schema:
            schema["description"] = cleandoc(schema["description"])
    return schemas
