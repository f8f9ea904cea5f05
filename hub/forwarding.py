"""Sends a message on to another room, with where it came from. The hub alone copies its text and
its files.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from hub.errors import Refused
from hub.hub import Hub
from hub.permissions import check_muted, no_such_room
from hub.protocol.commands import Issued
from hub.protocol.events import Event
from hub.protocol.origin import Origin
from hub.room import Room
from hub.room_rules import Author, hidden
from hub.room_view import shown_blocks


async def forward(
    hub: Hub, author: Author, source: str, n: int, to: str, key: str | None
) -> tuple[bytes, bool]:
    """Say in room `to` what message `n` of room `source` says now; both names are canonical.

    Gives the saved line, and whether it is new. Raises Refused: 404 where the author may not see
    the message or it is gone, 410 where it had nothing but files and these are, and as Hub.post
    does.
    """
    room = await hub.rooms.find_existing(source, author.who)
    if room is None:
        raise no_such_room()
    event = _shown(room, n)
    if event is None:
        raise Refused("no_such_message", "That message is not there any more.", 404)
    origin = event.fwd or Origin(event.by, event.at, event.who, room.name, n)
    if origin.room and hidden(origin.room) and origin.room != to:
        origin = replace(origin, room=None, n=None)  # whoever reads it there may not know of it
    command = Issued(room=to, text=event.text or "", key=key, fwd=origin)
    if n not in room.index.files:
        if event.files and not event.text:
            raise Refused("files_expired", "What was in this message has expired.", 410)
        return await hub.post(to, author, command)
    other = await hub.rooms.find(to, author.who)
    try:
        check_muted(hub.people, author.who)
        if not other.has_key(author, key):
            other.permissions.check(command, author)
            command.files = await hub.attachments.copies(room, n, to, author)
    except Refused:
        hub.rooms.let_go(other)
        raise
    copies, new = command.files or (), False
    try:
        line, new = await hub.post(to, author, command)
    finally:
        if not new:
            hub.attachments.discard_all(to, copies)
    return line, new


def _shown(room: Room, n: int) -> Event | None:
    """The message with its newest text; None where there is none."""
    if n < 1 or n in room.index.erased:
        return None
    try:
        line = b"".join(shown_blocks(room.history, room.index, n, n))
        event = msgspec.json.decode(line, type=Event) if line else None
    except (OSError, ValueError):
        return None
    return event if event is not None and event.do == "say" else None
