import errno
import logging
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import Refused
from hub.protocol.events import (
    FORMAT,
    Event,
    Header,
    header_of,
    intact,
    line_of,
    members_of,
    sealed,
)
from hub.store import disk, history, recover
from hub.store.history import History
from tests.growth import TIMES, growth


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Every repair is told in the log; here there are thousands of them."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "general.jsonl"


def said(n: int, text: str = "hello", room: str = "general", do: str = "say") -> bytes:
    return line_of(Event(room=room, n=n, at="2026-11-22T20:17:03.123Z", by="a", do=do,
                                  text=text))  # fmt: skip


def opened(path: Path, **options: object) -> History:
    return History.open(path, "general", path.parent / "torn", **options)  # type: ignore[arg-type]


def filled(path: Path, count: int) -> list[bytes]:
    """Make a file of so many messages; gives their lines."""
    lines = [said(n, f"message {n}") for n in range(1, count + 1)]
    room = opened(path)
    room.write(lines)
    room.sync()
    room.count_in()
    room.close()
    return lines


def all_lines(room: History) -> list[bytes]:
    return list(room.lines(1, room.last))


def test_a_room_without_a_file_is_empty_and_makes_none(path: Path) -> None:
    room = opened(path)
    assert (room.last, room.damage, room.closed) == (0, [], None)
    assert all_lines(room) == []
    assert room.page(limit=50) == (1, 0)
    assert not path.exists()


def test_the_first_message_makes_the_file_with_its_header(path: Path) -> None:
    lines = filled(path, 2)
    header, *rest = path.read_bytes().splitlines(keepends=True)
    assert rest == lines
    assert intact(header)
    assert header_of(header).hearth == FORMAT
    assert header_of(header).room == "general"


def test_nothing_counts_before_the_sync(path: Path) -> None:
    room = opened(path)
    room.write([said(1)])
    assert room.last == 0
    room.sync()
    room.count_in()
    assert room.last == 1
    assert room.line(1) == said(1)


def test_lines_survive_and_go_on(path: Path) -> None:
    lines = filled(path, 3)
    room = opened(path)
    assert all_lines(room) == lines
    room.write([said(4)])
    room.sync()
    room.count_in()
    assert all_lines(room) == [*lines, said(4)]
    room.close()
    assert opened(path).last == 4


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
    lines = filled(path, 100)
    monkeypatch.setattr(history, "BLOCK", 1000)
    room = opened(path)
    blocks = list(room.blocks(3, 97))
    assert b"".join(blocks) == b"".join(lines[2:97])
    assert len(blocks) > 5
    assert all(len(block) <= 1000 and block.endswith(b"\n") for block in blocks)
    monkeypatch.setattr(history, "BLOCK", 10)
    assert list(room.blocks(1, 100)) == lines


def test_what_is_no_message_is_noted_in_order(path: Path) -> None:
    tricky = said(2, '","do":"edit","text":"')
    room = opened(path)
    room.write([said(1), tricky, said(3, "x", do="edit"), said(4, "y", do="later")])
    room.sync()
    room.count_in()
    room.close()
    noted: list[bytes] = []
    opened(path, note=noted.append)
    assert noted == [said(3, "x", do="edit"), said(4, "y", do="later")]


def test_every_cut_of_the_last_three_lines_comes_back_whole(path: Path) -> None:
    lines = filled(path, 5)
    whole = path.read_bytes()
    for cut in range(len(whole) - sum(map(len, lines[2:])), len(whole)):
        path.write_bytes(whole[:cut])
        room = opened(path)
        kept = (whole[:cut] + b"\n").count(b'"}\n') - 1  # a line lacking only its end counts
        assert all_lines(room) == lines[:kept], cut
        assert bool(room.damage) == (whole[cut - 1 : cut] != b"\n"), cut
        room.write([said(kept + 1, "after")])
        room.sync()
        room.count_in()
        room.close()
        again = opened(path)
        assert again.damage == []
        assert all_lines(again) == [*lines[:kept], said(kept + 1, "after")]
        again.close()


