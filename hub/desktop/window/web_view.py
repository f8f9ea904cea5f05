"""The web view in the native window, as its toolkit knows it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit


def same_origin(one: str, other: str) -> bool:
    """Whether two URLs have the same scheme, host and port."""
    return urlsplit(one)[:2] == urlsplit(other)[:2]


def webkit(widget: Any) -> Any:
    """The web view in a window of GTK."""
    from gi.repository import WebKit2

    while not isinstance(widget, WebKit2.WebView):
        widget = widget.get_child()
    return widget


def answer(view: Any, signal: str, handler: Callable[..., Any]) -> None:
    """Connect `handler` to a signal of a GTK object as the only one that hears it.

    pywebview's own handlers, which come first, would have the last word: WebKit asks no further
    once it has an answer.
    """
    from gi.repository import GObject

    number = GObject.signal_lookup(signal, view)
    while found := GObject.signal_handler_find(
        view, GObject.SignalMatchType.ID, number, 0, None, None, None
    ):
        view.disconnect(found)
    view.connect(signal, handler)


def without_bridge(native: Any) -> None:
    """Keep pywebview's bridge out of the pages: nothing here needs it, and it can hang.

    It would be put into pages of every origin, by a thread that waits for an answer of the page,
    and so for ever where the window closes meanwhile.
    """
    if sys.platform == "linux":
        answer(webkit(native), "load-changed", lambda view, _: view.set_opacity(1.0))


def run(window: Any, script: str) -> None:
    """Run JavaScript in the page of pywebview's `window`, on any thread."""
    if sys.platform == "linux":
        while_it_is_there(
            window.native,
            lambda native: webkit(native).evaluate_javascript(script, -1, None, None, None, None),
        )
    else:
        window.run_js(script)


def while_it_is_there(native: Any, do: Callable[[Any], object]) -> None:
    """Call `do` with a window of GTK, on GTK's thread, unless it is destroyed by then.

    What is done with one that is would end the process. May be called on any thread.
    """
    from gi.repository import GLib

    def once() -> bool:
        if native.get_application() is not None:
            do(native)
        return False

    GLib.idle_add(once)


def when_ready(control: Any, then: Callable[[Any], None]) -> None:
    """Call `then` with the core of a WebView2 `control` once it has one; never, where it fails."""

    def ready(view: Any, _: Any) -> None:
        if view.CoreWebView2 is not None:
            then(view.CoreWebView2)

    control.CoreWebView2InitializationCompleted += ready
