"""Lets the hub's own page, in the native window, record voice messages.

The views of Windows and macOS ask whoever sits there. WebKitGTK asks its program alone.
"""

from __future__ import annotations

import sys
from typing import Any

from hub.desktop.window.web_view import same_origin, webkit


def allow(native: Any, page: str) -> None:
    """Let the page at the URL `page`, and no other origin, listen to the microphone.

    `native` is pywebview's own window of the toolkit. Call it on the toolkit's thread.
    """
    if sys.platform == "linux":
        _allow_webkit(webkit(native), page)


def _allow_webkit(view: Any, page: str) -> None:
    from gi.repository import WebKit2

    def asked(_: Any, request: Any) -> bool:
        """Whether this was an answer; WebKit refuses what nobody answers."""
        media = isinstance(request, WebKit2.UserMediaPermissionRequest)
        if not media or not same_origin(view.get_uri() or "", page):
            return False
        # A camera is never asked for, and is not given either.
        if not WebKit2.user_media_permission_is_for_audio_device(request):
            return False
        if WebKit2.user_media_permission_is_for_video_device(request):
            return False
        request.allow()
        return True

    view.connect("permission-request", asked)
