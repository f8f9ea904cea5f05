"""What the window remembers."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from hub.desktop.window import remembered
from hub.desktop.window.remembered import Memory, Place, Remembered


def test_what_is_saved_is_there_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "window.json"
    memory = Memory(file)
    assert memory.value == Remembered()
    memory.change(place=Place(1, 2, 800, 600, True), zoom=1.5)
    memory.change(downloads="/home/naor/Téléchargements")
    memory.save()
    place = Place(1, 2, 800, 600, True)
    assert Memory(file).value == Remembered(place, 1.5, "/home/naor/Téléchargements")


def test_a_change_is_written_a_moment_later_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "SAVE_SECONDS", 0.01)
    memory = Memory(tmp_path / "window.json")
    memory.change(zoom=2.0)
    assert memory._saving is not None
    memory._saving.join(60)
    assert Memory(tmp_path / "window.json").value.zoom == 2.0


def test_nothing_is_written_where_nothing_changed(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.json")
    memory.change(zoom=1.0)
    memory.save()
    assert list(tmp_path.iterdir()) == []
    nowhere = Memory(None)
    nowhere.change(zoom=2.0)
    nowhere.save()
    assert nowhere.value.zoom == 2.0


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '{"zoom":"large"}', '{"place":{"x":1}}', '{"zoom":' + "9" * 70_000 + "}",
        '{"place":{"x":1,"y":2,"width":"wide","height":3}}',
    ],
)  # fmt: skip
def test_a_broken_file_counts_for_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "window.json").write_text(text)
    assert Memory(tmp_path / "window.json").value == Remembered()


@pytest.mark.parametrize(
    "place", [Place(0, 0, 0, 600), Place(0, 0, 800, -1), Place(10**9, 0, 800, 600)]
)
def test_a_place_that_no_screen_has_is_forgotten(tmp_path: Path, place: Place) -> None:
    memory = Memory(tmp_path / "window.json")
    memory.change(place=place, zoom=1.25)
    memory.save()
    assert Memory(tmp_path / "window.json").value == Remembered(None, 1.25)


def test_a_file_that_cannot_be_written_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "window.json").mkdir()
    memory = Memory(tmp_path / "window.json")
    memory.change(zoom=2.0)
    with caplog.at_level(logging.WARNING):
        memory.save()
    assert "window.json was not written" in caplog.text
    assert memory.value.zoom == 2.0
