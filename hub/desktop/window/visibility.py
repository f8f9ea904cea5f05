"""Hides the window and brings it back, as each system wants it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from hub.desktop.window import cocoa


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

    `activation` is what the desktop gave for that, to whoever asks, or "": without it Wayland lets
    no window come to the front, and X11 not always.
    """
    if sys.platform == "linux":
        from hub.desktop.window.web_view import webkit

        def raise_it(native: Any) -> None:
            if url is not None:
                webkit(native).load_uri(url)
            if activation:
                native.set_startup_id(activation)
            native.show_all()
            native.deiconify()
            native.present()

        _while_it_is_there(window.native, raise_it)
        return
    if url is not None:
        window.load_url(url)
    window.show()
    if _is_minimized(window.native):  # else this would end what is maximized
        window.restore()


def show_behind(window: Any) -> None:
    """Show it again where the person is at something else, and leave them the keyboard."""
    if sys.platform != "linux":
        return

    def show(native: Any) -> None:
        native.set_focus_on_map(False)
        native.show_all()
        native.set_focus_on_map(True)

    _while_it_is_there(window.native, show)


def hide_unused(window: Any) -> None:
    """Hide it again, unless the person is at it."""
    if sys.platform == "linux":
        _while_it_is_there(window.native, lambda native: native.is_active() or native.hide())


def _while_it_is_there(native: Any, do: Callable[[Any], object]) -> None:
    """Call `do` on GTK's thread, where the window is not destroyed: that would end the process."""
    from gi.repository import GLib

    def once() -> bool:
        if native.get_application() is not None:
            do(native)
        return False

    GLib.idle_add(once)


def _is_minimized(native: Any) -> bool:
    if sys.platform == "win32":
        return str(native.WindowState) == "Minimized"
    return bool(native.isMiniaturized())
