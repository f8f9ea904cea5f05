"""A session bus of a test's own, and on it a service that shows notifications."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.desktop.screen import PATIENCE

CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>"""
"""Starts no services by itself, which would outlive a test."""


class SessionBus:
    """`environment` leads programs to it."""

    def __init__(self, folder: Path) -> None:
        configuration = folder / "bus.conf"
        configuration.write_text(CONFIGURATION.format(folder / "bus"))
        self._processes = [
            subprocess.Popen(
                ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address"],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
        ]
        told = self._processes[0].stdout
        assert told is not None
        self.environment = {"DBUS_SESSION_BUS_ADDRESS": told.readline().strip()}

    def shows_notifications(self, *abilities: str) -> NotificationService:
        service = NotificationService(self.environment, abilities)
        self._processes.append(service.process)
        return service

    def close(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.communicate()


class NotificationService:
    """What programs asked of it, and what somebody does with what it shows."""

    def __init__(self, environment: dict[str, str], abilities: tuple[str, ...]) -> None:
        self._calls: queue.Queue[list[Any]] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("notification_service.py"), *abilities],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        threading.Thread(target=self._read, daemon=True).start()
        assert self.call() == [], "it is there"

    def call(self) -> list[Any]:
        """The next call: its name, the number of the notification, and what was given."""
        return self._calls.get(timeout=PATIENCE)

    def quiet(self, seconds: float) -> bool:
        """Whether nothing is asked of it for so long."""
        try:
            call = self._calls.get(timeout=seconds)
        except queue.Empty:
            return True
        raise AssertionError(f"it was asked for {call}")

    def does(self, number: int, signal: str, *more: Any) -> None:
        """Somebody does something with a notification, such as `ActionInvoked`, "default"."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([number, signal, *more]) + "\n")
        self.process.stdin.flush()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._calls.put(json.loads(line))
