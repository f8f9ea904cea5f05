import asyncio
import socket
import sys
from collections.abc import Iterator
from selectors import EVENT_READ, EVENT_WRITE

import pytest

from hub import fair_selector
from hub.fair_selector import FairSelector, new_event_loop

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has an event loop of its own kind"
)


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[FairSelector, list[socket.socket]]]:
    """A selector that gives two at a time, with five sockets that are ready."""
    monkeypatch.setattr(fair_selector, "MOST", 2)
    pairs = [socket.socketpair() for _ in range(5)]
    selector = FairSelector()
    for ours, theirs in pairs:
        selector.register(ours, EVENT_READ, theirs)
        theirs.send(b"x")
    yield selector, [ours for ours, _ in pairs]
    selector.close()
    for pair in pairs:
        for end in pair:
            end.close()


def _speak(selector: FairSelector, socks: list[socket.socket]) -> None:
    """Make these sockets, which were read from, ready again."""
    for sock in socks:
        theirs: socket.socket = selector.get_key(sock).data
        theirs.send(b"x")


def given(selector: FairSelector) -> list[object]:
    return [key.fileobj for key, _ in selector.select(0)]


def test_those_that_are_ready_are_given_a_few_at_a_time(
    ready: tuple[FairSelector, list[socket.socket]],
) -> None:
    selector, socks = ready
    turns = [given(selector) for _ in range(3)]
    assert [len(turn) for turn in turns] == [2, 2, 1]
    assert {sock for turn in turns for sock in turn} == set(socks)


def test_what_is_ready_anew_waits_for_those_that_were_before(
    ready: tuple[FairSelector, list[socket.socket]],
) -> None:
    selector, socks = ready
    first = given(selector)  # and still has something to read
    assert not set(first) & set(given(selector) + given(selector))
    assert set(given(selector)) <= set(socks), "and the system is asked again"


def test_what_was_unregistered_meanwhile_is_not_given(
    ready: tuple[FairSelector, list[socket.socket]],
) -> None:
    selector, socks = ready
    first = given(selector)
    gone, changed, left = [sock for sock in socks if sock not in first]
    selector.unregister(gone)
    selector.modify(changed, EVENT_READ | EVENT_WRITE)
    assert given(selector) + given(selector) == [left]
    assert gone not in given(selector)


def test_another_socket_with_the_number_of_one_that_was_closed_is_not_taken_for_it(
    ready: tuple[FairSelector, list[socket.socket]],
) -> None:
    selector, socks = ready
    first = given(selector)
    gone = next(sock for sock in socks if sock not in first)
    number = gone.fileno()
    selector.unregister(gone)
    gone.close()
    one, other = socket.socketpair()
    assert number in (one.fileno(), other.fileno()), "the system gives the lowest free number"
    selector.register(one if one.fileno() == number else other, EVENT_READ)
    left = given(selector) + given(selector)
    assert one not in left
    assert other not in left
    one.close()
    other.close()


def test_whoever_was_ready_lately_has_a_turn_while_a_crowd_waits(
    ready: tuple[FairSelector, list[socket.socket]],
) -> None:
    selector, socks = ready
    for sock in socks:
        sock.recv(1)
    first, theirs = socket.socketpair()
    with first, theirs:
        selector.register(first, EVENT_READ)
        theirs.send(b"x")
        assert given(selector) == [first]
        first.recv(1)
        _speak(selector, socks)
        before = given(selector)
        theirs.send(b"x")
        turn = given(selector)
        assert first in turn
        assert len(turn) == 2, "half of the turn is the crowd's"
        assert first not in before
        selector.modify(first, EVENT_WRITE)
        assert first not in given(selector), "it is not read from any more"
        selector.unregister(first)
    assert len(given(selector)) == 2, "the system is asked anew"


def test_those_that_were_ready_first_are_forgotten_first(
    ready: tuple[FairSelector, list[socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    selector, socks = ready
    monkeypatch.setattr(fair_selector, "LATELY", 2)
    for sock in socks:
        sock.recv(1)
    pairs = [socket.socketpair() for _ in range(3)]
    for ours, theirs in pairs:
        selector.register(ours, EVENT_READ)
        theirs.send(b"x")
        assert given(selector) == [ours]
        ours.recv(1)
    _speak(selector, socks)
    given(selector)
    for _, theirs in pairs:
        theirs.send(b"x")
    turns = [given(selector) for _ in range(2)]
    assert pairs[0][0] not in turns[0] + turns[1], "the crowd is before it"
    assert pairs[1][0] in turns[0]
    for pair in pairs:
        selector.unregister(pair[0])
        for end in pair:
            end.close()


def test_it_waits_only_where_nothing_is_left(
    ready: tuple[FairSelector, list[socket.socket]],
) -> None:
    selector, socks = ready
    given(selector)
    for sock in socks:
        sock.recv(1)
    assert len(selector.select(None)) == 2, "they were told as ready: asyncio asks them again"
    assert len(selector.select(None)) == 1
    assert selector.select(0) == []


def test_an_event_loop_waits_with_it() -> None:
    async def echo() -> bytes:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        loop.call_later(0, theirs.send, b"x")
        with ours, theirs:
            return await loop.sock_recv(ours, 10)

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        assert runner.run(echo()) == b"x"
        assert isinstance(runner.get_loop()._selector, FairSelector)  # type: ignore[attr-defined]
