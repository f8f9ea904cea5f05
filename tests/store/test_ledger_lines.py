import os
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from hub.keys import Keys
from hub.protocol.events import sealed
from hub.store import ledger_lines as module
from hub.store.ledger_lines import Found, Newer, head, header, line_of, lines_of, read

FIRST = [line_of({"a": b"1", "b": b'{"x":[1,2]}'}), line_of({"c": b'"\xc3\xa9"'})]
SECOND = [line_of({"a": b"2"}), line_of({"b": None, "d": b"4"})]
THIRD = [line_of({"e": b"5"})]
BATCHES = [b"".join(x) for x in (FIRST, SECOND, THIRD)]
WHOLE = header() + b"".join(head(n) + lines for n, lines in enumerate(BATCHES, 1))
AFTER_FIRST = {"a": b"1", "b": b'{"x":[1,2]}', "c": b'"\xc3\xa9"'}
AFTER_SECOND = {"a": b"2", "c": b'"\xc3\xa9"', "d": b"4"}
ALL = {**AFTER_SECOND, "e": b"5"}


def found_in(data: bytes, piece: int = 1 << 20) -> Any:
    found = Found("ledger.jsonl")
    for at in range(0, len(data), piece):
        found.take(data[at : at + piece])
    found.finish()
    found.items = dict(found.keys.items(""))
    return found


def changed(at: int, data: bytes = WHOLE, to: bytes = b"#") -> bytes:
    return data[:at] + to + data[at + len(to) :]


@pytest.mark.parametrize("piece", [1, 7, 100, 1 << 20])
def test_what_was_written_is_read_however_it_is_cut(piece: int) -> None:
    found = found_in(WHOLE, piece)
    assert found.items == ALL
    assert (found.size, found.batch, found.damage.sentences) == (len(WHOLE), 3, [])


def test_lines_of_keys_are_those_of_now() -> None:
    keys = Keys({"a": b"1", "b": b"2"})
    some = ["a", "b"]
    keys.put({"a": (b"1", b"7"), "b": (b"2", None), "c": (None, b"3")})
    assert lines_of(keys, some) == line_of({"a": b"7"})


def test_each_prefix_holds_whole_changes_in_their_order(quiet: None) -> None:
    """Wherever a write ended, a change is there with all its keys or not at all."""
    lines = WHOLE.splitlines(keepends=True)
    for end in range(1, len(WHOLE) + 1):
        found = found_in(WHOLE[:end])
        whole, items = 0, {}
        for line in lines:
            if whole + len(line) > end:
                break
            whole += len(line)
            items = found_in(WHOLE[:whole]).items
        if whole:
            assert (found.items, found.size, found.damage.sentences) == (
                items,
                whole,
                [],
            ), end
        else:
            assert found.damage.places == [0], end


def test_a_torn_last_batch_counts_up_to_where_it_is_torn() -> None:
    """A disk may write the sectors of one write in any order."""
    start = len(header() + head(1) + BATCHES[0] + head(2))
    data = header() + head(1) + BATCHES[0] + head(2) + BATCHES[1]
    found = found_in(changed(start + 3, data))
    assert (found.items, found.size, found.damage.sentences) == (
        AFTER_FIRST,
        start,
        [],
    )
    found = found_in(changed(start + len(SECOND[0]) + 3, data))
    assert found.items == {**AFTER_FIRST, "a": b"2"}
    assert (found.size, found.damage.sentences) == (start + len(SECOND[0]), [])
    before = start - len(head(2))
    found = found_in(changed(before + 3, data))  # of the head itself
    assert (found.items, found.size, found.damage.sentences) == (
        AFTER_FIRST,
        before,
        [],
    )
    found = found_in(data + bytes(5000))
    assert (found.items, found.size, found.damage.sentences) == (
        AFTER_SECOND,
        len(data),
        [],
    )
    assert found.end == len(data) + 5000


@pytest.mark.parametrize("piece", [1, 7, 1 << 20])
def test_newlines_that_are_not_used_are_no_lines(piece: int) -> None:
    found = found_in(WHOLE + b"\n" * 5000, piece)
    assert (found.items, found.batch, found.damage.sentences) == (ALL, 3, [])
    assert found.size == found.end == len(WHOLE)


