"""A person's connections are found by the person, and told without a look at anybody else's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from hub import clients as module
from hub.access.people import People, Person
from hub.clients import Clients
from tests.fakes import FakeClient

Test = Callable[[People, Clients], Coroutine[Any, Any, None]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[Test], None]:
    monkeypatch.setattr(module, "HOSTS_SECONDS", 0.01)

    def run(test: Test) -> None:
        async def main() -> None:
            people = People()
            await test(people, Clients(people))

        asyncio.run(main())

    return run


Run = Callable[[Test], None]


def test_connections_are_found_by_person(run: Run) -> None:
    async def test(people: People, clients: Clients) -> None:
        naor, anna = (people.enter(name)[0] for name in ("naor", "anna"))
        assert (len(clients), clients.of(naor.who), clients.is_here(naor.who)) == (0, [], False)
        phone, other, laptop = (connect(clients, x) for x in (naor, anna, naor))
        assert clients.of(naor.who) == [phone, laptop]
        assert clients.of(anna.who) == [other]
        assert list(clients) == [phone, other, laptop]
        clients.remove(phone)
        assert clients.of(naor.who) == [laptop]
        assert clients.is_here(naor.who)
        clients.remove(laptop)
        assert not clients.is_here(naor.who)
        assert list(clients) == [other]

    run(test)


def test_nothing_is_kept_of_people_who_have_left(run: Run) -> None:
    async def test(people: People, clients: Clients) -> None:
        for n in range(10):
            clients.remove(connect(clients, people.enter(f"guest {n}")[0]))
        assert (len(clients), len(clients._by_person)) == (0, 0)

    run(test)


def test_a_visitors_name_is_free_once_the_last_connection_has_ended(run: Run) -> None:
    async def test(people: People, clients: Clients) -> None:
        person, _ = people.visit("naor")
        one, two = connect(clients, person), connect(clients, person)
        clients.remove(one)
        assert people.named("naor") is person
        clients.remove(two)
        assert people.named("naor") is None

    run(test)


def test_a_person_or_one_device_is_ended(run: Run) -> None:
    async def test(people: People, clients: Clients) -> None:
        naor, anna = (people.enter(name)[0] for name in ("naor", "anna"))

        class Ending(FakeClient):
            """Is gone at once when it is ended."""

            def end(self, reason: str) -> None:
                super().end(reason)
                clients.remove(self)

        devices = ((naor, "d_1"), (naor, "d_1"), (naor, "d_2"), (anna, "d_1"))
        phone, tab, laptop, other = (Ending(*x) for x in devices)
        for client in (phone, tab, laptop, other):
            clients.add(client)
        clients.end(naor.who, "Out.", "d_1")
        assert [x.ended for x in (phone, tab, laptop, other)] == [["Out."], ["Out."], [], []]
        clients.end(naor.who, "All out.")
        assert (laptop.ended, other.ended) == (["All out."], [])
        clients.end("p_unknown", "Nobody.")

    run(test)


def test_hosts_are_told_together_that_their_panel_is_out_of_date(run: Run) -> None:
    async def test(people: People, clients: Clients) -> None:
        boss, naor = (people.enter(name)[0] for name in ("boss", "naor"))
        people.set_host(boss, True)
        window, phone, guest = (connect(clients, x) for x in (boss, boss, naor))
        await told(window)
        clients.tell_hosts()
        clients.tell_hosts()
        await told(phone, 2)
        assert window.heard == phone.heard == [{"do": "host"}] * 2
        assert guest.heard == []

    run(test)


def test_all_are_told_in_slices(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.clients.SLICE", 2)

    async def test(people: People, clients: Clients) -> None:
        everybody = [connect(clients, people.enter(f"guest {n}")[0]) for n in range(5)]
        clients.tell_all(b'{"do":"hub","name":"Mill"}')
        assert [len(client.heard) for client in everybody] == [1, 1, 0, 0, 0]
        clients.remove(everybody[4])
        await told(everybody[3])
        await asyncio.sleep(0)
        assert all(client.heard == [{"do": "hub", "name": "Mill"}] for client in everybody[:4])

    run(test)


def test_whoever_becomes_or_is_no_longer_a_host_is_found_as_such(run: Run) -> None:
    async def test(people: People, clients: Clients) -> None:
        naor, _ = people.enter("naor")
        boss, _ = people.enter("boss", people.host_device())
        phone, window = connect(clients, naor), connect(clients, boss)
        assert clients.hosts() == [window]
        people.set_host(naor, True)
        people.set_host(boss, False)
        assert clients.hosts() == [phone]
        assert People(people._keys).hosts == people.hosts == {naor.who}
        people.remove(naor)
        assert people.hosts == set()

    run(test)


def connect(clients: Clients, person: Person, device: str | None = None) -> FakeClient:
    client = FakeClient(person, device)
    clients.add(client)
    return client


async def told(client: FakeClient, times: int = 1) -> None:
    """Wait until a client was sent something as many times."""
    async with asyncio.timeout(30):
        while len(client.heard) < times:
            await asyncio.sleep(0.005)
