from collections.abc import Mapping

import pytest

from hub.keys import Conflict, Keys


def test_a_put_changes_all_or_nothing() -> None:
    keys = Keys({"a": b"1"})
    keys.put({"a": (b"1", b"2"), "k/b": (None, b"3")})
    assert (keys.get("a"), keys.get("k/b"), len(keys)) == (b"2", b"3", 2)
    assert [keys.get(x) for x in ("b", "k/", "k/c", "l/b", "")] == [None] * 5
    for wrong in ((b"1", b"9"), (None, b"9"), (b"1", None)):
        with pytest.raises(Conflict) as why:
            keys.put({"k/b": (b"3", b"4"), "c": (None, b"1"), "a": wrong})
        assert why.value.key == "a"
        assert dict(keys.items("")) == {"a": b"2", "k/b": b"3"}
    keys.put({"a": (b"2", None)})
    assert dict(keys.items("")) == {"k/b": b"3"}
    keys.put({"a": (None, None), "k/b": (b"3", b"3")})
    assert (dict(keys.items("")), len(keys)) == ({"k/b": b"3"}, 1)


def test_keys_are_found_by_how_they_begin_in_their_order() -> None:
    items = {"read/x/b": b"1", "person/x": b"2", "read/x/a": b"3", "read/y/a": b"4", "n/a/b": b"5",
             "n/c": b"6", "id": b"7"}  # fmt: skip
    keys = Keys(items)
    assert dict(keys.items("")) == items
    assert list(keys.items("read/")) == [("x/b", b"1"), ("x/a", b"3"), ("y/a", b"4")]
    assert list(keys.items("read/x")) == [("/b", b"1"), ("/a", b"3")]
    assert list(keys.items("read/x/a")) == [("", b"3")]
    assert list(keys.items("n/")) == [("a/b", b"5"), ("c", b"6")]
    assert list(keys.items("i")) == [("d", b"7")]
    assert list(keys.items("x")) == []
    assert dict(keys.group("read/x/")) == {"b": b"1", "a": b"3"}
    assert dict(keys.group("n/")) == {"c": b"6"}
    assert dict(keys.group("")) == {"id": b"7"}
    assert dict(keys.group("read/")) == {}


@pytest.mark.parametrize("most", [1, 2, 7, 1000])
def test_one_key_is_found_in_all_groups_that_have_it(most: int) -> None:
    keys = Keys({"read/x/a": b"1", "read/x/b": b"2", "read/y/b": b"3", "n/z/b": b"4", "b": b"5",
                 "read/b": b"6"})  # fmt: skip
    slices = list(keys.across("read/", "b", most))
    assert [found for some in slices for found in some] == [("x", b"2"), ("y", b"3")]
    assert len(slices) == -(-5 // most)
    keys.put({"read/y/b": (b"3", None)})
    assert [x for some in keys.across("read/", "b", most) for x in some] == [("x", b"2")]


@pytest.mark.parametrize("most", [1, 2, 7, 1000])
def test_slices_hold_each_key_once(most: int) -> None:
    items = {f"device/{n}": b"1" for n in range(50)} | {f"read/{n}/a": b"1" for n in range(50)}
    keys = Keys(items | {"id": b"2"})
    slices = list(keys.in_slices(most))
    assert sorted(key for some in slices for key in some) == sorted([*items, "id"])
    assert all(len(some) < 2 * most for some in slices)
    assert len(slices) <= 2 + 101 // most


def test_slices_may_be_gone_through_while_keys_change() -> None:
    keys = Keys({f"{kind}/{n}/x": b"1" for kind in ("a", "b") for n in range(20)})
    there: set[str] = set()
    for turn, some in enumerate(keys.in_slices(3)):
        there.update(some)
        for n in range(turn, 20, 7):
            keys.put({f"b/{n}/x": (keys.get(f"b/{n}/x"), None)})
        keys.put({f"c/{turn}": (None, b"1")})
    assert {f"a/{n}/x" for n in range(20)} <= there
    assert list(Keys().in_slices(3)) == [[]]


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
    keys.take("a", b"8")
    assert told == [{"a": b"2", "b": b"3"}, {"a": None}]
    assert seen == [b"2", None]
