"""A second start on a folder: finds the hub that holds it, and raises its window."""

from __future__ import annotations

import os
import time
from typing import Final, NamedTuple
from urllib.parse import quote

from hub.desktop import browser, console, display
from hub.desktop.local_client import answers, ask
from hub.desktop.options import Options
from hub.errors import CannotStart
from hub.folder import Folder, starting

SEARCH_SECONDS: Final = 15.0
"""Seconds to wait for the other start to answer or to end."""


class RunningHub(NamedTuple):
    """The hub that holds a folder: its URL, which ends in '/', and the secret for its window."""

    url: str
    secret: str
    instance: str


def register(folder: Folder, hub: RunningHub) -> None:
    """Tell later starts on `folder`, whose lock is held, about `hub`. Raises CannotStart."""
    with starting(folder.hub):
        folder.write_running({**hub._asdict(), "pid": os.getpid()})


def find(folder: Folder) -> RunningHub | None:
    """Return the hub that holds the folder; it may be just starting.

    A hub that was killed leaves its entry behind, so only one that answers as the instance of the
    entry counts. None where it was just ending: then this start has locked the folder. Raises
    CannotStart where neither happens in time.
    """
    end = time.monotonic() + SEARCH_SECONDS
    while time.monotonic() < end:
        hub = _registered(folder)
        if hub is not None and answers(hub.url, hub.instance):
            return hub
        if folder.lock():
            return None
        time.sleep(0.1)
    raise CannotStart(f"Another Hearth holds {folder.path} but does not answer. End it first.")


def hand_over(hub: RunningHub, folder: Folder, options: Options) -> None:
    """Do what was asked for with the hub that runs: raise its window, or say where it is."""
    url = f"{hub.url}{quote(options.first_room)}"
    if options.reset_host:
        answer = ask(hub.url, "POST", "/api/window", {"secret": hub.secret, "ticket": True})
        if "ticket" not in answer:
            raise CannotStart(f"The Hearth on {folder.path} does not answer. End it, try again.")
        console.say(f"You are the host at {url}#ticket={answer['ticket']}")
        return
    shown = False
    if not options.no_window and not options.browser:
        body = {"secret": hub.secret, "room": options.room, "activation": _activation()}
        shown = bool(ask(hub.url, "POST", "/api/window", body).get("window"))
    console.say(
        f"Hearth is already running at {url}" + (" and its window is shown." if shown else "")
    )
    if not shown and not options.no_window and display.missing() is None:
        browser.system_browser(url)


def _activation() -> str:
    """What the desktop gave this start to let a window come to the front; "" where it gave none.

    https://wayland.app/protocols/xdg-activation-v1 and, for X11,
    https://specifications.freedesktop.org/startup-notification-spec/ .
    """
    names = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
    return next((token for name in names if (token := os.environ.get(name))), "")


def _registered(folder: Folder) -> RunningHub | None:
    entry = folder.read_running() or {}
    values = [entry.get(name) for name in RunningHub._fields]
    return RunningHub(*map(str, values)) if None not in values else None
