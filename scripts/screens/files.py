"""Files: in the conversation, in the list of a room's files, and beside what is being written."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import FilePayload

from screens.contents import LIST, landscape
from screens.viewer import Screen, Viewer


def _files(v: Viewer) -> None:
    v.open("garden")
    v.log.get_by_text("runner beans").wait_for()


def _files_first(v: Viewer) -> None:
    _files(v)
    v.log.evaluate("log => { log.scrollTop = 0 }")
    v.log.get_by_role("img", name="pond.png").wait_for()


def _picture(v: Viewer) -> None:
    _files_first(v)
    v.press(v.log.get_by_role("button", name="pond.png"))
    v.page.get_by_role("dialog").get_by_role("img", name="pond.png").wait_for()


def _list(v: Viewer) -> None:
    _files(v)
    v.press("About this room")
    v.press(v.dialog().get_by_role("button", name=re.compile("^Files")))
    v.dialog("Files").get_by_role("listitem").first.wait_for()


def _tray(v: Viewer) -> None:
    v.open("garden")
    with v.page.expect_file_chooser() as chooser:
        v.press(v.page.locator("hearth-composer").get_by_label(re.compile("^Add files")))
        if v.phone:
            v.press(v.dialog("Add to the message").get_by_role("button", name="Files", exact=True))
    chosen: list[FilePayload] = [
        {"name": "orchard.png", "mimeType": "image/png",
         "buffer": landscape(300, 200, (250, 190, 120), 2)},
        {"name": "seeds.txt", "mimeType": "text/plain", "buffer": LIST.encode()},
    ]  # fmt: skip
    chooser.value.set_files(chosen)
    v.page.locator("hearth-composer .upload-done").nth(1).wait_for()
    v.message.fill("The last two, from this morning")


SCREENS: Final[dict[str, Screen]] = {
    "files": _files,
    "files-first": _files_first,
    "picture": _picture,
    "room-files": _list,
    "file-tray": _tray,
}
