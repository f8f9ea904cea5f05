import pytest
from msgspec import Struct
from msgspec.structs import replace

from hub.access.records import Changes
from hub.keys import Conflict, Keys
from hub.protocol.events import encode


class Cat(Struct):
    name: str
    lives: int = 9

    def kept(self, **changes: object) -> bytes:
        return encode(replace(self, **changes))


def test_records_change_in_memory_once_they_are_put() -> None:
    keys, cat = Keys({"gone": b"1"}), Cat("tom")
    changes = Changes(keys)
    changes.set("cat", cat, lives=8)
    changes.value("n", 7)
    changes.value("gone", None)
    assert (cat.lives, dict(keys.items(""))) == (9, {"gone": b"1"})
    changes.put()
    assert dict(keys.items("")) == {"cat": b'{"name":"tom","lives":8}', "n": b"7"}
    assert cat.lives == 8


def test_what_somebody_else_has_is_not_claimed() -> None:
    keys, cat = Keys({"mine": b'"p_1"', "theirs": b'"p_2"'}), Cat("tom")
    changes = Changes(keys)
    changes.claim("mine", "p_1")
    changes.claim("free", "p_1")
    changes.put()
    assert keys.get("free") == b'"p_1"'
    before = dict(keys.items(""))
    changes = Changes(keys)
    changes.set("cat", cat, lives=8)
    changes.claim("theirs", "p_1")
    with pytest.raises(Conflict, match="theirs"):
        changes.put()
    assert (dict(keys.items("")), cat.lives) == (before, 9)
