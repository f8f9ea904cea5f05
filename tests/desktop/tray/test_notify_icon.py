"""The icon in Windows' notification area, as WinForms' documentation has it."""

from __future__ import annotations

import sys
import types
from typing import Any

import pytest

from hub.desktop.tray.entries import Entry, entries
from hub.desktop.tray.notify_icon import TEXT_CHARACTERS, NotifyIcon
from tests.desktop.chosen import Chosen, broken_entries
from tests.desktop.window.webview2 import Event


class Line:
    """ToolStripMenuItem."""

    def __init__(self, label: str) -> None:
        self.Text = label
        self.Checked = False
        self.Click = Event()


class Lines(list[Any]):
    Add = list.append

    @property
    def Count(self) -> int:
        return len(self)


class Strip:
    """ContextMenuStrip."""

    def __init__(self) -> None:
        self.Items = Lines()
        self.Opening = Event()
        self.Handle = 1

    def BeginInvoke(self, do: Any) -> None:
        do()


class Icon:
    """NotifyIcon."""

    made: list[Icon] = []  # noqa: RUF012

    def __init__(self) -> None:
        self.MouseClick = Event()
        self.Visible = self.is_disposed = False
        self.Text = ""
        self.ContextMenuStrip: Any = None
        Icon.made.append(self)

    def Dispose(self) -> None:
        self.is_disposed = True


def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """.NET; gives what becomes of the loop of the icon's thread, which this does not wait for."""
    loop: list[str] = []

    class Thread:
        IsBackground = False

        def __init__(self, run: Any) -> None:
            self.Start = run

        def SetApartmentState(self, state: str) -> None:
            assert state == "STA"

    class Context:
        def ExitThread(self) -> None:
            loop.append("ended")

    forms = types.SimpleNamespace(
        NotifyIcon=Icon,
        ContextMenuStrip=Strip,
        ToolStripMenuItem=Line,
        ToolStripSeparator=lambda: "-",
        ApplicationContext=Context,
        Application=types.SimpleNamespace(Run=lambda _: loop.append("runs")),
    )
    threading = {
        "Thread": Thread,
        "ThreadStart": lambda run: run,
        "ApartmentState": types.SimpleNamespace(STA="STA"),
    }
    associated = types.SimpleNamespace(ExtractAssociatedIcon=lambda program: f"of {program}")
    for name, members in {
        "clr": {"AddReference": lambda _: None},
        "System": {"Action": lambda do: do},
        "System.Threading": threading,
        "System.Drawing": {"Icon": associated},
        "System.Windows": {"Forms": forms},
    }.items():
        monkeypatch.setitem(sys.modules, name, types.SimpleNamespace(**members))
    Icon.made.clear()
    return loop


def shown(
    monkeypatch: pytest.MonkeyPatch, groups: list[list[Entry]], told: list[str]
) -> tuple[NotifyIcon, Icon]:
    notify = NotifyIcon(groups, lambda: told[0])
    assert not notify.is_there
    notify.show()
    assert notify.is_there
    return notify, Icon.made[0]


def test_it_has_a_menu_and_a_click_opens_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = installed(monkeypatch)
    chosen, told = Chosen(), ["paused for others"]
    notify, icon = shown(monkeypatch, entries(chosen, window=True), told)
    assert (icon.Visible, icon.Text, loop) == (True, "Hearth: paused for others", ["runs"])
    lines = icon.ContextMenuStrip.Items
    assert [line if line == "-" else line.Text for line in lines][:4] == [
        "Open Hearth", "Share…", "-", "Pause for Others",
    ]  # fmt: skip
    icon.MouseClick.happens(types.SimpleNamespace(Button="Right"))
    assert chosen.done == []
    icon.MouseClick.happens(types.SimpleNamespace(Button="Left"))
    lines[3].Click.happens()
    assert chosen.done == ["front", "pause"]
    icon.ContextMenuStrip.Opening.happens()
    assert [line.Checked for line in lines if line != "-"][2:4] == [True, True]
    for told[0], text in (("", "Hearth"), ("x" * 99, f"Hearth: {'x' * 99}"[:TEXT_CHARACTERS])):
        notify.changed()
        assert icon.Text == text
    notify.close()
    assert (icon.Visible, icon.is_disposed, loop) == (False, True, ["runs", "ended"])
    assert not notify.is_there
    notify.changed()
    notify.close()
    assert loop == ["runs", "ended"]


def test_a_choice_that_fails_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    installed(monkeypatch)
    _, icon = shown(monkeypatch, broken_entries(), [""])
    line = icon.ContextMenuStrip.Items[0]
    assert line.Text == "Open_it && all", "an ampersand would mark a key"
    line.Click.happens()
    assert "Open_it" in caplog.text


def test_where_dot_net_fails_there_is_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    installed(monkeypatch)
    monkeypatch.setitem(sys.modules, "System.Windows", types.SimpleNamespace(Forms=None))
    notify = NotifyIcon(entries(Chosen(), window=True), lambda: "")
    notify.show()
    assert not notify.is_there
    assert "no icon in the notification area" in caplog.text
