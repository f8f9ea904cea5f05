"""Hearth.app as PyInstaller puts it together, and each fault that macOS would find in one."""

from __future__ import annotations

import plistlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PyInstaller import config
from PyInstaller.building import api, osx

import bundle
import hub
from macos import app

pytestmark = pytest.mark.skipif(
    "sys.platform != 'linux'", reason="Windows has no such links, and macOS has a whole one built"
)


@pytest.fixture
def signed() -> list[tuple[str, object, object]]:
    """Whom codesign was to sign as, and with what."""
    return []


@pytest.fixture
def built(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    signed: list[tuple[str, object, object]],
) -> Path:
    """Put together by PyInstaller of the page and two files in place of programs for macOS."""
    for name in ("Hearth", "library.dylib"):
        (tmp_path / name).write_bytes(b"\xcf\xfa\xed\xfe")

    def sign_binary(path: str, identity: object, entitlements: object, deep: bool) -> None:
        signed.append((path, identity, entitlements))

    places = {"distpath": str(tmp_path), "workpath": str(tmp_path), "specpath": str(tmp_path)}
    for name, place in {**places, "specnm": "build"}.items():
        monkeypatch.setitem(config.CONF, name, place)
    monkeypatch.setattr(osx, "is_darwin", True)
    monkeypatch.setattr(osx, "osxutils", SimpleNamespace(sign_binary=sign_binary), raising=False)
    program = object.__new__(api.EXE)
    vars(program).update(
        name=str(tmp_path / "Hearth"), exclude_binaries=True, dependencies=[], console=False,
        strip=False, upx=False, upx_exclude=[], target_arch=None, codesign_identity="Hearth",
        entitlements_file=app.entitlements(tmp_path),
    )  # fmt: skip
    page = [("ui/icon-192.png", str(bundle.WINDOW_ICON), "DATA")]
    library = ("lib/library.dylib", str(tmp_path / "library.dylib"), "BINARY")
    osx.BUNDLE(program, [*page, library], **app.settings())
    return tmp_path / "Hearth.app"


def test_it_is_as_macos_expects_it(built: Path) -> None:
    assert app.faults(built) == []
    told = plistlib.loads((built / "Contents" / "Info.plist").read_bytes())
    assert told["CFBundleShortVersionString"] == hub.__version__
    assert told["CFBundleIdentifier"] == "chat.hearth.Hearth"
    assert told["NSLocalNetworkUsageDescription"], "macOS 15 asks before it lets others in"
    assert told["NSBonjourServices"] == ["_http._tcp"]
    icon = built / "Contents" / "Resources" / told["CFBundleIconFile"]
    assert icon.read_bytes() == bundle.ICONS["darwin"].read_bytes()
    assert (built / "Contents" / "Resources" / "ui" / "icon-192.png").is_file()


def test_it_is_signed_with_the_exceptions_that_it_needs(
    built: Path, signed: list[tuple[str, object, object]]
) -> None:
    ((path, identity, entitlements),) = signed
    assert (path, identity) == (str(built), "Hearth")
    told = plistlib.loads(Path(str(entitlements)).read_bytes())
    assert told["com.apple.security.device.audio-input"] is True
    assert "com.apple.security.app-sandbox" not in told, "it serves files from any folder"


def plist(change: Callable[[dict[str, object]], object]) -> Callable[[Path], object]:
    def spoil(contents: Path) -> None:
        told = plistlib.loads((contents / "Info.plist").read_bytes())
        change(told)
        (contents / "Info.plist").write_bytes(plistlib.dumps(told))

    return spoil


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (plist(lambda told: told.pop("NSBonjourServices")), ["NSBonjourServices is None"]),
        (plist(lambda told: told.update(CFBundleName="x")), ["CFBundleName is 'x'"]),
        (plist(lambda told: told.update(LSBackgroundOnly=True)), ["it has no window"]),
        (lambda contents: (contents / "MacOS" / "Hearth").chmod(0o644), ["Hearth cannot be run"]),
        (
            lambda contents: (contents / "Resources" / "Hearth.icns").write_bytes(b"icns"),
            ["Hearth.icns is not its icon"],
        ),
        (
            lambda contents: (contents / "Frameworks" / "x").symlink_to("/etc/hosts"),
            ["x leads to nothing in it"],
        ),
        (
            lambda contents: (contents / "Resources" / "y").symlink_to("nothing"),
            ["y leads to nothing in it"],
        ),
        (lambda contents: (contents / "MacOS" / "z").touch(), ["z is not a program"]),
    ],
)
def test_each_fault_is_told(built: Path, spoil: Callable[[Path], object], words: list[str]) -> None:
    spoil(built / "Contents")
    assert app.faults(built) == words


def test_it_says_of_an_app_what_is_wrong_with_it(built: Path) -> None:
    (built / "Contents" / "Info.plist").unlink()
    assert app.faults(built) == ["it has no Info.plist"]
