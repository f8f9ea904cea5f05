"""The icon in the notification area of Windows: WinForms' NotifyIcon, on a thread of its own."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from hub.desktop.tray.entries import Entry

log = logging.getLogger(__name__)

TEXT_CHARACTERS: Final = 63
"""The most that Windows shows where the pointer rests on the icon (NotifyIcon.Text)."""


class NotifyIcon:
    """`told` gives the line that stands beside the name where the pointer rests on the icon."""

    def __init__(self, groups: Sequence[Sequence[Entry]], told: Callable[[], str]) -> None:
        self._groups = groups
        self._told = told
        self._icon: Any = None
        self._context: Any = None

    @property
    def is_there(self) -> bool:
        return self._icon is not None

    def show(self) -> None:
        """Show the icon. Returns at once, and raises nothing."""
        try:
            import clr  # noqa: F401 - it is what finds .NET's own modules
            from System.Threading import ApartmentState, Thread, ThreadStart

            thread = Thread(ThreadStart(self._run))
            thread.SetApartmentState(ApartmentState.STA)
            thread.IsBackground = True
            thread.Start()
        except Exception:  # of .NET
            log.exception("no icon in the notification area")

    def changed(self) -> None:
        """What `told` gives is another; on any thread."""
        self._on_thread(self._tell)

    def close(self) -> None:
        """Show it no longer; on any thread."""
        self._on_thread(self._end)

    def _on_thread(self, do: Callable[[], None]) -> None:
        icon = self._icon
        if icon is not None:
            from System import Action

            icon.ContextMenuStrip.BeginInvoke(Action(do))

    # -- on its thread ---------------------------------------------------------------------

    def _run(self) -> None:
        try:
            import clr

            clr.AddReference("System.Drawing")
            clr.AddReference("System.Windows.Forms")
            from System.Drawing import Icon
            from System.Windows import Forms

            icon = Forms.NotifyIcon()
            icon.Icon = Icon.ExtractAssociatedIcon(sys.executable)
            icon.ContextMenuStrip = self._menu(Forms)
            _ = icon.ContextMenuStrip.Handle  # without one nothing can be run on this thread
            icon.MouseClick += self._clicked
            self._icon = icon
            self._tell()
            icon.Visible = True
            self._context = Forms.ApplicationContext()
            Forms.Application.Run(self._context)
        except Exception:  # of .NET
            log.exception("no icon in the notification area")
            self._icon = None

    def _menu(self, forms: Any) -> Any:
        menu = forms.ContextMenuStrip()
        marked: list[tuple[Any, Callable[[], bool]]] = []
        for group in self._groups:
            if menu.Items.Count:
                menu.Items.Add(forms.ToolStripSeparator())
            for entry in group:
                line = forms.ToolStripMenuItem(entry.label.replace("&", "&&"))  # one marks a key
                line.Click += lambda _sender, _event, entry=entry: entry.chosen()
                menu.Items.Add(line)
                if entry.is_on is not None:
                    marked.append((line, entry.is_on))

        def opening(*_: Any) -> None:
            for line, is_on in marked:
                line.Checked = is_on()

        menu.Opening += opening
        return menu

    def _clicked(self, _: Any, click: Any) -> None:
        if str(click.Button) == "Left":
            self._groups[0][0].chosen()

    def _tell(self) -> None:
        told = self._told()
        self._icon.Text = (f"Hearth: {told}" if told else "Hearth")[:TEXT_CHARACTERS]

    def _end(self) -> None:
        icon, self._icon = self._icon, None
        if icon is not None:
            icon.Visible = False  # else it stays until the pointer comes by
            icon.Dispose()
            self._context.ExitThread()
