"""The small Windows under Wine: what is set up in it, how it is asked, what is tried in it."""

from __future__ import annotations

import sys
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest

import environment
import wine
from commands import ROOT, Failed
from windows import copying, place, program, setting_up
from windows.locked import OF_THE_CHECKOUT, for_windows

HASH = "    --hash=sha256:00"


def lock(*entries: str) -> str:
    return "".join(f"{entry} \\\n{HASH}\n    # via hearth\n" for entry in entries)


# -- what is locked ------------------------------------------------------------------------------


def test_a_lock_for_windows_has_what_windows_needs_and_no_markers() -> None:
    text = for_windows(
        [
            lock("flask==3.1.3", "pythonnet==3.2.1 ; sys_platform == 'win32'"),
            lock("macholib==1.16.4 ; sys_platform == 'darwin'", "mypy==2.4.1"),
        ]
    )
    assert [line.split() for line in text.splitlines()] == [
        ["flask==3.1.3", "--hash=sha256:00"],
        ["pythonnet==3.2.1", "--hash=sha256:00"],
    ]


def test_a_package_of_both_locks_is_named_once_and_has_one_version() -> None:
    assert for_windows([lock("click==8.5.1"), lock("click==8.5.1")]).count("click") == 1
    with pytest.raises(ValueError, match="two versions of click"):
        for_windows([lock("click==8.5.1"), lock("click==8.5.10")])


def test_the_locks_that_are_there_serve() -> None:
    pinned = {line.partition("==")[0] for line in setting_up.wanted().splitlines()}
    assert {"pywebview", "pythonnet", "colorama", "pefile", "pyinstaller", "pytest"} <= pinned
    assert not pinned & OF_THE_CHECKOUT
    assert "macholib" not in pinned


# -- the place -----------------------------------------------------------------------------------


def test_the_copy_of_the_checkout_is_a_drive_and_the_checkout_has_no_name() -> None:
    named = PureWindowsPath(place.on_windows(place.COPY / "hub" / "store"))
    assert named == PureWindowsPath("H:\\hub\\store")
    assert place.on_windows(place.PROGRAM) == "P:\\dist\\Hearth.exe"
    with pytest.raises(ValueError, match="hub"):
        place.on_windows(ROOT / "hub")


def test_the_copy_has_no_links_and_nothing_that_is_set_up_or_written(tmp_path: Path) -> None:
    """What works in there takes links for folders, and may remove what is behind them."""
    checkout, to = tmp_path / "checkout", tmp_path / "copy"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in (".venv/lib", ".git", "build", "rooms", "hub/build", "hub/__pycache__"):
        (checkout / name).mkdir(parents=True)
    (checkout / ".venv" / "lib" / "gi").symlink_to(elsewhere)
    (checkout / "hub" / "link").symlink_to(elsewhere)
    for name in ("hub/a.py", "hub/build/b.py", "rooms/README.md", "rooms/private.jsonl"):
        (checkout / name).write_text(name)
    to.mkdir()
    (to / "older").touch()
    copying.copy(checkout, to)
    assert {x.relative_to(to).as_posix() for x in to.rglob("*") if x.is_file()} == {
        "hub/a.py", "hub/build/b.py", "rooms/README.md",
    }  # fmt: skip
    assert [x for x in to.rglob("*") if x.is_symlink()] == []
    assert not (to / ".venv").exists()


def test_nothing_of_this_environment_leaks_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "COPY", tmp_path / "copy")
    monkeypatch.setenv("HEARTH_PORT", "1")
    monkeypatch.setenv("DISPLAY", ":0")
    told = place.environment({"MORE": "1"})
    assert not {"HEARTH_PORT", "DISPLAY"} & told.keys()
    assert (told["MORE"], told["WINEPREFIX"]) == ("1", str(place.PREFIX))
    assert Path(told["HOME"]).is_relative_to(place.PLACE), "Wine links to folders of this user"
    seen: list[str] = []
    given = place.run(["env"], 30, {"MORE": "2"}, heard=seen.append)
    assert "MORE=2\n" in seen
    assert "HEARTH_PORT" not in given


def test_what_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "COPY", tmp_path / "copy")
    with pytest.raises(Failed, match=r"\(status 124\)"):
        place.run(["sleep", "60"], 1)


# -- setting up ----------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for a Windows that is not there yet."""
    monkeypatch.setattr(setting_up, "PREFIX", tmp_path / "wine" / "prefix")
    monkeypatch.setattr(setting_up, "PYTHON", tmp_path / "wine" / "python")
    monkeypatch.setattr(setting_up, "PACKAGES", tmp_path / "wine" / "packages")
    monkeypatch.setattr("packages.RECORD", tmp_path / "record.json")
    monkeypatch.setattr(place, "HOME", tmp_path / "wine" / "home")
    monkeypatch.setattr(place, "COPY", tmp_path / "wine" / "checkout")
    monkeypatch.setattr(place, "DRIVES", {"h:": place.COPY, "p:": tmp_path / "wine"})
    return tmp_path / "wine"


