from __future__ import annotations

import pytest

from hub.net import qr

URL = "http://192.168.1.5:5000/general"
FINDER = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]


def test_a_code_is_a_square_of_modules() -> None:
    rows = qr.matrix(URL)
    assert len(rows) == 29  # version 3: 17 + 4 * 3
    assert {len(row) for row in rows} == {len(rows)}
    assert set("".join(rows)) == {"0", "1"}


def test_three_finder_patterns_and_no_quiet_zone() -> None:
    rows = qr.matrix(URL)
    assert [row[:7] for row in rows[:7]] == FINDER
    assert [row[-7:] for row in rows[:7]] == FINDER
    assert [row[:7] for row in rows[-7:]] == FINDER


def test_different_addresses_have_different_codes() -> None:
    assert qr.matrix(URL) != qr.matrix(URL.replace("5000", "5001"))


@pytest.mark.parametrize("url", ["http://1.2.3.4:5/a", "http://[fd00::2]:5000/" + "%D0%B0" * 64])
def test_the_size_follows_the_length_of_the_address(url: str) -> None:
    size = len(qr.matrix(url))
    assert size >= 21
    assert size % 4 == 1
