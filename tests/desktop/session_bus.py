"""A session bus of a test's own, and on it a service that shows notifications, and a tray."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE

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

    def runs(self, *command: str, environment: Mapping[str, str]) -> None:
        """Starts a program of the desktop's, which comes to the bus by itself."""
        own = {**environment, **self.environment}
        self._processes.append(
            subprocess.Popen(
                command, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
            )
        )

    def shows_notifications(self, *abilities: str) -> NotificationService:
        service = NotificationService(self.environment, abilities)
        self._processes.append(service.process)
        return service

    def has_tray(self, *options: str) -> Tray:
        """A tray, with a host that shows icons unless `--no-host` is given."""
        tray = Tray(self.environment, options)
        self._processes.append(tray.process)
        return tray

    def close(self) -> None:
        while self._processes:
            process = self._processes.pop()
            process.kill()
            process.communicate()


class _Program:
    """A program of the desktop's on the bus, which is told and tells by lines of JSON."""

    def __init__(self, file: str, environment: dict[str, str], options: tuple[str, ...]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name(file), *options],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        threading.Thread(target=self._read, daemon=True).start()

    def hear(self, told: list[Any]) -> None:
        """Take what it tells."""
        raise NotImplementedError

    def tell(self, *words: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.hear(json.loads(line))


class NotificationService(_Program):
    """What programs asked of it, and what somebody does with what it shows."""

    def __init__(self, environment: dict[str, str], abilities: tuple[str, ...]) -> None:
        self._calls: queue.Queue[list[Any]] = queue.Queue()
        super().__init__("notification_service.py", environment, abilities)
        assert self.call() == [], "it is there"

    def hear(self, told: list[Any]) -> None:
        self._calls.put(told)

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
        self.tell(number, signal, *more)


class Tray(_Program):
    """What a desktop's tray is told by items, and what somebody does with them."""

    def __init__(self, environment: dict[str, str], options: tuple[str, ...]) -> None:
        self._told: dict[str, queue.Queue[Any]] = {
            name: queue.Queue() for name in ("ready", "item", "changed", "answer")
        }
        super().__init__("tray_host.py", environment, options)
        self._told["ready"].get(timeout=PATIENCE)

    def hear(self, told: list[Any]) -> None:
        self._told[told[0]].put(told[1:])

    def item(self) -> str:
        """The name of the next item that registers."""
        return str(self._told["item"].get(timeout=PATIENCE)[0])

    def change(self) -> str:
        """The next signal of an item or its menu."""
        return str(self._told["changed"].get(timeout=PATIENCE)[0])

    def does(self, what: str, *given: Any) -> Any:
        """Have the tray do something with the item that registered last: see tray_host.py."""
        self.tell(what, *given)
        return self._told["answer"].get(timeout=PATIENCE)[0]

    def close(self) -> None:
        """It ends, as a desktop's panel does that crashes."""
        self.process.kill()
        self.process.wait()
