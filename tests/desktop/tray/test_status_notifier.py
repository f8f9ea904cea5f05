"""The icon in a tray on a real session bus: when it is there, what it tells, and its end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from hub.desktop.tray import status_notifier
from hub.desktop.tray.entries import entries
from hub.desktop.tray.status_notifier import SIZES, StatusNotifier
from tests.desktop.chosen import Chosen
from tests.desktop.session_bus import SessionBus
from tests.launching import ROOT
from tests.patience import PATIENCE, until

for library in ("GLib", "Gio", "GdkPixbuf"):
    pytest.importorskip(f"gi.repository.{library}", reason="needs PyGObject")

ICON = str(ROOT / "ui" / "icon-192.png")


@pytest.fixture(autouse=True)
def own_bus(bus: SessionBus, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in bus.environment.items():
        monkeypatch.setenv(name, value)


@contextmanager
def shown(
    chosen: Chosen,
    on_gone: Callable[[], None] = lambda: None,
    on_back: Callable[[], None] = lambda: None,
    icon: str | None = ICON,
) -> Iterator[StatusNotifier]:
    notifier = StatusNotifier(
        entries(chosen, window=True), icon, lambda: "3 unread for you", on_gone, on_back
    )
    notifier.show()
    try:
        yield notifier
    finally:
        notifier.close()
        until(lambda: not tray_threads(), "its thread did not end")


def tray_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "tray"]


def test_a_tray_shows_it_and_its_menu(bus: SessionBus) -> None:
    tray, chosen = bus.has_tray(), Chosen()
    with shown(chosen) as notifier:
        assert tray.item().startswith("org.kde.StatusNotifierItem-")
        until(lambda: notifier.is_there, "it was not shown")
        names = ("Category", "Id", "Title", "Status", "WindowId", "IconName", "ItemIsMenu", "Menu")
        assert [tray.does("read", name) for name in names] == [
            "Communications", "hearth", "Hearth", "Active", 0, "", False, "/MenuBar",
        ]  # fmt: skip
        assert tray.does("read", "ToolTip") == ["", [], "Hearth", "3 unread for you"]
        assert tray.does("ask_menu", "AboutToShow", "(i)", 0) == [True]
        tray.does("click")
        tray.does("choose", "Pause for Others")
        until(lambda: chosen.done == ["front", "pause"], "not all of it was done")
        notifier.changed()
        assert {tray.change(), tray.change()} == {"LayoutUpdated", "NewToolTip"}
        revision, (_, _, lines) = tray.does("ask_menu", "GetLayout", "(iias)", 0, -1, [])
        assert (revision, lines[3][1]["toggle-state"]) == (2, 1)
    assert not notifier.is_there or not tray_threads()


def test_its_pictures_have_the_colours_of_the_icon(bus: SessionBus) -> None:
    tray = bus.has_tray()
    with shown(Chosen()):
        tray.item()
        pictures = tray.does("read", "IconPixmap")
        assert [(width, height) for width, height, _ in pictures] == [(x, x) for x in SIZES]
        for width, _, pixels in pictures:
            assert len(pixels) == 4 * width * width
            middle = pixels[4 * (width * (width // 2)) + 4 :][:4]  # at the left edge
            alpha, red, green, blue = middle
            assert alpha == 255
            assert red > green > blue, "it is the orange of the ground"


def test_without_a_picture_it_has_none(bus: SessionBus, caplog: pytest.LogCaptureFixture) -> None:
    tray = bus.has_tray()
    with shown(Chosen(), icon=None):
        tray.item()
        assert tray.does("read", "IconPixmap") == []
    with shown(Chosen(), icon="/no/such/file.png"):
        tray.item()
        assert tray.does("read", "IconPixmap") == []
    assert "the tray's icon" in caplog.text


def test_a_tray_that_comes_later_shows_it_and_one_that_ends_is_noticed(
    bus: SessionBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_notifier, "GONE_SECONDS", 0.1)
    gone, back = threading.Event(), threading.Event()
    with shown(Chosen(), gone.set, back.set) as notifier:
        until(tray_threads, "it did not start")
        assert not notifier.is_there
        first = bus.has_tray()
        first.item()
        until(lambda: notifier.is_there, "it was not shown")
        assert not gone.is_set()
        first.close()
        assert gone.wait(PATIENCE)
        assert not notifier.is_there
        assert not back.is_set()
        bus.has_tray().item()
        assert back.wait(PATIENCE)
        assert notifier.is_there


def test_a_tray_that_starts_anew_is_not_missed(
    bus: SessionBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_notifier, "GONE_SECONDS", 60)
    told: list[str] = []
    with shown(Chosen(), lambda: told.append("gone"), lambda: told.append("back")) as notifier:
        for _ in range(2):
            tray = bus.has_tray()
            tray.item()
            until(lambda: notifier.is_there, "it was not shown")
            tray.close()
            until(lambda: not notifier.is_there, "its end was not noticed")
    assert told == []


def test_a_watcher_without_a_host_shows_nothing(
    bus: SessionBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_notifier, "GONE_SECONDS", 0.1)
    tray, gone = bus.has_tray("--no-host"), threading.Event()
    with shown(Chosen(), gone.set) as notifier:
        tray.item()
        tray.does("read", "Id")  # after the answer to whether there is a host
        assert not notifier.is_there
        tray.does("host", True)
        until(lambda: notifier.is_there, "a host that came was not noticed")
        tray.does("host", False)
        assert gone.wait(PATIENCE)
        assert not notifier.is_there


def test_where_the_bus_ends_the_tray_is_gone(bus: SessionBus) -> None:
    tray, gone = bus.has_tray(), threading.Event()
    with shown(Chosen(), gone.set) as notifier:
        tray.item()
        until(lambda: notifier.is_there, "it was not shown")
        bus.close()
        assert gone.wait(PATIENCE)
        assert not notifier.is_there


def test_without_a_bus_there_is_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/bus")
    caplog.set_level("INFO")
    with shown(Chosen()) as notifier:
        until(lambda: "no tray" in caplog.text, "it was not logged")
        notifier.changed()
        assert not notifier.is_there
