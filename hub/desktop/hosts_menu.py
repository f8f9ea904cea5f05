"""What the menus of the window and of the tray do outside the page."""

from __future__ import annotations

from typing import Protocol

from hub.desktop import browser, file_manager, login_item
from hub.desktop.service import Service
from hub.desktop.window.menu import raising
from hub.folder import Folder


class Window(Protocol):
    """Where the hub's page is shown."""

    def run(self, script: str) -> None:
        """Run JavaScript in the page, where that can be."""

    def to_front(self, url: str | None) -> None:
        """Bring it to the front, on another page if a URL is given."""


class Closing(Protocol):
    """How Hearth ends."""

    def quit(self) -> None: ...
    def forget(self) -> None:
        """Ask anew when somebody closes the window the next time."""


class HostsMenu:
    """The actions of `hub.desktop.window.menu` and of `hub.desktop.tray.entries`."""

    def __init__(self, folder: Folder, window: Window, service: Service, closing: Closing) -> None:
        self._folder = folder
        self._window = window
        self._service = service
        self._closing = closing

    def to_page(self, script: str) -> None:
        self._window.run(script)

    def to_front(self) -> None:
        self._window.to_front(None)

    def share(self) -> None:
        self.to_front()
        self.to_page(raising("show-invite"))

    def open_folder(self) -> None:
        file_manager.open_path(self._folder.path)

    def open_log(self) -> None:
        file_manager.open_path(self._folder.log_file)

    def open_browser(self) -> None:
        """Open the room in the browser, whose user is the host there too."""
        if self._service.is_started:
            url = self._service.page_for("browser")
            browser.system_browser(browser.redirect_page(self._folder.hub / "open.html", url))

    def is_paused(self) -> bool:
        return self._service.is_paused

    def switch_pause(self) -> None:
        """Hosts see why nobody answers for as long as it lasts; the end is told once."""
        self._service.switch_pause()
        if not self._service.is_paused:
            self._say("Others can come in again.")

    def starts_at_login(self) -> bool:
        return login_item.is_on()

    def switch_login(self) -> None:
        try:
            if login_item.is_on():
                login_item.turn_off()
                told = "Hearth no longer starts when you log in."
            else:
                login_item.turn_on(self._folder.path)
                told = "From now on Hearth starts when you log in."
        except OSError as error:
            told = f"This could not be changed: {error.strerror or error}."
        self._say(told)

    def ask_again(self) -> None:
        self._closing.forget()
        self._say("Hearth asks again when you close its window.")

    def quit(self) -> None:
        self._closing.quit()

    def _say(self, text: str) -> None:
        self.to_page(raising("notice", text=text))
