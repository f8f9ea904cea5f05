from array import array
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.store.offsets import SPAN, DenseOffsets, SparseOffsets


def sparse(*ends: int, begin: int = 0) -> SparseOffsets:
    offsets = SparseOffsets(begin)
    offsets.add(ends)
    return offsets


@given(
    st.lists(st.integers(1, 3 * SPAN), min_size=1, max_size=60),
    st.integers(0, 8 * SPAN),
    st.data(),
)
def test_spans_of_lines_of_any_length(lengths: list[int], most: int, data: st.DataObject) -> None:
    """Each holds the line that was asked for, whole lines alone, and not too many."""
    begins = [sum(lengths[:n], 100) for n in range(len(lengths) + 1)]
    offsets = SparseOffsets(100)
    at = data.draw(st.integers(0, len(lengths)))
    offsets.add(begins[1 : at + 1])
    offsets.add(begins[at + 1 :])
    assert (offsets.last, offsets.end) == (len(lengths), begins[-1])
    first = data.draw(st.integers(1, len(lengths)))
    last = data.draw(st.integers(first, len(lengths)))
    span = offsets.span(first, last, most)
    assert span.n <= first < span.until
    assert (span.begin, span.end) == (begins[span.n - 1], begins[span.until - 1])
    longest = max(SPAN, *lengths)
    assert span.end - span.begin <= max(most, longest)
    assert begins[first - 1] - span.begin <= SPAN
    assert span.end - begins[last] <= longest


def test_there_are_few_entries() -> None:
    offsets = sparse(*range(200, 200 * 100_001, 200))
    numbers, places = offsets.dump()
    assert len(numbers) == len(places)
    assert len(numbers) // 8 <= 200 * 100_000 // (SPAN - 200) + 1


def test_what_is_dumped_is_loaded() -> None:
    offsets = sparse(*range(600, 60_000, 500), begin=100)
    again = SparseOffsets()
    again.load(offsets.dump(), offsets.last, offsets.end)
    assert again.dump() == offsets.dump()
    more = [offsets.end + 700, offsets.end + 9000]
    for each in offsets, again:
        each.add(more)
    assert again.dump() == offsets.dump()
    last = offsets.last
    assert again.span(last, last, 0) == offsets.span(last, last, 0)


def packed(*numbers: int) -> bytes:
    return array("q", numbers).tobytes()


@pytest.mark.parametrize(
    ("numbers", "places"),
    [
        (packed(1, 5), packed(100)),
        (packed(), packed()),
        (packed(2), packed(100)),
        (packed(1, 11), packed(100, 200)),
        (packed(1, 5), packed(100, 1000)),
        (packed(1)[:-1], packed(100)),
    ],
    ids=["too few places", "none", "not from 1 on", "number too high", "place too high", "torn"],
)
def test_entries_that_cannot_be_any_are_refused(numbers: bytes, places: bytes) -> None:
    with pytest.raises(ValueError, match="fit together|multiple"):
        SparseOffsets().load((numbers, places), 10, 1000)


def test_a_reader_beside_the_writer_sees_no_half_step() -> None:
    offsets = sparse(1000)
    seen: list[str] = []

    def read() -> None:
        while offsets.last < 30_000:
            last = offsets.last
            span = offsets.span(last, last, 1 << 40)
            if not span.n <= last < span.until or span.end != 1000 * (span.until - 1):
                seen.append(str(span))

    reader = Thread(target=read)
    reader.start()
    for n in range(2, 30_001, 2):
        offsets.add([1000 * n, 1000 * (n + 1)])
    reader.join()
    assert seen == []


def test_dense_offsets_know_what_is_lost() -> None:
    offsets = DenseOffsets(array("q"))
    offsets.put(1, 100)
    offsets.put(4, 300)
    offsets.end = 500
    offsets.add([600, 900])
    offsets.skip_to(7)
    assert (offsets.last, offsets.end) == (7, 900)
    assert [offsets.place(n) for n in range(1, 8)] == [100, -1, -1, 300, 500, 600, -1]
    assert offsets.lost(1, 7) == [2, 3, 7]
    assert offsets.lost(4, 6) == []
