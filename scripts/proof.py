"""Proves a built program: it starts, serves, keeps what was said, stops, and leaves nothing behind.

Where there is a screen, also that its page comes up in a window.

Knows the program only from outside, as its users do: its output, its addresses, its signals.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import interruptions
from commands import Failed

ADDRESS = re.compile(r"Hearth (\S+) is at (http://[^\s/]+)/(\S+)")
PATIENCE = 60.0
"""Seconds for a start or a stop; a first start on a cold disk takes a few."""
OWN_WINDOW = "the hub's own window"
"""What `audit.jsonl` calls the program's window; where there is none it opens a browser."""


class Running:
    """One start of the program, known only from outside.

    `address` is where it serves, `room` the room it names, `took` the seconds until it served, and
    `said` all its lines so far.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        rooms: Path,
        temporary: Path,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """Starts `command` on the folder `rooms`; raises Failed if it does not come to serve."""
        places = {"TMPDIR": str(temporary), "TEMP": str(temporary), "TMP": str(temporary)}
        began = time.monotonic()
        self.said: list[str] = []
        self.address = self.room = ""
        self._told = threading.Event()
        try:
            with interruptions.held_back():
                self.process = subprocess.Popen(
                    [*command, "--port=0", f"--rooms={rooms}", "--set=announce=false"],
                    env={**environment, **places},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    encoding="utf-8",
                    start_new_session=True,
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                )
                threading.Thread(target=self._listen, daemon=True).start()
            self._told.wait(PATIENCE)
            if not self.address:
                raise Failed(f"the program did not say where it is; it said:\n{''.join(self.said)}")
        except BaseException:
            if hasattr(self, "process"):
                self.kill()
            raise
        self.took = time.monotonic() - began

    def stop(self) -> None:
        """Asks it to end as a system does, and checks that it and its children did."""
        if sys.platform == "win32":
            self.process.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            self.process.send_signal(signal.SIGTERM)
        status = self.ended()
        if status != 0:
            self.kill()
            raise Failed(f"the program ended with status {status} when asked to stop")
        deadline = time.monotonic() + 10  # a browser that it had opened takes its time
        while self.lives():
            if time.monotonic() > deadline:
                self.kill()
                raise Failed("the program left a process running")
            time.sleep(0.02)

    def ended(self, within: float = PATIENCE) -> int:
        """Waits for it to end by itself and gives its status; raises Failed after `within` s."""
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed(f"the program did not end within {within:.0f} s") from None

    def kill(self) -> None:
        """Ends it and its children whatever they do."""
        if sys.platform != "win32":
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait(PATIENCE)

    def lives(self) -> bool:
        """Whether it or any process that it started is still there."""
        if sys.platform == "win32":
            return self.process.poll() is None
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def _listen(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(line)
                match = ADDRESS.match(line)
                if match:
                    self.address, self.room = match[2], match[3]
                    self._told.set()
        self._told.set()


def of(*program: str | Path) -> str:
    """Runs the whole proof and gives its figures in words; raises Failed with what went wrong.

    `program` is the command that starts it, without options.
    """
    with _places() as (rooms, temporary):
        took = []
        for start in (1, 2):
            running = Running([*program, "--no-window"], rooms, temporary, _plain())
            took.append(running.took)
            try:
                _check(running.address, start)
                running.stop()
            except BaseException:
                running.kill()
                raise
        _is_left_empty(temporary)
    return "served after {:.2f} s, again after {:.2f} s".format(*took)


def _is_left_empty(temporary: Path) -> None:
    """Raises Failed where it does not become so; what mounts an AppImage ends after that."""
    deadline = time.monotonic() + 5
    while any(temporary.iterdir()):
        if time.monotonic() > deadline:
            left = ", ".join(path.name for path in temporary.iterdir())
            raise Failed(f"the program left {left} in the temporary folder")
        time.sleep(0.05)


def window(*program: str | Path) -> str:
    """Starts it as on a double-click and waits for the page; gives in words how long that took.

    The page says by itself that it is there: its script uses up the ticket that the window got.
    Raises Failed where it does not, or comes up in a browser.
    """
    with _places() as (rooms, temporary):
        running = Running(program, rooms, temporary, _plain())
        began = time.monotonic()
        try:
            where = _opened(rooms)
            while where is None:
                ended = running.process.poll() is not None
                if ended or time.monotonic() - began > PATIENCE:
                    raise Failed(f"its page came up nowhere; it said:\n{''.join(running.said)}")
                time.sleep(0.05)
                where = _opened(rooms)
            if where != OWN_WINDOW:
                raise Failed(f"its page came up in {where}; it said:\n{''.join(running.said)}")
            took = running.took + time.monotonic() - began
            running.stop()
        except BaseException:
            running.kill()
            raise
    return f"its page is in its window after {took:.2f} s"


def _opened(rooms: Path) -> str | None:
    """Where a page has come in with a ticket, as the hub notes it; None as long as none has."""
    try:
        lines = (rooms / "hub" / "audit.jsonl").read_text(encoding="utf-8").splitlines(True)
    except FileNotFoundError:
        return None
    notes = (json.loads(line) for line in lines if line.endswith("\n"))
    return next((str(note["by"]) for note in notes if note["do"] == "opened"), None)


@contextmanager
def _places() -> Iterator[tuple[Path, Path]]:
    """A folder for rooms and one for what is temporary, both empty, and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="hearth-proof-", ignore_cleanup_errors=True) as folder:
        rooms, temporary = Path(folder, "rooms"), Path(folder, "tmp")
        rooms.mkdir()
        temporary.mkdir()
        yield rooms, temporary


def _plain() -> dict[str, str]:
    """The environment without settings of Hearth's."""
    return {name: x for name, x in os.environ.items() if not name.startswith("HEARTH_")}


def _check(address: str, start: int) -> None:
    """The page is served; the message saved at the first start is there, at the second still."""
    if json.loads(_ask(f"{address}/api/health")).get("app") != "hearth":
        raise Failed("the program does not say that it is well")
    if b"<html" not in _ask(f"{address}/general"):
        raise Failed("the program does not serve the page")
    if not _shakes_hands(address):
        raise Failed("the program takes no WebSocket")
    chat = f"{address}/api/chat/general"
    if start == 1:
        _ask(chat, {"username": "builder", "msg": "Is anybody home?"})
    told = json.loads(_ask(chat, accept="application/json"))
    texts = [event.get("text") for event in told["events"]]
    if texts != ["Is anybody home?"]:
        raise Failed(f"the program kept {texts} at start {start}")


def _shakes_hands(address: str) -> bool:
    """Whether `/api/live` goes over to WebSocket, asked with the example key of RFC 6455."""
    connection = http.client.HTTPConnection(address.partition("//")[2], timeout=PATIENCE)
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    try:
        key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        connection.request("GET", "/api/live", headers={**headers, **key})
        answer = connection.getresponse()
        accepted = answer.getheader("Sec-WebSocket-Accept")
        return (answer.status, accepted) == (101, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _ask(address: str, body: dict[str, str] | None = None, accept: str = "*/*") -> bytes:
    request = urllib.request.Request(
        address,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Accept": accept, "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            content: bytes = answer.read()
            return content
    except OSError as error:
        raise Failed(f"{address} answered: {error}") from None
