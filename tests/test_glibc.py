"""Which glibc a built program needs is read from its own libraries."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import glibc

LIBRARY = b"\x7fELF\2\1\0libc.so.6\0GLIBC_2.4\0GLIBC_2.34\0GLIBC_2.3.4\0GLIBC_2.9\0GLIBC_PRIVATE\0"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([LIBRARY], "2.34"),
        ([LIBRARY, b"\x7fELF\0GLIBC_2.35\0"], "2.35"),
        ([LIBRARY, b"#!/bin/sh\0GLIBC_2.99\0"], "2.34"),  # no program of this system
        ([LIBRARY, b"\x7fELF said GLIBC_2.99 there"], "2.34"),  # a text, no name
        ([b"\x7fELF\0MUSL_1\0"], ""),
        ([], ""),
    ],
)
def test_the_newest_that_is_asked_for_counts(files: list[bytes], told: str) -> None:
    assert glibc.needed(files) == told


def test_a_folder_is_read_to_its_depths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "_internal").mkdir()
    (tmp_path / "hearth").write_bytes(b"\x7fELF\0GLIBC_2.14\0")
    (tmp_path / "_internal" / "some.so").write_bytes(LIBRARY)
    glibc.main([str(tmp_path)])
    assert capsys.readouterr().out == "2.34\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads programs for Linux")
def test_this_python_needs_some(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "python").write_bytes(Path(sys.executable).read_bytes())
    glibc.main([str(tmp_path)])
    major, minor = capsys.readouterr().out.split(".")
    assert (int(major), int(minor)) >= (2, 2)
