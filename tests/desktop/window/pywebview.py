"""pywebview, as far as Hearth uses it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Self

from tests.patience import PATIENCE


class WebViewException(Exception):
    """Named as pywebview's."""


class Handlers:
    """An event of pywebview, to which `+=` adds a handler."""

    def __init__(self, handlers: list[Any]) -> None:
        self.handlers = handlers

    def __iadd__(self, handler: Any) -> Self:
        self.handlers.append(handler)
        return self


class Ending:
    """A Shutdown that hears no signals."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.callback: Callable[[], object] | None = None
        self.set, self.is_set = self.event.set, self.event.is_set

    def on_set(self, callback: Callable[[], object] | None) -> None:
        self.callback = callback


class FakeWebView:
    """pywebview, as far as Hearth uses it; `main_loop` is what happens within `start`."""

    WebViewException = WebViewException
    menu = SimpleNamespace(
        Menu=lambda *given: given, MenuAction=lambda *given: given, MenuSeparator=lambda: "a line"
    )

    def __init__(self, main_loop: Callable[[FakeWebView], None]) -> None:
        self.settings: dict[str, bool] = {}
        self.renderer = "gtkwebkit2"
        self.created: dict[str, Any] = {}
        self.loaded: list[str] = []
        self.has_loaded = threading.Event()
        self.options: dict[str, Any] = {}
        self.shown: list[Callable[[], None]] = []
        self.initialized: list[Callable[[], bool]] = []
        self.before_show: list[Callable[[], None]] = []
        self.closing: list[Callable[[], bool]] = []
        self.destroyed = threading.Event()
        self.shutdown = Ending()
        self.windows: list[Any] = []
        self.ends: list[str] = []
        self.told = 0  # how often it was told that the number of unread messages is another
        self.window: Any = None
        self._main_loop = main_loop

    def create_window(self, title: str, **options: Any) -> SimpleNamespace:
        self.created = options
        events = SimpleNamespace(
            shown=Handlers(self.shown),
            initialized=Handlers(self.initialized),
            before_show=Handlers(self.before_show),
            closing=Handlers(self.closing),
            before_load=threading.Event(),
        )
        made = SimpleNamespace(
            title=title, html="", events=events, destroy=self.destroyed.set, native="the window",
            load_url=self._load, load_html=lambda page, base: self._load(page),
            hide=lambda: self.loaded.append("hide"),
            show=lambda: self.loaded.append("show"), restore=lambda: self.loaded.append("restore"),
            run_js=self.loaded.append,
        )  # fmt: skip
        self.windows.append(made)
        return made

    def _load(self, what: str) -> None:
        self.loaded.append(what)
        self.has_loaded.set()

    def start(self, **options: Any) -> None:
        self.options = options
        self._main_loop(self)


def show(fake: FakeWebView) -> None:
    for handler in fake.shown:
        handler()


def show_and_load(fake: FakeWebView) -> None:
    show(fake)
    assert fake.has_loaded.wait(PATIENCE)
