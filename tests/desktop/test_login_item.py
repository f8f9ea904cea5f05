"""Hearth starts at login only where somebody wants it."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
import sys
import types
from pathlib import Path
from typing import Any, Self

import pytest

from hub.desktop import frozen, login_item
from hub.desktop.login_item import desktop_entry

FOLDER = Path("/home/naor/my rooms")


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)


def test_on_linux_an_entry_starts_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    file = tmp_path / ".config" / "autostart" / "hearth.desktop"
    assert not login_item.is_on()
    login_item.turn_on(FOLDER)
    assert login_item.is_on()
    text = file.read_text()
    assert f'"{frozen.PROGRAM}" "--rooms={FOLDER}"\n' in text
    assert text.startswith("[Desktop Entry]\nType=Application\nName=Hearth\nExec=")
    login_item.turn_off()
    login_item.turn_off()
    assert not file.exists()


@pytest.mark.parametrize(("setting", "used"), [("/elsewhere", True), ("relative", False)])
def test_the_users_own_place_for_settings_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: str, used: bool
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    place = str(tmp_path) + setting if used else setting
    monkeypatch.setenv("XDG_CONFIG_HOME", place)
    login_item.turn_on(FOLDER)
    base = Path(place) if used else tmp_path / ".config"
    assert (base / "autostart" / "hearth.desktop").exists()


@pytest.mark.skipif(not shutil.which("gio"), reason="needs gio, which starts such entries")
def test_any_path_arrives_as_it_is(tmp_path: Path) -> None:
    """Through GLib, which many desktops read entries with."""
    told = tmp_path / "told"
    # GLib looks for a program by its name with `%%` in it, and finds none with a `%`.
    script = tmp_path / 'my "own" $HOME `x` \\ ✓.sh'
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{told}.new"; mv "{told}.new" "{told}"\n')
    script.chmod(0o755)
    argument = '--rooms=/a "b" $c `d` \\e %f 日本'
    entry = tmp_path / "hearth.desktop"
    entry.write_text(desktop_entry([str(script), argument]))
    subprocess.run(["gio", "launch", str(entry)], check=True, timeout=60, capture_output=True)
    for _ in range(600):
        if told.exists():
            break
        subprocess.run(["sleep", "0.05"], check=True)
    assert told.read_text() == argument + "\n"


def test_on_macos_an_agent_starts_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    login_item.turn_on(FOLDER)
    file = tmp_path / "Library" / "LaunchAgents" / "chat.hearth.Hearth.plist"
    told = plistlib.loads(file.read_bytes())
    assert told["ProgramArguments"][-1] == f"--rooms={FOLDER}"
    assert told["RunAtLoad"] is True
    assert login_item.is_on()
    login_item.turn_off()
    assert not login_item.is_on()


def test_on_windows_the_run_key_starts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", _registry())
    assert not login_item.is_on()
    login_item.turn_off()
    login_item.turn_on(FOLDER)
    assert login_item.is_on()
    line = sys.modules["winreg"].values["Hearth"]  # type: ignore[attr-defined]
    assert line.endswith(f' "--rooms={FOLDER}"')
    login_item.turn_off()
    assert not login_item.is_on()


def test_the_executable_is_started_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen, "FROZEN", True)
    monkeypatch.setattr(frozen, "PROGRAM", Path("/opt/Hearth"))
    assert login_item.command(FOLDER) == ["/opt/Hearth", f"--rooms={FOLDER}"]


def _registry() -> Any:
    """winreg, with the one key that counts."""

    class Key:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    def get(_: Key, name: str) -> tuple[str, int]:
        if name not in registry.values:
            raise FileNotFoundError(name)
        return registry.values[name], 1

    def delete(_: Key, name: str) -> None:
        get(_, name)
        del registry.values[name]

    registry: Any = types.ModuleType("winreg")
    registry.values = {}
    registry.HKEY_CURRENT_USER, registry.REG_SZ, registry.KEY_SET_VALUE = 1, 1, 2
    registry.OpenKey = registry.CreateKey = lambda *_: Key()
    registry.QueryValueEx, registry.DeleteValue = get, delete
    registry.SetValueEx = lambda _, name, __, ___, value: registry.values.__setitem__(name, value)
    return registry
