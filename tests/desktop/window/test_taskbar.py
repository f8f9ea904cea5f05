"""A number on the taskbar's button: the calls that Windows has for it."""

from __future__ import annotations

import ctypes
import sys
import types
from typing import Any

import pytest

from hub.desktop.window import taskbar


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has this taskbar")
def test_windows_takes_a_call() -> None:
    """Wine's answer is that it does not show it, or that it did."""
    try:
        taskbar.set_overlay(0, None, "")
    except OSError as error:
        assert "0x" in str(error)


@pytest.mark.parametrize(("count", "handles"), [(3, [5]), (0, [None])])
def test_a_picture_is_shown_and_given_back(
    monkeypatch: pytest.MonkeyPatch, count: int, handles: list[Any]
) -> None:
    given: list[Any] = []
    freed: list[Any] = []
    monkeypatch.setattr(taskbar, "_picture", lambda _: 5)
    monkeypatch.setattr(taskbar, "set_overlay", lambda *told: given.append(told))
    user = types.SimpleNamespace(DestroyIcon=lambda handle: freed.append(handle.value))
    monkeypatch.setattr(ctypes, "windll", types.SimpleNamespace(user32=user), raising=False)
    taskbar.overlay(77, count)
    assert given == [(77, handles[0], "3" if count else "")]
    assert freed == [x for x in handles if x]


def test_a_refusal_is_an_error() -> None:
    taskbar._check(0)
    with pytest.raises(OSError, match="0x80004005"):
        taskbar._check(-2147467259)
