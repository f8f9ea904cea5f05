"""The title of the native window follows the page's."""

from __future__ import annotations

import sys
from typing import Any, Final

from hub.desktop.window.web_view import webkit, when_ready

NAME: Final = "Hearth"
"""The program's name, and the title of a page that has none."""


def follow(native: Any) -> None:
    """Have a window bear the title of its page. Call it on the toolkit's thread.

    `native` is pywebview's own window of the toolkit.
    """
    if sys.platform == "linux":
        webkit(native).connect(
            "notify::title", lambda view, _: native.set_title(view.get_title() or NAME)
        )
    elif sys.platform == "win32":

        def ready(core: Any) -> None:
            def changed(*_: Any) -> None:
                native.Text = core.DocumentTitle or NAME

            core.DocumentTitleChanged += changed

        when_ready(native.webview, ready)


def name_program() -> None:
    """Tell the desktop the program's name, by which it finds its entry and icon. Call it first."""
    if sys.platform == "linux":
        from gi.repository import Gdk, GLib

        GLib.set_prgname(NAME.lower())
        GLib.set_application_name(NAME)
        Gdk.set_program_class(NAME)
