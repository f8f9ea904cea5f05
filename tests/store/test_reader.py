"""Pages and lines, read by number."""

import os
from itertools import islice
from pathlib import Path

import pytest

from hub.errors import Refused
from hub.store import offsets, reader
from tests.store.files import all_lines, filled, opened, said, with_crlf

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ({}, (1, 10)),
        ({"limit": 3}, (8, 10)),
        ({"limit": 0}, (11, 10)),
        ({"after": 4}, (5, 10)),
        ({"after": 4, "limit": 2}, (5, 6)),
        ({"after": 99}, (100, 10)),
        ({"before": 4}, (1, 3)),
        ({"before": 4, "limit": 2}, (2, 3)),
        ({"before": 1}, (1, 0)),
        ({"after": 2, "before": 6}, (3, 5)),
        ({"after": 2, "before": 6, "limit": 1}, (3, 3)),
    ],
)
def test_pages(path: Path, asked: dict[str, int], page: tuple[int, int]) -> None:
    filled(path, 10)
    room = opened(path)
    assert room.page(**asked) == page
    assert list(room.lines(*page)) == [said(n, f"message {n}") for n in range(page[0], page[1] + 1)]


def test_large_pages_come_in_blocks_of_whole_lines(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offsets, "SPAN", 300)
    monkeypatch.setattr(reader, "BLOCK", 1000)
    lines = filled(path, 100)
    room = opened(path)
    blocks = list(room.blocks(3, 97))
    assert b"".join(blocks) == b"".join(lines[2:97])
    assert len(blocks) > 5
    assert all(len(block) <= 1000 and block.endswith(b"\n") for block in blocks)
    assert [room.line(n) for n in range(1, 101)] == lines
    monkeypatch.setattr(offsets, "SPAN", 10)
    monkeypatch.setattr(reader, "BLOCK", 10)
    assert list(opened(path).blocks(1, 100)) == lines


@pytest.mark.parametrize("gaps", [False, True])
def test_beyond_the_newest_line_there_is_nothing(path: Path, gaps: bool) -> None:
    lines = filled(path, 10)
    if gaps:
        path.write_bytes(path.read_bytes().replace(lines[4], b""))
    room = opened(path)
    assert room.has_gaps == gaps
    for first, last in ((11, 11), (11, 20), (99, 1 << 53), (12, 3), (1 << 53, 1 << 53), (0, 0)):
        assert list(islice(room.blocks(first, last), 3)) == []
    assert list(islice(room.lines(10, 99), 3)) == lines[9:]
    assert list(islice(room.lines(-5, 1), 3)) == lines[:1]


@pytest.mark.parametrize("junk", [b"junk\n", b"\n", b"\0\0\n", b'{"room":"general","n":2\n'])
def test_what_was_put_between_two_lines_is_no_part_of_a_page(path: Path, junk: bytes) -> None:
    lines = filled(path, 3)
    path.write_bytes(path.read_bytes().replace(lines[1], lines[1] + junk))
    room = opened(path)
    assert all_lines(room) == lines
    assert [room.line(n) for n in (1, 2, 3)] == lines
    assert len(room.damage) == 1


def test_who_reads_what_is_wiped_or_cut_is_told(path: Path) -> None:
    """A page that ends early must not look whole."""
    filled(path, 100)
    room = opened(path)
    blocks = room.blocks(1, 100)
    os.truncate(path, path.stat().st_size - 10)
    with pytest.raises(OSError, match="shorter"):
        list(blocks)
    room.wipe()
    assert not path.exists()
    with pytest.raises(OSError, match="removed"):
        list(room.blocks(1, 100))
    with pytest.raises(Refused, match="removed"):
        room.line(1)


@pytest.mark.parametrize("crlf", [False, True])
@pytest.mark.parametrize("damage", [b'"n":4x,', b'"n":4\n,', b'"m":40,'])
def test_a_line_that_was_damaged_since_gives_no_other_its_number(
    path: Path, damage: bytes, crlf: bool
) -> None:
    lines = filled(path, 100)
    if crlf:
        with_crlf(path)
    room = opened(path)
    path.write_bytes(path.read_bytes().replace(b'"n":40,', damage))
    assert room.line(40) is None
    assert [room.line(n) for n in range(30, 51) if n != 40] == lines[29:39] + lines[40:50]
    assert list(room.lines(30, 39)) == lines[29:39]
    assert list(room.lines(41, 60)) == lines[40:60]
    assert list(room.lines(40, 50)) == lines[40:50]
    assert list(room.lines(30, 40))[:10] == lines[29:39]


def test_a_line_that_lost_its_end_since_takes_no_more_than_the_next_with_it(path: Path) -> None:
    lines = filled(path, 100)
    room = opened(path)
    path.write_bytes(path.read_bytes().replace(lines[39], lines[39][:-1] + b" "))
    assert room.line(41) is None
    assert list(room.lines(41, 50)) == lines[41:50]
    assert list(room.lines(30, 39)) == lines[29:39]
