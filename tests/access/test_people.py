from collections.abc import Callable, Mapping

import pytest

from hub.access import people as module
from hub.access.people import People, Person
from hub.access.person import UNUSED_SECONDS, VISITOR_SECONDS
from hub.errors import Refused
from hub.keys import Keys
from hub.names import skeleton
from hub.protocol.events import encode
from tests.access.clock import Clock
from tests.growth import TIMES, growth


@pytest.fixture
def people(clock: Clock) -> People:
    return People(clock=clock)


def again(people: People, clock: Clock) -> People:
    """The same people after a restart."""
    return People(Keys(dict(people._keys.items(""))), clock)


def check_kept(people: People) -> None:
    """What the keys hold is what is known in memory."""
    known: dict[str, bytes] = {}
    for person in people.everybody():
        known[f"person/{person.who}"] = person.kept()
        known |= {f"read/{person.who}/{room}": b"%d" % n for room, n in person.read.items()}
    for person in people.all():
        looks = {skeleton(name) for name in (*person.former, person.name)}
        known |= {f"name/{look}": encode(person.who) for look in looks}
    known |= {f"device/{key}": device.kept() for key, device in people.devices.known.items()}
    others = ("id", "at", "looks")
    assert {x: value for x, value in people._keys.items("") if x not in others} == known


def test_a_person_enters_with_a_name_alone(people: People) -> None:
    person, token = people.enter("  Naor ")
    assert person.name == "Naor"
    assert people.come_back(token) is person
    assert person.who.startswith("p_")


def test_the_id_lasts_as_long_as_the_people(people: People, clock: Clock) -> None:
    _, token = people.enter("naor")
    assert len(people.id) == 16
    assert again(people, clock).id == people.id != People().id
    for odd in (None, b'""', b'"no; Path=/"', b"7"):
        keys = Keys(dict(people._keys.items("")))
        keys.put({"id": (keys.get("id"), odd)})
        new = People(keys, clock)
        assert len(new.id) == 16
        assert new.id != people.id
        assert new.devices.used(token) == clock.now
        assert new.devices.used("another") is None
        assert again(new, clock).id == new.id


@pytest.mark.parametrize("other", ["naor", "NAOR", "naоr", "naor ", "n\u0430or"])
def test_a_held_name_and_its_lookalikes_are_taken(people: People, other: str) -> None:
    people.enter("naor")
    with pytest.raises(Refused) as refused:
        people.enter(other)
    assert (refused.value.status, refused.value.code) == (409, "name_taken")


