"""Where the hub's folder is when nobody names one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hub.errors import CannotStart


def default_folder(launcher: Path, frozen: bool, environ: Mapping[str, str], platform: str) -> Path:
    """Return the folder to use where none is named on the command line.

    `launcher` is launcher.py, or the executable where `frozen`; `platform` is sys.platform. A
    checkout uses rooms/ beside the launcher. So does an executable if that is there; otherwise
    it uses the user's data directory, whose parents may have to be created.
    """
    beside = launcher.absolute().parent
    if frozen and platform == "darwin":
        # The executable is inside Hearth.app; what counts is beside the whole bundle.
        beside = next((p.parent for p in launcher.parents if p.suffix == ".app"), beside)
    rooms = beside / "rooms"
    if not frozen or rooms.is_dir():
        return rooms
    if platform == "win32":
        data = environ.get("LOCALAPPDATA")
        return (Path(data) if data else _home(environ) / "AppData/Local") / "Hearth/rooms"
    if platform == "darwin":
        return _home(environ) / "Library/Application Support/Hearth/rooms"
    data = environ.get("XDG_DATA_HOME", "")
    # The XDG specification says to ignore a relative path.
    return (
        Path(data) if data.startswith("/") else _home(environ) / ".local/share"
    ) / "hearth/rooms"


def _home(environ: Mapping[str, str]) -> Path:
    for variable in ("HOME", "USERPROFILE"):
        if environ.get(variable):
            return Path(environ[variable])
    try:
        return Path.home()
    except RuntimeError:
        raise CannotStart("There is no home folder to keep rooms in. Name one: --rooms.") from None
