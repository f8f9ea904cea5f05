"""What the menu of the tray's icon offers, and does."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple, Protocol

log = logging.getLogger(__name__)


class Actions(Protocol):
    """What the menu needs of the program around it; none of it raises, and none waits long."""

    def to_front(self) -> None:
        """Show the hub's page."""

    def share(self) -> None:
        """Show how others come in: the addresses, and a QR code."""

    def is_paused(self) -> bool: ...
    def switch_pause(self) -> None:
        """Keep others than this computer out from now on, or let them in again."""

    def starts_at_login(self) -> bool: ...
    def switch_login(self) -> None:
        """Start at login from now on, or no longer."""

    def ask_again(self) -> None:
        """Ask what closing the window means when that happens the next time."""

    def open_folder(self) -> None: ...
    def open_log(self) -> None: ...
    def quit(self) -> None: ...


class Entry(NamedTuple):
    """A line of the menu; `is_on` says whether it has a check mark, where it can have one."""

    label: str
    choose: Callable[[], None]
    is_on: Callable[[], bool] | None = None

    def chosen(self) -> None:
        """Do it; a failure is logged, as no toolkit has a place for it."""
        try:
            self.choose()
        except Exception:
            log.exception("the tray's menu: %s", self.label)


def entries(actions: Actions, *, window: bool) -> list[list[Entry]]:
    """The lines, in groups that a line divides; `window` says whether there is one to close."""
    closing = [Entry("Ask Again on Closing", actions.ask_again)] if window else []
    return [
        [Entry("Open Hearth", actions.to_front), Entry("Share…", actions.share)],
        [
            Entry("Pause for Others", actions.switch_pause, actions.is_paused),
            Entry("Start at Login", actions.switch_login, actions.starts_at_login),
            *closing,
        ],
        [
            Entry("Open the Hub's Folder", actions.open_folder),
            Entry("Show the Log", actions.open_log),
        ],
        [Entry("Quit", actions.quit)],
    ]
