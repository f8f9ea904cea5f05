"""An installed Hearth in place of the hub in this process, for tests that know it from outside."""

from __future__ import annotations

import json
import random
from dataclasses import fields
from typing import Any

import pytest

from hub.desktop import local_client
from hub.folder import Folder
from tests.launching import Launched
from tests.serving import PORTS, Serving


class Installed(Serving):
    """A process that serves. Tests that reach into a hub are skipped, as they cannot."""

    _running: Launched | None = None

    def start(self) -> None:
        home = self.path.parent / f"{self.path.name}-home"
        home.mkdir(exist_ok=True)
        told = {x.name: getattr(self.settings, x.name) for x in fields(self.settings)}
        del told["given"]
        settings = (f"--set={name}={_written(value)}" for name, value in told.items())
        host = [f"--host={self.host}"] if self.host else []
        places = [f"--port={self.port or random.choice(PORTS)}", f"--rooms={self.path}"]
        self._running = Launched(["--no-window", *places, *host, *settings], home)
        self._running.ready()
        self.port = self._running.port
        self.folder = Folder(self.path)
        self.server = _Outside(self)  # type: ignore[assignment]

    def stop(self) -> None:
        assert self._running
        try:
            assert self._running.stop() == 0, self._running.complaint
        finally:
            self._running.close()


class _Outside:
    """What is known of a running hub's server without being in its process."""

    def __init__(self, serving: Installed) -> None:
        self._serving = serving

    @property
    def secret(self) -> str:
        told = json.loads((self._serving.path / "hub" / "running.json").read_text("utf-8"))
        return str(told["secret"])

    def ticket(self) -> str:
        asked = {"secret": self.secret, "ticket": True}
        told = local_client.ask(self._serving.url, "POST", "/api/window", asked)
        return str(told["ticket"])

    def __getattr__(self, name: str) -> Any:
        pytest.skip(f"reaches for `{name}` in the hub's own process")


def _written(value: object) -> str:
    """As it stands on a command line."""
    return str(value).lower() if isinstance(value, bool) else str(value)
