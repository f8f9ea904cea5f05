"""Where the hub's folder is when nobody names one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hub.desktop.default_folder import default_folder
from hub.errors import CannotStart


def test_a_checkout(tmp_path: Path) -> None:
    launcher = tmp_path / "launcher.py"
    assert default_folder(launcher, False, {}, sys.platform) == tmp_path / "rooms"


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_a_portable_executable(tmp_path: Path, platform: str) -> None:
    (tmp_path / "rooms").mkdir()
    assert default_folder(tmp_path / "Hearth", True, {}, platform) == tmp_path / "rooms"


def test_a_portable_mac_bundle(tmp_path: Path) -> None:
    (tmp_path / "rooms").mkdir()
    program = tmp_path / "Hearth.app" / "Contents" / "MacOS" / "Hearth"
    assert default_folder(program, True, {}, "darwin") == tmp_path / "rooms"


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {"HOME": "/home/n"}, "/home/n/.local/share/hearth/rooms"),
        ("linux", {"HOME": "/home/n", "XDG_DATA_HOME": "/data"}, "/data/hearth/rooms"),
        (
            "linux",
            {"HOME": "/home/n", "XDG_DATA_HOME": "data"},
            "/home/n/.local/share/hearth/rooms",
        ),
        ("darwin", {"HOME": "/Users/n"}, "/Users/n/Library/Application Support/Hearth/rooms"),
        ("win32", {"LOCALAPPDATA": "C:/Local"}, "C:/Local/Hearth/rooms"),
        ("win32", {"USERPROFILE": "C:/Users/n"}, "C:/Users/n/AppData/Local/Hearth/rooms"),
    ],
)
def test_an_installed_executable(
    tmp_path: Path, platform: str, environ: dict[str, str], expected: str
) -> None:
    assert default_folder(tmp_path / "Hearth", True, environ, platform) == Path(expected)


def test_the_home_that_the_system_knows(tmp_path: Path) -> None:
    found = default_folder(tmp_path / "Hearth", True, {}, "linux")
    assert found == Path.home() / ".local/share/hearth/rooms"


def test_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(CannotStart, match="--rooms"):
        default_folder(tmp_path / "Hearth", True, {}, "linux")
