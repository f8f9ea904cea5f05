"""Reading goes on behind a checkpoint, or as a whole where the file does not fit it."""

import os
from pathlib import Path

import pytest

from hub.store.checkpoint import SUMMED, Checkpoint, Outdated, line_sum
from hub.store.history import History
from hub.store.offsets import DenseOffsets, SparseOffsets
from tests.store.files import all_lines, filled, opened, said, with_crlf

pytestmark = pytest.mark.usefixtures("quiet")


def checkpoint(path: Path) -> Checkpoint:
    """One at the end of the file."""
    room = opened(path)
    found = room.located(room.last)
    assert found is not None
    assert isinstance(room.offsets, SparseOffsets)
    room.close()
    return Checkpoint(room.id, room.crlf, found[0], line_sum(found[1]), room.offsets)


def noted(path: Path, after: Checkpoint | None, **options: object) -> tuple[History, list[bytes]]:
    lines: list[bytes] = []
    return opened(path, note=lines.append, after=after, **options), lines


def add(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


@pytest.mark.parametrize("crlf", [False, True])
def test_only_what_came_since_is_read(path: Path, crlf: bool) -> None:
    lines = filled(path, 300)
    if crlf:
        with_crlf(path)
    point = checkpoint(path)
    data = bytearray(path.read_bytes())
    data[5000] ^= 1  # what is before it is not looked at
    path.write_bytes(data)
    more = [said(301, "a topic", do="topic"), said(302)]
    add(path, b"".join(more))
    room, found = noted(path, point)
    assert (room.last, room.size) == (302, path.stat().st_size)
    assert found == more[:1]
    assert list(room.lines(200, 302)) == lines[199:] + more
    assert room.crlf == crlf
    room.write([said(303)])
    room.sync()
    room.publish()
    assert room.line(303) == said(303)


def test_a_torn_end_behind_it_is_cut(path: Path) -> None:
    filled(path, 3)
    point = checkpoint(path)
    add(path, said(4) + said(5)[:-9])
    room = opened(path, after=point)
    assert (room.last, len(room.damage)) == (4, 1)
    assert path.read_bytes().endswith(said(4))
    assert [x.read_bytes() for x in (path.parent / "torn").iterdir()] == [said(5)[:-9]]


def test_a_last_line_behind_it_gets_its_end(path: Path) -> None:
    filled(path, 3)
    point = checkpoint(path)
    add(path, said(4)[:-1])
    room = opened(path, after=point)
    assert (room.last, len(room.damage)) == (4, 1)
    assert room.line(4) == said(4)


@pytest.mark.parametrize(
    "tail",
    [b"junk\n" + said(4), said(5), said(3), said(4) + b"{broken}\n", b"\n" + said(4)],
    ids=["junk", "a gap", "twice", "broken", "an empty line"],
)
def test_damage_behind_it_is_for_a_reading_of_the_whole(path: Path, tail: bytes) -> None:
    """Nothing of it is told before: it would be told twice."""
    filled(path, 3)
    point = checkpoint(path)
    add(path, tail)
    with pytest.raises(Outdated):
        opened(path, after=point)
    room = opened(path)
    assert room.damage
    assert isinstance(room.offsets, DenseOffsets)


def shorter(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def another_last_line(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"message 3", b"massage 3"))


def another_number(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"n":3', b'"n":4'))


def another_header(path: Path) -> None:
    rest = path.read_bytes().partition(b"\n")[2]
    path.unlink()
    filled(path, 1)
    path.write_bytes(path.read_bytes().partition(b"\n")[0] + b"\n" + rest)


def damaged_header(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"made"', b'"mode"'))


def a_mark_in_front(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def no_file(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    "change",
    [
        shorter,
        another_last_line,
        another_number,
        another_header,
        damaged_header,
        a_mark_in_front,
        no_file,
    ],
)
def test_a_file_that_does_not_fit_is_found(path: Path, change: object) -> None:
    filled(path, 3)
    point = checkpoint(path)
    assert callable(change)
    change(path)
    with pytest.raises(Outdated):
        opened(path, after=point)


def test_the_sum_of_a_long_line_is_of_its_end(path: Path) -> None:
    filled(path, 1)
    room = opened(path)
    room.write([said(2, "x" * 3 * SUMMED)])
    room.sync()
    room.close()
    point = checkpoint(path)
    assert opened(path, after=point).last == 2
    data = path.read_bytes()
    path.write_bytes(data[:-100] + b"y" + data[-99:])
    with pytest.raises(Outdated):
        opened(path, after=point)


def test_a_file_counts_as_if_it_ended_earlier(path: Path) -> None:
    lines = filled(path, 3)
    point = checkpoint(path)
    end = path.stat().st_size
    add(path, said(4) + b'{"room":"general"')
    for after in (None, point):
        room = opened(path, after=after, until=end, repair=False)
        assert (all_lines(room), room.damage) == (lines, [])
    assert path.read_bytes().endswith(b'{"room":"general"')
