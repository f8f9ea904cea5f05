"""Where links in the window lead."""

from __future__ import annotations

import sys
import threading
import types

import pytest

from hub.desktop.window import links
from tests.desktop.screen import Screen
from tests.desktop.two_pages import told_by_two_pages
from tests.desktop.window.webview2 import Event, Form
from tests.patience import PATIENCE

PAGE = "http://127.0.0.1:5000/general#ticket=x"


@pytest.mark.parametrize(
    ("uri", "inside"),
    [
        ("http://127.0.0.1:5000/kitchen", True),
        ("about:blank", True),
        ("blob:http://127.0.0.1:5000/1f-2e", True),
        ("blob:http://evil.example/1f-2e", False),
        ("http://127.0.0.1:5001/", False),
        ("http://127.0.0.1:5000.evil.example/", False),
        ("file:///etc/passwd", False),
        ("data:text/html,x", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_inside_is_the_hubs_own_origin(uri: str, inside: bool) -> None:
    assert links.is_inside(uri, PAGE) is inside


@pytest.mark.parametrize(
    ("uri", "may"),
    [
        ("https://example.org/", True), ("mailto:mira@example.org", True), ("tel:+1", True),
        ("file:///etc/passwd", False), ("javascript:alert(1)", False), ("ms-settings:", False),
        ("steam://run/1", False), ("data:text/html,x", False), ("", False),
    ],
)  # fmt: skip
def test_the_system_is_given_only_what_starts_no_other_program(uri: str, may: bool) -> None:
    assert links.may_open(uri) is may


def test_a_page_cannot_lead_the_window_away(screen: Screen) -> None:
    """The second page, of another origin, is never loaded; what a script opens goes nowhere."""
    script = """
      if (!sessionStorage.tried) {
        sessionStorage.tried = 1;
        const elsewhere = `http://localhost:${location.port}/is-elsewhere`;
        open(elsewhere);
        location.href = elsewhere;
        setTimeout(() => fetch('/is-here'), 1000);
      }
    """
    allow = (
        "from hub.desktop.window import links\n"
        "opened = []\n"
        "links.keep_inside(window, page, opened.append)\n"
        "import atexit; atexit.register(lambda: print('opened', opened))\n"
        "GLib.timeout_add_seconds(6, Gtk.main_quit)\n"
    )
    told = told_by_two_pages(screen, script, allow)
    assert told == "/is-here None\nopened []\n"


class TestOnWindows:
    @pytest.fixture
    def opened(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        monkeypatch.setattr(sys, "platform", "win32")
        return []

    @pytest.mark.parametrize(
        ("uri", "by_person", "stays", "elsewhere"),
        [
            ("http://127.0.0.1:5000/kitchen", True, True, False),
            ("data:text/html;charset=utf-8;base64,AA", False, True, False),
            ("https://example.org/", True, False, True),
            ("https://example.org/", False, False, False),
            ("file:///C:/dropped.txt", True, False, False),
        ],
    )
    def test_only_pages_of_the_hub(
        self, opened: list[str], uri: str, by_person: bool, stays: bool, elsewhere: bool
    ) -> None:
        done = threading.Event()

        def open_elsewhere(uri: str) -> None:
            opened.append(uri)
            done.set()

        form = Form()
        links.keep_inside(form, PAGE, open_elsewhere)
        form.has_core(NavigationStarting=Event(), NewWindowRequested=Event())
        going = types.SimpleNamespace(Uri=uri, IsUserInitiated=by_person, Cancel=False)
        form.webview.CoreWebView2.NavigationStarting.happens(going)
        assert going.Cancel is not stays
        assert done.wait(PATIENCE if elsewhere else 0.05) is elsewhere
        assert opened == [uri] * elsewhere

    @pytest.mark.parametrize(
        ("uri", "by_person", "elsewhere"),
        [
            ("https://example.org/", True, True),
            ("https://example.org/", False, False),
            ("ms-settings:", True, False),
            ("http://127.0.0.1:5000/kitchen", True, False),
        ],
    )
    def test_a_link_that_opens_a_window(
        self, opened: list[str], uri: str, by_person: bool, elsewhere: bool
    ) -> None:
        done = threading.Event()
        form = Form()
        links.keep_inside(form, PAGE, lambda uri: opened.append(uri) or done.set())
        form.has_core(NavigationStarting=Event(), NewWindowRequested=Event())
        asked = types.SimpleNamespace(Uri=uri, IsUserInitiated=by_person)
        form.webview.CoreWebView2.NewWindowRequested.happens(asked)
        assert done.wait(PATIENCE if elsewhere else 0.05) is elsewhere
        assert opened == [uri] * elsewhere


@pytest.mark.parametrize(
    ("uri", "way"),
    [
        ("http://127.0.0.1:5000/kitchen#n=7", "load_uri"),
        ("http://127.0.0.1:5000/api/health", "download_uri"),
        ("http://127.0.0.1:5000/api/files/a/b.png", "download_uri"),
    ],
)
def test_what_is_no_page_does_not_take_the_place_of_the_page(uri: str, way: str) -> None:
    done: list[tuple[str, str]] = []
    view = types.SimpleNamespace(
        load_uri=lambda uri: done.append(("load_uri", uri)),
        download_uri=lambda uri: done.append(("download_uri", uri)),
    )
    links.follow(view, uri, PAGE)
    assert done == [(way, uri)]


def test_on_macos_links_that_open_a_window_go_to_the_browser_by_pywebview(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    links.keep_inside(None, PAGE)
