"""Hides the window and brings it back, as each system wants it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from hub.desktop.window import cocoa, web_view
from hub.desktop.window.web_view import while_it_is_there


def follow(native: Any, then: Callable[[bool], None]) -> None:
    """Call `then` with whether the window is hidden, as that changes; on the toolkit's thread.

    `native` is pywebview's own window of the toolkit.
    """
    if sys.platform == "linux":
        native.connect("show", lambda _: then(False))
        native.connect("hide", lambda _: then(True))
    elif sys.platform == "win32":

        def changed(*_: Any) -> None:
            then(not native.Visible)

        native.VisibleChanged += changed


def hide(window: Any) -> None:
    """Show pywebview's `window` no longer; its page goes on. On any thread."""
    if sys.platform == "darwin":
        cocoa.hide(window.native)
    else:
        window.hide()


def to_front(window: Any, url: str | None, activation: str) -> None:
    """Bring it to the front, on another page if a URL is given. On any thread.

    `activation` is as of `present`, to whoever asks.
    """
    if sys.platform == "linux":

        def raise_it(native: Any) -> None:
            if url is not None:
                web_view.webkit(native).load_uri(url)
            present(native, activation)

        while_it_is_there(window.native, raise_it)
        return
    if url is not None:
        window.load_url(url)
    window.show()
    if _is_minimized(window.native):  # else this would end what is maximized
        window.restore()


def present(native: Any, activation: str) -> None:
    """Bring a window of GTK to the front, on GTK's thread.

    `activation` is what the desktop gave for that, or "": without it Wayland lets no window come to
    the front, and X11 not always.
    """
    if activation:
        native.set_startup_id(activation)
    native.show_all()
    native.deiconify()
    native.present()


def show_behind(window: Any) -> None:
    """Show it again where the person is at something else, and leave them the keyboard."""
    if sys.platform != "linux":
        return

    def show(native: Any) -> None:
        native.set_focus_on_map(False)
        native.show_all()
        native.set_focus_on_map(True)

    while_it_is_there(window.native, show)


def hide_unused(window: Any) -> None:
    """Hide it again, unless the person is at it."""
    if sys.platform == "linux":
        while_it_is_there(window.native, lambda native: native.is_active() or native.hide())


def _is_minimized(native: Any) -> bool:
    if sys.platform == "win32":
        return str(native.WindowState) == "Minimized"
    return bool(native.isMiniaturized())
