"""The lists of what is in a release: whole, and the same each time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import commands
import packages
import sbom
from commands import Failed

SECONDS = 1764460000


def a_list(serial: str, *names: str) -> dict[str, Any]:
    return {
        "serialNumber": serial,
        "metadata": {"timestamp": "2026-01-01T00:00:00Z", "tools": []},
        "components": [{"name": name} for name in names],
    }


def listing(listed: dict[str, Any]) -> Callable[[Sequence[str | Path], Mapping[str, str]], str]:
    """Stands in for the program that lists Python's packages."""

    def run(command: Sequence[str | Path], also_set: Mapping[str, str]) -> str:
        assert also_set == {"PYTHONPATH": str(sbom.PLACE)}
        Path(command[-1]).write_text(json.dumps(listed), encoding="utf-8")
        return ""

    return run


def test_pythons_list_is_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for serial in ("urn:uuid:1", "urn:uuid:2"):
        monkeypatch.setattr(commands, "run", listing(a_list(serial, "flask")))
        sbom.of_python(tmp_path / serial[-1], SECONDS)
        made.append((tmp_path / serial[-1]).read_text("utf-8"))
    assert made[0] == made[1]
    told = json.loads(made[0])
    assert told["metadata"]["timestamp"] == "2025-11-29T23:46:40Z"
    assert told["components"] == [{"name": "flask"}]


def test_a_list_of_nothing_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "run", listing(a_list("urn:uuid:1")))
    with pytest.raises(Failed, match=r"python\.json lists nothing"):
        sbom.of_python(tmp_path / "python.json", SECONDS)


def test_the_pages_list_is_what_npm_says_between_its_remarks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def npm(*arguments: str) -> str:
        folder = Path(arguments[arguments.index("--prefix") + 1])
        assert folder.name == "hearth", "npm lists the page by this name"
        lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
        assert lock["version"] == lock["packages"][""]["version"] == "1.2.3"
        assert json.loads((folder / "package.json").read_text("utf-8"))["version"] == "1.2.3"
        told = json.dumps(a_list("urn:uuid:1", "lit-html"))
        return f"npm warn some\n{told}\nnpm notice a newer npm {{11}}\n"

    monkeypatch.setattr(packages, "npm", npm)
    sbom.of_page(tmp_path / "page.json", "1.2.3", SECONDS)
    told = json.loads((tmp_path / "page.json").read_text("utf-8"))
    assert told["components"] == [{"name": "lit-html"}]
    assert "serialNumber" not in told


def test_an_npm_that_lists_nothing_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "npm", lambda *_: "npm warn: unknown command\n")
    with pytest.raises(Failed, match="npm listed nothing: npm warn"):
        sbom.of_page(tmp_path / "page.json", "1.2.3", SECONDS)


def test_what_lists_is_set_up_once_in_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def install(*arguments: str) -> None:
        asked.append(arguments)
        (tmp_path / "sbom").mkdir()

    monkeypatch.setattr(packages, "RECORD", tmp_path / "hearth.json")
    monkeypatch.setattr(packages, "pip_install", install)
    monkeypatch.setattr(sbom, "PLACE", tmp_path / "sbom")
    assert not sbom.step().done()
    sbom.step().make()
    assert sbom.step().done()
    assert "--require-hashes" in asked[0]
    (tmp_path / "sbom").rmdir()
    assert not sbom.step().done()
