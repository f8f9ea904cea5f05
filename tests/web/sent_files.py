"""How tests send files to a hub, and what stands in its folder then."""

from __future__ import annotations

import base64
import hashlib
import http.client
import shutil
import socket
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.serving import Answer, Serving

PARTIAL = "application/partial-upload"
LOBBY = "/api/files/lobby"


def put(
    hub: Serving,
    id_: str = "f1",
    body: bytes = b"Hello",
    query: str = "username=bob",
    headers: Mapping[str, str] | None = None,
    *,
    room: str = "lobby",
    **more: str,
) -> Answer:
    """Send a file; `more` are headers."""
    path = f"/api/files/{quote(room)}/{quote(id_)}?{query}"
    return hub.ask("PUT", path, body, headers, **more)


def sent(hub: Serving, id_: str = "f1", body: bytes = b"Hello", **more: Any) -> dict[str, Any]:
    """Send a file with its message; gives the event."""
    answer = put(hub, id_, body, **more)
    assert answer.status == 201, answer.text
    event: dict[str, Any] = answer.json
    return event


def waiting(hub: Serving, id_: str = "f1", body: bytes = b"Hello", **more: Any) -> dict[str, Any]:
    """Send a file that waits for its message; gives the file."""
    query = more.pop("query", "username=bob") + "&announce=no"
    answer = put(hub, id_, body, query, **more)
    assert answer.status == 201, answer.text
    file: dict[str, Any] = answer.json
    return file


def begun(hub: Serving, id_: str = "f1", body: bytes = b"Hello", **more: Any) -> Answer:
    """Send the beginning of a file."""
    answer = put(hub, id_, body, Upload_Complete="?0", **more)
    assert answer.status == 201, answer.text
    return answer


def patch(
    hub: Serving, offset: int | str, body: bytes, complete: str = "?1", *, id_: str = "f1",
    query: str = "username=bob", **more: str,
) -> Answer:  # fmt: skip
    """Send the next part of a file."""
    told = {"Content-Type": PARTIAL, "Upload-Offset": str(offset), "Upload-Complete": complete}
    told |= {x.replace("_", "-"): value for x, value in more.items()}
    told = {x: value for x, value in told.items() if value}
    return hub.ask("PATCH", f"{LOBBY}/{id_}?{query}", body, told)


def head(hub: Serving, id_: str = "f1", query: str = "username=bob") -> Answer:
    return hub.ask("HEAD", f"{LOBBY}/{id_}?{query}")


def offset(hub: Serving, id_: str = "f1") -> int | None:
    """How much has come of a file that is not whole yet; None where there is none."""
    answer = head(hub, id_)
    if answer.status == 404:
        return None
    assert answer.status == 204
    assert answer.headers["Upload-Complete"] == "?0"
    return int(answer.headers["Upload-Offset"])


def digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


@contextmanager
def sending(
    hub: Serving, *headers: str, id_: str = "f1", method: str = "PUT", seconds: float = 20.0
) -> Iterator[socket.socket]:
    """A connection on which the head of a request was sent, and the body is still to come."""
    first = f"{method} {LOBBY}/{id_}?username=bob HTTP/1.1"
    lines = [first, f"Host: {hub.name}", *headers, "", ""]
    with socket.create_connection(("127.0.0.1", hub.port), timeout=seconds) as connection:
        connection.sendall("\r\n".join(lines).encode("latin-1"))
        yield connection


def answered(connection: socket.socket) -> Answer:
    """The answer that comes on a connection."""
    response = http.client.HTTPResponse(connection, method="PUT")
    response.begin()
    return Answer(response.status, response.headers, response.read())


def chunked(pieces: Iterable[bytes]) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(x), x) for x in pieces) + b"0\r\n\r\n"


def stored(hub: Serving, room: str = "lobby") -> dict[str, bytes]:
    """The files in the folder of a room, by name."""
    folder = hub.path / "files" / room
    return {x.name: x.read_bytes() for x in folder.iterdir()} if folder.exists() else {}


def parts(hub: Serving) -> list[Path]:
    """The files of which something has come."""
    folder = hub.folder.unfinished
    return sorted(folder.iterdir()) if folder.exists() else []


def curl(*arguments: str) -> str:
    """What curl writes."""
    if not shutil.which("curl"):
        pytest.skip("needs curl")
    command = ["curl", "--silent", "--show-error", "--max-time", "20", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def is_shut(answer: Answer) -> None:
    """A browser runs nothing of it, and no other site shows it."""
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert len(answer.headers.get_all("Content-Security-Policy") or ()) == 1
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
