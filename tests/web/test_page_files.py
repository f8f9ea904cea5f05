"""A file of the page: its type, and what it holds, compressed or not."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from hub.web.page_files import File


@pytest.mark.parametrize(
    ("name", "kind", "compresses"),
    [
        ("parts/a.js", "text/javascript; charset=utf-8", True),
        ("emoji/de.json", "application/json", True),
        ("icon-192.png", "image/png", False),
    ],
)
def test_a_file_is_of_the_type_that_its_name_says(name: str, kind: str, compresses: bool) -> None:
    file = File(name, b"")
    assert (file.kind, file.compresses) == (kind, compresses)


def test_a_file_of_no_type_is_none_of_the_page() -> None:
    with pytest.raises(KeyError):
        File("README", b"")


def test_it_is_compressed_the_same_each_time() -> None:
    file = File("main.js", b"a" * 99)
    assert gzip.decompress(file.gzipped) == file.plain == b"a" * 99
    assert file.gzipped == File("main.js", b"a" * 99).gzipped


def test_what_is_not_kept_in_memory_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "de.json"
    file = File(path.name, path)
    path.write_bytes(b"1")
    assert file.plain == b"1"
    path.write_bytes(b"2")
    assert file.plain == b"2"
