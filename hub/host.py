"""What a host can do, and what a host is shown. Whatever a host does goes into the audit."""

from __future__ import annotations

import time
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from hub import public, returning
from hub.access.admission import Mode
from hub.access.people import Person
from hub.errors import Refused
from hub.hub import Hub
from hub.identity import may_stay
from hub.names import room_name
from hub.protocol.commands import Close, Erase, Number, Slow, Writing
from hub.room_rules import Author

LISTED: Final = 1000
"""Rooms in the panel, at most: those in which something was said last."""
LONGEST_MUTE: Final = 30 * 86400
"""Most seconds for which somebody can be muted."""


class Deed(Struct, tag_field="do", tag=str.lower):
    """What a host asks for; the class's name in lower case is its `do`."""


class About(Deed):
    whom: str


class Kick(About):
    pass


class Ban(About):
    pass


class Unban(About):
    pass


class Mute(About):
    seconds: Annotated[int, Meta(ge=0, le=LONGEST_MUTE)]


class Approve(About):
    pass


class Deny(About):
    pass


class Free(About):
    pass


class Readmit(Deed):
    """Let somebody return who asks to, or not; `ask` is the request's id, which the panel shows."""

    ask: str
    off: bool = False


class ClearStatus(About, tag="clear_status"):
    """Take away what somebody says of themself, which everybody sees."""


class Host(About):
    off: bool = False


class SetMode(Deed, tag="mode"):
    mode: Mode


class SetName(Deed, tag="name"):
    """What the hub is called; "" for what it was called at first."""

    text: str


class Code(Deed):
    end: bool = False


class Invite(Deed):
    count: Annotated[int, Meta(ge=1, le=100)] = 1


class Withdraw(Deed):
    """`invitation` is its id, which the panel shows."""

    invitation: str


class EraseIt(Deed, tag="erase"):
    room: str
    of: Number


class CloseIt(Deed, tag="close"):
    room: str
    off: bool = False


class SlowIt(Deed, tag="slow"):
    room: str
    seconds: Annotated[int, Meta(ge=0, le=86400)]


OfPeople = Kick | Ban | Unban | Mute | Approve | Deny | Free | ClearStatus | Host
OfRooms = EraseIt | CloseIt | SlowIt
AnyDeed = OfPeople | OfRooms | Readmit | SetMode | SetName | Code | Invite | Withdraw

_deeds: msgspec.json.Decoder[AnyDeed] = msgspec.json.Decoder(AnyDeed)


def deed(data: bytes) -> AnyDeed:
    """Read one deed. Raises Refused: 422 for the wrong JSON, 400 for none."""
    try:
        return _deeds.decode(data)
    except msgspec.ValidationError as error:
        raise Refused("invalid", f"That is not what a host can do: {error}.", 422) from None
    except (ValueError, RecursionError) as error:
        raise Refused("malformed", f"That is not JSON: {error}.", 400) from None


def check_host(author: Author) -> None:
    """Raises Refused (403) for everybody but a host."""
    if not author.host or author.who is None:
        raise Refused("forbidden", "Only a host may do that.", 403)


async def do(hub: Hub, author: Author, asked: AnyDeed) -> dict[str, Any]:
    """Do it, put it into the audit, keep it; gives what the host is told.

    Raises Refused: 403 for anyone but a host, 404 for nobody or nothing of that name.
    """
    check_host(author)
    if author.bot and isinstance(asked, Host | Readmit):
        raise Refused("forbidden", "A program's token may not do that.", 403)
    told: dict[str, Any] = {"ok": True}
    noted: dict[str, Any] = {}
    if isinstance(asked, About):
        person = hub.people.person(asked.whom)
        if person is None:
            raise Refused("no_such_person", "There is nobody like that here.", 404)
        if person.who == author.who:
            raise Refused("yourself", "That cannot be done to yourself.", 422)
        noted = {"whom": person.who, "name": person.name}
        if isinstance(asked, Mute):
            noted["text"] = f"{asked.seconds} s"
        if isinstance(asked, Host) and asked.off:
            noted["text"] = "no longer"
        _to_person(hub, person, asked)
    elif isinstance(asked, OfRooms):
        noted = {"room": room_name(asked.room), "text": _about(asked)}
        await _in_room(hub, author, asked)
    elif isinstance(asked, Readmit):
        returning.answer(hub, author, asked.ask, not asked.off)
        return told
    else:
        told |= _admission(hub, asked)
        if isinstance(asked, SetMode):
            noted["text"] = asked.mode
        elif isinstance(asked, SetName):
            noted["text"] = hub.admission.name
        elif isinstance(asked, Invite):
            noted["text"] = f"for {asked.count}"
    hub.audit.add(author.name, str(asked.__struct_config__.tag), **noted)
    await hub.kept()
    hub.clients.tell_hosts()
    return told


