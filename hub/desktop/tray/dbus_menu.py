"""A menu that the desktop draws, as the interface com.canonical.dbusmenu describes it.

https://github.com/AyatanaIndicators/libdbusmenu/blob/master/libdbusmenu-glib/dbus-menu.xml says
what each call means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from hub.desktop.tray.entries import Entry

INTERFACE: Final = "com.canonical.dbusmenu"
CALLS: Final = """<node><interface name="com.canonical.dbusmenu">
<property name="Version" type="u" access="read"/>
<property name="Status" type="s" access="read"/>
<property name="TextDirection" type="s" access="read"/>
<property name="IconThemePath" type="as" access="read"/>
<method name="GetLayout"><arg type="i" direction="in"/><arg type="i" direction="in"/>
<arg type="as" direction="in"/><arg type="u" direction="out"/>
<arg type="(ia{sv}av)" direction="out"/></method>
<method name="GetGroupProperties"><arg type="ai" direction="in"/><arg type="as" direction="in"/>
<arg type="a(ia{sv})" direction="out"/></method>
<method name="GetProperty"><arg type="i" direction="in"/><arg type="s" direction="in"/>
<arg type="v" direction="out"/></method>
<method name="Event"><arg type="i" direction="in"/><arg type="s" direction="in"/>
<arg type="v" direction="in"/><arg type="u" direction="in"/></method>
<method name="EventGroup"><arg type="a(isvu)" direction="in"/><arg type="ai" direction="out"/>
</method>
<method name="AboutToShow"><arg type="i" direction="in"/><arg type="b" direction="out"/></method>
<method name="AboutToShowGroup"><arg type="ai" direction="in"/><arg type="ai" direction="out"/>
<arg type="ai" direction="out"/></method>
<signal name="LayoutUpdated"><arg type="u"/><arg type="i"/></signal>
</interface></node>"""
ROOT: Final = 0
"""The number of the menu itself; its lines count from 1."""


class DBusMenu:
    """The menu of these `groups` of lines. Answers calls on the thread that makes them."""

    def __init__(self, groups: Sequence[Sequence[Entry]]) -> None:
        self._lines: dict[int, Entry | None] = {}  # None for what divides two groups
        for group in groups:
            for line in (*([None] if self._lines else []), *group):
                self._lines[len(self._lines) + 1] = line
        self.revision = 1

    def read(self, name: str) -> Any:
        """The value of a property."""
        from gi.repository import GLib

        values = {
            "Version": GLib.Variant("u", 3),
            "Status": GLib.Variant("s", "normal"),
            "TextDirection": GLib.Variant("s", "ltr"),
            "IconThemePath": GLib.Variant("as", []),
        }
        return values[name]

    def call(self, name: str, given: tuple[Any, ...]) -> tuple[Any, list[Entry]]:
        """Give the answer to a call, a Variant or None, and what somebody chose by it.

        The choice is to be made once the answer is on its way: it may end the program.
        """
        from gi.repository import GLib

        chosen: list[Entry] = []
        answers: dict[str, Callable[..., Any]] = {
            "GetLayout": self._layout,
            "GetGroupProperties": lambda numbers, _: GLib.Variant(
                "(a(ia{sv}))",
                ([(n, self._looks(n)) for n in numbers or [ROOT, *self._lines] if self._has(n)],),
            ),
            "GetProperty": lambda number, which: GLib.Variant(
                "(v)", (self._looks(number).get(which) or GLib.Variant("s", ""),)
            ),
            "Event": lambda *event: self._event(event, chosen),
            "EventGroup": lambda events: self._events(events, chosen),
            # What has a check mark may have changed since.
            "AboutToShow": lambda number: GLib.Variant("(b)", (number == ROOT,)),
            "AboutToShowGroup": lambda numbers: GLib.Variant(
                "(aiai)",
                ([n for n in numbers if n == ROOT], [n for n in numbers if not self._has(n)]),
            ),
        }
        return answers[name](*given), chosen

    def _has(self, number: int) -> bool:
        return number == ROOT or number in self._lines

    def _layout(self, parent: int, depth: int, _: list[str]) -> Any:
        from gi.repository import GLib

        lines = self._lines if parent == ROOT and depth != 0 else {}
        inside = [GLib.Variant("(ia{sv}av)", (n, self._looks(n), [])) for n in lines]
        return GLib.Variant("(u(ia{sv}av))", (self.revision, (parent, self._looks(parent), inside)))

    def _looks(self, number: int) -> dict[str, Any]:
        """The properties of a line, or of the menu itself, as Variants."""
        from gi.repository import GLib

        if number == ROOT:
            return {"children-display": GLib.Variant("s", "submenu")}
        line = self._lines.get(number)
        if line is None:
            return {"type": GLib.Variant("s", "separator")}
        looks = {"label": GLib.Variant("s", line.label.replace("_", "__"))}  # one marks a key
        if line.is_on is not None:
            looks["toggle-type"] = GLib.Variant("s", "checkmark")
            looks["toggle-state"] = GLib.Variant("i", int(line.is_on()))
        return looks

    def _events(self, events: list[tuple[Any, ...]], chosen: list[Entry]) -> Any:
        from gi.repository import GLib

        for event in events:
            self._event(event, chosen)
        return GLib.Variant("(ai)", ([n for n, *_ in events if not self._has(n)],))

    def _event(self, event: tuple[Any, ...], chosen: list[Entry]) -> None:
        number, kind, *_ = event
        line = self._lines.get(number)
        if kind == "clicked" and line is not None:
            chosen.append(line)
