"""Shows the hub in the best way there is: native window, browser's app window, browser, nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hub.access.admission import Way
from hub.desktop import browser, console, display
from hub.desktop.options import Options
from hub.desktop.shutdown import Shutdown


class RaisableWindow:
    """The hub's own window, for a second start: pywebview's `native`, or a browser's.

    `open_app_window` opens a URL in another window of that browser and returns whether it could.
    """

    def __init__(self, base: str) -> None:
        self.native: Any = None
        self.open_app_window: Callable[[str], bool] = lambda url: False
        self._base = base

    def show(self, room: str | None) -> bool:
        """Bring it to the front, in a room where one is given; False where there is no window."""
        if self.native is None:
            return self.open_app_window(f"{self._base}/{quote(room or 'general')}")
        if room is not None:
            self.native.load_url(f"{self._base}/{quote(room)}")
        self.native.show()
        self.native.restore()
        return True


def show(
    options: Options,
    folder: Path,
    url: str,
    ticket: Callable[[Way], str],
    native: Callable[[str], str | None],
    window: RaisableWindow,
    shutdown: Shutdown,
) -> None:
    """Show the page at `url` until the hub is to stop.

    `folder` is the hub's own, for files of the browser. `ticket` makes a one-use ticket. `native`
    shows a URL in the native window until that closes, or returns why it cannot.
    """
    how = "Press"
    if not options.no_window:
        why = display.missing()
        if why is not None:
            console.warn(f"Hearth serves without a window: {why}.")
        else:
            if not options.browser:
                why = native(f"{url}#ticket={ticket('window')}")
                if why is None:
                    return
            page = browser.redirect_page(folder / "open.html", f"{url}#ticket={ticket('browser')}")
            if why is not None and _open_app_window(page, folder / "browser", window, shutdown):
                console.warn(f"Hearth opens as an app window of the browser: {why}.")
                how = "Close the window or press"
            else:
                _open_browser(page, url, why)
    console.tell_how_to_stop(how)
    shutdown.wait()


def _open_app_window(page: str, profile: Path, window: RaisableWindow, shutdown: Shutdown) -> bool:
    """Open an app window whose end ends the hub, and the other way round; whether it could."""
    app = browser.app_window(page, profile)
    if app is None:
        return False
    shutdown.on_set(app.terminate)
    shutdown.set_after(app.wait)
    window.open_app_window = lambda url: browser.app_window(url, profile) is not None
    return True


def _open_browser(page: str, url: str, why: str | None) -> None:
    """Open the system's browser; `why` says why nothing better, None where it was asked for."""
    if not browser.system_browser(page):
        also = f"{why}, and " if why else ""
        console.warn(
            f"Hearth serves without a window: {also}there is no browser. Open {url} yourself."
        )
    elif why:
        console.warn(f"Hearth opens in the browser: {why}.")
