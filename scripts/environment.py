"""Makes a checkout ready: takes the steps that are not done yet, one set-up at a time.

Owns the words on screen, the lock and the hand-over to the virtual environment's Python; knows
nothing of what the steps do. Standard library alone, in syntax that older Pythons can still read,
so that they can be told what is missing instead of failing on a line of it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)

WRONG_USAGE = 2
CANNOT_START = 3
INTERRUPTED = 130

VERBOSE = "--verbose"
NOTHING_COMES = 28.0
"""After so many seconds in which a download brought nothing, there is no way to its registry."""
LAST_LINES = 15
"""So many lines of a failing command's output are shown without `--verbose`."""


def nothing_to_go_on_with() -> str:
    return ""


class Step(NamedTuple):
    """One thing to set up: its words on screen, whether it is there, and how to make it.

    `done` is asked at every start, so it must be quick: a look at a file or two. `enough` is asked
    where there was no way to a registry: it says what of an earlier set-up serves in its place, or
    nothing.
    """

    words: str
    done: Callable[[], bool]
    make: Callable[[], None]
    enough: Callable[[], str] = nothing_to_go_on_with


class Download(NamedTuple):
    """How to see that a command which downloads gets something, each as a pattern of its lines.

    `news` tells that something came, and so does growth in `folders`; while the last line is `busy`
    the command works on what it has, and from `fetched` on it has everything; `no_way` tells why it
    failed.
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


def require_python(version: Sequence[int] = sys.version_info[:3]) -> None:
    """Ends the program with status 2 and one sentence where `version` is too old for Hearth."""
    if tuple(version[:2]) < OLDEST:
        have = ".".join(str(part) for part in version[:3])
        need = ".".join(str(part) for part in OLDEST)
        say(f"Hearth needs Python {need} or newer; this is Python {have}.")
        raise SystemExit(WRONG_USAGE)


def prepare(steps: Sequence[Step]) -> None:
    """Makes every step that is not done, in order; ends the program with status 3 if one fails."""
    if all(step.done() for step in steps):
        return
    try:
        with _ended_by_signals(), _only_one():
            for step in steps:
                if not step.done():
                    say(f"Setting up: {step.words} ...")
                    _make(step)
    except Failed as failure:
        say(f"Setting up failed: {failure}")
        raise SystemExit(CANNOT_START) from None
    except KeyboardInterrupt:
        say("Setting up was interrupted; the next start goes on with it.")
        raise SystemExit(INTERRUPTED) from None


def verbose(arguments: Sequence[str]) -> list[str]:
    """The `arguments` without `--verbose`; with it, all that commands say is shown from now on."""
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
        with uninterrupted():
            process = _popen(command, also_set or {})
            assert process.stdout
            listener = threading.Thread(target=listen, args=(process.stdout,), daemon=True)
            listener.start()
        if download:
            _watch(process, lines, download)
        process.wait()
        listener.join(5)  # what it left running may hold its output open
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


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Holds back signals that raise an exception, so that a process started within is known.

    Without it, one that comes before Popen has returned leaves a process that nobody can end.
    """
    came: list[int] = []

    def note(number: int, frame: Any) -> None:
        came.append(number)

    with _handled_by(note, lambda handler: callable(handler)):
        yield
    for number in came:
        signal.raise_signal(number)


def become(*arguments: str) -> NoReturn:
    """Goes on as the environment's Python with `arguments`: same terminal, signals and status."""
    command = [str(PYTHON), *arguments]
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(PYTHON, command)
    # Windows has no exec that keeps the console: wait, and leave Ctrl+C to the child.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise SystemExit(subprocess.call(command))


def say(words: str) -> None:
    """Shows a line to whoever started the script; stdout stays the program's own."""
    _clear()
    print(words, file=sys.stderr, flush=True)


_verbose = False
_passing = ""
"""What stands in a line on screen that the next one takes the place of."""


def _show(words: str) -> None:
    """Shows how something goes: on a screen in one line that passes, else in a line of its own."""
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


def _make(step: Step) -> None:
    try:
        step.make()
    except NoWay as failure:
        kept = step.enough()
        if not kept:
            raise
        client = str(failure).partition(";")[0]
        say(f"Setting up: {client}. Going on with {kept}; the next start tries again.")


def _watch(process: subprocess.Popen[str], lines: list[str], download: Download) -> None:
    """Waits for a download to end; shows how it goes; raises NoWay when nothing comes any more."""
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
        if now - came > NOTHING_COMES:
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
                with suppress(OSError):  # it went meanwhile
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
    """The end of a command's output, which says why it failed; '' where all was shown already."""
    if _verbose:
        return ""
    left_out = len(lines) - LAST_LINES
    head = f"({left_out} lines before; {VERBOSE} shows them)\n" if left_out > 0 else ""
    return head + "".join(lines[-LAST_LINES:]).strip()


def _end(process: subprocess.Popen[str], seconds: float) -> None:
    """Ends a command and all that it started, after so many `seconds` by force."""
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


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Within it SIGTERM and SIGHUP end the program the way Ctrl+C does, with what it started."""

    def interrupt(number: int, frame: Any) -> NoReturn:
        raise KeyboardInterrupt

    with _handled_by(interrupt, lambda handler: handler == signal.SIG_DFL):  # nohup ignores one
        yield


@contextmanager
def _handled_by(
    handle: Callable[[int, Any], None], instead_of: Callable[[Any], bool]
) -> Iterator[None]:
    """Has `handle` take SIGINT, SIGTERM and SIGHUP where `instead_of` says so of their handler."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        numbers = [getattr(signal, x, None) for x in ("SIGINT", "SIGTERM", "SIGHUP")]
        for number in filter(None, numbers):
            if instead_of(signal.getsignal(number)):
                before[number] = signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _only_one() -> Iterator[None]:
    """Holds the checkout's set-up lock; the system lets go of it even if we are killed."""
    with open(ROOT / ".venv.lock", "a") as file:
        if not _take(file):
            say("Setting up: waiting for another set-up to finish ...")
            while not _take(file):
                time.sleep(0.2)
        yield


def _take(file: IO[str]) -> bool:
    """Takes the lock if nobody has it; closing the file gives it back."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
