"""What tests of sending files share: how files are chosen, and what stands in the tray."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e.devices import press
from tests.e2e.visitor import Visitor
from tests.serving import Serving


def payload(name: str, content: bytes, kind: str = "") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def chooses(
    visitor: Visitor, *files: FilePayload | Path, size: dict[str, Any] | None = None
) -> None:
    """Add files to the message in the room's own composer, and wait until they are there."""
    with visitor.page.expect_file_chooser() as chooser:
        press(visitor.page.locator("hearth-composer").get_by_label("Add files"), size or {})
        if size:
            menu = visitor.page.get_by_role("dialog", name="Add to the message")
            press(menu.get_by_role("button", name="Files", exact=True), size)
    assert chooser.value.is_multiple()
    chooser.value.set_files(list(files))  # type: ignore[arg-type]
    for file in files[:1]:
        name = file.name if isinstance(file, Path) else file["name"]
        expect(card(visitor, name)).to_be_visible()


def begins_poll(visitor: Visitor, where: Page | Locator, size: dict[str, Any]) -> None:
    """By the button beside the text box, which stands on a card where there is little room."""
    if size:
        press(where.get_by_role("button", name="Add files or a poll"), size)
    card = visitor.page.get_by_role("dialog", name="Add to the message")
    press((card if size else where).get_by_role("button", name="Make a poll"), size)


def cards(visitor: Visitor) -> Locator:
    """The files above the text box."""
    return visitor.page.locator("hearth-composer .upload")


def card(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(".upload").filter(has=visitor.page.get_by_title(name, exact=True))


def all_ready(visitor: Visitor, count: int) -> None:
    expect(visitor.page.locator("hearth-composer .upload-done")).to_have_count(count)
    expect(cards(visitor)).to_have_count(count)


def sends(visitor: Visitor) -> None:
    """Send what is written, with its files, and wait until it is saved."""
    messages = visitor.log.locator(".msg")
    before = messages.count()
    visitor.message.press("Enter")
    expect(messages).to_have_count(before + 1)
    visitor.all_is_saved()


def said_last(hub: Serving, room: str = "general") -> dict[str, Any]:
    return [event for event in hub.events(room) if event["do"] == "say"][-1]


def names(event: dict[str, Any]) -> list[str]:
    return [file["name"] for file in event["files"]]


def kept(hub: Serving, name: str, room: str = "general") -> bytes:
    """What the hub has of a file of that name."""
    return (hub.path / "files" / room / name).read_bytes()
