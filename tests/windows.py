"""What Windows refuses, done to this process: to move or remove a file that is open."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DESCRIPTORS = Path("/proc/self/fd")


def open_files() -> list[str]:
    """The paths of all files that this process has open."""
    paths = []
    for each in DESCRIPTORS.iterdir():
        try:
            paths.append(os.readlink(each))
        except FileNotFoundError:  # the listing's own
            continue
    return paths


def moves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, as on Windows, no name is taken from or given to a file that is open here."""
    if not DESCRIPTORS.is_dir():
        pytest.skip("the system does not show which files are open")

    def guarded(real: Callable[..., None]) -> Callable[..., None]:
        def call(*paths: Any, **options: Any) -> None:
            held = open_files()
            for path in paths:
                if os.path.realpath(path) in held:
                    raise PermissionError(errno.EACCES, "The file is in use", str(path))
            real(*paths, **options)

        return call

    for name in ("unlink", "remove", "rename", "replace"):
        monkeypatch.setattr(os, name, guarded(getattr(os, name)))
