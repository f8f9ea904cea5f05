"""One room's history: a text file that is appended to and paged by number.

Knows lines, numbers and the disk; not what an event means, who is listening, or threads.
`write`, `sync` and `blank` are called by one thread; pages may be read from any other.
What the journal has saved meanwhile is synced by `sync_behind`.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from hub.errors import Refused, too_much_open
from hub.protocol import events
from hub.protocol.moment import moment
from hub.store import disk
from hub.store.checkpoint import Checkpoint
from hub.store.journal import Group
from hub.store.offsets import SparseOffsets
from hub.store.open_files import File, Files, Replaced
from hub.store.reader import Reader
from hub.store.recover import Recovery

log = logging.getLogger(__name__)

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class History(Reader):
    """The lines of one room, each under its number.

    `damage` are the sentences that tell what was wrong with the file when it was opened, `places`
    the byte at which each of them applies, `untold` how many more there are; `closed` is the
    reason why nothing more can be written, or None.
    """

    def __init__(self, aside: Path, found: Recovery, files: Files) -> None:
        super().__init__(found.room, found.offsets, found.crlf)
        self.path, self.id, self.closed = found.path, found.id, found.closed
        damage = found.damage
        self.damage, self.places, self.untold = damage.sentences, damage.places, damage.untold
        self.mode = 0o644  # of a file that is yet to be made
        self._aside = aside
        self._files = files
        self._written: list[int] = []  # where the lines written since the last sync end
        if found.fd >= 0:
            self._use(found.fd, os.O_RDWR if self.closed is None else os.O_RDONLY)

    @classmethod
    def open(
        cls,
        path: Path,
        room: str,
        aside: Path,
        note: Callable[[bytes], None] = lambda line: None,
        *,
        repair: bool = True,
        files: Files | None = None,
        stopped: Callable[[], bool] = lambda: False,
        after: Checkpoint | None = None,
        until: int | None = None,
    ) -> History:
        """Open the history of `room` at `path`; a file that is not there is an empty room.

        `note` is called with every line that `is_noted`, in order: all but those of plain messages.
        A torn end is copied into the folder `aside` and cut off; what is damaged in the middle
        stays in the file, is skipped, and is told in `damage`. Without `repair` nothing is
        changed: the file is only read, even while a hub writes to it. `files` are shared by all
        that a hub has open; `stopped` is asked time and again, and ends it where it gives True.

        With `after` only what comes behind that is read and noted; Outdated is raised where the
        file does not fit it, or has gaps. With `until` it counts as if it ended at that byte.
        Raises Refused: 503 "room_closed" where the file is no room's or cannot be read at all,
        503 "stopping" where it was stopped.
        """
        files = files or Files()
        found = Recovery(path, room, aside, note, repair, files.open, stopped, after, until)
        return cls(aside, found, files)

    def close(self) -> None:
        """Let go of the file; where another program took it away, what it held is kept aside."""
        if self._file is None:
            return
        if self.closed is None and not self._file.suspended:
            with self._file as fd:
                if not self._in_place():
                    log.error("Another program replaced or removed %s.%s", self.path,
                              self._rescue(fd))  # fmt: skip
        self._file.close()

    def suspend(self) -> tuple[int, int] | None:
        """Close the descriptor until the next use; gives the file's size and its time, in ns.

        None where it is in use or to be synced, and where the file alone does not tell what is
        known of it: it was damaged, is not written any more, or was changed by another program.
        """
        file = self._file
        if file is None or self.closed is not None or self.damage:
            return None
        try:
            if not self._in_place() or not file.suspend_idle():
                return None
            there = os.lstat(self.path)  # now, as Windows may set the time when a file is closed
        except OSError:
            return None
        return (there.st_size, there.st_mtime_ns) if there.st_size == self.size else None

    def _use(self, fd: int, flags: int) -> None:
        self._file = File(self._files, self.path, fd, flags, lambda: self.size)

    @property
    def size(self) -> int:
        """Bytes of the file up to which it is on stable storage."""
        return self.offsets.end

    # -- writing ---------------------------------------------------------------------------

    def write(self, lines: Sequence[bytes]) -> None:
        """Put lines, numbered on from `last`, at the end of the file.

        `sync` makes them last, or the journal does, which is given their `group`.

        Raises Refused: 507 "disk_full" where there is no room (nothing is kept, and it may
        be tried again), 503 "room_closed" where the file cannot be written any more.
        """
        self._check_open()
        unsynced = self._file is not None and self._file.unsynced
        try:
            if self.size == 0:
                self._write_header()
            assert self._file is not None
            with self._file as fd:
                self._check_unchanged(fd)
                self._file.writes += 1  # before it, so that nobody closes the file meanwhile
                disk.pwrite(fd, b"".join(lines), self.size)
                self._file.writes += 1  # a sync that began before it does not cover it
        except Replaced as error:
            raise self._close_changed("replaced or removed") from error
        except OSError as error:
            raise self._undo(error, unsynced) from error
        end = self.size
        for line in lines:
            end += len(line)
            self._written.append(end)

    def sync(self) -> None:
        """Wait until what was written is on stable storage; `publish` then shows it to readers.

        Raises Refused as `write` does. The first failure is the last: the kernel may have
        dropped what it could not write, so the file is not written again until a restart.
        """
        self._check_open()
        assert self._file is not None
        try:
            with self._file as fd:
                disk.sync_file(fd)
        except OSError as error:
            self.closed = _why_closed(self.path, error)
            raise self._undo(error) from error
        self._file.synced = self._file.writes

    def group(self, lines: Sequence[bytes]) -> Group:
        """What `write` just put into the file, as the journal is to hold it."""
        return Group(self.room, self.id, self.size, lines)

    def sync_behind(self) -> None:
        """Wait until all that was written is on stable storage, where the journal holds it too.

        On any thread. Raises Refused as `sync` does, but the lines stay in the file: the next
        start puts back what it lacks.
        """
        file = self._file
        if file is None or not file.unsynced:  # it was wiped, or synced meanwhile
            return
        writes = file.writes  # the next batch may be written during the sync
        try:
            with file as fd:
                disk.sync_file(fd)
        except OSError as error:
            self.closed = self.closed or _why_closed(self.path, error)
            log.error("%s", self.closed)
            raise Refused("room_closed", self.closed, 503) from error
        file.synced = writes

    def publish(self) -> None:
        """Show readers what was saved: called before it is broadcast."""
        self.offsets.add(self._written)
        self._written.clear()

    def blank(self, numbers: Sequence[int]) -> None:
        """Take text and files out of these lines, in place and on stable storage.

        Lines that are lost or already empty are passed over. Raises Refused as `sync` does.
        """
        self._check_open()
        if self._file is None:
            return
        try:
            with self._file as fd:
                if self._blank(fd, numbers):
                    disk.sync_file(fd)
        except OSError as error:
            self.closed = self.closed or _why_closed(self.path, error)
            raise Refused("room_closed", self.closed, 503) from error

    def _blank(self, fd: int, numbers: Sequence[int]) -> bool:
        changed = False
        for n in numbers:
            found = self.located(n)
            try:
                if found is None or not events.has_content(found[1]):
                    continue
                blanked = events.blanked(found[1])
            except ValueError as odd:
                log.error("%s: message %d keeps its text: %s", self.path.name, n, odd)
                continue
            disk.pwrite(fd, blanked[:-1], found[0])  # its line end stays as it is
            changed = True
        return changed

    def wipe(self) -> None:
        """Take out of the file what it held, as somebody may hold on to it, then the file away.

        Nothing can be read or written any more. Raises Refused (503) where the text may still be
        there; an empty file that cannot be removed is told in the log.
        """
        emptied = False
        try:
            if self._file is not None:
                with contextlib.suppress(Replaced), self._file as fd:
                    os.ftruncate(fd, 0)
                    disk.sync_file(fd)
                emptied = True
                self._file.close()  # Windows removes nothing that is open
                self._file = None
            disk.remove(self.path)
        except OSError as error:
            log.error("%s cannot be removed: %s", self.path, error)
            if not emptied:
                raise Refused(
                    "not_deleted",
                    f"{self.path.name} cannot be removed ({error.strerror}), and what was said is "
                    "still in it. Ask the host to remove that file.",
                    503,
                ) from error

    def _check_open(self) -> None:
        if self.closed is not None:
            raise Refused("room_closed", self.closed, 503)

    def _write_header(self) -> None:
        """Give an empty file its header; its name and header last before any line does."""
        made = self._file is None
        if made:
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
            self._use(self._files.open(self.path, flags, self.mode), os.O_RDWR)
        assert self._file is not None
        header = events.Header(events.FORMAT, self.room, secrets.token_hex(8), moment(time.time()))
        line = events.line_of(header)
        try:
            with self._file as fd:
                self._file.writes += 1
                disk.pwrite(fd, line, 0)
                disk.sync_file(fd)
                self._file.synced = self._file.writes
            disk.sync_folder(self.path.parent)
        except OSError:
            if made:
                self.close()
                self._file = None
                disk.remove(self.path)
            raise
        self.id = header.id
        self.offsets = SparseOffsets(len(line))

    def _check_unchanged(self, fd: int) -> None:
        """Refuse to write over what another program did to the file since we last wrote."""
        if not self._in_place():
            raise self._close_changed("replaced or removed", self._rescue(fd))
        if os.fstat(fd).st_size != self.size:
            raise self._close_changed("changed")

    def _close_changed(self, what: str, kept: str = "") -> Refused:
        self.closed = (
            f"Another program {what} {self.path.name}. "
            f"Nothing more is written to it until Hearth is started again.{kept}"
        )
        log.error("%s", self.closed)
        return Refused("room_closed", self.closed, 503)

    def _in_place(self) -> bool:
        """Whether our file is still the one that bears its name."""
        assert self._file is not None
        try:
            return os.path.samestat(os.lstat(self.path), self._file.identity)
        except FileNotFoundError:
            return False

    def _rescue(self, fd: int) -> str:
        """Copy our file into `aside` if it has no name any more; gives a sentence to tell then.

        The system drops it with our descriptor, and with it what was told to be saved. A file
        that was only moved is left where it is.
        """
        if os.fstat(fd).st_nlink:
            return ""
        try:
            kept = self._aside / f"{self.path.stem}-{self.last}-{secrets.token_hex(4)}.jsonl"
            disk.copy_part(kept, fd, 0, self.size)
        except OSError as error:
            return f" What it held could not be kept: {error.strerror}."
        return f" What it held is kept as {kept.name} in {self._aside.name}."

    def _undo(self, error: OSError, unsynced: bool = False) -> Refused:
        """Cut back to the last line that was saved, and say what the senders are told.

        `unsynced` says that some of what is before it is still to be synced.
        """
        self._written.clear()
        if error.errno in disk.NONE_LEFT:  # nothing was opened, so nothing is wrong with the file
            return too_much_open()
        if self._file is not None and not self._file.suspended:
            try:
                with self._file as fd:
                    os.ftruncate(fd, self.size)
            except OSError as worse:
                self.closed = self.closed or _why_closed(self.path, worse)
            if not unsynced:
                self._file.synced = self._file.writes
        if error.errno in _FULL and self.closed is None:
            return Refused(
                "disk_full", "The disk of this Hearth is full. Nothing was saved: try later.", 507
            )
        self.closed = self.closed or _why_closed(self.path, error)
        log.error("%s", self.closed)
        return Refused("room_closed", self.closed, 503)


def _why_closed(path: Path, error: OSError) -> str:
    return (
        f"Writing to {path.name} failed: {error.strerror or error}. Nothing more is written "
        "to this room until Hearth is started again; the other rooms go on."
    )
