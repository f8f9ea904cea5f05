"""A file of the page as browsers get it."""

from __future__ import annotations

import gzip
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final, Protocol

KINDS: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
}
"""The files that are served, with their types: `mimetypes` would read the Windows registry."""

EMOJI: Final = "emoji/*.json"
"""What is known of emoji, by language: 4 MB in all, which are not kept in memory."""
COMPRESSED: Final = (".js", ".css", ".svg", ".webmanifest", ".json", ".html")
"""By gzip alone: over plain HTTP, browsers accept brotli and zstd from their own computer only."""


class Stored(Protocol):
    """What is read anew each time: a path, or a place in an archive."""

    def read_bytes(self) -> bytes: ...


class File:
    """A file as it is sent: `plain`, and `gzipped` once somebody asks for it so."""

    def __init__(self, name: str, content: bytes | Stored) -> None:
        self.kind = KINDS[PurePosixPath(name).suffix]
        self._content = content
        self.compresses = PurePosixPath(name).suffix in COMPRESSED

    @property
    def plain(self) -> bytes:
        """What it holds, read anew where it is not kept in memory."""
        return self._content if isinstance(self._content, bytes) else self._content.read_bytes()

    @cached_property
    def gzipped(self) -> bytes:
        return gzip.compress(self.plain, mtime=0)
