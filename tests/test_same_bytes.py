"""Two builds are told apart by any byte, any file more or less, and the right to run one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import commands
import same_bytes
from commands import Failed

WHOLE = {"Hearth": "one", "hearth/_internal/some.so": "two"}


def a_build(folder: Path, files: dict[str, str]) -> dict[str, str]:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return same_bytes.sums(folder)


def building(second: dict[str, str]) -> Callable[[Path], dict[str, str]]:
    """Stands in for a clone and its build, the second of which makes `second`."""

    def made(clone: Path) -> dict[str, str]:
        return a_build(clone, WHOLE if same_bytes.PLACES[0] in clone.parts else second)

    return made


def test_the_same_bytes_pass(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(same_bytes, "made", building(WHOLE))
    assert same_bytes.main([]) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("Twice the same 2 files.\n", "")


@pytest.mark.parametrize(
    "second",
    [
        {**WHOLE, "Hearth": "onE"},
        {**WHOLE, "hearth/RECORD": ""},
        {"Hearth": "one"},
    ],
    ids=["a byte", "a file more", "a file less"],
)
def test_what_differs_is_named_and_fails(
    second: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(same_bytes, "made", building(second))
    assert same_bytes.main([]) == 1
    shown = capsys.readouterr()
    (named,) = {x for x in WHOLE | second if WHOLE.get(x) != second.get(x)}
    assert shown.err.startswith(f"{named}: ")
    assert len(shown.err.splitlines()) == 1
    assert shown.out == ""


@pytest.mark.skipif("sys.platform == 'win32'", reason="Windows has no right to run a file")
def test_the_right_to_run_a_file_counts(tmp_path: Path) -> None:
    before = a_build(tmp_path, WHOLE)
    (tmp_path / "Hearth").chmod(0o755)
    assert same_bytes.differing(before, same_bytes.sums(tmp_path)) == ["Hearth"]


def test_a_build_that_fails_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(clone: Path) -> dict[str, str]:
        raise Failed("no room left")

    monkeypatch.setattr(same_bytes, "made", failing)
    assert same_bytes.main([]) == 1
    assert capsys.readouterr().err == "Building twice failed: no room left\n"


def test_what_is_committed_is_cloned_and_built_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(commands, "run", lambda command: ran.append([str(x) for x in command]))
    clone = tmp_path / "deep" / "clone"
    a_build(clone / "dist", WHOLE)
    assert same_bytes.made(clone).keys() == WHOLE.keys()
    assert ran[0][:2] == ["git", "clone"]
    assert ran[0][-1] == str(clone)
    assert ran[1][1:] == [str(clone / "scripts/release.py")]
