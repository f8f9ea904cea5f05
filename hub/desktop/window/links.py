"""Where links in the native window lead: within the hub, or to the system's browser."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Thread
from typing import Any, Final
from urllib.parse import urlsplit

from hub.desktop import browser
from hub.desktop.window.web_view import answer, same_origin, webkit, when_ready

ELSEWHERE: Final = {"http", "https", "mailto", "tel"}
"""Schemes of URLs that may be handed to the system; others could start any program."""

NO_PAGES: Final = ("/api/", "/static/")
"""Paths of the hub's origin that are no pages."""

Open = Callable[[str], object]


def keep_inside(native: Any, page: str, open_elsewhere: Open = browser.system_browser) -> None:
    """Keep a window within the origin of the URL `page`. Call it on the toolkit's thread.

    A link to elsewhere is given to `open_elsewhere`, if a person followed it; whatever else would
    leave the hub's pages, such as a file that was dropped beside where files go, does nothing.
    `native` is pywebview's own window of the toolkit.
    """
    if sys.platform == "linux":
        _keep_webkit(webkit(native), page, open_elsewhere)
    elif sys.platform == "win32":
        _keep_webview2(native.webview, page, open_elsewhere)


def is_inside(uri: str, page: str) -> bool:
    """Whether `uri` is of the origin of `page`, or one of the window's own pages."""
    return uri == "about:blank" or same_origin(uri.removeprefix("blob:"), page)


def may_open(uri: str) -> bool:
    """Whether the system may be asked to open `uri`."""
    return urlsplit(uri).scheme in ELSEWHERE


def follow(view: Any, uri: str, page: str, open_elsewhere: Open = browser.system_browser) -> None:
    """Go where a person wants to: in the view of WebKitGTK or, outside `page`, elsewhere.

    What is no page of the hub's, such as a file in a room, is saved instead: it would take the
    place of the page in the only window, with no way back.
    """
    if is_inside(uri, page) and urlsplit(uri).path.startswith(NO_PAGES):
        view.download_uri(uri)
    elif is_inside(uri, page):
        view.load_uri(uri)
    else:
        _hand_over(uri, open_elsewhere)


def _hand_over(uri: str, open_elsewhere: Open) -> None:
    """Open `uri` elsewhere, on a thread of its own: a browser that starts takes its time."""
    if may_open(uri):
        Thread(target=open_elsewhere, args=(uri,), daemon=True).start()


def _keep_webkit(view: Any, page: str, open_elsewhere: Open) -> None:
    from gi.repository import WebKit2

    def decide(_: Any, decision: Any, kind: Any) -> bool:
        """Gives whether it decided; the view uses what nobody decides."""
        if kind == WebKit2.PolicyDecisionType.RESPONSE:
            if decision.is_mime_type_supported() and not _is_attachment(decision.get_response()):
                return False
            decision.download()
            return True
        action = decision.get_navigation_action()
        uri = action.get_request().get_uri()
        in_another = kind == WebKit2.PolicyDecisionType.NEW_WINDOW_ACTION
        if is_inside(uri, page) and not in_another:
            return False
        decision.ignore()
        if action.is_user_gesture():
            follow(view, uri, page, open_elsewhere)
        return True

    answer(view, "decide-policy", decide)


def _is_attachment(response: Any) -> bool:
    headers = response.get_http_headers()
    disposition = headers.get_one("Content-Disposition") if headers is not None else None
    return str(disposition or "").lower().startswith("attachment")


def _keep_webview2(control: Any, page: str, open_elsewhere: Open) -> None:
    def starting(_: Any, going: Any) -> None:
        uri = str(going.Uri)
        # WebView2 shows the window's own pages as data.
        if not is_inside(uri, page) and not uri.startswith("data:text/html"):
            going.Cancel = True
            if going.IsUserInitiated:
                _hand_over(uri, open_elsewhere)

    def in_another(_: Any, asked: Any) -> None:
        """A link that opens a window; pywebview's own handler keeps any from opening."""
        if asked.IsUserInitiated and not is_inside(str(asked.Uri), page):
            _hand_over(str(asked.Uri), open_elsewhere)

    def ready(core: Any) -> None:
        core.NavigationStarting += starting
        core.NewWindowRequested += in_another

    when_ready(control, ready)
