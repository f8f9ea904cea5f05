"""When a file was changed, which is not when it was made."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from hub.files.change_time import change_time_ns


def changed(path: Path) -> float:
    """When a file was changed, in seconds since 1970."""
    fd = os.open(path, os.O_RDONLY)
    try:
        return change_time_ns(fd) / 1e9
    finally:
        os.close(fd)


def test_a_file_that_is_moved_or_given_another_time_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"x")
    os.utime(path, (1000, 1000))
    assert time.time() - 60 < changed(path) < time.time() + 60
    before = changed(path)
    time.sleep(0.05)
    assert changed(path) == before, "to look changes nothing"
    os.utime(path, (1000, 1000))
    again = changed(path)
    assert again > before
    time.sleep(0.05)
    path.rename(tmp_path / "new")
    assert changed(tmp_path / "new") > again


def test_a_file_that_is_closed_has_none(tmp_path: Path) -> None:
    fd = os.open(tmp_path, os.O_RDONLY) if os.name == "posix" else os.open(os.devnull, os.O_RDONLY)
    os.close(fd)
    with pytest.raises(OSError, match="descriptor"):
        change_time_ns(fd)
