"""Set-up without a way to a registry: told in one sentence, soon, with nothing left behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import build
import commands
import debian
import earlier
import environment
import packages
import run
import test as test_script
from commands import Download, Failed, NoWay
from environment import Step

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
SENTENCE = re.compile(
    r"Setting up failed: there is no way to the package registry that \w+ asks; "
    r"go online and start again \(--verbose shows the rest\)\."
)
ANYTHING = Download("it", news=r"(?!)", busy=r"busy", fetched=r"fetched", no_way=r"no route")


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_verbose", False)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The process groups of all commands that the set-up starts; each must be gone at the end."""
    groups: list[int] = []
    popen = subprocess.Popen

    def noted(*arguments: Any, **options: Any) -> Any:
        process = popen(*arguments, **options)
        if options.get("start_new_session"):
            groups.append(process.pid)
        return process

    monkeypatch.setattr(commands.subprocess, "Popen", noted)
    yield groups
    for group in groups:
        assert gone(group), "something that the set-up had started was left running"


def gone(group: int, within: float = 30) -> bool:
    """Whether no process of this group is left, zombies that nobody has waited for aside."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not alive(group):
            return True
        time.sleep(0.05)
    return False


def alive(group: int) -> list[str]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, of = status.read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state not in "ZX":
                found.append(status.parent.name)
    return found


def patience(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(commands, "STALLED", seconds)


# -- one command -----------------------------------------------------------------------------


def test_a_download_that_brings_nothing_is_ended_with_all_it_started(
    started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    patience(monkeypatch, 0.5)
    with pytest.raises(NoWay, match="no way to the package registry that it asks"):
        commands.run(["sh", "-c", "trap '' TERM; sleep 600 & sleep 600"], download=ANYTHING)
    assert len(started) == 1


def test_what_grows_or_is_busy_is_waited_for(
    started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    patience(monkeypatch, 0.3)
    sizes = iter(range(1000))
    monkeypatch.setattr(commands, "_size", lambda _: next(sizes))
    commands.run(["sh", "-c", "sleep 1"], download=ANYTHING)
    monkeypatch.setattr(commands, "_size", lambda _: 0)
    patience(monkeypatch, 2)
    commands.run(["sh", "-c", "echo busy; sleep 3"], download=ANYTHING)
    commands.run(["sh", "-c", "echo fetched; echo more; sleep 3"], download=ANYTHING)
    with pytest.raises(NoWay):
        commands.run(["sh", "-c", "echo busy; echo more; sleep 30"], download=ANYTHING)


def test_a_failure_that_is_no_lack_of_a_way_is_told_as_it_is(
    started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = ["sh", "-c", "seq 100; echo disk full; exit 4"]
    with pytest.raises(Failed, match="disk full") as why:
        commands.run(many, download=ANYTHING)
    assert not isinstance(why.value, NoWay)
    assert "(86 lines before; --verbose shows them)\n87\n" in str(why.value)
    with pytest.raises(NoWay):
        commands.run(["sh", "-c", "echo no route; exit 1"], download=ANYTHING)


def test_verbose_shows_what_is_said_while_it_is_said(
    started: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.verbose(["general", "--verbose", "--port", "0"]) == [
        "general",
        "--port",
        "0",
    ]
    with pytest.raises(Failed) as why:
        commands.run(["sh", "-c", "echo all of it; exit 4"])
    assert capsys.readouterr().err == "  all of it\n"
    assert "all of it" not in str(why.value).partition("\n")[2], "it is told once"
    assert commands.verbose(["-v"]) == ["-v"]
    commands.run(["sh", "-c", "echo nothing of it"])
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("number", "stubborn"),
    [
        (signal.SIGINT, ""),
        (signal.SIGTERM, ""),
        *([(signal.SIGHUP, "")] if hasattr(signal, "SIGHUP") else []),
        (signal.SIGINT, "trap '' TERM"),
    ],
)
def test_an_interrupted_set_up_leaves_nothing_running(
    number: int, stubborn: str, tmp_path: Path
) -> None:
    noted = tmp_path / "group"
    program = f"""
