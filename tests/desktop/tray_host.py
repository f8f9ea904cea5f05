"""A desktop's tray, for tests; a process of its own, on the bus of a test.

It is what the StatusNotifierItem specification calls watcher and host, and says in a line of JSON
what happens: `["item", its name]` as one registers, `["changed", signal]` for what it signals. A
line that it reads is what somebody does, or what the tray asks the item for; it answers with a line
`["answer", ...]`. `["host", false]` leaves only the watcher.
"""

import json
import sys
import threading
from typing import Any

from gi.repository import Gio, GLib

WATCHER, PATH = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"
ITEM, ITEM_PATH = "org.kde.StatusNotifierItem", "/StatusNotifierItem"
MENU, MENU_PATH = "com.canonical.dbusmenu", "/MenuBar"
CALLS = """<node><interface name="org.kde.StatusNotifierWatcher">
<property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
<method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
<signal name="StatusNotifierHostRegistered"/><signal name="StatusNotifierHostUnregistered"/>
</interface></node>"""


class Tray:
    def __init__(self, has_host: bool) -> None:
        self.has_host = has_host
        self.item = ""
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        calls = Gio.DBusNodeInfo.new_for_xml(CALLS).interfaces[0]
        self.bus.register_object(PATH, calls, self._called, self._read)
        for interface in (ITEM, MENU):
            self.bus.signal_subscribe(
                None, interface, None, None, None, Gio.DBusSignalFlags.NONE,
                lambda _b, _s, _p, _i, signal, _t: told("changed", signal),
            )  # fmt: skip
        Gio.bus_own_name_on_connection(
            self.bus, WATCHER, Gio.BusNameOwnerFlags.NONE, lambda *_: told("ready")
        )

    def do(self, what: str, *given: Any) -> bool:
        told("answer", getattr(self, what)(*given))
        return False

    def read(self, name: str) -> Any:
        """The value of a property of the item."""
        asked = GLib.Variant("(ss)", (ITEM, name))
        return self._ask(ITEM_PATH, "org.freedesktop.DBus.Properties", "Get", asked)[0]

    def ask_menu(self, method: str, kinds: str, *given: Any) -> Any:
        return self._ask(MENU_PATH, MENU, method, GLib.Variant(kinds, given))

    def choose(self, label: str) -> None:
        """A click on a line of the menu."""
        _, (_, _, lines) = self.ask_menu("GetLayout", "(iias)", 0, -1, [])
        number = next(n for n, looks, _ in lines if looks.get("label") == label)
        none = GLib.Variant("s", "")
        self.ask_menu("Event", "(isvu)", number, "clicked", none, 0)

    def click(self) -> None:
        """A click on the icon."""
        self._ask(ITEM_PATH, ITEM, "Activate", GLib.Variant("(ii)", (0, 0)))

    def host(self, there: bool) -> None:
        self.has_host = there
        signal = f"StatusNotifierHost{'R' if there else 'Unr'}egistered"
        self.bus.emit_signal(None, PATH, WATCHER, signal, None)

    def _ask(self, path: str, interface: str, method: str, told: Any) -> Any:
        answer = self.bus.call_sync(
            self.item, path, interface, method, told, None, Gio.DBusCallFlags.NONE, 10_000
        )
        return answer.unpack()

    def _called(self, _b: Any, _s: str, _p: str, _i: str, _m: str, given: Any, answer: Any) -> None:
        self.item = given.unpack()[0]
        answer.return_value(None)
        told("item", self.item)

    def _read(self, *_: Any) -> Any:
        return GLib.Variant("b", self.has_host)


def told(*words: Any) -> None:
    print(json.dumps(words), flush=True)


def main(has_host: bool) -> None:
    tray = Tray(has_host)

    def listen() -> None:
        for line in sys.stdin:
            GLib.idle_add(tray.do, *json.loads(line))

    threading.Thread(target=listen, daemon=True).start()
    GLib.MainLoop().run()


if __name__ == "__main__":
    main("--no-host" not in sys.argv)
