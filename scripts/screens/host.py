"""What only a host sees, and the door at which others stand."""

from __future__ import annotations

import re
from typing import Final

from screens.viewer import Screen, Viewer


def _host(v: Viewer, *, welcomed: bool = True) -> None:
    v.cast.desk.prefer(welcomed=welcomed or None)
    v.be(v.cast.desk)
    v.open()


def _panel(tab: str) -> Screen:
    def reach(v: Viewer) -> None:
        _host(v)
        v.rooms()
        v.press(v.page.locator(".self .knob"))
        v.press(v.dialog("Host").get_by_role("tab", name=tab))

    return reach


def _welcome(v: Viewer) -> None:
    _host(v, welcomed=False)
    v.button("Three steps").wait_for()


def _step(number: int) -> Screen:
    def reach(v: Viewer) -> None:
        _welcome(v)
        v.press("Three steps")
        for _ in range(number - 1):
            v.press(v.dialog().get_by_role("button", name="Next"))
            v.page.wait_for_timeout(300)

    return reach


def _person(v: Viewer) -> None:
    _host(v)
    v.press(v.row("Back at noon").get_by_role("button", name="Field team"))
    v.dialog("Field team").get_by_role("button", name="Ban").wait_for()


def _waiting(v: Viewer) -> None:
    v.be(None)
    address = f"{v.cast.desk.base}/api/return"
    v.page.request.post(address, data={"name": "Night shift"}, headers={"Origin": v.cast.desk.base})
    _host(v)
    v.press(re.compile("waiting, open"))
    v.dialog("Host").get_by_role("button", name="Let in as Night shift").wait_for()


def _room(v: Viewer) -> None:
    _host(v)
    v.press("About this room")


def _join(v: Viewer) -> None:
    v.be(None)
    v.open(seen=False)
    v.page.get_by_role("textbox", name="Your name").wait_for()
    v.page.get_by_text("people are here").wait_for()


def _join_taken(v: Viewer) -> None:
    _join(v)
    v.page.get_by_role("textbox", name="Your name").fill("Kitchen")
    v.press("Join")
    v.page.wait_for_timeout(500)


def _join_code(v: Viewer) -> None:
    v.cast.desk.deed("mode", mode="code")
    try:
        v.be(None)
        v.open(seen=False)
        v.page.get_by_role("textbox", name="Your name").wait_for()
    finally:
        v.cast.desk.deed("mode", mode="open")


SCREENS: Final[dict[str, Screen]] = {
    "host-people": _panel("People"),
    "host-coming": _panel("Coming in"),
    "host-rooms": _panel("Rooms"),
    "host-files": _panel("Files"),
    "host-log": _panel("What happened"),
    "host-person": _person,
    "host-waiting": _waiting,
    "host-room": _room,
    "welcome": _welcome,
    "welcome-name": _step(1),
    "welcome-door": _step(2),
    "welcome-invite": _step(3),
    "join": _join,
    "join-taken": _join_taken,
    "join-code": _join_code,
}