import sys
sys.path.insert(0, {str(ROOT / "scripts")!r})
import commands, environment
from pathlib import Path
environment.ROOT = Path({str(tmp_path)!r})
script = "{stubborn}\\nsleep 600 & echo $$ > {noted}.new; mv {noted}.new {noted}; sleep 600"
command = ["sh", "-c", script]
environment.prepare([environment.Step("a", lambda: False, lambda: commands.run(command))])
"""
    process = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 60
        while not noted.exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(number)
        if stubborn:  # who presses Ctrl+C again waits no longer
            time.sleep(1)
            process.send_signal(number)
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert told.splitlines()[-1] == "Setting up was interrupted; the next start goes on with it."
    assert gone(int(noted.read_text()))


def test_an_interruption_while_a_command_starts_ends_it(
    started: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signal comes when the command runs already, and nothing knows yet how to end it."""
    popen = subprocess.Popen

    def interrupted(*arguments: Any, **options: Any) -> Any:
        process = popen(*arguments, **options)
        signal.raise_signal(signal.SIGINT)
        return process

    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(commands.subprocess, "Popen", interrupted)
    step = Step("a", lambda: False, lambda: str(commands.run(["sleep", "600"])))
    with pytest.raises(SystemExit) as ended:
        environment.prepare([step])
    assert ended.value.code == 130
    assert len(started) == 1, "it was started, and must be gone"


def test_a_set_up_that_is_to_outlive_its_terminal_does(tmp_path: Path) -> None:
    program = f"""
import os, signal, sys
sys.path.insert(0, {str(ROOT / "scripts")!r})
import environment
from pathlib import Path
environment.ROOT = Path({str(tmp_path)!r})
signal.signal(signal.SIGHUP, signal.SIG_IGN)
step = environment.Step("a", lambda: False, lambda: os.kill(os.getpid(), signal.SIGHUP))
environment.prepare([step])
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert ended.returncode == 0


def test_an_interrupted_proof_leaves_nothing_running(tmp_path: Path) -> None:
    noted = tmp_path / "group"
    program = f"""
