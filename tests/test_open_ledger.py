import os
import stat
import sys
from pathlib import Path

import pytest

from hub.access import older
from hub.access.admission import Admission
from hub.access.people import People
from hub.errors import CannotStart
from hub.folder import Folder
from hub.keys import Keys
from hub.open_ledger import open_ledger
from hub.protocol.events import sealed
from hub.store import disk
from hub.store.ledger_lines import line_of
from tests.ledgers import kept_in, people_in, put

PEOPLE = b"""{
 "people": [{"who": "p_1", "name": "anna", "made": 1.0, "used": 2.0, "password": "kept",
             "read": {"general": 7}}],
 "devices": {"ab": {"id": "d1", "made": 1.0, "used": 2.0, "who": "p_1"}}, "at": 3.0,
 "id": "0123456789abcdef"
}"""
DOOR = b'{"mode": "code", "code": "sesame", "invitations": {}}'


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.open(tmp_path / "rooms")


def opened(folder: Folder) -> Keys:
    keys, file = open_ledger(folder)
    if file.sound:
        file.close()
    return keys


def names(keys: Keys) -> list[str]:
    return [x.name for x in People(Keys(dict(keys.items("")))).all()]


def aside(folder: Folder) -> dict[str, bytes]:
    """What stands in the folder that keeps an older Hearth from starting."""
    return {x.name: x.read_bytes() for x in folder.older_people.iterdir() if x.suffix != ".txt"}


def test_a_new_folder_has_a_ledger_and_the_guard(folder: Folder) -> None:
    for _ in range(2):
        assert dict(opened(folder).items("")).keys() == {"looks", "id"}
        assert {x.name for x in folder.hub.iterdir()} == {"ledger.jsonl", "people.json"}
        assert aside(folder) == {}
        told = (folder.older_people / "README.txt").read_text()
        assert "older Hearth" in told
        assert "may be deleted" in told
        if sys.platform != "win32":
            for path in (folder.ledger_file, *folder.older_people.iterdir()):
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(folder.older_people.stat().st_mode) == 0o700


def test_an_older_folder_is_taken_in_once_and_kept_aside(folder: Folder) -> None:
    left = {"people.json": PEOPLE, "people.last": b"before", "door.json": DOOR, "door.last": b"x"}
    for name, data in left.items():
        (folder.hub / name).write_bytes(data)
    keys = opened(folder)
    assert names(keys) == ["anna"]
    assert (Admission(keys).mode, Admission(keys).code) == ("code", "sesame")
    assert kept_in(folder.ledger_file)["read/p_1/general"] == 7
    assert kept_in(folder.ledger_file)["id"] == "0123456789abcdef"
    assert kept_in(folder.ledger_file)["name/anna"] == "p_1"
    assert aside(folder) == left
    put(folder, {"read/p_1/general": b"9"})
    assert opened(folder).get("read/p_1/general") == b"9", "it is not taken in again"
    assert aside(folder) == left


def test_the_state_before_is_taken_for_a_damaged_one(folder: Folder) -> None:
    folder.older_people.write_bytes(PEOPLE[:50])
    folder.older_people.with_suffix(".last").write_bytes(PEOPLE)
    folder.older_door.write_bytes(DOOR)
    keys = opened(folder)
    assert names(keys) == ["anna"]
    assert Admission(keys).mode == "code"
    left = {"people.json": PEOPLE[:50], "people.last": PEOPLE, "door.json": DOOR}
    assert aside(folder) == left


@pytest.mark.parametrize("last", [b'{"mode": "co', b'{"mode": "open"}'])
def test_a_damaged_door_is_shut(
    folder: Folder, caplog: pytest.LogCaptureFixture, last: bytes
) -> None:
    folder.older_door.write_bytes(b'{"mode": "co')
    folder.older_door.with_suffix(".last").write_bytes(last)
    assert Admission(opened(folder)).mode == "login"
    assert "Who may come in" in caplog.text
    assert aside(folder) == {"door.json": b'{"mode": "co', "door.last": last}
    assert Admission(opened(folder)).mode == "login", "until a host says otherwise"


def test_both_may_be_damaged(folder: Folder) -> None:
    folder.older_people.write_bytes(b"x")
    folder.older_people.with_suffix(".last").write_bytes(b"[" * 100_000)
    assert names(opened(folder)) == []
    assert len(aside(folder)) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
