import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub import hub as module
from hub import limits
from hub.config import Settings
from hub.errors import Refused
from hub.folder import Folder
from hub.hub import Hub
from hub.protocol.commands import Say
from hub.room_rules import Author
from hub.store import disk

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


def test_a_room_that_was_not_made_is_let_go_of(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NEW_ROOM_BURST", 1)

    async def test(hub: Hub) -> None:
        naor, _ = hub.people.enter("naor")
        others = [hub.people.enter(name)[0] for name in ("mira", "lena")]
        made = await hub.direct(hub.author(naor), others[0].who)
        with pytest.raises(Refused, match="too fast"):
            await hub.direct(hub.author(naor), others[1].who)
        assert list(hub.rooms) == [made]

    run(test, Settings())


def test_who_is_too_fast_is_told_when_to_go_on(run: Run) -> None:
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


def test_people_outlive_a_restart(folder: Folder, run: Run) -> None:
    tokens: list[str] = []

    async def first(hub: Hub) -> None:
        tokens.append(hub.people.enter("naor")[1])
        await hub.people_kept()
        assert folder.people_file.stat().st_mode & 0o777 == 0o600

    async def second(hub: Hub) -> None:
        person = hub.people.come_back(tokens[0])
        assert person is not None
        assert person.name == "naor"

    run(first)
    run(second)


@pytest.mark.parametrize("last", [b'{"mode": "co', b'{"mode": "open"}'])
def test_a_door_that_cannot_be_read_is_shut_to_who_is_new(
    folder: Folder, run: Run, caplog: pytest.LogCaptureFixture, last: bytes
) -> None:
    """Nobody can tell whether it was open: the host opens it again."""
    (folder.hub / "door.json").write_bytes(b'{"mode": "co')
    (folder.hub / "door.last").write_bytes(last)

    async def test(hub: Hub) -> None:
        assert hub.admission.mode == "login"

    run(test)
    assert "Who may come in" in caplog.text
    assert list(folder.hub.glob("door.json.damaged-*"))

    async def coded(hub: Hub) -> None:
        assert (hub.admission.mode, hub.admission.code) == ("code", "sesame")

    run(coded, replace(FREE, hub_code="sesame"))

    async def later(hub: Hub) -> None:
        assert hub.admission.mode == "login", "and stays so until a host says otherwise"

    run(later)


@pytest.mark.parametrize("left", [b"", b"{", b"\0" * 100, b"half"])
def test_a_damaged_people_file_is_kept_aside_and_the_last_good_one_counts(
    folder: Folder, run: Run, left: bytes
) -> None:
    tokens: list[str] = []

    async def first(hub: Hub) -> None:
        tokens.append(hub.people.enter("naor")[1])
        await hub.people_kept()
        await hub.people_kept()

    async def second(hub: Hub) -> None:
        assert hub.people.come_back(tokens[0]) is not None

    run(first)
    data = folder.people_file.read_bytes()
    folder.people_file.write_bytes(data[: len(data) // 2] if left == b"half" else left)
    run(second)
    assert [x for x in folder.hub.iterdir() if ".damaged-" in x.name]


def test_people_that_cannot_be_kept_are_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async def test(hub: Hub) -> None:
        hub.people.enter("naor")
        with monkeypatch.context() as broken:
            broken.setattr(disk, "write_atomically", full)
            with pytest.raises(Refused) as refused:
                await hub.people_kept()
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
            room.take(Say(room="a", text=f"{n}"), NAOR, module._Outcome())

    run(test)
    assert folder.room_file("a").read_bytes().count(b"\n") == 21
