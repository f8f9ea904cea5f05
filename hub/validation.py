"""Whether texts may be shown: messages, reactions, topics, titles, statuses.

Each function raises Refused with a sentence that a page may show.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from hub.errors import Refused
from hub.names import shows
from hub.protocol.commands import Edit, Look, React, Say, Title, Topic, Writing

TITLE_LENGTH: Final = 64
"""Characters of a room's title, at most."""
TOPIC_LENGTH: Final = 200
"""Characters of a room's topic, at most."""
STATUS_LENGTH: Final = 100
"""Characters of what people say of themselves, at most."""
REACTION_LENGTH: Final = 16
"""Characters of a reaction, at most: an emoji of several people has more than ten."""

TINTS: Final = ("", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink")
"""The colours that a room may have."""
_SYMBOLS: Final = frozenset(["So", "Sm", "Sc"])
_JOINER, _KEYCAP, _AS_EMOJI = "\u200d", "\u20e3", "\ufe0f"


def check_texts(command: Writing, most: int) -> None:
    """Check the text that a command bears, if any; a message may have `most` bytes.

    Raises Refused: 422, or 413 for a message that is too long.
    """
    match command:
        case Say(text=text) | Edit(text=text):
            check_message(text, most)
        case React(text=text):
            check_reaction(text)
        case Topic(text=text):
            check_topic(text)
        case Title(text=text):
            check_title(text)
        case Look(icon=icon, tint=tint):
            check_look(icon, tint)


def check_message(text: str, most: int) -> None:
    """Raises Refused for an empty message (422) and one of more than `most` bytes (413).

    Where `most` is 0, a message may have any length.
    """
    if not text.strip():
        raise Refused("empty", "There is nothing in this message.", 422)
    if most and len(text.encode()) > most:
        raise Refused("too_long", f"A message can have at most {most} bytes.", 413)


def check_reaction(text: str) -> None:
    """Raises Refused (422) for what is not one sign."""
    if not text or len(text) > REACTION_LENGTH or any(c.isspace() or ord(c) < 33 for c in text):
        raise Refused("not_a_reaction", "A reaction is one sign, such as 👍.", 422)


def check_topic(text: str) -> None:
    """Raises Refused (422) for a topic that is too long or holds control characters."""
    if len(text) > TOPIC_LENGTH:
        raise Refused("too_long", f"A topic has at most {TOPIC_LENGTH} letters.", 422)
    if any(unicodedata.category(x) == "Cc" for x in "".join(text.split())):
        raise Refused("topic_invalid", "A topic has no control characters.", 422)


def check_title(text: str) -> None:
    """Raises Refused (422) for a title that is empty, too long, or does not show."""
    if len(text) > TITLE_LENGTH or not shows(text):
        raise Refused(
            "title_invalid", f"A title has 1 to {TITLE_LENGTH} letters, and all of them show.", 422
        )


def check_look(icon: str, tint: str) -> None:
    """Raises Refused (422) for an icon that is not one sign, and a colour that is none of TINTS."""
    if icon and not is_one_sign(icon):
        raise Refused("look_invalid", "A room’s icon is one emoji or one letter.", 422)
    if tint not in TINTS:
        raise Refused("look_invalid", "A room cannot have this colour.", 422)


def check_status(text: str, emoji: str) -> None:
    """Raises Refused (422) for what nobody can say of themself."""
    if len(text) > STATUS_LENGTH:
        raise Refused("too_long", f"A status has at most {STATUS_LENGTH} letters.", 422)
    if text and (not shows(text) or any(unicodedata.category(x) == "Cc" for x in text)):
        raise Refused("status_invalid", "A status is one line of letters that show.", 422)
    if emoji and not is_one_sign(emoji):
        raise Refused("status_invalid", "Before a status stands one emoji or one letter.", 422)


def is_one_sign(text: str) -> bool:
    """Whether this shows as one letter, digit or symbol: an emoji of several parts is one.

    No punctuation, so that it is no markup; few accents, so that it stays in its line.
    """
    if len(text) > REACTION_LENGTH or not shows(text) or text.endswith(_JOINER):
        return False
    before, accents = _JOINER, 0
    for sign in text:
        if before == _JOINER:
            whole = _is_base(sign)
        elif _is_flag_letter(sign):
            whole = text == before + sign and _is_flag_letter(before)
        else:
            whole = sign == _JOINER or _extends(sign)
            accents += sign not in (_KEYCAP, _AS_EMOJI) and unicodedata.category(sign)[0] == "M"
        if not whole:
            return False
        before = sign
    return accents < 3


def _is_base(sign: str) -> bool:
    return sign.isalnum() or (not sign.isascii() and unicodedata.category(sign) in _SYMBOLS)


def _is_flag_letter(sign: str) -> bool:
    """Two of these are a flag."""
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _extends(sign: str) -> bool:
    """Whether it belongs to what stands before: an accent, a skin tone, a tag of a flag."""
    return (
        unicodedata.category(sign)[0] == "M"
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or "\U000e0020" <= sign <= "\U000e007f"
    )
