"""What is known of a file that is being sent, until a message bears it: one key of the ledger."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Struct

from hub.protocol.sent_file import SentFile

KIND: Final = "upload/"
"""How its key begins; the room's name and the file's id follow."""
DOOMED: Final = "doomed/"
"""How the key of a file begins that is to be removed; the room's name and the file's id follow."""


class Upload(Struct, omit_defaults=True, kw_only=True):
    """`who` sends it (Author.id), from `address` if nobody has proved who that is; `name` and
    `type` are what they call it.

    `size` is how many bytes of it last, of `length`, if that is known. `at` is when the last of
    them came, in seconds since 1970. `part` is the name of the file in which they are, `file` what
    it is, once it is whole, and `placed` says that it is, or is about to be, in the room's folder.
    """

    room: str
    id: str
    who: str
    name: str
    type: str
    part: str
    at: int
    address: str = ""
    size: int = 0
    length: int | None = None
    file: SentFile | None = None
    placed: bool = False

    @property
    def key(self) -> str:
        return key_of(self.room, self.id)


_decoder: Final = msgspec.json.Decoder(Upload)
_file: Final = msgspec.json.Decoder(SentFile)


def key_of(room: str, id_: str) -> str:
    """The key of an upload; `room` is a canonical name."""
    return f"{KIND}{room}/{id_}"


def upload_in(value: bytes | None) -> Upload | None:
    """The upload of a key's value; None where it is none that can be read."""
    try:
        return None if value is None else _decoder.decode(value)
    except (ValueError, RecursionError):
        return None


def doomed_key(room: str, file: SentFile) -> str:
    """The key of a file that is to be removed; `room` is a canonical name."""
    return f"{DOOMED}{room}/{file.id}"


def file_in(value: bytes) -> SentFile | None:
    """The file of a doomed key's value; None where it is none that can be read."""
    try:
        return _file.decode(value)
    except (ValueError, RecursionError):
        return None
