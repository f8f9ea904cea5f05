"""Lets the hub's own page, in the native window, show notifications.

WebView2 shows them itself once it may. macOS's view has none.
"""

from __future__ import annotations

import sys
from typing import Any

from hub.desktop.window.desktop_service import DesktopService
from hub.desktop.window.visibility import present
from hub.desktop.window.web_view import same_origin, webkit, when_ready


def allow(native: Any, page: str, icon: str | None) -> None:
    """Let the page at the URL `page`, and no other origin, show notifications in a window.

    `native` is pywebview's own window of the toolkit; `icon` is a file. Call it on the toolkit's
    thread, before the window loads anything.
    """
    if sys.platform == "linux":
        _allow_webkit(webkit(native), page, icon)
    elif sys.platform == "win32":
        _allow_webview2(native.webview, page)


def _allow_webkit(view: Any, page: str, icon: str | None) -> None:
    from gi.repository import WebKit2

    origin = WebKit2.SecurityOrigin.new_for_uri(page)

    def begins(context: Any) -> None:
        """A process for pages is about to start: WebKit remembers no permission from before."""
        context.initialize_notification_permissions([origin], [])

    desktop = DesktopService(lambda token: present(view.get_toplevel(), token), icon)
    view.get_context().connect("initialize-notification-permissions", begins)
    view.connect("show-notification", lambda _, notification: desktop.show(notification))


def _allow_webview2(control: Any, page: str) -> None:
    """WebView2 refuses notifications unless its program says otherwise."""

    def asked(_: Any, request: Any) -> None:
        from Microsoft.Web.WebView2.Core import (
            CoreWebView2PermissionKind,
            CoreWebView2PermissionState,
        )

        wanted = request.PermissionKind == CoreWebView2PermissionKind.Notifications
        if wanted and same_origin(request.Uri, page):
            request.State = CoreWebView2PermissionState.Allow

    def ready(core: Any) -> None:
        core.PermissionRequested += asked

    when_ready(control, ready)