def test_an_overlong_name_is_looked_up_at_no_cost(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.enter("naor")
    with monkeypatch.context() as patched:
        patched.delattr("hub.access.people.skeleton")  # its cost is quadratic
        for text in ("a" + "\u0301\u0316" * 40_000, "\ufdfa" * 60_000, "naor" + " " * 100_000):
            assert people.named(text) is None
    assert people.named(" naor" + " " * 100) is not None


def test_people_and_their_names_survive_a_restart(people: People, clock: Clock) -> None:
    person, token = people.enter("naor")
    people.read_up_to(person, "general", 7)
    later = again(people, clock)
    back = later.come_back(token)
    assert back is not None
    assert (back.who, back.read) == (person.who, {"general": 7})
    with pytest.raises(Refused):
        later.enter("naor")


def test_no_key_holds_a_token(people: People) -> None:
    _, token = people.enter("naor")
    assert token not in str(list(people._keys.items("")))


def test_an_unknown_token_is_nobodys(people: People) -> None:
    assert people.come_back("wrong") is None
    assert people.devices.get("") is None


def test_an_ended_device_is_nobodys_and_the_name_stays_held(people: People) -> None:
    _, token = people.enter("naor")
    people.devices.end(token)
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


def test_a_visitor_whose_name_went_to_another_is_refused(people: People) -> None:
    person, token = people.visit("naor")
    people.leave(person)
    people.enter("naor")
    with pytest.raises(Refused, match="naor"):
        people.come_back(token)


def test_visitors_who_never_come_back_are_forgotten(people: People, clock: Clock) -> None:
    person, token = people.visit("naor")
    clock.now += VISITOR_SECONDS + 1
    assert again(people, clock).devices.get(token) is not None  # still here
    people.leave(person)
    assert again(people, clock).devices.get(token) is not None
    clock.now += VISITOR_SECONDS + 1
    assert again(people, clock).devices.get(token) is not None, "by the clock of the last change"
    people.enter("mira")
    later = again(people, clock)
    assert later.devices.get(token) is None
    assert "naor" not in str(list(later._keys.items("")))


def test_a_host_device_becomes_a_host_person(people: People, clock: Clock) -> None:
    token = people.host_device()
    assert people.come_back(token) is None
    person, same = people.enter("naor", token)
    assert (same, person.host) == (token, True)
    assert again(people, clock).come_back(token) == person


def test_a_person_can_be_made_a_host(people: People) -> None:
    person, token = people.enter("naor")
    people.make_host(token)
    assert person.host


def test_entering_under_another_name_makes_another_device(people: People) -> None:
    _, token = people.enter("naor")
    other, second = people.enter("anna", token)
    assert second != token
    assert people.come_back(second) is other


def test_the_read_position_never_goes_back(people: People) -> None:
    person, _ = people.enter("naor")
    assert people.read_up_to(person, "a", 5)
    assert not people.read_up_to(person, "a", 5)
    assert not people.read_up_to(person, "a", 3)


@pytest.mark.parametrize("odd", [b"", b"{", b"[]", b'{"who":1}'])
def test_what_cannot_be_read_is_nobody(people: People, clock: Clock, odd: bytes) -> None:
    naor, token = people.enter("naor")
    mira, other = people.enter("mira")
    people.read_up_to(mira, "general", 7)
    (device,) = (key for key, x in people.devices.known.items() if x.who == naor.who)
    for key in (f"person/{naor.who}", f"device/{device}", f"read/{mira.who}/general"):
        people._keys.put({key: (people._keys.get(key), odd)})
    later = again(people, clock)
    assert later.come_back(token) is None
    assert later.named("naor") is None
    assert [x.who for x in later.everybody()] == [mira.who]
    back = later.come_back(other)
    assert back is not None
    assert back.read == {}
    later.read_up_to(back, "general", 9)
    assert later.tidy() is False


def test_who_is_asked_for_again_is_the_same_as_long_as_anybody_holds_on(people: People) -> None:
    person, token = people.enter("naor")
    who = person.who
    for found in (people.person(who), people.named("naor"), people.come_back(token)):
        assert found is person
    assert people.everybody() == people.all() == [person]
    people.update(person, muted=7.0)
    people.read_up_to(person, "general", 3)
    del person, found
    assert len(people._held) == 0, "nobody who is not here takes memory twice"
    later = people.person(who)
    assert later is not None
    assert (later.muted, later.read) == (7.0, {"general": 3})


def test_by_other_rules_other_names_are_held(
    people: People, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer Hearth, or a newer Python, takes other names for alike."""
    person, _ = people.enter("naor")
    monkeypatch.setattr("hub.access.person.skeleton", lambda name: name[::-1])
    monkeypatch.setattr("hub.access.person.RULES", "2")
    later = again(people, clock)
    assert later._keys.get("name/roan") == encode(person.who)
    assert later._keys.get("name/naor") is None


def test_a_name_is_claimed_by_who_comes_first(people: People) -> None:
    """Another hub may have put it, of which this one knows nothing yet."""
    naor, _ = people.enter("naor")
    visitor, token = people.visit("anna")
    people.leave(visitor)
    people._keys.put({f"name/{skeleton(x)}": (None, b'"p_1"') for x in ("mira", "anna")})
    before = dict(people._keys.items(""))
    for work in (
        lambda: people.enter("mira"),
        lambda: people.visit("MIRA"),
        lambda: people.rename(naor, "mira"),
        lambda: people.come_back(token),
    ):
        assert code_of(work) == "name_taken"
        assert dict(people._keys.items("")) == before
    assert (naor.name, visitor.visitor) == ("naor", True)
    assert len(people.everybody()) == 2
    assert len(people.devices.known) == 2


def test_what_is_put_is_small(people: People) -> None:
    """How far somebody has read is one key, whatever else there is of the person."""
    person, _ = people.enter("naor")
    told: list[Mapping[str, bytes | None]] = []
    people._keys.watch(told.append)
    people.read_up_to(person, "general", 7)
    people.read_up_to(person, "general", 9)
    key = f"read/{person.who}/general"
    assert told == [{key: b"7"}, {key: b"9"}]
    told.clear()
    people.come_back(people.devices.add(person.who)[1])
    assert len(told) == 1, "nothing but the device"


def leave_later(people: People, person: Person, clock: Clock) -> None:
    clock.now += 5
    people.leave(person)


CHANGES: dict[str, Callable[[People, Person, str, Clock], object]] = {
    "enter": lambda people, person, token, clock: people.enter("mira", people.host_device()),
    "rename": lambda people, person, token, clock: people.rename(person, "nora"),
    "update": lambda people, person, token, clock: people.update(person, muted=1.0),
    "ban": lambda people, person, token, clock: people.ban(person, True),
    "make a host": lambda people, person, token, clock: people.make_host(token),
    "set a host": lambda people, person, token, clock: people.set_host(person, True),
    "read": lambda people, person, token, clock: people.read_up_to(person, "general", 1),
    "remove": lambda people, person, token, clock: people.remove(person),
    "leave": lambda people, person, token, clock: leave_later(people, person, clock),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_each_change_is_put_at_once(
    people: People, clock: Clock, change: Callable[[People, Person, str, Clock], object]
) -> None:
    puts: list[Mapping[str, bytes | None]] = []
    person, token = people.visit("naor")
    people.read_up_to(person, "kitchen", 1)
    people.devices.add(person.who, "bot")
    people._keys.watch(puts.append)
    change(people, person, token, clock)
    assert len([x for x in puts if set(x) != {"at"}]) == 1 + (change is CHANGES["enter"])
    check_kept(people)


def test_a_visitors_return_and_a_hosts_name_are_put(people: People, clock: Clock) -> None:
    visitor, token = people.visit("mira")
    people.leave(visitor)
    people.come_back(token)
    check_kept(people)
    host, _ = people.enter("naor", people.host_device())
    assert people.take_back(host, people.host_device())
    check_kept(people)
    assert not visitor.visitor
    clock.now += module.USED_EVERY + 1
    people.come_back(token)
    check_kept(people)
    assert visitor.used == clock.now


# -- names --------------------------------------------------------------------------------------


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.code


def test_a_rename_holds_the_new_name_and_the_old_one(people: People, clock: Clock) -> None:
    person, token = people.enter("naor")
    people.rename(person, "  Mira ")
    assert (person.name, person.former) == ("Mira", ["naor"])
    for later in (people, again(people, clock)):
        back = later.come_back(token)
        assert back is not None
        assert back.name == "Mira"
        assert code_of(lambda: later.enter("mira")) == "name_taken"  # noqa: B023
        assert code_of(lambda: later.enter("naor")) == "name_taken"  # noqa: B023
    people.rename(person, "naor")


def test_a_person_may_respell_their_own_name(people: People) -> None:
    person, _ = people.enter("naor")
    people.rename(person, "Naor")
    assert person.name == "Naor"
    assert people.named("NAOR") is person
    assert code_of(lambda: people.enter("naor")) == "name_taken"


@pytest.mark.parametrize("name", ["mira", "MIRA", "mirа", "", " ", "\u200b", "a\nb", "x" * 41])
def test_a_refused_rename_changes_nothing(people: People, name: str) -> None:
    people.enter("mira")
    person, _ = people.enter("naor")
    before = dict(people._keys.items(""))
    assert code_of(lambda: people.rename(person, name)) in ("name_taken", "name_invalid")
    assert dict(people._keys.items("")) == before
    assert people.named("naor") is person


def test_the_number_of_former_names_is_bounded(people: People) -> None:
    person, _ = people.enter("naor")
    for number in range(100):
        people.rename(person, f"naor{number}")
    assert len(person.former) == module.FORMER
    assert person.former[-1] == "naor98"
    assert len(people._keys.group("name/")) == module.FORMER + 1
    people.enter("naor10")
    assert code_of(lambda: people.enter("naor97")) == "name_taken"


def test_an_account_keeps_its_name(people: People, clock: Clock) -> None:
    person, _ = people.visit("naor")
    people.update(person, password="kept")
    assert not person.visitor
    people.leave(person)
    clock.now += 10 * UNUSED_SECONDS
    later = again(people, clock)
    assert later.named("naor") is not None
    with pytest.raises(Refused, match="log in"):
        later.enter("naor")


def test_a_name_that_nobody_claimed_is_free_after_30_days(people: People, clock: Clock) -> None:
    person, token = people.enter("naor")
    clock.now += 30 * 86400
    people.tidy()
    assert people.come_back(token) is person
    clock.now += 30 * 86400
    people.tidy()
    assert people.person(person.who) is person, "it was used 30 days ago"
    clock.now += 1
    people.tidy()
    assert people.person(person.who) is None
    assert people.devices.get(token) is None
    people.enter("naor")


def test_being_connected_counts_as_use(people: People, clock: Clock) -> None:
    person, token = people.enter("naor")
    clock.now += 60 * 86400
    people.tidy(lambda who: who == person.who)
    clock.now += 29 * 86400
    people.tidy()
    assert people.come_back(token) is person


@pytest.mark.parametrize("change", [{"password": "kept"}, {"host": True}, {"banned": True}])
def test_accounts_hosts_and_the_banned_are_never_freed(
    people: People, clock: Clock, change: dict[str, object]
) -> None:
    person, token = people.enter("naor")
    people.update(person, **change)
    clock.now += 400 * 86400
    people.tidy()
    assert people.person(person.who) is person
    assert people.devices.get(token) is not None


def test_a_waiting_persons_name_is_freed_in_time(people: People, clock: Clock) -> None:
    person, _ = people.enter("naor")
    people.update(person, password="kept", waiting=True)
    clock.now += 30 * 86400 + 1
    people.tidy()
    people.enter("naor")


def test_a_clock_set_back_frees_nothing(people: People, clock: Clock) -> None:
    person, token = people.enter("naor")
    people.update(person, muted=clock.now + 60)
    clock.now -= 400 * 86400
    people.tidy()
    assert people.come_back(token) is person
    clock.now += 800 * 86400
    assert people.muted_for(person) == 0.0


def test_a_program_is_marked_and_never_a_host(people: People) -> None:
    person, _ = people.enter("naor")
    device, _ = people.add_device(person, purpose="bot")
    people.set_host(person, True)
    assert (device.purpose, device.host) == ("bot", False)
    later, _ = people.add_device(person, purpose="bot")
    assert not later.host
    assert people.add_device(person)[0].host


def test_devices_outlive_a_restart(people: People, clock: Clock) -> None:
    person, token = people.enter("naor")
    _, program = people.add_device(person, purpose="bot")
    later = again(people, clock).devices.of(person.who)
    assert [x.purpose for x in later] == [None, "bot"]
    assert [again(people, clock).devices.get(x) for x in (token, program)] == later


def test_the_devices_of_a_removed_person_are_ended(people: People) -> None:
    person, token = people.enter("naor")
    people.remove(person)
    assert people.devices.get(token) is None


def test_a_removal_takes_everything_out(people: People) -> None:
    mira, _ = people.enter("mira")
    before = {key for key, _ in people._keys.items("")}
    person, token = people.enter("naor")
    people.rename(person, "nora")
    people.read_up_to(person, "general", 3)
    people.read_up_to(mira, "general", 3)
    people.devices.add(person.who, "bot")
    people.devices.end(token)
    people.remove(person)
    check_kept(people)
    assert {key for key, _ in people._keys.items("")} == before | {f"read/{mira.who}/general"}


# -- who may not come in, and who is in charge --------------------------------------------------


def test_a_ban_holds_for_the_person_and_every_device(people: People, clock: Clock) -> None:
    person, first = people.enter("naor")
    _, second = people.add_device(person)
    people.ban(person, True)
    for later in (people, again(people, clock)):
        for token in (first, second):
            assert code_of(lambda: later.come_back(token)) == "banned"  # noqa: B023
            device = later.devices.get(token)
            assert device is not None
            assert device.banned
    people.ban(person, False)
    assert people.come_back(first) is person
    assert people.come_back(second) is person


def test_a_waiting_person_is_refused(people: People, clock: Clock) -> None:
    person, token = people.enter("naor")
    people.update(person, waiting=True)
    for later in (people, again(people, clock)):
        assert code_of(lambda: later.come_back(token)) == "waiting"  # noqa: B023
    assert people.standing(token)[1] is person
    people.update(person, waiting=False)
    assert people.come_back(token) is person


def test_a_removed_person_is_forgotten(people: People, clock: Clock) -> None:
    person, token = people.enter("naor")
    people.remove(person)
    for later in (people, again(people, clock)):
        assert later.come_back(token) is None
        assert later.person(person.who) is None
        assert later.named("naor") is None


def test_a_mute_ends_by_itself(people: People, clock: Clock) -> None:
    person, _ = people.enter("naor")
    assert people.muted_for(person) == 0.0
    people.update(person, muted=clock.now + 60)
    assert people.muted_for(person) == 60.0
    clock.now += 61
    assert people.muted_for(person) == 0.0


def test_a_hosts_device_takes_back_a_hosts_name_without_a_password(people: People) -> None:
    person, _ = people.enter("naor", people.host_device())
    token = people.host_device()
    assert people.take_back(person, token)
    assert people.come_back(token) is person
    assert not people.take_back(person, token), "it has a person now"


def test_nobody_else_takes_a_name_back(people: People) -> None:
    host, guest_token = people.enter("naor", people.host_device())
    member, token = people.enter("mira")
    fresh = people.host_device()
    assert not people.take_back(member, fresh), "mira is no host"
    assert not people.take_back(host, token), "mira's device is no host's"
    assert not people.take_back(host, "wrong")
    people.update(host, password="kept")
    assert not people.take_back(host, fresh), "there is a password for that"
    assert people.come_back(guest_token) is host


def test_hosts_are_made_and_unmade_with_their_devices(people: People, clock: Clock) -> None:
    person, _ = people.enter("naor")
    people.add_device(person)
    for host in (True, False):
        people.set_host(person, host)
        later = again(people, clock)
        back = later.person(person.who)
        assert back is not None
        assert back.host is host
        assert {x.host for x in later.devices.of(back.who)} == {host}


def test_people_are_found_by_a_part_of_their_name(people: People) -> None:
    for name in ("Naor", "nora", "Zoe Naor", "STRASSE"):
        people.enter(name)
    gone, _ = people.visit("naor gone")
    people.visit("naor here")
    people.leave(gone)
    people._keys.put({"person/odd": (None, b"[")})
    found = [x.name for x in people.like("NAO")]
    assert found == ["Naor", "naor here", "Zoe Naor"]
    assert [x.name for x in people.like("straße")] == ["STRASSE"]
    assert [x.name for x in people.like("náo")] == found
    assert people.like("") == people.all()
    assert len(people.all()) == 5
    assert people.like("nobody") == []


def test_everybody_includes_visitors_who_left(people: People) -> None:
    visitor, _ = people.visit("naor")
    person, _ = people.enter("mira")
    people.leave(visitor)
    assert people.all() == [person]
    assert people.everybody() == [visitor, person]


@pytest.mark.parametrize("left", [False, True])
def test_the_cost_of_people_grows_linearly(
    clock: Clock, left: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crowd(size: int) -> People:
        people = People(clock=clock)
        for n in range(size):
            person, _ = people.visit(f"{n:x}")
            if left:
                people.leave(person)
        return people

    def work(size: int) -> None:
        people = crowds[size]
        assert len(people.all()) == size * (not left)
        assert len(people.devices.by_person()) == size

    crowds = {size: crowd(size) for size in (100, 100 * TIMES)}
    assert growth(work, 100) < 4 * TIMES
    people = crowds[100 * TIMES]
    clock.now += 2 * 86400
    removed: list[int] = []
    remove = people.remove

    def counted(*gone: Person) -> None:
        removed.append(len(gone))
        remove(*gone)

    monkeypatch.setattr(people, "remove", counted)
    assert people.tidy() is False
    assert removed == [100 * TIMES], "all of them in one go"
    assert people.everybody() == []
    check_kept(people)


def test_many_are_looked_at_in_turns(
    people: People, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIDIED", 2)
    for n in range(5):
        people.enter(f"naor {n}")
    clock.now += UNUSED_SECONDS + 1
    mira, _ = people.enter("mira")
    left = []
    while people.tidy(lambda who: who == mira.who):
        left.append(len(people.everybody()))
        assert len(left) < 9
    assert left == [4, 2]
    assert people.everybody() == [mira]
    people.enter("anna")
    clock.now += UNUSED_SECONDS + 1
    assert people.tidy() is False
    assert people.everybody() == [], "and from the beginning again"


def test_use_is_kept_of_who_stays_for_long(people: People, clock: Clock) -> None:
    naor, _ = people.visit("naor")
    people.enter("mira")
    clock.now += module.USED_EVERY + 1
    assert people.tidy(lambda who: who == naor.who) is False
    check_kept(people)
    assert naor.used == clock.now
    clock.now += VISITOR_SECONDS
    people.enter("anna")
    assert again(people, clock).person(naor.who) is not None, "the hub was killed"


def test_a_visitor_gives_former_names_back_too(people: People) -> None:
    person, token = people.visit("naor")
    people.rename(person, "mira")
    people.leave(person)
    other, _ = people.enter("naor")
    assert people.come_back(token) is person
    for n in range(8):
        people.rename(person, f"mira{n}")
    assert people.named("naor") is other


def test_who_was_removed_is_not_there_again(people: People, clock: Clock) -> None:
    """A host may free a name while the password that it is to get is being hashed."""
    person, _ = people.enter("naor")
    people.remove(person)
    with pytest.raises(Refused) as why:
        people.update(person, password="kept")
    assert (why.value.status, why.value.code) == (401, "who_are_you")
    check_kept(people)
    assert people.everybody() == again(people, clock).everybody() == []
    assert person.password is None
