"""How an operation of the HTTP API is described."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Kind = Any
"""A struct, the name of a union in hub.web.openapi, or what a body is in each media type."""


class Operation(NamedTuple):
    """`answers` has a description and the JSON of each status; `errors` are statuses beside those
    that every operation of its method may answer with.
    """

    summary: str
    answers: dict[int, tuple[str, Kind]]
    errors: tuple[int, ...] = ()
    body: Kind = None
    query: Mapping[str, tuple[str, type]] = MappingProxyType({})
    description: str = ""
