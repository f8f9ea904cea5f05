"""Archives in which nothing tells when, where and by whom they were packed."""

from __future__ import annotations

import gzip
import tarfile
import time
import zipfile
from pathlib import Path


def tar(top: Path, file: Path, seconds: int) -> Path:
    """A file or folder as .tar.gz; `seconds` since 1970 is the time of all that is in it."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = seconds, 0, 0, "", ""
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    with (
        open(file, "wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        archive.add(top, top.name, filter=plain)  # a folder's entries in order of their names
    return file


def zip_folder(top: Path, file: Path, seconds: int) -> Path:
    """A folder as .zip; `seconds` since 1970, rounded to even ones, is the time of all in it."""
    when = time.gmtime(seconds)[:6]
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(top.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(top.parent).as_posix(), when)
                entry.create_system = 0  # of FAT, which has no rights
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return file
