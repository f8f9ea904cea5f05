"""What is tried in the small Windows: the hub's tests, the build, and the program it makes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final

import commands
import environment
from commands import ROOT, Failed, say
from environment import PYTHON
from windows import copying, place, setting_up
from windows.place import COPY, PLACE, PROGRAM, on_windows

TESTS: Final = (
    "tests/access", "tests/files", "tests/net", "tests/protocol", "tests/store", "tests/tools",
    "tests/desktop/test_default_folder.py", "tests/desktop/test_log.py",
    "tests/desktop/test_mutex.py", "tests/desktop/test_ports.py",
    "tests/desktop/test_update_notice.py", "tests/desktop/tray",
    "tests/desktop/window/test_question.py", "tests/desktop/window/test_taskbar.py",
    "tests/test_attachments.py", "tests/test_audit.py", "tests/test_catalog.py",
    "tests/test_config.py", "tests/test_file_keeping.py", "tests/test_folder.py",
    "tests/test_folder_lock.py", "tests/test_found_files.py", "tests/test_hub.py",
    "tests/test_launcher_folder.py", "tests/test_mention_index.py", "tests/test_names.py",
    "tests/test_open_ledger.py", "tests/test_open_rooms.py", "tests/test_pause.py",
    "tests/test_placing.py", "tests/test_resting.py", "tests/test_room.py",
    "tests/test_room_opening.py",
    "tests/test_room_snapshot.py", "tests/test_rooms.py", "tests/test_server.py",
    "tests/test_snapshot_keeper.py", "tests/test_threads.py",
    "tests/web/test_files.py", "tests/web/test_sending.py", "tests/web/wire/test_file_transfer.py",
)  # fmt: skip
"""What is about files, names, locks, ports, threads, starts and stops."""
LEFT_OUT: Final = (
    # Open: on Windows' event loop, the stop of a server leaves such a connection as it is.
    "tests/web/wire/test_file_transfer.py::test_a_server_that_stops_ends_a_download",
    "tests/store/test_journal.py::test_every_prefix",
    "tests/tools/test_verify_files.py::test_ten_thousand_folders_of_no_room",
    "tests/tools/test_verify_room_files.py::test_many_entries_are_counted_and_few_are_named",
)
"""The others take minutes there: Wine has another process open each file."""
DRIVEN: Final = "tests/desktop/test_windows_program.py"
PYTEST: Final = (
    "-m", "pytest", "--rootdir=H:\\", "-p", "no:cacheprovider",
    "-n3", "--dist=loadfile",
)  # fmt: skip
SECONDS: Final = 1800.0
"""Seconds that one of the three may take; on two idle cores they take a few minutes each."""


def main(arguments: list[str]) -> int:
    """Set up what is missing, try all of it or what is named; gives the exit status."""
    given = commands.verbose(arguments)
    environment.prepare(setting_up.steps())
    copying.copy(ROOT, COPY)
    parts: dict[str, Callable[[], None]] = {"the tests": lambda: test(given)}
    if not _named(given):
        parts |= {"the build": build, "the program": drive}
    try:
        went_well = [_tried(name, part) for name, part in parts.items()]
        return 0 if all(went_well) else 1
    finally:
        place.end()


def _named(arguments: list[str]) -> list[str]:
    """Those of the arguments that are files, folders or tests."""
    return [x for x in arguments if (ROOT / x.partition("::")[0]).exists()]


def _tried(name: str, part: Callable[[], None]) -> bool:
    """Do one part, and say how it went and how long it took."""
    began = time.monotonic()
    try:
        part()
    except Failed as failure:
        say(f"On Windows, {name} failed: {failure}")
        return False
    say(f"On Windows, {name} took {time.monotonic() - began:.0f} s.")
    return True


def test(arguments: list[str]) -> None:
    """Run those of our tests that are about what systems do differently. Raises Failed."""
    chosen = (
        []
        if _named(arguments)
        else [*TESTS, "-m", "not slow", *(f"--deselect={x}" for x in LEFT_OUT)]
    )
    place.run(place.python(*PYTEST, *arguments, *chosen), SECONDS, heard=_print)


def build() -> None:
    """Make Hearth.exe, and the folder for an installer. Raises Failed."""
    PROGRAM.unlink(missing_ok=True)
    places = {"--distpath": PROGRAM.parent, "--workpath": PLACE / "work"}
    place.run(
        place.python(
            *("-m", "PyInstaller", "--noconfirm", "--clean", "--log-level=WARN"),
            *(f"{option}={on_windows(folder)}" for option, folder in places.items()),
            on_windows(COPY / "build.spec"),
            *("--", "--folder"),
        ),
        SECONDS,
        {"PYTHONHASHSEED": "0", "PYINSTALLER_CONFIG_DIR": on_windows(PLACE / "cache")},
    )
    print(f"{PROGRAM.relative_to(ROOT)}: {PROGRAM.stat().st_size / 1e6:.1f} MB", flush=True)


def drive() -> None:
    """Have a test start the program and use it, as people would. Raises Failed."""
    if not PROGRAM.exists():
        raise Failed("there is none")
    command = [str(PYTHON), "-m", "pytest", "-n0", DRIVEN]
    commands.run(command, {"HEARTH_UNDER_WINE": "1"}, heard=_print)


def _print(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()
