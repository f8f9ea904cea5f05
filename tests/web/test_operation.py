"""How operations are described, wherever they are listed."""

from __future__ import annotations

import pytest

from hub.web.operation import Operation
from hub.web.operations import OPERATIONS

ALL = [
    pytest.param(operation, id=f"{method} {path}")
    for path, methods in OPERATIONS.items()
    for method, operation in methods.items()
]


def test_an_operation_needs_no_more_than_what_it_is_for_and_answers() -> None:
    told = Operation("What it is for", {204: ("Done", None)})
    assert (told.errors, told.body, dict(told.query), told.description) == ((), None, {}, "")


@pytest.mark.parametrize("operation", ALL)
def test_each_is_described_as_the_others_are(operation: Operation) -> None:
    assert operation.summary[0].isupper()
    assert not operation.summary.endswith(".")
    assert all(status < 400 for status in operation.answers)
    assert all(status >= 400 for status in operation.errors)
    assert list(operation.errors) == sorted(set(operation.errors))
    assert operation.description == "" or operation.description.endswith(".")
