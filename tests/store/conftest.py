"""The file of a room, and no log of the thousands of repairs that the tests cause."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def quiet() -> Iterator[None]:
    """No log: it tells of each of thousands of repairs."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "general.jsonl"
