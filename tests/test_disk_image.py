"""The disk image for macOS: what is in it, and what macOS's tools are told to do with it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

import commands
from commands import Failed
from macos import disk_image

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="an .app has links in it")

KEYS = dict(zip(disk_image.NOTARY, ("key.p8", "K1", "I1"), strict=True))


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have run."""
    told: list[list[str]] = []
    monkeypatch.setattr(commands, "run", lambda x: told.append([str(part) for part in x]))
    for name in (disk_image.IDENTITY, *disk_image.NOTARY):
        monkeypatch.delenv(name, raising=False)
    return told


@pytest.fixture
def app(tmp_path: Path) -> Path:
    program = tmp_path / "Hearth.app" / "Contents" / "MacOS" / "Hearth"
    program.parent.mkdir(parents=True)
    program.touch(0o755)
    program.with_name("link").symlink_to("Hearth")
    return tmp_path / "Hearth.app"


def made(app: Path) -> Path:
    return disk_image.make(app, app.with_suffix(".dmg"), app.parent / "work")


def programs(ran: Sequence[Sequence[str]]) -> list[str]:
    return [x[1] if x[0] == "xcrun" else x[0] for x in ran]


def test_it_has_the_app_and_where_to_drag_it(app: Path, ran: list[list[str]]) -> None:
    stage = app.parent / "work" / "disk-image"
    stage.mkdir(parents=True)
    (stage / "of-an-earlier-version").touch()
    assert made(app) == app.with_suffix(".dmg")
    assert sorted(os.listdir(stage)) == ["Applications", "Hearth.app"]
    assert os.readlink(stage / "Applications") == "/Applications"
    assert os.readlink(stage / "Hearth.app" / "Contents" / "MacOS" / "link") == "Hearth"
    (command,) = ran
    assert command[:2] == ["hdiutil", "create"]
    assert command[-1] == str(app.with_suffix(".dmg"))
    assert command[command.index("-volname") + 1] == "Hearth"


@pytest.mark.parametrize(("fails", "tries"), [(2, 3), (3, 3)])
def test_a_busy_disk_is_waited_for(
    fails: int, tries: int, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[object] = []

    def run(command: object) -> str:
        ran.append(command)
        if len(ran) <= fails:
            raise Failed("hdiutil: create failed - Resource busy")
        return ""

    monkeypatch.setattr(commands, "run", run)
    monkeypatch.setattr(disk_image, "PAUSE", 0.0)
    if fails < tries:
        made(app)
    else:
        with pytest.raises(Failed, match="busy"):
            made(app)
    assert len(ran) == tries


def test_whoever_signs_signs_it_too(
    app: Path, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(disk_image.IDENTITY, "Developer ID Application: Hearth")
    assert disk_image.identity() == "Developer ID Application: Hearth"
    made(app)
    assert programs(ran) == ["hdiutil", "codesign"]
    assert ran[1][ran[1].index("--sign") + 1] == "Developer ID Application: Hearth"


def test_with_all_keys_apple_is_asked_to_notarize_it(
    app: Path, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, told in {disk_image.IDENTITY: "Hearth", **KEYS}.items():
        monkeypatch.setenv(name, told)
    made(app)
    assert programs(ran) == ["hdiutil", "codesign", "notarytool", "stapler"]
    assert ran[2][-6:] == ["--key", "key.p8", "--key-id", "K1", "--issuer", "I1"]
    assert "--wait" in ran[2]


@pytest.mark.parametrize("missing", [disk_image.IDENTITY, *disk_image.NOTARY])
def test_some_of_the_keys_alone_are_a_mistake(
    missing: str, app: Path, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, told in {disk_image.IDENTITY: "Hearth", **KEYS}.items():
        if name != missing:
            monkeypatch.setenv(name, told)
    with pytest.raises(Failed, match="HEARTH_NOTARY_ISSUER"):
        made(app)
    assert ran == [], "before anything is made"


def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(disk_image.IDENTITY, "")
    assert disk_image.identity() is None
