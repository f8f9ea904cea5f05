"""One room: numbers what is said, has it saved, then broadcasts it to everybody who is here.

Lives on the event loop alone. Knows no socket and no HTTP: a listener has a `put`.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final, Protocol

from hub.drafts import Answer, Draft, Drafts, event_from
from hub.errors import Refused
from hub.permissions import Permissions
from hub.presence import Presence
from hub.protocol import events
from hub.protocol.commands import Edit, End, Own, React, Say, Vote, Writing
from hub.protocol.events import Event
from hub.protocol.moment import moment
from hub.room_index import REACTIONS, RoomIndex
from hub.room_rules import Author, RoomRules
from hub.room_view import event_at, shown_blocks
from hub.store.history import History
from hub.store.writer import Writer
from hub.unread import Unread
from hub.validation import check_poll_change, check_texts

REST_EACH: Final = 8e-6
"""Seconds for each listener that a room rests after a broadcast: about what that took."""
REST_LEAST: Final = 0.0005
"""Seconds of the shortest rest; a shorter one is left out."""
REST_MOST: Final = 0.004
"""Seconds of the longest rest."""
SLICE: Final = 256
"""Listeners that are told at a time; between two slices others have their turn."""


class Listener(Protocol):
    """Somebody who is in the room, through one connection."""

    @property
    def author(self) -> Author: ...

    def put(self, text: bytes) -> None:
        """Take JSON lines joined by newlines; must not wait."""


class Room:
    """`history` has been read into it by hub.room_opening.

    `changed` is called with each batch of events, once it is saved and told; `message_bytes` is
    the most that a message may have, 0 for no limit; `clock` gives seconds since 1970.
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
        self.kept = 0  # bytes of its file that a snapshot covers
        self.listeners: dict[Listener, Author] = {}
        self.asked = -math.inf  # when hub.rooms was last asked for it, by the loop's clock
        self.joining = 0  # who is sent what they missed, and then listens
        self.preparing = 0  # commands about files that are not taken yet
        self.here = Presence(name, self._broadcast)
        self._drafts = Drafts()
        self._writer = writer
        self._message_bytes = message_bytes
        self._changed = changed
        self._clock = clock
        self._untold: deque[tuple[bytes, dict[Listener, Author]]] = deque()  # and who waits for it
        self._saving = False
        self._save_when_told = False
        self._rested_at = 0.0

    @property
    def last(self) -> int:
        """The number of the newest event."""
        return self.history.last

    @property
    def said(self) -> int:
        """How many messages there have been."""
        return self.unread.said

    @property
    def moment(self) -> int:
        """When something was last said, in ms since 1970."""
        return self.unread.moment

    @property
    def present(self) -> int:
        """How many people are here."""
        return self.here.count

    @property
    def in_use(self) -> bool:
        """Whether somebody is here or waits to be, or something is not yet saved and told."""
        waiting = self.joining or self.preparing
        return bool(self.listeners or waiting or self._saving or self._untold)

    @property
    def saving(self) -> bool:
        """Whether something that was accepted is not yet on stable storage."""
        return self._saving

    @property
    def telling(self) -> bool:
        """Whether something is not yet told to everybody who is here."""
        return bool(self._untold)

    def blocks(self, first: int, last: int) -> Iterator[bytes]:
        """The events from `first` to `last` as readers are shown them: see shown_blocks."""
        return shown_blocks(self.history, self.index, first, last)

    # -- what comes in ---------------------------------------------------------------------

    def take(
        self, command: Writing | Own, author: Author, answer: Answer, name: str | None = None
    ) -> None:
        """Have a command saved and broadcast; `answer` is told how it ended.

        The author may see the room; `name` is that of the person whom the command is about.
        Raises Refused, and saves nothing, where the command cannot be done.
        """
        key = (author.id, command.key) if command.key else None
        if key is not None and self._repeats(key, answer):
            return
        if not isinstance(command, Own):
            of = getattr(command, "of", None)
            original = None if of is None else self._event_at(of)
            self.permissions.check(command, author, original)
            if of is not None:
                self._check_there(original)
            check_texts(command, self._message_bytes)
            if original is not None and isinstance(command, Edit | Vote | End):
                check_poll_change(command, original, ended=self.index.polls.ended(original.n))
        if isinstance(command, React):
            self._check_reaction(command)
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

    def has_key(self, author: Author, key: str | None) -> bool:
        """Whether a command of this author with this key came before."""
        return key is not None and (
            self.index.with_key(author.id, key) is not None
            or self._drafts.with_key((author.id, key)) is not None
        )

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

    def _check_reaction(self, command: React) -> None:
        """Raises Refused (409) where the message has too many different reactions."""
        waiting = self._drafts.reactions(command.of)
        if not self.index.takes_reaction(command.of, command.text, waiting):
            told = f"A message has at most {REACTIONS} different reactions. Choose one of them."
            raise Refused("too_many_reactions", told, 409)

    def _is_gone(self, n: int) -> bool:
        return n in self.index.erased or self._drafts.is_erasing(n)

    def _event_at(self, n: int) -> Event | None:
        return event_at(self.history, n)

    # -- what is saved ---------------------------------------------------------------------

    def _save_soon(self) -> None:
        """Save once everybody is told of what was saved before, and the room has rested from that.

        A message to a crowd costs one write for each listener, whatever it holds: what comes
        during a short rest goes out together.
        """
        if self._untold:
            self._save_when_told = True
            return
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
                self.note(event)
                self._count(event)
            self.history.publish()
            self.at = events[-1].at
            self._broadcast(b"".join(lines)[:-1])
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

    def note(self, event: Event) -> None:
        """Keep what an event changes in the room."""
        self.index.note(event)
        if event.do != "say":
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
        """Tell this listener what is being broadcast, and nothing more."""
        author = self.listeners.pop(listener, None)
        if author is not None:
            self.catch_up(listener)
            self.here.go(author)

    def typing(self, listener: Listener) -> None:
        """Tell the others that somebody who is here is typing, unless they are being told more."""
        if self._untold:
            return
        author = listener.author
        told = {"do": "typing", "room": self.name, "by": author.name, "who": author.who}
        self._broadcast(events.encode(told), but=listener)

    def catch_up(self, listener: Listener) -> None:
        """Tell a listener at once what others may have been told by now."""
        for text, waiting in self._untold:
            if waiting.pop(listener, None) is not None:
                listener.put(text)

    def _broadcast(self, text: bytes, but: Listener | None = None) -> None:
        """Tell everybody who is here: a crowd in slices, each broadcast after the one before."""
        waiting = self.listeners.copy()
        if but is not None:
            waiting.pop(but, None)
        self._untold.append((text, waiting))
        if len(self._untold) == 1:
            self._tell()

    def _tell(self) -> None:
        """Tell the next slice of those who wait for the oldest broadcast."""
        text, waiting = self._untold[0]
        for listener in tuple(islice(waiting, SLICE)):
            if waiting.pop(listener, None) is not None:
                listener.put(text)
        if not waiting:
            self._untold.popleft()
        if self._untold:
            asyncio.get_running_loop().call_soon(self._tell)
        else:
            self._rest()
            if self._save_when_told:
                self._save_when_told = False
                self._save_soon()
