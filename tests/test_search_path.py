"""Libraries lose the paths of the machine that they were made on, and nothing else."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

import search_path

NEEDED, RPATH, RUNPATH = 1, 15, 29


def a_library(*tags: int) -> bytes:
    """An ELF file of 64 bits that has a dynamic section of these tags, in its second segment."""
    section = b"".join(struct.pack("<QQ", tag, 7 * bool(tag)) for tag in (*tags, 0))
    at = 64 + 2 * 56
    head = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    head += struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, at, at, 4096)
    dynamic = struct.pack("<IIQQQQQQ", 2, 6, at, at, at, len(section), len(section), 8)
    return head + load + dynamic + section + b"/root/lib\0"


@pytest.mark.parametrize("tag", [RPATH, RUNPATH])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_it_is_taken_out_wherever_it_stands(tag: int, place: int) -> None:
    tags = [NEEDED, NEEDED]
    tags.insert(place, tag)
    assert search_path.without(a_library(*tags)) == a_library(NEEDED, NEEDED, 0)


@pytest.mark.parametrize(
    "library",
    [
        a_library(NEEDED),
        b"#!/bin/sh\n",
        b"",
        b"\x7fELF\x01\x01" + a_library(RUNPATH)[6:],  # of 32 bits
        a_library(RUNPATH).replace(struct.pack("<II", 2, 6), struct.pack("<II", 6, 6)),
    ],
    ids=["none in it", "a script", "empty", "another machine", "no dynamic section"],
)
def test_all_else_stays_as_it_is(library: bytes) -> None:
    assert search_path.without(library) == library


def test_copies_are_made_of_those_that_change_alone(tmp_path: Path) -> None:
    kept, changed = tmp_path / "kept.so", tmp_path / "changed.so"
    kept.write_bytes(a_library(NEEDED))
    changed.write_bytes(a_library(NEEDED, RUNPATH))
    toc = [("kept.so", str(kept), "BINARY"), ("deep/changed.so", str(changed), "EXTENSION")]
    copies = search_path.removed(toc, tmp_path / "copies")
    assert copies == [
        ("kept.so", str(kept), "BINARY"),
        ("deep/changed.so", str(tmp_path / "copies" / "deep" / "changed.so"), "EXTENSION"),
    ]
    assert Path(copies[1][1]).read_bytes() == search_path.without(changed.read_bytes())
    assert changed.read_bytes() == a_library(NEEDED, RUNPATH)


def test_a_real_library_works_without_it(tmp_path: Path) -> None:
    if not (shutil.which("gcc") and shutil.which("readelf")):
        pytest.skip("needs gcc and readelf")
    source, made, library = (tmp_path / name for name in ("a.c", "a.so", "b.so"))
    source.write_text("int answer(void) { return 42; }\n")
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-Wl,-rpath,/root/lib", "-o", made, source], check=True
    )
    library.write_bytes(search_path.without(made.read_bytes()))

    def paths(of: Path) -> bool:
        told = subprocess.run(["readelf", "-d", of], capture_output=True, check=True).stdout
        return b"/root/lib" in told

    assert paths(made)
    assert not paths(library)
    asked = f"import ctypes; print(ctypes.CDLL({str(library)!r}).answer())"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True).stdout
    assert told == b"42\n"
