"""What the first line of a room's file may be."""

from pathlib import Path

import pytest

from hub.errors import Refused
from hub.protocol import events
from hub.store.history import History
from tests.store.files import all_lines, filled, opened, said

pytestmark = pytest.mark.usefixtures("quiet")


def test_a_file_cut_inside_its_header_starts_anew(path: Path) -> None:
    filled(path, 1)
    header = path.read_bytes().splitlines(keepends=True)[0]
    for cut in range(len(header) + 1):
        path.write_bytes(header[:cut])
        room = opened(path)
        room.write([said(1)])
        room.sync()
        room.publish()
        room.close()
        again = opened(path)
        assert (again.damage, all_lines(again)) == ([], [said(1)]), cut
        again.close()


def test_a_header_of_another_room_is_refused(path: Path) -> None:
    filled(path, 1)
    moved = path.with_name("other.jsonl")
    path.rename(moved)
    with pytest.raises(Refused, match=r"general\.jsonl"):
        History.open(moved, "other", path.parent)


def test_a_newer_format_is_read_and_not_written(path: Path) -> None:
    header = events.line_of(events.Header(99, "general", "id", "2030-01-01T00:00:00.000Z"))
    path.write_bytes(header + said(1))
    room = opened(path)
    assert all_lines(room) == [said(1)]
    with pytest.raises(Refused, match="newer"):
        room.write([said(2)])


@pytest.mark.parametrize(
    "there",
    [
        b"a shopping list\nbread\n",
        b"no newline at all",
        b"\n",
        b"\0" * (1 << 17),
        b"\x7fELF\x02\x01\x01\0\0\0",
        b'{"hearth":1}\n',
        b'{"hearth":1,"room":"kitchen","crc":"00000000"}\n',
        said(1) + said(2),
        b"not a header\n" + said(1),
        b"\0" * 200 + b"\n" + said(1),
    ],
)
def test_what_does_not_begin_as_a_room_is_neither_shown_nor_changed(
    path: Path, there: bytes
) -> None:
    """It may be anything; and a history that lost its header is mended by hand."""
    path.write_bytes(there)
    before = path.stat()
    with pytest.raises(Refused, match="--check") as refused:
        opened(path)
    assert (refused.value.status, refused.value.code) == (503, "room_closed")
    assert path.read_bytes() == there
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert list(path.parent.iterdir()) == [path]


def test_events_of_another_room_without_a_header_are_told_by_its_name(path: Path) -> None:
    path.write_bytes(said(1, room="kitchen"))
    with pytest.raises(Refused, match=r"name it kitchen\.jsonl again"):
        opened(path)


def test_an_editor_put_a_mark_before_the_header(path: Path) -> None:
    lines = filled(path, 2)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    room = opened(path)
    assert (room.damage, all_lines(room)) == ([], lines)


@pytest.mark.parametrize(
    ("header", "writable"),
    [
        (b'{"hearth":1,"room":"general"}', True),
        (b'{"hearth":1,"room":"general","more":[1]}', True),
        (b'{"hearth":2,"room":"general"}', False),
        (b'{"hearth":"1","room":"general"}', False),
        (b'{"hearth":1,"room":"general","id":5}', False),
        (b'{"format":1,"name":"general"}', False),
        (b"[1]", False),
    ],
)
def test_a_header_of_another_hearth_is_read_and_at_worst_not_written_on(
    path: Path, header: bytes, writable: bool
) -> None:
    path.write_bytes(events.sealed(header) + said(1))
    room = opened(path)
    assert all_lines(room) == [said(1)]
    assert room.damage == []
    if writable:
        room.write([said(2)])
        room.sync()
    else:
        with pytest.raises(Refused) as refused:
            room.write([said(2)])
        assert (refused.value.status, refused.value.code) == (503, "room_closed")
        assert "newer Hearth" in refused.value.message
    room.close()


def test_what_is_nested_too_deeply_is_a_later_hearths(path: Path) -> None:
    deep = b"[" * 5000 + b"]" * 5000
    path.write_bytes(events.sealed(b'{"hearth":1,"room":"general","x":%b}' % deep) + said(1))
    room = opened(path)
    assert all_lines(room) == [said(1)]
    assert room.closed is not None
    assert "newer Hearth" in room.closed
