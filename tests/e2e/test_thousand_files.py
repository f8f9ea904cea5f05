"""Files of all kinds from two browsers, one of which loses its network three times: all arrive.

1,000 files with `--long`, and 60 without it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import socket
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import expect

from hub.files.safe_names import folded, numbered, safe_name
from tests.conftest import Launch
from tests.e2e.conftest import Visit
from tests.e2e.mixed_files import LARGE, Mixed, mixed_files, shares
from tests.e2e.proxy import Proxy
from tests.e2e.senders import cards
from tests.e2e.visitor import Visitor
from tests.serving import Serving

EACH = 20
"""Files of one message, at most."""


class Run(NamedTuple):
    """How many files there are in all, how many of them large, and in how many `seconds` they come
    at most.

    The network goes away in the first or a later request with much of a large file since it was
    there, as `losses` say, or in the next one that gets so far, and for as many seconds as `away`
    has.
    """

    files: int
    large: int
    losses: tuple[int, ...]
    away: tuple[float, ...]
    seconds: float


SHORT = Run(60, 6, (1, 1, 1), (0.5, 1.2, 0.5), 120)
LONG = Run(1000, 20, (1, 3, 3), (1, 3, 8), 1500)


class Losing(Proxy):
    """A network that goes away for some seconds whenever half of a large file has passed.

    `files` are the addresses of those files, `back` is when it came back, and `resumed` when the
    first byte of more of that file came after that, for each loss. It goes on at its beginning
    where all that had passed was dropped. Two files come at a time: the network may go away with
    the second one before the first has gone on.
    """

    def __init__(self, to: int, run: Run) -> None:
        self._run = run
        self._requests = 0  # with much of a large file, since it went away
        self._left: dict[socket.socket, int] = {}  # bytes until the network goes away
        self._sent: dict[socket.socket, bytes] = {}  # the file's address
        self._lock = threading.Lock()
        self.files: list[bytes] = []
        self.back: list[float] = []
        self.resumed: dict[int, float] = {}
        super().__init__(to)

    def passes(self, page: socket.socket, data: bytes) -> None:
        with self._lock:
            if data.startswith(b"PATCH "):
                self._begins(page, data)
                data = data.partition(b"\r\n\r\n")[2]
            left = self._left.get(page)
            if left is None or self.is_away:
                return
            self._left[page] = left - len(data)
            if left > len(data):
                return
            self.files.append(self._sent[page])
            self.goes_away()
        threading.Timer(self._run.away[len(self.back)], self._returns).start()

    def _begins(self, page: socket.socket, head: bytes) -> None:
        file = head.split(b" ", 2)[1].partition(b"?")[0]
        for loss in range(len(self.back)):
            if file == self.files[loss]:
                self.resumed.setdefault(loss, time.monotonic())
        length = re.search(rb"\r\nContent-Length: (\d+)", head, re.IGNORECASE)
        self._left.pop(page, None)
        if length and int(length[1]) > LARGE / 3:
            self._requests += 1
            if self._requests >= (*self._run.losses, math.inf)[len(self.back)]:
                self._left[page] = int(length[1]) // 2
                self._sent[page] = file

    def _returns(self) -> None:
        with self._lock:
            self._left.clear()
            self._requests = 0
            self.back.append(time.monotonic())
            self.comes_back()

    @property
    def seconds_to_resume(self) -> list[float]:
        return [self.resumed[loss] - back for loss, back in enumerate(self.back)]


@pytest.fixture
def run(request: pytest.FixtureRequest) -> Run:
    return LONG if request.config.getoption("--long") else SHORT


def adds(visitor: Visitor, files: list[Mixed], *, by_drop: bool) -> None:
    """Choose files, or drop them onto the page, as a person does."""
    paths = [file.path for file in files]
    if by_drop:
        dragged = visitor.context.new_cdp_session(visitor.page)
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for step in ("dragEnter", "dragOver", "drop"):
            told = {"type": step, "data": data, "x": 600, "y": 300}
            dragged.send("Input.dispatchDragEvent", told)
        dragged.detach()
    else:
        with visitor.page.expect_file_chooser() as chooser:
            visitor.page.locator("hearth-composer").get_by_label("Add files").click()
        chooser.value.set_files(paths)
    expect(cards(visitor)).to_have_count(len(files))


def have_own_names(files: list[Mixed]) -> bool:
    """Whether no two have one name: Chromium puts numbers into those that are dropped together."""
    return len({file.path.name for file in files}) == len(files)


def said(hub: Serving) -> list[dict[str, Any]]:
    return [json.loads(line) for line in hub.lines()]


def all_come(hub: Serving, visitors: list[Visitor], messages: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while len(hub.lines()) < messages:
        waiting = [x.page.locator(".msg.pending").all_inner_texts() for x in visitors]
        assert time.monotonic() < end, waiting
        visitors[0].page.wait_for_timeout(200)
    for visitor in visitors:
        visitor.all_is_saved()


def is_named_after(name: str, chosen: str) -> bool:
    """Whether a file that was called `chosen` has this name, with a number where it was taken."""
    safe = safe_name(chosen)
    number = re.findall(r"\((\d+)\)", name)
    return name == safe or (bool(number) and name == numbered(safe, int(number[-1])))


def check_message(event: dict[str, Any], files: list[Mixed]) -> None:
    """The message has exactly these files, in their order."""
    told = [(file["size"], file["sha256"]) for file in event["files"]]
    assert told == [(file.size, file.sha256) for file in files]
    for file, chosen in zip(event["files"], files, strict=True):
        assert is_named_after(file["name"], chosen.path.name), (file["name"], chosen.path.name)


def check_kept(hub: Serving, told: list[dict[str, Any]]) -> None:
    """Each file that was announced is in the room's folder, and comes from there over HTTP; there
    is nothing else.
    """
    folder = hub.path / "files" / "general"
    assert sorted(x.name for x in folder.iterdir()) == sorted(file["name"] for file in told)
    assert max(Counter(folded(file["name"]) for file in told).values()) == 1
    for file in told:
        for data in (
            (folder / file["name"]).read_bytes(),
            hub.get(f"/api/files/general/{file['id']}").body,
        ):
            assert len(data) == file["size"], file
            assert hashlib.sha256(data).hexdigest() == file["sha256"], file
    assert list((hub.path / "files" / ".unfinished").iterdir()) == []


def check_shown(visitor: Visitor, event: dict[str, Any]) -> None:
    """The end of the conversation is this message with its files."""
    row = visitor.row(event["text"])
    expect(row).to_have_count(1)
    expect(visitor.log.get_by_role("article").last).to_contain_text(event["text"])
    for file in event["files"]:
        expect(row.locator(f'.file[data-id="{file["id"]}"]')).to_have_count(1)


def test_mixed_files_from_two_browsers_arrive_over_a_bad_network(
    hub: Serving, visit: Visit, launch: Launch, tmp_path: Path, run: Run
) -> None:
    with Losing(hub.port, run) as network:
        mira = visit(f"{hub.url}/general", "mira")
        naor = visit(f"{network.url}/general", "naor", browser=1)
        naor.expect_losses()
        naor.expected = (*naor.expected, "404", "409")
        messages: dict[str, list[Mixed]] = {}
        rounds = []
        for seed, visitor in enumerate((naor, mira), 1):
            made = mixed_files(
                tmp_path / str(seed), run.files // 2, run.large // 2, seed, visitor.page
            )
            rounds.append([(visitor, share) for share in shares(made, EACH)])
        began = time.monotonic()
        for number, round_ in enumerate(zip(*rounds, strict=True), 1):
            for person, (visitor, share) in zip(("naor", "mira"), round_, strict=True):
                words = f"{len(share)} files, the {number}. time, from {person}"
                messages[words] = share
                adds(visitor, share, by_drop=number % 2 == 0 and have_own_names(share))
                visitor.message.fill(words)
                visitor.message.press("Enter")
                expect(cards(visitor)).to_have_count(0)
        all_come(hub, [naor, mira], len(messages), run.seconds)
        took = time.monotonic() - began
        events = said(hub)
        assert Counter(event["text"] for event in events) == Counter(list(messages))
        for event in events:
            check_message(event, messages[event["text"]])
        for visitor in (naor, mira):
            check_shown(visitor, events[-1])
        assert len(network.seconds_to_resume) == len(run.losses)
        naor.close()
    told = [file for event in events for file in event["files"]]
    assert len({file["id"] for file in told}) == len(told) == run.files
    check_kept(hub, told)
    checked = launch("--check", rooms=hub.path)
    assert checked.ended() == 0, checked.lines
    assert checked.lines[-1].endswith("all is well.")
    assert [x for x in checked.lines if re.match("Uploads|Previews|Removed|    ", x)] == []
    megabytes = sum(file["size"] for file in told) / 1e6
    print(f"{len(told)} files, {megabytes:.0f} MB, came in {took:.1f} s;", end=" ")
    print("seconds to resume:", *(f"{x:.2f}" for x in network.seconds_to_resume))
