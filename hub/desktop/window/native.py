"""Opens the native window; the only file that knows pywebview."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from hub.desktop import console
from hub.desktop.shutdown import Shutdown
from hub.desktop.window import (
    badge,
    context_menu,
    downloads,
    geometry,
    given_files,
    links,
    microphone,
    notifications,
    own_pages,
    title,
    toolkit,
    web_view,
    zoom,
)
from hub.desktop.window.menu import Submenu
from hub.desktop.window.remembered import Memory
from hub.errors import CannotStart
from hub.threads import start

log = logging.getLogger(__name__)

WINDOW_SECONDS: Final = 15.0
"""Seconds for the native window to appear before something else is tried."""


class NativeWindow:
    """The program's own window, on the hub's page at the URL `page`.

    `folder` is the hub's own: the view keeps its cookies there, and the window its place.
    """

    def __init__(self, folder: Path, page: str, shutdown: Shutdown) -> None:
        self._folder = folder
        self._page = page
        self._shutdown = shutdown
        self._window: Any = None  # while it is there for others
        self.memory = Memory(folder / "window.json")
        self.is_hidden = False
        self.unread = 0
        """How many unread messages for its reader the page tells."""
        self.failure: Exception | None = None
        """Why the hub did not start."""
        self.has_told = False
        """Whether the window, or a terminal that somebody sees, has said so."""

    def show(
        self,
        begin: Callable[[], str],
        log_file: Path,
        menus: list[Submenu],
        may_close: Callable[[], bool] = lambda: True,
        on_unread: Callable[[], None] = lambda: None,
    ) -> str | None:
        """Open the window, and show the hub until it closes; returns why it cannot, or None.

        `begin` starts the hub and gives the URL to show, or "" for none; it is called on another
        thread, while a page says that Hearth starts. Where it raises, a page says why, with the
        end of `log_file`; on a terminal that somebody sees, the window closes again instead.
        `may_close` is asked on the toolkit's thread as somebody closes the window; `on_unread` is
        called there when `unread` is another.
        """
        marker = toolkit.FailureMarker.of(self._folder)
        why = marker.failed_before() or toolkit.missing()
        if why is not None or self._shutdown.is_set():
            return why
        title.name_program()
        memory = self.memory
        place = geometry.placement(geometry.work_areas(), memory.value.place)
        marker.set()
        frame = Frame(own_pages.starting(), place)

        def on_shown() -> None:
            marker.clear()
            self._window = frame.window
            console.tell_how_to_stop("Close the window or press")

        def begin_and_show() -> None:
            try:
                url = begin()
            except Exception as error:  # noqa: BLE001 - it is told there
                self._tell(error, frame, log_file)
            else:
                if url and frame.appears():
                    frame.window.load_url(url)

        frame.window.events.shown += on_shown
        frame.window.events.before_show += lambda: self._furnish(frame.window, on_unread)
        frame.window.events.closing += lambda: bool(self.failure) or may_close()
        self._shutdown.on_set(frame.close)
        beginning = threading.Thread(target=begin_and_show, name="start", daemon=True)
        try:
            start(beginning)
            why = frame.run(
                private_mode=False,
                storage_path=str(self._folder / "window"),
                menu=_menus(menus),
            )
        finally:
            self._window = None
            self._shutdown.on_set(None)
            marker.clear()
            frame.end()
            if frame.was_shown:
                self._shutdown.set()  # so that a start that goes on ends too
            memory.save()
            if beginning.ident is not None:
                beginning.join()
        return None if self._shutdown.is_set() else why

    def _tell(self, error: Exception, frame: Frame, log_file: Path) -> None:
        """Say why the hub did not start, if the window appears; else others do."""
        self.failure = error
        reason, page = str(error), own_pages.failed
        if not isinstance(error, CannotStart):
            log.error("the start failed", exc_info=error)
            reason, page = repr(error), own_pages.broken
        if not frame.appears():
            return
        self.has_told = True
        if isinstance(error, CannotStart):
            console.warn(f"Hearth: {reason}")
        if console.is_seen():
            frame.close()
        else:
            frame.load(page(reason, log_file))

    @property
    def is_open(self) -> bool:
        return self._window is not None

    @property
    def native(self) -> Any:
        """The toolkit's window; None where there is none."""
        window = self._window
        return None if window is None else window.native

    def hide(self) -> None:
        """Show the window no longer; its page goes on. On any thread."""
        window = self._window
        if window is not None:
            self.is_hidden = True
            window.hide()

    def to_front(self, url: str | None, activation: str = "") -> None:
        """Bring the window, which is open, to the front, on another page if a URL is given.

        Where the desktop gave an `activation` to whoever asks, it lets the window come there.
        """
        window = self._window
        if window is not None:
            self.is_hidden = False
            if url is not None:
                window.load_url(url)
            web_view.activate(window.native, activation)
            window.show()
            window.restore()

    def run(self, script: str) -> None:
        """Run JavaScript in the page, where there is one."""
        window = self._window
        if window is not None:
            web_view.run(window, script)

    def _furnish(self, window: Any, on_unread: Callable[[], None]) -> None:
        """Make the toolkit's window what a desktop program's is; on the toolkit's thread."""
        native, page, memory = window.native, self._page, self.memory

        def follow_place() -> None:
            window.events.closing += geometry.follow(native, memory)

        def count(text: str) -> None:
            unread = badge.unread_of(text)
            if unread != self.unread:
                self.unread = unread
                _each(lambda: badge.show(native, unread), on_unread)

        _each(
            lambda: web_view.without_bridge(native),
            lambda: title.follow(native, count),
            lambda: links.keep_inside(native, page),
            lambda: context_menu.offer(native, page, given_files.give(native)),
            lambda: downloads.ask_where(native, memory),
            lambda: zoom.follow(native, memory),
            follow_place,
            lambda: notifications.allow(native, page, toolkit.icon()),
            lambda: microphone.allow(native, page),
        )


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

    def run(self, **options: Any) -> str | None:
        """Show it until it closes; returns why it could not, or None. On the main thread."""
        import webview

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


def show_page(page: str) -> bool:
    """Show a page of our own, given as HTML, until its window closes; False where none opens."""
    if toolkit.missing() is not None:
        return False
    title.name_program()
    frame = Frame(page, geometry.placement(geometry.work_areas()))
    frame.window.events.before_show += lambda: _furnish_page(frame.window.native)
    return frame.run() is None


def _furnish_page(native: Any) -> None:
    _each(
        lambda: web_view.without_bridge(native),
        lambda: title.follow(native),
        lambda: links.keep_inside(native, "about:blank"),
        lambda: context_menu.offer(native, "about:blank", None),
    )


def _each(*steps: Callable[[], object]) -> None:
    """Take all steps, also after one that fails: a window lacks something rather than all."""
    for step in steps:
        try:
            step()
        except Exception:
            log.exception("the window lacks something")


def _menus(menus: list[Submenu]) -> list[Any]:
    from webview import menu

    made = []
    for submenu in menus:
        items: list[Any] = []
        for group in submenu.groups:
            items += [menu.MenuSeparator()] if items else []
            items += [menu.MenuAction(item.label, item.choose) for item in group]
        made.append(menu.Menu(submenu.label, items))
    return made
