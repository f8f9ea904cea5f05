"""What macOS asks of a program whose window may be hidden, as Cocoa's documentation has it."""

from __future__ import annotations

from typing import Any

import pytest

from hub.desktop.window import cocoa
from tests.desktop.cocoa import Recorder, installed


def test_a_window_leaves_full_screen_before_it_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch)
    plain, full = Recorder(styleMask=0xF), Recorder(styleMask=0xF | cocoa.FULL_SCREEN)
    for native in (plain, full):
        cocoa.hide(native)
    assert [name for name, _ in plain.calls] == ["styleMask", "orderOut_"]
    assert [name for name, _ in full.calls] == ["styleMask", "toggleFullScreen_", "orderOut_"]


def test_a_click_on_the_dock_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    cocoa._handler_class.cache_clear()
    manager = Recorder()
    installed(monkeypatch, NSAppleEventManager=Recorder(sharedAppleEventManager=manager))
    heard: list[str] = []
    cocoa.on_reopen(lambda: heard.append("click"))
    ((handler, selector, group, event),) = manager.given(
        "setEventHandler_andSelector_forEventClass_andEventID_"
    )
    assert (selector, group, event) == ("reopen:withReply:", 0x61657674, 0x72617070)
    handler.reopen_withReply_(None, None)
    assert heard == ["click"]


@pytest.mark.parametrize("question", [None, "open"])
def test_the_loop_looks_whether_it_is_to_end(
    monkeypatch: pytest.MonkeyPatch, question: str | None
) -> None:
    program = Recorder(modalWindow=question)
    made: dict[str, Any] = {
        "otherEventWithType_location_modifierFlags_timestamp_windowNumber_context_subtype_data1_"
        "data2_": "event"
    }
    installed(monkeypatch, NSApp=program, NSEvent=Recorder(**made))
    cocoa.wake_loop()
    assert program.given("postEvent_atStart_") == [("event", False)]
    assert len(program.given("abortModal")) == (question is not None)
