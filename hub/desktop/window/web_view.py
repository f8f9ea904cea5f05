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
        from gi.repository import GLib

        native = window.native

        def run_it() -> None:
            if native.get_application() is not None:  # it is not destroyed
                webkit(native).evaluate_javascript(script, -1, None, None, None, None)

        GLib.idle_add(run_it)
    else:
        window.run_js(script)


def when_ready(control: Any, then: Callable[[Any], None]) -> None:
    """Call `then` with the core of a WebView2 `control` once it has one; never, where it fails."""

    def ready(view: Any, _: Any) -> None:
        if view.CoreWebView2 is not None:
            then(view.CoreWebView2)

    control.CoreWebView2InitializationCompleted += ready
