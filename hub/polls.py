"""Who chose what in the polls of one room, and which of them have ended.

Bookkeeping alone: knows no disk and no socket. Polls are known by the numbers of their messages.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from hub.packed import Numbers, Texts, pack, unpack
from hub.protocol.polls import ANSWERS


class PollsState(Struct, array_like=True, frozen=True):
    """Polls as bytes: what belongs together stands at the same place of its columns."""

    ended: tuple[Numbers, Numbers]  # poll, event
    who: list[str]
    votes: tuple[Numbers, Numbers, Numbers]  # poll, place of the voter, bits of the choice


class Polls:
    """Of each voter the latest choice counts, up to the end of the poll."""

    def __init__(self) -> None:
        self._ended: dict[int, int] = {}
        self._votes: dict[int, dict[str, int]] = {}  # the choice as bits, answer 1 is the lowest

    def vote(self, of: int, who: str, choice: Iterable[int]) -> None:
        """Take in a saved vote: numbers of answers, or none, which takes an earlier one back."""
        bits = sum({1 << (n - 1) for n in choice if 0 < n <= ANSWERS})
        if of in self._ended:
            return
        if bits:
            self._votes.setdefault(of, {})[who] = bits
        else:
            self._votes.get(of, {}).pop(who, None)

    def end(self, of: int, n: int) -> None:
        """Take in the event `n` that ends a poll; a second end changes nothing."""
        self._ended.setdefault(of, n)

    def forget(self, of: int) -> None:
        """The poll was removed."""
        self._votes.pop(of, None)
        self._ended.pop(of, None)

    def ended(self, of: int) -> bool:
        """Whether a poll has ended."""
        return of in self._ended

    def votes(self, of: int) -> list[tuple[str, list[int]]]:
        """Who chose which answers, in the order in which they first voted."""
        return [(who, _numbers(bits)) for who, bits in self._votes.get(of, {}).items()]

    # -- kept beside the file --------------------------------------------------------------

    def dump(self) -> PollsState:
        """All of it."""
        voters = Texts()
        rows = [(of, who, bits) for of, x in self._votes.items() for who, bits in x.items()]
        return PollsState(
            ended=(pack(self._ended), pack(self._ended.values())),
            votes=(
                pack(of for of, _, _ in rows),
                pack(voters.place(who) for _, who, _ in rows),
                pack(bits for _, _, bits in rows),
            ),
            who=list(voters),
        )

    def load(self, state: PollsState) -> None:
        """Take in what `dump` gave. Raises ValueError, IndexError where it gave no such thing."""
        self._ended.update(zip(*map(unpack, state.ended), strict=True))
        for of, who, bits in zip(*map(unpack, state.votes), strict=True):
            self._votes.setdefault(of, {})[state.who[who]] = bits


def _numbers(bits: int) -> list[int]:
    return [n for n in range(1, ANSWERS + 1) if bits >> (n - 1) & 1]
