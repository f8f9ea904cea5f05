"""The title of the native window follows the page's."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any, Final

from hub.desktop.window.web_view import webkit, when_ready

NAME: Final = "Hearth"
"""The program's name, and the title of a page that has none."""
VIEW_SECONDS: Final = 0.2
"""Seconds between two looks whether the view is in its window, on macOS."""


def follow(native: Any, then: Callable[[str], None] = lambda title: None) -> None:
    """Have a window bear the title of its page. Call it on the toolkit's thread.

    `native` is pywebview's own window of the toolkit; `then` is called with each title, there.
    """
    if sys.platform == "linux":

        def changed(view: Any, _: Any) -> None:
            native.set_title(view.get_title() or NAME)
            then(view.get_title() or "")

        webkit(native).connect("notify::title", changed)
    elif sys.platform == "win32":

        def ready(core: Any) -> None:
            def changed(*_: Any) -> None:
                native.Text = core.DocumentTitle or NAME
                then(core.DocumentTitle or "")

            core.DocumentTitleChanged += changed

        when_ready(native.webview, ready)
    else:
        _follow_cocoa(native, then)


def name_program() -> None:
    """Tell the desktop the program's name, by which it finds its entry and icon. Call it first."""
    if sys.platform == "linux":
        from gi.repository import Gdk, GLib

        GLib.set_prgname(NAME.lower())
        GLib.set_application_name(NAME)
        Gdk.set_program_class(NAME)


_observers: list[Any] = []  # a view keeps none of its own


def _follow_cocoa(native: Any, then: Callable[[str], None]) -> None:
    """WKWebView says that it has another title by key-value observing.

    It is in the window only once it has loaded something.
    """
    view = native.contentView()
    if not hasattr(view, "title"):
        from PyObjCTools import AppHelper

        AppHelper.callLater(VIEW_SECONDS, _follow_cocoa, native, then)
        return
    observer = _observer_class().alloc().init()

    def changed() -> None:
        native.setTitle_(view.title() or NAME)
        then(view.title() or "")

    observer.changed = changed
    _observers.append(observer)
    view.addObserver_forKeyPath_options_context_(observer, "title", 0, None)


@functools.cache  # Objective-C has each class only once
def _observer_class() -> Any:
    from Foundation import NSObject

    class HearthTitleObserver(NSObject):  # type: ignore[misc]
        changed: Callable[[], None]

        def observeValueForKeyPath_ofObject_change_context_(  # noqa: N802 - Cocoa names it
            self, *_: Any
        ) -> None:
            self.changed()

    return HearthTitleObserver
