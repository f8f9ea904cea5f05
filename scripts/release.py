"""Makes in dist/release/ what people of this system are given, all of it from build.spec.

`python3 scripts/release.py [--verbose]` builds and tries the program. On Linux it packages it as
one file and for Debian, Fedora, Alpine and Arch, and lists what is in it; for Windows it makes one
file, an archive and an installer; for macOS a disk image. Beside them lie their sums. The same
commit gives the same bytes, but for signatures and what macOS's own tools write.
"""

from __future__ import annotations

import platform
import shutil
import sys
from hashlib import sha256
from pathlib import Path

import archives
import build
import environment
import linux.making
import linux.nfpm
import sbom
import source_time
import windows.inno
from commands import ROOT, Failed, say
from macos import app, disk_image
from product import NAME, VERSION

RELEASE = build.DIST / "release"
WORK = ROOT / "build"
MACHINES = {"AMD64": "x86_64"}
"""What Windows calls them, and what the others do."""
SUMS = "SHA256SUMS"


def main(arguments: list[str]) -> int:
    folder = [] if sys.platform == "darwin" else ["--folder"]
    status = build.main([*arguments, *folder])
    if status:
        return status
    shutil.rmtree(RELEASE, ignore_errors=True)
    RELEASE.mkdir(parents=True)
    try:
        seconds = source_time.source_time()
        if seconds is None:
            raise Failed(f"there is no commit to take the time of; set {source_time.SETTING}")
        if sys.platform == "win32":
            for_windows(RELEASE, seconds)
        elif sys.platform == "darwin":
            for_macos(RELEASE)
        else:
            for_linux(RELEASE, seconds)
    except Failed as failure:
        say(f"There is no release: {failure}")
        return 1
    print(write_sums(RELEASE), end="")
    return 0


def for_linux(into: Path, seconds: int) -> None:
    """One file, packages, and what goes with a release whatever the system: lists and notices.

    The file is packed, as a browser takes away the right to run what it fetches.
    """
    environment.prepare([linux.nfpm.step(), sbom.step()])
    archives.tar(build.PROGRAM, into / f"{named('linux')}.tar.gz", seconds)
    image = into / f"{named('linux')}.AppImage"
    linux.making.packages(build.FOLDER, into, image, seconds)
    sbom.of_python(into / f"{NAME}-python.cdx.json", seconds)
    sbom.of_page(into / f"{NAME}-page.cdx.json", VERSION, seconds)
    notices = next(build.FOLDER.rglob("THIRD-PARTY.txt"))
    shutil.copyfile(notices, into / f"{NAME}-{notices.name}")


def for_windows(into: Path, seconds: int) -> None:
    """One file, the folder to unpack anywhere, and an installer of it."""
    environment.prepare([windows.inno.step()])
    shutil.copyfile(build.PROGRAM, into / f"{named('windows')}.exe")
    archives.zip_folder(build.FOLDER, into / f"{named('windows')}.zip", seconds)
    made = windows.inno.make(build.FOLDER, WORK / "installer", seconds)
    shutil.copyfile(made, into / f"{named('windows')}-setup.exe")


def for_macos(into: Path) -> None:
    """A disk image with the .app."""
    bundle = next(path for path in build.PROGRAM.parents if path.suffix == ".app")
    wrong = app.faults(bundle)
    if wrong:
        raise Failed(f"{bundle.name}: {', '.join(wrong)}")
    disk_image.make(bundle, into / f"{named('macos')}.dmg", WORK)


def named(system: str) -> str:
    """What a file for this system and this machine is called, without what it ends on."""
    return f"{NAME}-{system}-{MACHINES.get(platform.machine(), platform.machine())}"


def write_sums(folder: Path) -> str:
    """Writes the sums of all that is in the folder, as `sha256sum --check` reads them."""
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    told = "".join(f"{sha256(x.read_bytes()).hexdigest()}  {x.name}\n" for x in files)
    (folder / SUMS).write_text(told, encoding="utf-8", newline="\n")
    return told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