def test_where_newlines_stand_in_place_of_lines_these_are_lost() -> None:
    """A sector that was not written has what was there before, and may be one of whole lines."""
    start = len(header() + head(1) + BATCHES[0] + head(2))
    blank = b"\n" * len(SECOND[0])
    torn = changed(start, WHOLE[: start + len(BATCHES[1])] + b"\n" * 90, blank)
    found = found_in(torn)
    assert (found.items, found.size, found.damage.sentences) == (
        AFTER_FIRST,
        start,
        [],
    )
    assert found.end == start + len(BATCHES[1])
    found = found_in(changed(start, WHOLE, blank))
    assert found.items == {"a": b"1", "c": AFTER_FIRST["c"], "d": b"4", "e": b"5"}
    assert found.damage.places == [start]


def test_damage_before_a_head_is_told_and_the_rest_counts() -> None:
    start = len(header() + head(1))
    found = found_in(changed(start + 3))
    assert found.items == ALL
    assert (found.damage.sentences, found.size) == ([f"damaged near byte {start}"], len(WHOLE))
    start += len(BATCHES[0]) + len(head(2)) + len(SECOND[0])
    found = found_in(changed(start + 3))
    assert found.items == {**AFTER_FIRST, "a": b"2", "e": b"5"}
    assert found.damage.places == [start]


def test_every_flipped_bit_is_noticed_or_torn(quiet: None) -> None:
    closed = WHOLE + 2 * head(4)  # as it is closed
    for at in range(len(closed)):
        for bit in range(8):
            found = found_in(changed(at, closed, bytes([closed[at] ^ 1 << bit])))
            assert found.damage.places or at >= len(WHOLE), (at, bit)
            assert sum(found.keys.get(key) == value for key, value in ALL.items()) >= 2


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\n" * 5000, b"not a ledger", b"not\na\nledger\n", bytes(100)]
)
def test_what_does_not_begin_as_a_ledger_is_damaged_and_not_torn(data: bytes) -> None:
    found = found_in(data)
    assert (found.items, found.damage.places) == ({}, [0])
    whole = found_in(data + b"\n" + WHOLE[len(header()) :])
    assert (whole.items, whole.damage.places) == (ALL, [0])
    assert found_in(data + b"\n" + line_of({"a": b"1"})).items == {"a": b"1"}


def test_lines_that_are_sealed_and_make_no_sense_are_damaged(quiet: None) -> None:
    for odd in (b"[1]", b"7x", b'{"a":' + b"[" * 5000 + b"}", b'{"a"}'):
        found = found_in(header() + head(1) + sealed(odd) + THIRD[0] + head(2))
        assert (found.items, len(found.damage.places)) == ({"e": b"5"}, 1)


def test_line_ends_of_windows_do_no_harm() -> None:
    found = found_in(WHOLE.replace(b"\n", b"\r\n"))
    assert (found.items, found.damage.sentences) == (ALL, [])


def test_a_newer_ledger_is_not_read() -> None:
    newer = sealed(b'{"ledger":%d}' % (module.FORMAT + 1))
    with pytest.raises(Newer):
        found_in(newer + WHOLE)


def test_a_line_that_never_ends_takes_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST", 1 << 20)
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(WHOLE + head(4))
    os.truncate(path, 50 << 20)
    with path.open("ab") as file:
        file.write(b"\n" + head(5) + line_of({"f": b"6"}))
    fd = os.open(path, os.O_RDONLY)
    tracemalloc.start()
    found = read(fd, path.name)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    os.close(fd)
    assert peak < 12 << 20
    assert dict(found.keys.items("")) == {**ALL, "f": b"6"}
    assert found.damage.places == [len(WHOLE + head(4))]
    assert found.size == path.stat().st_size


def test_nothing_makes_it_fail(quiet: None) -> None:
    """Whatever is put into it or taken from it."""
    chance = random.Random(7)
    for _ in range(2000):
        data = bytearray(WHOLE + head(4))
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(data))
            if chance.random() < 0.5:
                del data[at : at + chance.randrange(60)]
            else:
                data[at:at] = chance.choice((b"\n", b"\0" * 30, b"{", head(9), SECOND[0], b"\xff"))
        found = found_in(bytes(data), chance.choice((3, 50, 1 << 20)))
        assert 0 <= found.size <= len(data)
        assert set(found.items) <= set(ALL) | {"b"}
