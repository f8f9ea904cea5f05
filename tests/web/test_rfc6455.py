"""The Autobahn cases against the very connections of `/api/live`, with an echo behind them."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import kosoku
import pytest

from hub.server import listen
from hub.web.wire.connection_limits import ConnectionLimits
from hub.web.wire.http_server import HttpServer
from hub.web.wire.websocket import WebSocket
from hub.web.wire.ws_frames import BINARY, frame
from tests.serving import ROOT

CORE = [f"{chapter}.*" for chapter in (1, 2, 3, 4, 5, 6, 7, 10)]
COUNT = 247


class Echo:
    """Sends back what comes, as it came."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    def text_received(self, text: bytes) -> Iterator[int]:
        self._socket.write(text)
        yield 1

    def binary_received(self, data: bytes) -> None:
        self._socket.transport.write(frame(BINARY, data))

    def pause_writing(self) -> None: ...

    def resume_writing(self) -> None: ...

    def closed(self) -> None: ...


async def app(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "websocket.accept"})
    scope["extensions"]["hearth.socket"](Echo)


async def results(cases: list[str] = CORE) -> dict[str, tuple[str, str]]:
    sockets = listen("127.0.0.1", 0)
    server = HttpServer(app, ConnectionLimits(0, 0), 1 << 20)
    serving = await server.start(sockets, 64)
    port = sockets[0].getsockname()[1]
    try:
        told = await kosoku.run_fuzzingclient(f"ws://127.0.0.1:{port}/api/live", cases, [], 4)
    except kosoku.FailureError as failure:
        told = failure.results
    finally:
        server.stop()
        await serving
    return {x.case_id: (x.behavior.value, x.behavior_close.value) for x in told}


@pytest.mark.slow
def test_all_core_cases() -> None:
    told = asyncio.run(asyncio.wait_for(results(), 300))
    assert len(told) == COUNT, sorted(told)
    fine = {"OK", "INFORMATIONAL"}
    bad = {case: verdict for case, verdict in told.items() if not fine.issuperset(verdict)}
    assert bad == {}, Counter(told.values())


def test_the_first_message_of_a_process_may_be_empty() -> None:
    alone = (
        "import asyncio\n"
        "from tests.web.test_rfc6455 import results\n"
        "print(asyncio.run(asyncio.wait_for(results(['1.1.1']), 60)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", alone], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.stdout == "{'1.1.1': ('OK', 'OK')}\n", told.stdout + told.stderr
