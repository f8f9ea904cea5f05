"""What the process prints for whoever started it, who may have closed the other end."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable

from hub import __version__
from hub.desktop import frozen


def prepare() -> None:
    """Escape characters that the terminal's encoding lacks, where printing would fail."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def say(line: str) -> None:
    """Print to stdout, while anybody reads it."""
    _print(line, "stdout")


def warn(line: str) -> None:
    """Print to stderr, while anybody reads it."""
    _print(line, "stderr")


def is_seen() -> bool:
    """Whether whoever started the program sees what it prints to stderr."""
    if sys.stderr is None or not sys.stderr.isatty():
        return False
    if sys.platform != "win32":
        return True
    # A console that nobody else is attached to was made for this program, and hides itself. Of the
    # one file, the outer process is attached too.
    import ctypes

    processes = (ctypes.c_uint32 * 4)()
    attached: int = ctypes.windll.kernel32.GetConsoleProcessList(processes, len(processes))
    return attached > (2 if frozen.ONE_FILE else 1)


def say_addresses(base: str, others: Iterable[str], room: str) -> None:
    """Say where the hub is: `base` for this computer, `others` for the network; URLs."""
    say(f"Hearth {__version__} is at {base}/{room}")
    for other in others:
        if other != base:
            say(f"Others on this network: {other}/{room}")


def tell_how_to_be_host() -> None:
    """Say that there is no host yet, on a terminal only, and what to do."""
    tell(
        "Nobody is the host yet: start Hearth once with --reset-host for a link that makes you so."
    )


def tell_how_to_stop(action: str = "Press") -> None:
    """Say how to stop Hearth, on a terminal only."""
    tell(f"{action} Ctrl+C to stop Hearth.")


def tell(line: str) -> None:
    """Print to stderr where that is a terminal: programs that read the output need not know."""
    if sys.stderr is not None and sys.stderr.isatty():
        warn(line)


def _print(line: str, name: str) -> None:
    stream = getattr(sys, name)  # None in a Windows program without console
    if stream is None:
        return
    try:
        print(line, file=stream, flush=True)
    except OSError:
        setattr(sys, name, None)  # what it has buffered would fail again at exit
