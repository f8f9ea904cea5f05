"""Notifications of Hearth's own window: shown by the desktop, and a click leads to the message."""

from __future__ import annotations

import shutil
import sys
import time
import types
import urllib.request
from typing import Any

import pytest

from hub.desktop.window import notifications
from proof import Running
from tests.desktop.conftest import NO_BUS, NOTICES, Start, events
from tests.desktop.screen import Screen
from tests.desktop.session_bus import SessionBus
from tests.desktop.two_pages import told_by_two_pages
from tests.desktop.window.webview2 import Event, Form
from tests.patience import until
from tests.program import HEARTH

TO_YOU = 9 + NOTICES
"""From the message box back to the card about oneself."""
TO_ALERTS = 9
"""From that card's title to "Alerts"."""
TO_THE_SWITCH = 5
"""From the title "Alerts" to the switch "Notifications"; what shows one comes next."""


def opens(screen: Screen, hub: Running) -> None:
    """Naor comes in by the window."""
    screen.raise_window("Hearth")
    screen.until_painted()
    screen.say_first("Naor", "Hello", lambda: events(hub))


def opens_alerts(screen: Screen) -> None:
    screen.rests()
    screen.walk("shift+Tab", TO_YOU)
    screen.changes(lambda: screen.press("Return"), "the card about oneself did not open")
    screen.walk("Tab", TO_ALERTS)
    screen.changes(lambda: screen.press("Return"), "the card of alerts did not open")
    screen.walk("Tab", TO_THE_SWITCH)


def with_notifications(start: Start, screen: Screen, bus: SessionBus) -> Running:
    """Naor came in, switched them on, and put the window away."""
    hub = start(*HEARTH, environment=screen.environment, bus=bus.environment)
    opens(screen, hub)
    opens_alerts(screen)
    screen.changes(lambda: screen.press("space"), "the switch stayed as it was")
    screen.press("Escape")
    screen.rests()
    screen.minimize("Hearth")
    return hub


def says(hub: Running, text: str, room: str = "general") -> None:
    """Mira says something, over HTTP."""
    asked = urllib.request.Request(
        f"{hub.address}/api/chat/{room}?username=mira",
        text.encode(),
        {"Content-Type": "text/plain"},
    )
    urllib.request.urlopen(asked, timeout=60).close()


def texts(hub: Running, room: str) -> list[object]:
    return [event.get("text") for event in events(hub, room)]


def test_a_message_is_shown_by_the_desktop_and_a_click_leads_to_it(
    start: Start, screen: Screen, bus: SessionBus
) -> None:
    desktop = bus.shows_notifications("body", "body-markup", "actions")
    hub = start(*HEARTH, environment=screen.environment, bus=bus.environment)
    opens(screen, hub)
    opens_alerts(screen)
    screen.press("space")
    screen.walk("Tab", 1)
    screen.press("space")
    name, trial, program, _, _, title, body, *_ = desktop.call()
    assert (name, program, title) == ("Notify", "Hearth", "Hearth")
    desktop.does(trial, "ActionInvoked", "default")
    assert desktop.call()[:2] == ["CloseNotification", trial], "the page took it back"
    screen.press("Escape")
    screen.rests()
    says(hub, "@Naor while you look")
    assert desktop.quiet(2)

    screen.minimize("Hearth")
    says(hub, "@Naor <b>come</b> & <img src=x>", "kitchen")
    name, number, program, replaces, icon, title, body, actions, hints, _ = desktop.call()
    assert (name, program, replaces) == ("Notify", "Hearth", 0)
    assert icon.endswith("/ui/icon-192.png")
    assert (title, body) == (
        "mira in kitchen",
        "@Naor &lt;b&gt;come&lt;/b&gt; &amp; &lt;img src=x&gt;",
    )
    assert actions == ["default", "Open"]
    assert hints == {"category": "im.received", "suppress-sound": True}
    assert not screen.has_keyboard("Hearth")
    assert desktop.quiet(2), "it stays, though that room was new to the page"

    desktop.does(999, "ActionInvoked", "default")  # another program's
    desktop.does(number, "ActivationToken", "hearth_TIME0")
    desktop.does(number, "ActionInvoked", "default")
    assert desktop.call()[:2] == ["CloseNotification", number]
    until(lambda: screen.has_keyboard("Hearth"), "the window did not come to the front")
    typed = "I come"
    screen.say_next(typed, lambda: typed in texts(hub, "kitchen"))


