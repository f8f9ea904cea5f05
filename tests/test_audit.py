import asyncio
import errno
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.audit import SHOWN, Audit
from hub.store import disk
from hub.store.writer import Writer
from tests.windows import has_mode


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "audit.jsonl"


def noted(file: Path, work: Callable[[Audit], None]) -> Audit:
    """Let the work be done with an audit, and wait until it is in the file."""

    async def main() -> Audit:
        writer = Writer(asyncio.get_running_loop())
        audit = Audit(file, writer, lambda: 1_700_000_000.25)
        work(audit)
        await asyncio.to_thread(writer.stop)
        await asyncio.sleep(0)
        return audit

    return asyncio.run(main())


def test_a_deed_is_a_line(file: Path) -> None:
    audit = noted(
        file, lambda x: x.add("naor", "ban", whom="p_1", name="m\n<b>", room=None, text="")
    )
    lines = file.read_bytes().splitlines()
    entry = {
        "at": "2023-11-14T22:13:20.250Z", "by": "naor", "do": "ban", "whom": "p_1", "name": "m\n<b>"
    }  # fmt: skip
    assert [json.loads(x) for x in lines] == [entry]
    assert list(audit.last) == [entry]


def test_it_is_appended_to_and_the_last_are_at_hand(file: Path) -> None:
    def work(audit: Audit) -> None:
        for number in range(SHOWN + 10):
            audit.add("naor", "kick", name=f"n{number}")

    noted(file, work)
    before = file.read_bytes()
    audit = noted(file, lambda x: x.add("mira", "ban"))
    assert file.read_bytes().startswith(before)
    assert all(file.read_bytes().splitlines()), "no empty line"
    assert len(audit.last) == SHOWN
    assert audit.last[-1]["by"] == "mira"
    assert audit.last[-2]["name"] == f"n{SHOWN + 9}"


@pytest.mark.parametrize("torn", [b'{"at":"2026', b"\xff\xfe", b"[]", b"nonsense"])
def test_a_line_that_was_cut_off_costs_itself_alone(file: Path, torn: bytes) -> None:
    noted(file, lambda x: x.add("naor", "kick"))
    with file.open("ab") as there:
        there.write(torn)

    def work(audit: Audit) -> None:
        assert [x["do"] for x in audit.last] == ["kick"]
        audit.add("naor", "ban")
        audit.add("naor", "unban")

    noted(file, work)
    again = noted(file, lambda _: None)
    assert [x["do"] for x in again.last] == ["kick", "ban", "unban"]


def test_a_long_file_is_read_from_its_end(file: Path) -> None:
    line = json.dumps({"at": "x", "by": "naor", "do": "kick", "text": "x" * 100}).encode() + b"\n"
    file.write_bytes(line * 5_000)
    audit = noted(file, lambda _: None)
    assert len(audit.last) == SHOWN


@pytest.mark.skipif(sys.platform == "win32", reason="has no such permissions")
def test_its_owner_alone_reads_it(file: Path) -> None:
    noted(file, lambda x: x.add("naor", "kick"))
    assert has_mode(file, 0o600)


def test_a_file_that_cannot_be_written_stops_nothing(file: Path) -> None:
    file.parent.joinpath("gone").mkdir()
    elsewhere = file.parent / "gone" / "audit.jsonl"

    def work(audit: Audit) -> None:
        elsewhere.parent.rmdir()
        audit.add("naor", "kick")

    audit = noted(elsewhere, work)
    assert len(audit.last) == 1


def test_an_entry_is_on_stable_storage_with_its_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bytes] = []
    folders: list[Path] = []
    monkeypatch.setattr(disk, "sync_file", lambda fd: synced.append(file.read_bytes()))
    monkeypatch.setattr(disk, "sync_folder", folders.append)

    for deed in ("ban", "kick"):
        noted(file, lambda audit, deed=deed: audit.add("naor", deed))
        assert synced[-1] == file.read_bytes()
        assert folders == [file.parent], "once, as the file was made"


def test_an_entry_that_cannot_be_written_is_told_in_the_log_and_costs_itself_alone(
    file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    append = disk.append

    def full(path: Path, data: bytes) -> None:
        append(path, data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    async def main() -> None:
        writer = Writer(asyncio.get_running_loop())
        audit = Audit(file, writer)
        monkeypatch.setattr(disk, "append", full)
        audit.add("naor", "ban")
        done = asyncio.get_running_loop().create_future()
        writer.call(lambda: None, done.set_result)
        await done
        monkeypatch.setattr(disk, "append", append)
        audit.add("naor", "kick")
        await asyncio.to_thread(writer.stop)

    asyncio.run(main())
    assert "No space left" in caplog.text
    assert json.loads(file.read_bytes().splitlines()[-1])["do"] == "kick"
