"""WebView2 in a form of WinForms, as far as its documentation says what Hearth uses."""

from __future__ import annotations

import types
from typing import Any, Self


class Event(list[Any]):
    """An event of .NET, to which `+=` adds a handler."""

    def __iadd__(self, handler: Any) -> Self:  # type: ignore[override,misc]
        self.append(handler)
        return self

    def happens(self, told: Any = None) -> None:
        for handler in self:
            handler(None, told)


class Form:
    """A window whose view has a core once `has_core` says so."""

    def __init__(self) -> None:
        self.Text = "Hearth"
        self.webview = types.SimpleNamespace(
            CoreWebView2=None, CoreWebView2InitializationCompleted=Event()
        )

    def has_core(self, **members: Any) -> None:
        self.webview.CoreWebView2 = types.SimpleNamespace(**members)
        self.ready()

    def ready(self) -> None:
        """The core is there, or could not be made."""
        for handler in self.webview.CoreWebView2InitializationCompleted:
            handler(self.webview, None)
