"""What all that furnishes the window knows of its web view."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from hub.desktop.window import web_view
from hub.desktop.window.web_view import same_origin
from tests.desktop.window.webview2 import Form


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("http://127.0.0.1:5000/", True),
        ("http://127.0.0.1:5001/", False),
        ("https://127.0.0.1:5000/", False),
        ("http://localhost:5000/", False),
        ("http://127.0.0.1:5000@evil.example/", False),
        ("", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(other: str, same: bool) -> None:
    assert same_origin(other, "http://127.0.0.1:5000/general#ticket=x") is same


def test_elsewhere_pywebview_runs_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    ran: list[str] = []
    web_view.run(SimpleNamespace(run_js=ran.append), "1 + 1")
    web_view.without_bridge(None)
    assert ran == ["1 + 1"]


def test_nothing_is_done_with_a_view_that_has_no_core() -> None:
    form = Form()
    web_view.when_ready(form.webview, lambda core: pytest.fail("it has none"))
    form.ready()


def test_a_script_for_a_window_that_is_destroyed_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To run it would end the process."""
    glib = pytest.importorskip("gi.repository.GLib", reason="needs PyGObject")
    monkeypatch.setattr(sys, "platform", "linux")
    ran: list[str] = []
    view = SimpleNamespace(evaluate_javascript=lambda script, *_: ran.append(script))
    monkeypatch.setattr(web_view, "webkit", lambda native: view)
    for application in (None, "the program's"):
        native = SimpleNamespace(get_application=lambda application=application: application)
        web_view.run(SimpleNamespace(native=native), "1 + 1")
    assert ran == [], "not on this thread"
    while glib.MainContext.default().iteration(False):
        pass
    assert ran == ["1 + 1"]
