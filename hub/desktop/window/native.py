"""The native window with the hub's page, and one with a page of our own alone."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hub.desktop import console
from hub.desktop.shutdown import Shutdown
from hub.desktop.window import (
    badge,
    cocoa,
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
    visibility,
    web_view,
    zoom,
)
from hub.desktop.window.frame import Frame
from hub.desktop.window.menu import Submenu, raising
from hub.desktop.window.remembered import Memory
from hub.errors import CannotStart
from hub.threads import start

log = logging.getLogger(__name__)


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
        self._reappeared = False  # nobody asked for it
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
        may_close: Callable[[bool], bool] = lambda quits: True,
        on_unread: Callable[[], None] = lambda: None,
    ) -> str | None:
        """Open the window, and show the hub until it closes; returns why it cannot, or None.

        `begin` starts the hub and gives the URL to show, or "" for none; it is called on another
        thread, while a page says that Hearth starts. Where it raises, a page says why, with the
        end of `log_file`; on a terminal that somebody sees, the window closes again instead.
        `may_close` is asked on the toolkit's thread as somebody closes the window, and told whether
        they quit the program in truth; `on_unread` is called there when `unread` is another.
        """
        marker = toolkit.FailureMarker.of(self._folder)
        why = marker.failed_before() or toolkit.missing()
        if why is not None or self._shutdown.is_set():
            return why
        page = own_pages.starting()
        title.name_program()
        memory = self.memory
        place = geometry.placement(geometry.work_areas(), memory.value.place)
        marker.set()
        frame = Frame(page, place)

        def on_shown() -> None:
            marker.clear()
            self._window = frame.window
            if sys.platform == "darwin":
                cocoa.on_reopen(lambda: self.to_front(None))
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
        frame.window.events.closing += lambda: bool(self.failure) or may_close(frame.is_quitting())
        self._shutdown.on_set(frame.close)
        beginning = threading.Thread(target=begin_and_show, name="start", daemon=True)
        try:
            start(beginning)
            why = frame.run(
                private_mode=False,
                storage_path=str(self._folder / "window"),
                menus=menus,
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
        """Show the window no longer; its page goes on, but records nothing. On any thread."""
        window = self._window
        if window is not None:
            self.is_hidden = True
            web_view.run(window, raising("end-recording"))
            visibility.hide(window)

    def reappear(self) -> None:
        """Show a window that is hidden, behind what the person is at. On any thread."""
        window = self._window
        if window is not None and self.is_hidden:
            self._reappeared = True
            self.is_hidden = False
            visibility.show_behind(window)

    def hide_again(self) -> None:
        """Hide a window that only reappeared, unless the person is at it by now. On any thread."""
        window = self._window
        if window is not None and self._reappeared:
            self._reappeared = False
            visibility.hide_unused(window)

    def to_front(self, url: str | None, activation: str = "") -> None:
        """Bring the window, which is open, to the front, on another page if a URL is given.

        Where the desktop gave an `activation` to whoever asks, it lets the window come there.
        """
        window = self._window
        if window is not None:
            self.is_hidden = self._reappeared = False
            visibility.to_front(window, url, activation)
            if self.unread and sys.platform == "win32":  # whose taskbar has a new button for it
                badge.show_later(window.native, self.unread)

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

        def hidden(is_hidden: bool) -> None:
            self.is_hidden = is_hidden

        def count(text: str) -> None:
            unread = badge.unread_of(text)
            if unread != self.unread:
                self.unread = unread
                _each(lambda: badge.show(native, unread), on_unread)

        _each(
            lambda: web_view.without_bridge(native),
            lambda: title.follow(native, count),
            lambda: visibility.follow(native, hidden),
            lambda: links.keep_inside(native, page),
            lambda: context_menu.offer(native, page, given_files.give(native)),
            lambda: downloads.ask_where(native, memory),
            lambda: zoom.follow(native, memory),
            follow_place,
            lambda: notifications.allow(native, page, toolkit.icon()),
            lambda: microphone.allow(native, page),
        )


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
