"""People who keep sending files while the hub goes down, and what must be true afterwards."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from websockets.exceptions import InvalidMessage

from tests.faults.newcomers import live
from tests.faults.record import events_of
from tests.faults.senders import FAILURES
from tests.patience import PATIENCE
from tests.talk import Talk

ROOM = "general"
SIZES = (0, 1, 5_000, 262_144, 262_145, 900_000, 3_000_000)
PIECE = 200_000
"""Bytes of one PATCH."""
STRANGERS = ("notes.txt", f"{ROOM}/of-somebody-else.txt", ".unfinished/notes.txt")
"""Files of other people's in the folder of files, which Hearth leaves alone."""
_FELL = (*FAILURES, http.client.HTTPException, InvalidMessage)


class Sent:
    """A file, and what its sender knows of it; `event` is the message, once it was told."""

    def __init__(self, id_: str, name: str, data: bytes) -> None:
        self.id = id_
        self.name = name
        self.data = data
        self.event: dict[str, Any] | None = None
        self.erasing = False
        self.erased = False


class FileSender:
    """Sends one file after the other, and after a fall goes on with the one that was under way."""

    def __init__(self, name: str, chance: random.Random) -> None:
        self.name = name
        self.files: list[Sent] = []
        self.wrong: list[str] = []
        self.sending = threading.Event()
        self._chance = chance
        self._cookie = ""
        self._finishing = False
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self.port = 0

    def start(self, port: int) -> None:
        """Send to the hub at this port until it falls, or until `stop`."""
        self.port = port
        self._ending.clear()
        self.sending.clear()
        self._thread = threading.Thread(target=self._work, name=self.name)
        self._thread.start()

    def end(self, *, finished: bool) -> None:
        self._finishing = finished
        self._ending.set()

    def stop(self, *, finished: bool = False) -> None:
        """Begin no new file; `finished`, wait until the one under way is told to be sent."""
        self.end(finished=finished)
        assert self._thread is not None
        self._thread.join(120)
        assert not self._thread.is_alive(), f"{self.name} is stuck"

    def _work(self) -> None:
        try:
            if not self._cookie:
                self._come()
            with Talk(live(self.port), self._headers()) as mine:
                mine.hello()
                mine.join(ROOM)
                while not self._ending.is_set() or (self._finishing and self._open()):
                    self._send_one(mine)
                    self.sending.set()
        except _FELL:
            pass
        except Exception as error:  # noqa: BLE001 - told by the test that reads it
            self.wrong.append(f"{self.name}: {error!r}")

    def _headers(self) -> dict[str, str]:
        return {"Cookie": self._cookie, "Origin": f"http://127.0.0.1:{self.port}"}

    def _come(self) -> None:
        body = json.dumps({"name": self.name}).encode()
        status, headers, told = self._ask(
            "POST", "/api/session", body, Content_Type="application/json"
        )
        assert status == 201, told
        self._cookie = str(headers["Set-Cookie"]).partition(";")[0]

    def _ask(
        self, method: str, path: str, body: bytes = b"", **more: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        told = {x.replace("_", "-"): value for x, value in more.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {**self._headers(), **told})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    # -- one file --------------------------------------------------------------------------

    def _open(self) -> bool:
        """Whether the newest file is still under way."""
        last = self.files[-1] if self.files else None
        return last is not None and (last.event is None or (last.erasing and not last.erased))

    def _send_one(self, mine: Talk) -> None:
        if not self._open():
            number = len(self.files)
            data = self._chance.randbytes(self._chance.choice(SIZES))
            # Several have one name: the hub puts numbers into the others.
            name = f"file-{number % 3}.bin"
            self.files.append(Sent(f"{self.name}-{number}", name, data))
        file = self.files[-1]
        if file.event is None:
            self._bring(file)
            file.event = mine.do("say", ROOM, text="here", files=[file.id], key=file.id)
            if self._chance.random() < 0.3:
                file.erasing = True
        if file.erasing and not file.erased:
            mine.do("erase", ROOM, of=file.event["n"], key=f"{file.id}-erased")
            file.erased = True

    def _bring(self, file: Sent) -> None:
        """Send what the hub does not have of a file."""
        path = f"/api/files/{ROOM}/{file.id}?name={file.name}&announce=no"
        status, headers, _ = self._ask("HEAD", path)
        if status == 404:
            if self._chance.random() < 0.5:
                self._took(self._ask("PUT", path, file.data), file)
                return
            status, headers, told = self._ask("PUT", path, b"", Upload_Complete="?0")
            assert status == 201, told
        while headers["Upload-Complete"] == "?0":
            at = int(headers["Upload-Offset"])
            assert at <= len(file.data)
            piece = file.data[at : at + PIECE]
            ends = at + len(piece) == len(file.data)
            status, headers, told = self._ask(
                "PATCH", path, piece, Upload_Offset=str(at), Upload_Complete=f"?{ends:d}",
                Content_Type="application/partial-upload",
            )  # fmt: skip
            assert status == (201 if ends else 204), told
            if ends:
                self._took((status, headers, told), file)
        assert status in (200, 201, 204), status

    def _took(self, answer: tuple[int, Any, bytes], file: Sent) -> None:
        status, _, told = answer
        assert status == 201, told
        assert json.loads(told)["sha256"] == hashlib.sha256(file.data).hexdigest()

    # -- afterwards ------------------------------------------------------------------------

    def offset(self, file: Sent) -> int | None:
        """How much of a file the hub says to have; None where it knows none, or all is there."""
        status, headers, _ = self._ask("HEAD", f"/api/files/{ROOM}/{file.id}")
        assert status in (200, 204, 404), status
        return int(headers["Upload-Offset"]) if headers["Upload-Complete"] == "?0" else None

    def get(self, file: Sent) -> bytes:
        status, _, body = self._ask("GET", f"/api/files/{ROOM}/{file.id}")
        assert status == 200, (file.id, file.event, body)
        return body


class FileSenders:
    """Three people; `compare` holds what they know against what the folder holds."""

    def __init__(self, chance: random.Random, count: int = 3) -> None:
        self.all = [
            FileSender(f"f{number}", random.Random(chance.random())) for number in range(count)
        ]

    def start(self, port: int) -> None:
        for sender in self.all:
            sender.start(port)

    def sending(self, seconds: float = 60.0) -> None:
        """Wait until each of them has sent a file."""
        end = time.monotonic() + seconds
        for sender in self.all:
            while not sender.sending.wait(0.1):
                assert not sender.wrong, sender.wrong
                assert time.monotonic() < end, f"{sender.name} has sent nothing"

    def stop(self, *, finished: bool = False) -> None:
        for sender in self.all:
            sender.end(finished=finished)
        for sender in self.all:
            sender.stop(finished=finished)

    def compare(self, folder: Path, port: int) -> None:
        """Fails where a file that was announced is not whole, or one that was erased is there.

        The hub must have started after its fall, and nobody may be sending.
        """
        for sender in self.all:
            sender.port = port
        wrong = [text for sender in self.all for text in sender.wrong]
        assert not wrong, wrong
        if not (folder / f"{ROOM}.jsonl").exists():
            return
        sent = {file.id: file for sender in self.all for file in sender.files}
        told = [x for x in events_of(folder / f"{ROOM}.jsonl") if x["do"] == "say"]
        there = {x["n"]: x["files"][0] for x in told if "files" in x}
        times = Counter(file["id"] for file in there.values())
        assert not [id_ for id_, count in times.items() if count > 1], "a file was sent twice"
        for file in there.values():
            self._compare_file(folder / "files" / ROOM / file["name"], file, sent[file["id"]])
        for file in sent.values():
            if file.event is not None and not file.erasing:
                assert there.get(file.event["n"]) == file.event["files"][0], f"{file.id} is lost"
            if file.erased and file.event is not None:
                assert file.event["n"] not in there, f"{file.id} is back"
        self._compare_folder(folder / "files", {file["name"] for file in there.values()})
        self._compare_offsets(folder / "files" / ".unfinished")

    def _compare_file(self, path: Path, file: dict[str, Any], sent: Sent) -> None:
        assert path.is_file(), f"{sent.id}: {path.name} is not there"
        data = path.read_bytes()
        assert data == sent.data, f"{sent.id}: {path.name} is another"
        assert (file["size"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())

    def _compare_folder(self, files: Path, announced: set[str]) -> None:
        """Besides the files of messages there are those that are about to have one."""
        waiting = sum(sender._open() for sender in self.all)
        end = time.monotonic() + PATIENCE
        while True:  # a start removes what was erased while it serves already
            others = {x.name for x in (files / ROOM).glob("*.bin")} - announced
            parts = [x for x in (files / ".unfinished").glob("*") if x.suffix != ".txt"]
            if len(others) + len(parts) <= waiting:
                break
            assert time.monotonic() < end, (others, parts)
            time.sleep(0.05)
        for name in STRANGERS:
            assert (files / name).read_text() == name, f"{name} was touched"

    def _compare_offsets(self, unfinished: Path) -> None:
        for sender in self.all:
            if sender._open() and (at := sender.offset(sender.files[-1])) is not None and at:
                data = sender.files[-1].data[:at]
                parts = [x.read_bytes()[:at] for x in unfinished.iterdir()]
                assert data in parts, f"{at} bytes were told to be there"

    def finished(self, folder: Path, port: int) -> None:
        """All was sent: nothing is left over, and the hub serves all of it."""
        self.compare(folder, port)
        assert not any(sender._open() for sender in self.all)
        for sender in self.all:
            for file in sender.files[-5:]:
                if not file.erasing:
                    assert sender.get(file) == file.data


def with_strangers(folder: Path) -> None:
    """Put other people's files into the hub's folder of files."""
    for name in STRANGERS:
        (folder / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "files" / name).write_text(name)
    os.sync()
