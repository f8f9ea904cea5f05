from hub.access import person as module
from hub.access.person import Loaded, Person
from hub.keys import Keys
from hub.protocol.events import encode


def kept(count: int, **members: object) -> dict[str, bytes]:
    return {
        f"person/p_{n}": Person(f"p_{n}", f"naor {n}", 1.0, 2.0, **members).kept()  # type: ignore[arg-type]
        for n in range(count)
    }


def test_a_person_is_kept_without_what_they_have_read() -> None:
    person = Person("p_1", "naor", 1.0, 2.0, read={"general": 7})
    assert person.kept() == b'{"who":"p_1","name":"naor","made":1.0,"used":2.0}'
    assert person.kept(host=True, name="nora") == (
        b'{"who":"p_1","name":"nora","made":1.0,"used":2.0,"host":true}'
    )
    assert (person.name, person.read) == ("naor", {"general": 7})


def test_names_are_found_out_once_and_put_in_parts() -> None:
    """One change is one line of a file, which has to stay short enough to be read."""
    keys = Keys(kept(module.TOGETHER))
    puts: list[int] = []
    keys.watch(lambda changes: puts.append(len(changes)))
    loaded = Loaded(keys)
    assert len(loaded.names) == module.TOGETHER
    assert puts == [module.TOGETHER, 2], "names, then the rules and the id"
    assert keys.get("looks") == encode(module.RULES)
    puts.clear()
    again = Loaded(keys)
    assert (again.names, again.id, puts) == (loaded.names, loaded.id, [])


def test_the_time_of_the_last_change() -> None:
    assert Loaded(Keys()).at is None
    assert Loaded(Keys({"at": b"12.5"})).at == 12.5
    odd = Loaded(Keys({"at": b"[]"}))
    assert (odd.at, odd.unread) == (None, 1)


def test_rooms_may_have_any_name() -> None:
    keys = Keys(kept(1) | {"read/p_0/a/b": b"3", "read/p_0/": b"4"})
    assert Loaded(keys).people["p_0"].read == {"a/b": 3, "": 4}


def test_former_names_of_a_visitor_are_free() -> None:
    keys = Keys(kept(1, visitor=True, former=["bela"]))
    loaded = Loaded(keys)
    assert loaded.names == {}
    assert loaded.people["p_0"].former == []
