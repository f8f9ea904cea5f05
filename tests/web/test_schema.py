"""Requests made up from the OpenAPI document: no request makes the hub fail."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from hub.web.openapi import openapi
from hub.web.upload_headers import PARTIAL
from tests.serving import Serving


@schemathesis.serializer(PARTIAL)
def partial_upload(_: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


schema = schemathesis.openapi.from_dict(openapi("test"))
FULL = 507
"""The only 5xx that are no failures: a full disk, and a room that is closed."""
CLOSED = 503


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path: Path = tmp_path_factory.mktemp("schema") / "rooms"
    serving = Serving(path)
    yield serving.url
    serving.stop()


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_nothing_breaks(case: Any, base: str) -> None:
    answer = case.call(base_url=base)
    if answer.status_code not in (FULL, CLOSED):
        case.validate_response(answer, checks=[not_a_server_error])
