"""A host keeps everybody but this computer out for a while."""

from __future__ import annotations

import asyncio
import re
import socket
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from hub.access.people import People
from hub.clients import Clients
from hub.errors import Refused
from hub.net.own_names import OwnNames
from hub.pause import Pause
from tests.fakes import FakeClient
from tests.serving import Serving
from tests.talk import Talk

PEER = "127.0.0.2"


def test_it_closes_what_comes_from_elsewhere_and_refuses_it() -> None:
    async def test() -> None:
        people = People()
        clients = Clients(people)
        pause = Pause(clients)
        person = people.enter("naor")[0]
        here, phone, tablet = (FakeClient(person) for _ in range(3))
        phone.from_here = tablet.from_here = False
        for client in (here, phone, tablet):
            clients.add(client)
        assert clients.peers() == 1, "one person, on two devices"
        pause.check(False)
        pause.switch(True)
        assert [x.paused for x in (here, phone, tablet)] == [False, True, True]
        pause.check(True)
        with pytest.raises(Refused) as refused:
            pause.check(False)
        assert (refused.value.code, refused.value.status) == ("paused", 503)
        pause.switch(False)
        pause.check(False)

    asyncio.run(test())


@pytest.fixture
def peer(hub: Serving, monkeypatch: pytest.MonkeyPatch) -> Serving:
    """A hub that takes what comes from PEER for another computer's."""
    monkeypatch.setattr(OwnNames, "bears", lambda _, address: address != PEER)
    return hub


def talk_from_peer(hub: Serving) -> Talk:
    cable = socket.create_connection(("127.0.0.1", hub.port), source_address=(PEER, 0))
    return hub.talk(sock=cable)


def test_peers_are_kept_out_until_it_ends(peer: Serving) -> None:
    hub = peer
    own = hub.as_host("naor")
    with hub.talk(own) as host, talk_from_peer(hub) as guest, talk_from_peer(hub) as late:
        for talk, name in ((host, None), (guest, "mira")):
            talk.hello(name)
            talk.join()
        assert hub.server.peers() == 1
        hub.server.pause(True)
        assert host.expect("notices")["notices"] == []
        with pytest.raises(ConnectionClosed) as closed:
            guest.quiet(30)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
        with pytest.raises(ConnectionClosed) as closed:  # it had no name yet
            late.hello("leo")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
        with pytest.raises(InvalidStatus) as refused:
            talk_from_peer(hub)
        assert refused.value.response.status_code == 503

        page = hub.ask("GET", "/general", source=PEER)
        assert (page.status, page.headers["Refresh"]) == (503, "10")
        assert re.match("The host has paused this Hearth", page.text)
        for method, path in (("GET", "/api/health"), ("POST", "/api/chat/general")):
            answer = hub.ask(method, path, "msg=Hello", source=PEER)
            assert answer.error == (503, "paused")
            assert answer.headers["Retry-After"] == "10"
            assert "Refresh" not in answer.headers
        assert hub.say("Nobody else hears it")["n"] == 1, "this computer goes on"
        assert host.expect("say")["text"] == "Nobody else hears it"

        hub.server.pause(False)
        host.expect("notices")
    assert hub.ask("GET", "/general", source=PEER).status == 200
    with talk_from_peer(hub) as guest:
        guest.hello("mira")


@pytest.mark.parametrize(
    "header", [{"Via": "1.1 x"}, {"Forwarded": "for=10.0.0.9"}, {"X-Forwarded-For": "10.0.0.9"}]
)
def test_who_comes_by_a_program_of_this_computer_is_kept_out(
    peer: Serving, header: dict[str, str]
) -> None:
    with peer.talk({**header, "Origin": peer.url}) as guest:
        guest.hello("mira")
        assert peer.server.peers() == 1
        peer.server.pause(True)
        with pytest.raises(ConnectionClosed):
            guest.quiet(30)
    assert peer.ask("GET", "/api/health", None, header).error == (503, "paused")
    assert peer.get("/api/health").status == 200


def test_what_is_under_way_is_cut_off(peer: Serving) -> None:
    """A file that is being sent goes on later; a message with half a body was never there."""
    hub = peer
    name = hub.name.encode()
    post = (
        b"POST /api/chat/general?username=naor HTTP/1.1\r\nHost: "
        + name
        + b"\r\nContent-Length: 19\r\n"
    )
    post += b"Content-Type: application/x-www-form-urlencoded\r\n\r\nmsg=Half"
    file = b"PUT /api/files/general/a.txt?username=mira HTTP/1.1\r\nHost: " + name
    file += b"\r\nContent-Length: 20\r\n\r\nHalf of it"
    idle = b"GET /api/health HTTP/1.1\r\nHost: " + name + b"\r\n\r\n"
    cables = [
        socket.create_connection(("127.0.0.1", hub.port), 30, source_address=(PEER, 0))
        for _ in range(3)
    ]
    own = socket.create_connection(("127.0.0.1", hub.port), 30)
    for cable, begun in zip((*cables, own), (post, file, idle, post), strict=True):
        cable.sendall(begun)
    assert cables[2].recv(1 << 16).startswith(b"HTTP/1.1 200")
    hub.get("/api/health")  # what came before it was read by now
    hub.server.pause(True)
    for cable in cables:
        with cable, suppress(ConnectionResetError):
            assert cable.recv(1 << 16) == b""
    with own:
        own.sendall(b" a message.")
        assert own.recv(1 << 16).startswith(b"HTTP/1.1 201"), "this computer goes on"
    assert [event["text"] for event in hub.events()] == ["Half a message."]
