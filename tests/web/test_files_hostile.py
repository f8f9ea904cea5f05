"""Hostile clients that send and fetch files, and other programs in the folder of files."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hub.files import uploads
from tests.conftest import Serve
from tests.patience import PATIENCE
from tests.serving import Serving

DATA = random.Random(3).randbytes(2_000_000)
LINUX = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux")


@pytest.fixture
def sockets() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def _connected(sockets: ExitStack, hub: Serving, source: str = "127.0.0.1") -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", hub.port), 20, source_address=(source, 0))
    return sockets.enter_context(opened)


def _head(hub: Serving, method: str, path: str, **more: str) -> bytes:
    told = {"Host": hub.name} | {x.replace("_", "-"): y for x, y in more.items()}
    lines = [f"{method} {path} HTTP/1.1", *(f"{x}: {y}" for x, y in told.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def _stalls(sockets: ExitStack, hub: Serving, id_: str, size: int, source: str) -> socket.socket:
    """Begin to send a file, and send no more of it."""
    opened = _connected(sockets, hub, source)
    path = f"/api/files/general/{id_}?username=mallory-{id_}"
    opened.sendall(_head(hub, "PUT", path, Content_Length=str(size)) + b"x" * 1000)
    return opened


def _begun(hub: Serving, count: int) -> None:
    """Wait until so many files are coming."""
    own = hub.server._hub
    assert own is not None
    end = time.monotonic() + PATIENCE
    while hub.on_loop(lambda: len(own.attachments.uploads._receiving)) != count:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_who_sends_many_files_at_once_leaves_room_for_others(
    serve: Serve, sockets: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests that stall or drip: one of theirs ends for each of somebody else's, and no other."""
    monkeypatch.setattr(uploads, "AT_A_TIME", 6)
    hub = serve()
    held = [_stalls(sockets, hub, f"s{x}", 500_000, "127.0.5.1") for x in range(6)]
    _begun(hub, 6)
    answer = hub.ask("PUT", "/api/files/general/one?username=mallory", DATA, source="127.0.5.1")
    assert answer.error == (503, "busy")
    for number in range(3):
        path = f"/api/files/general/honest{number}?username=ben"
        assert hub.ask("PUT", path, DATA, source="127.0.0.8").status == 201
    assert held[0].recv(100).startswith(b"HTTP/1.1 503 ")
    _begun(hub, 5)


