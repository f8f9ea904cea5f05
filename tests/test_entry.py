import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub import entry
from hub.config import Settings
from hub.errors import Refused
from hub.folder import Folder
from hub.hub import Hub

FREE = replace(Settings(), message_rate=0)

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
            entry.stranger(hub, "naor")
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
        token = entry.redeem(hub, ticket, None)
        device = hub.people.device(token)
        assert device is not None
        assert device.host
        for wrong in (ticket, "", "x"):
            with pytest.raises(Refused) as refused:
                entry.redeem(hub, wrong, None)
            assert refused.value.status == 403

    run(test)


def test_a_ticket_puts_a_hosts_device_in_charge_again_and_nobody_elses(run: Run) -> None:
    async def test(hub: Hub) -> None:
        person, token = hub.people.enter("naor")
        assert entry.redeem(hub, hub.admission.ticket(), token) != token
        assert not person.host, "whoever's session the browser bears"
        hub.people.make_host(token)
        assert entry.redeem(hub, hub.admission.ticket(), token) == token
        assert entry.redeem(hub, hub.admission.ticket(), "unknown") != "unknown"

    run(test)
