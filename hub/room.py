"""One room: numbers what happens, has it saved, then hands it to everybody who is here.

Lives on the event loop alone. Knows no socket and no HTTP: who listens has a `put`.
"""

from __future__ import annotations

import asyncio
import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from hub.errors import Refused, stopping
from hub.permissions import Permissions
from hub.presence import Presence
from hub.protocol import events
from hub.protocol.commands import Edit, Erase, Make, Pin, React, Running, Say, Title, Topic, Writing
from hub.protocol.events import Event
from hub.protocol.moment import moment
from hub.room_rules import Author, RoomRules
from hub.store.history import History
from hub.store.open_files import Files
from hub.store.writer import Writer
from hub.unread import Unread
from hub.validation import check_message, check_reaction, check_title, check_topic

REMEMBERED: Final = 10_000
"""For so many of the last events a repeated key is recognised."""
REST_EACH: Final = 8e-6
"""For so many seconds a listener a room rests after a hand-out: about what that took."""
REST_LEAST: Final = 0.0005
REST_MOST: Final = 0.004
BATCH: Final = 1 << 18
"""About how many characters are saved and handed out together: no more than a client takes."""
BLANKED: Final = 1000
"""So many removed messages are looked at between two looks for a stop, while a room opens."""


class Listener(Protocol):
    """Somebody who is in the room, through one socket."""

    @property
    def author(self) -> Author: ...

    def put(self, text: bytes) -> None:
        """Take JSON lines joined by newlines; must not wait."""


class Answer(Protocol):
    """Who is told how one command ended; exactly one of the two is called, once."""

    def saved(self, line: bytes, new: bool, heard: bool) -> None:
        """It is saved, by this very command if `new`; `heard` by all listeners just now."""

    def refused(self, why: Refused) -> None: ...


class _Draft(NamedTuple):
    event: Event
    author: Author
    answers: list[Answer]
    command: Writing | Make
    running: bool  # whether it changes the room itself, and so who may do what


