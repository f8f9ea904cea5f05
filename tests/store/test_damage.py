"""How damage is told."""

import logging
from pathlib import Path

import pytest

from hub.store.damage import LOGGED, Damage
from tests.store.files import MIB, filled, peak, said


@pytest.mark.parametrize("count", [0, LOGGED - 1, LOGGED, LOGGED + 1, LOGGED + 5])
def test_the_log_tells_of_some_and_then_of_how_many(
    count: int, caplog: pytest.LogCaptureFixture
) -> None:
    damage = Damage("general.jsonl")
    for n in range(count):
        damage.note(f"place {n}", n)
    damage.sum_up()
    told = [f"general.jsonl: place {n}" for n in range(min(count, LOGGED))]
    if count > LOGGED:
        told.append(f"general.jsonl: {count} places are damaged in all")
    assert caplog.messages == told


@pytest.mark.slow
@pytest.mark.parametrize("good", [True, False])
def test_damage_in_a_hundred_thousand_places_is_told_in_short(
    path: Path, good: bool, caplog: pytest.LogCaptureFixture
) -> None:
    filled(path, 1)
    with path.open("ab") as file:
        for n in range(2, 100_002):
            file.write(b"junk\n" + (said(n) if good else b""))
    with caplog.at_level(logging.WARNING):
        room, most = peak(path)
    assert room.line(1) is not None
    assert (room.line(100_001) == said(100_001)) == good
    assert most < 32 * MIB
    assert len(caplog.records) < 10
    assert len(room.damage) + room.untold >= (100_000 if good else 1)
    assert len(room.damage) == len(room.places) < 110