def test_a_windows_leads_nowhere_and_one_that_was_interrupted_is_made_anew(
    small: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    drives, documents = small / "prefix" / "dosdevices", small / "prefix" / "drive_c" / "Documents"

    def run(command: list[str], seconds: float) -> str:
        asked.append(command[1])
        if command[1] == "wineboot":
            drives.mkdir(parents=True)
            documents.parent.mkdir()
            documents.symlink_to(tmp_path)
            (drives / "c:").symlink_to("../drive_c")
            (drives / "z:").symlink_to("/")
        elif asked == ["end", "wineboot", "reg"]:
            raise Failed("the registry is not there")
        return ""

    monkeypatch.setattr(place, "run", run)
    monkeypatch.setattr(place, "end", lambda: asked.append("end"))
    step = setting_up.steps()[1]
    with pytest.raises(Failed, match="registry"):
        step.make()
    assert asked == ["end", "wineboot", "reg", "end"]
    assert not step.done()
    step.make()
    assert step.done()
    assert sorted(x.name for x in drives.iterdir()) == ["c:", "h:", "p:"]
    assert (drives / "h:").resolve() == small / "checkout"
    assert documents.is_dir()
    assert not documents.is_symlink()
    documents.rmdir()
    documents.symlink_to(tmp_path)
    assert not step.done(), "a link leads out of it"


def test_packages_are_put_in_anew_when_they_change_or_are_gone(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def pip_install(*arguments: str) -> None:
        asked.append(arguments)
        (small / "packages").mkdir()

    monkeypatch.setattr(setting_up, "pip_install", pip_install)
    wanted = ["a==1 --hash=sha256:00\n"]
    monkeypatch.setattr(setting_up, "wanted", lambda: wanted[-1])
    step = setting_up.steps()[3]
    assert not step.done()
    step.make()
    assert step.done()
    assert {"--require-hashes", "--no-deps", "--platform=win_amd64"} <= set(asked[0])
    assert (small / "packages.txt").read_text() == wanted[0]
    wanted.append("a==2 --hash=sha256:00\n")
    assert not step.done()
    step.make()
    assert step.done()
    (small / "packages").rmdir()
    assert not step.done()


def test_windows_python_looks_at_our_packages(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pip_install(*arguments: str) -> None:
        (small / "python").mkdir()
        (small / "python" / "python311._pth").write_text("python311.zip\n")

    monkeypatch.setattr(setting_up, "pip_install", pip_install)
    setting_up.steps()[2].make()
    assert list((small / "python").iterdir()) == []


# -- what is tried -------------------------------------------------------------------------------


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would be run in there."""
    ran: list[list[str]] = []

    def run(command: list[str], *_: Any, **__: Any) -> str:
        ran.append(command)
        return ""

    monkeypatch.setattr(environment, "prepare", lambda steps: None)
    monkeypatch.setattr(copying, "copy", lambda checkout, to: None)
    monkeypatch.setattr(place, "run", run)
    monkeypatch.setattr(place, "end", lambda: None)
    return ran


def test_tests_that_are_named_are_all_that_is_run(tried: list[list[str]]) -> None:
    assert program.main(["tests/store/test_disk.py::test_a", "-x"]) == 0
    (command,) = tried
    assert command[-2:] == ["tests/store/test_disk.py::test_a", "-x"]
    assert "tests/store" not in command


def test_without_names_all_parts_are_tried_and_each_is_told(
    tried: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise Failed("it does not build")

    driven: list[str] = []
    monkeypatch.setattr(program, "build", fails)
    monkeypatch.setattr(program, "drive", lambda: driven.append("it"))
    assert program.main(["-k", "lock"]) == 1
    assert {"tests/store", "-k", "lock"} <= set(tried[0])
    assert driven == ["it"]
    told = capsys.readouterr().err
    assert "On Windows, the tests took" in told
    assert "On Windows, the build failed: it does not build" in told


def test_all_that_is_named_for_it_exists() -> None:
    named = [*program.TESTS, *program.LEFT_OUT, program.DRIVEN]
    assert [x for x in named if not (ROOT / x.partition("::")[0]).exists()] == []


def test_a_program_that_was_not_built_is_not_driven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "PROGRAM", tmp_path / "Hearth.exe")
    with pytest.raises(Failed, match="there is none"):
        program.drive()


def test_it_is_for_linux(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SystemExit) as ended:
        wine.main([])
    assert ended.value.code == environment.CANNOT_START
    assert "on Windows, Hearth runs as it is" in capsys.readouterr().err


def test_the_test_command_has_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    import test as command

    given: list[list[str]] = []

    def main(arguments: list[str]) -> None:
        given.append(arguments)
        raise SystemExit(0)

    monkeypatch.setattr(wine, "main", main)
    with pytest.raises(SystemExit):
        command.main(["--wine", "-x"])
    assert given == [["-x"]]