def test_half_sent_files_are_counted_for_each_sender(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By name and by address, also after a restart; what is cancelled counts no more."""
    monkeypatch.setattr(uploads, "EACH", 3)
    hub = serve()

    def begin(number: int, name: str, source: str) -> int:
        path = f"/api/files/general/f{number}?username={name}"
        return hub.ask("PUT", path, b"x", source=source, Upload_Complete="?0").status

    assert [begin(x, f"m{x}", "127.0.5.1") for x in range(4)] == [201, 201, 201, 429]
    hub.restart()
    assert begin(4, "m4", "127.0.5.1") == 429
    assert begin(4, "ben", "127.0.5.2") == 201
    gone = hub.ask("DELETE", "/api/files/general/f0?username=m0", source="127.0.5.1")
    assert gone.status == 204
    assert begin(4, "m4", "127.0.5.1") == 409, "it is somebody else's"
    assert begin(5, "m5", "127.0.5.1") == 201


def test_a_claim_takes_no_room_from_others(serve: Serve, sockets: ExitStack) -> None:
    hub = serve(files_bytes=1 << 30)
    for number in range(8):
        _stalls(sockets, hub, f"s{number}", 900_000_000, "127.0.5.1")
    _begun(hub, 8)
    answer = hub.ask("PUT", "/api/files/general/honest?username=ben", DATA)
    assert answer.status == 201, answer.text
    claims = {"Upload_Complete": "?0", "Upload_Length": str(10**15)}
    answer = hub.ask("PUT", "/api/files/general/a?username=m", b"x", **claims)
    assert answer.error == (413, "file_too_large")


HOSTILE = (
    "..", "../../x", "%2e%2e%2f%2e%2e%2fx", "..%5c..%5cx", "a%00b", "CON", "nul.txt",
    "%E2%80%AEgpj.exe", "%2e", "%2Fetc%2Fpasswd", "x%0d%0aSet-Cookie:%20a=b", "C:%5Cx",
    ".unfinished", "desktop.ini", "a" * 2000, "%ff%fe", "x.jsonl", "~", "-rf", "%F0%9F%92%A9" * 200,
)  # fmt: skip


def test_ids_names_and_rooms_lead_nowhere_else(serve: Serve) -> None:
    hub = serve()
    for number, text in enumerate(HOSTILE):
        places = (f"general/{text}?", f"general/k{number}?name={text}&", f"{text}/a?")
        for place in places:
            answer = hub.ask("PUT", f"/api/files/{place}username=mallory", b"hostile")
            assert answer.status in (201, 400, 404, 405, 413, 414, 422), (place, answer)
            assert "a=b" not in str(answer.headers.get("Set-Cookie"))
    inside = hub.path / "files"
    outside = [
        x for x in hub.path.parent.rglob("*")
        if x.is_file() and not x.is_relative_to(inside) and x.read_bytes() == b"hostile"
    ]  # fmt: skip
    assert outside == []
    for path in inside.rglob("*"):
        assert path.resolve().is_relative_to(inside)
        assert path.name == ".unfinished" or path.name.isprintable()
        assert not path.name.upper().startswith(("CON", "NUL")) or path.is_dir()


@LINUX
def test_a_link_in_the_folder_of_files_leads_nowhere(serve: Serve, tmp_path: Path) -> None:
    """Somebody else on the computer may write there."""
    hub = serve()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    stray = elsewhere / ("0" * 32)
    stray.write_bytes(DATA)
    send = "/api/files/general/one?username=mia&name=one.bin"
    for name in ("general", ".unfinished"):
        shutil.rmtree(hub.path / "files" / name, ignore_errors=True)
        (hub.path / "files" / name).symlink_to(elsewhere)
        assert hub.ask("PUT", send, DATA).error == (507, "not_saved")
        hub.restart()
        assert [x.name for x in elsewhere.iterdir()] == [stray.name]
        (hub.path / "files" / name).unlink()
    assert hub.ask("PUT", send, DATA).status == 201
    [placed] = (hub.path / "files" / "general").iterdir()
    placed.unlink()
    placed.symlink_to(stray)
    assert hub.get("/api/files/general/one").error == (410, "file_gone")
    placed.unlink()
    os.mkfifo(placed)
    assert hub.get("/api/files/general/one").error == (410, "file_gone")


@LINUX
def test_a_file_that_is_replaced_or_cut_while_it_is_fetched(
    serve: Serve, sockets: ExitStack
) -> None:
    hub = serve()
    data = DATA * 8
    assert hub.ask("PUT", "/api/files/general/one?username=mia", data).status == 201
    [placed] = (hub.path / "files" / "general").iterdir()

    def begin() -> socket.socket:
        opened = socket.socket()
        sockets.enter_context(opened)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.settimeout(20)
        opened.connect(("127.0.0.1", hub.port))
        opened.sendall(_head(hub, "GET", "/api/files/general/one", Connection="close"))
        return opened

    def rest(opened: socket.socket) -> bytes:
        came = bytearray()
        while block := opened.recv(1 << 18):
            came += block
        return bytes(came).partition(b"\r\n\r\n")[2]

    opened = begin()
    opened.recv(1, socket.MSG_PEEK)
    shutil.copy(placed, placed.with_suffix(".copy"))
    placed.with_suffix(".other").write_bytes(b"other")
    placed.with_suffix(".other").replace(placed)
    assert rest(opened) == data
    assert hub.get("/api/files/general/one").error == (410, "file_gone")
    placed.with_suffix(".copy").replace(placed)
    opened = begin()
    opened.recv(1, socket.MSG_PEEK)
    os.truncate(placed, 100)
    assert len(rest(opened)) < len(data), "and then the connection ends"
    assert hub.say("The hub goes on.")["do"] == "say"


def test_requests_that_race_for_one_upload(serve: Serve) -> None:
    """Whoever comes last goes on, and what comes out is what was sent."""
    hub = serve()
    path = "/api/files/general/one?username=mia&announce=no"
    assert hub.ask("PUT", path, b"", Upload_Complete="?0").status == 201
    told: set[int] = set()

    def send() -> None:
        for _ in range(30):
            answer = hub.ask("HEAD", path)
            if answer.headers["Upload-Complete"] == "?1":
                return
            at = int(answer.headers["Upload-Offset"])
            piece = DATA[at : at + 150_000]
            ends = at + len(piece) == len(DATA)
            told.add(
                hub.ask(
                    "PATCH", path, piece, Content_Type="application/partial-upload",
                    Upload_Offset=str(at), Upload_Complete=f"?{ends:d}",
                ).status
            )  # fmt: skip

    racing = [threading.Thread(target=send) for _ in range(2)]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join(60)
    answer = hub.ask("HEAD", path)
    at = int(answer.headers["Upload-Offset"])
    if answer.headers["Upload-Complete"] == "?0":
        answer = hub.ask(
            "PATCH", path, DATA[at:], Content_Type="application/partial-upload",
            Upload_Offset=str(at), Upload_Complete="?1",
        )  # fmt: skip
        assert answer.status == 201
    assert told <= {201, 204, 409}
    said = hub.post("/api/chat/general", {"username": "mia", "msg": "", "files": ["one"]})
    assert said.json["files"][0]["sha256"] == hashlib.sha256(DATA).hexdigest()
    assert hub.get("/api/files/general/one").body == DATA


def test_one_file_cannot_be_borne_by_two_messages(serve: Serve) -> None:
    """To remove one of them would remove the file of the other."""
    hub = serve()
    mia = hub.session("mia")
    for turn in range(5):
        answer = hub.ask("PUT", f"/api/files/general/f{turn}?announce=no", b"one", mia)
        assert answer.status == 201
        with hub.talk(mia) as talk:
            talk.hello()
            talk.join()
            for key in ("first", "second"):
                talk.send("say", room="general", text="", files=[f"f{turn}"], key=f"{key}{turn}")
            told = {}
            while len(told) < 2:
                one = talk.until(lambda x: x.get("key", "")[:-1] in ("first", "second"))
                told[one["key"]] = one.get("code", one["do"])
            assert told == {f"first{turn}": "say", f"second{turn}": "file_sent"}
    assert len(hub.events()) == 5


@LINUX
def test_what_hostile_clients_held_is_free_again(serve: Serve) -> None:
    """Half of a file, and files that nobody reads on: no descriptor and no request is left."""
    hub = serve()
    assert hub.ask("PUT", "/api/files/general/big?username=mia", DATA * 4).status == 201
    before = len(os.listdir("/proc/self/fd"))
    with ExitStack() as sockets:
        for number in range(40):
            _stalls(sockets, hub, f"s{number}", 500_000, "127.0.5.1")
            fetching = _connected(sockets, hub, "127.0.5.2")
            fetching.sendall(_head(hub, "GET", "/api/files/general/big"))
        _begun(hub, 40)
        start = time.monotonic()
        assert hub.say("Others talk meanwhile.")["do"] == "say"
        assert time.monotonic() - start < 5
    _begun(hub, 0)
    end = time.monotonic() + PATIENCE
    while len(os.listdir("/proc/self/fd")) > before + 3:
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("count", [16, 3000])
def test_many_ranges_bring_no_more_than_the_file(serve: Serve, count: int) -> None:
    hub = serve()
    assert hub.ask("PUT", "/api/files/general/one?username=mia", DATA).status == 201
    many = ",".join(f"{x * 9}-{x * 9 + 5}" for x in range(count))
    answer = hub.get("/api/files/general/one", Range=f"bytes={many}")
    assert answer.status in (200, 206, 400, 431)
    assert len(answer.body) <= len(DATA)
    again = hub.get("/api/files/general/one", Range="bytes=" + ",".join(["0-"] * 16))
    assert len(again.body) == len(DATA)
