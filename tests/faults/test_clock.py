"""The clock is set back, or forward, by a year while the hub runs."""

from __future__ import annotations

import json
import struct
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Launch
from tests.faults.record import events_of, lines_of
from tests.faults.starting import killed, say, served, started
from tests.launching import Launched
from tests.talk import Talk

YEAR = 365 * 86400.0

SHIFTED = """
import mmap, struct, time
_file = open({path!r}, "rb")
_shift = mmap.mmap(_file.fileno(), 8, access=mmap.ACCESS_READ)
_time, _time_ns = time.time, time.time_ns
_now = lambda: struct.unpack("d", _shift[:8])[0]
time.time = lambda: _time() + _now()
time.time_ns = lambda: _time_ns() + int(_now() * 1e9)
"""
"""Python runs a sitecustomize.py before the program, and so before anybody holds the clock."""


class Clock:
    """The wall clock of the hubs that get `environment`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "shift"
        self._file.write_bytes(struct.pack("d", 0.0))
        code = folder / "clock"
        code.mkdir()
        (code / "sitecustomize.py").write_text(SHIFTED.format(path=str(self._file)))
        self.environment = {"PYTHONPATH": str(code)}

    def shift(self, seconds: float) -> None:
        with self._file.open("r+b") as file:
            file.write(struct.pack("d", seconds))


@pytest.mark.parametrize("shift", [-YEAR, YEAR], ids=["back", "forward"])
def test_numbers_lead_and_nobody_is_forgotten(tmp_path: Path, launch: Launch, shift: float) -> None:
    clock, folder = Clock(tmp_path), tmp_path / "rooms"

    def start() -> Launched:
        return started(launch, folder, environment=clock.environment)

    hub = start()
    with _talk(hub) as mia, _talk(hub) as ben:
        token = mia.hello("Mia")["token"]
        ben_token = ben.hello("Ben")["token"]
        mia.join()
        ben.join()
        first = mia.say("before", key="first")
        clock.shift(shift)
        second = ben.say("a year apart")
        assert (second["n"], mia.expect("say", by="Ben")["n"]) == (2, 2)
        assert (second["at"] < first["at"]) == (shift < 0)
        apart = datetime.fromisoformat(second["at"]) - datetime.fromisoformat(first["at"])
        assert abs(apart.total_seconds() - shift) < 3600
        assert mia.say("before", key="first")["n"] == 1, "a repeated key is still known"
        assert mia.do("edit", of=1, text="changed")["n"] == 3
        assert mia.do("react", of=2, text="👍")["n"] == 4
        # Nobody is thrown out, slowed down or refused, and one who polls sees what is new.
        assert [mia.say(f"more {number}")["n"] for number in range(20)] == list(range(5, 25))
        assert [json.loads(x)["n"] for x in served(hub.port, "general?after=22")] == [23, 24]
    with _talk(hub) as mia:
        assert mia.hello(token=token)["name"] == "Mia"
        assert [x["n"] for x in mia.join(after=20)] == [21, 22, 23, 24]
    assert say(hub.port, "new", "a room of that time")[1]["n"] == 1
    assert hub.stop() == 0

    clock.shift(0.0)
    hub = start()
    with _talk(hub) as mia:
        assert mia.hello(token=token)["name"] == "Mia"
        assert mia.say("now again")["n"] == 25
    with _talk(hub) as ben:
        assert ben.hello(token=ben_token)["name"] == "Ben", "who stayed all the time is forgotten"
    killed(hub)
    assert len(lines_of(folder / "general.jsonl")) == 25
    assert not _damage(folder)


def test_the_clock_runs_to_and_fro(tmp_path: Path, launch: Launch) -> None:
    clock, folder = Clock(tmp_path), tmp_path / "rooms"
    hub = started(launch, folder, environment=clock.environment)
    with _talk(hub) as mia:
        mia.hello("Mia")
        mia.join()
        for number, shift in enumerate((0.0, -YEAR, YEAR, -3600.0, 0.5, -0.5, 0.0) * 5):
            clock.shift(shift)
            assert mia.say(f"message {number}")["n"] == number + 1
    assert hub.stop() == 0
    events = events_of(folder / "general.jsonl")
    assert [x["text"] for x in events] == [f"message {number}" for number in range(35)]


def _talk(hub: Launched) -> Talk:
    return Talk(f"ws://127.0.0.1:{hub.port}/api/live")


def _damage(folder: Path) -> list[Any]:
    return list((folder / "hub").glob("torn/*"))
