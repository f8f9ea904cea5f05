"""The rooms and people of one hub, on one event loop. Knows no socket and no HTTP."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Final

from hub import permissions
from hub.access.admission import Admission
from hub.access.passwords import Checker
from hub.access.people import People, Person
from hub.access.preferences import AllPreferences
from hub.access.read_marks import ReadMarks
from hub.access.statuses import Statuses
from hub.activity import Activity
from hub.attachments import Attachments
from hub.attendance import Attendance
from hub.audit import Audit
from hub.clients import Client, Clients
from hub.config import Settings
from hub.drafts import Answer, Outcome
from hub.errors import Refused, stopping
from hub.file_expiry import FileExpiry
from hub.file_keeping import FileKeeping
from hub.files.space import Space
from hub.folder import Folder
from hub.limits import Limits
from hub.mention_index import MentionIndex
from hub.mentions import HERE_PEOPLE, is_name, mentions
from hub.names import room_name
from hub.open_ledger import open_ledger, shut
from hub.pause import Pause
from hub.protocol.commands import AnyChange, Edit, Issued, Make, Say, Watch, Writing
from hub.protocol.events import Event
from hub.reads import Reads
from hub.room import Room
from hub.room_rules import PRIVATE, Author, direct_name, hidden
from hub.rooms import Rooms
from hub.store.ledger import Ledger
from hub.store.open_files import Files
from hub.store.replay import open_journal
from hub.store.writer import Writer
from hub.validation import check_title

log = logging.getLogger(__name__)

TIDY_EVERY: Final = 3600.0
"""Seconds between two looks for names that nobody uses any more."""
TIDY_MORE: Final = 1.0
"""Seconds until the next where there are more of them than are freed at a time."""


class Hub:
    """Made on the event loop that owns it from then on, with the folder's lock held.

    `files` limits how many of the rooms' files are open at a time.
    """

    def __init__(self, folder: Folder, settings: Settings, files: Files | None = None) -> None:
        self.folder = folder
        self.settings = settings
        self.instance = secrets.token_hex(8)
        self.secret = secrets.token_urlsafe(24)
        self.raise_window: Callable[[str | None, str], bool] = lambda room, activation: False
        self.notices: Callable[[], list[str]] = list
        self.renamed_to: Callable[[str], object] = lambda name: None
        self.checker = Checker(1.0 if settings.message_rate else 0.0)
        self._loop = asyncio.get_running_loop()
        files = files or Files()
        journal, lacking = open_journal(folder.hub, folder.room_file, folder.torn)
        self._writer = Writer(self._loop, max(1, files.most // 4), journal)
        self.keys, ledger_file = open_ledger(folder)
        self._ledger = Ledger(self.keys, ledger_file, self._writer)
        self.people = People(self.keys)
        self.preferences = AllPreferences(self.keys)
        self.admission = Admission(self.keys)
        self.clients = Clients(self.people)
        self.pause = Pause(self.clients)
        self.meant = MentionIndex(self.keys, self.people, self.clients)
        self._activity = Activity(self.clients, self.meant.count)
        self.reads = Reads(ReadMarks(self.keys, self.preferences), self.people, self.clients)
        self.audit = Audit(folder.audit_file, self._writer)
        self.limits = Limits(settings)
        self._stopping = False
        if self.admission.unread:
            shut(self.admission)
        given = not settings.given.isdisjoint(("accounts", "hub_code"))
        self.admission.follow_settings(settings.accounts, settings.hub_code, given=given)
        self._tidying = self._loop.call_later(TIDY_EVERY, self._tidy)
        self.rooms = Rooms(
            folder, self._writer, settings.message_bytes, self._saved, files, lacking,
            self._activity.holds,
        )  # fmt: skip
        self.attachments = Attachments(
            folder, self.keys,
            Space(folder.files, settings.file_bytes, settings.files_bytes), self.kept,
            self.rooms.let_go,
        )  # fmt: skip
        self._file_keeping = FileKeeping(folder, self.keys, self.rooms, self.attachments)
        self._file_expiry = FileExpiry(
            folder, self.rooms, self.attachments, self._file_keeping.settled
        )
        self.attendance = Attendance(
            self.clients, self.rooms, self.people, Statuses(self.keys), self.preferences
        )

    async def stop(self) -> None:
        """Save what was accepted, then stop; what comes later is refused."""
        self._stopping = True
        self.checker.stop(stopping())
        self.rooms.stop()
        self.attendance.stop()
        self._file_keeping.stop()
        self._file_expiry.stop()
        await self.attachments.stop()
        self._tidying.cancel()
        while any(room.saving or room.telling for room in self.rooms):
            await asyncio.sleep(0.01)
        await self._ledger.end()
        await asyncio.to_thread(self._writer.stop)
        await self.rooms.keep()
        await asyncio.sleep(0)

    def close(self) -> None:
        """Tell nothing any more, and close the rooms' files, once no thread reads them."""
        for telling in (self._activity, self.reads, self.attendance):
            telling.stop()
        for room in self.rooms:
            room.history.close()

    def _tidy(self) -> None:
        more = self.people.tidy(self.clients.is_here)
        if not more:
            self._ledger.compact()
        self._tidying = self._loop.call_later(TIDY_MORE if more else TIDY_EVERY, self._tidy)

    # -- making rooms ----------------------------------------------------------------------

    async def make(self, kind: str, title: str, author: Author, name: str | None = None) -> Room:
        """Make a room of kind "private", or one of "announcements" with the canonical `name`.

        Raises Refused: 403 for an author who may not, 409 where there is such a room, 422 for
        the title or the name, 429.
        """
        check_title(title)
        if kind == "private":
            name = PRIVATE + secrets.token_hex(8)
        else:
            permissions.check_announces(author)
        if name is None or (kind != "private" and hidden(name)):
            raise Refused("room_name", "A room cannot be called that.", 422)
        if self.folder.room_file(name).exists():
            raise Refused("room_taken", f"There is already a room {name}.", 409)
        self._check_makes(author)
        return await self._make(name, Make(room=name, kind=kind, text=title), author)

    async def direct(self, author: Author, whom: str) -> Room:
        """The room of two people, made when one of them first asks for it.

        Raises Refused: 403 for an author who may not, 404 where there is no such person, 429.
        """
        other = self.people.person(whom)
        self._check_makes(author)
        if other is None or whom == author.who:
            raise Refused("no_such_person", "There is nobody like that here.", 404)
        name = direct_name(author.who or "", whom)
        room = await self.rooms.room(name)
        if room.rules.kind == "public" and not room.saving:
            make = Make(room=name, kind="direct", text="", whom=whom)
            return await self._make(name, make, author, other.name)
        return room

    def _check_makes(self, author: Author) -> None:
        permissions.check_makes(self.people, author)
        self.limits.check_change(author.id)

    async def _make(self, name: str, make: Make, author: Author, other: str | None = None) -> Room:
        room = await self.rooms.room(name)
        outcome = Outcome()
        try:
            self.limits.check_new_room(author)
            room.take(make, author, outcome, other)
        except Refused:
            self.rooms.let_go(room)
            raise
        await outcome
        return room

    async def delete(self, room: Room, author: Author) -> None:
        """Delete a private room with all that was said in it.

        Raises Refused: 403 for all but its owner, 409 while something is being saved, 503 where
        the file cannot be removed.
        """
        if self._stopping:
            raise stopping()
        room.permissions.check_deletes(author)
        files, last = room.index.all_files(), room.last
        await self.attachments.doom(room.name, files)
        if room.saving or room.preparing or room.last != last:
            raise Refused("busy", "Somebody is writing in this room. Try again.", 409, 1)
        await self.rooms.delete(room, lambda: self._deleted(room))
        self.attachments.discard_all(room.name)
        await self.attachments.remove(room.name, files)
        self.audit.add(author.name, "delete", room="private")  # hosts do not learn its title

    def _deleted(self, room: Room) -> None:
        self._activity.deleted(room)
        self.meant.deleted(room)

    # -- writing ---------------------------------------------------------------------------

    def take(self, room: Room, author: Author, command: Writing, answer: Answer) -> None:
        """The single way in for everything that is written: saved, broadcast, then answered.

        The author may see the room: it was found for them. Raises Refused where the command
        cannot be done; `answer` is not called then.
        """
        if self._stopping:
            raise stopping()
        permissions.check_muted(self.people, author.who, command)
        self.limits.check_message(author, new_room=not room.last and not room.saving)
        if type(command) is Say or type(command) is Edit:
            self._find_mentions(command, room, author)
        if type(command) is Issued and command.fwd is None:  # words of the author's own
            self._find_mentions(command, room, author)
        whom = getattr(command, "whom", None)
        if whom is None:
            if not self.attachments.take(room, command, author, answer):
                room.take(command, author, answer)
            return
        person = self.people.person(whom)
        name = person.name if person else room.rules.members.get(whom)
        if name is None:
            room.permissions.check(command, author)  # whoever may not do it learns nothing else
            raise Refused("no_such_person", "There is nobody like that here.", 404)
        room.take(command, author, answer, name)

    def _saved(self, room: Room, events: Sequence[Event]) -> None:
        for who in self.meant.saved(room, events):
            self._activity.recount(who, room)
        self._activity.saved(room, events)

    def _find_mentions(self, command: Say | Edit, room: Room, author: Author) -> None:
        """Keep of a message whom it means, and find out whom else: people who may see the room."""
        if "@" not in command.text:
            command.to = None
            return

        def is_called(who: str, name: str) -> bool:
            return self._is_meant(self.people.person(who), name, room)

        def named(name: str) -> str | None:
            person = self.people.named(name)
            return person.who if person and self._is_meant(person, name, room) else None

        here = author.host or room.present <= HERE_PEOPLE
        command.to = mentions(command.text, command.to or {}, is_called, named, here=here) or None

    def _is_meant(self, person: Person | None, name: str, room: Room) -> bool:
        if person is None or person.waiting or not room.permissions.may_see(person.who):
            return False
        return is_name(name, (person.name, *person.former))

    async def post(self, room_name: str, author: Author, command: Writing) -> tuple[bytes, bool]:
        """Write to the room of a canonical name, which is made if need be.

        Gives the saved line, and whether it is new: a repeated key gives the first one's line.
        Raises Refused.
        """
        outcome = Outcome()
        room = await self.rooms.find(room_name, author.who)
        try:
            self.take(room, author, command, outcome)
            return await outcome
        except Refused:
            self.rooms.let_go(room)
            raise

    async def change_room(self, room: Room, author: Author, command: AnyChange) -> bytes:
        """Write to a room that was found for the author; gives the saved line. Raises Refused."""
        outcome = Outcome()
        self.take(room, author, command, outcome)
        return (await outcome)[0]

    def author(self, person: Person, *, bot: bool = False, address: str | None = None) -> Author:
        return Author(person.name, person.who, person.host, bot, address)

    def watch(self, client: Client, command: Watch) -> None:
        """Have a client told of the rooms that it shows as soon as they move. Raises Refused."""
        self._activity.watch(client, frozenset(map(room_name, command.rooms)))

    def seen(self, person: Person, room: Room, n: int, by: Client | None = None) -> None:
        """Keep that a person has read a room up to event `n`, and tell their connections but `by`,
        which says so.
        """
        n = min(n, room.last)
        if n >= person.read.get(room.name, 0):
            further = self.people.read_up_to(person, room.name, n)
            self._activity.seen(person.who, room, by, further=further)
            if further:
                self.reads.moved(room, person.who)

    # -- who is who ------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self.admission.mode == "open"

    def renamed(self, person: Person) -> None:
        """Show the new name of a person in the rooms that they are in."""
        for room in self.rooms:
            room.here.renamed(person.who, person.name)
        self.reads.changed(person)

    async def kept(self) -> None:
        """Wait until people and admission, as they are now, are on stable storage.

        Raises Refused: 507, or 503 at a stop.
        """
        await self._ledger.kept()
