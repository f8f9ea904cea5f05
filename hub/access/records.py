"""Records that are kept under keys: what changes together is put first, and set in memory then."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from hub.keys import Keys, Value
from hub.protocol import events


class Record(Protocol):
    """Something that is kept under a key of its own."""

    def kept(self, **changes: object) -> bytes:
        """The value of its key, as it is once these members of it are changed."""


class Changes:
    """Changes of records that are made together, by `put`, or not at all."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._values: dict[str, Value] = {}
        self._claimed: dict[str, bytes] = {}
        self._then: list[Callable[[], object]] = []

    def set(self, key: str, record: Record, **members: object) -> None:
        """Set members of a record, or keep a new one; each at most once."""
        self._values[key] = record.kept(**members)
        for name, value in members.items():
            self._then.append(partial(setattr, record, name, value))

    def value(self, key: str, value: object) -> None:
        """Set the value of a key; None for a key that is to go."""
        self._values[key] = None if value is None else events.encode(value)

    def claim(self, key: str, value: object) -> None:
        """Give a key a value if it has none, or that one."""
        self._claimed[key] = events.encode(value)

    def put(self) -> None:
        """Raises Conflict where a key that was claimed has another value: nothing changes then."""
        changes: dict[str, tuple[Value, Value]] = {
            key: (self._keys.get(key), new) for key, new in self._values.items()
        }
        for key, new in self._claimed.items():
            old = self._keys.get(key)
            changes[key] = (old if old == new else None, new)
        self._keys.put(changes)
        for step in self._then:
            step()
