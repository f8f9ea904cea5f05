"""Shows the hub in the best way there is: native window, browser's app window, browser, nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from hub.desktop import browser, console, display
from hub.desktop.options import Options
from hub.desktop.service import Service
from hub.desktop.shutdown import Shutdown
from hub.errors import AlreadyTold
from hub.folder import Folder

if TYPE_CHECKING:
    from hub.desktop.window.native import NativeWindow


class RaisableWindow:
    """The hub's own window, for a second start: the native one, or a browser's.

    `open_app_window` opens a URL in another window of that browser and returns whether it could.
    """

    def __init__(self) -> None:
        self.native: NativeWindow | None = None
        self.open_app_window: Callable[[str], bool] = lambda url: False
        self.base = ""
        """The hub's URL; set it before anything is shown."""

    def show(self, room: str | None, activation: str = "") -> bool:
        """Bring it to the front, in a room where one is given; False where there is no window.

        `activation` is what the desktop gave for that, to whoever asks.
        """
        if self.native is None or not self.native.is_open:
            return self.open_app_window(f"{self.base}/{quote(room or 'general')}")
        url = None if room is None else f"{self.base}/{quote(room)}"
        self.native.to_front(url, activation)
        return True


def show(
    options: Options,
    folder: Folder,
    service: Service,
    window: RaisableWindow,
    shutdown: Shutdown,
) -> None:
    """Start the hub, and show its page until it is to stop.

    Raises CannotStart, or AlreadyTold where the window has shown why it did not start.
    """
    why = None if options.no_window else display.missing()
    if why is None and not (options.no_window or options.browser):
        why = _show_window(folder, service, window, shutdown)
        if why is not None:
            _show_page(folder, service, window, shutdown, why)
        return
    service.start()
    if why is None and options.browser:
        _show_page(folder, service, window, shutdown, None)
        return
    if why is not None:
        console.warn(f"Hearth serves without a window: {why}.")
    console.tell_how_to_stop("Press")
    shutdown.wait()


def _show_window(
    folder: Folder, service: Service, window: RaisableWindow, shutdown: Shutdown
) -> str | None:
    """Start the hub in the native window, until that closes; returns why it cannot, or None."""
    # Where there is no window, a start need not wait for what furnishes one.
    from hub.desktop.hosts_menu import HostsMenu
    from hub.desktop.tray.tray import tray
    from hub.desktop.window import toolkit
    from hub.desktop.window.closing import Closing
    from hub.desktop.window.menu import menus
    from hub.desktop.window.native import NativeWindow

    def begin() -> str:
        service.start()
        if not service.is_started:
            return ""
        icon.show()
        return service.page_for("window")

    native = window.native = NativeWindow(folder.hub, service.page, shutdown)
    closing = Closing(
        native.memory,
        native,
        shutdown,
        lambda: service.is_started,
        service.peers,
        lambda: icon.is_there,
    )
    chosen = HostsMenu(folder, native, service, closing)
    icon = tray(
        chosen,
        toolkit.icon(),
        lambda: _told(service, native.unread),
        native.reappear,
        native.hide_again,
    )
    service.on_pause = icon.changed
    why = native.show(begin, folder.log_file, menus(chosen), closing.may_close, icon.changed)
    icon.close()
    window.native = None
    failure = native.failure
    if failure is not None and native.has_told:
        raise AlreadyTold(getattr(failure, "exit_status", 1)) from failure
    if failure is not None:
        raise failure
    if why is not None and not service.is_started:
        service.start()
    return why


def _told(service: Service, unread: int) -> str:
    """What the tray's icon tells."""
    if service.is_paused:
        return "paused for others"
    return "" if not unread else f"{unread} unread for you"


def _show_page(
    folder: Folder, service: Service, window: RaisableWindow, shutdown: Shutdown, why: str | None
) -> None:
    """Open the page of a hub that serves, without the native window, until it is to stop.

    `why` says why there is none, None where it was not asked for.
    """
    if not service.is_started:  # it was stopped meanwhile
        return
    page = browser.redirect_page(folder.hub / "open.html", service.page_for("browser"))
    if why is not None and _open_app_window(page, folder.hub / "browser", window, shutdown):
        service.notices.add(f"Hearth opens as an app window of the browser: {why}.", console.warn)
        console.tell_how_to_stop("Close the window or press")
        shutdown.wait()
        return
    _open_browser(page, service, why)
    console.tell_how_to_stop("Press")
    with _tray_of_browser(folder, service, shutdown):
        shutdown.wait()


class _BrowserPage:
    """The page in a browser, for the tray: it is opened once more, and nothing asks before an end.

    Whoever has neither window nor terminal could end Hearth by nothing else.
    """

    def __init__(self, open_page: Callable[[], object], end: Callable[[], None]) -> None:
        self._open = open_page
        self.quit = end

    def run(self, script: str) -> None:
        """It cannot be asked for anything."""

    def to_front(self, _: str | None) -> None:
        self._open()

    def forget(self) -> None:
        """There is nothing to forget."""


@contextmanager
def _tray_of_browser(folder: Folder, service: Service, shutdown: Shutdown) -> Iterator[None]:
    """Show an icon in the tray, where that needs no toolkit of the main thread."""
    if sys.platform == "darwin":
        yield
        return
    from hub.desktop.hosts_menu import HostsMenu
    from hub.desktop.tray.tray import tray
    from hub.desktop.window import toolkit

    page = _BrowserPage(lambda: menu.open_browser(), shutdown.set)
    menu = HostsMenu(folder, page, service, page)
    icon = tray(menu, toolkit.icon(), lambda: _told(service, 0), window=False)
    service.on_pause = icon.changed
    icon.show()
    try:
        yield
    finally:
        icon.close()


def _open_app_window(page: str, profile: Path, window: RaisableWindow, shutdown: Shutdown) -> bool:
    """Open an app window whose end ends the hub, and the other way round; whether it could."""
    app = browser.app_window(page, profile)
    if app is None:
        return False
    shutdown.on_set(app.terminate)
    shutdown.set_after(app.wait)
    window.open_app_window = lambda url: browser.app_window(url, profile) is not None
    return True


def _open_browser(page: str, service: Service, why: str | None) -> None:
    """Open the system's browser; `why` says why nothing better, None where it was asked for."""
    if why is not None:
        service.notices.add(f"Hearth opens in the browser: {why}.", console.warn)
    if not browser.system_browser(page):
        console.warn(
            f"Hearth serves without a window: there is no browser. Open {service.page} yourself."
        )
