"""How large the page is drawn in the native window: Ctrl with +, - and 0, or with the wheel."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

from hub.desktop.window.remembered import Memory
from hub.desktop.window.web_view import webkit, when_ready

STEPS: Final = (0.5, 0.67, 0.75, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
"""Factors, as browsers have them."""


FIRST_PAGE_SECONDS: Final = 1.0
"""Seconds after which the first page has come, on macOS."""


def step(zoom: float, by: int) -> float:
    """The next factor of STEPS above `zoom`, or for `by` -1 below it; `by` 0 gives 1."""
    if by == 0:
        return 1.0
    if by > 0:
        return min((x for x in STEPS if x > zoom + 0.01), default=STEPS[-1])
    return max((x for x in STEPS if x < zoom - 0.01), default=STEPS[0])


def follow(native: Any, memory: Memory) -> None:
    """Zoom as remembered, and as keys and wheel ask. Call it on the toolkit's thread.

    `native` is pywebview's own window of the toolkit.
    """
    if sys.platform == "linux":
        _follow_webkit(webkit(native), memory)
    elif sys.platform == "win32":
        _follow_webview2(native.webview, memory)
    elif sys.platform == "darwin":
        _follow_cocoa(native.contentView, memory)


def _clamped(zoom: float) -> float:
    return min(max(zoom, STEPS[0]), STEPS[-1])


def _follow_webkit(view: Any, memory: Memory) -> None:
    from gi.repository import Gdk

    keys = {
        **dict.fromkeys((Gdk.KEY_plus, Gdk.KEY_equal, Gdk.KEY_KP_Add), 1),
        **dict.fromkeys((Gdk.KEY_minus, Gdk.KEY_underscore, Gdk.KEY_KP_Subtract), -1),
        **dict.fromkeys((Gdk.KEY_0, Gdk.KEY_KP_0), 0),
    }
    wheel = {Gdk.ScrollDirection.UP: 1, Gdk.ScrollDirection.DOWN: -1}

    def by(direction: int | None) -> bool:
        if direction is None:
            return False
        memory.change(zoom=step(view.get_zoom_level(), direction))
        view.set_zoom_level(memory.value.zoom)
        return True

    def is_asked(event: Any) -> bool:
        """Whether Ctrl is held, and no key that makes something else of it."""
        return bool(
            event.state & Gdk.ModifierType.CONTROL_MASK
            and not event.state & (Gdk.ModifierType.MOD1_MASK | Gdk.ModifierType.SUPER_MASK)
        )

    def pressed(_: Any, event: Any) -> bool:
        return is_asked(event) and by(keys.get(event.keyval))

    def turned(_: Any, event: Any) -> bool:
        if not is_asked(event):
            return False
        if event.direction != Gdk.ScrollDirection.SMOOTH:
            return by(wheel.get(event.direction))
        _, _, down = event.get_scroll_deltas()
        return by(-1 if down > 0 else 1 if down < 0 else None)

    view.set_zoom_level(_clamped(memory.value.zoom))
    view.connect("key-press-event", pressed)
    view.connect("scroll-event", turned)


def _follow_webview2(control: Any, memory: Memory) -> None:
    """WebView2 has the keys and the wheel itself once its program lets it."""

    def ready(core: Any) -> None:
        core.Settings.AreBrowserAcceleratorKeysEnabled = True
        control.ZoomFactor = _clamped(memory.value.zoom)
        control.ZoomFactorChanged += lambda *_: memory.change(zoom=float(control.ZoomFactor))

    when_ready(control, ready)


def _follow_cocoa(view: Callable[[], Any], memory: Memory) -> None:
    """WKWebView has no keys for it: those with Command are looked for before anybody has them.

    `view` gives it once its first page has come: pywebview puts it into the window then.
    """
    import AppKit
    from PyObjCTools import AppHelper

    keys = {"+": 1, "=": 1, "-": -1, "0": 0}

    def pressed(event: Any) -> Any:
        direction = keys.get(str(event.charactersIgnoringModifiers()))
        if direction is None or not event.modifierFlags() & AppKit.NSEventModifierFlagCommand:
            return event
        memory.change(zoom=step(memory.value.zoom, direction))
        draw()
        return None

    def draw() -> None:
        if hasattr(view(), "setPageZoom_"):
            view().setPageZoom_(_clamped(memory.value.zoom))

    AppHelper.callLater(FIRST_PAGE_SECONDS, draw)
    AppKit.NSEvent.addLocalMonitorForEventsMatchingMask_handler_(AppKit.NSEventMaskKeyDown, pressed)
