"""The trial of Windows' installer passes what keeps people's words, and nothing else."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

import clean_windows
import debian
import environment
import source_time
from clean_windows import INSTALLED, PROGRAM, ROOMS, SHORTCUTS, CleanWindows
from commands import Failed
from product import VERSION
from windows import inno

Spoil = Callable[["Pretended", str], None]
OLDER = r"C:\of-0.0.1\Hearth-setup.exe"
NOW = rf"C:\of-{VERSION}\Hearth-setup.exe"
REMOVER = rf"{INSTALLED}\unins000.exe"


class Pretended(CleanWindows):
    """A Windows that does as told, but for what `spoil` does after each program that it runs."""

    def __init__(self, folder: Path, spoil: Spoil) -> None:
        self.folder, self.spoil = folder, spoil
        self.version = self.at_login = self.allowed = ""
        self.refuses = True

    def seen(self, path: str) -> Path:
        return self.folder.joinpath(*path.split("\\")[1:])

    def registry(self) -> str:
        told = [f'"DisplayVersion"="{self.version}"', '"DisplayName"="Hearth"']
        return "\n".join([*(told if self.version else ()), self.at_login, self.allowed])

    def run(self, *command: str) -> str:
        if command[0] == "reg":
            self.at_login = f'"Hearth"="{command[-1]}"'
        elif command[0] == REMOVER:
            self.version = self.at_login = self.allowed = ""
            for path in (PROGRAM, *SHORTCUTS):
                self.seen(path).unlink(missing_ok=True)
            self.seen(INSTALLED).rmdir()
        else:
            assert "/VERYSILENT" in command
            self.version = "0.0.1" if command[0] == OLDER else VERSION
            if any("firewall" in word for word in command):
                self.allowed = clean_windows.ALLOWED
            for path in (PROGRAM, *SHORTCUTS):
                self.seen(path).parent.mkdir(parents=True, exist_ok=True)
                self.seen(path).touch()
        self.spoil(self, command[0])
        return ""

    def live(self, *command: str) -> str:
        log = self.seen(rf"{ROOMS}\general.jsonl")
        log.parent.mkdir(parents=True, exist_ok=True)
        told = log.read_text() if log.exists() else ""
        words = list(command[2:])
        if words[0].startswith("--meanwhile="):
            wine, setup, *_ = shlex.split(words.pop(0).partition("=")[2])
            assert (wine, setup) == ("wine", NOW)
            told += f"status {int(self.refuses)}\n"
        log.write_text((log.read_text() if log.exists() else "") + words[0] + "\n")
        assert words[1:] == ["wine", PROGRAM]
        return told


def tried(folder: Path, spoil: Spoil = lambda windows, program: None) -> None:
    clean_windows.tried(Pretended(folder, spoil), OLDER, NOW)


def test_what_keeps_everything_passes(tmp_path: Path) -> None:
    tried(tmp_path)


def on(program: str, spoil: Callable[[Pretended], object]) -> Spoil:
    return lambda windows, ran: spoil(windows) if ran == program else None  # type: ignore[func-returns-value]


def log(windows: Pretended) -> Path:
    return windows.seen(rf"{ROOMS}\general.jsonl")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (on(OLDER, lambda windows: windows.seen(PROGRAM).unlink()), r"it has no C:.*Hearth\.exe"),
        (on(OLDER, lambda windows: windows.seen(SHORTCUTS[0]).unlink()), "it has no .*lnk"),
        (on(OLDER, lambda windows: vars(windows).update(version="")), "0.0.1 is not installed"),
        (on(OLDER, lambda windows: vars(windows).update(refuses=False)), "'status 0'"),
        (on(NOW, lambda windows: vars(windows).update(version="0.0.1")), "is not installed"),
        (on(NOW, lambda windows: log(windows).unlink()), "was to be found, there was"),
        (on(NOW, lambda windows: vars(windows).update(allowed="")), "did not do what"),
        (on(NOW, lambda windows: windows.seen(SHORTCUTS[1]).unlink()), "asked for besides"),
        (on(REMOVER, lambda windows: log(windows).write_text("")), "went with the program"),
        (on(REMOVER, lambda windows: windows.seen(SHORTCUTS[1]).touch()), "left .*Desktop"),
        (on(REMOVER, lambda windows: windows.seen(INSTALLED).mkdir()), "left .*Programs"),
        (
            on(REMOVER, lambda windows: vars(windows).update(at_login='"Hearth"="x"')),
            'left "Hearth"="x"',
        ),
    ],
)
def test_what_does_not_is_told(spoil: Spoil, words: str, tmp_path: Path) -> None:
    with pytest.raises(Failed, match=words):
        tried(tmp_path, spoil)


class System:
    """A clean system of which only the commands are looked at."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ran: list[tuple[str, ...]] = []
        self.taken: list[tuple[Path, str]] = []

    def as_guest(self, *command: str) -> str:
        self.ran.append(command)
        return "said"

    def take(self, path: Path, folder: str) -> str:
        self.taken.append((path, folder))
        return f"{folder}/{path.name}"

    def home(self) -> Path:
        return self.root


