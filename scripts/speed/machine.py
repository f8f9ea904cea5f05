"""The facts about this machine without which no figure means anything."""

from __future__ import annotations

import os
import platform
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import commands
from commands import ROOT
from environment import PYTHON
from speed.figures import percentile

SYNCS = 300


def facts(folder: Path, sync_ms: tuple[float, float]) -> dict[str, str]:
    """In words, for the head of the report; `sync_ms` is p50 and p99."""
    return {
        "When": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "Processor": f"{_cpu()}, {os.cpu_count()} cores",
        "Memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "System": f"{_system()}, Linux {platform.release()}",
        "Python": commands.run([PYTHON, ROOT / "scripts" / "interpreter.py"]).splitlines()[0],
        "Disk": f"{file_system(folder)}; append and fdatasync {sync_ms[0]:.2f} ms, "
        f"p99 {sync_ms[1]:.2f} ms",
        "Others at work": f"load average {os.getloadavg()[0]:.1f} before the first measurement",
    }


def sync_time(folder: Path) -> tuple[float, float]:
    """What appending a line and waiting for stable storage takes here: p50 and p99 in ms."""
    took = []
    file = folder / "sync"
    fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        for _ in range(SYNCS):
            began = time.perf_counter()
            os.write(fd, b"x" * 200 + b"\n")
            os.fdatasync(fd)
            took.append(1000 * (time.perf_counter() - began))
    finally:
        os.close(fd)
        file.unlink()
    return percentile(took, 0.5), percentile(took, 0.99)


def file_system(folder: Path) -> str:
    """The type of the file system that holds `folder`, as mounted, such as ext4."""
    mounts = {}
    for line in Path("/proc/mounts").read_text().splitlines():
        _, place, kind, *_ = line.split()
        mounts[place.replace("\\040", " ")] = kind
    resolved = folder.resolve()
    return next(mounts[str(x)] for x in (resolved, *resolved.parents) if str(x) in mounts)


def _cpu() -> str:
    match = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return match[1].strip() if match else platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return "Linux"
