"""What the events of one room changed: edits, removals, reactions and pins, and keys already used;
and which files its messages have.

Bookkeeping alone: knows no disk and no socket. Messages are known by their numbers.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from hub.packed import Numbers, Texts, pack, unpack
from hub.polls import Polls, PollsState
from hub.protocol.events import Event
from hub.protocol.sent_file import SentFile
from hub.replies import Replies

KEYS: Final = 10_000
"""How many of a room's latest events are known by key, so that a repeated one is recognised."""

REACTIONS: Final = 50
"""How many different reactions a message takes: with more, nobody would see what they are."""


class IndexState(Struct, array_like=True, frozen=True):
    """A RoomIndex as bytes: what belongs together stands at the same place of its columns."""

    edits: tuple[Numbers, Numbers]  # message, edit
    erased: Numbers
    pins: Numbers
    sources: list[str]
    emoji: list[str]
    reactions: tuple[Numbers, Numbers, Numbers]  # message, place of the source, of the emoji
    keys: list[str]
    keyed: tuple[Numbers, Numbers]  # place of the source, event
    replies: tuple[Numbers, Numbers]  # message, answer
    polls: PollsState
    files: list[tuple[int, list[SentFile]]]
    expired: list[tuple[int, list[str]]]


class RoomIndex:
    """`edits` has the numbers of the edits of each message, oldest first; `erased` the removed
    messages, `pins` the pinned ones, in the order in which they were removed and pinned; `replies`
    which messages answer which, `polls` who chose what; `files` the files of each message that has
    some, and is there, but for the `expired` ones, which it has by their ids.

    Other threads may read `edits` and `erased` meanwhile.
    """

    def __init__(self) -> None:
        self.edits: dict[int, list[int]] = {}
        self.erased: dict[int, None] = {}
        self.pins: dict[int, None] = {}
        self.replies = Replies()
        self.polls = Polls()
        self.files: dict[int, list[SentFile]] = {}
        self.expired: dict[int, list[str]] = {}
        self._expired: set[str] = set()
        self._with_file: dict[str, int] = {}  # the message of each file, by its id
        self._reactions: dict[tuple[int, str, str], None] = {}
        self._emoji: dict[int, Counter[str]] = {}  # by message, how many chose each
        self._keys: OrderedDict[tuple[str, str], int] = OrderedDict()

    def note(self, event: Event) -> None:
        """Take in a saved event; one of another kind is passed over."""
        of = event.of or 0
        match event.do:
            case "say":
                self._note_message(event)
            case "edit":
                self.edits.setdefault(of, []).append(event.n)
            case "erase":
                self._erase(of)
            case "expire":
                self._expire(event.ids or ())
            case "vote" if event.who is not None:
                self.polls.vote(of, event.who, event.choice or ())
            case "end":
                self.polls.end(of, event.n)
            case "react" if event.off:
                self._take_back(_reaction(event))
            case "react":
                self._react(_reaction(event))
            case "pin" if event.off:
                self.pins.pop(of, None)
            case "pin":
                self.pins[of] = None

    def _note_message(self, event: Event) -> None:
        if event.re is not None:
            self.replies.add(event.re, event.n)
        if event.files:
            self._have(event.n, event.files)

    def _have(self, n: int, files: list[SentFile]) -> None:
        self.files[n] = files
        self._with_file.update((file.id, n) for file in files)

    def _erase(self, of: int) -> None:
        self.erased[of] = None
        self.pins.pop(of, None)
        self.polls.forget(of)
        for file in self.files.pop(of, ()):
            self._with_file.pop(file.id, None)
        self._expired.difference_update(self.expired.pop(of, ()))

    def _expire(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            n = self._with_file.pop(id_, None)
            if n is None:
                continue
            left = [file for file in self.files[n] if file.id != id_]
            if left:
                self.files[n] = left
            else:
                del self.files[n]
            self.expired.setdefault(n, []).append(id_)
            self._expired.add(id_)

    def has_expired(self, id_: str) -> bool:
        """Whether a message that is there had a file of this id until it expired."""
        return id_ in self._expired

    def file(self, id_: str) -> tuple[int, SentFile] | None:
        """The file of this id, and the number of its message; None where there is none any more."""
        n = self._with_file.get(id_)
        if n is None:
            return None
        return n, next(file for file in self.files[n] if file.id == id_)

    def all_files(self) -> list[SentFile]:
        """Those of all messages."""
        return [file for files in self.files.values() for file in files]

    def toggle(self, event: Event) -> None:
        """Make a reaction or pin that is there already take it back; other events stay."""
        if event.do == "react":
            event.off = _reaction(event) in self._reactions
        elif event.do == "pin":
            event.off = event.of in self.pins

    def takes_reaction(self, of: int, text: str, waiting: Iterable[str] = ()) -> bool:
        """Whether a message may have this reaction: it has it, or not too many others, with those
        that wait to be saved.
        """
        emoji = {*self._emoji.get(of, ()), *waiting}
        return text in emoji or len(emoji) < REACTIONS

    def _react(self, reaction: tuple[int, str, str]) -> None:
        if reaction not in self._reactions:
            self._reactions[reaction] = None
            of, _, text = reaction
            self._emoji.setdefault(of, Counter())[text] += 1

    def _take_back(self, reaction: tuple[int, str, str]) -> None:
        if reaction in self._reactions:
            del self._reactions[reaction]
            of, _, text = reaction
            self._emoji[of][text] -= 1
            if not self._emoji[of][text]:
                del self._emoji[of][text]

    def texts_of(self, messages: Iterable[int]) -> list[int]:
        """The numbers of all events that hold a text of these messages: they and their edits."""
        return [n for of in messages for n in (of, *self.edits.get(of, ()))]

    def note_key(self, event: Event) -> None:
        """Remember the key of a saved event, if it has one, and forget the oldest."""
        if event.key is not None:
            self._keys[event.author_id, event.key] = event.n
            if len(self._keys) > KEYS:
                self._keys.popitem(last=False)

    def with_key(self, author: str, key: str) -> int | None:
        """The number of the event that this author (Author.id) sent with a key, if remembered."""
        return self._keys.get((author, key))

    # -- kept beside the file --------------------------------------------------------------

    def dump(self, after: int) -> IndexState:
        """All of it, but of the keys only those of events after number `after`."""
        sources, emoji = Texts(), Texts()
        keys = [(source, key, n) for (source, key), n in self._keys.items() if n > after]
        return IndexState(
            edits=(
                pack(of for of, edits in self.edits.items() for _ in edits),
                pack(n for edits in self.edits.values() for n in edits),
            ),
            erased=pack(self.erased),
            pins=pack(self.pins),
            reactions=(
                pack(of for of, _, _ in self._reactions),
                pack(sources.place(source) for _, source, _ in self._reactions),
                pack(emoji.place(text) for _, _, text in self._reactions),
            ),
            keys=[key for _, key, _ in keys],
            keyed=(
                pack(sources.place(source) for source, _, _ in keys),
                pack(n for _, _, n in keys),
            ),
            sources=list(sources),
            emoji=list(emoji),
            replies=self.replies.dump(),
            polls=self.polls.dump(),
            files=list(self.files.items()),
            expired=[(n, [*ids]) for n, ids in self.expired.items()],
        )

    def load(self, state: IndexState) -> None:
        """Take in what `dump` gave. Raises ValueError, IndexError where it gave no such thing."""
        for of, n in zip(*map(unpack, state.edits), strict=True):
            self.edits.setdefault(of, []).append(n)
        for of in unpack(state.erased):
            self.erased[of] = None
        for of in unpack(state.pins):
            self.pins[of] = None
        for of, source, text in zip(*map(unpack, state.reactions), strict=True):
            self._react((of, state.sources[source], state.emoji[text]))
        for key, source, n in zip(state.keys, *map(unpack, state.keyed), strict=True):
            self._keys[state.sources[source], key] = n
        self.replies.load(state.replies)
        self.polls.load(state.polls)
        for n, files in state.files:
            self._have(n, files)
        for n, ids in state.expired:
            self.expired[n] = [*ids]
            self._expired.update(ids)


def _reaction(event: Event) -> tuple[int, str, str]:
    return event.of or 0, event.author_id, event.text or ""
