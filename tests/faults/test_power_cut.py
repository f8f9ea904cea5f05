"""The power fails under load: on a real file system, what was not synced is gone."""

from __future__ import annotations

import random
import time

from tests.conftest import Launch
from tests.faults.conftest import MakeDisk
from tests.faults.disk import Disk
from tests.faults.senders import Senders
from tests.faults.starting import frozen, started


def test_a_power_cut_loses_nothing_that_was_acknowledged(
    make_disk: MakeDisk, launch: Launch, power_cycles: int
) -> None:
    seed = random.randrange(1 << 32)
    print("seed", seed)
    moments = random.Random(seed)
    for cycle in range(power_cycles):
        disk = make_disk(f"disk-{cycle}", megabytes=24)
        _cycle(disk, launch, moments)
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
        assert folder.is_dir(), "the whole folder is gone"
        hub = started(launch, folder)
        senders.compare(folder)
    senders.start(hub.port)
    senders.stop(answered=True)
    senders.compare(folder)
    assert not senders.unanswered
    assert hub.stop() == 0
    hub.close()
