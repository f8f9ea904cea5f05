"""What each person set for themself, on all their devices. Knows no file and no HTTP.

The hub keeps a JSON object for each person as it is, and the page says what is in it: see
`Preferences` in ui/lib/types.d.ts. So a page of another version finds its own members again. The
hub itself reads `reads` alone: false hides from others how far the person has read.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import msgspec
from msgspec import Struct

from hub.access.person import PREFERENCES
from hub.access.records import Changes
from hub.errors import Refused
from hub.keys import Keys
from hub.protocol import events

BYTES: Final = 1 << 16
"""Most bytes of one person's preferences, as JSON."""
DEPTH: Final = 8
"""Most objects and lists inside each other."""

Patch = dict[str, Any]
"""A JSON merge patch (RFC 7396): members to set, objects to go on in, null for what is to go."""

_object: Final = msgspec.json.Decoder(dict[str, Any])


class _Read(Struct):
    """The members that the hub reads itself."""

    reads: object = True
    last_here: object = True


_read: Final = msgspec.json.Decoder(_Read)


class AllPreferences:
    """The preferences that `keys` hold, by person."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def of(self, who: str) -> Patch:
        """A person's preferences; none of them can be read where the value is no object."""
        try:
            return _object.decode(self._keys.get(PREFERENCES + who) or b"{}")
        except ValueError:
            return {}

    def tag(self, who: str) -> str:
        """A text that is another one for other preferences."""
        kept = self._keys.get(PREFERENCES + who) or b"{}"
        return hashlib.blake2b(kept, digest_size=12).hexdigest()

    def show_reads(self, who: str) -> bool:
        """Whether a person shows others how far they have read."""
        return self._read_by_hub(who).reads is not False

    def show_last(self, who: str) -> bool:
        """Whether a person shows those whom they write to when they were here last."""
        return self._read_by_hub(who).last_here is not False

    def _read_by_hub(self, who: str) -> _Read:
        try:
            return _read.decode(self._keys.get(PREFERENCES + who) or b"{}")
        except ValueError:
            return _Read()

    def change(self, who: str, patch: Patch) -> None:
        """Apply a merge patch. Raises Refused (422) where too much would be kept."""
        if _depth(patch) > DEPTH:
            raise Refused("invalid", "These preferences are nested too deep.", 422)
        merged = _merged(self.of(who), patch)
        if len(events.encode(merged)) > BYTES:
            raise Refused("too_many_preferences", "So many preferences cannot be kept.", 422)
        changes = Changes(self._keys)
        changes.value(PREFERENCES + who, merged)
        changes.put()


def _merged(old: object, patch: object) -> Any:
    if not isinstance(patch, dict):
        return patch
    merged = dict(old) if isinstance(old, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _merged(merged.get(name), value)
    return merged


def _depth(value: object) -> int:
    """How deep a value is nested, as far as matters here; msgspec has refused what is endless."""
    depth, level = 0, [value]
    while level and depth <= DEPTH:
        inner: list[object] = []
        for each in level:
            if isinstance(each, dict):
                inner += each.values()
            elif isinstance(each, list):
                inner += each
        depth += any(isinstance(each, dict | list) for each in level)
        level = inner
    return depth
