"""Keeps a snapshot of each large room's history, and checks what was taken from one at the start.

Neither holds anybody up: both are done on a thread of their own, from the rooms' files alone, in
small steps with pauses between them.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from queue import PriorityQueue
from threading import Event, Lock, Thread
from typing import Final, NamedTuple

from hub import room_snapshot
from hub.errors import Refused
from hub.folder import Folder
from hub.names import room_of_file
from hub.room import Room
from hub.room_opening import open_room
from hub.room_snapshot import RoomSnapshot
from hub.store import disk
from hub.store.damage import LOGGED
from hub.store.writer import Writer
from hub.threads import start

log = logging.getLogger(__name__)

LEAST: Final = 1 << 18
"""Bytes of a room's file below which it has no snapshot: it is read in a moment."""
GROWTH: Final = 1 << 23
"""Bytes by which a file grows before it has the next one."""
MOST: Final = 1 << 30
"""Most bytes of a snapshot that is read back."""
STOP_SECONDS: Final = 2.0
"""Seconds within which the last snapshots are written as the hub stops."""
REST: Final = 10.0
"""Seconds after the start before anything is done in the background."""
STEP: Final = 0.0005
"""Seconds of work in the background until a pause."""
PAUSE: Final = 9.0
"""Times as long as the work before it, which may have waited for others or the disk, is a pause."""
MOST_PAUSE: Final = 1.0
"""Seconds of the longest pause."""
RETRY: Final = 0.2
"""Seconds before a file in which something is wrong is read again."""

_SOON, _LATER = 0, 1


