"""The disk is full or fails while files are sent: nothing is half done, and later it goes on."""

from __future__ import annotations

import errno
import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hub.store import disk
from tests.conftest import Serve
from tests.faults.conftest import MakeDisk
from tests.patience import PATIENCE
from tests.serving import Answer, Serving

DATA = random.Random(7).randbytes(100_000)
HALF = 40_000
FILE = "/api/files/general/one"
PARTIAL = {"Content-Type": "application/partial-upload"}


class _Disk(NamedTuple):
    total: int
    free: int


def _half(hub: Serving, mia: dict[str, str]) -> None:
    answer = hub.ask("PUT", f"{FILE}?name=one.bin", DATA[:HALF], mia, Upload_Complete="?0")
    assert (answer.status, answer.headers["Upload-Offset"]) == (201, str(HALF))


def _rest(hub: Serving, mia: dict[str, str], at: int = HALF, query: str = "") -> Answer:
    return hub.ask(
        "PATCH", FILE + query, DATA[at:], {**mia, **PARTIAL},
        Upload_Offset=str(at), Upload_Complete="?1",
    )  # fmt: skip


def _offset(hub: Serving, mia: dict[str, str]) -> int:
    answer = hub.ask("HEAD", FILE, None, mia)
    assert (answer.status, answer.headers["Upload-Complete"]) == (204, "?0")
    return int(answer.headers["Upload-Offset"])


def _is_there(hub: Serving, name: str = "one.bin") -> None:
    """The one file that was sent is whole, and there is nothing else."""
    assert [x.name for x in (hub.path / "files" / "general").iterdir()] == [name]
    assert (hub.path / "files" / "general" / name).read_bytes() == DATA
    assert hub.get(FILE).body == DATA
    end = time.monotonic() + PATIENCE
    while list((hub.path / "files" / ".unfinished").iterdir()):
        assert time.monotonic() < end
        time.sleep(0.01)


def _fill(disk_: Path, left: int) -> None:
    """Have another program's file leave so many bytes of a disk free."""
    there = os.statvfs(disk_)
    (disk_ / "filler").write_bytes(b"x" * (there.f_bavail * there.f_frsize - left))


def test_a_disk_that_is_nearly_full_takes_no_files_but_messages(
    make_disk: MakeDisk, serve: Serve
) -> None:
    """A tenth of it stays free for what people say; what came before stays, and goes on."""
    small = make_disk(megabytes=24).path
    hub = serve(small / "rooms")
    mia = hub.session("mia")
    _half(hub, mia)
    _fill(small, 1_000_000)
    assert _rest(hub, mia).error == (507, "disk_full")
    answer = hub.ask("PUT", "/api/files/general/two", DATA, mia)
    assert answer.error == (507, "disk_full")
    assert hub.ask("DELETE", "/api/files/general/two", None, mia).status == 404
    assert hub.say("There is room for this.")["n"] == 1
    assert _offset(hub, mia) == HALF
    (small / "filler").unlink()
    assert _rest(hub, mia).status == 201
    _is_there(hub)


def test_a_disk_that_fills_while_a_file_comes(
    make_disk: MakeDisk, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There was room for it as it began, and then another program took that."""
    small = make_disk(megabytes=24).path
    hub = serve(small / "rooms")
    mia = hub.session("mia")
    _half(hub, mia)
    with monkeypatch.context() as before:
        before.setattr(shutil, "disk_usage", lambda _: _Disk(1 << 40, 1 << 40))
        _fill(small, 20_000)
        assert _rest(hub, mia).error == (507, "disk_full")
    at = _offset(hub, mia)
    assert HALF <= at < len(DATA)
    (small / "filler").unlink()
    assert _rest(hub, mia, at).status == 201
    _is_there(hub)


def test_a_folder_of_files_that_is_made_read_only(make_disk: MakeDisk, serve: Serve) -> None:
    """What is there is given out, messages are kept, and files go on once it can be written."""
    small = make_disk()
    hub = serve(small.path / "rooms")
    mia = hub.session("mia")
    assert hub.ask("PUT", "/api/files/general/two?name=two.bin", DATA, mia).status == 201
    _half(hub, mia)
    with small.read_only(hub.path / "files"):
        assert _rest(hub, mia).error == (507, "not_saved")
        answer = hub.ask("PUT", "/api/files/general/three", DATA, mia)
        assert answer.error == (507, "not_saved")
        assert hub.get("/api/files/general/two").body == DATA
        assert hub.say("Messages come.")["text"] == "Messages come."
        assert _offset(hub, mia) == HALF
    assert _rest(hub, mia).status == 201
    assert hub.get(FILE).body == DATA
    said = [x["files"][0]["name"] for x in hub.events() if "files" in x]
    assert said == ["two.bin", "one.bin"]
    assert sorted(os.listdir(hub.path / "files" / "general")) == sorted(said)


def _fails(monkeypatch: pytest.MonkeyPatch, call: str, error: int) -> list[bool]:
    """Have a call that is about the folder of files fail; gives whether it does by now."""
    failing = [False]

    def wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
        def tried(what: Any, *given: Any, **more: Any) -> Any:
            path = os.readlink(f"/proc/self/fd/{what}") if isinstance(what, int) else str(what)
            if failing[0] and "/files" in path:
                raise OSError(error, os.strerror(error))
            return real(what, *given, **more)

        return tried

    where: Any = os if call in ("link", "mkdir") else disk
    monkeypatch.setattr(where, call, wrapped(getattr(where, call)))
    return failing


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="a descriptor's file is not told")
@pytest.mark.parametrize("error", [errno.EIO, errno.EROFS, errno.ENOSPC])
@pytest.mark.parametrize(
    "call", ["open_file", "pwrite", "sync_file", "sync_folder", "link", "mkdir"]
)
def test_a_folder_that_cannot_be_written(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, call: str, error: int
) -> None:
    """The sender is told, nobody else notices, and it goes on from where it was."""
    hub = serve()
    mia = hub.session("mia")
    failing = _fails(monkeypatch, call, error)
    _half(hub, mia)
    failing[0] = True
    code = "disk_full" if error == errno.ENOSPC else "not_saved"
    answer = _rest(hub, mia)
    assert answer.error == (507, code)
    assert hub.say("Nobody else notices.")["n"] == 1
    failing[0] = False
    answer = hub.ask("HEAD", FILE, None, mia)
    at = int(answer.headers["Upload-Offset"])
    assert answer.status == 204
    if answer.headers["Upload-Complete"] == "?0":
        assert at == HALF
        assert _rest(hub, mia, at).status == 201
        _is_there(hub)
        return
    with hub.talk(mia) as talk:
        talk.hello()
        talk.join()
        talk.say("here", files=["one"], key="one")
    [file] = [x["files"][0] for x in hub.events() if "files" in x]
    _is_there(hub, file["name"])


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="a descriptor's file is not told")
def test_a_sync_that_failed_is_not_tried_again(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system may have dropped what it could not write: it does not count as being there."""
    hub = serve()
    mia = hub.session("mia")
    _half(hub, mia)
    real, failed = disk.sync_file, list[str]()

    def sync_file(fd: int) -> None:
        path = os.readlink(f"/proc/self/fd/{fd}")
        if "/.unfinished/" in path and not failed:
            failed.append(path)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(fd)

    monkeypatch.setattr(disk, "sync_file", sync_file)
    assert _rest(hub, mia).error == (507, "not_saved")
    assert _offset(hub, mia) == HALF
    assert Path(failed[0]).read_bytes()[:HALF] == DATA[:HALF]
    assert _rest(hub, mia).status == 201
    _is_there(hub)