def test_a_file_cut_inside_its_header_starts_anew(path: Path) -> None:
    filled(path, 1)
    header = path.read_bytes().splitlines(keepends=True)[0]
    for cut in range(len(header) + 1):
        path.write_bytes(header[:cut])
        room = opened(path)
        room.write([said(1)])
        room.sync()
        room.count_in()
        room.close()
        again = opened(path)
        assert (again.damage, all_lines(again)) == ([], [said(1)]), cut
        again.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5),
       share=st.floats(0, 1))  # fmt: skip
def test_any_line_cut_anywhere_is_recovered_to_the_last_whole_event(
    path: Path, texts: list[str], share: float
) -> None:
    path.unlink(missing_ok=True)
    lines = [said(n, text) for n, text in enumerate(texts, 1)]
    room = opened(path)
    room.write(lines)
    room.sync()
    room.count_in()
    room.close()
    whole = path.read_bytes()
    header = whole.index(b"\n") + 1
    cut = header + int(share * (len(whole) - header))
    path.write_bytes(whole[:cut])
    room = opened(path)
    got = all_lines(room)
    room.close()
    ends = [header + len(b"".join(lines[:n])) - 1 for n in range(1, len(lines) + 1)]
    assert got == lines[: sum(end <= cut for end in ends)]


@pytest.mark.parametrize("count", [1, 2, 100, 4096, 8192])
def test_nuls_at_the_end_are_cut_and_kept_aside(path: Path, count: int) -> None:
    lines = filled(path, 3)
    with path.open("ab") as file:
        file.write(b"\0" * count)
    room = opened(path)
    assert all_lines(room) == lines
    assert room.damage
    aside = list((path.parent / "torn").iterdir())
    assert [file.read_bytes() for file in aside] == [b"\0" * count]


def test_every_flipped_bit_is_found_and_its_neighbours_are_served(path: Path) -> None:
    lines = filled(path, 6)
    whole = path.read_bytes()
    for at in range(len(whole)):
        for bit in (0, 1, 5, 7):
            flipped = bytearray(whole)
            flipped[at] ^= 1 << bit
            path.write_bytes(flipped)
            room = opened(path)
            got = all_lines(room)
            assert room.damage, (at, bit)
            assert room.last == 6, (at, bit)
            assert set(got) <= set(lines), (at, bit)
            assert len(got) >= 5, (at, bit)
            assert len(got) + len(room.lost(1, 6)) == 6
            room.close()


def test_writing_goes_on_after_damage(path: Path) -> None:
    lines = filled(path, 4)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"message 2", b"massage 2"))
    room = opened(path)
    room.write([said(5)])
    room.sync()
    room.count_in()
    assert all_lines(room) == [lines[0], *lines[2:], said(5)]
    assert room.lost(1, 5) == [2]
    assert room.line(2) is None


def test_a_newline_that_was_lost_joins_two_lines_that_are_both_served(path: Path) -> None:
    lines = filled(path, 4)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(lines[1] + lines[2], lines[1][:-1] + b"x" + lines[2]))
    room = opened(path)
    assert all_lines(room) == lines
    assert room.damage


def test_a_line_that_stands_twice_counts_once(path: Path) -> None:
    lines = filled(path, 3)
    path.write_bytes(path.read_bytes() + lines[1])
    room = opened(path)
    assert all_lines(room) == lines
    assert "stands twice" in room.damage[0]


def test_blanking_takes_a_text_out_of_the_file(path: Path) -> None:
    filled(path, 3)
    room = opened(path)
    room.blank([2])
    room.blank([2])
    assert b"message 2" not in path.read_bytes()
    assert members_of(room.line(2) or b"")["text"] == ""
    room.close()
    again = opened(path)
    assert again.damage == []
    assert again.last == 3


def test_a_header_of_another_room_is_refused(path: Path) -> None:
    filled(path, 1)
    moved = path.with_name("other.jsonl")
    path.rename(moved)
    with pytest.raises(Refused, match=r"general\.jsonl"):
        History.open(moved, "other", path.parent)


def test_a_newer_format_is_read_and_not_written(path: Path) -> None:
    header = line_of(Header(99, "general", "id", "2030-01-01T00:00:00.000Z"))
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


