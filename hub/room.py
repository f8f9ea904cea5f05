"""One room: numbers what is said, has it saved, then broadcasts it to everybody who is here.

Lives on the event loop alone. Knows no socket and no HTTP: a listener has a `put`.
"""

from __future__ import annotations

import asyncio
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

from hub.drafts import Answer, Draft, Drafts, event_from
from hub.errors import Refused, stopping
from hub.permissions import Permissions
from hub.presence import Presence
from hub.protocol import events
from hub.protocol.commands import Make, Say, Writing
from hub.protocol.events import Event
from hub.protocol.moment import moment
from hub.room_index import KEYS, RoomIndex
from hub.room_rules import Author, RoomRules
from hub.room_view import number_of, shown_blocks
from hub.store.history import History
from hub.store.open_files import Files
from hub.store.writer import Writer
from hub.unread import Unread
from hub.validation import check_texts

REST_EACH: Final = 8e-6
"""Seconds for each listener that a room rests after a broadcast: about what that took."""
REST_LEAST: Final = 0.0005
"""Seconds of the shortest rest; a shorter one is left out."""
REST_MOST: Final = 0.004
"""Seconds of the longest rest."""
BLANKED: Final = 1000
"""Removed messages that are blanked between two looks for a stop, while a room opens."""


class Listener(Protocol):
    """Somebody who is in the room, through one connection."""

    @property
    def author(self) -> Author: ...

    def put(self, text: bytes) -> None:
        """Take JSON lines joined by newlines; must not wait."""


