"""Whether texts may be shown: messages, reactions, topics, titles, statuses.

Each function raises Refused with a sentence that a page may show.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from hub.errors import Refused
from hub.names import shows
from hub.protocol.commands import Edit, End, Issued, Look, React, Say, Title, Topic, Vote, Writing
from hub.protocol.events import Event
from hub.protocol.polls import ANSWERS, Poll, as_text, tidy

TITLE_LENGTH: Final = 64
"""Characters of a room's title, at most."""
TOPIC_LENGTH: Final = 200
"""Characters of a room's topic, at most."""
STATUS_LENGTH: Final = 100
"""Characters of what people say of themselves, at most."""
REACTION_LENGTH: Final = 16
"""Characters of a reaction, at most: an emoji of several people has more than ten."""

# What emoji are made of, as UTS #51 has it. The pictures are Unicode's `Extended_Pictographic`, in
# whole blocks: these are kept free for emoji to come, and what else is in them is a sign as well.
_PICTURE: Final = (
    "[©®‼⁉™ℹ↔-↙↩↪⌚⌛⌨⏏⏩-⏺Ⓜ▪▫▶◀◻-◾☀-➿⤴⤵⬅-⬇⬛⬜⭐⭕〰〽㊗㊙"
    "\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff\U0001fc00-\U0001fffd]"
)
_TONE: Final = "[\U0001f3fb-\U0001f3ff]"
_TAGS: Final = "[\U000e0020-\U000e007e]+\U000e007f"
_ELEMENT: Final = f"{_PICTURE}(?:\ufe0f|{_TONE}\ufe0f?)?(?:{_TAGS})?"
_EMOJI: Final = re.compile(
    f"{_ELEMENT}(?:\u200d{_ELEMENT})*"  # one, or several joined
    "|[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    "|[0-9#*]\ufe0f?\u20e3"  # a key
)
QUESTION_LENGTH: Final = 300
"""Characters of a poll's question, at most."""
ANSWER_LENGTH: Final = 200
"""Characters of one of its answers, at most."""

TINTS: Final = ("", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink")
"""The colours that a room may have."""
_SYMBOLS: Final = frozenset(["So", "Sm", "Sc"])
_JOINER, _KEYCAP, _AS_EMOJI = "\u200d", "\u20e3", "\ufe0f"


def check_texts(command: Writing, most: int) -> None:
    """Check the text that a command bears, if any; a message may have `most` bytes.

    Raises Refused: 422, or 413 for a message that is too long.
    """
    match command:
        case Say(text=text, poll=Poll() as poll):
            check_message(text, most)
            check_poll(tidy(text, poll), most)
        case Say(text=text, files=[_, *_]) | Issued(text=text, sent=[_, *_]) if not text.strip():
            pass
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
    """Raises Refused (422) for what is not one emoji, known by now or not."""
    if len(text) > REACTION_LENGTH or not _EMOJI.fullmatch(text):
        raise Refused("not_a_reaction", "A reaction is one emoji, such as 👍.", 422)


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


def check_poll(poll: Poll, most: int) -> None:
    """Raises Refused for a tidy poll that cannot be one (422), and a text of more than `most` bytes
    (413).
    """
    count = len(poll.answers)
    if not 2 <= count <= ANSWERS:
        raise _poll(f"A poll has 2 to {ANSWERS} answers, and this one has {count}.")
    if len(poll.question) > QUESTION_LENGTH or not shows(poll.question):
        raise _poll(f"A question has 1 to {QUESTION_LENGTH} letters, and some of them show.")
    for answer in poll.answers:
        if len(answer) > ANSWER_LENGTH or not shows(answer):
            raise _poll(f"An answer has 1 to {ANSWER_LENGTH} letters, and some of them show.")
    if len(set(poll.answers)) < count:
        raise _poll("Two answers of a poll are the same.")
    check_message(as_text(poll), most)


def check_poll_change(command: Edit | Vote | End, original: Event, *, ended: bool) -> None:
    """Check a command about a message, which is there, that may be a poll or forwarded.

    Raises Refused: 404 for what is no poll, 409 for one that has `ended`, 422.
    """
    poll = original.poll
    if isinstance(command, Edit):
        if poll is not None:
            raise Refused("poll_fixed", "A poll cannot be changed. End it, and ask anew.", 422)
        if original.fwd is not None:
            raise Refused("forward_fixed", "These are the words of somebody else.", 422)
        return
    if poll is None:
        raise Refused("no_such_poll", "That message is no poll.", 404)
    if ended:
        raise Refused("poll_ended", "This poll has ended.", 409)
    if isinstance(command, Vote):
        choice = set(command.choice)
        if len(choice) < len(command.choice) or not choice <= {*range(1, len(poll.answers) + 1)}:
            raise _poll("That is none of the answers.")
        if len(choice) > 1 and not poll.many:
            raise _poll("Choose one of the answers.")


def _poll(why: str) -> Refused:
    return Refused("poll_invalid", why, 422)
