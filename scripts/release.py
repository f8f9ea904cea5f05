"""Makes in dist/release/ what people of this system are given, all of it from build.spec.

`python3 scripts/release.py [--verbose]` builds and tries the program. On Linux it packages it as
one file and for Debian, Fedora, Alpine and Arch, and lists what is in it; on Windows and macOS it
is one file. Beside them lie their sums. The same commit gives the same bytes.
"""

from __future__ import annotations

import gzip
import platform
import shutil
import sys
import tarfile
from hashlib import sha256
from pathlib import Path

import build
import environment
import linux.making
import linux.nfpm
import sbom
import source_time
from commands import Failed, say
from product import NAME, VERSION

RELEASE = build.DIST / "release"
SYSTEMS = {"win32": "windows", "darwin": "macos"}
MACHINES = {"AMD64": "x86_64"}
"""What Windows calls them, and what the others do."""
SUMS = "SHA256SUMS"


def main(arguments: list[str]) -> int:
    on_linux = sys.platform.startswith("linux")
    status = build.main([*arguments, *(["--folder"] if on_linux else [])])
    if status:
        return status
    if on_linux:
        environment.prepare([linux.nfpm.step(), sbom.step()])
    shutil.rmtree(RELEASE, ignore_errors=True)
    RELEASE.mkdir(parents=True)
    try:
        seconds = source_time.source_time()
        if seconds is None:
            raise Failed(f"there is no commit to take the time of; set {source_time.SETTING}")
        one_file(RELEASE, seconds)
        if on_linux:
            linux.making.packages(build.FOLDER, RELEASE, seconds)
            beside(RELEASE, seconds)
    except Failed as failure:
        say(f"There is no release: {failure}")
        return 1
    print(write_sums(RELEASE), end="")
    return 0


def one_file(into: Path, seconds: int) -> Path:
    """The program as one file to fetch, named after its system.

    Elsewhere than on Windows it is packed: a browser takes away the right to run what it fetches,
    and an .app is a folder.
    """
    machine = MACHINES.get(platform.machine(), platform.machine())
    name = f"{NAME}-{SYSTEMS.get(sys.platform, 'linux')}-{machine}"
    if sys.platform == "win32":
        return Path(shutil.copy(build.PROGRAM, into / f"{name}.exe"))
    top = next(x for x in (build.PROGRAM, *build.PROGRAM.parents) if x.parent == build.DIST)
    return packed(top, into / f"{name}.tar.gz", seconds)


def packed(top: Path, file: Path, seconds: int) -> Path:
    """A file or folder as .tar.gz in which nothing tells when, where and by whom it was packed."""

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


def beside(into: Path, seconds: int) -> None:
    """What goes with a release whatever the system: its lists, and the notices of others."""
    sbom.of_python(into / f"{NAME}-python.cdx.json", seconds)
    sbom.of_page(into / f"{NAME}-page.cdx.json", VERSION, seconds)
    notices = next(build.FOLDER.rglob("THIRD-PARTY.txt"))
    shutil.copyfile(notices, into / f"{NAME}-{notices.name}")


def write_sums(folder: Path) -> str:
    """Writes the sums of all that is in the folder, as `sha256sum --check` reads them."""
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    told = "".join(f"{sha256(x.read_bytes()).hexdigest()}  {x.name}\n" for x in files)
    (folder / SUMS).write_text(told, encoding="utf-8", newline="\n")
    return told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
