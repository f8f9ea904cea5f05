"""One live connection: reads commands, gives them to the hub, hands events to the socket."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any, Final

from hub import entry, returning
from hub.access.people import Person
from hub.activity import read_state, seen_line
from hub.errors import OURS, STOPPING, Refused
from hub.hub import Hub
from hub.identity import Asker
from hub.names import room_name
from hub.outbox import SECONDS, Outbox
from hub.permissions import no_such_room
from hub.protocol import commands, events
from hub.protocol.commands import AnyCommand, Hello, InRoom, Join, Leave, Seen, Typing, Writing
from hub.room import Room
from hub.room_rules import Author, hidden
from hub.web.guard import Receive, Scope, Send, session_token
from hub.web.wire.websocket import Socket

log = logging.getLogger(__name__)

HELLO_SECONDS: Final = 5.0
"""How long a client has to say who it is."""
BEHIND: Final = 250
"""How many commands may wait here while a large room is opened; more wait with their sender."""
ROOMS: Final = 1000
"""How many rooms one connection may join."""
FAULTS: Final = 100
"""After so many malformed commands a connection is ended."""


class Live:
    """The ASGI application behind `/api/live`."""

    def __init__(self, hub: Hub, cookie: str) -> None:
        self._hub = hub
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = session_token(scope["headers"], self._cookie)
        headers = dict(scope["headers"])
        agent, host = (headers.get(x, b"").decode("latin-1") for x in (b"user-agent", b"host"))
        await send({"type": "websocket.accept"})
        scope["extensions"]["hearth.socket"](
            lambda socket: Session(
                self._hub, socket, Asker(token, socket.address, agent, host, socket.address)
            )
        )


class Session:
    """`asker` is who opened the connection, with the token of the browser's cookie."""

    def __init__(self, hub: Hub, socket: Socket, asker: Asker) -> None:
        self._hub = hub
        self._socket = socket
        self._asker = asker
        self._person: Person | None = None
        self.device: str | None = None
        self._bot = False
        self._loop = asyncio.get_running_loop()
        self._outbox = Outbox(socket.write, self._too_slow)
        self._room_for_more = asyncio.Event()
        self._joins: dict[str, _Replay | None] = {}  # None once all was replayed
        self._waiting: deque[bytes] | None = None  # commands behind one that has to wait
        self._faults = 0
        self._ended = False
        self._hello_timer = self._loop.call_later(
            HELLO_SECONDS, self._end, 1008, "Say hello first."
        )
        self.put: Callable[[bytes], None] = self._outbox.put

    @property
    def person(self) -> Person:
        assert self._person is not None
        return self._person

    @property
    def joined(self) -> AbstractSet[str]:
        return self._joins.keys()

    @property
    def author(self) -> Author:
        return self._hub.author(self.person, bot=self._bot, address=self._socket.address)

    # -- what the connection tells ---------------------------------------------------------

    def received(self, text: bytes) -> Iterator[float]:
        for line in text.split(b"\n"):
            while self._waiting is not None and len(self._waiting) >= BEHIND and not self._ended:
                self._socket.rest()
                yield 0
            if self._ended:
                return
            self._receive(line)
            yield 1

    def _receive(self, line: bytes) -> None:
        if self._waiting is not None:
            self._waiting.append(line)
        elif line.strip() and not self._ended:
            self._take(line)

    def _go_on(self) -> None:
        """Take what has waited."""
        waiting, self._waiting = self._waiting, None
        for line in waiting or ():
            self._receive(line)

    def binary(self, data: bytes) -> None:
        self._end(1003, "Only text is understood here.")

    def full(self) -> None:
        self._room_for_more.clear()
        self._outbox.pause()

    def drained(self) -> None:
        self._outbox.resume()
        if not self._outbox.paused:
            self._room_for_more.set()

    def gone(self) -> None:
        """The connection has ended."""
        self._ended = True
        self._hello_timer.cancel()
        self._outbox.close()
        if self._person is not None:
            for name in list(self._joins):
                self._leave(name)
            self._hub.clients.remove(self)

    def end(self, reason: str) -> None:
        self._end(1008, reason)

    def _end(self, code: int, reason: str) -> None:
        """Close, and take nothing more of what is there already."""
        self._ended = True
        self._socket.end(code, reason)

    def part(self, room: Room) -> None:
        self._leave(room.name)

    # -- commands --------------------------------------------------------------------------

    def _take(self, line: bytes) -> None:
        command: AnyCommand | None = None
        try:
            command = commands.decode(line)
            if command is None:
                return
            if self._person is None:
                self._hello(command)
            elif isinstance(command, InRoom):
                room = self._open(command.room, line)
                if room is not None:
                    try:
                        self._in_room(room, command)
                    finally:
                        self._hub.rooms.let_go(room)
        except Refused as why:
            if why.code != STOPPING:  # the client hears 1001, and asks again when it is back
                self._refuse(why, command, line)
        except Exception:
            log.exception("a command failed")
            self.refused(OURS, *commands.labels(line))

    def _hello(self, command: AnyCommand) -> None:
        if not isinstance(command, Hello):
            self._socket.write(_refusal(Refused("hello_first", "Say hello first.", 401)))
            self._end(1008, "Say hello first.")
            return
        greeting = entry.greet(self._hub, self._asker, command.name, command.code, command.token)
        person, token, device, new = greeting
        self._hello_timer.cancel()
        self._person = person
        self.device, self._bot = device.id, device.purpose is not None
        self._hub.clients.add(self)
        welcome: dict[str, Any] = {"do": "welcome", "name": person.name, "who": person.who}
        if token != self._asker.token:
            welcome["token"] = token
        welcome["instance"] = self._hub.instance
        welcome["read"] = person.read
        if new:
            self._waiting = deque()
            told = [events.encode(welcome)]
            self.put = told.append  # what is told meanwhile comes after it
            self._loop.create_task(self._when_kept(told))
        else:
            self.put(events.encode(welcome))
            if not self._bot and self._hub.admission.returns.waiting(person.who):
                self.put(returning.requests_event(self._hub, person.who))

    async def _when_kept(self, told: list[bytes]) -> None:
        """Welcome somebody new once their token outlives a crash.

        Without it they could not say again, as the same person, what they do not know saved.
        """
        try:
            await self._hub.people_kept()
        except Refused:
            pass  # they may talk all the same, and the log tells
        self.put = self._outbox.put
        for text in told:
            self.put(text)
        self._go_on()

    def _open(self, name: str, line: bytes) -> Room | None:
        """The room, or None while its file is read: what comes meanwhile waits its turn."""
        name = room_name(name)
        room = self._hub.rooms.find_at_once(name, self.person.who)
        if room is None:
            self._waiting = deque([line])
            self._loop.create_task(self._when_open(name))
        return room

    async def _when_open(self, name: str) -> None:
        refused = None
        try:
            await self._hub.rooms.room(name)
        except Refused as why:
            refused = no_such_room() if hidden(name) else why
        except Exception:
            log.exception("a room could not be opened")
            refused = OURS
        if refused is not None and self._waiting:
            self.refused(refused, *commands.labels(self._waiting.popleft()))
        self._go_on()

    def _in_room(self, room: Room, command: InRoom) -> None:
        match command:
            case Join(after=after):
                self._join(room, after)
            case Leave():
                self._leave(room.name)
            case Typing():
                self._typing(room)
            case Seen(n=n):
                if self._hub.people.read_up_to(self.person, room.name, min(n, room.last)):
                    self._hub.clients.tell_others(self, seen_line(room, self.person))
            case _:
                assert isinstance(command, Writing)
                self._hub.take(room, self.author, command, _Told(self, room, command.key))

    def _join(self, room: Room, after: int | None) -> None:
        """Send what the client has missed, then let it hear what comes, with no gap between."""
        if room.name not in self._joins and len(self._joins) >= ROOMS:
            raise Refused("too_many_rooms", f"One connection can join {ROOMS} rooms.", 429)
        owed = self._stop_replay(room.name)
        room.leave(self)
        if after is None or after >= room.last:
            self._joined(room)
            self._bring(room, owed)
        else:
            replay = self._joins[room.name] = _Replay(after, owed)
            replay.task = self._loop.create_task(self._replay(room, replay))

    async def _replay(self, room: Room, replay: _Replay) -> None:
        try:
            while replay.sent < room.last:
                last = room.last
                blocks = room.history.blocks(replay.sent + 1, last)
                while True:
                    while self._outbox.paused:  # before a block is read: it would be held
                        async with asyncio.timeout(SECONDS):  # wait_for may miss a cancellation
                            await self._room_for_more.wait()
                    if not (block := next(blocks, b"")):
                        break
                    self.put(block[:-1])
                    with contextlib.suppress(ValueError):  # another program changed the file
                        replay.sent = room.number(block[block.rfind(b"\n", 0, -1) + 1 :])
                    del block
                replay.sent = last
        except TimeoutError:
            self._too_slow()
        except OSError as error:
            self._unreadable(room, error)
            self._leave(room.name)
        else:
            self._joined(room)
            self._bring(room, replay.missing())

    def _stop_replay(self, name: str) -> list[int]:
        """Be in this room no more; gives what a replay was still to answer."""
        replay = self._joins.pop(name, None)
        if replay is None:
            return []
        if replay.task is not None:
            replay.task.cancel()
        return replay.missing()

    def _bring(self, room: Room, numbers: Iterable[int]) -> None:
        """Send these events as answers."""
        try:
            for n in numbers:
                line = room.history.line(n)
                if line is not None:
                    self.put(line[:-1])
        except Refused as why:
            self.refused(why, None, room.name)

    def _unreadable(self, room: Room, error: OSError) -> None:
        why = f"The history cannot be read: {error.strerror}."
        self.refused(Refused("room_closed", why, 503), None, room.name)

    def _joined(self, room: Room) -> None:
        self._joins[room.name] = None
        _, unread = read_state(room, self.person)
        joined: dict[str, Any] = {
            "do": "joined", "room": room.name, "last": room.last,
            "said": room.unread.said, "unread": unread,
        }  # fmt: skip
        if room.rules.topic:
            joined["topic"] = room.rules.topic
        if room.pins:
            joined["pinned"] = list(room.pins)
        self.put(events.encode(joined))
        room.join(self)

    def _leave(self, name: str) -> None:
        if name in self._joins:
            owed = self._stop_replay(name)
            room = self._hub.rooms.open(name)
            if room is not None:
                if not self._ended:
                    self._bring(room, owed)
                room.leave(self)
                self._hub.rooms.let_go(room)

    def _typing(self, room: Room) -> None:
        if self in room.listeners and self._hub.limits.may_tell_typing(self.person.who, room.name):
            room.typing(self)

    def answer(self, room: Room, line: bytes, heard: bool) -> None:
        """Send an event as the answer to a command; `heard` says that all in the room just were.

        In the room it comes once and in its order: what is handed out, or is still to be
        replayed, is the answer, and nothing comes between the lines of a replay.
        """
        replay = self._joins.get(room.name)
        if replay is not None:
            replay.owed.add(room.number(line))
        elif not heard or room.name not in self._joins:
            self.put(line[:-1])

    # -- refusals --------------------------------------------------------------------------

    def _refuse(self, why: Refused, command: AnyCommand | None, line: bytes) -> None:
        self.refused(why, *commands.labels(line))
        if command is None:
            self._faults += 1
            if self._faults >= FAULTS or self._person is None:
                self._end(1008, "That is not how to talk to a hub.")
        elif isinstance(command, Hello) and why.status in (401, 403):
            self._end(1008, why.message)

    def refused(self, why: Refused, key: str | None, room: str | None) -> None:
        self.put(_refusal(why, key, room))

    def _too_slow(self) -> None:
        self._end(1013, "Too far behind: come back with after.")


class _Replay:
    """What one client missed in a room: from `after` on, and `sent` up to where.

    `owed` are the numbers of events that it waits for as answers.
    """

    __slots__ = ("after", "owed", "sent", "task")

    def __init__(self, after: int, owed: Iterable[int]) -> None:
        self.after = self.sent = after
        self.owed = set(owed)
        self.task: asyncio.Task[None] | None = None

    def missing(self) -> list[int]:
        """The answers that it has not brought, in order."""
        return sorted(n for n in self.owed if not self.after < n <= self.sent)


class _Told:
    """Tells one client how its command ended: its own event is the acknowledgement."""

    def __init__(self, session: Session, room: Room, key: str | None) -> None:
        self._session = session
        self._room = room
        self._key = key

    def saved(self, line: bytes, new: bool, heard: bool) -> None:
        self._session.answer(self._room, line, heard)

    def refused(self, why: Refused) -> None:
        self._session.refused(why, self._key, self._room.name)


def _refusal(why: Refused, key: str | None = None, room: str | None = None) -> bytes:
    told = {"do": "refused", "key": key, "room": room, **why.body()}
    return events.encode({name: value for name, value in told.items() if value is not None})