def _to_person(hub: Hub, person: Person, asked: About) -> None:
    people = hub.people
    match asked:
        case Kick():
            hub.clients.end(person.who, "A host has sent you out.")
            people.devices.end_all([person.who])
            hub.admission.unlink(person.who)
        case Ban():
            people.ban(person, True)
            hub.reads.changed(person)
            hub.clients.end(person.who, "A host has closed this Hearth to you.")
        case Unban():
            people.ban(person, False)
            hub.reads.changed(person)
        case Mute(seconds=seconds):
            people.update(person, muted=time.time() + seconds if seconds else 0.0)
        case Approve():
            people.update(person, waiting=False)
        case Deny():
            if not person.waiting:
                raise Refused("not_waiting", "They are already in.", 422)
            people.remove(person)
        case Free():
            if person.password is not None or hub.clients.is_here(person.who):
                raise Refused("in_use", "That name is in use.", 409)
            hub.reads.changed(person)
            people.remove(person)
        case ClearStatus():
            hub.attendance.set_status(person.who, None)
        case Host(off=off):
            people.set_host(person, not off)


def _about(asked: OfRooms) -> str:
    match asked:
        case CloseIt(off=off):
            return "opened again" if off else "closed"
        case SlowIt(seconds=seconds):
            return f"{seconds} s"
        case EraseIt(of=of):
            return f"message {of}"


async def _in_room(hub: Hub, author: Author, asked: OfRooms) -> None:
    name = room_name(asked.room)
    room = await hub.rooms.find_existing(name, author.who)
    if room is None:
        raise Refused("no_such_room", "There is no such room.", 404)
    command: Writing
    match asked:
        case EraseIt(of=of):
            command = Erase(room=name, of=of)
        case CloseIt(off=off):
            command = Close(room=name, off=off)
        case SlowIt(seconds=seconds):
            command = Slow(room=name, seconds=seconds)
    await hub.change_room(room, author, command)


def _admission(hub: Hub, asked: Deed) -> dict[str, Any]:
    match asked:
        case SetMode(mode=mode):
            hub.admission.set_mode(mode)
            for person in hub.people.all():
                if not may_stay(hub, person):
                    hub.clients.end(person.who, "Only people with an account can be here now.")
            return {"code": hub.admission.code}
        case SetName(text=text):
            hub.admission.set_name(text)
            hub.renamed_to(hub.admission.own_name)
            hub.clients.tell_all(msgspec.json.encode({"do": "hub", "name": hub.admission.name}))
            return {}
        case Code(end=end):
            code = hub.admission.new_code()
            if end:
                out = [person for person in hub.people.everybody() if not person.host]
                for person in out:
                    hub.clients.end(person.who, "The code has changed.")
                hub.people.devices.end_all(person.who for person in out)
                hub.admission.unlink(*(person.who for person in out))
            return {"code": code}
        case Invite(count=count):
            return {"invite": hub.admission.invite(count)}
        case Withdraw(invitation=invitation):
            hub.admission.withdraw(invitation)
            return {}
    raise AssertionError(asked)


async def panel(hub: Hub, author: Author) -> public.Panel:
    """What a host is shown. Raises Refused (403)."""
    check_host(author)
    await hub.rooms.all_known()
    places = hub.rooms.latest_to(None, LISTED)  # a host sees no hidden room for being one
    rooms = (hub.rooms.shown(name) for _, name in places)
    devices = hub.people.devices.by_person()
    return public.Panel(
        hub.admission.mode,
        hub.admission.code,
        [public.member(hub, x, devices.get(x.who, [])) for x in hub.people.all()],
        returning.requests_for_hosts(hub),
        [public.hosted_room(room) for room in rooms if room is not None],
        list(hub.audit.last),
        [public.Invite(x.id, x.made, x.left) for x in hub.admission.invitations()],
    )
