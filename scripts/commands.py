"""Runs commands: their output on screen, the progress of downloads, what to say when one fails.

Standard library alone, in syntax that older Pythons can still read: the set-up begins with it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

import interruptions

ROOT = Path(__file__).resolve().parent.parent

VERBOSE = "--verbose"
STALLED = 28.0
"""Seconds without a byte after which a download has failed: there is no way to its registry."""
LAST_LINES = 15
"""Lines of a failing command's output that are shown without `--verbose`."""


class Download(NamedTuple):
    """How to see that a command which downloads gets something, each as a pattern of its lines.

    `news` matches when something came, and growth in `folders` counts too; while the last line
    matches `busy`, the command works on what it has, and from `fetched` on it has everything;
    `no_way` matches the reason why it failed.
    """

    client: str
    news: str
    busy: str
    fetched: str
    no_way: str
    folders: Sequence[Path] = ()


class Failed(Exception):
    """A step could not be made; the message is what to show, with a failing command's output."""


class NoWay(Failed):
    """There is no way to a package registry."""

    def __init__(self, client: str) -> None:
        super().__init__(
            f"there is no way to the package registry that {client} asks; "
            f"go online and start again ({VERBOSE} shows the rest)."
        )


def verbose(arguments: Sequence[str]) -> list[str]:
    """The `arguments` without `--verbose`; with it, all output of commands is shown from now on."""
    global _verbose
    _verbose = VERBOSE in arguments
    return [argument for argument in arguments if argument != VERBOSE]


def run(
    command: Sequence[str | Path],
    also_set: Mapping[str, str] | None = None,
    allowed: Sequence[int] = (0,),
    download: Download | None = None,
    heard: Callable[[str], None] = lambda line: None,
) -> str:
    """Runs `command` in the checkout and gives its output, stderr's too.

    `also_set` is added to its environment; `heard` is called with each line, in another thread. A
    `download` shows how it goes once it takes more than three seconds, and ends when nothing comes.
    Raises NoWay there, and Failed, the output in it, on a status that is not among the `allowed`.
    Whatever it raises, the command and all that it started have ended.
    """
    lines: list[str] = []

    def listen(output: IO[str]) -> None:
        with output as told:
            for line in told:
                lines.append(line)
                heard(line)
                if _verbose:
                    say(f"  {line.rstrip()}")

    process = None
    try:
        with interruptions.held_back():
            process = _popen(command, also_set or {})
            assert process.stdout
            listener = threading.Thread(target=listen, args=(process.stdout,), daemon=True)
            listener.start()
        if download:
            _watch(process, lines, download)
        process.wait()
        listener.join(5)  # a process that it left running may hold its output open
        if process.returncode not in allowed:
            if download and re.search(download.no_way, "".join(lines)):
                raise NoWay(download.client)
            words = " ".join(str(part) for part in command)
            raise Failed(f"{words}\n{_last(lines)}\n(status {process.returncode})")
    except BaseException as why:
        if process:
            _end(process, 1 if isinstance(why, NoWay) else 10)  # time to finish what it is writing
        raise
    return "".join(lines)


def say(words: str) -> None:
    """Prints a line on stderr; stdout belongs to the program that the script becomes."""
    _clear()
    print(words, file=sys.stderr, flush=True)


_verbose = False
_passing = ""
"""The progress line on screen, which the next one overwrites."""


def _show(words: str) -> None:
    """Shows progress: on a terminal in one line that is overwritten, else in a line of its own."""
    global _passing
    if not sys.stderr.isatty():
        say(words)
        return
    _clear()
    print(words, end="", file=sys.stderr, flush=True)
    _passing = words


def _clear() -> None:
    global _passing
    if _passing:
        print(f"\r{' ' * len(_passing)}\r", end="", file=sys.stderr)
    _passing = ""


def _watch(process: subprocess.Popen[str], lines: list[str], download: Download) -> None:
    """Waits for a download to end and shows its progress; raises NoWay when it stalls."""
    began = came = time.monotonic()
    shown = began + 3
    every = 1 if sys.stderr.isatty() else 10
    first = most = _size(download.folders)
    told = 0
    fetched = False
    while process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
        now = time.monotonic()
        size = _size(download.folders)
        fresh = lines[told:]
        told += len(fresh)
        fetched = fetched or any(re.match(download.fetched, line) for line in fresh)
        busy = fetched or bool(lines and re.match(download.busy, lines[-1]))
        if busy or size > most or any(re.match(download.news, line) for line in fresh):
            came = now
        most = max(most, size)
        if now - came > STALLED:
            raise NoWay(download.client)
        if now >= shown:
            shown = now + every
            if busy:
                going = "installing"
            elif now - came > 3:
                going = f"nothing has come for {now - came:.0f} s"
            else:
                going = f"{(most - first) / 1e6:.1f} MB so far" if most > first else "coming"
            _show(f"  {now - began:.0f} s, {going}")
    _clear()


def _size(folders: Sequence[Path]) -> int:
    """The bytes of all files below `folders`."""
    size = 0
    for top in folders:
        for folder, _, names in os.walk(top):
            for name in names:
                with suppress(OSError):  # deleted since it was listed
                    size += os.lstat(os.path.join(folder, name)).st_size
    return size


def _popen(command: Sequence[str | Path], also_set: Mapping[str, str]) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env={**os.environ, **also_set},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # a group of its own, to be ended whole
        )
    except OSError as error:
        raise Failed(f"{command[0]}: {error.strerror}") from None


def _last(lines: Sequence[str]) -> str:
    """The last lines of a command's output; '' if all of it has been shown."""
    if _verbose:
        return ""
    left_out = len(lines) - LAST_LINES
    head = f"({left_out} lines before; {VERBOSE} shows them)\n" if left_out > 0 else ""
    return head + "".join(lines[-LAST_LINES:]).strip()


def _end(process: subprocess.Popen[str], seconds: float) -> None:
    """Ends a command and all that it started; after `seconds`, by force."""
    if sys.platform == "win32":
        force = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(force, capture_output=True, check=False)
        process.wait()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    finally:  # also when Ctrl+C is pressed again
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
