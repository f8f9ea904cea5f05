import asyncio
import errno
import json
import os
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub import limits, snapshot_keeper
from hub.config import Settings
from hub.drafts import Outcome
from hub.errors import Refused
from hub.folder import Folder
from hub.hub import Hub
from hub.protocol.commands import Invite, Remove, Say
from hub.room_rules import Author
from hub.store import disk
from hub.store.journal import NAMES, Group, groups_of
from tests.ledgers import put
from tests.on_hub import refusal
from tests.windows import has_mode

NAOR = Author("naor", "p_1")
FREE = replace(Settings(), message_rate=0)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.open(tmp_path / "rooms")


Run = Callable[..., None]


@pytest.fixture
def run(folder: Folder) -> Run:
    def run(test: Callable[[Hub], Coroutine[Any, Any, None]], settings: Settings = FREE) -> None:
        async def main() -> None:
            hub = Hub(folder, settings)
            try:
                await test(hub)
            finally:
                await hub.stop()

        asyncio.run(main())

    return run


async def say(hub: Hub, room: str = "a", text: str = "x", author: Author = NAOR) -> Any:
    line, _ = await hub.post(room, author, Say(room=room, text=text))
    return json.loads(line)


def test_a_room_that_may_not_be_made_is_let_go(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NEW_ROOM_BURST", 1)

    async def test(hub: Hub) -> None:
        naor, _ = hub.people.enter("naor")
        others = [hub.people.enter(name)[0] for name in ("mira", "lena")]
        made = await hub.direct(hub.author(naor), others[0].who)
        with pytest.raises(Refused, match="too fast"):
            await hub.direct(hub.author(naor), others[1].who)
        assert list(hub.rooms) == [made]

    run(test, Settings())


def test_an_author_who_is_too_fast_is_told_when_to_go_on(run: Run) -> None:
    async def test(hub: Hub) -> None:
        hub.limits.messages._clock = lambda: 1000.0  # a slow disk would earn another message
        for _ in range(4):
            await say(hub)
        with pytest.raises(Refused) as refused:
            await say(hub)
        assert refused.value.status == 429
        assert refused.value.retry_after is not None
        assert 0 < refused.value.retry_after <= 0.6
        await say(hub, author=Author("anna", "p_2"))

    run(test, replace(Settings(), message_rate=2))


def test_unverified_names_of_one_address_share_a_rate(run: Run) -> None:
    async def test(hub: Hub) -> None:
        hub.limits.messages._clock = hub.limits.unverified._clock = lambda: 1000.0
        for n in range(64):
            await say(hub, author=Author(f"guest {n}", address="192.168.1.9"))
        assert await refusal(say(hub, author=Author("late", address="192.168.1.9"))) == (
            429, "too_fast",
        )  # fmt: skip
        await say(hub, author=Author("late", address="192.168.1.10"))

    run(test, replace(Settings(), message_rate=1))


def test_messages_make_rooms_at_a_limited_rate(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NEW_ROOM_BURST", 3)

    async def test(hub: Hub) -> None:
        hub.limits.new_rooms._clock = lambda: 1000.0
        for n in range(3):
            await say(hub, f"room{n}")
            await say(hub, f"room{n}")  # is there by now
        assert await refusal(say(hub, "room3")) == (429, "too_fast")
        assert hub.rooms.get("room3") is None
        await say(hub, "room0")

    run(test, replace(Settings(), message_rate=1000))


def test_a_muted_person_is_refused_before_anything_else(run: Run) -> None:
    async def test(hub: Hub) -> None:
        person, _ = hub.people.enter("naor")
        hub.people.update(person, muted=time.time() + 100)
        author = hub.author(person)
        assert await refusal(say(hub, text="", author=author)) == (403, "muted")
        assert await refusal(hub.make("private", "Plans", author)) == (403, "muted")
        assert await refusal(hub.direct(author, "p_unknown")) == (403, "muted")
        hub.people.update(person, muted=time.time() - 1)
        await say(hub, author=author)

    run(test)


def test_whoever_may_not_do_something_is_not_told_who_exists(run: Run) -> None:
    async def test(hub: Hub) -> None:
        anna, bela = (hub.author(hub.people.enter(name)[0]) for name in ("anna", "bela"))
        room = await hub.make("private", "Plans", anna)
        invite = Invite(room=room.name, whom="p_unknown")
        assert await refusal(hub.change_room(room, bela, invite)) == (403, "not_owner")
        assert await refusal(hub.change_room(room, anna, invite)) == (404, "no_such_person")

    run(test)


def test_a_member_whose_person_was_forgotten_can_be_removed(run: Run) -> None:
    async def test(hub: Hub) -> None:
        people = [hub.people.enter(name)[0] for name in ("anna", "bela")]
        anna = hub.author(people[0])
        room = await hub.make("private", "Plans", anna)
        await hub.change_room(room, anna, Invite(room=room.name, whom=people[1].who))
        hub.people.remove(people[1])
        line = await hub.change_room(room, anna, Remove(room=room.name, whom=people[1].who))
        assert b'"name":"bela"' in line
        assert list(room.rules.members) == [anna.who]

    run(test)


def test_a_room_is_made_by_people_whom_the_hub_knows(run: Run) -> None:
    async def test(hub: Hub) -> None:
        anna = hub.author(hub.people.enter("anna")[0])
        host = anna._replace(host=True)
        for author in (NAOR, Author("guest")):
            assert await refusal(hub.make("private", "Plans", author)) == (403, "unverified")
        assert await refusal(hub.make("private", "", anna)) == (422, "title_invalid")
        for name, author, expected in (
            ("news", anna, (403, "forbidden")),
            (None, host, (422, "room_name")),
            ("private-0123", host, (422, "room_name")),
        ):
            made = hub.make("announcements", "News", author, name)
            assert await refusal(made) == expected
        room = await hub.make("announcements", "News", host, "news")
        assert (room.rules.kind, room.rules.title) == ("announcements", "News")
        assert await refusal(hub.make("announcements", "News", host, "news")) == (409, "room_taken")
        await say(hub, "spoken-in")
        taken = hub.make("announcements", "News", host, "spoken-in")
        assert await refusal(taken) == (409, "room_taken")

    run(test)


def test_rooms_are_made_at_a_limited_rate(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHANGE_BURST", 1)

    async def test(hub: Hub) -> None:
        anna = hub.author(hub.people.enter("anna")[0])
        await hub.make("private", "Plans", anna)
        assert await refusal(hub.make("private", "Plans", anna)) == (429, "too_fast")
        assert await refusal(hub.direct(anna, "p_unknown")) == (429, "too_fast")

    run(test, Settings())


def test_two_people_have_one_room(run: Run) -> None:
    async def test(hub: Hub) -> None:
        anna, bela = (hub.author(hub.people.enter(name)[0]) for name in ("anna", "bela"))
        assert anna.who is not None
        assert bela.who is not None
        one, two = await asyncio.gather(hub.direct(anna, bela.who), hub.direct(bela, anna.who))
        assert one is two is await hub.direct(anna, bela.who)
        assert (one.last, one.rules.members) == (1, {anna.who: "anna", bela.who: "bela"})
        for whom in (anna.who, "p_unknown", ""):
            assert await refusal(hub.direct(anna, whom)) == (404, "no_such_person")

    run(test)


def test_a_room_is_deleted_by_its_owner_while_nobody_writes(folder: Folder, run: Run) -> None:
    async def test(hub: Hub) -> None:
        anna, bela = (hub.author(hub.people.enter(name)[0]) for name in ("anna", "bela"))
        room = await hub.make("private", "Plans", anna)
        assert await refusal(hub.delete(room, bela)) == (403, "not_owner")
        saying = asyncio.create_task(say(hub, room.name, author=anna))
        await asyncio.sleep(0)
        assert await refusal(hub.delete(room, anna)) == (409, "busy")
        await saying
        await hub.delete(room, anna)
        assert not folder.room_file(room.name).exists()
        assert "Plans" not in str(hub.audit.last)
        assert await refusal(say(hub, room.name, author=anna)) == (404, "no_such_room")

    run(test)


def test_what_comes_after_a_stop_is_refused(folder: Folder, run: Run) -> None:
    async def test(hub: Hub) -> None:
        await say(hub)
        await hub.stop()
        async with asyncio.timeout(30):
            assert await refusal(say(hub)) == (503, "stopping")

    async def main() -> None:
        await test(Hub(folder, FREE))

    asyncio.run(main())


def test_a_stop_keeps_what_is_known_of_large_rooms(
    folder: Folder, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def first(hub: Hub) -> None:
        await say(hub)
        await say(hub, "b", "x" * 500)

    async def second(hub: Hub) -> None:
        rooms = [await hub.rooms.room(name) for name in ("a", "b")]
        assert [room.kept for room in rooms] == [0, size]

    monkeypatch.setattr(snapshot_keeper, "LEAST", 500)
    run(first)
    size = folder.room_file("b").stat().st_size
    run(second)


def test_people_outlive_a_restart(folder: Folder, run: Run) -> None:
    tokens: list[str] = []

    async def first(hub: Hub) -> None:
        tokens.append(hub.people.enter("naor")[1])
        await hub.kept()
        assert has_mode(folder.ledger_file, 0o600)

    async def second(hub: Hub) -> None:
        person = hub.people.come_back(tokens[0])
        assert person is not None
        assert person.name == "naor"

    run(first)
    run(second)


@pytest.mark.parametrize("key", ["door", "invitation/1"])
def test_nobody_new_comes_in_while_the_admission_cannot_be_read(
    folder: Folder, run: Run, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    """Nobody can tell whether the hub was open: the host opens it again."""
    put(folder, {key: b'{"mode":"ajar"}'})

    async def test(hub: Hub) -> None:
        assert hub.admission.mode == "login"

    run(test)
    assert "Who may come in" in caplog.text

    async def coded(hub: Hub) -> None:
        assert (hub.admission.mode, hub.admission.code) == ("code", "sesame")

    run(coded, replace(FREE, hub_code="sesame"))

    async def later(hub: Hub) -> None:
        assert hub.admission.mode == "login", "and stays so until a host says otherwise"

    run(later)


def test_of_a_damaged_ledger_the_rest_is_taken_and_the_door_is_shut(
    folder: Folder, run: Run
) -> None:
    tokens: list[str] = []

    async def first(hub: Hub) -> None:
        for name in ("naor", "mira"):
            tokens.append(hub.people.enter(name)[1])
            await hub.kept()

    async def second(hub: Hub) -> None:
        assert hub.people.come_back(tokens[0]) is None
        assert hub.people.come_back(tokens[1]) is not None
        assert hub.admission.mode == "login"
        hub.admission.set_mode("open")

    async def third(hub: Hub) -> None:
        assert hub.people.come_back(tokens[1]) is not None
        assert hub.admission.mode == "open", "a host has opened it"

    run(first)
    damaged = folder.ledger_file.read_bytes().replace(b'"name":"naor"', b'"name":"Naor"')
    folder.ledger_file.write_bytes(damaged)
    run(second)
    run(third)
    assert [x.read_bytes() for x in folder.torn.iterdir()] == [damaged]


def test_names_of_visitors_are_free_after_a_kill(folder: Folder, run: Run) -> None:
    tokens: list[str] = []

    async def first(hub: Hub) -> None:
        tokens.append(hub.people.visit("naor")[1])

    async def second(hub: Hub) -> None:
        hub.people.enter("naor")
        with pytest.raises(Refused):
            hub.people.come_back(tokens[0])

    run(first)
    run(second)


def test_the_ledger_is_written_anew_with_each_look_for_unused_names(
    folder: Folder, run: Run
) -> None:
    """So that what somebody had removed does not stay in the file."""

    async def test(hub: Hub) -> None:
        person, _ = hub.people.enter("naor")
        hub.people.update(person, password="the old one")
        await hub.kept()
        hub.people.update(person, password="the new one")
        await hub.kept()
        assert b"the old one" in folder.ledger_file.read_bytes()
        hub._tidy()
        async with asyncio.timeout(30):
            while b"the old one" in folder.ledger_file.read_bytes():
                await asyncio.sleep(0.01)
        assert b"the new one" in folder.ledger_file.read_bytes()

    run(test)


def test_many_who_are_forgotten_hold_nobody_up(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.access.people.TIDIED", 2)
    monkeypatch.setattr("hub.hub.TIDY_MORE", 0.01)

    async def test(hub: Hub) -> None:
        for n in range(5):
            hub.people.update(hub.people.enter(f"naor {n}")[0], used=0.0)
        hub.people.enter("mira")
        hub._tidy()
        assert len(hub.people.everybody()) == 4, "two at a time"
        async with asyncio.timeout(30):
            while len(hub.people.everybody()) > 1:
                await asyncio.sleep(0.01)

    run(test)


def test_a_full_disk_is_told_where_people_cannot_be_saved(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async def test(hub: Hub) -> None:
        hub.people.enter("naor")
        with monkeypatch.context() as broken:
            broken.setattr(disk, "pwrite", full)
            with pytest.raises(Refused) as refused:
                await hub.kept()
        assert refused.value.status == 507

    run(test)


@pytest.mark.parametrize(
    ("accounts", "code", "mode"), [("open", "sesame", "code"), ("login", "", "login")]
)
def test_what_a_start_sets_ends_with_it(run: Run, accounts: str, code: str, mode: str) -> None:
    async def test(hub: Hub) -> None:
        assert hub.admission.mode == mode

    async def later(hub: Hub) -> None:
        assert hub.admission.mode == "open"

    run(test, replace(FREE, accounts=accounts, hub_code=code))
    run(later)


@pytest.mark.parametrize("given", ["accounts", "hub_code"])
def test_what_a_host_chose_lasts_until_a_start_sets_it(run: Run, given: str) -> None:
    async def choose(hub: Hub) -> None:
        hub.admission.set_mode("code")

    async def still(hub: Hub) -> None:
        assert hub.admission.mode == "code"

    async def test(hub: Hub) -> None:
        assert hub.admission.mode == "open"

    run(choose, replace(FREE, accounts="login"))
    run(still)
    run(still, replace(FREE, hub_code="sesame"))
    run(still)
    run(still, replace(FREE, given=frozenset(["message_rate"])))
    run(test, replace(FREE, given=frozenset([given])))


def test_stop_waits_for_what_was_accepted(folder: Folder, run: Run) -> None:
    async def test(hub: Hub) -> None:
        for n in range(20):
            room = await hub.rooms.room("a")
            room.take(Say(room="a", text=f"{n}"), NAOR, Outcome())

    run(test)
    assert folder.room_file("a").read_bytes().count(b"\n") == 21


# -- the journal ------------------------------------------------------------------------------


def groups(folder: Folder) -> list[Group]:
    return list(groups_of(folder.hub))


def crashed(folder: Folder) -> tuple[bytes, bytes]:
    """A folder in which the last message of room a was taken from its file by a power cut.

    Gives the file as it is, and as it was.
    """

    async def main() -> None:
        hub = Hub(folder, FREE)
        for text in ("first", "last"):
            await say(hub, text=text)
            await say(hub, "b", text)
        kept.extend((x, x.read_bytes()) for x in (folder.hub / name for name in NAMES))
        await hub.stop()

    kept: list[tuple[Path, bytes]] = []
    asyncio.run(main())
    assert groups(folder) == [], "an orderly stop leaves an empty journal"
    for path, data in kept:
        path.write_bytes(data)
    assert len(groups(folder)) == 4
    file = folder.room_file("a")
    whole = file.read_bytes()
    file.write_bytes(whole[: whole.index(b'{"room":"a","n":2,')])
    return file.read_bytes(), whole


def test_after_a_crash_the_journal_has_what_a_file_lacks(run: Run, folder: Folder) -> None:
    _, whole = crashed(folder)

    async def test(hub: Hub) -> None:
        assert groups(folder) == []
        room = await hub.rooms.room("a")
        assert folder.room_file("a").read_bytes() == whole
        assert room.last == 2
        assert (await say(hub))["n"] == 3

    run(test)


def test_a_room_that_cannot_be_given_what_it_lacks_is_closed_and_the_others_go_on(
    run: Run, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, whole = crashed(folder)
    real = disk.pwrite

    def fails(fd: int, data: bytes, at: int) -> None:
        if b'"room":"a"' in data:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        real(fd, data, at)

    async def closed(hub: Hub) -> None:
        assert await refusal(say(hub)) == (503, "room_closed")
        with pytest.raises(Refused, match=r"a.jsonl lacks what was said last.*start Hearth again"):
            await hub.rooms.room("a")
        assert (await say(hub, "b"))["n"] == 3
        await hub.rooms.all_known()
        assert list(hub.rooms.visible_to()) == ["b"]

    with monkeypatch.context() as patch:
        patch.setattr(disk, "pwrite", fails)
        run(closed)
    assert folder.room_file("a").read_bytes() == short
    assert len(groups(folder)) == 4, "what it lacks is still there"

    async def put_right(hub: Hub) -> None:
        assert (await hub.rooms.room("a")).last == 2
        assert (await hub.rooms.room("b")).last == 3

    run(put_right)
    assert folder.room_file("a").read_bytes() == whole


def test_nothing_is_deleted_by_a_hub_that_stops(folder: Folder) -> None:
    async def main() -> None:
        hub = Hub(folder, FREE)
        naor, _ = hub.people.enter("naor")
        author = hub.author(naor)
        room = await hub.make("private", "Ours", author)
        await hub.stop()
        assert await refusal(hub.delete(room, author)) == (503, "stopping")

    asyncio.run(main())
    assert list(folder.path.glob("*.jsonl"))