def test_a_desktop_that_knows_no_markup_is_given_none(
    start: Start, screen: Screen, bus: SessionBus
) -> None:
    desktop = bus.shows_notifications("body")
    hub = with_notifications(start, screen, bus)
    says(hub, "@Naor 1 < 2")
    call = desktop.call()
    assert call[6:8] == ["@Naor 1 < 2", []]
    desktop.does(call[1], "NotificationClosed", 2)
    assert desktop.call()[:2] == ["CloseNotification", call[1]]
    time.sleep(4)  # the page calls again no sooner
    says(hub, "@Naor again")
    assert desktop.call()[6] == "@Naor again"


def test_dunst_shows_it_and_a_click_leads_to_it(
    start: Start, screen: Screen, bus: SessionBus
) -> None:
    """A notification service of people's own, which is not ours in anything."""
    if not shutil.which("dunst"):
        pytest.skip("needs dunst")
    bus.runs("dunst", environment=screen.environment)
    hub = with_notifications(start, screen, bus)
    says(hub, "@Naor come", "kitchen")
    popup = until(lambda: screen.popup("Dunst"), "nothing was shown")
    screen.click(*popup, button=2)  # dunst's for what a notification is about
    until(lambda: screen.has_keyboard("Hearth"), "the window did not come to the front")
    typed = "I come"
    screen.say_next(typed, lambda: typed in texts(hub, "kitchen"))


@pytest.mark.parametrize("has_bus", [True, False])
def test_without_a_desktop_that_shows_them_nothing_breaks(
    start: Start, screen: Screen, bus: SessionBus, has_bus: bool
) -> None:
    hub = start(*HEARTH, environment=screen.environment, bus=bus.environment if has_bus else NO_BUS)
    opens(screen, hub)
    opens_alerts(screen)
    screen.press("space")
    screen.walk("Tab", 1)
    screen.rests()
    screen.changes(lambda: screen.press("space"), "nothing said that none is shown")
    screen.press("Escape")
    screen.rests()
    screen.minimize("Hearth")
    says(hub, "@Naor come")
    time.sleep(1)
    screen.restore("Hearth")
    screen.rests()
    screen.changes(lambda: says(hub, "All is well"), "the page lives no more")
    hub.stop()


def test_only_the_hubs_own_origin_may_show_any(screen: Screen) -> None:
    told = told_by_two_pages(
        screen,
        "fetch('/is-' + Notification.permission)",
        "from hub.desktop.window import notifications; notifications.allow(window, page, None)",
    )
    assert told == "/is-granted /is-default\n"


class TestOnWindows:
    """With WebView2 as its documentation has it."""

    @pytest.fixture(autouse=True)
    def _windows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        core: Any = types.ModuleType("Microsoft.Web.WebView2.Core")
        core.CoreWebView2PermissionKind = types.SimpleNamespace(Notifications=4, Camera=2)
        core.CoreWebView2PermissionState = types.SimpleNamespace(Allow=1)
        monkeypatch.setitem(sys.modules, "Microsoft.Web.WebView2.Core", core)
        monkeypatch.setattr(sys, "platform", "win32")

    @pytest.mark.parametrize(
        ("kind", "uri", "state"),
        [
            (4, "http://127.0.0.1:5000/", 1),
            (4, "http://127.0.0.1:5001/", 0),
            (2, "http://127.0.0.1:5000/", 0),
        ],
    )
    def test_only_notifications_of_the_hub_are_allowed(
        self, kind: int, uri: str, state: int
    ) -> None:
        form = Form()
        notifications.allow(form, "http://127.0.0.1:5000/general", None)
        form.has_core(PermissionRequested=Event())
        request = types.SimpleNamespace(PermissionKind=kind, Uri=uri, State=0)
        form.webview.CoreWebView2.PermissionRequested.happens(request)
        assert request.State == state

    def test_a_view_that_failed_is_left_alone(self) -> None:
        form = Form()
        notifications.allow(form, "http://127.0.0.1:5000/general", None)
        form.ready()


def test_on_macos_there_is_nothing_to_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    notifications.allow(None, "http://127.0.0.1:5000/general", None)
