"""What the desktop's service is asked for, call by call; test_notifications has a real bus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hub.desktop.window.desktop_service import DesktopService

pytestmark = pytest.mark.filterwarnings("ignore:.*load_module:ImportWarning")  # GLib's binding
GLib = pytest.importorskip("gi.repository.GLib")


class Notification:
    """One of WebKitGTK."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._closed: Callable[[Any], None] = lambda _: None

    def get_title(self) -> str:
        return "mira in kitchen"

    def get_body(self) -> str:
        return "<b>come</b>"

    def connect(self, signal: str, then: Callable[[Any], None]) -> None:
        assert signal == "closed"
        self._closed = then

    def close(self) -> None:
        """The page, the desktop or the program closes it."""
        if "closed" not in self.heard:
            self.heard.append("closed")
            self._closed(self)

    def clicked(self) -> None:
        self.heard.append("clicked")


class Service:
    """The proxy of the service; `answers` says what a call is answered, None that it fails."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {
            "GetCapabilities": GLib.Variant("(as)", (["body-markup"],)),
            "Notify": GLib.Variant("(u)", (7,)),
            "CloseNotification": GLib.Variant("()", ()),
        }
        self.calls: list[tuple[str, Any]] = []
        self.meanwhile: dict[str, Callable[[], None]] = {}

    def call(self, method: str, told: Any, *more: Any) -> None:
        self.calls.append((method, told and told.unpack()))
        self.meanwhile.get(method, lambda: None)()
        more[-1](self, self.answers[method])

    def call_finish(self, answer: Any) -> Any:
        if answer is None:
            raise GLib.Error("org.freedesktop.DBus.Error.ServiceUnknown")
        return answer


@pytest.fixture
def raised() -> list[str]:
    """What let the window come to the front."""
    return []


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def desktop(raised: list[str], service: Service, monkeypatch: pytest.MonkeyPatch) -> DesktopService:
    made = DesktopService(raised.append, None)
    monkeypatch.setattr(made, "connect", lambda then: then(service))
    return made


def hears(desktop: DesktopService, signal: str, number: int, more: str | int) -> None:
    kind = "(us)" if isinstance(more, str) else "(uu)"
    desktop.hear(signal, GLib.Variant(kind, (number, more)))


def test_a_click_raises_the_window_once_and_then_tells_the_page(
    desktop: DesktopService, raised: list[str]
) -> None:
    shown = Notification()
    assert desktop.show(shown) is True, "the view need not show it"
    hears(desktop, "ActionInvoked", 6, "default")
    hears(desktop, "Other", 7, "default")
    assert (raised, shown.heard) == ([], [])
    hears(desktop, "ActivationToken", 7, "token")
    hears(desktop, "ActionInvoked", 7, "default")
    hears(desktop, "ActionInvoked", 7, "default")
    assert raised == ["token", ""], "a token is good once"
    assert shown.heard == ["clicked", "clicked"]


def test_what_the_page_closes_is_closed(desktop: DesktopService, service: Service) -> None:
    shown = Notification()
    desktop.show(shown)
    shown.close()
    assert service.calls[-1] == ("CloseNotification", (7,))
    hears(desktop, "ActionInvoked", 7, "default")
    assert shown.heard == ["closed"]


def test_what_the_desktop_closes_is_closed_on_the_page(
    desktop: DesktopService, service: Service
) -> None:
    shown = Notification()
    service.answers["CloseNotification"] = None  # it is gone already
    desktop.show(shown)
    hears(desktop, "NotificationClosed", 7, 2)
    assert shown.heard == ["closed"]


@pytest.mark.parametrize(
    ("during", "calls"),
    [
        ("GetCapabilities", ["GetCapabilities"]),
        ("Notify", ["GetCapabilities", "Notify", "CloseNotification"]),
    ],
)
def test_what_is_closed_while_it_is_on_its_way_does_not_stay(
    desktop: DesktopService, service: Service, during: str, calls: list[str]
) -> None:
    shown = Notification()
    service.meanwhile[during] = shown.close
    desktop.show(shown)
    assert [name for name, _ in service.calls] == calls


@pytest.mark.parametrize("method", ["GetCapabilities", "Notify"])
def test_what_cannot_be_shown_is_closed(
    desktop: DesktopService, service: Service, method: str
) -> None:
    shown = Notification()
    service.answers[method] = None
    desktop.show(shown)
    assert shown.heard == ["closed"]


def test_without_a_bus_it_is_closed(
    desktop: DesktopService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop, "connect", lambda then: then(None))
    shown = Notification()
    desktop.show(shown)
    assert shown.heard == ["closed"]
