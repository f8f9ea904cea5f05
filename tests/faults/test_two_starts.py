"""Two starts on one folder: never two writers."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from tests.conftest import Launch
from tests.faults.record import events_of
from tests.faults.starting import killed, say, started
from tests.launching import Launched


def _state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(x.relative_to(folder)): (x.stat().st_ino, x.stat().st_mtime_ns, x.read_bytes())
        for x in folder.rglob("*")
        if x.is_file()
    }


def test_a_second_start_writes_nothing_and_tells_where_the_first_is(
    tmp_path: Path, launch: Launch
) -> None:
    folder = tmp_path / "rooms"
    hub = started(launch, folder)
    assert say(hub.port, "general", "hello")[0] == 201
    before = _state(folder)
    for port in ("0", None, str(hub.port)):
        second = launch(rooms=folder, port=port)
        assert second.ended() == 0, second.complaint
        assert f"http://127.0.0.1:{hub.port}/general" in second.lines[0]
    assert _state(folder) == before
    assert say(hub.port, "general", "still here")[1]["n"] == 2
    assert hub.stop() == 0


def test_of_two_starts_at_the_same_time_one_serves_and_one_points_to_it(
    tmp_path: Path, launch: Launch, start_pairs: int
) -> None:
    """Every winner is killed, so that the next pair finds what a crash leaves behind."""
    folder = tmp_path / "rooms"
    for pair in range(1, start_pairs + 1):
        both = [launch(rooms=folder, port="0") for _ in range(2)]
        first = [hub.line() for hub in both]
        serving = [" is at " in line for line in first]
        assert sorted(serving) == [False, True], (pair, first)
        winner, other = both if serving[0] else both[::-1]
        assert other.ended() == 0, (pair, other.complaint)
        winner.lines[:1] = [line for line in first if " is at " in line]
        assert _port(other) == winner.port, (pair, first)
        status, event = say(winner.port, "general", f"pair {pair}")
        assert (status, event["n"]) == (201, pair)
        killed(winner)
        other.close()
    assert [x["text"] for x in events_of(folder / "general.jsonl")] == [
        f"pair {pair}" for pair in range(1, start_pairs + 1)
    ]


def test_a_start_after_a_crash_is_not_a_second_start(tmp_path: Path, launch: Launch) -> None:
    folder = tmp_path / "rooms"
    killed(started(launch, folder))
    hub = started(launch, folder)
    assert hub.process.poll() is None
    assert hub.stop() == 0


def test_a_second_start_while_the_first_hangs_does_not_write(
    tmp_path: Path, launch: Launch
) -> None:
    """A hub that is stopped still holds its folder."""
    folder = tmp_path / "rooms"
    hub = started(launch, folder)
    assert say(hub.port, "general", "hello")[0] == 201
    hub.process.send_signal(signal.SIGSTOP)
    try:
        before = _state(folder)
        second = launch(rooms=folder)
        assert second.ended() in (0, 3)
        assert _state(folder) == before
    finally:
        hub.process.send_signal(signal.SIGCONT)
    assert say(hub.port, "general", "awake")[1]["n"] == 2
    assert hub.stop() == 0


def _port(hub: Launched) -> int:
    found = re.search(r":(\d+)/", hub.lines[0])
    assert found, hub.lines
    return int(found[1])
