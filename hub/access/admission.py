"""Admission: the hub's mode, its code, invitations, one-use tickets and links.

Knows no person's name, no HTTP and no file: what is to last is kept in keys.
Whatever lets somebody in is kept only as its SHA-256, except the hub's code, which hosts read out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Final, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from hub.access.records import Changes
from hub.access.return_requests import ReturnRequests
from hub.access.tries import Tries
from hub.errors import Refused
from hub.keys import Keys
from hub.names import shows
from hub.protocol import events

Mode = Literal["open", "code", "login"]
Way = Literal["window", "browser", "link"]
"""How somebody at the hub's own machine comes in; the link is that of --reset-host."""

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that are not confused when they are read aloud or written by hand."""
CODE_LENGTH: Final = 9
"""Characters of a code: 30^9 is a little over 2^44."""
LINK_SECONDS: Final = 300.0
"""Seconds for which a link for one more device works."""


HEARTH: Final = "Hearth"
"""What a hub is called until a host says otherwise."""
NAME_LENGTH: Final = 40
"""Characters of a hub's name, at most."""

DOOR: Final = "door"
"""The key of mode, code and name."""
INVITATION: Final = "invitation/"
"""How the keys of invitations begin; the SHA-256 of the text follows."""


class Invitation(Struct):
    """`left` people may still come in with it."""

    id: str
    made: float
    left: int

    def kept(self, **changes: object) -> bytes:
        """The value of its key."""
        return events.encode(replace(self, **changes))


class Door(Struct):
    """`name` is what the hub is called, "" where no host has said."""

    mode: Mode = "open"
    code: str = ""
    name: str = ""

    def kept(self, **changes: object) -> bytes:
        """The value of its key."""
        return events.encode(replace(self, **changes))


_door: Final = msgspec.json.Decoder(Door)
_invitation: Final = msgspec.json.Decoder(Invitation)


