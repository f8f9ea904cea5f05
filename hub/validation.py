"""Whether texts may stand in a room: messages, reactions, topics and titles.

Each function raises Refused with a sentence that a page may show.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from hub.errors import Refused
from hub.names import shows
from hub.protocol.commands import Edit, React, Say, Title, Topic, Writing

TITLE_LENGTH: Final = 64
"""Characters of a room's title, at most."""
TOPIC_LENGTH: Final = 200
"""Characters of a room's topic, at most."""
REACTION_LENGTH: Final = 16
"""Characters of a reaction, at most: an emoji of several people has more than ten."""


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
