"""What differs where Hearth runs as the executable that PyInstaller makes, not from source."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from functools import cache
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hub.errors import CannotStart

if TYPE_CHECKING:
    from hub.web.built_page import Source

FROZEN: Final = bool(getattr(sys, "frozen", False))
"""Whether this is the executable."""
ROOT: Final = Path(getattr(sys, "_MEIPASS", None) or Path(__file__).resolve().parents[2])
"""The checkout, or the folder where what the executable carries was unpacked."""
ONE_FILE: Final = FROZEN and ROOT.name.startswith("_MEI")
"""Whether this is the inner of two processes; the outer one unpacks ROOT and removes it again."""

SETTLED: Final = 3600
"""Seconds after which what was unpacked is locked, if its program lives."""


def _program() -> Path:
    """The file that was started: an AppImage, if that has mounted the folder that we are in.

    https://docs.appimage.org/packaging-guide/environment-variables.html
    """
    if not FROZEN:
        return ROOT / "launcher.py"
    image, mounted = os.environ.get("APPIMAGE"), os.environ.get("APPDIR")
    program = Path(sys.executable).resolve()
    if image and mounted and Path(mounted).resolve() in program.parents:
        return Path(image)
    return program


PROGRAM: Final = _program()


@cache
def ui() -> Source:
    """The page: the folder `ui/`, or the archive that the executable has in its place.

    Raises CannotStart where that cannot be read.
    """
    if not FROZEN:
        return ROOT / "ui"
    import zipfile

    archive = ROOT / "ui.zip"
    try:
        return zipfile.Path(archive)
    except (OSError, zipfile.BadZipFile) as error:
        raise CannotStart(
            f"{archive}, a part of this program, cannot be read: {error}. Install Hearth again."
        ) from error


@contextlib.contextmanager
def unpacked() -> Iterator[None]:
    """Run the program within this: the environment is restored first, ROOT is locked meanwhile,
    and removed if need be.
    """
    was_moved = _restore_environment()
    _keep()
    if was_moved:
        _remove_abandoned()
    parent = os.getppid()
    try:
        yield
    finally:
        if ONE_FILE and sys.platform != "win32" and os.getppid() != parent:
            shutil.rmtree(ROOT, ignore_errors=True)  # the outer process no longer can


def _keep() -> None:
    """Lock ROOT until the program ends, or systemd removes it from /tmp after some ten days.

    https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html, of BSD file locks
    """
    if not ONE_FILE or sys.platform == "win32":
        return
    import fcntl

    with contextlib.suppress(OSError):  # a file system without locks
        fcntl.flock(os.open(ROOT, os.O_RDONLY), fcntl.LOCK_SH)


def _remove_abandoned() -> None:
    """Remove what programs unpacked beside ROOT that were killed: nothing else would, as in /tmp.

    Those that live hold a lock, but for a moment at their start.
    """
    if sys.platform == "win32":
        return
    import fcntl

    for folder in ROOT.parent.glob("_MEI*"):
        with contextlib.suppress(OSError):  # it is locked, or files here have no locks
            about = folder.lstat()
            is_old = time.time() - about.st_mtime > SETTLED
            is_ours = about.st_uid == os.geteuid() and (folder / "ui.zip").is_file()
            if not is_old or not is_ours:
                continue
            fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(fd)


def _restore_environment() -> bool:
    """Undo PyInstaller's changes to the environment, so that other programs start well.

    Gives whether scripts/linux/unpacking_folder.c chose where to unpack.
    """
    os.environ.setdefault("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
    if not FROZEN or sys.platform != "linux":
        return False
    for name in ("APPIMAGE", "APPDIR", "ARGV0", "OWD"):  # they tell of this program, not of others
        os.environ.pop(name, None)
    _set("LD_LIBRARY_PATH", os.environ.pop("LD_LIBRARY_PATH_ORIG", None))
    temporary = os.environ.pop("HEARTH_TMPDIR", None)
    if temporary is not None:
        _set("TMPDIR", temporary)
    system = glob("/usr/lib/*/girepository-1.0") + glob("/usr/lib*/girepository-1.0")
    os.environ["GI_TYPELIB_PATH"] = ":".join([*system, str(ROOT / "gi_typelibs")])
    return temporary is not None


def _set(name: str, value: str | None) -> None:
    if value:
        os.environ[name] = value
    else:
        os.environ.pop(name, None)
