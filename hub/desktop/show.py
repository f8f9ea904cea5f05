"""Shows the hub in the best way there is: native window, browser's app window, browser, nothing."""

from __future__ import annotations

from collections.abc import Callable
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

    def show(self, room: str | None) -> bool:
        """Bring it to the front, in a room where one is given; False where there is no window."""
        if self.native is None or not self.native.is_open:
            return self.open_app_window(f"{self.base}/{quote(room or 'general')}")
        self.native.to_front(None if room is None else f"{self.base}/{quote(room)}")
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
        if why is None:
            return
        how = _show_page(folder, service, window, shutdown, why)
    else:
        service.start()
        how = "Press"
        if why is not None:
            console.warn(f"Hearth serves without a window: {why}.")
        elif options.browser:
            how = _show_page(folder, service, window, shutdown, None)
    console.tell_how_to_stop(how)
    shutdown.wait()


def _show_window(
    folder: Folder, service: Service, window: RaisableWindow, shutdown: Shutdown
) -> str | None:
    """Start the hub in the native window, until that closes; returns why it cannot, or None."""
    # Where there is no window, a start need not wait for what furnishes one.
    from hub.desktop.hosts_menu import HostsMenu
    from hub.desktop.window.menu import menus
    from hub.desktop.window.native import NativeWindow

    def begin() -> str:
        service.start()
        return service.page_for("window") if service.is_started else ""

    native = window.native = NativeWindow(folder.hub, service.page, shutdown)
    chosen = HostsMenu(folder, native.run, service, shutdown)
    why = native.show(begin, folder.log_file, menus(chosen))
    window.native = None
    failure = native.failure
    if failure is not None and native.has_told:
        raise AlreadyTold(getattr(failure, "exit_status", 1)) from failure
    if failure is not None:
        raise failure
    if why is not None and not service.is_started:
        service.start()
    return why


def _show_page(
    folder: Folder, service: Service, window: RaisableWindow, shutdown: Shutdown, why: str | None
) -> str:
    """Open the page of a hub that serves, without the native window, which is `why` it cannot be.

    Returns how to stop it, before "Ctrl+C".
    """
    if not service.is_started:  # it was stopped meanwhile
        return "Press"
    page = browser.redirect_page(folder.hub / "open.html", service.page_for("browser"))
    if why is not None and _open_app_window(page, folder.hub / "browser", window, shutdown):
        service.notices.add(f"Hearth opens as an app window of the browser: {why}.", console.warn)
        return "Close the window or press"
    _open_browser(page, service, why)
    return "Press"


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
