"""One's own account: name, password, devices, tokens for programs. Knows no HTTP.

What is changed is on stable storage before it is answered. Each function takes the token of
whoever asks, and raises Refused: 401 for nobody, 403 for a program's token, 429 for too often.
"""

from __future__ import annotations

import time
from typing import Final

from msgspec import Struct

from hub import public
from hub.access.devices import MOST_DEVICES
from hub.access.preferences import Patch
from hub.access.statuses import Status
from hub.errors import Refused
from hub.hub import Hub
from hub.identity import person_of
from hub.names import shows
from hub.protocol import events
from hub.validation import check_status

LONGEST_STATUS: Final = 366 * 86400.0
"""Seconds that a status may last, if it ends at all."""
MOST_FOUND: Final = 20
"""Most people that are found for one search."""


class Claimed(public.Named):
    account: bool


class NewToken(Struct):
    """A token for a program, which is told this once; `id` is its device's."""

    id: str
    token: str


def preferences(hub: Hub, token: str | None) -> Patch:
    """What the person set for themself."""
    return hub.preferences.of(person_of(hub, token, own=True).who)


async def change_preferences(hub: Hub, token: str | None, patch: Patch) -> Patch:
    """Apply a merge patch, and tell the person's pages of it; gives all preferences.

    Raises Refused (422) where too much would be kept.
    """
    person = person_of(hub, token, own=True)
    who = person.who
    hub.limits.check_preferences(who)
    hub.preferences.change(who, patch)
    if "reads" in patch:
        hub.reads.changed(person)
    if "last_here" in patch:
        hub.attendance.last_shown(who)
    told = events.encode({"do": "preferences", "patch": patch})
    for client in hub.clients.of(who):
        client.put(told)
    await hub.kept()
    return hub.preferences.of(who)


async def set_status(hub: Hub, token: str | None, status: Status | None) -> None:
    """Say something of oneself in place of what one said before, or nothing any more.

    Raises Refused (422) for what cannot be said, and for a time that is over or far away.
    """
    who = person_of(hub, token, own=True).who
    if status is not None:
        check_status(status.text, status.emoji)
        if status.until and not time.time() < status.until < time.time() + LONGEST_STATUS:
            raise Refused("status_invalid", "A status ends later today, or within a year.", 422)
    hub.limits.check_change(who)
    hub.attendance.set_status(who, None if status == Status() else status)
    await hub.kept()


async def claim(hub: Hub, token: str | None, address: str, password: str) -> Claimed:
    """Give a name its first password. Raises Refused (409) where it has one."""
    person = person_of(hub, token, own=True)
    if person.password is not None:
        raise _claimed()
    kept = await hub.checker.keep(password, address)
    if person.password is not None:
        raise _claimed()
    hub.people.update(person, password=kept)
    hub.audit.add(person.name, "claim", whom=person.who)
    await hub.kept()
    return Claimed(person.who, person.name, True)


async def change_password(hub: Hub, token: str | None, address: str, old: str, new: str) -> None:
    """Log out all other browsers and end all links; programs' tokens stay."""
    person = person_of(hub, token, own=True)
    if person.password is None:
        raise Refused("no_password", "This name has no password yet.", 409)
    with hub.admission.tries.one(person.who):
        if not await hub.checker.check(old, person.password, address):
            raise Refused("login_wrong", "The old password is not right.", 401)
        hub.limits.check_change(person.who)
    hub.people.update(person, password=await hub.checker.keep(new, address))
    for device in hub.people.devices.end_browsers(person.who, but=token or ""):
        hub.clients.end(person.who, "The password was changed. Log in with the new one.", device)
    hub.admission.unlink(person.who)
    hub.audit.add(person.name, "password", whom=person.who)
    await hub.kept()


async def rename(hub: Hub, token: str | None, name: str) -> public.Named:
    """Take another name. Raises Refused: 409 where it is somebody's, 422 for what is no name."""
    person = person_of(hub, token, own=True)
    hub.limits.check_change(person.who)
    before = person.name
    hub.people.rename(person, name)
    hub.audit.add(before, "rename", whom=person.who, name=person.name)
    hub.renamed(person)
    await hub.kept()
    return public.Named(person.who, person.name)


async def devices(hub: Hub, token: str | None) -> list[public.Device]:
    """All devices and tokens; `here` marks the one that asks."""
    person = person_of(hub, token, own=True)
    asking, _ = hub.people.standing(token)
    shown = []
    for device in hub.people.devices.of(person.who):
        shown.append(public.device(device))
        shown[-1].here = asking is not None and device.id == asking.id
    return shown


async def forget_device(hub: Hub, token: str | None, device: str) -> None:
    """End a device by its id, with its live connections. Raises Refused (404)."""
    person = person_of(hub, token, own=True)
    if not hub.people.devices.end_one(person.who, device):
        raise Refused("no_such_device", "There is no such device.", 404)
    hub.clients.end(person.who, "This device was logged out.", device)
    await hub.kept()


async def log_out_everywhere(hub: Hub, token: str | None) -> None:
    """End all devices, tokens for programs and links."""
    person = person_of(hub, token, own=True)
    hub.people.devices.end_all([person.who])
    hub.admission.unlink(person.who)
    hub.clients.end(person.who, "You have logged out everywhere.")
    hub.audit.add(person.name, "everywhere", whom=person.who)
    await hub.kept()


async def make_link(hub: Hub, token: str | None) -> str:
    """A one-use text that brings in one more device: see Admission.link."""
    person = person_of(hub, token, own=True)
    hub.limits.check_change(person.who)
    return hub.admission.link(person.who)


async def make_token(hub: Hub, token: str | None, purpose: str) -> NewToken:
    """A token for a program. Raises Refused: 409 for too many, 422 for no purpose."""
    person = person_of(hub, token, own=True)
    if not shows(purpose):
        raise Refused("invalid", "Say what the token is for, in letters that show.", 422)
    hub.limits.check_change(person.who)
    if len(hub.people.devices.of(person.who)) >= MOST_DEVICES:
        raise Refused("too_many", "End a device or token that you no longer use first.", 409)
    device, made = hub.people.add_device(person, purpose=purpose)
    hub.audit.add(person.name, "token", whom=person.who, text=purpose)
    await hub.kept()
    return NewToken(device.id, made)


async def find_people(hub: Hub, token: str | None, like: str) -> list[public.Found]:
    """People whose name holds `like`, those who are here first. A program may ask this too."""
    person_of(hub, token)
    found = [x for x in hub.people.like(like.strip()) if not x.waiting]
    found.sort(key=lambda x: not hub.clients.is_here(x.who))
    return [public.Found(x.who, x.name, hub.clients.is_here(x.who)) for x in found[:MOST_FOUND]]


def _claimed() -> Refused:
    return Refused("claimed", "This name has a password. Change it instead.", 409)
