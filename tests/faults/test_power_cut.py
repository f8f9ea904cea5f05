"""The power fails under load: on a real file system, what was not synced is gone."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Launch
from tests.faults.conftest import MakeDisk
from tests.faults.disk import FILE_SYSTEMS, Disk
from tests.faults.newcomers import Newcomers
from tests.faults.rounds import random_moments
from tests.faults.senders import Senders
from tests.faults.starting import frozen, started
from tests.launching import ROOT, Launched

NO_SYNC = f"""
import sys
from types import SimpleNamespace
sys.path.insert(0, {str(ROOT)!r})
from hub.store import journal
journal.disk = SimpleNamespace(**(vars(journal.disk) | {{"sync_file": lambda fd: None}}))
"""
"""Python runs this before the launcher: the journal is written, and not synced."""
NO_LEDGER_SYNC = NO_SYNC.replace("journal", "ledger_file")


@pytest.mark.parametrize("kind", FILE_SYSTEMS)
def test_a_power_cut_loses_nothing_that_was_acknowledged(
    make_disk: MakeDisk, launch: Launch, power_cycles: int, kind: str
) -> None:
    _often(make_disk, kind, power_cycles, lambda disk, moments: _cycle(disk, launch, moments))


def _often(
    make_disk: MakeDisk, kind: str, cycles: int, cut: Callable[[Disk, random.Random], None]
) -> None:
    """Cut the power of one new disk after the other, at random moments."""
    moments = random_moments()
    for cycle in range(cycles):
        disk = make_disk(f"disk-{cycle}", 24, kind)
        cut(disk, moments)
        disk.close()


def _cycle(disk: Disk, launch: Launch, moments: random.Random) -> None:
    """Cut the power twice: from a folder that was just made, and from one that has a past."""
    folder = disk.path / "hearth" / "rooms"
    folder.parent.mkdir()
    senders = Senders(lambda number: ["general", f"room-{number}"])
    hub = started(launch, folder)
    for turn in ("first", "second"):
        senders.start(hub.port)
        senders.talking()
        # Time for who they are to be kept, at first; then rooms are made until the end.
        time.sleep(moments.uniform(0.5, 0.7) if turn == "first" else moments.uniform(0.0, 0.2))
        for sender in senders.all:
            sender.rooms.append(f"{turn}-{sender.name}")
        time.sleep(moments.uniform(0.0, 0.15))
        _cut(disk, hub, senders)
        assert folder.is_dir(), "the whole folder is gone"
        hub = started(launch, folder)
        senders.compare(folder)
    senders.start(hub.port)
    senders.stop(answered=True)
    senders.compare(folder)
    assert not senders.unanswered
    assert hub.stop() == 0
    hub.close()


def _cut(disk: Disk, hub: Launched, senders: Senders | Newcomers) -> None:
    # Without power nothing runs on. A hub that did would be told lies: a sync that is under
    # way while ext4 shuts down may end without an error (fs/jbd2/journal.c,
    # jbd2_complete_transaction, takes an aborted transaction for one that was committed).
    frozen(hub)
    disk.cut()
    hub.process.kill()
    hub.process.wait(60)
    hub.close()
    senders.stop()
    disk.remount()


def test_a_journal_that_is_not_synced_would_be_noticed(
    make_disk: MakeDisk, launch: Launch, tmp_path: Path
) -> None:
    """The control of the tests above: without that one sync they must fail."""
    (tmp_path / "sitecustomize.py").write_text(NO_SYNC)
    disk = make_disk(megabytes=24)
    folder = disk.path / "hearth" / "rooms"
    folder.parent.mkdir()
    senders = Senders(lambda number: ["general", f"room-{number}"])
    hub = started(launch, folder, environment={"PYTHONPATH": str(tmp_path)})
    senders.start(hub.port)
    senders.talking()
    time.sleep(0.3)
    _cut(disk, hub, senders)
    hub = started(launch, folder)
    with pytest.raises(AssertionError, match="is lost"):
        senders.compare(folder)
    assert hub.stop() == 0


@pytest.mark.parametrize("kind", FILE_SYSTEMS)
def test_a_power_cut_forgets_nobody(
    make_disk: MakeDisk, launch: Launch, power_cycles: int, kind: str
) -> None:
    _often(make_disk, kind, power_cycles, lambda disk, moments: _people(disk, launch, moments))


def _people(disk: Disk, launch: Launch, moments: random.Random) -> None:
    """Cut the power twice: from a folder that was just made, and from one that has a past."""
    folder = disk.path / "hearth" / "rooms"
    folder.parent.mkdir()
    newcomers = Newcomers()
    hub = started(launch, folder)
    for _ in range(2):
        newcomers.start(hub.port)
        newcomers.bringing()
        time.sleep(moments.uniform(0.0, 0.3))
        _cut(disk, hub, newcomers)
        hub = started(launch, folder)
        newcomers.check(hub.port)
    assert hub.stop() == 0
    hub.close()


def test_a_ledger_that_is_not_synced_would_be_noticed(
    make_disk: MakeDisk, launch: Launch, tmp_path: Path
) -> None:
    """The control of the test above."""
    (tmp_path / "sitecustomize.py").write_text(NO_LEDGER_SYNC)
    disk = make_disk(megabytes=24)
    folder = disk.path / "hearth" / "rooms"
    folder.parent.mkdir()
    newcomers = Newcomers()
    hub = started(launch, folder, environment={"PYTHONPATH": str(tmp_path)})
    newcomers.start(hub.port)
    newcomers.bringing()
    _cut(disk, hub, newcomers)
    hub = started(launch, folder)
    with pytest.raises(AssertionError, match="is lost"):
        newcomers.check(hub.port)
    assert hub.stop() == 0
