"""Cards about people and oneself, and help."""

from __future__ import annotations

from typing import Final

from screens.viewer import Screen, Viewer


def _list(v: Viewer) -> None:
    v.open()
    v.people()


def _person(v: Viewer) -> None:
    v.open()
    v.press(v.row("full lunch box").get_by_role("button", name="Kitchen"))
    v.dialog("Kitchen").wait_for()


def _you(v: Viewer) -> None:
    v.open()
    v.you()


def _face(*names: str) -> Screen:
    def reach(v: Viewer) -> None:
        v.open()
        v.you(*names)

    return reach


def _log_out(v: Viewer) -> None:
    v.open()
    v.you("Log out here")
    v.dialog().get_by_role("button", name="Cancel").wait_for()


def _keys(v: Viewer) -> None:
    v.open()
    v.log.focus()
    v.page.keyboard.press("?")
    v.dialog("Keys").wait_for()


def _hint(v: Viewer) -> None:
    v.page.add_init_script(
        "const later = setTimeout;"
        "window.setTimeout = (act, ms, ...more) => later(act, ms === 45000 ? 9 : ms, ...more);"
    )
    v.open()
    v.page.locator(".hint-line").wait_for()


SCREENS: Final[dict[str, Screen]] = {
    "people": _list,
    "person": _person,
    "you": _you,
    "status": _face("Status"),
    "alerts": _face("Alerts"),
    "name": _face("Change the name"),
    "password": _face("Protect this name"),
    "devices": _face("Devices"),
    "phone-link": _face("Bring in your phone"),
    "programs": _face("Programs"),
    "log-out": _log_out,
    "keys": _keys,
    "hint": _hint,
}
