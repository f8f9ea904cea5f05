"""The mutex by which Windows' installer sees that Hearth runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

SYNCHRONIZE = 0x00100000
NAME = "chat.hearth.Tests"
HOLDS = f"from hub.desktop import mutex; mutex.hold({NAME!r}); print(flush=True); input()"


@pytest.mark.skipif("sys.platform != 'win32'", reason="only Windows has such ones")
def test_another_program_finds_it_as_long_as_its_holder_runs() -> None:
    assert sys.platform == "win32"
    import ctypes

    kernel32 = ctypes.WinDLL("kernel32")

    def is_there() -> bool:
        handle = kernel32.OpenMutexW(SYNCHRONIZE, False, NAME)
        if handle:
            kernel32.CloseHandle(handle)
        return bool(handle)

    assert not is_there()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout
        holder.stdout.readline()
        assert is_there()
    finally:
        holder.communicate(b"\n", timeout=60)
    assert not is_there()
