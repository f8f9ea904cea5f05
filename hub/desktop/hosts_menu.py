"""What the menu of the window does outside its page."""

from __future__ import annotations

from collections.abc import Callable

from hub.desktop import browser, file_manager, login_item
from hub.desktop.service import Service
from hub.desktop.shutdown import Shutdown
from hub.desktop.window.menu import raising
from hub.folder import Folder


class HostsMenu:
    """The actions of `hub.desktop.window.menu`. `to_page` runs JavaScript in the page."""

    def __init__(
        self,
        folder: Folder,
        to_page: Callable[[str], None],
        service: Service,
        shutdown: Shutdown,
    ) -> None:
        self.to_page = to_page
        self._folder = folder
        self._service = service
        self._shutdown = shutdown

    def open_folder(self) -> None:
        file_manager.open_path(self._folder.path)

    def open_log(self) -> None:
        file_manager.open_path(self._folder.log_file)

    def open_browser(self) -> None:
        """Open the room in the browser, whose user is the host there too."""
        if self._service.is_started:
            url = self._service.page_for("browser")
            browser.system_browser(browser.redirect_page(self._folder.hub / "open.html", url))

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
        self.to_page(raising("notice", text=told))

    def quit(self) -> None:
        self._shutdown.set()
