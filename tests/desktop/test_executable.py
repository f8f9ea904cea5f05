"""The one file that people are handed: it opens, it serves without a screen, it leaves nothing."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from build import LARGEST
from tests.desktop.conftest import NO_BUS, ROOT, Start, events, leaves_nothing, left_behind
from tests.desktop.screen import Screen
from tests.patience import until

HEADLESS = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}


def test_it_is_one_small_file(executable: Path) -> None:
    assert executable.is_file()
    assert executable.stat().st_size <= LARGEST


def test_it_opens_its_window_and_a_message_typed_there_is_saved(
    executable: Path, start: Start, screen: Screen, temporary: Path
) -> None:
    hub = start(executable, environment=screen.environment)
    screen.raise_window("Hearth")
    screen.until_painted()
    typed = "Typed in the executable"
    screen.say_first("Naor", typed, lambda: typed in [e.get("text") for e in events(hub)])
    hub.stop()
    leaves_nothing(temporary)


def test_what_tries_a_release_passes_it_with_its_window(executable: Path, screen: Screen) -> None:
    """As a script of its own, by a Python without packages."""
    ended = subprocess.run(
        [sys.executable, "-S", "scripts/smoke.py", executable],
        cwd=ROOT,
        env={**screen.environment, **NO_BUS},
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "served after" in ended.stdout
    assert "its page is in its window after" in ended.stdout


def test_without_a_screen_it_serves_alone_and_says_why(
    executable: Path, start: Start, temporary: Path
) -> None:
    hub = start(executable, environment={**HEADLESS, "BROWSER": "/bin/false", "PATH": "/nowhere"})
    assert events(hub) == []
    until(lambda: re.search("(?i)display|screen", "".join(hub.said)), "it did not say why")
    hub.stop()
    assert left_behind(temporary) == []


def test_a_second_start_on_the_same_folder_tells_where_the_first_is(
    executable: Path, start: Start, rooms: Path, temporary: Path
) -> None:
    first = start(executable, "--no-window", environment=HEADLESS)
    second = subprocess.Popen(
        [executable, "--no-window", "--port=0", f"--rooms={rooms}"],
        env={**HEADLESS, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        told, complaints = second.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(second.pid, signal.SIGKILL)  # the unpacked program too, not its parent alone
        second.communicate()
        raise
    assert (second.returncode, complaints) == (0, "")
    assert first.address in told
    first.stop()
    assert left_behind(temporary) == []


def test_it_ends_when_only_its_outer_process_is_killed(
    executable: Path, start: Start, rooms: Path, temporary: Path
) -> None:
    """The file is two processes: the outer one unpacks, the inner one is the hub."""
    hub = start(executable, "--no-window", environment=HEADLESS)
    asked = urllib.request.Request(
        f"{hub.address}/api/chat/general?username=naor", b"Hello", {"Content-Type": "text/plain"}
    )
    urllib.request.urlopen(asked, timeout=60).close()
    hub.process.kill()  # its group lives on
    hub.process.wait(60)
    leaves_nothing(temporary)
    assert not (rooms / "hub" / "running.json").exists(), "it ended as it should"
    again = start(executable, "--no-window", environment=HEADLESS)
    assert [x["text"] for x in events(again)] == ["Hello"]
    again.stop()


def test_it_stays_whole_where_the_system_removes_what_is_old_in_tmp(
    executable: Path, start: Start, temporary: Path, tmp_path: Path
) -> None:
    """As systemd does with what nobody has read for ten days: here it removes all that it may."""
    if not (cleaner := shutil.which("systemd-tmpfiles")):
        pytest.skip("needs systemd-tmpfiles")
    hub = start(executable, "--no-window", environment=HEADLESS)
    (unpacked,) = temporary.glob("_MEI*")
    whole = set(unpacked.rglob("*"))
    (temporary / "old").mkdir()
    settings = tmp_path / "tmp.conf"
    settings.write_text(f"d {temporary} - - - 0\n")
    subprocess.run([cleaner, "--clean", settings], check=True)
    assert not (temporary / "old").exists()
    assert set(unpacked.rglob("*")) == whole
    hub.stop()
    assert left_behind(temporary) == []


def test_the_browser_it_opens_gets_the_systems_own_libraries(
    executable: Path, start: Start, screen: Screen, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nenv > "{seen}.new"\nmv "{seen}.new" "{seen}"\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    told = {"BROWSER": str(browser), "LD_LIBRARY_PATH": "/mine"}
    start(executable, "--browser", environment={**screen.environment, **told})
    until(seen.exists, "no browser was opened")
    inherited = seen.read_text().splitlines()
    assert [line for line in inherited if "LIBRARY" in line] == ["LD_LIBRARY_PATH=/mine"]


def test_it_starts_where_the_system_speaks_an_encoding_that_it_does_without(
    executable: Path, tmp_path: Path
) -> None:
    if not Path("/usr/share/i18n/charmaps/EUC-JP.gz").exists():
        pytest.skip("needs Debian's package locales, to make one")
    locale = tmp_path / "ja_JP.eucJP"
    subprocess.run(["localedef", "-i", "ja_JP", "-f", "EUC-JP", locale], check=True)
    ended = subprocess.run(
        [executable, "--version"],
        env={**HEADLESS, "LOCPATH": str(tmp_path), "LC_ALL": locale.name},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("Hearth ")
