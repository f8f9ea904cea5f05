"""The list of rooms, the card of all rooms, and rooms that are special."""

from __future__ import annotations

import re
from typing import Final

from screens.viewer import Screen, Viewer


def _list(v: Viewer) -> None:
    v.cast.freshen()
    v.open()
    v.rooms()
    v.page.locator(".room .badge").first.wait_for()


def _list_end(v: Viewer) -> None:
    v.open()
    v.rooms()
    v.press(v.page.get_by_role("button", name=re.compile("^Archive")))
    v.page.locator(".rooms").evaluate("x => { x.scrollTop = x.scrollHeight }")


def _options(v: Viewer) -> None:
    v.open()
    v.rooms()
    v.page.get_by_role("link", name=re.compile("^kitchen")).press("Alt+Enter")
    v.dialog("kitchen").wait_for()


def _directory(v: Viewer) -> None:
    v.open()
    v.rooms()
    v.press("Find or make a room")


def _directory_search(v: Viewer) -> None:
    _directory(v)
    v.page.get_by_role("searchbox").fill("wo")
    v.page.get_by_text("Make the room").wait_for()


def _new_private(v: Viewer) -> None:
    v.open()
    v.rooms()
    v.press("New private room")


def _direct(v: Viewer) -> None:
    v.open()
    v.rooms()
    v.press("Write to somebody")
    v.dialog().get_by_role("listitem").first.wait_for()


def _about(v: Viewer) -> None:
    v.open(v.cast.private)
    v.press("About this room")
    v.dialog().get_by_text("In this room").wait_for()
    v.dialog().get_by_role("listitem").first.wait_for()


def _look(v: Viewer) -> None:
    v.open("kitchen")
    v.press("About this room", re.compile("^Icon and colour"))


def _topic(v: Viewer) -> None:
    v.open("kitchen")
    v.press(v.page.locator("button.topic"))


def _empty(v: Viewer) -> None:
    v.open("library", seen=False)
    v.page.get_by_role("button", name="Write first").wait_for()


def _direct_room(v: Viewer) -> None:
    v.open(v.cast.direct)


def _announcements(v: Viewer) -> None:
    v.open("news")


def _slow(v: Viewer) -> None:
    v.open("night-shift")
    v.page.get_by_text("Slow mode: one message").wait_for()


def _missing(v: Viewer) -> None:
    v.open("private-x", seen=False)
    v.page.get_by_role("heading", name="There is no such room").wait_for()


def _invite(v: Viewer) -> None:
    v.open()
    v.press("Invite")
    v.dialog("Invite somebody").get_by_role("listitem").first.wait_for()


SCREENS: Final[dict[str, Screen]] = {
    "rooms": _list,
    "rooms-end": _list_end,
    "room-options": _options,
    "directory": _directory,
    "directory-search": _directory_search,
    "new-private": _new_private,
    "write-to": _direct,
    "room-about": _about,
    "room-look": _look,
    "topic": _topic,
    "empty": _empty,
    "direct": _direct_room,
    "announcements": _announcements,
    "slow": _slow,
    "no-room": _missing,
    "invite": _invite,
}
