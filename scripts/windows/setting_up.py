"""The steps that make a small Windows in build/wine: Wine, its drives, Python and packages."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import debian
from commands import ROOT
from environment import Step
from packages import pip_install, recorded
from windows import place
from windows.locked import for_windows
from windows.place import PACKAGES, PREFIX, PYTHON, SERVER, WINE

PYTHON_LOCK: Final = "requirements-windows.txt"
LOCKS: Final = ("requirements.txt", "requirements-dev.txt")
FOR_WINDOWS: Final = (
    "--platform=win_amd64", "--python-version=3.11", "--implementation=cp",
    "--abi=cp311", "--abi=abi3", "--abi=none",
)  # fmt: skip
ALWAYS: Final = ("--require-hashes", "--no-deps", "--no-build-isolation")
"""Of pip: two packages have no wheels; the checkout's own setuptools, pinned too, makes them."""
VERSION: Final = ("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
"""Makes it Windows 10, the oldest that Hearth is for; Wine's own choice is Windows 7."""
SECONDS: Final = 300.0
"""Seconds that a step in there may take; on an idle machine they take ten in all."""


def steps() -> list[Step]:
    """All of them, in order; they need the checkout's environment with its tools."""
    return [
        Step("Wine", lambda: WINE.exists() and SERVER.exists(), _install_wine),
        Step("a small Windows", _is_there, _make),
        _filled(PYTHON, "Windows' own Python", (ROOT / PYTHON_LOCK).read_text, _put_python),
        _filled(PACKAGES, "its packages", wanted, _put_packages),
    ]


def wanted() -> str:
    """The lock of all packages that are put into the small Windows."""
    return for_windows((ROOT / lock).read_text(encoding="utf-8") for lock in LOCKS)


def _install_wine() -> None:
    debian.install(["wine64"])


def _is_there() -> bool:
    """Whether it has the drives that it should have, and nothing that leads out of it."""
    drives = {"c:": PREFIX / "drive_c", **place.DRIVES}
    there = {x.name: x.resolve() for x in (PREFIX / "dosdevices").glob("?:")}
    return there == drives and not _links()


def _links() -> list[Path]:
    """Links on drive C, such as Documents, which Wine has lead to this user's own folders."""
    return [path for path in (PREFIX / "drive_c").rglob("*") if path.is_symlink()]


def _make() -> None:
    """The drives come last: what was interrupted is made anew."""
    place.end()
    shutil.rmtree(PREFIX, ignore_errors=True)
    for folder in (place.HOME, place.COPY):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        for command in (("wineboot", "--init"), VERSION):
            place.run([str(WINE), *command], SECONDS)
    finally:
        place.end()
    for path in _links():
        path.unlink()
        path.mkdir()
    for device in (PREFIX / "dosdevices").iterdir():
        if device.name != "c:":  # "z:" is all of this machine
            device.unlink()
    for name, folder in place.DRIVES.items():
        (PREFIX / "dosdevices" / name).symlink_to(folder)


def _filled(folder: Path, words: str, lock: Callable[[], str], put: Callable[[Path], None]) -> Step:
    """A step that fills a folder with what a lock pins, and anew as soon as that changes."""

    def make() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        file = folder.with_suffix(".txt")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(lock(), encoding="utf-8")
        put(file)

    step = recorded(f"windows-{folder.name}", words, lambda: lock().encode(), make)
    return step._replace(done=lambda: folder.is_dir() and step.done())


def _put_python(lock: Path) -> None:
    pip_install(*ALWAYS, f"--target={PYTHON}", "-r", str(lock))
    # With it, Python would look at no variable and at no folder but its own.
    next(PYTHON.glob("python*._pth")).unlink()


def _put_packages(lock: Path) -> None:
    pip_install(*ALWAYS, *FOR_WINDOWS, f"--target={PACKAGES}", "-r", str(lock))
