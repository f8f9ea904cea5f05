"""Hearth's own window is the host by its ticket, and its panel needs only a keyboard."""

import json
import urllib.request
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.desktop.conftest import NOTICES, Start, events
from tests.desktop.screen import Screen
from tests.patience import until
from tests.program import HEARTH
from tests.talk import Talk

BACK_TO_THE_KNOB = 8 + NOTICES
"""From the message box to the knob of the host's panel."""
TO_THE_FIRST = 3
"""From the panel's title to the first person in it, by its cross and its tabs."""
TO_SEND_OUT = 6
"""From a person who is here to "Send out", by three mutes, a message and "Make a host"."""


def test_the_window_is_the_host_and_sends_a_guest_out(
    start: Start, screen: Screen, rooms: Path
) -> None:
    hub = start(*HEARTH, environment=screen.environment)
    screen.raise_window("Hearth")
    screen.until_painted()
    screen.say_first("Naor", "Hello from the window", lambda: events(hub))

    guest = joined(hub.address, "Guest")
    assert me(hub.address, guest)["name"] == "Guest"
    with Talk(f"{hub.address.replace('http', 'ws')}/api/live", guest) as talk:
        talk.hello()
        talk.join()
        screen.rests()
        screen.walk("shift+Tab", BACK_TO_THE_KNOB)
        screen.changes(lambda: screen.press("Return"), "the panel did not open")
        screen.walk("Tab", TO_THE_FIRST)
        screen.changes(lambda: screen.press("Return"), "the guest did not unfold")
        screen.walk("Tab", TO_SEND_OUT)
        # The question begins at "Cancel".
        screen.changes(lambda: screen.press("Return"), "nobody asked whether to send out")
        screen.walk("Tab", 1)
        screen.press("Return")
        with pytest.raises(ConnectionClosed) as closed:
            talk.quiet(30)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, "sent you out" in closed.value.rcvd.reason) == (1008, True)
    assert me(hub.address, guest) is None
    audit = rooms / "hub" / "audit.jsonl"  # written behind what it tells of
    done = {"by": "Naor", "do": "kick", "name": "Guest"}

    def is_written() -> bool:
        lines = audit.read_text(encoding="utf-8").splitlines(keepends=True)
        return any(done.items() <= json.loads(line).items() for line in lines if line[-1] == "\n")

    until(is_written, "the audit has nothing of it")


def joined(address: str, name: str) -> dict[str, str]:
    """Join as a browser does; gives the headers that its later requests bear."""
    asked = urllib.request.Request(
        f"{address}/api/session",
        json.dumps({"name": name}).encode(),
        {"Content-Type": "application/json", "Origin": address},
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return {"Cookie": cookie, "Origin": address}


def me(address: str, headers: dict[str, str]) -> dict[str, object] | None:
    """Who the hub takes the bearer for."""
    asked = urllib.request.Request(f"{address}/api/me", headers=headers)
    with urllib.request.urlopen(asked, timeout=60) as answer:
        told: dict[str, object] | None = json.load(answer)["person"]
    return told
