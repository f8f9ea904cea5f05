"""Large files are measured right: whole, from each sender, and after a restart."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from environment import PYTHON
from speed import files
from speed.figures import LOST, Figures
from speed.stage import Stage

VIEW = Path(__file__).parents[1] / "hub" / "web" / "files.py"

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="measuring needs Linux"
)


@pytest.mark.skipif(not VIEW.exists(), reason="the hub has no files yet")
@pytest.mark.slow
@pytest.mark.parametrize("measure", [files.download, files.upload, files.uploads, files.resumed])
def test_a_small_measurement_of_a_real_hub(
    tmp_path: Path, measure: Callable[[Stage], Figures]
) -> None:
    figures = measure(Stage(tmp_path, 0.1, file_mib=16, nginx=Path("/bin/false")))
    assert figures[LOST] == 0
    assert all(value >= 0 for value in figures.values())


@pytest.mark.parametrize("command", [["cat"], [PYTHON, files.SENDER]])
def test_a_bare_sender_sends_the_whole_file(tmp_path: Path, command: list[str | Path]) -> None:
    file = tmp_path / "file"
    files._fill(file, (3 << 20) + 5)
    assert file.stat().st_size == (3 << 20) + 5
    assert files._piped([*command, file], (3 << 20) + 5) > 0
    with pytest.raises(RuntimeError, match="bytes came"):
        files._piped([*command, file], (3 << 20) + 6)


def test_what_is_sent_goes_on_at_its_offset() -> None:
    ours, theirs = socket.socketpair()
    taken = bytearray()

    def take() -> None:
        while more := theirs.recv(1 << 16):
            taken.extend(more)

    taking = threading.Thread(target=take)
    taking.start()
    files._send_all(ours, 1_500_000)
    files._send_all(ours, 1_000_000, 1_500_000)
    ours.close()
    taking.join(20)
    theirs.close()
    assert taken == (files.BLOCK * 3)[:2_500_000]
