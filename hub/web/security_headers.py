"""The headers that restrict what a browser may do with an answer: CSP and its like."""

from __future__ import annotations

import functools
import re
from typing import Final

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self'{socket}; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types lit-html worker"
)
_PERMISSIONS: Final = "camera=(), geolocation=(), microphone={microphone}, payment=(), usb=()"
PAGE_PERMISSIONS: Final = _PERMISSIONS.format(microphone="(self)")
"""What the chat page may use of a device, in place of nothing at all: it records voice messages."""
_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", _PERMISSIONS.format(microphone="()").encode()),
]
# Browsers apply it only where plain http is trusted, and log a warning everywhere else.
_OPENER: Final = (b"cross-origin-opener-policy", b"same-origin")
_LOOPBACK: Final = re.compile(r"(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?", re.IGNORECASE)


@functools.lru_cache(maxsize=64)
def security_headers(host: str) -> list[tuple[bytes, bytes]]:
    """The headers for an answer of the hub under this Host; `host` is empty for a foreign one."""
    policy = (b"content-security-policy", _POLICY.format(socket=host and f" ws://{host}").encode())
    return [policy, *_HEADERS, *([_OPENER] if _LOOPBACK.fullmatch(host) else [])]