class Room:
    """Made by `open`. `changed` is called with each batch of events, once it is saved and told.

    `message_bytes` is the most that a message may have, 0 for no limit; `clock` gives seconds
    since 1970.
    """

    history: History

    def __init__(
        self,
        name: str,
        writer: Writer,
        message_bytes: int,
        changed: Callable[[Room, Sequence[Event]], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self.rules = RoomRules(name)
        self.permissions = Permissions(self.rules)
        self.index = RoomIndex()
        self.unread = Unread()
        self.at: str | None = None
        self.listeners: dict[Listener, Author] = {}
        self.here = Presence(name, self._broadcast)
        self._drafts = Drafts()
        self._writer = writer
        self._message_bytes = message_bytes
        self._changed = changed
        self._clock = clock
        self._saving = False
        self._rested_at = 0.0

    @classmethod
    def open(
        cls,
        path: Path,
        name: str,
        aside: Path,
        writer: Writer,
        message_bytes: int,
        changed: Callable[[Room, Sequence[Event]], None],
        files: Files | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Room:
        """Read a room from its file; waits for the disk.

        Takes `files` and `stopped`, and raises Refused, as History.open does.
        """
        room = cls(name, writer, message_bytes, changed)
        no_messages = array("q")
        history = room.history = History.open(
            path,
            name,
            aside,
            lambda line: room._note_line(line, no_messages),
            files=files,
            stopped=stopped,
        )
        if room.rules.hidden:
            history.mode = 0o600
        no_messages.extend(history.lost(1, history.last))
        room.unread = Unread(history.last, no_messages, room.index.erased)
        try:
            room._read_recent(stopped)
        except BaseException:
            room.history.close()
            raise
        return room

    def _note_line(self, line: bytes, no_messages: array[int]) -> None:
        """Note a line as the file is read, and the numbers of those that are no messages."""
        try:
            event = events.event_of(line)
        except ValueError:  # a later Hearth's kind of event: kept and passed over
            no_messages.append(number_of(line))
            return
        if event.do != "say":
            no_messages.append(event.n)
            self._note(event)

    def _read_recent(self, stopped: Callable[[], bool]) -> None:
        """Remember the latest events, and blank texts that a crash left after their removal."""
        history, erased = self.history, self.index.erased
        for line in history.lines(max(1, history.last - KEYS + 1), history.last):
            if stopped():
                raise stopping()
            try:
                event = events.event_of(line)
            except ValueError:
                continue
            self.index.note_key(event)
            is_message = event.do == "say" and event.n not in erased
            self.unread.note(event.n, event.at, event.who if is_message else None)
            self.at = event.at
        left = self.index.texts_of(erased) if history.closed is None else []
        for at in range(0, len(left), BLANKED):
            if stopped():
                raise stopping()
            history.blank(left[at : at + BLANKED])

    @property
    def last(self) -> int:
        """The number of the newest event."""
        return self.history.last

    @property
    def saving(self) -> bool:
        """Whether something that was accepted is not yet on stable storage."""
        return self._saving

    def blocks(self, first: int, last: int) -> Iterator[bytes]:
        """The events from `first` to `last` as readers are shown them: see shown_blocks."""
        return shown_blocks(self.history, self.index, first, last)

    # -- what comes in ---------------------------------------------------------------------

    def take(
        self, command: Writing | Make, author: Author, answer: Answer, name: str | None = None
    ) -> None:
        """Have a command saved and broadcast; `answer` is told how it ended.

        The author may see the room; `name` is that of the person whom the command is about.
        Raises Refused, and saves nothing, where the command cannot be done.
        """
        key = (author.id, command.key) if command.key else None
        if key is not None and self._repeats(key, answer):
            return
        if not isinstance(command, Make):
            of = getattr(command, "of", None)
            original = None if of is None else self._event_at(of)
            self.permissions.check(command, author, original)
            if of is not None:
                self._check_there(original)
            check_texts(command, self._message_bytes)
        if isinstance(command, Say):
            if command.re is not None:
                self._check_there(self._event_at(command.re))
            self.permissions.said(author)
        event = event_from(command, self.name, author, name)
        self._drafts.add(Draft(event, author, command, key, [answer]))
        if not self._saving:
            # Not at once: what else has arrived by now goes with it.
            self._saving = True
            self._save_soon()

    def _repeats(self, key: tuple[str, str], answer: Answer) -> bool:
        """Whether a command with this key came before: `answer` is told how that one ended."""
        n = self.index.with_key(*key)
        first = self.history.line(n) if n is not None else None
        if first is not None:
            answer.saved(first, new=False, broadcast=False)
            return True
        draft = self._drafts.with_key(key)
        if draft is not None:
            draft.answers.append(answer)
        return draft is not None

    def _check_there(self, event: Event | None) -> None:
        """Raises Refused (404) for what is no message, or one that is gone or about to go."""
        if event is None or event.do != "say" or self._is_gone(event.n):
            raise Refused("no_such_message", "That message is not there any more.", 404)

    def _is_gone(self, n: int) -> bool:
        return n in self.index.erased or self._drafts.is_erasing(n)

    def _event_at(self, n: int) -> Event | None:
        line = self.history.line(n)
        try:
            return events.event_of(line) if line is not None else None
        except ValueError:  # a later Hearth's kind of event
            return None

    # -- what is saved ---------------------------------------------------------------------

    def _save_soon(self) -> None:
        """Save when the room has rested from its last broadcast, or else at once.

        A message to a crowd costs one write for each listener, whatever it holds: what comes
        during a short rest goes out together.
        """
        loop = asyncio.get_running_loop()
        rest = self._rested_at - loop.time()
        if rest > 0:
            loop.call_later(rest, self._save)
        else:
            loop.call_soon(self._save)

    def _save(self) -> None:
        """Number the next batch and give it to the writer; one batch at a time."""
        drafts = self._drafts.next_batch(self.permissions.check_again)
        if not drafts:
            self._saving = False
            return
        at, n = moment(self._clock()), self.last
        lines: list[bytes] = []
        erased: list[int] = []
        for draft in drafts:
            n += 1
            event = draft.event
            event.n, event.at = n, at
            self.index.toggle(event)
            if event.do == "erase" and event.of is not None:
                erased.append(event.of)
            lines.append(events.line_of(event))
        self._writer.append(
            self.history,
            lines,
            self.index.texts_of(erased),
            lambda refused: self._saved(drafts, lines, refused),
        )

    def _saved(self, drafts: list[Draft], lines: list[bytes], refused: Refused | None) -> None:
        """The batch is on stable storage, or nothing of it is: tell everybody whom it concerns."""
        for draft in drafts:
            self._drafts.end(draft)
        if refused is None:
            events = [draft.event for draft in drafts]
            # In this order: a page that is read meanwhile, on another thread, may find an edit
            # noted that is not in it yet, but none in it that is not noted.
            for event in events:
                self.index.note_key(event)
                if event.do != "say":
                    self._note(event)
                self._count(event)
            self.history.publish()
            self.at = events[-1].at
            self._broadcast(b"".join(lines)[:-1])
            self._rest()
            for draft, line in zip(drafts, lines, strict=True):
                for at, answer in enumerate(draft.answers):
                    answer.saved(line, new=at == 0, broadcast=True)
            self._changed(self, events)
        else:
            for draft in drafts:
                draft.refuse(refused)
        if self._drafts:
            self._save_soon()
        else:
            self._saving = False

    def _note(self, event: Event) -> None:
        """Keep what an event that is no message changes in the room."""
        self.index.note(event)
        self.rules.note(event)

    def _count(self, event: Event) -> None:
        self.unread.count(event.n, event.at, event.who, message=event.do == "say")
        if event.do == "erase" and event.of is not None:
            self.unread.remove(event.of)

    def _rest(self) -> None:
        rest = min(REST_MOST, REST_EACH * len(self.listeners))
        if rest > REST_LEAST:
            self._rested_at = asyncio.get_running_loop().time() + rest

    # -- who listens -----------------------------------------------------------------------

    def join(self, listener: Listener) -> None:
        """Broadcast everything that is saved from now on to this listener too."""
        if listener not in self.listeners:
            author = self.listeners[listener] = listener.author
            self.here.come(author)
        listener.put(self.here.greeting())

    def leave(self, listener: Listener) -> None:
        author = self.listeners.pop(listener, None)
        if author is not None:
            self.here.go(author)

    def typing(self, listener: Listener) -> None:
        """Tell the others that somebody who is here is typing."""
        author = listener.author
        told = {"do": "typing", "room": self.name, "by": author.name, "who": author.who}
        self._broadcast(events.encode(told), but=listener)

    def _broadcast(self, text: bytes, but: Listener | None = None) -> None:
        for listener in list(self.listeners):
            if listener is not but:
                listener.put(text)
