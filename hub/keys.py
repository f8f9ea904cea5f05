"""Keys and their values in memory: what people, their devices and who may come in are kept in.

Knows no file: whoever makes what is put last watches it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

Value = bytes | None
"""JSON, but never null; None where there is nothing."""
Told = Callable[[Mapping[str, Value]], None]
"""Called with the new value of each key that one `put` changed."""


class Conflict(Exception):
    """A key has another value than the one that was given as its old one: nothing was changed."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Keys:
    """Begins with `items`, which are its own from then on.

    Iterating gives the keys in the order in which they came.
    """

    def __init__(self, items: dict[str, bytes] | None = None) -> None:
        self._items = {} if items is None else items
        self._watching: list[Told] = []

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: str) -> Value:
        """The value of a key. May be called on any thread."""
        return self._items.get(key)

    def items(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """The keys that begin so, each without that, and their values, in order."""
        start = len(prefix)
        for key, value in self._items.items():
            if key.startswith(prefix):
                yield key[start:], value

    def put(self, changes: Mapping[str, tuple[Value, Value]]) -> None:
        """Change the values of keys, each given as (old, new): all of them or none.

        Raises Conflict where one has another value than its old one.
        """
        for key, (old, _) in changes.items():
            if self._items.get(key) != old:
                raise Conflict(key)
        told = {key: new for key, (old, new) in changes.items() if new != old}
        for key, new in told.items():
            if new is None:
                del self._items[key]
            else:
                self._items[key] = new
        if told:
            for watching in self._watching:
                watching(told)

    def watch(self, told: Told) -> None:
        """Call `told` after each put that changes something."""
        self._watching.append(told)
