from __future__ import annotations

import os
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import pytest

from hub.config import Settings, describe, load
from hub.errors import CannotStart, Usage


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_defaults_are_those_of_the_contract(file: Path) -> None:
    settings = load(file, {}, [])
    assert settings == Settings()
    assert settings.message_rate == 10
    assert settings.connections_per_address == 64
    assert settings.connections == 10_000
    assert settings.message_bytes == 16_384
    assert settings.file_bytes == 1_073_741_824
    assert settings.hub_code == ""
    assert settings.accounts == "open"
    assert settings.announce is True
    assert settings.names == ""


def test_settings_are_immutable() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().connections = 1  # type: ignore[misc]


def test_without_a_file() -> None:
    assert load(None, {}, []) == Settings()


def test_the_command_line_wins_then_the_environment_then_the_file(file: Path) -> None:
    file.write_text("connections = 1\nmessage_bytes = 1\nmessage_rate = 1\n")
    environ = {"HEARTH_CONNECTIONS": "2", "HEARTH_MESSAGE_BYTES": "2"}
    settings = load(file, environ, ["connections=3"])
    assert settings.connections == 3
    assert settings.message_bytes == 2
    assert settings.message_rate == 1


def test_the_last_assignment_wins() -> None:
    assert load(None, {}, ["connections=1", "connections=2"]).connections == 2


def test_other_variables_are_ignored() -> None:
    assert load(None, {"HEARTH_COLOUR": "red", "CONNECTIONS": "2"}, []) == Settings()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("16384", 16_384),
        ("16 KiB", 16_384),
        ("16KiB", 16_384),
        ("16 kb", 16_384),
        ("16k", 16_384),
        ("1 GiB", 1024**3),
        ("1.5 MiB", 1024**2 * 3 // 2),
        ("2 TiB", 2 * 1024**4),
        ("12 B", 12),
        (" 7 ", 7),
    ],
)
def test_sizes(file: Path, text: str, value: int) -> None:
    assert load(None, {}, [f"message_bytes={text}"]).message_bytes == value
    file.write_text(f'message_bytes = "{text}"')
    assert load(file, {}, []).message_bytes == value


@pytest.mark.parametrize(
    ("text", "value"),
    [(word, True) for word in ("true", "True", "yes", "1")]
    + [(word, False) for word in ("false", "NO", "0")],
)
def test_booleans(text: str, value: bool) -> None:
    assert load(None, {"HEARTH_ANNOUNCE": text}, []).announce is value


def test_values_as_toml_has_them(file: Path) -> None:
    file.write_text(
        'message_rate = 2\nmessage_bytes = 0\nannounce = false\naccounts = "login"\n'
        'hub_code = "a = b"\nnames = "hub.example, 10.0.0.9"\n'
    )
    settings = load(file, {}, [])
    assert settings.message_rate == 2.0
    assert isinstance(settings.message_rate, float)
    assert settings.message_bytes == 0
    assert settings.announce is False
    assert settings.accounts == "login"
    assert settings.hub_code == "a = b"
    assert settings.names == "hub.example, 10.0.0.9"


def test_a_value_may_hold_an_equals_sign() -> None:
    assert load(None, {}, ["hub_code=a=b"]).hub_code == "a=b"


