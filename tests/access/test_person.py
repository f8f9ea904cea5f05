from itertools import chain
from zlib import crc32

import pytest

from hub.access import person as module
from hub.access.person import Person, moment_in, person_in, prepare, read_in, text_in
from hub.keys import Keys
from hub.names import skeleton
from hub.protocol.events import encode


def kept(count: int, **members: object) -> dict[str, bytes]:
    return {
        f"person/p_{n}": Person(f"p_{n}", f"naor {n}", 1.0, 2.0, **members).kept()  # type: ignore[arg-type]
        for n in range(count)
    }


def names(keys: Keys) -> dict[str, bytes]:
    return dict(keys.items("name/"))


def test_a_person_is_kept_without_what_they_have_read() -> None:
    person = Person("p_1", "naor", 1.0, 2.0, read={"general": 7})
    assert person.kept() == b'{"who":"p_1","name":"naor","made":1.0,"used":2.0}'
    assert person.kept(host=True, name="nora") == (
        b'{"who":"p_1","name":"nora","made":1.0,"used":2.0,"host":true}'
    )
    assert (person.name, person.read) == ("naor", {"general": 7})
    found = person_in(person.kept())
    assert found is not None
    assert (found.name, found.read) == ("naor", {})


@pytest.mark.parametrize("odd", [b"", b"{", b"[]", b'{"who":1}', b'"x'])
def test_what_cannot_be_read_is_nothing(odd: bytes) -> None:
    assert (person_in(odd), text_in(odd), moment_in(odd)) == (None, None, None)
    assert read_in({"general": b"7", "kitchen": odd}) == {"general": 7}
    assert (text_in(None), moment_in(None)) == (None, None)
    assert (text_in(b'"x"'), moment_in(b"12.5")) == ("x", 12.5)


def test_no_text_can_look_like_a_mark() -> None:
    """Visitors and hosts are found by what stands in their values."""
    text = '","visitor":true,"host":true,"former":["x'
    person = Person("p_1", text, 1.0, 2.0)
    for mark in (module.VISITOR, module.HOST, module.FORMER):
        assert mark not in person.kept()
        assert mark in person.kept(visitor=True, host=True, former=[text])


def test_who_may_be_forgotten() -> None:
    person = Person("p_1", "naor", 1.0, 1000.0)
    month, day = 1000.0 + module.UNUSED_SECONDS, 1000.0 + module.VISITOR_SECONDS
    assert [person.is_over(month), person.is_over(month + 1)] == [False, True]
    person.waiting, person.password = True, "kept"
    assert person.is_over(month + 1)
    for name, value in (("waiting", False), ("host", True), ("banned", True)):
        person = Person("p_1", "naor", 1.0, 1000.0, password="kept", waiting=True)
        setattr(person, name, value)
        assert not person.is_over(month + 1)
    person = Person("p_1", "naor", 1.0, 1000.0, visitor=True)
    assert [person.is_over(day), person.is_over(day + 1)] == [False, True]


def test_names_are_found_out_once_and_put_in_parts() -> None:
    """One change is one line of a file, which has to stay short enough to be read."""
    keys = Keys(kept(module.TOGETHER))
    puts: list[int] = []
    keys.watch(lambda changes: puts.append(len(changes)))
    prepare(keys)
    assert len(names(keys)) == module.TOGETHER
    assert puts == [module.TOGETHER, 2], "names, then the rules and the id"
    assert keys.get("looks") == encode(module.RULES)
    puts.clear()
    prepare(keys)
    assert puts == []


def test_other_looks_are_other_rules() -> None:
    """Names are kept by what they look like: where that changes, so must the number in RULES.

    Else nobody would find their name again, and anybody could take it.
    """
    letters = chain(range(0x20, 0x590), range(0x13A0, 0x13F6), range(0xAB70, 0xABC0))
    looks = [skeleton(f"{chr(c)}{end}") for c in letters for end in ("", "a", "\u0301x")]
    rules = module.RULES.partition(",")[0], f"{crc32(' '.join(looks).encode()):08x}"
    assert rules == ("1", "f5fb8ba6")


def test_names_of_visitors_and_of_nobody_are_free() -> None:
    keys = Keys(kept(1, visitor=True, former=["bela", "a/b"]) | {"name/zoe": b'"p_9"'})
    keys.put({f"name/{x}": (None, b'"p_0"') for x in ("bela", "a/b", "naor 0", "x")})
    keys.put({"name/odd": (None, b"7"), "looks": (None, encode(module.RULES))})
    prepare(keys)
    assert names(keys) == {}
    person = person_in(keys.get("person/p_0") or b"")
    assert person is not None
    assert (person.former, person.visitor) == ([], True)


@pytest.mark.parametrize("odd", [None, b'""', b'"no; Path=/"', b"7", b'"' + b"a" * 65 + b'"'])
def test_an_odd_id_is_replaced(odd: bytes | None) -> None:
    keys = Keys({} if odd is None else {"id": odd})
    prepare(keys)
    made = keys.get("id")
    assert made is not None
    assert made != odd
    assert len(made) == 18
    prepare(keys)
    assert keys.get("id") == made
