"""Opens the native window; the only file that knows pywebview."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from hub.desktop import console
from hub.desktop.shutdown import Shutdown
from hub.desktop.window import (
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
        self.failure: Exception | None = None
        """Why the hub did not start, where the window has shown that."""

    def show(self, begin: Callable[[], str], log_file: Path, menus: list[Submenu]) -> str | None:
        """Open the window, and show the hub until it closes; returns why it cannot, or None.

        `begin` starts the hub and gives the URL to show; it is called on another thread, while a
        page says that Hearth starts. Where it raises CannotStart, a page says why, with the end of
        `log_file`; on a terminal that somebody sees, the window closes again instead.
        """
        marker = toolkit.FailureMarker(self._folder / "window-failed")
        why = marker.failed_before() or toolkit.missing()
        if why is not None:
            return why
        import webview

        title.name_program()
        memory = Memory(self._folder / "window.json")
        place = geometry.placement(geometry.work_areas(), memory.value.place)
        window = _created(own_pages.starting(), place)
        shown = threading.Event()

        def on_shown() -> None:
            shown.set()
            marker.clear()
            self._window = window
            console.tell_how_to_stop("Close the window or press")

        def begin_and_show() -> None:
            try:
                url = begin()
                with contextlib.suppress(webview.WebViewException):  # it has closed meanwhile
                    window.load_url(url)
            except Exception as error:
                self.failure = error
                reason = str(error)
                if isinstance(error, CannotStart):
                    console.warn(f"Hearth: {reason}")
                else:
                    log.exception("the start failed")
                    reason = f"Something went wrong in Hearth: {error!r}. The details say where."
                with contextlib.suppress(webview.WebViewException):
                    if console.is_seen():
                        window.destroy()
                    else:
                        window.load_html(own_pages.failed(reason, log_file), "about:blank")

        window.events.shown += on_shown
        window.events.before_show += lambda: self._furnish(window, memory)
        self._shutdown.on_set(window.destroy)
        beginning = threading.Thread(target=begin_and_show, name="start", daemon=True)
        start(beginning)
        marker.set()
        try:
            with _given_up_after(WINDOW_SECONDS, window, shown):
                webview.start(
                    gui=toolkit.GUI,  # type: ignore[arg-type]
                    private_mode=False,
                    storage_path=str(self._folder / "window"),
                    icon=toolkit.icon(),
                    menu=_menus(menus),
                )
        except webview.WebViewException as error:
            return f"the window could not be opened ({error})"
        finally:
            self._window = None
            self._shutdown.on_set(None)
            marker.clear()
            window.events.before_load.set()  # a thread of pywebview's may wait for a page
            memory.save()
            beginning.join()
        if not shown.is_set() and not self._shutdown.is_set():
            return f"the window did not appear in {WINDOW_SECONDS:.0f} s"
        self._shutdown.set()
        return None

    @property
    def is_open(self) -> bool:
        return self._window is not None

    def to_front(self, url: str | None) -> None:
        """Bring the window, which is open, to the front, on another page if a URL is given."""
        window = self._window
        if window is not None:
            if url is not None:
                window.load_url(url)
            window.show()
            window.restore()

    def run(self, script: str) -> None:
        """Run JavaScript in the page, where there is one."""
        window = self._window
        if window is not None:
            web_view.run(window, script)

    def _furnish(self, window: Any, memory: Memory) -> None:
        """Make the toolkit's window what a desktop program's is; on the toolkit's thread."""
        native = window.native
        web_view.without_bridge(native)
        title.follow(native)
        links.keep_inside(native, self._page)
        context_menu.offer(native, self._page, given_files.give(native))
        downloads.ask_where(native, memory)
        zoom.follow(native, memory)
        window.events.closing += geometry.follow(native, memory)
        notifications.allow(native, self._page, toolkit.icon())
        microphone.allow(native, self._page)


def show_page(page: str) -> bool:
    """Show a page of our own, given as HTML, until its window closes; False where none opens."""
    if toolkit.missing() is not None:
        return False
    import webview

    title.name_program()
    window = _created(page, geometry.placement(geometry.work_areas()))
    window.events.before_show += lambda: _furnish_page(window.native)
    shown = threading.Event()
    window.events.shown += shown.set
    try:
        with _given_up_after(WINDOW_SECONDS, window, shown):
            webview.start(gui=toolkit.GUI, icon=toolkit.icon())  # type: ignore[arg-type]
    except webview.WebViewException:
        return False
    return shown.is_set()


def _furnish_page(native: Any) -> None:
    web_view.without_bridge(native)
    title.follow(native)
    links.keep_inside(native, "about:blank")
    context_menu.offer(native, "about:blank", None)


def _created(page: str, place: dict[str, Any]) -> Any:
    import webview

    webview.settings["ALLOW_DOWNLOADS"] = toolkit.GUI != "gtk"  # where `downloads` asks
    webview.settings["OPEN_DEVTOOLS_IN_DEBUG"] = False
    window = webview.create_window(
        title.NAME,
        html=page,
        text_select=True,
        zoomable=True,
        background_color=toolkit.background(),
        **place,
    )
    assert window is not None

    def is_modern() -> bool:
        """Refuse Internet Explorer's engine, which pywebview falls back to."""
        return getattr(webview, "renderer", "") != "mshtml"

    window.events.initialized += is_modern
    return window


@contextlib.contextmanager
def _given_up_after(seconds: float, window: Any, shown: threading.Event) -> Iterator[None]:
    """Destroy the window, within this, if it does not appear in time."""
    timeout = threading.Timer(seconds, lambda: shown.is_set() or window.destroy())
    timeout.daemon = True
    start(timeout)
    try:
        yield
    finally:
        timeout.cancel()


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
