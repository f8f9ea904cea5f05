"""The message box, and what opens from it."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import FilePayload

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
    if v.phone:
        v.press("Add files or a poll")
    v.press("Make a poll")
    v.page.get_by_role("textbox", name="Question").fill("Tea or coffee?")
    v.press("Send poll")


def _choose(v: Viewer, *files: FilePayload) -> None:
    with v.page.expect_file_chooser() as chooser:
        v.press("Add files or a poll" if v.phone else "Add files")
        if v.phone:
            v.press("Files")
    chooser.value.set_files(list(files))


def _file(name: str, size: int) -> FilePayload:
    return {"name": name, "mimeType": "", "buffer": bytes(size)}


def _files(v: Viewer) -> None:
    v.open()
    names = ("Minutes of the meeting about the roof of the old mill.pdf", "מפה.txt", "Key.stl")
    _choose(v, *(_file(name, 40_000 * (at + 1)) for at, name in enumerate(names)))
    v.page.locator(".upload-done").nth(2).wait_for()
    v.type("For tomorrow")


def _many_files(v: Viewer) -> None:
    v.open()
    _choose(v, *(_file(f"Photo {n}.raw", 90_000) for n in range(1, 21)))
    v.page.locator(".upload-done").nth(19).wait_for()


def _ways(v: Viewer) -> None:
    v.open()
    if v.phone:
        v.press("Add files or a poll")


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
    "files": _files,
    "files-many": _many_files,
    "files-ways": _ways,
    "poll-form": _poll,
    "poll-form-fault": _poll_fault,
}
