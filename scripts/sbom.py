"""Lists what is in a release, as CycloneDX has it: the packages of Python and those of the page.

What lists them is set up in build/ when it is needed, apart from what Hearth runs on.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Final

import commands
import packages
import source_time
from commands import ROOT, Failed
from environment import PYTHON, Step

PLACE: Final = ROOT / "build" / "sbom"
LOCK: Final = "requirements-sbom.txt"
PAGE: Final = ROOT / "ui"


def step() -> Step:
    """cyclonedx-bom as locked, in a folder of its own."""

    def make() -> None:
        shutil.rmtree(PLACE, ignore_errors=True)
        target = ("--target", str(PLACE))
        packages.pip_install("--require-hashes", *target, "-r", str(ROOT / LOCK))

    recorded = packages.recorded("sbom", "what lists packages", (ROOT / LOCK).read_bytes, make)
    return recorded._replace(done=lambda: recorded.done() and PLACE.is_dir())


def of_python(file: Path, seconds: int) -> None:
    """Writes the list of what requirements.txt pins, dated `seconds` since 1970. Raises Failed."""
    commands.run(
        [
            *(PYTHON, "-m", "cyclonedx_py", "requirements", ROOT / "requirements.txt"),
            *("--pyproject", ROOT / "pyproject.toml", "--output-reproducible"),
            *("--output-format", "JSON", "--output-file", file),
        ],
        {"PYTHONPATH": str(PLACE)},
    )
    _settle(file, seconds)


def of_page(file: Path, version: str, seconds: int) -> None:
    """Writes the list of the page's libraries for the release `version`. Raises Failed."""
    with tempfile.TemporaryDirectory(prefix="hearth-sbom-") as temporary:
        folder = Path(temporary, "hearth")  # npm lists it by that name
        folder.mkdir()
        for name in ("package.json", "package-lock.json"):
            content = json.loads((PAGE / name).read_text("utf-8"))
            content["version"] = version  # npm lists nothing that has none
            if "packages" in content:
                content["packages"][""]["version"] = version
            (folder / name).write_text(json.dumps(content), encoding="utf-8")
        told = packages.npm(
            *("sbom", "--prefix", str(folder), "--package-lock-only", "--omit", "dev"),
            *("--sbom-format", "cyclonedx", "--sbom-type", "application"),
        )
    try:
        listed, _ = json.JSONDecoder().raw_decode(told, told.index("{"))
    except ValueError:
        raise Failed(f"npm listed nothing: {told.strip()}") from None
    file.write_text(json.dumps(listed), encoding="utf-8")
    _settle(file, seconds)


def _settle(file: Path, seconds: int) -> None:
    """Takes out of a list what is new each time it is made. Raises Failed if it lists nothing."""
    listed = json.loads(file.read_text("utf-8"))
    if not listed.get("components"):
        raise Failed(f"{file.name} lists nothing")
    listed.pop("serialNumber", None)
    listed["metadata"]["timestamp"] = source_time.written(seconds)
    file.write_text(json.dumps(listed, indent=1, sort_keys=True) + "\n", encoding="utf-8")
