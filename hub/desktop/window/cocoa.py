"""What macOS asks of a program whose window may be hidden; pywebview does none of it.

Cocoa's own documentation is at https://developer.apple.com/documentation/appkit .
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

FULL_SCREEN: Final = 1 << 14
"""NSWindowStyleMaskFullScreen."""
LEFT_SECONDS: Final = 1.0
"""Seconds in which a window has left its Space of its own."""
REOPEN: Final = tuple(int.from_bytes(x, "big") for x in (b"aevt", b"rapp"))
"""kCoreEventClass and kAEReopenApplication: a click on the Dock, or a start in the Finder."""
APPLICATION_DEFINED: Final = 15
"""NSEventTypeApplicationDefined."""

_handlers: list[Any] = []  # the system keeps none of its own


def hide(native: Any) -> None:
    """Order a window out; first out of full screen, which would leave a black Space. Any thread."""
    from PyObjCTools import AppHelper

    def order_out() -> None:
        if native.styleMask() & FULL_SCREEN:
            native.toggleFullScreen_(None)
            AppHelper.callLater(LEFT_SECONDS, lambda: native.orderOut_(None))
        else:
            native.orderOut_(None)

    AppHelper.callAfter(order_out)


def on_reopen(then: Callable[[], None]) -> None:
    """Call `then` where somebody clicks on the Dock, or starts the program once more.

    Call it once the program's loop runs: Cocoa puts a handler of its own there as it begins.
    """
    from AppKit import NSAppleEventManager

    handler = _handler_class().alloc().init()
    handler.reopened = then
    _handlers.append(handler)
    NSAppleEventManager.sharedAppleEventManager().setEventHandler_andSelector_forEventClass_andEventID_(
        handler, "reopen:withReply:", *REOPEN
    )


def wake_loop() -> None:
    """Have the program's loop look whether it is to end: it does so only after an event."""
    import AppKit
    from PyObjCTools import AppHelper

    def wake() -> None:
        program = AppKit.NSApp
        if program.modalWindow() is not None:  # a question is open
            program.abortModal()
        make = AppKit.NSEvent.otherEventWithType_location_modifierFlags_timestamp_windowNumber_context_subtype_data1_data2_  # noqa: E501 - Cocoa names it
        program.postEvent_atStart_(make(APPLICATION_DEFINED, (0, 0), 0, 0, 0, None, 0, 0, 0), False)

    AppHelper.callAfter(wake)


@functools.cache  # Objective-C has each class only once
def _handler_class() -> Any:
    from Foundation import NSObject

    class HearthReopenHandler(NSObject):  # type: ignore[misc]
        reopened: Callable[[], None]

        def reopen_withReply_(self, _event: Any, _reply: Any) -> None:  # noqa: N802 - Cocoa names it
            self.reopened()

    return HearthReopenHandler
