import errno
import sys
import time
from pathlib import Path

import msgspec
import pytest

from hub import config
from hub.access.admission import Admission
from hub.access.people import People
from hub.errors import CannotStart
from hub.folder import Folder
from hub.keys import Keys
from hub.store import disk
from hub.store.ledger_file import created, opened
from hub.tools.reset_host import reset_host


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.open(tmp_path / "rooms")


def some(keys: Keys) -> People:
    """A host with a password, a banned host, a host without one, and a member."""
    people = People(keys)
    for name, changes in {
        "anna": {"host": True, "password": "kept"},
        "bela": {"host": True},
        "carl": {"host": True},
        "dora": {"password": "kept"},
    }.items():
        person, _ = people.enter(name)
        people.update(person, **changes)
        if name == "bela":
            people.ban(person, True)
    return people


def make(folder: Folder) -> None:
    """Make a ledger with these people."""
    keys = Keys()
    some(keys)
    created(folder.ledger_file, keys).close()


def older() -> bytes:
    """A people.json with these people."""
    people = some(Keys())
    members = {"people": people.everybody(), "devices": people.devices.known, "at": time.time()}
    return msgspec.json.encode(members)


def kept(folder: Folder) -> People:
    file, found = opened(folder.ledger_file, folder.torn)
    assert file.sound
    return People(found.keys)


def test_a_new_folder_needs_no_reset(folder: Folder) -> None:
    assert reset_host(folder) == []
    assert kept(folder).everybody() == []


def test_valid_settings_stay(folder: Folder) -> None:
    folder.settings_file.write_text("message_rate = 3\n")
    assert reset_host(folder) == []
    assert config.load(folder.settings_file, {}, []).message_rate == 3


@pytest.mark.parametrize(
    "broken", [b"message_rate = \n", b"\xff\xfe", b"no_such = 1\n", b"accounts = 'nobody'\n"]
)
def test_broken_settings_are_renamed(folder: Folder, broken: bytes) -> None:
    folder.settings_file.write_bytes(broken)
    with pytest.raises(CannotStart):
        config.load(folder.settings_file, {}, [])
    (done,) = reset_host(folder)
    assert not folder.settings_file.exists()
    (aside,) = folder.hub.glob("settings.broken-*.toml")
    assert aside.read_bytes() == broken
    assert str(aside) in done
    config.load(folder.settings_file, {}, [])


@pytest.mark.parametrize("left", ["a ledger", "an older file", "the older file before"])
def test_only_hosts_lose_their_passwords(folder: Folder, left: str) -> None:
    if left == "a ledger":
        make(folder)
    elif left == "an older file":
        folder.older_people.write_bytes(older())
    else:
        folder.older_people.write_bytes(b'{"people":[{"who"')
        folder.older_people.with_suffix(".last").write_bytes(older())
    done = reset_host(folder)
    people = {x.name: x for x in kept(folder).all()}
    assert [people[x].password for x in ("anna", "bela", "carl", "dora")] == [None] * 3 + ["kept"]
    assert not people["bela"].banned
    assert all(people[x].host for x in ("anna", "bela", "carl"))
    assert ["anna" in " ".join(done), "bela" in " ".join(done)] == [True, True]
    assert not any("carl" in x or "dora" in x for x in done)
    if sys.platform != "win32":
        assert folder.ledger_file.stat().st_mode & 0o077 == 0
    assert reset_host(folder) == [], "it is done"


def test_of_a_damaged_ledger_what_can_be_read_is_reset(folder: Folder) -> None:
    make(folder)
    data = folder.ledger_file.read_bytes()
    folder.ledger_file.write_bytes(data.replace(b'"name":"dora"', b'"name":"Dora"', 1))
    assert len(reset_host(folder)) == 2
    people = kept(folder)
    assert {x.name for x in people.all()} == {"anna", "bela", "carl"}
    assert all(x.password is None for x in people.all())
    _, found = opened(folder.ledger_file, folder.torn)
    assert Admission(found.keys).mode == "login", "nobody knows whether it was open"


def test_nothing_is_done_where_both_older_files_are_damaged(folder: Folder) -> None:
    folder.older_people.write_bytes(b"x")
    folder.older_people.with_suffix(".last").write_bytes(b"y")
    assert reset_host(folder) == []
    left = folder.older_people.glob("people.[jl]*")
    assert sorted(x.read_bytes() for x in left) == [b"x", b"y"]


def test_a_file_that_cannot_be_written_is_named(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    make(folder)
    monkeypatch.setattr(disk, "pwrite", full)
    with pytest.raises(CannotStart, match=r"ledger\.jsonl cannot be written: the disk is full"):
        reset_host(folder)
