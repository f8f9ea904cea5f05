import pytest

from hub.packed import Texts, pack, unpack


def test_what_is_packed_is_unpacked() -> None:
    numbers = [1, 0, -5, 1 << 62]
    assert list(unpack(pack(iter(numbers)))) == numbers
    assert pack([]) == b""
    assert len(pack(numbers)) == 32


def test_torn_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        unpack(pack([1, 2])[:-1])


def test_each_text_has_one_place() -> None:
    texts = Texts()
    assert [texts.place(x) for x in ("a", "b", "a", "c", "b")] == [0, 1, 0, 2, 1]
    assert list(texts) == ["a", "b", "c"]
