"""The hub is killed, or its power fails, while people send files and erase them."""

from __future__ import annotations

import random
import time
from functools import partial
from pathlib import Path

import pytest

from hub.tools.verify import verify
from tests.conftest import Launch
from tests.faults.conftest import MakeDisk
from tests.faults.disk import FILE_SYSTEMS, Disk
from tests.faults.file_senders import FileSenders, with_strangers
from tests.faults.rounds import in_rounds, random_moments
from tests.faults.starting import frozen, killed, started
from tests.launching import Launched

ROUND = 25
"""After so many kills a folder is big enough, and the next one is new."""


def test_a_killed_hub_keeps_every_file_whole(
    tmp_path: Path, launch: Launch, file_kills: int
) -> None:
    in_rounds(tmp_path, file_kills, ROUND, partial(_round, launch))


def _round(launch: Launch, folder: Path, cycles: int, chance: random.Random) -> None:
    with_strangers(folder)
    senders = FileSenders(chance)
    hub = started(launch, folder)
    senders.start(hub.port)
    senders.sending()
    for _ in range(cycles):
        time.sleep(chance.uniform(0.0, 0.4))
        killed(hub)
        senders.stop()
        hub = started(launch, folder)
        senders.compare(folder, hub.port)
        senders.start(hub.port)
    _finish(senders, folder, hub)
    assert verify(folder, lambda line: None) == 0


@pytest.mark.parametrize("kind", FILE_SYSTEMS)
def test_a_power_cut_keeps_every_file_whole(
    make_disk: MakeDisk, launch: Launch, power_cycles: int, kind: str
) -> None:
    chance = random_moments()
    for cycle in range((power_cycles + 1) // 2):
        disk = make_disk(f"disk-{cycle}", 200, kind)
        _power(disk, launch, chance)
        disk.close()


def _power(disk: Disk, launch: Launch, chance: random.Random) -> None:
    folder = disk.path / "hearth" / "rooms"
    with_strangers(folder)
    senders = FileSenders(chance)
    hub = started(launch, folder)
    senders.start(hub.port)
    senders.sending()
    time.sleep(chance.uniform(0.0, 0.3))
    frozen(hub)
    disk.cut()
    killed(hub)
    senders.stop()
    disk.remount()
    hub = started(launch, folder)
    senders.compare(folder, hub.port)
    senders.start(hub.port)
    _finish(senders, folder, hub)


def _finish(senders: FileSenders, folder: Path, hub: Launched) -> None:
    """Let everybody send what they have begun: it is all there then, and whole."""
    senders.stop(finished=True)
    senders.finished(folder, hub.port)
    assert hub.stop() == 0
    hub.close()
