"""Opening a file as a crash, an editor or a bad disk left it."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import Refused
from hub.protocol import events
from hub.protocol.events import Event
from hub.protocol.sent_file import SentFile
from hub.store import disk, recover
from tests.store.files import MIB, Durable, all_lines, filled, opened, peak, said, with_crlf

pytestmark = pytest.mark.usefixtures("quiet")


_SENT = SentFile(id="f", name="a.txt", size=1, type="text/plain", sha256="0" * 64)


@pytest.mark.parametrize("more", [{"re": 1, "key": "k"}, {"files": [_SENT]}], ids=["re", "files"])
def test_a_message_that_answers_another_or_has_files_is_noted(
    path: Path, more: dict[str, Any]
) -> None:
    answer = events.line_of(Event(room="general", n=3, at="", by="a", do="say", text="yes", **more))
    room = opened(path)
    room.write([said(1), said(2, 'not ,"re":1,"files":['), answer])
    room.sync()
    room.publish()
    room.close()
    for change in (lambda path: None, with_crlf):
        change(path)
        noted: list[bytes] = []
        opened(path, note=noted.append)
        assert noted == [answer]
    path.write_bytes(path.read_bytes().replace(said(2, 'not ,"re":1,"files":[')[:-1], b"lost"))
    noted.clear()
    opened(path, note=noted.append)
    assert noted == [answer], "in a file with gaps too"


def test_what_is_no_message_is_noted_in_order(path: Path) -> None:
    tricky = said(2, '","do":"edit","text":"')
    room = opened(path)
    room.write([said(1), tricky, said(3, "x", do="edit"), said(4, "y", do="later")])
    room.sync()
    room.publish()
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
        room.publish()
        room.close()
        again = opened(path)
        assert again.damage == []
        assert all_lines(again) == [*lines[:kept], said(kept + 1, "after")]
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
    room.publish()
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


@pytest.mark.slow
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
    room.publish()
    assert all_lines(room) == [lines[0], *lines[2:], said(5)]
    assert room.lost(1, 5) == [2]
    assert room.line(2) is None


def test_a_line_that_stands_twice_counts_once(path: Path) -> None:
    lines = filled(path, 3)
    path.write_bytes(path.read_bytes() + lines[1])
    room = opened(path)
    assert all_lines(room) == lines
    assert "stands twice" in room.damage[0]


@pytest.mark.parametrize("target", ["elsewhere", "general-old.jsonl", "nowhere"])
def test_a_link_is_refused_wherever_it_leads(path: Path, target: str) -> None:
    other = path.with_name(target)
    if target != "nowhere":
        filled(path, 2)
        path.rename(other)
    before = other.read_bytes() if other.exists() else None
    path.symlink_to(other)
    with pytest.raises(Refused, match="is no room: it is a link") as refused:
        opened(path)
    assert (refused.value.status, refused.value.code) == (503, "room_closed")
    assert (other.read_bytes() if other.exists() else None) == before


def test_crlf_from_git_or_an_editor_changes_nothing_but_the_file(path: Path) -> None:
    lines = filled(path, 3)
    with_crlf(path)
    there = path.read_bytes()
    room = opened(path)
    assert (room.last, room.damage, room.closed, room.crlf) == (3, [], None, True)
    assert all_lines(room) == lines
    assert [room.line(n) for n in (1, 2, 3)] == lines
    assert path.read_bytes() == there
    room.write([said(4)])
    room.sync()
    room.publish()
    assert all_lines(room) == [*lines, said(4)]
    room.close()
    assert path.read_bytes() == there + said(4)
    again = opened(path)
    assert (again.damage, all_lines(again)) == ([], [*lines, said(4)])
    room = opened(path, repair=False)
    assert (room.damage, all_lines(room)) == ([], [*lines, said(4)])


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


def test_what_stands_between_lines_with_crlf_takes_no_number(path: Path) -> None:
    lines = filled(path, 3)
    with_crlf(path)
    third = lines[2][:-1]
    path.write_bytes(path.read_bytes().replace(third, b"junk\r\n" + third))
    room = opened(path)
    assert (room.last, len(room.damage)) == (3, 1)
    assert all_lines(room) == lines


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


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux counts descriptors so")
def test_nothing_stays_open_of_a_file_that_is_refused(path: Path) -> None:
    path.write_bytes(events.sealed(b'{"hearth":1,"room":"another"}'))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        with pytest.raises(Refused):
            opened(path)
    assert len(os.listdir("/proc/self/fd")) < before + 5  # a hub of an earlier test may be ending


def test_a_number_that_jumps_too_far_is_damage(path: Path) -> None:
    lines = filled(path, 2)
    with path.open("ab") as file:
        file.write(said(10**12) + said(1 + (1 << 23)) + said(3))
    room = opened(path)
    assert all_lines(room) == [*lines, said(3)]
    assert room.last == 3
    assert any("damaged" in text for text in room.damage)


def test_numbers_that_jump_again_and_again_take_no_memory_without_end(path: Path) -> None:
    filled(path, 1)
    with path.open("ab") as file:
        for jump in range(1, 50):
            file.write(said(jump * (recover.MOST_LOST - 10)))
    room, most = peak(path)
    assert room.last < 2 * recover.MOST_LOST
    assert most < 3 * 8 * recover.MOST_LOST
    assert room.line(1) is not None


@pytest.mark.slow
def test_each_message_takes_a_few_bytes(path: Path) -> None:
    with path.open("wb") as file:
        file.write(events.line_of(events.Header(events.FORMAT, "general")))
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


def test_a_torn_end_is_kept_aside_before_it_is_cut_off_and_both_are_synced(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 3)
    with path.open("ab") as file:
        file.write(b"torn")
    durable, cut = Durable(path, monkeypatch), os.ftruncate
    monkeypatch.setattr(
        os, "ftruncate", lambda fd, size: (durable.asked.append("cut"), cut(fd, size))
    )
    opened(path).close()
    assert durable.asked == ["another file", "folder torn", "cut", "file"]
    assert durable


def test_a_newline_that_the_last_line_lacked_is_synced(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 3)
    os.truncate(path, path.stat().st_size - 1)
    durable = Durable(path, monkeypatch)
    opened(path).close()
    assert durable
    assert path.read_bytes().endswith(b"}\n")


def test_nothing_is_synced_where_nothing_was_mended(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 3)
    durable = Durable(path, monkeypatch)
    opened(path).close()
    assert durable.asked == []


def test_a_torn_end_that_cannot_be_kept_aside_is_not_cut_off(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 3)
    with path.open("ab") as file:
        file.write(b"torn")
    there = path.read_bytes()
    (path.parent / "torn").write_bytes(b"a file in the folder's place")
    with pytest.raises(Refused, match="cannot be read") as refused:
        opened(path)
    assert refused.value.status == 503
    assert path.read_bytes() == there
