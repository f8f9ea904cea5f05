from collections.abc import Mapping

import pytest

from hub.keys import Conflict, Keys


def test_a_put_changes_all_or_nothing() -> None:
    keys = Keys({"a": b"1"})
    keys.put({"a": (b"1", b"2"), "b": (None, b"3")})
    assert (keys.get("a"), keys.get("b"), keys.get("c"), len(keys)) == (b"2", b"3", None, 2)
    for wrong in ((b"1", b"9"), (None, b"9"), (b"1", None)):
        with pytest.raises(Conflict) as why:
            keys.put({"b": (b"3", b"4"), "c": (None, b"1"), "a": wrong})
        assert why.value.key == "a"
        assert dict(keys.items("")) == {"a": b"2", "b": b"3"}
    keys.put({"a": (b"2", None)})
    assert list(keys) == ["b"]
    keys.put({"a": (None, None), "b": (b"3", b"3")})
    assert list(keys) == ["b"]


def test_keys_are_found_by_how_they_begin_in_their_order() -> None:
    keys = Keys({"read/b": b"1", "person/x": b"2", "read/a": b"3"})
    assert list(keys.items("read/")) == [("b", b"1"), ("a", b"3")]
    assert list(keys.items("")) == [("read/b", b"1"), ("person/x", b"2"), ("read/a", b"3")]
    assert list(keys) == ["read/b", "person/x", "read/a"]


def test_who_watches_is_told_of_each_put_whole_once_it_is_done() -> None:
    keys = Keys({"a": b"1", "c": b"1"})
    told: list[Mapping[str, bytes | None]] = []
    seen: list[bytes | None] = []
    keys.watch(told.append)
    keys.watch(lambda changes: seen.append(keys.get("a")))
    keys.put({"a": (b"1", b"2"), "b": (None, b"3"), "c": (b"1", b"1")})
    keys.put({"c": (b"1", b"1")})
    with pytest.raises(Conflict):
        keys.put({"a": (b"1", b"7")})
    keys.put({"a": (b"2", None)})
    assert told == [{"a": b"2", "b": b"3"}, {"a": None}]
    assert seen == [b"2", None]
