"""What a Python says of how it was built is understood, also where it says it of its library."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

import interpreter

SHARED = {"CONFIG_ARGS": "'--enable-shared'", "Py_ENABLE_SHARED": 1}
MAPPED = "7f00 r-xp /usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0\n"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "which does not say how it was built"),
        ({"CONFIG_ARGS": "'--enable-shared' '--without-lto'"}, "built without PGO and LTO"),
        ({"CONFIG_ARGS": "--enable-optimizations=no --with-lto=no"}, "built without PGO and LTO"),
        ({"CONFIG_ARGS": "'--enable-optimizations'"}, "built with PGO, without LTO"),
        ({"CONFIG_ARGS": "'--with-lto=thin'"}, "built with LTO, without PGO"),
        ({"CONFIG_ARGS": "'--enable-optimizations' '--with-lto'"}, "built with PGO and LTO"),
        (
            {"CONFIG_ARGS": "''", "PY_CFLAGS_NODIST": "-fprofile-use -fprofile-correction -flto"},
            "built with PGO and LTO",
        ),
        (
            {"CONFIG_ARGS": "''", "PY_CORE_CFLAGS": "-fprofile-instr-use=x", "PY_LDFLAGS": None},
            "built with PGO, without LTO",
        ),
        # What would be used if it were built so.
        (
            {"CONFIG_ARGS": "''", "PGO_PROF_USE_FLAG": "-fprofile-use"},
            "built without PGO and LTO",
        ),
    ],
)
def test_the_variables_tell(settings: dict[str, object], told: str) -> None:
    assert interpreter.built(settings) == told
    assert interpreter.ways(settings, "/opt/python\n", debian=True) == (told, told)


def test_a_program_that_does_without_its_library_is_told_apart() -> None:
    without = "built without PGO and LTO"
    apart = "whose program was built apart from its library and does not say how"
    for loaded, debian, told in (
        (MAPPED, True, (without, without)),
        ("", False, (without, without)),
        ("4000 r-xp /usr/bin/python3.11\n", True, interpreter.DEBIANS),
        ("4000 r-xp /opt/bin/python3.11\n", True, (apart, without)),
        ("4000 r-xp /usr/bin/python3.11\n", False, (apart, without)),
    ):
        assert interpreter.ways(SHARED, loaded, debian) == told


def test_this_python_tells_of_its_program_and_its_library() -> None:
    file = Path(interpreter.__file__)
    told = subprocess.run(
        [sys.executable, file], capture_output=True, encoding="utf-8", check=True
    ).stdout.splitlines()
    assert len(told) == 2
    assert all(line.startswith(f"{platform.python_version()}, ") for line in told)
