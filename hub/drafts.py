"""Commands that a room has accepted and not yet saved, in order, and which of them go together."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, Protocol

from hub.errors import Refused
from hub.permissions import changes_rules
from hub.protocol.commands import Own, Say, Title, Topic, Writing
from hub.protocol.events import Event
from hub.protocol.polls import as_text, tidy
from hub.room_rules import Author

BATCH: Final = 1 << 18
"""Characters of text that are saved and broadcast together, about: no more than a client takes."""


class Answer(Protocol):
    """Told how one command ended: exactly one of the two is called, and once."""

    def saved(self, line: bytes, new: bool, broadcast: bool) -> None:
        """The line is saved, by this very command if `new`; all listeners were just sent it if
        `broadcast`.
        """

    def refused(self, why: Refused) -> None: ...


class Outcome(asyncio.Future[tuple[bytes, bool]]):
    """An answer to be awaited: the saved line, and whether it is new. Raises Refused."""

    def saved(self, line: bytes, new: bool, broadcast: bool) -> None:
        if not self.done():
            self.set_result((line, new))

    def refused(self, why: Refused) -> None:
        if not self.done():
            self.set_exception(why)


def event_from(command: Writing | Own, room: str, author: Author, name: str | None) -> Event:
    """The event that a command becomes, before it has a number and a time.

    `room` is the canonical name; `name` that of the person whom the command is about. The other
    members of commands have the names of an event's.
    """
    members = {x: getattr(command, x) for x in command.__struct_fields__}
    members["room"] = room
    if isinstance(command, Say):
        members["files"] = members.pop("sent", None)
    event = Event(
        n=0, at="", by=author.name, who=author.who, bot=author.bot, name=name,
        do=str(command.__struct_config__.tag), **members,
    )  # fmt: skip
    if isinstance(command, Topic | Title):
        event.text = " ".join(command.text.split())
    elif isinstance(command, Say) and command.poll is not None:
        event.poll = tidy(command.text, command.poll)
        event.text = as_text(event.poll)
    return event


class Draft(NamedTuple):
    """The event that a command becomes; its number and time are set as it is saved.

    `key` is the command's, with the id of its author; `answers` are those of the command and of
    its repetitions.
    """

    event: Event
    author: Author
    command: Writing | Own
    key: tuple[str, str] | None
    answers: list[Answer]

    def refuse(self, why: Refused) -> None:
        for answer in self.answers:
            answer.refused(why)


class Drafts:
    """Those that wait, and the batch that is being saved until `end` is called for each."""

    def __init__(self) -> None:
        self._waiting: list[Draft] = []
        self._by_key: dict[tuple[str, str], Draft] = {}
        self._erasing: set[int] = set()
        self._reacting: dict[int, Counter[str]] = {}  # by message

    def __len__(self) -> int:
        """How many wait for a batch."""
        return len(self._waiting)

    def add(self, draft: Draft) -> None:
        """Let a draft wait for its batch."""
        self._waiting.append(draft)
        if draft.key is not None:
            self._by_key[draft.key] = draft
        if draft.event.do == "erase" and draft.event.of is not None:
            self._erasing.add(draft.event.of)
        if draft.event.do == "react":
            self._reacting.setdefault(draft.event.of or 0, Counter())[draft.event.text or ""] += 1

    def with_key(self, key: tuple[str, str]) -> Draft | None:
        """The draft with this key that has not ended, if there is one."""
        return self._by_key.get(key)

    def is_erasing(self, n: int) -> bool:
        """Whether the message with this number is about to be removed."""
        return n in self._erasing

    def reactions(self, n: int) -> Iterable[str]:
        """Those that the message with this number is about to have, or to lose."""
        return self._reacting.get(n, ())

    def end(self, draft: Draft) -> None:
        """A draft was saved or refused."""
        if draft.event.do == "erase" and draft.event.of is not None:
            self._erasing.discard(draft.event.of)
        if draft.event.do == "react":
            self._end_reaction(draft.event.of or 0, draft.event.text or "")
        if draft.key is not None:
            self._by_key.pop(draft.key, None)

    def _end_reaction(self, of: int, text: str) -> None:
        waiting = self._reacting[of]
        waiting[text] -= 1
        if not waiting[text]:
            del waiting[text]
        if not waiting:
            del self._reacting[of]

    def next_batch(self, check: Callable[[Writing | Own, Author], None]) -> list[Draft]:
        """Take what is to be saved together from those that wait; nothing where none does.

        `check` raises Refused for a draft that may not be saved any more, which then ends here.
        What changes the room's rules ends a batch: what follows is checked against the new ones.
        A removal waits until the edits of its message are saved, as it has to find them.
        """
        batch: list[Draft] = []
        size, taken = 0, 0
        edited: set[int | None] = set()
        for draft in tuple(self._waiting):
            event = draft.event
            size += len(event.text or "")
            if (batch and size > BATCH) or (event.do == "erase" and event.of in edited):
                break
            taken += 1
            try:
                check(draft.command, draft.author)
            except Refused as why:
                self.end(draft)
                draft.refuse(why)
                continue
            batch.append(draft)
            if changes_rules(draft.command):
                break
            if event.do == "edit":
                edited.add(event.of)
        del self._waiting[:taken]
        return batch
