"""Hearth.app: what it tells macOS of itself, and what it may do once it is signed."""

from __future__ import annotations

import plistlib
from pathlib import Path
from typing import Any, Final

import bundle
from product import ID, NAME, VERSION

INFO: Final = {
    "CFBundleVersion": VERSION,
    "LSApplicationCategoryType": "public.app-category.social-networking",
    "LSMinimumSystemVersion": "11.0",
    "NSHighResolutionCapable": True,
    "NSHumanReadableCopyright": "MIT licence",
    "NSMicrophoneUsageDescription": "You can record voice messages for others.",
    "NSLocalNetworkUsageDescription": "People on your network chat through this Hearth.",
    "NSBonjourServices": ["_http._tcp"],
}
"""Of Info.plist, beside what PyInstaller writes into it.

https://developer.apple.com/documentation/bundleresources/information-property-list
"""
ENTITLEMENTS: Final = {
    # ctypes and PyObjC have the system call into code that libffi writes as they run.
    "com.apple.security.cs.allow-unsigned-executable-memory": True,
    "com.apple.security.device.audio-input": True,
}
"""Exceptions from the hardened runtime, in which everything runs that Apple is to notarize.

https://developer.apple.com/documentation/security/hardened-runtime
"""


def settings() -> dict[str, Any]:
    """What PyInstaller's BUNDLE is told."""
    return {
        "name": f"{NAME}.app",
        "icon": str(bundle.ICONS["darwin"]),
        "bundle_identifier": ID,
        "version": VERSION,
        "info_plist": INFO,
    }


def entitlements(work: Path) -> str:
    """Writes them into the folder `work`, as codesign reads them, and gives the file."""
    file = work / "entitlements.plist"
    file.write_bytes(plistlib.dumps(ENTITLEMENTS))
    return str(file)


def faults(app: Path) -> list[str]:
    """What is wrong with a built .app, in words; nothing where it is as macOS expects it."""
    contents = app / "Contents"
    info = contents / "Info.plist"
    if not info.is_file():
        return ["it has no Info.plist"]
    told = plistlib.loads(info.read_bytes())
    wanted = {
        "CFBundleIdentifier": ID,
        "CFBundleName": NAME,
        "CFBundleShortVersionString": VERSION,
        "CFBundlePackageType": "APPL",
        **INFO,
    }
    wrong = [f"{key} is {told.get(key)!r}" for key, x in wanted.items() if told.get(key) != x]
    if told.get("LSBackgroundOnly"):
        wrong.append("it has no window")
    program = contents / "MacOS" / str(told.get("CFBundleExecutable"))
    if not (program.is_file() and program.stat().st_mode & 0o100):
        wrong.append(f"{program.name} cannot be run")
    icon = contents / "Resources" / str(told.get("CFBundleIconFile"))
    if not (icon.is_file() and icon.read_bytes() == bundle.ICONS["darwin"].read_bytes()):
        wrong.append(f"{icon.name} is not its icon")
    links = [path for path in contents.rglob("*") if path.is_symlink()]
    inside = contents.resolve()
    wrong += [
        f"{path.name} leads to nothing in it"
        for path in links
        if not (path.exists() and path.resolve().is_relative_to(inside))
    ]
    # Nothing but programs and libraries: what else lies there cannot be signed.
    wrong += [
        f"{path.name} is not a program"
        for path in (contents / "MacOS").iterdir()
        if path.is_file() and not path.is_symlink() and path != program
    ]
    return wrong
