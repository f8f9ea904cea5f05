import errno
import sys
from pathlib import Path

import pytest

from hub import config
from hub.access.people import People
from hub.errors import CannotStart
from hub.folder import Folder
from hub.store import disk
from hub.tools.reset_host import reset_host


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.open(tmp_path / "rooms")


def some() -> People:
    """A host with a password, a banned host, a host without one, and a member."""
    people = People()
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


def kept(file: Path) -> People:
    people = People()
    people.load(file.read_bytes())
    return people


def test_a_new_folder_needs_no_reset(folder: Folder) -> None:
    assert reset_host(folder) == []
    assert not folder.people_file.exists()


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


def test_only_hosts_lose_their_passwords(folder: Folder) -> None:
    folder.people_file.write_bytes(some().dump())
    done = reset_host(folder)
    people = {x.name: x for x in kept(folder.people_file).all()}
    assert [people[x].password for x in ("anna", "bela", "carl", "dora")] == [None] * 3 + ["kept"]
    assert not people["bela"].banned
    assert all(people[x].host for x in ("anna", "bela", "carl"))
    assert ["anna" in " ".join(done), "bela" in " ".join(done)] == [True, True]
    assert not any("carl" in x or "dora" in x for x in done)
    if sys.platform != "win32":
        assert folder.people_file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damaged", [None, b"", b'{"people":[{"who"'])
def test_the_last_good_state_replaces_a_damaged_file(folder: Folder, damaged: bytes | None) -> None:
    if damaged is not None:
        folder.people_file.write_bytes(damaged)
    last = folder.people_file.with_suffix(".last")
    last.write_bytes(some().dump())
    assert len(reset_host(folder)) == 2
    anna = kept(last).named("anna")
    assert anna is not None
    assert anna.password is None
    if damaged is not None:
        assert folder.people_file.read_bytes() == damaged, "the hub keeps it aside at its start"


def test_nothing_is_done_where_both_files_are_damaged(folder: Folder) -> None:
    folder.people_file.write_bytes(b"x")
    folder.people_file.with_suffix(".last").write_bytes(b"y")
    assert reset_host(folder) == []


def test_a_file_that_cannot_be_replaced_is_named(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder.people_file.write_bytes(some().dump())
    monkeypatch.setattr(disk, "write_atomically", full)
    with pytest.raises(CannotStart, match=r"people\.json cannot be written: the disk is full"):
        reset_host(folder)
