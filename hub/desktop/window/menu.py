"""What the menu of the native window offers, and does."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import NamedTuple, Protocol

from hub import __version__


class Actions(Protocol):
    """What the menu needs of the program around it; none of it raises."""

    def to_page(self, script: str) -> None:
        """Run JavaScript in the page."""

    def open_folder(self) -> None: ...
    def open_log(self) -> None: ...
    def open_browser(self) -> None: ...
    def switch_login(self) -> None:
        """Start at login from now on, or no longer, and say which."""

    def switch_pause(self) -> None:
        """Keep others than this computer out from now on, or let them in again, and say which."""

    def ask_again(self) -> None:
        """Ask what closing the window means when that happens the next time."""

    def quit(self) -> None: ...


class Item(NamedTuple):
    """A line of a menu: its label, and what a choice does, on a thread of its own."""

    label: str
    choose: Callable[[], None]


class Submenu(NamedTuple):
    """A menu: its label, and its items in groups that a line divides."""

    label: str
    groups: list[list[Item]]


def raising(action: str, **detail: str) -> str:
    """JavaScript that raises an action of the page, as ui/parts/actions.js takes it."""
    given = json.dumps({"detail": detail})
    return f"document.dispatchEvent(new CustomEvent('hearth-{action}', {given}));"


def menus(actions: Actions) -> list[Submenu]:
    """The menus of the window, without those that the system adds by itself."""

    def page(action: str, **detail: str) -> Callable[[], None]:
        return lambda: actions.to_page(raising(action, **detail))

    hub = [
        [Item("Rooms…", page("show-directory", face="rooms")), Item("Share…", page("show-invite"))],
        [
            Item("Open in Browser", actions.open_browser),
            Item("Open the Hub's Folder", actions.open_folder),
            Item("Show the Log", actions.open_log),
        ],
        [
            Item("Pause for Others", actions.switch_pause),
            Item("Switch Start at Login", actions.switch_login),
            Item("Ask Again on Closing", actions.ask_again),
        ],
    ]
    help_items = [[Item("Help", page("show-help"))]]
    if sys.platform != "darwin":  # which has both in the program's own menu
        hub.append([Item("Quit", actions.quit)])
        about = f"Hearth {__version__}: everyone on the network is chatting."
        help_items.append([Item("About Hearth", page("notice", text=about))])
    return [Submenu("Hearth", hub), Submenu("Help", help_items)]