class Room:
    """Made by `open`. `changed` is called after every batch of events that was saved."""

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
        self.at: str | None = None
        self.pins: dict[int, None] = {}
        self.edits: dict[int, list[int]] = {}
        self.erased: set[int] = set()
        self.unread = Unread()
        self._erasing: set[int] = set()  # accepted, and not yet saved
        self.listeners: dict[Listener, Author] = {}
        self.here = Presence(name, self._hand_out)
        self._reactions: set[tuple[int, str, str]] = set()
        self._keys: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._start = len(events.line_start(name))
        self._writer = writer
        self._message_bytes = message_bytes
        self._changed = changed
        self._clock = clock
        self._drafts: list[_Draft] = []
        self._underway: dict[tuple[str, str], _Draft] = {}
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
        quiet = array("q")
        history = room.history = History.open(
            path,
            name,
            aside,
            lambda line: room._note_line(line, quiet),
            files=files,
            stopped=stopped,
        )
        if room.rules.hidden:
            history.mode = 0o600
        quiet.extend(history.lost(1, history.last))
        room.unread = Unread(history.last, quiet, room.erased)
        try:
            room._read_recent(stopped)
        except BaseException:
            room.history.close()
            raise
        return room

    def _read_recent(self, stopped: Callable[[], bool]) -> None:
        """Remember the last events, and take out texts that a crash left after their removal."""
        history = self.history
        for line in history.lines(max(1, history.last - REMEMBERED + 1), history.last):
            if stopped():
                raise stopping()
            try:
                event = events.event_of(line)
            except ValueError:
                continue
            self._remember(event)
            mine = event.do == "say" and event.n not in self.erased
            self.unread.note(event.n, event.at, event.who if mine else None)
            self.at = event.at
        to_blank = self._to_blank(self.erased) if history.closed is None else []
        for at in range(0, len(to_blank), BLANKED):
            if stopped():
                raise stopping()
            history.blank(to_blank[at : at + BLANKED])

    @property
    def last(self) -> int:
        return self.history.last

    @property
    def saving(self) -> bool:
        """Whether something that was accepted is not yet on stable storage."""
        return self._saving

    # -- what is written -------------------------------------------------------------------

    def take(
        self, command: Writing | Make, author: Author, answer: Answer, name: str | None = None
    ) -> None:
        """Have one command saved and handed out; `answer` is told how it ended.

        `name` is that of the person whom the command is about. Raises Refused, and saves nothing,
        where the command cannot be done.
        """
        key = (author.id, command.key) if command.key else None
        if key and (first := self._first(key)) is not None:
            answer.saved(first, new=False, heard=False)
            return
        if key and key in self._underway:
            self._underway[key].answers.append(answer)
            return
        if not isinstance(command, Make):
            original = self._event_at(command.of) if isinstance(command, (Edit, Erase)) else None
            self.permissions.check(command, author, original)
            self._check_fits(command, original)
        draft = _Draft(
            self._event(command, author, name),
            author,
            [answer],
            command,
            isinstance(command, Running),
        )
        if isinstance(command, Say):
            self.permissions.said(author)
        if isinstance(command, Erase):
            self._erasing.add(command.of)
        if key:
            self._underway[key] = draft
        self._drafts.append(draft)
        if not self._saving:
            # Not at once: what else has arrived by now goes with it.
            self._saving = True
            self._save_soon()

    def _save_soon(self) -> None:
        """Save when the room has rested from its last hand-out, or else at once.

        A message to a crowd costs one write for each listener, whatever it holds: what comes
        during a short rest goes out together.
        """
        loop = asyncio.get_running_loop()
        rest = self._rested_at - loop.time()
        if rest > 0:
            loop.call_later(rest, self._save)
        else:
            loop.call_soon(self._save)

    def _first(self, key: tuple[str, str]) -> bytes | None:
        n = self._keys.get(key)
        return self.history.line(n) if n is not None else None

    def _event(self, command: Writing | Make, author: Author, name: str | None) -> Event:
        """What the command becomes, but for its number: their members have the same names."""
        members = {x: getattr(command, x) for x in command.__struct_fields__}
        members["room"] = self.name
        event = Event(
            n=0, at="", by=author.name, who=author.who, bot=author.bot, name=name,
            do=type(command).__name__.lower(), **members,
        )  # fmt: skip
        if isinstance(command, Topic | Title):
            event.text = " ".join(command.text.split())
        return event

    def _check_fits(self, command: Writing, original: Event | None) -> None:
        """Raises Refused where the command does not fit what was said.

        `original` is the event that an Edit or Erase is about, if there is one.
        """
        match command:
            case Say(text=text, re=re):
                check_message(text, self._message_bytes)
                if re is not None:
                    self._check_there(re, self._event_at(re))
            case Edit(of=of, text=text):
                self._check_there(of, original)
                check_message(text, self._message_bytes)
            case Erase(of=of):
                self._check_there(of, original)
            case React(of=of, text=text):
                self._check_there(of, self._event_at(of))
                check_reaction(text)
            case Pin(of=of):
                self._check_there(of, self._event_at(of))
            case Topic(text=text):
                check_topic(text)
            case Title(text=text):
                check_title(text)

    def _event_at(self, n: int) -> Event | None:
        line = self.history.line(n)
        try:
            return events.event_of(line) if line is not None else None
        except ValueError:  # a later Hearth's kind of event
            return None

    def _check_there(self, n: int, event: Event | None) -> None:
        if event is None or event.do != "say" or n in self.erased or n in self._erasing:
            raise Refused("no_such_message", "That message is not there any more.", 404)

    def _save(self) -> None:
        """Number what waits, and give it to the writer; one batch at a time."""
        drafts, self._drafts = _one_batch(self._still_allowed())
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
            if event.do == "react":
                event.off = (event.of, draft.author.id, event.text) in self._reactions
            elif event.do == "pin":
                event.off = event.of in self.pins
            elif event.do == "erase" and event.of is not None:
                erased.append(event.of)
            lines.append(events.line_of(event))
        self._writer.append(
            self.history,
            lines,
            self._to_blank(erased) if erased else (),
            lambda refused: self._saved(drafts, lines, refused),
        )

    def _to_blank(self, erased: Sequence[int] | set[int]) -> list[int]:
        return [n for of in erased for n in (of, *self.edits.get(of, ()))]

    def _still_allowed(self) -> list[_Draft]:
        """What waits, without what an event saved meanwhile has made impossible."""
        if not self.rules.hidden and not any(draft.running for draft in self._drafts):
            return self._drafts
        allowed = []
        for draft in self._drafts:
            try:
                self.permissions.check_again(draft.command, draft.author)
            except Refused as why:
                self._forget(draft)
                for answer in draft.answers:
                    answer.refused(why)
            else:
                allowed.append(draft)
        return allowed

    def _forget(self, draft: _Draft) -> None:
        """A draft has come to its end, one way or the other."""
        if draft.event.do == "erase" and draft.event.of is not None:
            self._erasing.discard(draft.event.of)
        if draft.event.key is not None:
            self._underway.pop((draft.author.id, draft.event.key), None)

    def _saved(self, drafts: list[_Draft], lines: list[bytes], refused: Refused | None) -> None:
        """The batch is on stable storage, or nothing of it is: tell everybody whom it concerns."""
        for draft in drafts:
            self._forget(draft)
        if refused is None:
            # In this order: who reads a page meanwhile, on another thread, may find an edit
            # noted that is not there yet, but never one that is there and not noted.
            for draft, line in zip(drafts, lines, strict=True):
                self._remember(draft.event)
                if draft.event.do != "say":
                    self._note(draft.event, line)
                self._count(draft.event)
            self.history.count_in()
            self.at = drafts[-1].event.at
            self._hand_out(b"".join(lines)[:-1])
            self._rest()
            for draft, line in zip(drafts, lines, strict=True):
                for at, answer in enumerate(draft.answers):
                    answer.saved(line, new=at == 0, heard=True)
            self._changed(self, [draft.event for draft in drafts])
        else:
            for draft in drafts:
                for answer in draft.answers:
                    answer.refused(refused)
        if self._drafts:
            self._save_soon()
        else:
            self._saving = False

    def _rest(self) -> None:
        rest = min(REST_MOST, REST_EACH * len(self.listeners))
        if rest > REST_LEAST:
            self._rested_at = asyncio.get_running_loop().time() + rest

    def _hand_out(self, text: bytes, but: Listener | None = None) -> None:
        for listener in list(self.listeners):
            if listener is not but:
                listener.put(text)

    def _remember(self, event: Event) -> None:
        if event.key is not None:
            self._keys[event.who or f"name:{event.by}", event.key] = event.n
            if len(self._keys) > REMEMBERED:
                self._keys.popitem(last=False)

    def _count(self, event: Event) -> None:
        message = event.do == "say"
        self.unread.count(event.n, event.at, event.who, message=message)
        if event.do == "erase" and event.of is not None:
            self.unread.remove(event.of)

    def _note_line(self, line: bytes, quiet: array[int]) -> None:
        """Note a line as the file is read; the number of one that is no message goes to `quiet`."""
        try:
            event = events.event_of(line)
        except ValueError:  # a later Hearth's kind of event: kept and passed over
            quiet.append(self.number(line))
            return
        if event.do != "say":
            quiet.append(event.n)
        self._note(event, line)

    def _note(self, event: Event, line: bytes) -> None:
        """Keep what an event that is no message changes in the room."""
        of, text = event.of or 0, event.text or ""
        match event.do:
            case "edit":
                self.edits.setdefault(of, []).append(event.n)
            case "erase":
                self.erased.add(of)
                self.pins.pop(of, None)
            case "react":
                reaction = (of, event.who or f"name:{event.by}", text)
                (self._reactions.discard if event.off else self._reactions.add)(reaction)
            case "pin":
                if event.off:
                    self.pins.pop(of, None)
                else:
                    self.pins[of] = None
            case _:
                self.rules.note(event)

    # -- what is read ----------------------------------------------------------------------

    def blocks(self, first: int, last: int) -> Iterator[bytes]:
        """The lines of a page as they are shown, in blocks: edits applied, erased texts gone.

        Lines that nothing has changed are the bytes of the file. May be read on any thread.
        Between two blocks nothing of them is held.
        """
        blocks = self.history.blocks(first, last)
        if not self.edits and not self.erased:
            return blocks
        return filter(None, map(self._shown_block, blocks))

    def _shown_block(self, block: bytes) -> bytes:
        shown = []
        for line in block[:-1].split(b"\n"):
            n = self.number(line)
            if n in self.erased or n in self.edits:
                try:
                    line = self._shown(n, line)
                except ValueError:  # a later Hearth's kind of line
                    continue
            shown.append(line + b"\n")
        return b"".join(shown)

    def number(self, line: bytes) -> int:
        """The `n` of a line of this room, whatever event it is."""
        return int(line[self._start : line.find(b",", self._start)])

    def _shown(self, n: int, line: bytes) -> bytes:
        members = events.members_of(line)
        if n in self.erased:
            members["text"], members["erased"] = "", True
        else:
            newest = self.edits[n][-1]
            edit = self.history.line(newest)
            if edit is not None:
                members["text"], members["edited"] = events.event_of(edit).text, newest
        return events.encode(members)

    # -- who listens -----------------------------------------------------------------------

    def join(self, listener: Listener) -> None:
        """Hand everything that is saved from now on to this listener too."""
        if listener not in self.listeners:
            author = self.listeners[listener] = listener.author
            self.here.come(author)
        listener.put(self.here.greeting())

    def leave(self, listener: Listener) -> None:
        author = self.listeners.pop(listener, None)
        if author is not None:
            self.here.go(author)

    def typing(self, listener: Listener) -> None:
        author = listener.author
        told = {"do": "typing", "room": self.name, "by": author.name, "who": author.who}
        self._hand_out(events.encode(told), but=listener)


def _one_batch(drafts: list[_Draft]) -> tuple[list[_Draft], list[_Draft]]:
    """What can be saved together, and the rest.

    A removal must find every edit saved; what changes who hears or may write ends a batch.
    """
    edited = set()
    size = 0
    for at, draft in enumerate(drafts):
        size += len(draft.event.text or "")
        if size > BATCH and at:
            return drafts[:at], drafts[at:]
        if draft.running:
            return drafts[: at + 1], drafts[at + 1 :]
        if draft.event.do == "edit":
            edited.add(draft.event.of)
        elif draft.event.do == "erase" and draft.event.of in edited:
            return drafts[:at], drafts[at:]
    return drafts, []
