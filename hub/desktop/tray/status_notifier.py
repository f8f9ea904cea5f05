"""The icon in the tray of a Linux desktop: a StatusNotifierItem on the session's bus.

https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/ says what the calls mean. Runs
on a thread of its own, with or without a window.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

from hub.desktop.tray import dbus_menu
from hub.desktop.tray.dbus_menu import DBusMenu
from hub.desktop.tray.entries import Entry
from hub.threads import start

log = logging.getLogger(__name__)

ITEM: Final = "org.kde.StatusNotifierItem"
ITEM_PATH: Final = "/StatusNotifierItem"
MENU_PATH: Final = "/MenuBar"
WATCHER: Final = "org.kde.StatusNotifierWatcher"
WATCHER_PATH: Final = "/StatusNotifierWatcher"
CALLS: Final = """<node><interface name="org.kde.StatusNotifierItem">
<property name="Category" type="s" access="read"/>
<property name="Id" type="s" access="read"/>
<property name="Title" type="s" access="read"/>
<property name="Status" type="s" access="read"/>
<property name="WindowId" type="i" access="read"/>
<property name="IconName" type="s" access="read"/>
<property name="IconPixmap" type="a(iiay)" access="read"/>
<property name="ToolTip" type="(sa(iiay)ss)" access="read"/>
<property name="ItemIsMenu" type="b" access="read"/>
<property name="Menu" type="o" access="read"/>
<method name="Activate"><arg type="i" direction="in"/><arg type="i" direction="in"/></method>
<method name="SecondaryActivate"><arg type="i" direction="in"/><arg type="i" direction="in"/>
</method>
<method name="ContextMenu"><arg type="i" direction="in"/><arg type="i" direction="in"/></method>
<method name="Scroll"><arg type="i" direction="in"/><arg type="s" direction="in"/></method>
<signal name="NewIcon"/><signal name="NewToolTip"/>
</interface></node>"""
SIZES: Final = (22, 24, 32, 48, 64)
"""Pixels of the icon, on screens of all kinds."""
GONE_SECONDS: Final = 3.0
"""Seconds after which a tray that has ended is missed."""
WAIT: Final = 5000
"""Milliseconds that the desktop may take for an answer."""


class StatusNotifier:
    """`told` gives the line that stands beside the name where the pointer rests on the icon.

    `on_gone` is called when a tray has ended and none has come for GONE_SECONDS, `on_back` when one
    comes after that; on a thread of their own. `icon` is a PNG.
    """

    def __init__(
        self,
        groups: Sequence[Sequence[Entry]],
        icon: str | None,
        told: Callable[[], str],
        on_gone: Callable[[], None],
        on_back: Callable[[], None],
    ) -> None:
        self._first = groups[0][0]
        self._menu = DBusMenu(groups)
        self._icon = icon
        self._told = told
        self._on_gone = on_gone
        self._on_back = on_back
        self._bus: Any = None
        self._loop: Any = None
        self._is_registered = False
        self._has_host = False
        self._was_there = False
        self._is_missed = False  # its end was told
        self._waiting: Any = None  # for another one, as a source of GLib

    @property
    def is_there(self) -> bool:
        """Whether a desktop shows the icon."""
        return self._is_registered and self._has_host

    def show(self) -> None:
        """Show the icon wherever there is a tray, also one that comes later. Returns at once."""
        start(threading.Thread(target=self._run, name="tray", daemon=True))

    def changed(self) -> None:
        """What `told` gives, or a check mark of the menu, is another; on any thread."""
        self._on_thread(self._tell_change)

    def close(self) -> None:
        """Show it no longer; on any thread."""
        self._on_thread(lambda: self._loop.quit())

    def _on_thread(self, do: Callable[[], object]) -> None:
        loop = self._loop
        if loop is None:
            return
        from gi.repository import GLib

        def once(*_: object) -> bool:
            do()
            return False

        source = GLib.Idle()
        source.set_callback(once)
        source.attach(loop.get_context())

    # -- on its thread ---------------------------------------------------------------------

    def _run(self) -> None:
        try:
            from gi.repository import Gio, GLib
        except ImportError as error:
            log.info("no tray: %s", error)
            return
        context = GLib.MainContext()
        context.push_thread_default()
        try:
            flags = (
                Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
                | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
            )
            # One of its own, so that nothing of it is left as it closes.
            address = Gio.dbus_address_get_for_bus_sync(Gio.BusType.SESSION)
            self._bus = Gio.DBusConnection.new_for_address_sync(address, flags)
            self._loop = GLib.MainLoop(context)
            self._offer()
            self._loop.run()
            is_missed = self._was_there or self._waiting is not None
            self._wait_no_more()
            if not self._bus.is_closed():
                self._bus.close_sync()
            elif is_missed:
                self._on_gone()
        except GLib.Error as error:  # there is no bus, or it has ended
            log.info("no tray: %s", error.message)
        finally:
            self._loop = None
            context.pop_thread_default()

    def _offer(self) -> None:
        """Put item and menu onto the bus, and tell the tray of them, whenever there is one."""
        from gi.repository import Gio

        item, menu = (Gio.DBusNodeInfo.new_for_xml(x) for x in (CALLS, dbus_menu.CALLS))
        self._bus.register_object(ITEM_PATH, item.interfaces[0], self._called, self._read)
        self._bus.register_object(MENU_PATH, menu.interfaces[0], self._called, self._read)
        name = f"{ITEM}-{os.getpid()}-1"
        none = Gio.BusNameOwnerFlags.NONE
        Gio.bus_own_name_on_connection(self._bus, name, none, None, None)
        self._bus.signal_subscribe(
            None, WATCHER, None, WATCHER_PATH, None, Gio.DBusSignalFlags.NONE, self._heard
        )
        self._bus.connect("closed", lambda *_: self._loop.quit())  # the session has ended
        Gio.bus_watch_name_on_connection(
            self._bus, WATCHER, Gio.BusNameWatcherFlags.NONE,
            lambda *_: self._register(name), lambda *_: self._set(registered=False, host=False),
        )  # fmt: skip

    def _register(self, name: str) -> None:
        from gi.repository import GLib

        told = GLib.Variant("(s)", (name,))
        self._ask("RegisterStatusNotifierItem", WATCHER, told, lambda _: self._set(registered=True))
        self._ask_for_host()

    def _ask_for_host(self) -> None:
        from gi.repository import GLib

        asked = GLib.Variant("(ss)", (WATCHER, "IsStatusNotifierHostRegistered"))
        properties = "org.freedesktop.DBus.Properties"
        self._ask("Get", properties, asked, lambda answer: self._set(host=bool(answer[0])))

    def _ask(
        self, method: str, interface: str, told: Any, then: Callable[[tuple[Any, ...]], None]
    ) -> None:
        from gi.repository import Gio, GLib

        def answered(bus: Any, result: Any) -> None:
            try:
                answer = bus.call_finish(result)
            except GLib.Error as error:
                log.info("the tray refuses: %s", error.message)
                return
            then(answer.unpack())

        self._bus.call(
            WATCHER, WATCHER_PATH, interface, method, told, None,
            Gio.DBusCallFlags.NO_AUTO_START, WAIT, None, answered,
        )  # fmt: skip

    def _heard(self, _b: Any, _s: str, _p: str, _i: str, signal: str, _t: Any) -> None:
        if signal in ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"):
            self._ask_for_host()

    def _set(self, registered: bool | None = None, host: bool | None = None) -> None:
        self._is_registered = self._is_registered if registered is None else registered
        self._has_host = self._has_host if host is None else host
        was_there, self._was_there = self._was_there, self.is_there
        if was_there and not self._was_there:
            self._wait()
        elif self._was_there and not was_there:
            self._wait_no_more()
            if self._is_missed:
                self._is_missed = False
                self._on_back()

    def _wait(self) -> None:
        """A desktop's panel that starts anew is no end."""
        from gi.repository import GLib

        def missed(*_: object) -> bool:
            self._waiting = None
            self._is_missed = True
            self._on_gone()
            return False

        self._waiting = GLib.timeout_source_new(round(GONE_SECONDS * 1000))
        self._waiting.set_callback(missed)
        self._waiting.attach(self._loop.get_context())

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.destroy()
            self._waiting = None

    def _called(
        self, _b: Any, _s: str, path: str, _i: str, name: str, given: Any, answer: Any
    ) -> None:
        told, chosen = None, [self._first] if name in ("Activate", "SecondaryActivate") else []
        if path == MENU_PATH:
            told, chosen = self._menu.call(name, given.unpack())
        answer.return_value(told)
        if chosen:
            self._bus.flush_sync()
        for entry in chosen:
            entry.chosen()

    def _read(self, _b: Any, _s: str, path: str, _i: str, name: str) -> Any:
        if path == MENU_PATH:
            return self._menu.read(name)
        from gi.repository import GLib

        values = {
            "Category": ("s", "Communications"),
            "Id": ("s", "hearth"),
            "Title": ("s", "Hearth"),
            "Status": ("s", "Active"),
            "WindowId": ("i", 0),
            "IconName": ("s", ""),
            "IconPixmap": ("a(iiay)", self._pictures()),
            "ToolTip": ("(sa(iiay)ss)", ("", [], "Hearth", self._told())),
            "ItemIsMenu": ("b", False),
            "Menu": ("o", MENU_PATH),
        }
        return GLib.Variant(*values[name])

    def _pictures(self) -> list[tuple[int, int, bytes]]:
        """The icon in all sizes: width, height, and a word of alpha, red, green, blue a pixel."""
        import gi

        gi.require_version("GdkPixbuf", "2.0")
        from gi.repository import GdkPixbuf, GLib

        pictures = []
        for size in SIZES if self._icon else ():
            try:
                picture = GdkPixbuf.Pixbuf.new_from_file_at_size(self._icon, size, size)
            except GLib.Error as error:
                log.warning("the tray's icon: %s", error.message)
                return []
            found = picture.add_alpha(False, 0, 0, 0).get_pixels()
            pixels = bytearray(len(found))
            for place, colour in enumerate((3, 0, 1, 2)):
                pixels[place::4] = found[colour::4]
            pictures.append((size, size, bytes(pixels)))
        return pictures

    def _tell_change(self) -> None:
        from gi.repository import GLib

        self._menu.revision += 1
        layout = GLib.Variant("(ui)", (self._menu.revision, dbus_menu.ROOT))
        for path, interface, signal, told in (
            (MENU_PATH, dbus_menu.INTERFACE, "LayoutUpdated", layout),
            (ITEM_PATH, ITEM, "NewToolTip", None),
        ):
            self._bus.emit_signal(None, path, interface, signal, told)
