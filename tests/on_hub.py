"""A Hub without a server, and those who ask it: for tests of what is decided without HTTP."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from hub import catalog, entry, public
from hub.access.people import Person
from hub.access.rate_limit import RateLimit
from hub.config import Settings
from hub.errors import Refused
from hub.folder import Folder
from hub.hub import Hub
from hub.identity import Asker
from hub.net.own_names import OwnNames
from hub.net.reach import Reach
from hub.store import disk
from tests.ledgers import kept_in

T = TypeVar("T")

UNLIMITED = replace(Settings(), message_rate=0)
PASSWORD = "correct horse"
REACH = Reach(OwnNames(), 5000, "::")

Work = Callable[[Hub, Person, str], Awaitable[object]]
"""What is asked of a hub by a person, who has an account, and the token of their browser."""
RunOnHub = Callable[..., None]
"""Runs a coroutine function with a Hub on the test's folder; again, after a restart."""


def run_on(path: Path) -> RunOnHub:
    def run(
        test: Callable[[Hub], Coroutine[Any, Any, None]], settings: Settings = UNLIMITED
    ) -> None:
        async def main() -> None:
            hub = Hub(Folder.open(path), settings)
            try:
                await test(hub)
            finally:
                await hub.stop()
                hub.close()

        asyncio.run(main())

    return run


def asker(token: str | None = None, address: str = "127.0.0.1", agent: str = "A browser") -> Asker:
    return Asker(token, address, agent, "127.0.0.1:5000", address)


async def enter(hub: Hub, name: str, token: str | None = None, **claims: Any) -> tuple[Person, str]:
    """Come in as a browser does; gives the person and the token."""
    return await entry.enter(hub, asker(token), entry.Claims(name, **claims), REACH)


async def account(hub: Hub, name: str) -> tuple[Person, str]:
    return await enter(hub, name, password=PASSWORD)


async def enter_as_host(hub: Hub, name: str = "anna") -> tuple[Person, str]:
    token = await entry.redeem_ticket(hub, asker(), hub.admission.ticket())
    return await enter(hub, name, token)


async def refusal(work: Awaitable[object]) -> tuple[int, str]:
    """The status and code with which something is refused."""
    with pytest.raises(Refused) as refused:
        await work
    return refused.value.status, refused.value.code


def is_on_disk(hub: Hub) -> bool:
    """Whether all that is known of people and their devices is on stable storage."""
    known = {key: json.loads(value) for key, value in hub.keys.items("")}
    return kept_in(hub.folder.ledger_file) == known


def fill_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing can be saved."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "pwrite", full)


def late_to_know_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a start learns only after a while of the rooms that are there."""
    look = catalog.look

    def look_later(*given: Any) -> catalog.Known:
        time.sleep(0.3)
        return look(*given)

    monkeypatch.setattr(catalog, "look", look_later)


async def check_kept(hub: Hub, work: Work) -> None:
    """Nothing is answered before it is on disk."""
    person, token = await account(hub, "naor")
    await work(hub, person, token)
    assert is_on_disk(hub)


async def check_refused_unkept(hub: Hub, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be kept is refused."""
    person, token = await account(hub, "naor")
    with monkeypatch.context() as patched:
        fill_disk(patched)
        assert (await refusal(work(hub, person, token)))[0] == 507


def notices_to_hosts(hub: Hub) -> list[None]:
    """Grows by one each time that hosts are told that their panel is out of date."""
    told: list[None] = []
    hub.clients.tell_hosts = lambda: told.append(None)  # type: ignore[method-assign]
    return told


def limit_changes(hub: Hub, rate_limit: RateLimit) -> None:
    """Limit how often a person may change their account."""
    hub.limits.changes = rate_limit


def name_of(hub: Hub, token: str) -> str | None:
    """As whom the bearer of a token is known."""
    person = public.me(hub, token).person
    return person and person.name
