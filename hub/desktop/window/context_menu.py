"""The menu of a right click in the native window: copy, paste, open a link, save."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

from hub.desktop.window import links
from hub.desktop.window.given_files import GivenFiles
from hub.desktop.window.web_view import answer, webkit, when_ready

KEPT: Final = (
    "COPY", "CUT", "PASTE", "PASTE_AS_PLAIN_TEXT", "DELETE", "SELECT_ALL",
    "OPEN_LINK", "COPY_LINK_TO_CLIPBOARD", "DOWNLOAD_LINK_TO_DISK",
    "COPY_IMAGE_TO_CLIPBOARD", "DOWNLOAD_IMAGE_TO_DISK",
    "SPELLING_GUESS", "NO_GUESSES_FOUND", "IGNORE_SPELLING", "LEARN_SPELLING",
)  # fmt: skip
"""What WebKit's own menu keeps: its others reload, go back or open windows, as in a browser."""


def offer(native: Any, page: str, files: GivenFiles | None) -> None:
    """Let a right click open a menu. Call it on the toolkit's thread.

    `native` is pywebview's own window of the toolkit, `page` the URL of its page; `files` pastes
    what the view cannot. Where the page has a menu of its own, the page's comes.
    """
    if sys.platform == "linux":
        _offer_webkit(webkit(native), page, files)
    elif sys.platform == "win32":

        def ready(core: Any) -> None:
            core.Settings.AreDefaultContextMenusEnabled = True

        when_ready(native.webview, ready)


def _offer_webkit(view: Any, page: str, files: GivenFiles | None) -> None:
    from gi.repository import Gio, WebKit2

    actions = WebKit2.ContextMenuAction
    kept = {getattr(actions, name) for name in KEPT}

    def asked(_: Any, menu: Any, __: Any, hit: Any, *___: Any) -> bool:
        """Gives True where there is nothing to offer: no menu comes then."""
        # The view takes its own line for a script's wish, and a picture for nothing to paste.
        own: dict[Any, tuple[str, Callable[[], object]]] = {}
        if uri := hit.get_link_uri():
            own[actions.OPEN_LINK] = ("Open Link", lambda: links.follow(view, uri, page))
        if files is not None and files.are_in_clipboard():
            own[actions.PASTE] = ("Paste", files.paste)
        divided = True  # no line comes first
        for place, item in reversed([*enumerate(menu.get_items())]):
            action = item.get_stock_action()
            if action in own:
                menu.remove(item)
                menu.insert(_line(Gio, WebKit2, *own[action]), place)
            elif not item.is_separator() and action not in kept:
                menu.remove(item)
        for item in menu.get_items():
            if item.is_separator() and divided:
                menu.remove(item)
            else:
                divided = item.is_separator()
        if menu.get_n_items() and divided:
            menu.remove(menu.last())
        return not menu.get_n_items()

    answer(view, "context-menu", asked)


def _line(gio: Any, webkit2: Any, label: str, choose: Callable[[], object]) -> Any:
    action = gio.SimpleAction.new(label.lower().replace(" ", "-"), None)
    action.connect("activate", lambda *_: choose())
    return webkit2.ContextMenuItem.new_from_gaction(action, label, None)
