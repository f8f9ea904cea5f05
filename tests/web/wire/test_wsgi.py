import asyncio
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from hub.threads import Pool
from hub.web.wire import wsgi
from hub.web.wire.wsgi import Bridge
from tests.patience import PATIENCE

SCOPE = {
    "type": "http",
    "method": "POST",
    "http_version": "1.1",
    "path": "/é",
    "query_string": b"a=b",
    "headers": [
        (b"host", b"h"),
        (b"content-type", b"text/plain"),
        (b"content-length", b"4"),
        (b"x-a", b"1"),
        (b"x-a", b"2"),
        (b"x_a", b"3"),
        (b"cookie", b"c=1"),
        (b"cookie", b"d=2"),
    ],
    "server": ("127.0.0.1", 5000),
    "client": ("10.0.0.2", 1234),
}


class Client:
    """A client with one request, and what it was answered."""

    def __init__(self, app: Any, stays: bool = True) -> None:
        self.app = app
        self.sent: list[Any] = []
        self.asked = 0
        self.stays = stays

    async def receive(self) -> Any:
        self.asked += 1
        if self.asked == 1:
            return {"type": "http.request", "body": b"body", "more_body": False}
        if self.asked == 2:
            return {"type": "http.request", "body": b"", "more_body": False}
        if self.stays:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    def run(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        await Bridge(self.app, Pool(2, "test"))(dict(SCOPE), self.receive, self.send)

    @property
    def body(self) -> bytes:
        return b"".join(x.get("body", b"") for x in self.sent[1:])


def test_a_short_answer_is_sent_in_one_piece_and_the_request_is_complete() -> None:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read(), thread=threading.get_ident())
        start("201 Created", [("X-Y", "z")])
        return [b"one", b"two"]

    client = Client(app)
    client.run()
    assert client.sent == [
        {
            "type": "http.response.start",
            "status": 201,
            "headers": [(b"x-y", b"z"), (b"content-length", b"6")],
        },
        {"type": "http.response.body", "body": b"onetwo"},
    ]
    assert seen["body"] == b"body"
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/é"
    assert (seen["HTTP_X_A"], seen["HTTP_COOKIE"]) == ("1,2", "c=1; d=2")
    assert (seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"]) == ("text/plain", "4")
    assert (seen["REMOTE_ADDR"], seen["QUERY_STRING"]) == ("10.0.0.2", "a=b")
    assert seen["thread"] != threading.get_ident()


class Long:
    """A long answer that counts how often it was closed."""

    def __init__(self, blocks: int) -> None:
        self.left = blocks
        self.closed = 0

    def __call__(self, environ: dict[str, Any], start: Any) -> "Long":
        start("200 OK", [])
        return self

    def __iter__(self) -> Iterator[bytes]:
        while self.left:
            self.left -= 1
            yield b"x" * 10

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("blocks", [1, 3, 4, 100])
def test_a_long_answer_is_complete_and_closed(monkeypatch: pytest.MonkeyPatch, blocks: int) -> None:
    monkeypatch.setattr(wsgi, "SHORT", 30)
    long = Long(blocks)
    client = Client(long)
    client.run()
    assert client.body == b"x" * 10 * blocks
    assert not client.sent[-1].get("more_body")
    assert long.closed == 1


def test_nothing_more_is_read_after_a_disconnect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wsgi, "SHORT", 30)
    long = Long(10_000)
    Client(long, stays=False).run()
    assert long.left > 9_000
    assert long.closed == 1


@pytest.mark.parametrize("taken", [0, 1, 5])
def test_nothing_more_is_read_for_a_client_that_stalls(
    monkeypatch: pytest.MonkeyPatch, taken: int
) -> None:
    """Counts the blocks that are fetched when the client stalls after some of them."""
    monkeypatch.setattr(wsgi, "SHORT", 30)
    long = Long(1000)

    class Stalls(Client):
        async def send(self, message: Any) -> None:
            await super().send(message)
            if (
                len(self.sent) > 1
                and self.sent[-1]["body"] == b""
                and len(self.body) >= 30 + 10 * taken
            ):
                await asyncio.Event().wait()  # as uvicorn does while something is not taken

    async def run() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client._run(), 0.3)

    client = Stalls(long)
    asyncio.run(run())
    assert 1000 - long.left == 3 + taken
    assert long.closed == 1


def test_short_answers_do_not_queue_behind_long_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts the short answers that are given while many long ones wait for a disk."""
    monkeypatch.setattr(wsgi, "SHORT", 30)
    go = threading.Event()
    reading: set[int] = set()

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [])
        if environ["PATH_INFO"] == "/short":
            return [b"short"]
        return slowly()

    def slowly() -> Iterator[bytes]:
        yield b"first" * 10
        reading.add(threading.get_ident())
        assert go.wait(PATIENCE)
        yield b"second"

    async def run() -> None:
        both = Bridge(app, Pool(2, "test"))

        async def ask(path: str) -> bytes:
            client = Client(app)
            await both(SCOPE | {"path": path}, client.receive, client.send)
            return client.body

        waiting = [asyncio.create_task(ask("/long")) for _ in range(20)]
        try:
            for _ in range(50):
                assert await asyncio.wait_for(ask("/short"), 20) == b"short"
            assert not any(x.done() for x in waiting)
        finally:
            go.set()
        assert await asyncio.gather(*waiting) == [b"first" * 10 + b"second"] * 20

    asyncio.run(run())
    assert len(reading) <= wsgi.LONG_THREADS
