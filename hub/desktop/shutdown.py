"""When the process is to end: after a signal, or the end of the window or of the server; and how.

No Python signal handler runs during a toolkit's main loop; the wake-up descriptor works then too.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Final, NoReturn

from hub.threads import start

LEFT_SECONDS: Final = 1.0
"""Seconds that threads which others started may go on once all is done."""


class Shutdown:
    """An event that signals set too.

    Create it on the main thread, before anything that a signal could interrupt.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._callback: Callable[[], object] | None = None
        reading, writing = socket.socketpair()
        writing.setblocking(False)
        signals = [signal.SIGINT, signal.SIGTERM]
        if sys.platform == "win32":
            signals.append(signal.SIGBREAK)
        elif signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup ignores it
            signals.append(signal.SIGHUP)  # the terminal was closed
        for number in signals:
            signal.signal(number, self._wake)
        signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        self._writing = writing
        start(threading.Thread(target=self._listen, args=(reading,), daemon=True))

    def _wake(self, *_: object) -> None:
        """Wake the thread, because GTK replaces our wake-up descriptor with its own.

        Setting the event here would deadlock if the main thread just holds its lock.
        """
        with contextlib.suppress(BlockingIOError):
            self._writing.send(b"x")

    def _listen(self, reading: socket.socket) -> None:
        with reading:
            while reading.recv(1):
                self.set()

    def on_set(self, callback: Callable[[], object] | None) -> None:
        """Call this when the event is set, or at once if it is; replaces the one before."""
        self._callback = callback
        if callback is not None and self._event.is_set():
            callback()

    def set_after(self, wait: Callable[[], object]) -> None:
        """Set the event when `wait`, called on a thread of its own, returns."""

        def waiting() -> None:
            wait()
            self.set()

        start(threading.Thread(target=waiting, daemon=True))

    def set_after_parent(self) -> None:
        """Set the event when the process that started this one has ended, even if killed."""
        parent = os.getppid()

        def wait() -> None:
            while os.getppid() == parent:
                time.sleep(1)

        self.set_after(wait)

    def set(self) -> None:
        """Set the event and call the callback; only the first time."""
        if not self._event.is_set():
            self._event.set()
            if self._callback is not None:
                self._callback()

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self) -> None:
        """Wait until the event is set; signals are handled meanwhile."""
        while not self._event.wait(3600):
            pass


def leave(status: int) -> NoReturn:
    """End the process with `status`, whatever threads the window's toolkit has left behind.

    pywebview has one ask the page something. If the window is gone first, it waits for the answer
    for good, and Python would wait for it.
    """
    others = [x for x in threading.enumerate() if x is not threading.main_thread() and not x.daemon]
    end = time.monotonic() + LEFT_SECONDS
    for thread in others:
        thread.join(max(0, end - time.monotonic()))
    if any(x.is_alive() for x in others):
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError, OSError, ValueError):  # none, or closed
                stream.flush()
        os._exit(status)
    sys.exit(status)