@pytest.mark.parametrize("target", ["elsewhere", "general-old.jsonl", "nowhere"])
def test_a_link_is_refused_wherever_it_leads(path: Path, target: str) -> None:
    other = path.with_name(target)
    if target != "nowhere":
        filled(path, 2)
        path.rename(other)
    before = other.read_bytes() if other.exists() else None
    path.symlink_to(other)
    with pytest.raises(Refused, match="is a link") as refused:
        opened(path)
    assert (refused.value.status, refused.value.code) == (503, "room_closed")
    assert (other.read_bytes() if other.exists() else None) == before


def test_a_file_that_becomes_a_link_is_written_no_more(path: Path) -> None:
    filled(path, 2)
    room = opened(path)
    other = path.with_name("moved")
    path.rename(other)
    path.symlink_to(other)
    before = other.read_bytes()
    with pytest.raises(Refused, match="replaced"):
        room.write([said(3)])
    assert other.read_bytes() == before


def with_crlf(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def test_crlf_from_git_or_an_editor_changes_nothing_but_the_file(path: Path) -> None:
    lines = filled(path, 3)
    with_crlf(path)
    there = path.read_bytes()
    room = opened(path)
    assert (room.last, room.damage, room.closed, room.returns) == (3, [], None, True)
    assert all_lines(room) == lines
    assert [room.line(n) for n in (1, 2, 3)] == lines
    assert path.read_bytes() == there
    room.write([said(4)])
    room.sync()
    room.count_in()
    assert all_lines(room) == [*lines, said(4)]
    room.close()
    assert path.read_bytes() == there + said(4)
    again = opened(path)
    assert (again.damage, all_lines(again)) == ([], [*lines, said(4)])
    room = opened(path, repair=False)
    assert (room.damage, all_lines(room)) == ([], [*lines, said(4)])


def test_a_text_is_taken_out_of_a_line_that_ends_in_crlf(path: Path) -> None:
    lines = filled(path, 3)
    with_crlf(path)
    room = opened(path)
    room.blank([2])
    room.close()
    assert b"message 2" not in path.read_bytes()
    again = opened(path)
    assert (again.last, again.damage) == (3, [])
    assert [again.line(1), again.line(3)] == [lines[0], lines[2]]


@pytest.mark.parametrize("end", [b"", b"\r"])
def test_the_last_line_lost_its_end_in_an_editor(path: Path, end: bytes) -> None:
    lines = filled(path, 3)
    with_crlf(path)
    path.write_bytes(path.read_bytes()[:-2] + end)
    room = opened(path)
    assert all_lines(room) == lines
    room.write([said(4)])
    room.sync()
    room.close()
    again = opened(path)
    assert (again.damage, all_lines(again)) == ([], [*lines, said(4)])


def test_damage_among_crlf_is_found_as_among_others(path: Path) -> None:
    lines = filled(path, 5)
    with_crlf(path)
    path.write_bytes(path.read_bytes().replace(b"message 2", b"massage 2"))
    room = opened(path)
    assert all_lines(room) == [lines[0], *lines[2:]]
    assert room.lost(1, 5) == [2]
    assert len(room.damage) == 2


def test_an_editor_put_a_mark_before_the_header(path: Path) -> None:
    lines = filled(path, 2)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    room = opened(path)
    assert (room.damage, all_lines(room)) == ([], lines)


@pytest.mark.parametrize("junk", [b"\n", b"\r\n", b"\n\n\n"])
def test_empty_lines_at_the_end_take_no_number(path: Path, junk: bytes) -> None:
    lines = filled(path, 2)
    path.write_bytes(path.read_bytes() + junk)
    room = opened(path)
    assert (room.last, len(room.damage)) == (2, 1)
    assert all_lines(room) == lines
    room.write([said(3)])
    room.sync()
    room.close()
    assert all_lines(opened(path)) == [*lines, said(3)]


def test_a_folder_is_refused(path: Path) -> None:
    path.mkdir()
    with pytest.raises(Refused, match="not a file") as refused:
        opened(path)
    assert refused.value.status == 503


def test_a_pipe_is_refused_and_does_not_wait(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(Refused, match="not a file"):
        opened(path)


def test_a_file_marked_read_only_is_read_and_not_written(path: Path) -> None:
    lines = filled(path, 2)
    path.chmod(0o444)
    room = opened(path)
    assert all_lines(room) == lines
    with pytest.raises(Refused, match="read-only"):
        room.write([said(3)])
    assert path.read_bytes().endswith(lines[-1])


def test_a_read_only_file_whose_last_line_lacks_its_end_is_read_whole(path: Path) -> None:
    lines = filled(path, 2)
    path.write_bytes(path.read_bytes()[:-1])
    path.chmod(0o444)
    assert all_lines(opened(path)) == lines


def test_a_full_disk_keeps_nothing_and_can_be_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 2)
    before = path.read_bytes()
    room = opened(path)
    real = disk.pwrite

    def full(fd: int, data: bytes, offset: int) -> None:
        real(fd, data[:7], offset)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(disk, "pwrite", full)
    with pytest.raises(Refused) as refused:
        room.write([said(3)])
    assert refused.value.status == 507
    assert path.read_bytes() == before
    monkeypatch.setattr(disk, "pwrite", real)
    room.write([said(3)])
    room.sync()
    room.count_in()
    assert room.last == 3


def test_a_failed_sync_closes_the_room_and_keeps_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = filled(path, 2)
    room = opened(path)
    room.write([said(3)])
    monkeypatch.setattr(disk, "sync_file", _fails)
    with pytest.raises(Refused) as refused:
        room.sync()
        room.count_in()
    assert refused.value.code == "room_closed"
    monkeypatch.undo()
    with pytest.raises(Refused, match="started again"):
        room.write([said(3)])
    assert all_lines(room) == lines
    assert path.read_bytes().endswith(lines[-1])


def test_a_first_message_that_cannot_be_saved_leaves_no_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = opened(path)
    monkeypatch.setattr(disk, "sync_folder", _fails)
    with pytest.raises(Refused):
        room.write([said(1)])
    assert not path.exists()


def test_a_failed_blanking_closes_the_room(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path, 2)
    room = opened(path)
    monkeypatch.setattr(disk, "sync_file", _fails)
    with pytest.raises(Refused):
        room.blank([1])
    assert room.closed


@pytest.mark.parametrize("how", ["grown", "replaced", "removed", "shrunk"])
def test_a_file_that_another_program_touched_is_not_written(path: Path, how: str) -> None:
    filled(path, 2)
    room = opened(path)
    if how == "grown":
        with path.open("ab") as file:
            file.write(b"x")
    elif how == "shrunk":
        os.truncate(path, 10)
    elif how == "replaced":
        other = path.with_name("other")
        other.write_bytes(path.read_bytes())
        other.replace(path)
    else:
        path.unlink()
    there = path.read_bytes() if path.exists() else None
    with pytest.raises(Refused, match="Another program"):
        room.write([said(3)])
    assert (path.read_bytes() if path.exists() else None) == there


def _fails(*_: object) -> None:
    raise OSError(errno.EIO, "Input/output error")


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
    path.write_bytes(sealed(header) + said(1))
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


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux counts descriptors so")
def test_nothing_stays_open_of_a_file_that_is_refused(path: Path) -> None:
    path.write_bytes(sealed(b'{"hearth":1,"room":"another"}'))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        with pytest.raises(Refused):
            opened(path)
    assert len(os.listdir("/proc/self/fd")) < before + 5  # a hub of an earlier test may be ending


@pytest.mark.parametrize("between", [b"", b"\0", b"\0\0junk"])
def test_lines_that_were_joined_into_one_are_all_there(path: Path, between: bytes) -> None:
    lines = filled(path, 3000)
    header = path.read_bytes().split(b"\n")[0] + b"\n"
    path.write_bytes(header + between.join(line[:-1] for line in lines) + b"\n")
    room = opened(path)
    assert all_lines(room) == lines


@pytest.mark.parametrize("text", ['"}', '{"room":"general","n":2,"}', ',"crc":"01234567"}'])
def test_a_damaged_line_takes_no_longer_than_it_is(path: Path, text: str) -> None:
    """Whatever it holds; and however often what looks like an event begins and ends in it."""
    header = line_of(Header(FORMAT, "general"))

    def work(size: int) -> None:
        path.write_bytes(header + said(1)[:-20] + text.encode() * size + b"\n" + said(2))
        room = opened(path)
        assert room.line(2) == said(2)
        room.close()

    assert growth(work, 500) < 4 * TIMES


def test_a_number_that_jumps_too_far_is_damage(path: Path) -> None:
    lines = filled(path, 2)
    with path.open("ab") as file:
        file.write(said(10**12) + said(1 + (1 << 23)) + said(3))
    room = opened(path)
    assert all_lines(room) == [*lines, said(3)]
    assert room.last == 3
    assert any("damaged" in text for text in room.damage)


def test_what_is_nested_too_deeply_is_a_later_hearths(path: Path) -> None:
    deep = b"[" * 5000 + b"]" * 5000
    path.write_bytes(sealed(b'{"hearth":1,"room":"general","x":%b}' % deep) + said(1))
    room = opened(path)
    assert all_lines(room) == [said(1)]
    assert room.closed is not None
    assert "newer Hearth" in room.closed


@pytest.mark.parametrize("junk", [b"junk\n", b"\n", b"\0\0\n", b'{"room":"general","n":2\n'])
def test_what_was_put_between_two_lines_is_no_part_of_a_page(path: Path, junk: bytes) -> None:
    lines = filled(path, 3)
    path.write_bytes(path.read_bytes().replace(lines[1], lines[1] + junk))
    room = opened(path)
    assert all_lines(room) == lines
    assert [room.line(n) for n in (1, 2, 3)] == lines
    assert len(room.damage) == 1


# -- whatever is in the file, it takes no more memory than its messages do ----------------------


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read as if a line of 400 bytes were too long to be held."""
    monkeypatch.setattr(recover, "BLOCK", 130)
    monkeypatch.setattr(recover, "HELD", 400)


JUNK = {
    "a long line": b"x" * 2000,
    "NULs": b"\0" * 2000,
    "beginnings of lines": b'{"room":"general","n":2,' * 90,
    "ends of lines": b',"crc":"01234567"}' * 100,
    "empty lines": b"\n" * 500,
    "returns": b"\r" * 2000,
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("place", [1, 2, 4, 5])
def test_long_lines_are_read_in_pieces_with_the_same_outcome(
    path: Path, monkeypatch: pytest.MonkeyPatch, junk: bytes, end: bytes, place: int
) -> None:
    filled(path, 4)
    lines = path.read_bytes().splitlines(keepends=True)
    there = b"".join([*lines[:place], junk + end, *lines[place:]])
    outcomes = []
    for block, held in ((1 << 20, 1 << 22), (130, 400)):
        monkeypatch.setattr(recover, "BLOCK", block)
        monkeypatch.setattr(recover, "HELD", held)
        path.write_bytes(there)
        room = opened(path)
        kept = [x.read_bytes() for x in (path.parent / "torn").glob("*")]
        for file in (path.parent / "torn").glob("*"):
            file.unlink()
        damage = [text.partition("kept in")[0] for text in room.damage]
        outcomes.append((all_lines(room), damage, room.places, path.read_bytes(), kept))
        room.close()
    assert outcomes[0] == outcomes[1]
    assert outcomes[1][0] == lines[1:]


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_message_that_is_too_long_to_be_held_is_still_one(
    path: Path, small: None, end: bytes, lost: bool
) -> None:
    long = said(3 if lost else 2, "long " * 1000)
    filled(path, 1)
    path.write_bytes(path.read_bytes() + long[:-1] + end + (said(4 if lost else 3) if end else b""))
    room = opened(path)
    assert all_lines(room) == [said(1, "message 1"), long, *([said(4 if lost else 3)] * bool(end))]
    assert room.lost(1, room.last) == [2] * lost
    assert path.read_bytes().endswith(b"\n")


@pytest.mark.parametrize("between", [b"", b"\0", b"junk"])
def test_joined_lines_are_found_in_pieces(path: Path, small: None, between: bytes) -> None:
    lines = filled(path, 100)
    header = path.read_bytes().split(b"\n")[0] + b"\n"
    path.write_bytes(header + between.join(line[:-1] for line in lines) + b"\n")
    room = opened(path)
    assert all_lines(room) == lines
    room.write([said(101)])
    room.sync()
    room.close()
    assert all_lines(opened(path)) == [*lines, said(101)]


def peak(path: Path, **options: object) -> tuple[History, int]:
    """The history, and how many bytes Python held at most while it was opened."""
    tracemalloc.start()
    try:
        room = opened(path, **options)
        return room, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


MIB = 1 << 20


@pytest.mark.parametrize("repair", [True, False])
def test_a_file_with_a_huge_hole(path: Path, repair: bool) -> None:
    """20 GB of nothing at the end, and in the middle: neither memory nor disk is taken for it."""
    if not hasattr(os, "SEEK_DATA"):
        pytest.skip("this system does not tell where a file has holes")
    lines = filled(path, 2)
    os.truncate(path, 20 << 30)
    if path.stat().st_blocks * 512 > MIB:
        pytest.skip("this drive knows no holes")
    room, most = peak(path, repair=repair)
    assert all_lines(room) == lines
    assert most < 32 * MIB
    room.close()
    kept = [x.stat() for x in path.parent.glob("torn/*")]
    assert [x.st_size > 19 << 30 for x in kept] == [True] * repair
    assert all(x.st_blocks * 512 < MIB for x in kept)
    assert (path.stat().st_size < 1000) == repair
    with path.open("r+b") as file:
        file.seek(10 << 30)
        file.write(b"\n" + said(3))
        file.truncate()
    room, most = peak(path, repair=repair)
    assert all_lines(room) == [*lines, said(3)]
    assert most < 32 * MIB


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_one_line_of_many_megabytes_is_not_held(path: Path, end: bytes) -> None:
    lines = filled(path, 2)
    with path.open("ab") as file:
        for _ in range(100):
            file.write(b"junk" * (MIB // 4))
        file.write(end)
    room, most = peak(path)
    assert all_lines(room) == lines
    assert most < 32 * MIB


@pytest.mark.parametrize("good", [True, False])
def test_damage_in_a_hundred_thousand_places_is_told_in_short(
    path: Path, good: bool, caplog: pytest.LogCaptureFixture
) -> None:
    filled(path, 1)
    with path.open("ab") as file:
        for n in range(2, 100_002):
            file.write(b"junk\n" + (said(n) if good else b""))
    logging.disable(logging.NOTSET)
    with caplog.at_level(logging.WARNING):
        room, most = peak(path)
    assert room.line(1) is not None
    assert (room.line(100_001) == said(100_001)) == good
    assert most < 32 * MIB
    assert len(caplog.records) < 10
    assert len(room.damage) + room.untold >= (100_000 if good else 1)
    assert len(room.damage) == len(room.places) < 110


def test_numbers_that_jump_again_and_again_take_no_memory_without_end(path: Path) -> None:
    filled(path, 1)
    with path.open("ab") as file:
        for jump in range(1, 50):
            file.write(said(jump * (recover.MOST_LOST - 10)))
    room, most = peak(path)
    assert room.last < 2 * recover.MOST_LOST
    assert most < 3 * 8 * recover.MOST_LOST
    assert room.line(1) is not None


def test_each_message_takes_a_few_bytes(path: Path) -> None:
    with path.open("wb") as file:
        file.write(line_of(Header(FORMAT, "general")))
        for n in range(1, 100_001):
            file.write(said(n) if n % 3 else said(n, do="later"))
    noted = 0

    def note(line: bytes) -> None:
        nonlocal noted
        noted += 1

    room, most = peak(path, note=note)
    assert (room.last, noted) == (100_000, 33_333)
    assert most < 16 * MIB


def test_it_stops_opening_at_the_next_block(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path, 1000)
    monkeypatch.setattr(recover, "BLOCK", 1000)
    real, read = disk.pread, []

    def pread(fd: int, length: int, offset: int) -> bytes:
        read.append(offset)
        return real(fd, length, offset)

    monkeypatch.setattr(disk, "pread", pread)
    with pytest.raises(Refused) as refused:
        opened(path, stopped=lambda: len(read) >= 5)
    assert (refused.value.status, refused.value.code) == (503, "stopping")
    assert len(read) == 5


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
