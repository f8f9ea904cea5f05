"""The hub is killed at a random moment under load, again and again.

The system still writes what a killed process gave it, so this cannot show a missing sync;
test_power_cut.py and test_order.py do.
"""

from __future__ import annotations

import random
import time
from functools import partial
from pathlib import Path

from hub.protocol.events import FORMAT, Event, Header, line_of
from hub.tools.verify import verify
from tests.conftest import Launch
from tests.faults.newcomers import Newcomers
from tests.faults.record import events_of, lines_of
from tests.faults.rounds import in_rounds
from tests.faults.senders import Senders
from tests.faults.starting import killed, say, served, started
from tests.launching import Launched

ROUND = 20
"""After so many kills a folder is big enough, and the next one is new."""


def test_a_killed_hub_loses_nothing_and_doubles_nothing(
    tmp_path: Path, launch: Launch, kill_cycles: int
) -> None:
    in_rounds(tmp_path, kill_cycles, ROUND, partial(_round, launch))


def _round(launch: Launch, folder: Path, cycles: int, moments: random.Random) -> None:
    senders = Senders(lambda number: ["general", f"room-{number}", "general"])
    hub = started(launch, folder)
    _introduce(senders, hub)
    for _ in range(cycles):
        senders.start(hub.port)
        senders.talking()
        time.sleep(moments.uniform(0.0, 0.3))
        killed(hub)
        senders.stop()
        hub = started(launch, folder)
        _same(senders.compare(folder), hub)
    senders.start(hub.port)
    senders.stop(answered=True)
    there = senders.compare(folder)
    assert not senders.unanswered
    assert sum(map(len, there.values())) == sum(len(sender.said) for sender in senders.all)
    assert hub.stop() == 0
    hub.close()


def _introduce(senders: Senders, hub: Launched) -> None:
    """Let everybody come in, and the hub keep who they are: see test_a_new_face below."""
    senders.start(hub.port)
    senders.talking()
    time.sleep(0.6)
    senders.stop(answered=True)


def test_a_new_face_is_known_again_after_a_kill(tmp_path: Path, launch: Launch) -> None:
    """Who was welcomed a moment ago repeats a message after the kill: it is saved once."""
    for cycle in range(3):
        folder = tmp_path / f"rooms-{cycle}"
        senders = Senders(lambda number: ["general"], count=2)
        hub = started(launch, folder)
        senders.start(hub.port)
        senders.talking()
        killed(hub)
        senders.stop()
        hub = started(launch, folder)
        senders.start(hub.port)
        senders.talking()
        senders.stop(answered=True)
        senders.compare(folder)
        assert hub.stop() == 0
        hub.close()


def test_a_killed_hub_reads_on_behind_what_was_kept(tmp_path: Path, launch: Launch) -> None:
    """A large room is kept as it is read whole, and as the hub stops, but not by a kill."""
    folder = tmp_path / "rooms"
    folder.mkdir()
    file, index = folder / "large.jsonl", folder / "hub" / "index" / "large.index"
    lines = [line_of(Event(room="large", n=n, at="2026-11-22T20:17:03.123Z", by="m", do="say",
                           text="x" * 4000)) for n in range(1, 2301)]  # fmt: skip
    file.write_bytes(b"".join([line_of(Header(FORMAT, "large", "0123456789abcdef")), *lines]))
    hub = started(launch, folder)
    kept = index.stat().st_ino
    for text in ("one", "two"):
        assert say(hub.port, "large", text)[0] == 201
    killed(hub)
    hub = started(launch, folder)
    assert index.stat().st_ino == kept, "the room was read as a whole"
    assert say(hub.port, "large", "three")[0] == 201
    there = served(hub.port, "large")
    assert there[:-3] == lines
    assert [event["text"] for event in events_of(file)[-3:]] == ["one", "two", "three"]
    assert hub.stop() == 0
    hub.close()
    kept = index.stat().st_ino
    hub = started(launch, folder)
    assert index.stat().st_ino == kept
    assert served(hub.port, "large") == there == lines_of(file)
    killed(hub)


def _same(there: dict[str, list[bytes]], hub: Launched) -> None:
    """What the hub serves is what stands in the files."""
    for room, lines in there.items():
        assert served(hub.port, room) == lines, room


def test_a_killed_hub_forgets_nobody(tmp_path: Path, launch: Launch, kill_cycles: int) -> None:
    """Who was welcomed is known again, and what they had read before that as well."""
    in_rounds(tmp_path, kill_cycles, ROUND, partial(_people, launch))


def _people(launch: Launch, folder: Path, cycles: int, moments: random.Random) -> None:
    newcomers = Newcomers()
    hub = started(launch, folder)
    for _ in range(cycles):
        newcomers.start(hub.port)
        newcomers.bringing()
        time.sleep(moments.uniform(0.0, 0.3))
        killed(hub)
        newcomers.stop()
        assert verify(folder, lambda line: None) == 0
        hub = started(launch, folder)
        newcomers.check(hub.port)
    assert hub.stop() == 0
    hub.close()
