import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub import entry, identity
from hub.config import Settings
from hub.errors import Refused
from hub.folder import Folder
from hub.hub import Hub

FREE = replace(Settings(), message_rate=0)


def asker(token: str | None = None, address: str = "192.0.2.7") -> identity.Asker:
    return identity.Asker(token, address, "A browser", "127.0.0.1:5000", address)


Run = Callable[..., None]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(test: Callable[[Hub], Coroutine[Any, Any, None]], settings: Settings = FREE) -> None:
        async def main() -> None:
            hub = Hub(Folder.open(tmp_path / "rooms"), settings)
            try:
                await test(hub)
            finally:
                await hub.stop()

        asyncio.run(main())

    return run


def test_the_code_of_the_hub(run: Run) -> None:
    async def test(hub: Hub) -> None:
        entry.check_newcomer(hub, "sesame", "1.1.1.1")
        for code, expected in ((None, "code_needed"), ("", "code_needed"), ("x", "code_wrong")):
            with pytest.raises(Refused) as refused:
                entry.check_newcomer(hub, code, "1.1.1.1")
            assert refused.value.code == expected
            assert refused.value.status == 401
        with pytest.raises(Refused, match="join"):
            identity.stranger(hub, "naor")
        seen = set()
        for _ in range(6):
            with pytest.raises(Refused) as refused:
                entry.check_newcomer(hub, "x", "2.2.2.2")
            seen.add(refused.value.status)
        assert seen == {401, 429}
        entry.check_newcomer(hub, "sesame", "1.1.1.1")

    run(test, replace(FREE, hub_code="sesame"))


def test_a_hub_for_accounts_only(run: Run) -> None:
    async def test(hub: Hub) -> None:
        with pytest.raises(Refused) as refused:
            entry.check_newcomer(hub, None, "1.1.1.1")
        assert refused.value.code == "login_needed"

    run(test, replace(FREE, accounts="login"))


def test_a_ticket_works_once(run: Run) -> None:
    async def test(hub: Hub) -> None:
        ticket = hub.admission.ticket()
        token = await entry.redeem_ticket(hub, asker(None), ticket)
        device = hub.people.device(token)
        assert device is not None
        assert device.host
        for wrong in (ticket, "", "x"):
            with pytest.raises(Refused) as refused:
                await entry.redeem_ticket(hub, asker(None), wrong)
            assert refused.value.status == 403

    run(test)


def test_a_ticket_puts_a_hosts_device_in_charge_again_and_nobody_elses(run: Run) -> None:
    async def test(hub: Hub) -> None:
        person, token = hub.people.enter("naor")
        assert await entry.redeem_ticket(hub, asker(token), hub.admission.ticket()) != token
        assert not person.host, "whoever's session the browser bears"
        hub.people.make_host(token)
        assert await entry.redeem_ticket(hub, asker(token), hub.admission.ticket()) == token
        assert await entry.redeem_ticket(hub, asker("unknown"), hub.admission.ticket()) != "unknown"

    run(test)
