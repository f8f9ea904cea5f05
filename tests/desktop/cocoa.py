"""AppKit, as far as its documentation says what Hearth uses; it records what was made of it."""

from __future__ import annotations

import sys
import types
from typing import Any, Self

import pytest


class Object:
    """NSObject: a class of Python may be derived from it."""

    @classmethod
    def alloc(cls) -> Self:
        return cls()

    def init(self) -> Self:
        return self


class Recorder:
    """Takes any call; `calls` has the name of each and what was given. Getters give `told`."""

    def __init__(self, **told: Any) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.told = told

    def __getattr__(self, name: str) -> Any:
        def called(*given: Any) -> Any:
            self.calls.append((name, given))
            return self.told.get(name)

        return called

    def given(self, name: str) -> list[tuple[Any, ...]]:
        """What each call of this name was given."""
        return [given for called, given in self.calls if called == name]


def installed(monkeypatch: pytest.MonkeyPatch, **members: Any) -> None:
    """Puts `members` into AppKit, and calls later at once."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setitem(sys.modules, "AppKit", types.SimpleNamespace(**members))
    monkeypatch.setitem(sys.modules, "Foundation", types.SimpleNamespace(NSObject=Object))
    later = types.SimpleNamespace(
        callAfter=lambda do, *given: do(*given), callLater=lambda _, do, *given: do(*given)
    )
    monkeypatch.setitem(sys.modules, "PyObjCTools", types.SimpleNamespace(AppHelper=later))
