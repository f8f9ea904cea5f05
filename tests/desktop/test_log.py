"""The log file."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.desktop import log
from hub.errors import CannotStart


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hearth.log"


@pytest.fixture
def kept(file: Path) -> Iterator[log.LogFile]:
    handler = log.LogFile(file)
    yield handler
    handler.close()


def write(handler: logging.Handler, text: str) -> None:
    handler.emit(logging.makeLogRecord({"msg": text, "name": "hub", "levelname": "INFO"}))


def test_the_log_is_bounded(kept: log.LogFile, file: Path) -> None:
    for number in range(60):
        write(kept, f"line {number} " + "x" * (log.LOG_BYTES // 10))
    files = sorted(file.parent.iterdir())
    assert [x.name for x in files] == ["hearth.log", "hearth.log.1", "hearth.log.2"]
    assert all(x.stat().st_size <= log.LOG_BYTES for x in files)
    assert "line 59 " in file.read_text()


def test_a_line_of_the_log(kept: log.LogFile, file: Path) -> None:
    write(kept, "caf\u00e9 \udcff")
    (line,) = file.read_text("utf-8").splitlines()
    assert line.endswith("INFO hub: caf\u00e9 \\udcff")


@pytest.mark.skipif(os.name != "posix", reason="a matter of POSIX permissions")
def test_only_the_owner_can_read_it(file: Path) -> None:
    file.touch(0o644)
    file.chmod(0o644)  # as another program may have made it
    log.LogFile(file).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_it_is_not_written_through_a_link(file: Path) -> None:
    file.symlink_to(file.with_name("elsewhere"))
    with pytest.raises(CannotStart, match=r"hearth\.log cannot be written: it is a link"):
        log.start(file)
    assert not file.with_name("elsewhere").exists()


def test_information_goes_to_the_file_and_errors_to_stderr_too(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.RootLogger(logging.WARNING)
    monkeypatch.setattr(logging, "root", root)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    uvicorn = logging.getLogger("uvicorn.error")
    level = uvicorn.level
    try:
        log.start(file)
        assert not logging.raiseExceptions
        assert uvicorn.level == logging.WARNING
    finally:
        uvicorn.setLevel(level)
    root.info("only in the file")
    root.error("in both")
    for handler in root.handlers:
        handler.close()
    assert capsys.readouterr().err == "Hearth: in both\n"
    assert [x.partition(": ")[2] for x in file.read_text().splitlines()] == [
        "only in the file", "in both",
    ]  # fmt: skip
