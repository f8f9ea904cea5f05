"""The size and place of the window."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest

from hub.desktop.window import geometry
from hub.desktop.window.geometry import placement
from hub.desktop.window.remembered import Memory, Place

SCREEN = (0, 0, 1920, 1080)
RIGHT = (1920, 0, 1280, 1024)


def test_without_a_known_screen_it_has_its_usual_size() -> None:
    assert placement([]) == {"width": 1180, "height": 780, "min_size": (360, 480)}


def test_the_first_time_it_is_in_the_middle_and_on_the_screen() -> None:
    placed = placement([SCREEN])
    assert (placed["x"], placed["y"], placed["width"], placed["height"]) == (358, 118, 1180, 780)
    placed = placement([(0, 28, 800, 412)])
    assert (placed["x"], placed["y"], placed["width"], placed["height"]) == (0, 28, 776, 348)
    assert placed["min_size"] == (360, 348)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(100, 50, 800, 600), (100, 50, 800, 600)),
        (Place(2000, 40, 800, 600), (2000, 40, 800, 600)),  # the other screen
        (Place(1700, 900, 800, 600), (1920, 360, 800, 600)),  # the most of it is on the other
        (Place(-200, 50, 800, 600), (0, 50, 800, 600)),
        (Place(-900, 50, 800, 600), (548, 208, 800, 600)),  # of a screen that is gone
        (Place(100, -300, 800, 600), (548, 208, 800, 600)),
        (Place(100, 50, 5000, 5000), (1920, 0, 1256, 960)),
        (Place(100, 50, 80, 60), (100, 50, 80, 60)),
    ],
)
def test_it_opens_where_it_was_as_far_as_that_is_in_sight(
    place: Place, expected: tuple[int, ...]
) -> None:
    placed = placement([SCREEN, RIGHT], place)
    found = tuple(placed[name] for name in ("x", "y", "width", "height"))
    assert found == expected
    assert not placed["maximized"]


def test_a_maximized_one_is_maximized_again() -> None:
    assert placement([SCREEN], Place(1, 2, 800, 600, True))["maximized"]


def test_an_unknown_system_has_no_areas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setitem(sys.modules, "AppKit", types.ModuleType("AppKit"))
    assert geometry.work_areas() == []


class TestOnWindows:
    """With a form as WinForms' documentation has it, on a screen of twice the usual density."""

    @pytest.fixture(autouse=True)
    def _windows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "win32")

    @pytest.mark.parametrize(
        ("state", "expected"),
        [
            ("Normal", Place(50, 60, 500, 400)),
            ("Maximized", Place(10, 20, 300, 200, True)),
            ("Minimized", Place(10, 20, 300, 200)),
        ],
    )
    def test_its_place_is_remembered(self, tmp_path: Path, state: str, expected: Place) -> None:
        form: Any = types.SimpleNamespace(
            DeviceDpi=192, WindowState=state, Bounds=_bounds(100, 120, 1000, 800),
            RestoreBounds=_bounds(20, 40, 600, 400),
        )  # fmt: skip
        memory = Memory(tmp_path / "window.json")
        geometry.follow(form, memory)()
        assert memory.value.place == expected


def test_on_macos_its_place_is_counted_from_above(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kit: Any = types.ModuleType("AppKit")
    main = types.SimpleNamespace(
        frame=lambda: _rect(0, 0, 1440, 900), visibleFrame=lambda: _rect(0, 50, 1440, 825)
    )
    kit.NSScreen = types.SimpleNamespace(mainScreen=lambda: main, screens=lambda: [main])
    monkeypatch.setitem(sys.modules, "AppKit", kit)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert geometry.work_areas()[0] == (0, 25, 1440, 825)
    window: Any = types.SimpleNamespace(
        frame=lambda: _rect(100, 200, 800, 600), isZoomed=lambda: False
    )
    memory = Memory(tmp_path / "window.json")
    geometry.follow(window, memory)()
    assert memory.value.place == Place(100, 100, 800, 600)


def _bounds(x: int, y: int, width: int, height: int) -> Any:
    return types.SimpleNamespace(X=x, Y=y, Width=width, Height=height)


def _rect(x: float, y: float, width: float, height: float) -> Any:
    origin = types.SimpleNamespace(x=x, y=y)
    return types.SimpleNamespace(
        origin=origin, size=types.SimpleNamespace(width=width, height=height)
    )
