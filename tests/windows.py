"""What Windows refuses: done to this process elsewhere, and there a reason to skip a test."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

FEWER_NAMES = pytest.mark.skipif(os.name == "nt", reason="no file can be called so on Windows")

NO_TIME_ZONE = pytest.mark.skipif(
    not hasattr(time, "tzset"), reason="Windows changes no time zone while a program runs"
)
WINE = sys.platform == "win32" and hasattr(ctypes.windll.ntdll, "wine_get_version")
DESCRIPTORS = Path("/proc/self/fd")


@contextmanager
def another_program() -> Iterator[None]:
    """Around what another program does to a file; skips the test where Windows refuses that."""
    try:
        yield
    except PermissionError:
        if os.name != "nt":
            raise
        pytest.skip("Windows lets nobody move or remove a file that is open")


def has_mode(path: Path, mode: int) -> bool:
    """Whether a file or folder is for those whom `mode` names; Windows has no modes."""
    return os.name == "nt" or path.stat().st_mode & 0o777 == mode


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


def skip_what_is_lacking() -> None:
    """From now on, on Windows, whatever asks for what it does not have skips its test."""

    def mkfifo(*_: Any, **__: Any) -> NoReturn:
        pytest.skip("Windows has no pipes in folders")

    real = os.symlink

    def symlink(*arguments: Any, **options: Any) -> None:
        """Wine makes none and says that it did; Windows asks for a right that few have."""
        if str(arguments[1]).endswith("current"):  # pytest's own, which it does without
            return
        try:
            real(*arguments, **options)
        except OSError:
            pytest.skip("Windows lets this user make no links")
        if not os.path.lexists(arguments[1]):
            pytest.skip("Wine makes no links")

    os.mkfifo, os.symlink = mkfifo, symlink