class SnapshotKeeper:
    """`open_anew` is called on the event loop with the name of a room whose file is damaged: it
    opens that room anew, which tells what is wrong, or gives False where it cannot now.
    """

    def __init__(self, folder: Folder, writer: Writer, open_anew: Callable[[str], bool]) -> None:
        self._folder = folder
        self._writer = writer
        self._open_anew = open_anew
        self._loop = asyncio.get_running_loop()
        self._lock = Lock()  # around each change of a snapshot's file
        self._there = set(_rooms_in(folder.index))  # rooms that have a snapshot, at least
        self._barred: set[str] = set()  # histories, by their ids, that are to have none
        self._kept: dict[str, int] = {}  # up to which byte of its file a room's last one goes
        self._asked: set[str] = set()  # rooms whose next snapshot waits for its turn
        self._checked: set[str] = set()  # rooms whose snapshots were checked
        self._work: PriorityQueue[tuple[int, int, Callable[[], None]]] = PriorityQueue()
        self._order = count()
        self._stopping = Event()
        self._resumed = 0.0
        self._thread = Thread(target=self._run, name="snapshots", daemon=True)
        start(self._thread)

    # -- of rooms that are open ------------------------------------------------------------

    def read(self, name: str) -> RoomSnapshot | None:
        """The snapshot of a room, None where there is none that can be read. Waits for the disk."""
        if name not in self._there:
            return None
        try:
            return room_snapshot.load(disk.read_file(self._folder.index_file(name), MOST))
        except (OSError, ValueError):
            return None

    def opened(self, room: Room) -> None:
        """A room was just opened, and nobody has it yet. Waits for the disk where it is large."""
        if room.kept:
            self._kept[room.name] = room.kept
            if room.name not in self._checked:
                self._put(_LATER, partial(self._check_once, room.name))
        else:
            self._kept.pop(room.name, None)
            self._barred.discard(room.history.id)
        if self._grown(room, GROWTH):
            self._keep(room)

    def saved(self, room: Room) -> None:
        """A room grew, perhaps by so much that it is to have its next snapshot."""
        self._ask(room, GROWTH)

    def rested(self, room: Room) -> None:
        """A room was put to rest, and is to wake fast."""
        self._ask(room, LEAST)

    def _ask(self, room: Room, growth: int) -> None:
        if self._grown(room, growth) and room.name not in self._asked:
            self._asked.add(room.name)
            self._put(_SOON, partial(self._follow, room.name, room.history.size))

    def _grown(self, room: Room, growth: int) -> bool:
        grown = room.history.size - self._kept.get(room.name, 0)
        return grown > growth and room.history.id not in self._barred and _whole(room)

    def check(self, files: Iterable[tuple[str, int]]) -> None:
        """Check the files of rooms that a start did not open, each up to a byte."""
        self._put(_LATER, partial(self._check_next, iter(files)))

    def remove(self, name: str, history: str) -> None:
        """Remove the snapshot of a room, whose history, by its id, has none until it is opened as a
        whole again.
        """
        path = self._folder.index_file(name)
        with self._lock:
            self._barred.add(history)
            try:
                disk.remove(path)
            except OSError as error:
                log.error("%s cannot be removed: %s", path, error)

    # -- the end ---------------------------------------------------------------------------

    def stop(self) -> None:
        """Give up what is being done in the background."""
        self._stopping.set()
        self._put(_SOON, lambda: None)

    def finish(self, rooms: Iterable[Room]) -> None:
        """After `stop`: keep the rooms, to which nothing is saved any more, the largest first."""
        self._thread.join()
        until = time.monotonic() + STOP_SECONDS
        for room in sorted(rooms, key=lambda room: room.history.size, reverse=True):
            size = room.history.size
            if size < LEAST or time.monotonic() > until:
                break
            if size != self._kept.get(room.name) and _whole(room):
                self._keep(room)

    def _keep(self, room: Room) -> None:
        """Keep a room that nobody changes meanwhile."""
        try:
            self._write(room.name, room_snapshot.taken(room))
        except Refused as why:
            log.warning("%s", why.message)
        except Exception:  # it is only to save time
            log.exception("%s cannot be kept", room.name)

    # -- in the background -----------------------------------------------------------------

    def _put(self, when: int, work: Callable[[], None]) -> None:
        self._work.put((when, next(self._order), work))

    def _run(self) -> None:
        self._stopping.wait(REST)
        self._put(_SOON, self._sweep)
        while not self._stopping.is_set():
            work = self._work.get()[2]
            self._resumed = time.perf_counter()
            try:
                work()
            except Exception:
                log.exception("a snapshot failed")

    def _pause(self) -> bool:
        """Let others work after each step; gives whether to stop.

        The system runs this thread like any other: at a lower priority it would be stopped while
        it holds the interpreter, and everybody with it.
        """
        worked = time.perf_counter() - self._resumed
        if worked < STEP:
            return self._stopping.is_set()
        stopped = self._stopping.wait(min(MOST_PAUSE, PAUSE * worked))
        self._resumed = time.perf_counter()
        return stopped

    def _follow(self, name: str, until: int) -> None:
        """Keep a room as it is up to a byte of its file."""
        found = self._reread(name, until, self.read(name))
        if found is not None:
            self._write(name, found.snapshot)
        if not self._stopping.is_set():
            self._kept[name] = until  # also where that failed: it is tried again after GROWTH
            self._asked.discard(name)

    def _check_next(self, files: Iterator[tuple[str, int]]) -> None:
        """Check the next one of these files, and then let others have their turn."""
        for name, size in files:
            self._check_file(name, size)
            self._put(_LATER, partial(self._check_next, files))
            return

    def _check_file(self, name: str, size: int) -> None:
        """Read a room's file up to a byte, and have the room opened anew where that is damaged."""
        if name in self._there:
            self._check_once(name)
            return
        damage: Sequence[str] = ()
        for wait in (0.0, RETRY):  # a text may be being taken out just now
            self._stopping.wait(wait)
            found = self._reread(name, size)
            if found is None or not found.damage:
                return
            damage = found.damage
        self._have_opened_anew(name, damage)

    def _check_once(self, name: str) -> None:
        if name not in self._checked:
            self._checked.add(name)
            self._check(name)

    def _check(self, name: str) -> None:
        """Read all that a room's snapshot is of, and have the room opened anew where that is
        damaged or something else.
        """
        damage: Sequence[str] = ()
        history = ""
        for wait in (0.0, RETRY):  # a text may be being taken out just now
            self._stopping.wait(wait)
            snapshot = self.read(name)
            found = snapshot and self._reread(name, snapshot.end)
            if not found or not snapshot:
                return
            damage, history = found.damage, snapshot.id
            if not damage and found.snapshot is not None and found.snapshot.agrees(snapshot):
                return
        self.remove(name, history)
        self._have_opened_anew(name, damage)

    def _have_opened_anew(self, name: str, damage: Sequence[str]) -> None:
        with suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._tell, name, damage)

    def _tell(self, name: str, damage: Sequence[str]) -> None:
        file = self._folder.room_file(name).name
        if not damage:
            log.error("%s: what was kept of it is of something else", file)
        if not self._open_anew(name):
            for what in damage[:LOGGED]:
                log.warning("%s: %s", file, what)
            if len(damage) > LOGGED:
                log.warning("%s: more places are damaged", file)

    def _reread(self, name: str, until: int, snapshot: RoomSnapshot | None = None) -> _Found | None:
        """What a room's file holds up to a byte; None where it cannot be read, or at a stop."""
        try:
            room = open_room(
                self._folder.room_file(name), name, self._folder.torn, self._writer, 0,
                lambda room, events: None, stopped=self._pause, snapshot=snapshot,
                repair=False, until=until,
            )  # fmt: skip
        except Refused:
            return None
        try:
            return _Found(room_snapshot.taken(room), room.history.damage)
        except Refused:
            return None
        finally:
            room.history.close()

    def _write(self, name: str, snapshot: RoomSnapshot | None) -> None:
        """Put the snapshot of a room in the place of the one before."""
        if snapshot is None:
            return
        path, data = self._folder.index_file(name), room_snapshot.dump(snapshot)
        with self._lock:
            if snapshot.id in self._barred:
                return
            try:
                path.parent.mkdir(mode=0o700, exist_ok=True)
                disk.write_atomically(path, data, synced=False)
            except OSError as error:
                log.warning("%s cannot be written, and its room opens slowly: %s", path, error)
                return
            self._there.add(name)
            self._kept[name] = snapshot.end

    def _sweep(self) -> None:
        """Remove the snapshots of rooms whose files were taken away."""
        for name in _rooms_in(self._folder.index):
            with self._lock, suppress(OSError):
                if not os.path.lexists(self._folder.room_file(name)):
                    disk.remove(self._folder.index_file(name))


class _Found(NamedTuple):
    """What a file holds up to a byte, and the sentences that tell what is wrong with it."""

    snapshot: RoomSnapshot | None
    damage: Sequence[str]


def _whole(room: Room) -> bool:
    """Whether nothing is wrong with the file of a room, which would be told at each start."""
    return room.history.closed is None and not room.history.has_gaps


def _rooms_in(folder: Path) -> list[str]:
    """The rooms whose snapshots are in the folder."""
    found = (room_of_file(path.with_suffix(".jsonl").name) for path in folder.glob("*.index"))
    return [name for name in found if name is not None]
