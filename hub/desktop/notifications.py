"""Lets the hub's own page, in the native window, show notifications.

WebView2 shows them itself once it may. macOS's view has none.
"""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import urlsplit

from hub.desktop.desktop_service import DesktopService


def allow(native: Any, page: str, icon: str | None) -> None:
    """Let the page at the URL `page`, and no other origin, show notifications in a window.

    `native` is pywebview's own window of the toolkit; `icon` is a file. Call it on the toolkit's
    thread, before the window loads anything.
    """
    if sys.platform == "linux":
        _allow_webkit(web_view(native), page, icon)
    elif sys.platform == "win32":
        _allow_webview2(native.webview, page)


def same_origin(one: str, other: str) -> bool:
    """Whether two URLs have the same scheme, host and port."""
    return urlsplit(one)[:2] == urlsplit(other)[:2]


def web_view(widget: Any) -> Any:
    """The web view in a window of GTK."""
    from gi.repository import WebKit2

    while not isinstance(widget, WebKit2.WebView):
        widget = widget.get_child()
    return widget


def _allow_webkit(view: Any, page: str, icon: str | None) -> None:
    from gi.repository import WebKit2

    origin = WebKit2.SecurityOrigin.new_for_uri(page)

    def begins(context: Any) -> None:
        """A process for pages is about to start: WebKit remembers no permission from before."""
        context.initialize_notification_permissions([origin], [])

    def activate(token: str) -> None:
        window = view.get_toplevel()
        if token:  # without one, Wayland raises no window, and X11 not always
            window.set_startup_id(token)
        window.deiconify()
        window.present()

    desktop = DesktopService(activate, icon)
    view.get_context().connect("initialize-notification-permissions", begins)
    view.connect("show-notification", lambda _, notification: desktop.show(notification))


def _allow_webview2(control: Any, page: str) -> None:
    """WebView2 refuses notifications unless its program says otherwise."""

    def asked(_: Any, request: Any) -> None:
        from Microsoft.Web.WebView2.Core import (  # type: ignore[import-not-found]
            CoreWebView2PermissionKind,
            CoreWebView2PermissionState,
        )

        wanted = request.PermissionKind == CoreWebView2PermissionKind.Notifications
        if wanted and same_origin(request.Uri, page):
            request.State = CoreWebView2PermissionState.Allow

    def ready(view: Any, _: Any) -> None:
        if view.CoreWebView2 is not None:
            view.CoreWebView2.PermissionRequested += asked

    control.CoreWebView2InitializationCompleted += ready
