"""A clock that the tests of access set."""

import pytest

from tests.access.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()
