"""The conversation, and what can be done with a message in it."""

from __future__ import annotations

from typing import Final

from screens.viewer import Screen, Viewer


def _room(v: Viewer) -> None:
    v.open()
    v.row("is there a map").wait_for()
    v.cast.kitchen.typing("general")
    if not v.phone:
        v.page.mouse.move(640, 2)


def _hover(v: Viewer) -> None:
    v.open()
    if v.phone:
        v.menu("Please save it")
    else:
        v.row("Please save it").hover()


def _quick_reactions(v: Viewer) -> None:
    v.open()
    if v.phone:
        v.menu("Please save it", "React with another emoji")
    else:
        v.row("Please save it").hover()
        v.press("React")


def _menu(v: Viewer) -> None:
    v.open()
    v.menu("on the top shelf")


def _reactions(v: Viewer) -> None:
    v.open()
    v.menu("Please save it", "Who reacted")


def _happened(v: Viewer) -> None:
    v.open("kitchen")
    v.row("Rice it is").wait_for()


def _happened_first(v: Viewer) -> None:
    v.open("kitchen")
    v.log.evaluate("log => { log.scrollTop = 0 }")


def _formatted(v: Viewer) -> None:
    v.open("workshop")
    v.log.locator(".code-keyword").first.wait_for()


def _formatted_first(v: Viewer) -> None:
    _formatted(v)
    v.log.evaluate("log => { log.scrollTop = 0 }")


def _long_code(v: Viewer) -> None:
    v.open("night-shift")


def _thread(v: Viewer) -> None:
    v.open()
    v.menu("Blue lid", "Open thread")
    v.page.get_by_role("complementary", name="Thread").get_by_text("2 replies").wait_for()


def _thread_reply(v: Viewer) -> None:
    _thread(v)
    v.page.get_by_role("textbox", name="Reply in thread").fill(
        "The blue lid is mine, it went by mistake"
    )


def _versions(v: Viewer) -> None:
    v.open("kitchen")
    v.press(v.log.get_by_role("button", name="Edited: show what it said before"))
    v.dialog("Versions of this message").get_by_text("As it was written").wait_for()


def _forward(v: Viewer) -> None:
    v.open()
    v.menu("Lunch at 12:30", "Forward…")
    v.dialog("Forward").get_by_role("button").nth(3).wait_for()


def _selection(v: Viewer) -> None:
    v.open()
    v.menu("Please save it", "Select")
    v.press(v.row("Blue lid"), v.row("on the top shelf"))


def _votes(v: Viewer) -> None:
    v.open()
    v.press("Show who voted")
    v.log.get_by_text("Front desk, Kitchen").wait_for()


def _pins(v: Viewer) -> None:
    v.open()
    v.press("All 2")


def _mentions(v: Viewer) -> None:
    v.open()
    v.rooms()
    v.press(v.page.locator(".to-mentions"))
    v.dialog("Mentions").get_by_role("listitem").first.wait_for()


def _readers(v: Viewer) -> None:
    v.open("kitchen")
    v.press(v.page.locator(".readers").last)


def _compact(v: Viewer) -> None:
    v.open()
    v.page.evaluate("document.documentElement.dataset.density = 'compact'")
    v.page.wait_for_timeout(100)
    v.log.evaluate("log => { log.scrollTop = log.scrollHeight }")


def _new_below(v: Viewer) -> None:
    v.open("kitchen")
    v.log.evaluate("log => { log.scrollTop = 0 }")
    v.button("Newest").wait_for()


SCREENS: Final[dict[str, Screen]] = {
    "room": _room,
    "message-tools": _hover,
    "message-reactions": _quick_reactions,
    "message-menu": _menu,
    "reactions": _reactions,
    "messages": _happened,
    "messages-first": _happened_first,
    "formatted": _formatted,
    "formatted-first": _formatted_first,
    "long-code": _long_code,
    "thread": _thread,
    "thread-reply": _thread_reply,
    "versions": _versions,
    "forward": _forward,
    "selection": _selection,
    "votes": _votes,
    "pins": _pins,
    "mentions": _mentions,
    "readers": _readers,
    "compact": _compact,
    "newest": _new_below,
}
