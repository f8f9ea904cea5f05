"""A file that belongs to a message, as its event and every answer show it."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

MOST_FILES: Final = 20
"""Files of one message, at most."""
FILE_ID: Final = r"[A-Za-z0-9_-]{1,64}"
"""What the id of a file is made of; its sender chooses it."""

FileId = Annotated[str, Meta(pattern=f"^{FILE_ID}$")]


class SentFile(Struct, omit_defaults=True, kw_only=True, frozen=True):
    """`name` is that in the room's folder, `size` is in bytes, `type` a media type.

    `width` and `height`, in points, are those of a picture as it is shown. `preview` says that its
    sender gave a small picture of it, and `expired`, in what is shown, that it is gone, as it was
    there for as long as files stay in the room.
    """

    id: str
    name: str
    size: int
    type: str
    sha256: str
    width: int | None = None
    height: int | None = None
    preview: bool = False
    expired: bool = False
