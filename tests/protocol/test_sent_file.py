"""Files in events and commands."""

from __future__ import annotations

import msgspec
import pytest

from hub.protocol.events import Event, encode, event_of, line_of
from hub.protocol.sent_file import FileId, SentFile

FILE = SentFile(id="f1", name="a.png", size=3, type="image/png", sha256="0" * 64)


def test_what_is_not_known_is_left_out() -> None:
    assert msgspec.json.decode(encode(FILE)) == {
        "id": "f1", "name": "a.png", "size": 3, "type": "image/png", "sha256": "0" * 64,
    }  # fmt: skip
    picture = msgspec.structs.replace(FILE, width=4, height=5, preview=True)
    more = {"width": 4, "height": 5, "preview": True}
    assert msgspec.json.decode(encode(picture)).items() >= more.items()


def test_it_comes_back_in_an_event() -> None:
    event = Event(room="a", n=1, at="", by="anna", do="say", text="", files=[FILE])
    assert event_of(line_of(event)).files == [FILE]


@pytest.mark.parametrize("id_", ["a", "A-b_9", "x" * 64])
def test_ids(id_: str) -> None:
    assert msgspec.convert(id_, FileId) == id_


@pytest.mark.parametrize("id_", ["", "a b", "a/b", "a.pdf", "..", "é", "x" * 65, "\na"])
def test_no_ids(id_: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(id_, FileId)
