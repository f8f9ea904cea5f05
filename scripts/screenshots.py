"""Takes the pictures of README and docs/ from a running hub in a real browser.

`python3 scripts/screenshots.py [--out DIR] [--all] [--only NAME ...]`, after `python3
scripts/test.py` has set things up. With `--all` every screen of the page, for reviewing it: wide
and on a phone, in both schemes, and from right to left. Fails where a screen cannot be reached.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

import commands
import environment
from screens import conversation, files, host, people, rooms, trouble, writing
from screens.talk import Cast
from screens.viewer import PATIENCE, SIZES, Screen, Viewer

ARGUMENTS: Final = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
SCREENS: Final[dict[str, Screen]] = {
    **conversation.SCREENS,
    **writing.SCREENS,
    **rooms.SCREENS,
    **people.SCREENS,
    **trouble.SCREENS,
    **host.SCREENS,
    **files.SCREENS,
}
OF_DOCS: Final = ("room", "join")
"""The screens of which README and docs/ have pictures, from left to right only."""
FORGET: Final = "try { localStorage.clear(); sessionStorage.clear(); } catch { /* a blank page */ }"


def main(arguments: list[str]) -> int:
    """Start a hub on a folder of its own, fill it, take every picture, stop it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=commands.ROOT / "docs")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", nargs="+", choices=SCREENS, metavar="NAME")
    options = parser.parse_args(arguments)
    options.out.mkdir(exist_ok=True)
    everything = options.all or bool(options.only)
    names = options.only or (SCREENS if options.all else OF_DOCS)
    wrong = []
    with ExitStack() as stack:
        cast = _cast(stack)
        browser = stack.enter_context(_browser())
        for direction in ("ltr", "rtl") if everything else ("ltr",):
            for size in SIZES:
                with _context(browser, size) as context:
                    for name in names:
                        why = _take(context, cast, size, direction, name, options.out)
                        wrong += [f"{name}, {size}, {direction}: {why}"] if why else []
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def _take(
    context: BrowserContext, cast: Cast, size: str, direction: str, name: str, out: Path
) -> str:
    """Take a screen; gives what went wrong, in which case there is a picture of that."""
    viewer = Viewer(context, cast, size, direction)
    viewer.be(cast.me)
    try:
        SCREENS[name](viewer)
        viewer.shoot(name, out)
    except (Error, ValueError) as error:
        viewer.page.screenshot(path=out / f"{name}-{size}-{direction}-wrong.png")
        return str(error).strip().partition("\n")[0]
    finally:
        viewer.close()
    return ""


def _cast(stack: ExitStack) -> Cast:
    """Start hubs until one gives everybody another colour, and have them talk there."""
    for _ in range(50):
        with ExitStack() as started:
            cast = Cast(*started.enter_context(_hub()))
            if cast.is_colourful:
                stack.enter_context(started.pop_all())
                cast.talk(stack)
                return cast
    raise RuntimeError("no hub gave everybody another colour")


@contextmanager
def _hub() -> Iterator[tuple[str, str]]:
    """A hub on an empty folder; gives its address and the ticket that makes a host."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(environment.PYTHON), str(commands.ROOT / "launcher.py"), "--no-window"]
        command += ["--port=0", "--rooms", folder, "--reset-host", "--set=announce=false"]
        command += ["--set=message_rate=0", "--set=connections_per_address=0"]
        hub = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert hub.stdout is not None
            found = None
            while found is None and (line := hub.stdout.readline()):
                found = re.search(r"(http://\S+?:\d+)/\S+#ticket=(\S+)", line)
            assert found is not None, "the hub did not start"
            yield found[1], found[2]
        finally:
            hub.terminate()
            hub.wait(10)


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=[*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        )
        yield browser
        browser.close()


@contextmanager
def _context(browser: Browser, size: str) -> Iterator[BrowserContext]:
    """A browser that keeps nothing from one page to the next but its cookies."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=size == "phone",
        is_mobile=size == "phone",
        timezone_id="UTC",
        locale="en-GB",
    )
    context.set_default_timeout(PATIENCE)
    context.add_init_script(FORGET)
    yield context
    context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
