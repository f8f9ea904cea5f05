"""Shows notifications of WebKitGTK by the desktop's own service, on GTK's thread.

WebKitGTK could do it too, but it hands a message on as it is, and many desktops take that for
markup: whoever writes could put a picture or a link of theirs into it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from xml.sax.saxutils import escape

SERVICE: Final = "org.freedesktop.Notifications"
PATH: Final = "/org/freedesktop/Notifications"
"""Where desktops show them: https://specifications.freedesktop.org/notification-spec/ ."""
WAIT: Final = 5000
"""Milliseconds that the desktop may take for an answer."""


class DesktopService:
    """`activate` is called before the page hears of a click, with what lets a window come to the
    front, or "". Where there is no desktop that shows them, they are closed.
    """

    def __init__(self, activate: Callable[[str], None], icon: str | None) -> None:
        self._activate = activate
        self._icon = icon or ""
        self._service: Any = None
        self._shown: dict[int, Any] = {}  # by the desktop's number
        self._token = ""

    def show(self, notification: Any) -> bool:
        """Show what a page notifies of; gives True: the view need not do it."""
        _Showing(self, notification).begin()
        return True

    def connect(self, then: Callable[[Any], None]) -> None:
        """Call `then` with a proxy of the desktop's service; raises nothing, and waits not."""
        from gi.repository import Gio, GLib

        def made(_: Any, result: Any) -> None:
            try:
                self._service = Gio.DBusProxy.new_for_bus_finish(result)
            except GLib.Error:  # there is no bus
                then(None)
                return
            self._service.connect("g-signal", lambda _p, _s, name, told: self.hear(name, told))
            then(self._service)

        if self._service is not None:
            then(self._service)
            return
        flags = Gio.DBusProxyFlags.DO_NOT_LOAD_PROPERTIES
        Gio.DBusProxy.new_for_bus(
            Gio.BusType.SESSION, flags, None, SERVICE, PATH, SERVICE, None, made
        )

    def message(self, notification: Any, abilities: list[str]) -> tuple[Any, ...]:
        """The arguments of Notify."""
        from gi.repository import GLib

        words = notification.get_body() or ""
        body = escape(words) if "body-markup" in abilities else words
        actions = ["default", "Open"] if "actions" in abilities else []
        # The page makes its own sound.
        hints = {
            "category": GLib.Variant("s", "im.received"),
            "suppress-sound": GLib.Variant("b", True),
        }
        title = notification.get_title() or ""
        return ("Hearth", 0, self._icon, title, body, actions, hints, -1)

    def keep(self, number: int, notification: Any) -> None:
        self._shown[number] = notification

    def forget(self, number: int) -> None:
        self._shown.pop(number, None)

    def hear(self, name: str, told: Any) -> None:
        """Take a signal of the service."""
        number, *more = told.unpack()
        notification = self._shown.get(number)
        if notification is None:  # another program's
            return
        if name == "ActivationToken":
            self._token = more[0]
        elif name == "ActionInvoked":
            token, self._token = self._token, ""
            self._activate(token)
            notification.clicked()
        elif name == "NotificationClosed":
            self.forget(number)
            notification.close()


class _Showing:
    """The way of one notification to the desktop, and back once the page closes it."""

    def __init__(self, desktop: DesktopService, notification: Any) -> None:
        self._desktop = desktop
        self._notification = notification
        self._service: Any = None
        self._number = 0
        self._closed = False

    def begin(self) -> None:
        self._notification.connect("closed", lambda _: self._close())
        self._desktop.connect(self._connected)

    def _connected(self, service: Any) -> None:
        self._service = service
        if service is None:
            self._notification.close()
        else:
            self._call("GetCapabilities", None, self._asked)

    def _asked(self, answer: Any) -> None:
        from gi.repository import GLib

        if self._closed:
            return
        told = self._desktop.message(self._notification, answer[0])
        self._call("Notify", GLib.Variant("(susssasa{sv}i)", told), self._notified)

    def _notified(self, answer: Any) -> None:
        self._number = answer[0]
        if self._closed:
            self._call("CloseNotification", self._which(), lambda _: None)
        else:
            self._desktop.keep(self._number, self._notification)

    def _close(self) -> None:
        """The page closed it, the desktop did, or it could not be shown."""
        self._closed = True
        if self._number:
            self._desktop.forget(self._number)
            self._call("CloseNotification", self._which(), lambda _: None)

    def _which(self) -> Any:
        from gi.repository import GLib

        return GLib.Variant("(u)", (self._number,))

    def _call(self, method: str, told: Any, then: Callable[[Any], None]) -> None:
        from gi.repository import Gio, GLib

        def answered(service: Any, result: Any) -> None:
            try:
                answer = service.call_finish(result).unpack()
            except GLib.Error:  # nothing on this desktop shows them, or it has ended
                if not self._closed:
                    self._notification.close()
                return
            then(answer)

        self._service.call(method, told, Gio.DBusCallFlags.NONE, WAIT, None, answered)