import sys
sys.path.insert(0, {str(ROOT / "scripts")!r})
import proof
from pathlib import Path
here = Path({str(tmp_path)!r})
command = ["sh", "-c", "echo $$ > {noted}.new; mv {noted}.new {noted}; sleep 600 & sleep 600"]
proof.Running(command, here, here)
"""
    process = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not noted.exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) != 0
    finally:
        process.kill()
    assert gone(int(noted.read_text()))


@pytest.mark.parametrize("script", [run, build, test_script])
def test_verbose_is_the_set_ups_and_of_pytest_too(
    script: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []

    def become(*arguments: str) -> None:
        told.extend(arguments)

    def built(command: list[str], also_set: object = None) -> str:
        told.extend(map(str, command))
        if "PyInstaller" in told:
            raise Failed("no")
        return "3.11.2, one way\n3.11.2, built with LTO, without PGO\n"

    monkeypatch.setattr(environment, "prepare", lambda steps: None)
    monkeypatch.setattr(environment, "become", become)
    monkeypatch.setattr(commands, "run", built)
    script.main(["--verbose", "--other"])
    assert commands._verbose
    assert "--other" in told
    assert ("--verbose" in told) == (script is test_script)
    if script is build:
        said = capsys.readouterr().err
        assert "dist/Hearth with Python 3.11.2, built with LTO, without PGO ..." in said
        assert build.SLOWER in said


# -- real clients ----------------------------------------------------------------------------


@pytest.fixture
def registry(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of one that is silent, or refuses, or stands nowhere; by the test's `kind`."""
    kind = request.getfixturevalue("kind")
    if kind == "nowhere":
        yield "https://registry.invalid"
        return
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if kind == "silent":
            listener.listen(64)  # the system accepts, and nobody ever answers
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / ".venv"
    folder.mkdir()
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(packages, "VENV", folder)
    monkeypatch.setattr(packages, "RECORD", folder / "hearth.json")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for name in [x for x in os.environ if x.startswith("PIP_") and x != "PIP_CONFIG_FILE"]:
        monkeypatch.delenv(name)
    for name in [x for x in os.environ if x.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    return folder


def pip(address: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    monkeypatch.setenv("PIP_INDEX_URL", f"{address}/simple")
    lock = folder / "lock"
    lock.write_text("hearth-wheel==1.0 --hash=sha256:" + "0" * 64, encoding="utf-8")
    monkeypatch.setattr(packages, "ROOT", folder)
    return packages.python_packages("lock", "Python packages")


def npm(address: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    if shutil.which("npm") is None:
        pytest.skip("no npm is installed")
    monkeypatch.setenv("npm_config_registry", f"{address}/")
    monkeypatch.setenv("npm_config_cache", str(folder / "cache"))
    page = folder / "ui"
    page.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / "ui" / name, page)
    (page / "node_modules" / "before").mkdir(parents=True)
    monkeypatch.setattr(packages, "PAGE", page)
    return packages.page_libraries()


def apt(address: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    if not debian.may_install():
        pytest.skip("apt needs Debian and root")
    for name in ("lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True)
    (folder / "sources.list").write_text(f"deb [trusted=yes] {address}/debian stable main\n")
    (folder / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "{folder}/sources.list"; Dir::Etc::sourceparts "/dev/null";'
        f'Dir::State::lists "{folder}/lists"; Dir::Cache::archives "{folder}/archives";'
        'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";'
    )
    monkeypatch.setenv("APT_CONFIG", str(folder / "apt.conf"))
    monkeypatch.setattr(debian, "missing", list)
    return Step("a package", lambda: False, lambda: debian.install(["hearth-none"]))


@pytest.mark.parametrize("kind", ["silent", "refusing", "nowhere"])
@pytest.mark.parametrize("client", [pip, npm, apt])
def test_without_a_way_one_sentence_says_so(
    client: Callable[[str, Path, pytest.MonkeyPatch], Step],
    kind: str,
    registry: str,
    venv: Path,
    tmp_path: Path,
    started: list[int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    patience(monkeypatch, 5)
    with pytest.raises(SystemExit) as ended:
        environment.prepare([client(registry, tmp_path, monkeypatch)])
    assert ended.value.code == 3
    told = capsys.readouterr().err.splitlines()
    assert SENTENCE.fullmatch(told[-1]), told
    for line in told[:-1]:
        assert re.fullmatch(r"Setting up: .* \.\.\.|  \d+ s, nothing has come for \d+ s", line)
    if kind == "silent":
        assert "nothing has come" in told[-2], "after three seconds it is told how it goes"
    assert started
    if client is npm:
        assert (tmp_path / "ui" / "node_modules" / "before").is_dir(), "what was there stays"
        assert not list(venv.glob("page-*"))
    if client is pip:
        assert packages.UNFINISHED not in packages._read()


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[str]:
    """A registry that gives one wheel, in 20 pieces and 8 seconds."""
    wheel = tmp_path / "hearth_wheel-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("hearth_wheel.py", os.urandom(2_000_000).hex()[:2_000_000])
        about = "hearth_wheel-1.0.dist-info"
        archive.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: hearth-wheel\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/RECORD", "")
    content = wheel.read_bytes()

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = f'<a href="/{wheel.name}">{wheel.name}</a>'.encode()
            body = content if self.path.endswith(".whl") else page
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            step = len(body) // 20 + 1
            for at in range(0, len(body), step):
                self.wfile.write(body[at : at + step])
                if body is content:
                    time.sleep(0.4)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_slow_download_is_waited_for_and_shown(
    slow: str,
    venv: Path,
    tmp_path: Path,
    started: list[int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    patience(monkeypatch, 6)
    monkeypatch.setenv("PIP_INDEX_URL", f"{slow}/simple")
    packages.pip_install("--target", str(tmp_path / "there"), "--no-cache-dir", "hearth-wheel")
    assert (tmp_path / "there" / "hearth_wheel.py").exists()
    told = capsys.readouterr().err.splitlines()
    assert any(re.fullmatch(r"  \d+ s, [\d.]+ MB so far", line) for line in told), told


# -- an earlier set-up -----------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout set up some time ago: its lock files have changed since."""
    folder = tmp_path / "checkout"
    ignored = shutil.ignore_patterns("__pycache__", "*eslint*", "*typescript*")  # tools of tests
    for name in ("hub", "scripts", "ui"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("launcher.py", "requirements.txt", "requirements-node.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / "rooms").mkdir()
    shutil.copy(ROOT / "rooms" / "README.md", folder / "rooms")
    venv = folder / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    [site] = venv.glob("lib/*/site-packages")
    [ours] = (ROOT / ".venv").glob("lib/*/site-packages")
    (site / "earlier.pth").write_text(f"{ours}\n")
    record = json.loads((ROOT / ".venv" / "hearth.json").read_text())
    record["requirements.txt"] = record["page"] = "of another lock"
    (venv / "hearth.json").write_text(json.dumps(record))
    lock = folder / "requirements.txt"
    lock.write_text(re.sub(r"(?m)^flask==3\.\d+", "flask==3.99", lock.read_text()))
    page = folder / "ui" / "package-lock.json"
    libraries = json.loads(page.read_text())
    marked = libraries["packages"]["node_modules/marked"]
    marked["version"] = marked["version"].partition(".")[0] + ".999.0"
    libraries["packages"][""]["dependencies"]["marked"] = marked["version"]
    page.write_text(json.dumps(libraries))
    own = json.loads((folder / "ui" / "package.json").read_text())
    own["dependencies"]["marked"] = marked["version"]
    (folder / "ui" / "package.json").write_text(json.dumps(own))
    return folder


def start(checkout: Path, namespace: str, tmp_path: Path) -> subprocess.Popen[str]:
    """Start it where there is no way to anywhere."""
    script = checkout / "scripts" / "run.py"
    hidden = ("PIP_", "npm_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return subprocess.Popen(
        [
            "ip",
            "netns",
            "exec",
            namespace,
            sys.executable,
            script,
            "--no-window",
            "--port",
            "0",
            "--rooms",
            tmp_path / "rooms",
        ],
        env={
            **kept,
            "PIP_CONFIG_FILE": os.devnull,
            "npm_config_cache": str(tmp_path / "cache"),
            "PIP_NO_CACHE_DIR": "1",
            "HOME": str(tmp_path),
            "HEARTH_HUB_CODE": "not for whoever tries it",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_what_an_earlier_set_up_left_starts_without_a_way(
    checkout: Path, namespace: str, tmp_path: Path
) -> None:
    process = start(checkout, namespace, tmp_path)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith("Hearth "), (first, process.stderr and process.stderr.read())
    finally:
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 0
    assert re.search(r"no way to the package registry that pip asks\. Going on with flask ", told)
    assert re.search(r"no way to the package registry that npm asks\. Going on with marked ", told)
    assert "the next start tries again" in told
    record = json.loads((checkout / ".venv" / "hearth.json").read_text())
    assert record["requirements.txt"] == record["page"] == "of another lock"


@pytest.mark.parametrize("lacking", ["package", "library"])
def test_what_does_not_run_does_not_start(
    checkout: Path, namespace: str, tmp_path: Path, lacking: str
) -> None:
    if lacking == "package":  # a version that the program cannot run on
        [site] = (checkout / ".venv").glob("lib/*/site-packages")
        (site / "msgspec.py").write_text("raise ImportError('of another kind')")
    else:
        shutil.rmtree(checkout / "ui" / "node_modules" / "marked")
    process = start(checkout, namespace, tmp_path)
    out, told = process.communicate(timeout=120)
    assert (process.returncode, out) == (3, "")
    assert SENTENCE.fullmatch(told.splitlines()[-1]), told


def test_libraries_of_another_kind_are_not_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ui = tmp_path / "ui"
    library = ui / "node_modules" / "marked"
    library.mkdir(parents=True)
    tool = {"version": "10.0.0", "dev": True}
    locked = {
        "": {},
        "node_modules/marked": {"version": "3.1.0"},
        "node_modules/eslint": tool,  # which `run.py` does not install
    }
    (ui / "package-lock.json").write_text(json.dumps({"packages": locked}))
    monkeypatch.setattr(earlier, "ROOT", tmp_path)
    for version, words in (("3.0.4", "marked 3.0.4 for 3.1.0"), ("2.9.0", "")):
        (library / "package.json").write_text(json.dumps({"version": version}))
        assert earlier.page_libraries() == words
    (library / "package.json").write_text("{")
    assert earlier.page_libraries() == ""
