"""What is shown when something does not work, or is being undone."""

from __future__ import annotations

import json
from typing import Final

from playwright.sync_api import WebSocketRoute

from screens.viewer import Screen, Viewer


class Wire:
    """The page's live connection, which can be cut, and on which a message is refused."""

    def __init__(self, v: Viewer) -> None:
        self.is_cut = False
        self._open: list[WebSocketRoute] = []
        v.page.route_web_socket("**/api/live", self._connected)

    def _connected(self, page: WebSocketRoute) -> None:
        if self.is_cut:
            page.close()
            return
        self._open.append(page)
        hub = page.connect_to_server()

        def pass_on(line: str | bytes) -> None:
            said = json.loads(line)
            if said["do"] != "say":
                hub.send(line)
                return
            why = {"code": "room_closed", "message": "Nothing more can be said in this room."}
            page.send(
                json.dumps({"do": "refused", "room": said["room"], "key": said["key"], **why})
            )

        page.on_message(pass_on)

    def cut(self) -> None:
        self.is_cut = True
        for page in self._open:
            page.close()


def _refused(v: Viewer) -> None:
    Wire(v)
    v.open()
    v.message.fill("It is in the long drawer, the second from the top.")
    v.press("Send")
    v.log.get_by_text("Not sent").wait_for()


def _waiting(v: Viewer) -> None:
    wire = Wire(v)
    v.open()
    v.page.get_by_text("Connected", exact=True).wait_for(state="attached")
    wire.cut()
    v.page.route("**/api/**", lambda route: route.abort())
    v.message.fill("It is in the long drawer.")
    v.press("Send")
    v.page.locator(".line.status").wait_for(timeout=20_000)
    v.log.get_by_text("Sending later").wait_for(timeout=20_000)


def _undo(v: Viewer) -> None:
    v.cast.me.say("A word too many", "library-talk")
    v.open("library-talk")
    v.menu("A word too many", "Remove")
    question = v.dialog()
    question.wait_for()
    v.press(question.get_by_role("button", name="Remove"))
    v.page.get_by_text("Removing").wait_for()


def _not_loaded(v: Viewer) -> None:
    v.page.route("**/help-card*", lambda route: route.abort())
    v.open()
    v.log.focus()
    v.page.keyboard.press("?")
    v.page.get_by_text("That did not come from the hub").wait_for()


def _muted(v: Viewer) -> None:
    v.open()
    v.press(v.row("full lunch box").get_by_role("button", name="Kitchen"))
    v.press(v.dialog("Kitchen").get_by_role("button", name="Mute for me"))
    v.page.keyboard.press("Escape")
    v.log.locator(".muted").first.wait_for()


def _muted_people(v: Viewer) -> None:
    _muted(v)
    v.you("Muted by you")
    v.button("Unmute Kitchen").wait_for()


SCREENS: Final[dict[str, Screen]] = {
    "refused": _refused,
    "waiting": _waiting,
    "undo": _undo,
    "not-loaded": _not_loaded,
    "muted": _muted,
    "muted-people": _muted_people,
}
