from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Refused
from hub.files.ranges import ranges

HUGE = "9" * 100_000


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("bytes=0-4", [(0, 4)]),
        ("bytes=0-0", [(0, 0)]),
        ("bytes=9-9", [(9, 9)]),
        ("bytes=0-", [(0, 9)]),
        ("bytes=5-", [(5, 9)]),
        ("bytes=5-100", [(5, 9)]),
        (f"bytes=5-{HUGE}", [(5, 9)]),
        ("bytes=00005-00000000000000000000000000000006", [(5, 6)]),
        ("bytes=-3", [(7, 9)]),
        ("bytes=-10", [(0, 9)]),
        (f"bytes=-{HUGE}", [(0, 9)]),
        ("BYTES=0-4", [(0, 4)]),
        ("bytes = 0-4", [(0, 4)]),
        ("bytes=0-1,3-4", [(0, 1), (3, 4)]),
        ("bytes= 0-1 ,\t3-4 , -2", [(0, 1), (3, 4), (8, 9)]),
        ("bytes=0-1,2-3", [(0, 1), (2, 3)]),
        ("bytes=,0-1,,", [(0, 1)]),
        ("bytes=0-1,10-11,-2", [(0, 1), (8, 9)]),
        ("bytes=0-1,-0", [(0, 1)]),
    ],
)
def test_ranges_of_ten_bytes(header: str, found: list[tuple[int, int]]) -> None:
    assert ranges(header, 10) == found


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=5",
        "bytes=5-4",
        "bytes=0-1,5-4",
        f"bytes={HUGE}-0",
        "bytes=a-b",
        "bytes=0-1;2-3",
        "bytes=+1-2",
        "bytes=1--2",
        "bytes=--2",
        "bytes=0x1-2",
        "bytes=1_0-",
        "bytes=١-٢",
        "bytes=0 - 4",
        "rows=0-4",
        "bytes=0-4,rows",
        "bytes=3-4,0-1",
        "bytes=0-4,4-5",
        "bytes=-2,0-1",
        "bytes=5-,-7",
        "bytes=" + ",".join(f"{x}-{x}" for x in range(17)),
    ],
)
def test_where_all_is_sent(header: str | None) -> None:
    assert ranges(header, 10) is None


def test_sixteen_ranges_are_answered() -> None:
    header = "bytes=" + ",".join(f"{x}-{x}" for x in range(0, 32, 2))
    assert ranges(header, 100) == [(x, x) for x in range(0, 32, 2)]


@pytest.mark.parametrize(
    ("header", "size"),
    [
        ("bytes=10-", 10),
        ("bytes=10-20", 10),
        ("bytes=10-20,30-", 10),
        (f"bytes={HUGE}-", 10),
        ("bytes=-0", 10),
        ("bytes=0-", 0),
        ("bytes=0-0", 0),
        ("bytes=-0", 0),
    ],
)
def test_bytes_that_the_file_does_not_have(header: str, size: int) -> None:
    with pytest.raises(Refused) as refused:
        ranges(header, size)
    assert (refused.value.code, refused.value.status) == ("range_unsatisfiable", 416)


def test_the_last_bytes_of_an_empty_file_are_all_of_it() -> None:
    assert ranges("bytes=-5", 0) is None


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), min_size=1, max_size=16),
    st.integers(1, 30),
)
def test_the_bytes_are_those_that_were_asked_for(asked: list[tuple[int, int]], size: int) -> None:
    header = "bytes=" + ",".join(f"{first}-{first + more}" for first, more in asked)
    wanted = [x for first, more in asked for x in range(first, first + more + 1) if x < size]
    try:
        found = ranges(header, size)
    except Refused:
        assert wanted == []
        return
    assert wanted
    if found is None:
        assert wanted != sorted(set(wanted))
    else:
        assert [x for first, last in found for x in range(first, last + 1)] == wanted


@given(
    st.one_of(st.text(), st.from_regex(r"bytes=[0-9 ,-]{0,40}", fullmatch=True)),
    st.integers(0, 2**63),
)
def test_whatever_is_asked_for_is_inside(header: str, size: int) -> None:
    try:
        found = ranges(header, size)
    except Refused as refused:
        assert refused.status == 416
        return
    before = -1
    for first, last in found or []:
        assert before < first <= last < size
        before = last


@pytest.mark.parametrize(
    "header", ["bytes=" + "0-1," * 200_000, "bytes=" + " " * 800_000, "=" * 800_000]
)
def test_a_long_header_costs_little(header: str) -> None:
    started = time.process_time()
    assert ranges(header, 10) is None
    assert time.process_time() - started < 0.5
