"""What is kept of a file that is being sent."""

from __future__ import annotations

import pytest

from hub.files.upload import Upload, key_of, upload_in
from hub.protocol.events import encode
from hub.protocol.sent_file import SentFile

FILE = SentFile(id="f1", name="a (2).pdf", size=3, type="application/pdf", sha256="0" * 64)
UPLOAD = Upload(
    room="a", id="f1", who="p_1", name="a.pdf", type="x/y", part="0" * 32, at=5, size=3, length=3,
    file=FILE, placed=True,
)  # fmt: skip


def test_it_comes_back_as_it_was() -> None:
    assert upload_in(encode(UPLOAD)) == UPLOAD
    assert UPLOAD.key == key_of("a", "f1") == "upload/a/f1"


@pytest.mark.parametrize("value", [None, b"", b"{}", b"[" * 100_000, b'{"room":1}', b"\xff"])
def test_what_is_none(value: bytes | None) -> None:
    assert upload_in(value) is None
