"""Who is meant by `@name` in a message. Pure: whoever asks says who bears which name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from hub.names import PERSON_CHARACTERS, skeleton

HERE: Final = "here"
"""The name that means everybody who is here, and what stands in place of an id then."""
HERE_PEOPLE: Final = 20
"""Most people in a room where everybody may call all of them so; elsewhere hosts may."""
MOST: Final = 50
"""People that one message can mean."""
SIGNS: Final = 100
"""Signs in one message that are looked at."""
ENDS: Final = 8
"""Ends that a name may have where nobody says which name is meant."""
MISSES: Final = 100
"""Names in one message that nobody bears: it takes long to find that out."""

_CODE: Final = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
# Thai to Khmer, Chinese, Japanese and Korean: what follows a name joins it without a space.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)


def mentions(
    text: str,
    given: Mapping[str, str],
    is_called: Callable[[str, str], bool],
    named: Callable[[str], str | None],
    *,
    here: bool,
) -> dict[str, str]:
    """Who is meant in a text: each name as it is written there, with the id of the person.

    `given` is what the sender says of that, believed only where `is_called(who, name)`. All other
    names are looked up with `named(name)`, the longest first, until MISSES were nobody's. Both know
    only of people who may see the room. `here` says whether `@here` means everybody. At most MOST
    names, in the text's order.
    """
    found: dict[str, str] = {}
    known = [x for x in list(given.items())[:MOST] if len(x[0]) <= PERSON_CHARACTERS]
    known.sort(key=lambda entry: -len(entry[0]))
    misses = 0

    def looked_up(name: str) -> str | None:
        nonlocal misses
        who = named(name) if misses < MISSES else None
        misses += who is None
        return who

    for start in _starts(text):
        if len(found) == MOST:
            break
        meant = (x for x in known if _stands(text, start, x[0]) and is_called(x[1], x[0]))
        entry = next(meant, None) or _written(text, start, looked_up, here)
        if entry is not None:
            found.setdefault(*entry)
    return found


def _starts(text: str) -> Iterator[int]:
    """Where names may begin: behind an `@` that is in no word, address or code."""
    code = [found.span() for found in _CODE.finditer(text)] if "`" in text else []
    at = -1
    for _ in range(SIGNS):
        at = text.find("@", at + 1)
        if at < 0:
            return
        while code and code[0][1] <= at:
            del code[0]
        if not (code and code[0][0] <= at) and _begins(text, at):
            yield at + 1


def _begins(text: str, at: int) -> bool:
    """Whether an `@` may stand behind what is before it: a space, a sign, an unspaced script."""
    before = at - 1
    while before > max(-1, at - 8) and unicodedata.category(text[before])[0] == "M":
        before -= 1
    if before < 0:
        return True
    return text[before] not in "/\\&`@" and (
        unicodedata.category(text[before]) not in ("Lu", "Ll", "Lt", "Nd", "Nl", "No")
    )


def _stands(text: str, start: int, name: str) -> bool:
    return bool(name) and text.startswith(name, start) and _ends(text, start + len(name))


def _ends(text: str, at: int) -> bool:
    """Whether a name may end before what stands at a place of the text."""
    if at >= len(text) or not _is_letter(text[at]) or not _is_letter(text[at - 1]):
        return True
    return any(_UNSPACED.match(x) for x in (text[at - 1], text[at]))


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character == "_"


def _written(
    text: str, start: int, named: Callable[[str], str | None], here: bool
) -> tuple[str, str] | None:
    """The longest name that begins at a place of the text, with whose it is."""
    if here and _stands(text, start, HERE):
        return HERE, HERE
    line = text[start : start + PERSON_CHARACTERS].partition("\n")[0].partition(" @")[0]
    if line[:1].isspace():
        return None
    ends = [x for x in range(1, len(line) + 1) if _shows(line[x - 1]) and _ends(text, start + x)]
    for end in reversed(ends[:ENDS]):
        who = named(line[:end])
        if who is not None:
            return line[:end], who
    return None


def _shows(character: str) -> bool:
    """Whether a name that was only written may end so: punctuation behind it is not part of it."""
    emoji = unicodedata.category(character) == "So" or character >= "\U0001f000"
    return emoji or _is_letter(character)


def is_name(written: str, names: Iterable[str]) -> bool:
    """Whether one of somebody's names is written so: looks alike, and has as many words."""
    return any(
        skeleton(name) == skeleton(written) and name.count(" ") == written.count(" ")
        for name in names
    )
