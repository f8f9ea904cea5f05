"""The icon in the menu bar of macOS: an NSStatusItem, on the main thread."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, Final

from hub.desktop.tray.entries import Entry

POINTS: Final = 18
"""Width and height of the icon in the menu bar."""


class StatusItem:
    """`told` gives the line that stands beside the name where the pointer rests on the icon.

    `icon` is a PNG.
    """

    def __init__(
        self, groups: Sequence[Sequence[Entry]], icon: str | None, told: Callable[[], str]
    ) -> None:
        self._groups = groups
        self._icon = icon
        self._told = told
        self._item: Any = None
        self._target: Any = None  # a menu keeps none of its own

    @property
    def is_there(self) -> bool:
        return self._item is not None

    def show(self) -> None:
        """Show the icon as soon as the program's loop runs; on any thread."""
        self._later(self._begin)

    def changed(self) -> None:
        """What `told` gives is another; on any thread."""
        self._later(self._tell)

    def close(self) -> None:
        """Show it no longer; on any thread."""
        self._later(self._end)

    def _later(self, do: Callable[[], None]) -> None:
        from PyObjCTools import AppHelper

        AppHelper.callAfter(do)

    # -- on the main thread ----------------------------------------------------------------

    def _begin(self) -> None:
        import AppKit

        item = AppKit.NSStatusBar.systemStatusBar().statusItemWithLength_(
            AppKit.NSVariableStatusItemLength
        )
        picture = AppKit.NSImage.alloc().initWithContentsOfFile_(self._icon)
        if picture is not None:
            picture.setSize_((POINTS, POINTS))
            picture.setAccessibilityDescription_("Hearth")
            item.button().setImage_(picture)
        else:
            item.button().setTitle_("Hearth")
        menu = AppKit.NSMenu.alloc().init()
        self._target = _target_class().alloc().init()
        self._target.entries = []
        for group in self._groups:
            if self._target.entries:
                menu.addItem_(AppKit.NSMenuItem.separatorItem())
            for entry in group:
                line = menu.addItemWithTitle_action_keyEquivalent_(entry.label, "choose:", "")
                line.setTarget_(self._target)
                line.setTag_(len(self._target.entries))
                self._target.entries.append((entry, line))
        menu.setDelegate_(self._target)
        item.setMenu_(menu)
        self._item = item
        self._tell()

    def _tell(self) -> None:
        if self._item is not None:
            told = self._told()
            self._item.button().setToolTip_(f"Hearth: {told}" if told else "Hearth")

    def _end(self) -> None:
        import AppKit

        item, self._item = self._item, None
        if item is not None:
            AppKit.NSStatusBar.systemStatusBar().removeStatusItem_(item)


@functools.cache  # Objective-C has each class only once
def _target_class() -> Any:
    from Foundation import NSObject

    class HearthStatusItemTarget(NSObject):  # type: ignore[misc]
        """Hears of what is chosen in the menu, and that it is about to open."""

        entries: list[tuple[Entry, Any]]

        def choose_(self, line: Any) -> None:
            entry, _ = self.entries[line.tag()]
            entry.chosen()

        def menuNeedsUpdate_(self, _: Any) -> None:  # noqa: N802 - Cocoa names it
            for entry, line in self.entries:
                if entry.is_on is not None:
                    line.setState_(int(entry.is_on()))

    return HearthStatusItemTarget