@pytest.mark.parametrize("kind", ["pipe", "link", "far too large"])
def test_what_is_no_file_is_not_taken_for_nobody(
    folder: Folder, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else everybody would have to come in anew, and the hub would have no host."""
    if kind == "pipe":
        os.mkfifo(folder.older_people)
    elif kind == "link":
        folder.older_people.symlink_to("elsewhere")
    else:
        folder.older_people.write_bytes(PEOPLE)
        monkeypatch.setattr("hub.open_ledger.OLDER_BYTES", 100)
    with pytest.raises(disk.Unfit):
        open_ledger(folder)
    assert not folder.ledger_file.exists()
    assert os.path.lexists(folder.older_people)


@pytest.mark.parametrize(("door", "mode"), [(DOOR, "code"), (b'{"mode": "co', "login")])
def test_a_crash_while_an_older_folder_is_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, door: bytes, mode: str
) -> None:
    """Wherever it ends, the next start has everybody, and nothing is lost of what was left."""
    left = {"people.json": PEOPLE, "people.last": PEOPLE, "door.json": door, "door.last": DOOR}
    for steps in range(100):
        folder = Folder.open(tmp_path / f"rooms{steps}")
        for name, data in left.items():
            (folder.hub / name).write_bytes(data)
        with monkeypatch.context() as crash:
            if not _crashes(crash, steps, folder):
                break
        keys = opened(folder)
        assert (names(keys), Admission(keys).mode) == (["anna"], mode)
        assert aside(folder) == left
    assert steps >= 10, "Windows syncs no folders"


def _crashes(monkeypatch: pytest.MonkeyPatch, steps: int, folder: Folder) -> bool:
    """Open the ledger, and stop after so many steps; whether it was stopped."""
    taken = 0

    def stop_before(name: str) -> None:
        real = getattr(os, name)

        def step(*arguments: object, **more: object) -> object:
            nonlocal taken
            if taken == steps:
                raise KeyboardInterrupt
            taken += 1
            return real(*arguments, **more)

        monkeypatch.setattr(os, name, step)

    for name in ("replace", "fsync", "fdatasync", "mkdir", "unlink"):
        if hasattr(os, name):
            stop_before(name)
    try:
        open_ledger(folder)
    except KeyboardInterrupt:
        return True
    return False


def test_what_an_older_hearth_leaves_later_is_put_aside(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody moved the guard away, and an older Hearth started with nobody."""
    put(folder, {"name/anna": b'"p_1"', "person/p_1": Keys(_items()).get("person/p_1")})
    away = folder.path / "away"
    folder.older_people.rename(away)
    folder.older_people.write_bytes(b'{"people":[],"devices":{}}')
    folder.older_door.write_bytes(DOOR)
    keys = opened(folder)
    assert names(keys) == ["anna"]
    assert Admission(keys).mode == "open"
    assert aside(folder) == {"people.json": b'{"people":[],"devices":{}}', "door.json": DOOR}
    assert "people.json of an older Hearth is kept as people.json/people.json" in caplog.text
    folder.older_door.write_bytes(b"{}")
    opened(folder)
    assert sorted(aside(folder).values()) == sorted([b'{"people":[],"devices":{}}', DOOR, b"{}"])


def _items() -> dict[str, bytes]:
    return older.people_in(PEOPLE)


def test_where_the_ledger_is_missing_the_door_is_shut(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    opened(folder)
    folder.ledger_file.unlink()
    assert Admission(opened(folder)).mode == "login"
    assert "ledger.jsonl is missing" in caplog.text


def test_of_a_damaged_ledger_names_are_found_out_anew(folder: Folder) -> None:
    """The line of a name may be the one that is damaged: nobody else may take it."""
    items = _items()
    put(folder, {key: items[key] for key in ("person/p_1", "id")})
    put(folder, {"name/anna": b'"p_1"'})
    data = folder.ledger_file.read_bytes()
    assert line_of({"name/anna": b'"p_1"'}) in data
    folder.ledger_file.write_bytes(data.replace(b"name/anna", b"nome/anna"))
    keys, file = open_ledger(folder)
    assert not file.sound
    assert People(keys).named("anna") is not None
    assert keys.get("name/anna") == b'"p_1"'
    assert Admission(keys).mode == "login"


def test_a_newer_ledger_is_not_opened(folder: Folder) -> None:
    newer = sealed(b'{"ledger":2}')
    folder.ledger_file.write_bytes(newer)
    with pytest.raises(CannotStart, match=r"A newer Hearth wrote .*ledger\.jsonl.*--rooms"):
        open_ledger(folder)
    assert folder.ledger_file.read_bytes() == newer


def test_people_in_a_ledger_are_those_who_came(folder: Folder) -> None:
    put(folder, {"person/p_1": _items()["person/p_1"]})
    assert [x["name"] for x in people_in(folder.ledger_file)] == ["anna"]
