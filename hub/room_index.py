"""What the events of one room changed: edits, removals, reactions and pins, and keys already used.

Bookkeeping alone: knows no disk and no socket. Messages are known by their numbers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from hub.protocol.events import Event

KEYS: Final = 10_000
"""How many of a room's latest events are known by key, so that a repeated one is recognised."""


class RoomIndex:
    """`edits` has the numbers of the edits of each message, oldest first; `erased` the removed
    messages; `pins` the pinned ones, in the order in which they were pinned.

    Other threads may read `edits` and `erased` meanwhile.
    """

    def __init__(self) -> None:
        self.edits: dict[int, list[int]] = {}
        self.erased: set[int] = set()
        self.pins: dict[int, None] = {}
        self._reactions: set[tuple[int, str, str]] = set()
        self._keys: OrderedDict[tuple[str, str], int] = OrderedDict()

    def note(self, event: Event) -> None:
        """Take in a saved event; one of another kind is passed over."""
        of = event.of or 0
        match event.do:
            case "edit":
                self.edits.setdefault(of, []).append(event.n)
            case "erase":
                self.erased.add(of)
                self.pins.pop(of, None)
            case "react":
                (self._reactions.discard if event.off else self._reactions.add)(_reaction(event))
            case "pin" if event.off:
                self.pins.pop(of, None)
            case "pin":
                self.pins[of] = None

    def toggle(self, event: Event) -> None:
        """Make a reaction or pin that is there already take it back; other events stay."""
        if event.do == "react":
            event.off = _reaction(event) in self._reactions
        elif event.do == "pin":
            event.off = event.of in self.pins

    def texts_of(self, messages: Iterable[int]) -> list[int]:
        """The numbers of all events that hold a text of these messages: they and their edits."""
        return [n for of in messages for n in (of, *self.edits.get(of, ()))]

    def note_key(self, event: Event) -> None:
        """Remember the key of a saved event, if it has one, and forget the oldest."""
        if event.key is not None:
            self._keys[_source(event), event.key] = event.n
            if len(self._keys) > KEYS:
                self._keys.popitem(last=False)

    def with_key(self, author: str, key: str) -> int | None:
        """The number of the event that this author (Author.id) sent with a key, if remembered."""
        return self._keys.get((author, key))


def _source(event: Event) -> str:
    """The Author.id of an event's author."""
    return event.who or f"name:{event.by}"


def _reaction(event: Event) -> tuple[int, str, str]:
    return event.of or 0, _source(event), event.text or ""
