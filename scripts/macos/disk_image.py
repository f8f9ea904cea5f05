"""A disk image with Hearth.app and the folder into which people drag it.

It is signed and notarized where the environment has the keys; without them macOS asks whoever
opens the app to allow it in the settings. hdiutil(1), codesign(1), notarytool(1), stapler(1).
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import commands
from commands import Failed
from product import NAME

IDENTITY: Final = "HEARTH_MACOS_IDENTITY"
"""The certificate in the keychain by which the app and its image are signed."""
NOTARY: Final = ("HEARTH_NOTARY_KEY", "HEARTH_NOTARY_KEY_ID", "HEARTH_NOTARY_ISSUER")
"""A key of App Store Connect: its file (.p8), its id, and who issued it."""

PAUSE: Final = 10.0
"""Seconds between two tries."""


def identity() -> str | None:
    """Who signs; None where nobody does."""
    return os.environ.get(IDENTITY) or None


def make(app: Path, file: Path, work: Path) -> Path:
    """Writes the image of `app` to `file`; `work` is a folder for what it is made of.

    Raises Failed, also where there is a key for one half of the signing alone.
    """
    signer, keys = identity(), [os.environ.get(name, "") for name in NOTARY]
    if any(keys) and not (signer and all(keys)):
        raise Failed(f"to notarize needs all of {', '.join((IDENTITY, *NOTARY))}")
    stage = work / "disk-image"
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(app, stage / app.name, symlinks=True)
    (stage / "Applications").symlink_to("/Applications")
    form = ("-fs", "HFS+", "-format", "UDZO")
    _created(["hdiutil", "create", "-volname", NAME, "-srcfolder", stage, *form, "-ov", file])
    if signer:
        commands.run(["codesign", "--sign", signer, "--timestamp", file])
    if all(keys):
        key = (x for pair in zip(("--key", "--key-id", "--issuer"), keys) for x in pair)
        commands.run(["xcrun", "notarytool", "submit", file, "--wait", *key])
        commands.run(["xcrun", "stapler", "staple", file])
    return file


def _created(command: Sequence[str | Path]) -> None:
    """Tries three times: on macOS's hosted runners it may be busy with what it has just written.

    https://github.com/actions/runner-images/issues/7522
    """
    for left in (2, 1, 0):
        try:
            commands.run(command)
            return
        except Failed:
            if not left:
                raise
            time.sleep(PAUSE)