class Admission:
    """What `keys` hold of it, and what is forgotten at the end.

    `clock` gives seconds since 1970, `tick` seconds that never jump. `unread` is how many keys
    cannot be read, and are left out.
    """

    def __init__(
        self,
        keys: Keys | None = None,
        clock: Callable[[], float] = time.time,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = Keys() if keys is None else keys
        self._clock = clock
        self._door = Door()
        self._invitations: dict[str, Invitation] = {}
        self._set: tuple[Mode, str] | None = None  # the operator's mode and code
        self.tries = Tries(tick)
        self._tickets: dict[str, Way] = {}
        self._links: dict[str, tuple[str, float, str]] = {}
        self.returns = ReturnRequests(clock, tick)
        self.unread = self._load()

    @property
    def mode(self) -> Mode:
        return self._set[0] if self._set else self._door.mode

    @property
    def code(self) -> str:
        """The code as it is read aloud; empty where the hub has none."""
        return (self._set and self._set[1]) or self._door.code

    @property
    def name(self) -> str:
        """What the hub is called."""
        return self._door.name or HEARTH

    @property
    def own_name(self) -> str:
        """What the hub is called, "" where that is nothing of its own."""
        return "" if self._door.name == HEARTH else self._door.name

    # -- the host's side -------------------------------------------------------------------

    def follow_settings(self, accounts: str, code: str, *, given: bool) -> None:
        """Take the operator's settings, until a host chooses otherwise or the hub stops.

        `given` says whether any of them was set, even to its default.
        """
        wanted: Mode = "login" if accounts == "login" else "code" if code else "open"
        if wanted != "open" or given:
            self._set = wanted, code

    def set_name(self, name: str) -> None:
        """Call the hub so, or with "" as at first.

        Raises Refused (422) for a name that is too long or does not show.
        """
        name = " ".join(name.split())
        if name and (len(name) > NAME_LENGTH or not shows(name)):
            sentence = f"The name of a Hearth has at most {NAME_LENGTH} letters, which all show."
            raise Refused("hub_name_invalid", sentence, 422)
        changes = Changes(self._keys)
        changes.set(DOOR, self._door, name=name)
        changes.put()

    def set_mode(self, mode: Mode) -> None:
        code = self.code
        self._choose(mode, _new_code() if mode == "code" and not code else code)

    def set_code(self, code: str) -> None:
        """Use this code, however it is spelt."""
        self._choose(self.mode, code)

    def _choose(self, mode: Mode, code: str) -> None:
        """A host decides: from now on what the settings said is the host's own choice."""
        changes = Changes(self._keys)
        changes.set(DOOR, self._door, mode=mode, code=code)
        changes.put()
        self._set = None

    def new_code(self) -> str:
        """Make another code, in three groups of three."""
        self.set_code(_new_code())
        return self.code

    def invite(self, count: int) -> str:
        """Make an invitation for `count` people; gives its text, which is kept nowhere."""
        text = secrets.token_urlsafe(16)
        invitation = Invitation(secrets.token_hex(4), self._clock(), count)
        changes = Changes(self._keys)
        changes.set(INVITATION + _hash(text), invitation)
        changes.put()
        self._invitations[_hash(text)] = invitation
        return text

    def invitations(self) -> list[Invitation]:
        return list(self._invitations.values())

    def withdraw(self, invitation: str) -> None:
        """End an invitation by its id. Raises Refused (404) where there is none."""
        for key, found in self._invitations.items():
            if found.id == invitation:
                self._end(key)
                return
        raise Refused("no_such_invitation", "That invitation is used up or withdrawn.", 404)

    def _end(self, key: str) -> None:
        changes = Changes(self._keys)
        changes.value(INVITATION + key, None)
        changes.put()
        del self._invitations[key]

    def ticket(self, way: Way = "window") -> str:
        """A one-use proof that its bearer sits at the hub's own machine."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = way
        return ticket

    def link(self, who: str, bound: str = "") -> str:
        """A one-use text that lets one more device of this person in, for LINK_SECONDS.

        It is good only together with what it is `bound` to.
        """
        now = self._clock()
        self._links = {k: x for k, x in self._links.items() if x[1] > now}
        link = secrets.token_urlsafe(16)
        self._links[_hash(link)] = who, now + LINK_SECONDS, _hash(bound)
        return link

    def unlink(self, *people: str) -> None:
        """End the unused links of these people, and requests to return as them."""
        self.returns.drop(*people)
        gone = set(people)
        self._links = {k: x for k, x in self._links.items() if x[0] not in gone}

    # -- the newcomer's side ---------------------------------------------------------------

    def check_code(self, code: str | None, address: str) -> None:
        """Raises Refused where the hub has a code and this is not it."""
        if self.mode != "code":
            return
        if not code:
            raise Refused("code_needed", "This Hearth has a code. Ask the host for it.", 401)
        self.tries.check(address)
        if not hmac.compare_digest(_spoken(code), _spoken(self.code)):
            self.tries.wrong(address)
            raise Refused("code_wrong", "That is not the code of this Hearth.", 401)

    def check_invitation(self, text: str, address: str) -> None:
        """Raises Refused where the invitation is not, or no longer, good; uses nothing up."""
        self.tries.check(address)
        if _hash(text) not in self._invitations:
            self.tries.wrong(address)
            raise Refused("invite_used", "That invitation is no longer good.", 401)

    def use_invitation(self, text: str, address: str) -> None:
        """Count one person in. Raises Refused where the invitation is not, or no longer, good."""
        self.check_invitation(text, address)
        key = _hash(text)
        invitation = self._invitations[key]
        if invitation.left <= 1:
            self._end(key)
            return
        changes = Changes(self._keys)
        changes.set(INVITATION + key, invitation, left=invitation.left - 1)
        changes.put()

    def redeem(self, ticket: str) -> Way:
        """Use a ticket up; gives what it was made for. Raises Refused (403)."""
        if ticket not in self._tickets:
            raise Refused("ticket_used", "This window's ticket was used. Start Hearth again.", 403)
        return self._tickets.pop(ticket)

    def follow(self, link: str, address: str, bound: str = "") -> str:
        """Use a link up; gives the person it is for. Raises Refused (403)."""
        self.tries.check(address)
        who, until, to = self._links.pop(_hash(link), ("", 0.0, ""))
        if until <= self._clock() or not hmac.compare_digest(to, _hash(bound)):
            self.tries.wrong(address)
            raise Refused("link_used", "That link was used or is too old. Make another.", 403)
        return who

    # -- keeping ---------------------------------------------------------------------------

    def _load(self) -> int:
        """Take what the keys hold; gives how many cannot be read."""
        unread = 0
        door = self._keys.get(DOOR)
        if door is not None:
            try:
                self._door = _door.decode(door)
            except ValueError:
                unread += 1
        for key, value in self._keys.items(INVITATION):
            try:
                self._invitations[key] = _invitation.decode(value)
            except ValueError:
                unread += 1
        return unread


def _new_code() -> str:
    letters = [secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)]
    return "-".join("".join(letters[at : at + 3]) for at in range(0, CODE_LENGTH, 3))


def _spoken(code: str) -> bytes:
    """A code without what is lost when it is read aloud: case, hyphens and spaces."""
    letters = "".join(x for x in code.upper() if x.isalnum())
    return (letters or code).encode("utf-8", "surrogatepass")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
