"""Keys and their values in memory: what people, their devices and who may come in are kept in.

Knows no file: whoever makes what is put last watches it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Final

Value = bytes | None
"""JSON, but never null; None where there is nothing."""
Told = Callable[[Mapping[str, Value]], None]
"""Called with the new value of each key that one `put` changed."""

SMALL: Final = 16
"""Most keys of a small group."""


class Conflict(Exception):
    """A key has another value than the one that was given as its old one: nothing was changed."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Keys:
    """Keys are held in groups, by what they are up to their last slash."""

    def __init__(self, items: Mapping[str, bytes] | None = None) -> None:
        self._groups: dict[str, dict[str, bytes]] = {}
        self._watching: list[Told] = []
        for key, value in (items or {}).items():
            self.take(key, value)

    def __len__(self) -> int:
        return sum(map(len, self._groups.values()))

    def get(self, key: str) -> Value:
        """The value of a key. May be called on any thread."""
        start = key.rfind("/") + 1
        group = self._groups.get(key[:start])
        return None if group is None else group.get(key[start:])

    def group(self, name: str) -> Mapping[str, bytes]:
        """The keys that have nothing but this before their last slash, without it, in order."""
        return self._groups.get(name, {})

    def items(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """The keys that begin so, each without that, and their values, group by group."""
        start = len(prefix)
        for name, group in self._groups.items():
            if name.startswith(prefix):
                for rest, value in group.items():
                    yield name[start:] + rest, value
            elif prefix.startswith(name):
                for rest, value in group.items():
                    if rest.startswith(prefix[len(name) :]):
                        yield rest[start - len(name) :], value

    def across(self, prefix: str, rest: str, most: int) -> Iterator[list[tuple[str, bytes]]]:
        """Of the groups `<prefix><name>/` that have this key, the name and the value: a list for so
        many groups at a time. Keys that come or go between two lists may be there or not.
        """
        names = list(self._groups)
        for at in range(0, len(names), most):
            found = []
            for name in names[at : at + most]:
                if name.startswith(prefix) and name != prefix:
                    value = self._groups.get(name, {}).get(rest)
                    if value is not None:
                        found.append((name[len(prefix) : -1], value))
            yield found

    def in_slices(self, most: int) -> Iterator[list[str]]:
        """All keys, in lists of about so many; may be gone through on another thread.

        Keys that come or go meanwhile may be there or not.
        """
        return _slices(self._groups, list(self._groups), most)

    def put(self, changes: Mapping[str, tuple[Value, Value]]) -> None:
        """Change the values of keys, each given as (old, new): all of them or none.

        Raises Conflict where one has another value than its old one.
        """
        for key, (old, _) in changes.items():
            if self.get(key) != old:
                raise Conflict(key)
        told = {key: new for key, (old, new) in changes.items() if new != old}
        for key, new in told.items():
            self.take(key, new)
        if told:
            for watching in self._watching:
                watching(told)

    def take(self, key: str, value: Value) -> None:
        """Take what was put before, and is told nobody again."""
        start = key.rfind("/") + 1
        name, rest = key[:start], key[start:]
        group = self._groups.get(name)
        if value is not None:
            if group is None:
                group = self._groups[name] = {}
            # Small groups have the same keys, as people read the same rooms: these are held once.
            group[sys.intern(rest) if len(group) < SMALL else rest] = value
        elif group is not None:
            group.pop(rest, None)
            if not group:
                del self._groups[name]

    def watch(self, told: Told) -> None:
        """Call `told` after each put that changes something."""
        self._watching.append(told)


def _slices(
    groups: Mapping[str, Mapping[str, bytes]], names: list[str], most: int
) -> Iterator[list[str]]:
    keys: list[str] = []
    for name in names:
        group = list(groups.get(name, ()))
        for at in range(0, len(group), most):
            keys += [name + rest for rest in group[at : at + most]]
            if len(keys) >= most:
                yield keys
                keys = []
    yield keys
