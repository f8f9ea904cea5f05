"""Asks something in a dialog of the system, and goes on meanwhile."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

log = logging.getLogger(__name__)

_MB: Final = {1: 0x1 | 0x30 | 0x10000, 2: 0x3 | 0x20 | 0x10000}
"""MB_OKCANCEL | MB_ICONWARNING, MB_YESNOCANCEL | MB_ICONQUESTION, by the number of answers; and
MB_SETFOREGROUND, since the window may be hidden."""
_ANSWERS: Final = {1: 0, 6: 0, 7: 1}
"""IDOK, IDYES and IDNO (MessageBoxW), and which answer each is."""
_FIRST_BUTTON: Final = 1000
"""NSAlertFirstButtonReturn."""


class Answer(NamedTuple):
    """One that somebody can give, and what comes of it."""

    label: str
    then: Callable[[], None]


class Question:
    """One or two `answers` are offered, the first as the one to expect, and "Cancel".

    Where the dialog is closed, or Escape is pressed, nothing comes of it.
    """

    def __init__(self, title: str, text: str, answers: Sequence[Answer]) -> None:
        self.title = title
        self.text = text
        self.answers = answers
        self.is_open = False
        """Whether it waits for an answer."""
        self._dialog: Any = None  # of GTK

    def ask(self, native: Any) -> None:
        """Ask above the toolkit's window `native`, or, where that is hidden, alone.

        One that is open comes to the front. Returns at once; may be called on any thread.
        """
        if self.is_open and sys.platform != "linux":
            return  # the system has it above the program's windows
        self.is_open = True
        if sys.platform == "linux":
            from gi.repository import GLib

            GLib.idle_add(self._ask_gtk, native)
        elif sys.platform == "win32":
            from System import Action

            native.BeginInvoke(Action(lambda: self._answered(self._ask_windows(native))))
        else:
            from PyObjCTools import AppHelper

            AppHelper.callAfter(lambda: self._answered(self._ask_cocoa()))

    def _answered(self, number: int | None) -> None:
        self.is_open = False
        if number is not None and 0 <= number < len(self.answers):
            try:
                self.answers[number].then()
            except Exception:
                log.exception("an answer: %s", self.answers[number].label)

    def _ask_gtk(self, native: Any) -> bool:
        from gi.repository import Gdk, Gtk

        if self._dialog is not None:
            self._dialog.present()
            return False
        minimized = (
            native.get_mapped() and native.get_window().get_state() & Gdk.WindowState.ICONIFIED
        )
        dialog = self._dialog = Gtk.MessageDialog(
            modal=True,
            destroy_with_parent=True,
            # What belongs to a minimized window is not shown.
            transient_for=native if native.get_mapped() and not minimized else None,
            message_type=Gtk.MessageType.QUESTION,
            title="Hearth",
            text=self.title,
            secondary_text=self.text,
        )
        dialog.add_button("Cancel", Gtk.ResponseType.CANCEL)
        for number in reversed(range(len(self.answers))):
            dialog.add_button(self.answers[number].label, number)
        dialog.set_default_response(0)

        def responded(_: Any, number: int) -> None:
            dialog.destroy()
            self._answered(number)

        def ended(_: Any) -> None:
            """Also with its window."""
            self._dialog = None
            self.is_open = False

        dialog.connect("response", responded)
        dialog.connect("destroy", ended)
        dialog.present()
        return False

    def _ask_windows(self, native: Any) -> int | None:
        """A message box, whose buttons have names of their own: the text says what they stand for.

        https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-messageboxw
        """
        import ctypes

        names = ("OK",) if len(self.answers) == 1 else ("Yes", "No")
        legend = "\n".join(
            f"{name}: {answer.label}" for name, answer in zip(names, self.answers, strict=True)
        )
        text = f"{self.title}\n\n{self.text}\n\n{legend}"
        handle = native.Handle.ToInt64() if native.Visible else None
        user: Any = ctypes.windll.user32  # type: ignore[attr-defined,unused-ignore]
        answer = user.MessageBoxW(handle, text, "Hearth", _MB[len(self.answers)])
        return _ANSWERS.get(answer)

    def _ask_cocoa(self) -> int:
        import AppKit

        AppKit.NSApp.activateIgnoringOtherApps_(True)
        alert = AppKit.NSAlert.alloc().init()
        alert.setMessageText_(self.title)
        alert.setInformativeText_(self.text)
        for answer in self.answers:
            alert.addButtonWithTitle_(answer.label)
        alert.addButtonWithTitle_("Cancel")
        return int(alert.runModal()) - _FIRST_BUTTON