def test_which_settings_were_set_even_if_to_their_defaults(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("announce = true\n")
    settings = load(tmp_path / "settings.toml", {"HEARTH_HUB_CODE": ""}, ["accounts=open"])
    assert settings.given == {"announce", "hub_code", "accounts"}
    assert replace(settings, given=frozenset()) == Settings()


def test_a_file_from_notepad(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfconnections = 5\r\n")
    assert load(file, {}, []).connections == 5


BAD = [
    ("message_rate", "fast", "must be a number"),
    ("message_rate", "-1", "must be a number"),
    ("message_rate", "nan", "must be a number"),
    ("message_rate", "inf", "must be a number"),
    ("connections", "1.5", "must be a whole number"),
    ("connections", "", "must be a whole number"),
    ("message_bytes", "-1", "must be a size"),
    ("message_bytes", "1 XiB", "must be a size"),
    ("message_bytes", "9" * 30, "must be a size"),
    ("accounts", "closed", "must be open or login"),
    ("announce", "maybe", "must be true or false"),
]


@pytest.mark.parametrize(("name", "text", "why"), BAD)
def test_a_wrong_value_on_the_command_line(name: str, text: str, why: str) -> None:
    with pytest.raises(Usage, match=f"--set {name} {why}"):
        load(None, {}, [f"{name}={text}"])


@pytest.mark.parametrize(("name", "text", "why"), BAD)
def test_a_wrong_value_in_the_environment(name: str, text: str, why: str) -> None:
    with pytest.raises(CannotStart, match=f"HEARTH_{name.upper()} {why}"):
        load(None, {f"HEARTH_{name.upper()}": text}, [])


@pytest.mark.parametrize(("name", "text", "why"), BAD)
def test_a_wrong_value_in_the_file(file: Path, name: str, text: str, why: str) -> None:
    file.write_text(f"# mine\n\n{name} = '{text}'\n")
    with pytest.raises(CannotStart, match=f"settings.toml, line 3: {name} {why}"):
        load(file, {}, [])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("connections = true", "must be a whole number"),
        ("connections = [1]", "must be a whole number"),
        ("connections = 2026-11-22", "must be a whole number"),
        ("message_bytes = true", "must be a size"),
        ("announce = 2", "must be true or false"),
        ("hub_code = 1234", "must be text in quotes"),
        ("[accounts]\nx = 1", "must be text in quotes"),
    ],
)
def test_a_value_of_the_wrong_type_in_the_file(file: Path, line: str, why: str) -> None:
    file.write_text(line)
    with pytest.raises(CannotStart, match=f"line 1: .*{why}"):
        load(file, {}, [])


@pytest.mark.parametrize("assignment", ["connections", "", "--x"])
def test_an_argument_that_is_no_assignment(assignment: str) -> None:
    with pytest.raises(Usage, match="KEY=VALUE"):
        load(None, {}, [assignment])


def test_an_unknown_setting_on_the_command_line() -> None:
    with pytest.raises(Usage, match="no setting 'colour'.*message_rate"):
        load(None, {}, ["colour=red"])


def test_an_unknown_setting_in_the_file(file: Path) -> None:
    file.write_text("connections = 1\ncolour = 'red'\n")
    with pytest.raises(CannotStart, match="line 2: there is no setting 'colour'"):
        load(file, {}, [])


def test_an_unknown_setting_whose_line_is_not_found(file: Path) -> None:
    file.write_text('"co\\nlour" = 1')
    with pytest.raises(CannotStart) as error:
        load(file, {}, [])
    assert len(str(error.value).splitlines()) == 1


def test_a_broken_file(file: Path) -> None:
    file.write_text("connections = 1\nmessage_rate =\n")
    with pytest.raises(CannotStart, match=r"settings.toml is not valid TOML.*line 2.*Mend"):
        load(file, {}, [])


def test_a_file_that_is_not_text(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\0\0")
    with pytest.raises(CannotStart, match=r"settings.toml is not UTF-8"):
        load(file, {}, [])


def test_a_file_that_cannot_be_read(file: Path) -> None:
    file.mkdir()
    with pytest.raises(CannotStart, match=r"settings.toml cannot be read"):
        load(file, {}, [])


def test_every_setting_is_described() -> None:
    lines = describe().splitlines()
    assert [line.split()[0] for line in lines] == [
        x.name for x in fields(Settings) if x.name != "given"
    ]
    assert all(len(line) <= 100 for line in lines)
    assert "16 KiB" in lines[3]
    assert "open or login" in lines[7]
    with pytest.raises(Usage) as error:
        load(None, {}, ["colour=red"])
    assert "file_bytes" in str(error.value)


def test_the_setting_without_effect_is_still_accepted(file: Path) -> None:
    file.write_text("file_bytes = '2 MiB'\n")
    assert load(file, {}, []).file_bytes == 2 << 20
    assert load(file, {"HEARTH_FILE_BYTES": "1"}, []).file_bytes == 1
    assert load(file, {}, ["file_bytes=0"]).file_bytes == 0


@pytest.mark.parametrize("what", ["pipe", "link", "folder", "large"])
def test_what_is_not_a_settings_file_is_refused_at_once(file: Path, what: str) -> None:
    if what == "pipe":
        os.mkfifo(file)
    elif what == "link":
        file.with_name("other.toml").write_text("message_rate = 3")
        file.symlink_to(file.with_name("other.toml"))
    elif what == "folder":
        file.mkdir()
    else:
        file.write_bytes(b"# much\n" * 200_000)
    with pytest.raises(CannotStart, match=r"settings\.toml cannot be read: it is"):
        load(file, {}, [])
