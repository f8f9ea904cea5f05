"""The tray of this system."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from hub.desktop.tray.entries import Actions, entries


class Tray(Protocol):
    """An icon in the tray of the desktop, where it has one."""

    @property
    def is_there(self) -> bool:
        """Whether the desktop shows the icon."""

    def show(self) -> None:
        """Show the icon; returns at once."""

    def changed(self) -> None:
        """What the icon tells is another; on any thread."""

    def close(self) -> None:
        """Show it no longer; on any thread."""


def tray(
    actions: Actions,
    icon: str | None,
    told: Callable[[], str],
    on_gone: Callable[[], None] = lambda: None,
    on_back: Callable[[], None] = lambda: None,
    *,
    window: bool = True,
) -> Tray:
    """The one of this system, which shows nothing yet.

    `icon` is a PNG; `told` gives a line that the icon tells beside the program's name; `on_gone` is
    called where a tray ends while the program goes on, and `on_back` where one comes after that.
    Without a `window` of the program's own the menu has nothing about closing it.
    """
    groups = entries(actions, window=window)
    if sys.platform == "win32":
        from hub.desktop.tray.notify_icon import NotifyIcon

        return NotifyIcon(groups, told)
    if sys.platform == "darwin":
        from hub.desktop.tray.status_item import StatusItem

        return StatusItem(groups, icon, told)
    from hub.desktop.tray.status_notifier import StatusNotifier

    return StatusNotifier(groups, icon, told, on_gone, on_back)
