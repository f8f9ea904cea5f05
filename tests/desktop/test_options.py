"""The command line and the settings, as Hearth takes them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hub import __version__, config
from hub.desktop import options
from hub.errors import CannotStart, Usage
from tests.conftest import Launch
from tests.launching import ROOT, Launched
from tests.running import CHAT, ask, fails


def test_version(launch: Launch) -> None:
    started = launch("--version", rooms=None)
    assert started.ended() == 0
    assert started.lines == [f"Hearth {__version__}"]


def test_help_names_every_option_and_setting(launch: Launch) -> None:
    started = launch("--help", rooms=None)
    assert started.ended() == 0
    text = "\n".join(started.lines)
    for option in ("ROOM", "--host", "--port", "--rooms", "--no-window", "--browser", "--set"):
        assert option in text
    for line in config.describe().splitlines():
        assert line in text
    for name in ("message_rate", "connections_per_address", "hub_code", "accounts", "announce"):
        assert name in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--nonsense"], "--nonsense"),
        (["one", "two"], "two"),
        (["--port", "x"], "0 to 65535"),
        (["--port", "65536"], "0 to 65535"),
        (["--port", "-1"], "--port"),
        (["--no-window", "--browser"], "--browser"),
        (["--set", "message_rate"], "KEY=VALUE"),
        (["--set", "no_such=1"], "no_such"),
        (["--set", "message_rate=quick"], "message_rate"),
        (["--set", "accounts=nobody"], "accounts"),
        (["con"], "device"),
        (["../etc"], "dot"),
        (["a/b"], "/"),
        (["x" * 10_000], "too long"),
    ],
    ids=lambda x: str(x)[:40],
)
def test_wrong_usage_has_status_2(
    launch: Launch, tmp_path: Path, arguments: list[str], words: str
) -> None:
    started = launch(*arguments)
    assert started.ended() == 2
    assert words in started.complaint
    assert "Traceback" not in started.complaint


@pytest.mark.parametrize("way", ["launcher.py", "scripts/run.py"])
def test_usage_names_the_command_that_was_typed(way: str) -> None:
    command = [sys.executable, way, "--nonsense"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"usage: {way} [-h]"), ended.stderr
    assert f"{way}: error: " in ended.stderr


def test_an_empty_folder_name_is_wrong_usage(launch: Launch, tmp_path: Path) -> None:
    """As from an unset shell variable: the current folder is not what was meant."""
    started = launch("--rooms", "", rooms=None)
    assert started.ended() == 2
    assert "folder" in started.complaint
    assert list((tmp_path / "home").iterdir()) == []
    assert started.lines == []
    assert not (tmp_path / "rooms").exists(), "nothing is created"


def test_a_room_in_another_script(launch: Launch) -> None:
    assert launch("Café").ready().endswith("/caf%C3%A9")


def message_bytes(started: Launched) -> int:
    started.ready()
    found: int = ask(started.port, "GET", "/api/me")[1]["limits"]["message_bytes"]
    assert started.stop() == 0
    return found


def test_the_command_line_wins_then_the_environment_then_the_file(
    launch: Launch, tmp_path: Path
) -> None:
    settings = tmp_path / "rooms" / "hub" / "settings.toml"
    assert message_bytes(launch()) == 16384
    settings.write_text("message_bytes = '2 KiB'\n")
    assert message_bytes(launch()) == 2048
    environment = {"HEARTH_MESSAGE_BYTES": "3000"}
    assert message_bytes(launch(environment=environment)) == 3000
    assert message_bytes(launch("--set", "message_bytes=4000", environment=environment)) == 4000
    assert message_bytes(launch("--set", "message_bytes=0", environment=environment)) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("message_rate = \n", ["settings.toml", "TOML"]),
        ("message_rate = 'quick'\n", ["settings.toml", "line 1", "message_rate"]),
        ("\n\nno_such = 1\n", ["settings.toml", "line 3", "no_such"]),
        ("accounts = 'nobody'\n", ["accounts", "open or login"]),
        ("names = 'no name'\n", ["names", "no name"]),
        (b"hub_code = '\xff'\n", ["settings.toml", "UTF-8"]),
    ],
    ids=range(6),
)
def test_a_broken_settings_file_has_status_3(
    launch: Launch, tmp_path: Path, text: str | bytes, words: list[str]
) -> None:
    settings = tmp_path / "rooms" / "hub" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_bytes(text if isinstance(text, bytes) else text.encode())
    fails(launch(), 3, *words)


def test_a_wrong_variable_has_status_3(launch: Launch) -> None:
    environment = {"HEARTH_CONNECTIONS": "many"}
    fails(launch(environment=environment), 3, "HEARTH_CONNECTIONS", "unset")


def test_settings_take_effect(launch: Launch) -> None:
    started = launch("--set", "hub_code=ember", "--set", "message_rate=1")
    started.ready()
    assert ask(started.port, "GET", "/api/me")[1]["hub"]["mode"] == "code"
    assert ask(started.port, "GET", CHAT)[0] == 401


def test_a_broken_settings_file_mentions_reset_host(launch: Launch, tmp_path: Path) -> None:
    settings = tmp_path / "rooms" / "hub" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("hub_code = \n")
    fails(launch(), 3, "settings.toml", "--reset-host")
    fails(launch("--set", "x=1"), 2)
    assert settings.exists()


def test_options_left_out_are_none() -> None:
    assert options.parse([]) == options.Options(
        room=None, host=None, port=None, rooms=None, check=False, reset_host=False,
        no_window=False, browser=False, assignments=[],
    )  # fmt: skip
    assert options.parse([]).first_room == "general"
    assert options.parse([""]).room is None


def test_the_room_is_a_canonical_name() -> None:
    parsed = options.parse(["Tea Kitchen", "--set", "connections=1", "--port", "0"])
    assert (parsed.room, parsed.first_room) == ("tea-kitchen", "tea-kitchen")
    assert (parsed.port, parsed.assignments) == (0, ["connections=1"])
    with pytest.raises(Usage, match="too long"):
        options.parse(["x" * 65])


def test_only_the_folders_own_file_is_set_aside_by_reset_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "settings.toml"
    monkeypatch.setenv("HEARTH_CONNECTIONS", "many")
    with pytest.raises(CannotStart) as of_variable:
        options.parse([]).settings(file)
    assert "--reset-host" not in str(of_variable.value)
    file.write_text("connections = 'many'")
    with pytest.raises(CannotStart, match="line 1: .*Or start once with --reset-host"):
        options.parse([]).settings(file)


def test_the_folder(tmp_path: Path) -> None:
    assert options.parse(["--rooms", str(tmp_path)]).folder() == tmp_path
    assert options.parse([]).folder() == ROOT / "rooms"
    with pytest.raises(Usage, match="--rooms"):
        options.parse(["--rooms", ""]).folder()
