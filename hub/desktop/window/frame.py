"""A window of pywebview; the only file that knows it."""

from __future__ import annotations

import contextlib
import inspect
import sys
import threading
from collections.abc import Sequence
from typing import Any, Final

from hub.desktop.window import cocoa, title, toolkit
from hub.desktop.window.menu import Submenu
from hub.threads import start

WINDOW_SECONDS: Final = 15.0
"""Seconds for the native window to appear before something else is tried."""


class Frame:
    """A window of pywebview with a page of our own, given as HTML; `place` is geometry's.

    pywebview waits 20 s for a window that is not there yet, or never comes, in all that it is
    asked to do with it. So `close` and `appears` count, and the rest is for windows that are there.
    """

    def __init__(self, page: str, place: dict[str, Any]) -> None:
        import webview

        webview.settings["ALLOW_DOWNLOADS"] = toolkit.GUI != "gtk"  # where `downloads` asks
        webview.settings["OPEN_DEVTOOLS_IN_DEBUG"] = False
        # On Windows `links` hands over what may be.
        webview.settings["OPEN_EXTERNAL_LINKS_IN_BROWSER"] = toolkit.GUI != "edgechromium"
        window = webview.create_window(
            title.NAME,
            html=page,
            text_select=True,
            zoomable=True,
            background_color=toolkit.background(),
            **place,
        )
        assert window is not None
        self.window: Any = window
        self.was_shown = False
        self._lock = threading.Lock()
        self._settled = threading.Event()  # it was shown, or never will be
        self._is_over = False
        self._is_to_close = False
        self._is_refused = False
        self.window.events.shown += self._show
        self.window.events.initialized += self._is_modern

    def run(self, menus: Sequence[Submenu] = (), **options: Any) -> str | None:
        """Show it until it closes; returns why it could not, or None. On the main thread.

        `options` are more of webview.start.
        """
        import webview

        options["menu"] = _menus(menus)
        timeout = threading.Timer(WINDOW_SECONDS, self._give_up)
        timeout.daemon = True
        start(timeout)
        try:
            webview.start(gui=toolkit.GUI, icon=toolkit.icon(), **options)  # type: ignore[arg-type]
        except webview.WebViewException as error:
            return f"the window could not be opened ({error})"
        finally:
            timeout.cancel()
            self.end()
        if self._is_refused:
            return "WebView2 is not installed"
        return None if self.was_shown else f"the window did not appear in {WINDOW_SECONDS:.0f} s"

    def end(self) -> None:
        """Have nobody wait for it any more."""
        import webview

        self._is_over = True
        self._settled.set()
        self.window.events.before_load.set()  # a thread of pywebview's may wait for a page
        with contextlib.suppress(ValueError):
            webview.windows.remove(self.window)

    def appears(self) -> bool:
        """Wait until it is there; False where it never comes, or is gone."""
        self._settled.wait()
        return self.was_shown and not self._is_over

    def close(self) -> None:
        """Close it, or as soon as it is there."""
        with self._lock:
            is_due = self.was_shown and not self._is_to_close and not self._is_over
            self._is_to_close = True
        if is_due:
            self.window.destroy()
            if sys.platform == "darwin":
                cocoa.wake_loop()

    @staticmethod
    def is_quitting() -> bool:
        """Whether a window is closed because macOS asks to end the program.

        pywebview then asks its windows as if each was closed.
        """
        call = inspect.currentframe() if sys.platform == "darwin" else None
        while call is not None and call.f_code.co_name != "applicationShouldTerminate_":
            call = call.f_back
        return call is not None

    def load(self, page: str) -> None:
        """Show another page of our own in it."""
        self.window.html = page  # WebView2 loads that one once it is ready
        self.window.load_html(page, "about:blank")

    def _show(self) -> None:
        with self._lock:
            self.was_shown = True
            is_due = self._is_to_close
        self._settled.set()
        if is_due:
            self.window.destroy()

    def _give_up(self) -> None:
        if not self.was_shown:
            toolkit.end_loop()

    def _is_modern(self) -> bool:
        """Refuse Internet Explorer's engine, which pywebview falls back to."""
        import webview

        self._is_refused = getattr(webview, "renderer", "") == "mshtml"
        return not self._is_refused


def _menus(menus: Sequence[Submenu]) -> list[Any]:
    from webview import menu

    made = []
    for submenu in menus:
        items: list[Any] = []
        for group in submenu.groups:
            items += [menu.MenuSeparator()] if items else []
            items += [menu.MenuAction(item.label, item.choose) for item in group]
        made.append(menu.Menu(submenu.label, items))
    return made
