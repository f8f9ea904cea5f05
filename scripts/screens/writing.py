"""The message box, and what opens from it."""

from __future__ import annotations

from typing import Final

from screens.viewer import Screen, Viewer


def _long(v: Viewer) -> None:
    v.open()
    v.message.fill("The old maps are in the long drawer.\n" * 12)


def _reply(v: Viewer) -> None:
    v.open()
    v.menu("is there a map", "Reply")
    v.type("There is, in the long drawer")


def _edit(v: Viewer) -> None:
    v.open()
    v.menu("on the top shelf", "Edit")


def _people(v: Viewer) -> None:
    v.open()
    v.type("Ask @")
    v.page.get_by_role("option").first.wait_for()


def _outside(v: Viewer) -> None:
    v.open(v.cast.private)
    v.type("And @Garage")
    v.page.get_by_role("option").first.wait_for()
    v.page.keyboard.press("Enter")


def _emoji(v: Viewer) -> None:
    v.open()
    v.type("Soup :bow")
    v.page.get_by_role("option").first.wait_for()


def _rooms(v: Viewer) -> None:
    v.open()
    v.type("See #")
    v.page.get_by_role("option").first.wait_for()


def _picker(v: Viewer) -> None:
    v.open()
    v.press("Emoji")
    v.page.get_by_role("gridcell").first.wait_for()


def _picker_search(v: Viewer) -> None:
    _picker(v)
    v.page.get_by_role("searchbox", name="Search emoji").fill("bread")
    v.page.get_by_role("gridcell").first.wait_for()


def _format(v: Viewer) -> None:
    v.open()
    v.type("The *north* well")
    v.press("Format")
    v.page.get_by_role("toolbar", name="Format").wait_for()


def _poll(v: Viewer) -> None:
    v.open()
    v.type("/poll Tea or coffee? | Tea | Coffee | Water")
    v.page.keyboard.press("Enter")
    v.dialog("Make a poll").wait_for()


def _poll_fault(v: Viewer) -> None:
    v.open()
    v.press("Make a poll")
    v.page.get_by_role("textbox", name="Question").fill("Tea or coffee?")
    v.press("Send poll")


SCREENS: Final[dict[str, Screen]] = {
    "write-long": _long,
    "write-reply": _reply,
    "write-edit": _edit,
    "complete-people": _people,
    "complete-outside": _outside,
    "complete-emoji": _emoji,
    "complete-rooms": _rooms,
    "emoji": _picker,
    "emoji-search": _picker_search,
    "format": _format,
    "poll-form": _poll,
    "poll-form-fault": _poll_fault,
}
