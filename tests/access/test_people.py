import pytest

from hub.access import people as module
from hub.access.people import People
from hub.errors import Refused


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(clock: Clock) -> People:
    return People(clock=clock)


def again(people: People, clock: Clock) -> People:
    """The same people after a restart."""
    new = People(clock=clock)
    new.load(people.dump())
    return new


def test_a_name_is_all_it_takes(people: People) -> None:
    person, token = people.enter("  Naor ")
    assert person.name == "Naor"
    assert people.come_back(token) is person
    assert person.who.startswith("p_")


@pytest.mark.parametrize("other", ["naor", "NAOR", "naоr", "naor ", "n\u0430or"])
def test_nobody_takes_a_name_that_is_held_nor_one_that_looks_the_same(
    people: People, other: str
) -> None:
    people.enter("naor")
    with pytest.raises(Refused) as refused:
        people.enter(other)
    assert (refused.value.status, refused.value.code) == (409, "name_taken")


def test_people_outlive_a_restart_and_their_names_stay_theirs(people: People, clock: Clock) -> None:
    person, token = people.enter("naor")
    people.read_up_to(person, "general", 7)
    later = again(people, clock)
    back = later.come_back(token)
    assert back is not None
    assert (back.who, back.read) == (person.who, {"general": 7})
    with pytest.raises(Refused):
        later.enter("naor")


def test_the_file_holds_no_token(people: People) -> None:
    _, token = people.enter("naor")
    assert token.encode() not in people.dump()


def test_a_stranger_with_a_wrong_token_is_nobody(people: People) -> None:
    assert people.come_back("wrong") is None
    assert people.device("") is None


def test_a_forgotten_device_is_nobody_and_the_name_stays_held(people: People) -> None:
    _, token = people.enter("naor")
    people.forget(token)
    assert people.come_back(token) is None
    with pytest.raises(Refused):
        people.enter("naor")


def test_a_visitors_name_is_free_when_the_visitor_is_gone(people: People) -> None:
    person, _ = people.visit("naor")
    with pytest.raises(Refused):
        people.check_free("naor")
    people.leave(person)
    people.enter("naor")


def test_a_visitor_that_comes_back_stays(people: People, clock: Clock) -> None:
    person, token = people.visit("naor")
    people.leave(person)
    assert people.come_back(token) is person
    people.leave(person)
    with pytest.raises(Refused):
        again(people, clock).enter("naor")


def test_a_visitor_whose_name_went_to_another_is_told(people: People) -> None:
    person, token = people.visit("naor")
    people.leave(person)
    people.enter("naor")
    with pytest.raises(Refused, match="naor"):
        people.come_back(token)


def test_visitors_who_never_came_back_are_not_kept_for_ever(people: People, clock: Clock) -> None:
    person, token = people.visit("naor")
    clock.now += module.VISITOR_SECONDS + 1
    assert again(people, clock).device(token) is not None  # still here
    people.leave(person)
    assert again(people, clock).device(token) is not None
    clock.now += module.VISITOR_SECONDS + 1
    assert again(people, clock).device(token) is None


def test_a_host_device_becomes_a_host_person(people: People, clock: Clock) -> None:
    token = people.host_device()
    assert people.come_back(token) is None
    person, same = people.enter("naor", token)
    assert (same, person.host) == (token, True)
    assert again(people, clock).come_back(token) == person


def test_a_person_can_be_put_in_charge(people: People) -> None:
    person, token = people.enter("naor")
    people.make_host(token)
    assert person.host


def test_a_device_that_has_a_person_gets_another_token_for_another_name(people: People) -> None:
    _, token = people.enter("naor")
    other, second = people.enter("anna", token)
    assert second != token
    assert people.come_back(second) is other


def test_reading_only_goes_on(people: People) -> None:
    person, _ = people.enter("naor")
    assert people.read_up_to(person, "a", 5)
    assert not people.read_up_to(person, "a", 5)
    assert not people.read_up_to(person, "a", 3)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"people":1}', b'{"people":[{}]}'])
def test_what_is_not_a_people_file_is_said_so(people: People, data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        people.load(data)


def test_changes_are_told(clock: Clock) -> None:
    told: list[int] = []
    people = People(lambda: told.append(1), clock)
    _, token = people.enter("naor")
    count = len(told)
    people.come_back(token)
    assert len(told) == count
    clock.now += module.USED_EVERY + 1
    people.come_back(token)
    assert len(told) == count + 1
