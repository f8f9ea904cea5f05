"""A poll, as the member of a message that it is, and as the text that it is."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

ANSWERS: Final = 20
"""Answers of a poll, at most."""


class Poll(Struct, omit_defaults=True):
    """What is asked, and the answers to choose one of, or with `many` any number.

    The command that makes a poll has the question as its text; the hub puts it here.
    """

    answers: list[str]
    many: bool = False
    question: str = ""


def tidy(question: str, poll: Poll) -> Poll:
    """The poll as it is saved: each text on one line."""
    answers = [" ".join(answer.split()) for answer in poll.answers]
    return replace(poll, question=" ".join(question.split()), answers=answers)


def as_text(poll: Poll) -> str:
    """A tidy poll as a message that reads as what it is."""
    answers = [f"{n}. {answer}" for n, answer in enumerate(poll.answers, 1)]
    return "\n".join([poll.question, "", *answers])
