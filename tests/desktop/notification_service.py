"""A desktop's notification service, for tests; a process of its own, on the bus of a test.

It prints one line of JSON for each call. A line that it reads, `[number, signal, ...]`, is what
somebody does with the notification of that number.
"""

import json
import sys
import threading
from typing import Any

from gi.repository import Gio, GLib

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
CALLS = """<node><interface name="org.freedesktop.Notifications">
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="Notify">
<arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
<arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
</method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
</interface></node>"""
SIGNALS = {"ActivationToken": "(us)", "ActionInvoked": "(us)", "NotificationClosed": "(uu)"}


def main(abilities: list[str]) -> None:
    numbers = iter(range(1, 1000))
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)

    def called(_c: Any, _s: str, _p: str, _i: str, name: str, told: Any, answer: Any) -> None:
        given = told.unpack()
        if name == "GetCapabilities":
            answer.return_value(GLib.Variant("(as)", (abilities,)))
            return
        number = next(numbers) if name == "Notify" else given[0]
        print(json.dumps([name, number, *given]), flush=True)
        answer.return_value(GLib.Variant("(u)", (number,)) if name == "Notify" else None)

    def emit(number: int, name: str, *more: Any) -> bool:
        told = GLib.Variant(SIGNALS[name], (number, *more))
        bus.emit_signal(None, PATH, NAME, name, told)
        return False

    def listen() -> None:
        for line in sys.stdin:
            GLib.idle_add(emit, *json.loads(line))

    bus.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(CALLS).interfaces[0], called)
    Gio.bus_own_name_on_connection(
        bus, NAME, Gio.BusNameOwnerFlags.NONE, lambda *_: print("[]", flush=True)
    )
    threading.Thread(target=listen, daemon=True).start()
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(sys.argv[1:])
