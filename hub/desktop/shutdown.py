"""When Hearth ends: set by a signal, by the window's end, or by the server's.

A toolkit's main loop lets no Python signal handler run; the wake-up descriptor does.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable

from hub.threads import start


class Shutdown:
    """Made on the main thread, before anything that a signal could cut short."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._then: Callable[[], None] = lambda: None
        reading, writing = socket.socketpair()
        writing.setblocking(False)
        ends = [signal.SIGINT, signal.SIGTERM]
        if sys.platform == "win32":
            ends.append(signal.SIGBREAK)
        elif signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup has it
            ends.append(signal.SIGHUP)  # the terminal was closed
        for number in ends:
            signal.signal(number, self._heard)
        signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        self._writing = writing
        start(threading.Thread(target=self._listen, args=(reading,), daemon=True))

    def _heard(self, *_: object) -> None:
        """Tell the thread, as GTK puts a wake-up descriptor of its own in the place of ours.

        To set the event here would wait for ever where the main thread just holds its lock.
        """
        with contextlib.suppress(BlockingIOError):
            self._writing.send(b"x")

    def _listen(self, reading: socket.socket) -> None:
        with reading:
            while reading.recv(1):
                self.set()

    def then(self, work: Callable[[], None]) -> None:
        """Do this when it is set, at once where it is."""
        self._then = work
        if self._event.is_set():
            work()

    def after(self, wait: Callable[[], object]) -> None:
        """Set it when `wait` returns."""

        def waiting() -> None:
            wait()
            self.set()

        start(threading.Thread(target=waiting, daemon=True))

    def after_parent(self) -> None:
        """Set it when the process that started this one has ended, killed for one."""
        parent = os.getppid()

        def wait() -> None:
            while os.getppid() == parent:
                time.sleep(1)

        self.after(wait)

    def set(self) -> None:
        """The end has come; what was to be done then is done, once."""
        if not self._event.is_set():
            self._event.set()
            self._then()

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self) -> None:
        """Wait until it is set, such that a signal is heard meanwhile."""
        while not self._event.wait(3600):
            pass