def test_it_is_windows_10_with_a_drive_of_its_own(tmp_path: Path) -> None:
    system = System(tmp_path)
    windows = CleanWindows(system)  # type: ignore[arg-type]
    assert system.ran[0][-8:] == (
        "reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f",
    )  # fmt: skip
    assert windows.run(r"C:\x.exe", "/S") == "said"
    assert system.ran[1][-3:] == ("wine", r"C:\x.exe", "/S")
    assert windows.take(tmp_path / "bin") == r"C:\bin"
    assert system.taken == [(tmp_path / "bin", "/home/guest/.wine/drive_c")]
    drive = tmp_path / ".wine" / "drive_c"
    assert windows.seen(r"C:\users\x") == drive / "users" / "x"
    drive.mkdir(parents=True)
    (drive / "Desktop").symlink_to("/home/guest")
    assert windows.seen(r"C:\Desktop\x") == tmp_path / "home" / "guest" / "x"
    (drive / "registry.reg").write_text('"Hearth"="é"', encoding="utf-16")
    assert windows.registry() == '"Hearth"="é"'


def test_an_installer_of_a_version_is_compiled_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "Hearth"
    program.mkdir()
    monkeypatch.setattr(source_time, "source_time", lambda: 1764460000)
    system = System(tmp_path)
    windows = CleanWindows(system)  # type: ignore[arg-type]
    stage = tmp_path / "of-0.0.1"
    made = clean_windows.made(windows, r"C:\bin", program, stage, "0.0.1")
    assert made == OLDER
    assert (stage / inno.SCRIPT).is_file()
    assert system.ran[-1][-1] == r"C:\of-0.0.1\installer.iss"
    assert {r"C:\bin\ISCC.exe", "/DVersion=0.0.1"} <= set(system.ran[-1])


@pytest.mark.parametrize("arguments", [["nowhere"], ["a", "b"]])
def test_a_folder_without_the_program_is_asked_for(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert clean_windows.main(arguments) == 2
    assert "clean_windows.py FOLDER" in capsys.readouterr().err


def test_only_root_on_debian_may_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Hearth.exe").touch()
    monkeypatch.setattr(debian, "may_install", lambda: False)
    assert clean_windows.main([str(tmp_path)]) == 1
    assert "on Debian, by root" in capsys.readouterr().err


def test_the_trial_is_told_and_its_folder_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Hearth.exe").touch()
    system = System(tmp_path)
    folders: list[Path] = []

    def made(root: Path, packages: tuple[str, ...], architectures: tuple[str, ...]) -> System:
        assert (packages[0], architectures) == ("wine32:i386", ("amd64", "i386"))
        folders.append(root.parent)
        return system

    def setup(windows: CleanWindows, compiler: str, folder: Path, stage: Path, version: str) -> str:
        assert (compiler, folder) == (r"C:\bin", tmp_path)
        file = windows.seen(rf"C:\{stage.name}.exe")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(1_500_000))
        return rf"C:\{stage.name}.exe"

    tried: list[tuple[str, str]] = []
    monkeypatch.setattr(debian, "may_install", lambda: True)
    monkeypatch.setattr(debian, "install", lambda names: None)
    monkeypatch.setattr(environment, "prepare", lambda steps: None)
    monkeypatch.setattr(clean_windows, "CleanSystem", made)
    monkeypatch.setattr(clean_windows, "made", setup)
    monkeypatch.setattr(clean_windows, "tried", lambda windows, *setups: tried.append(setups))
    assert clean_windows.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("An installer of 1.5 MB installed Hearth")
    assert tried == [(r"C:\of-0.0.1.exe", rf"C:\of-{VERSION}.exe")]
    assert not folders[0].exists()
