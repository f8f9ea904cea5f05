"""Real Chromium browsers: how they are started, and what every page is checked for."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from hub.net import addresses
from tests.conftest import Serve
from tests.e2e.visitor import Visitor
from tests.patience import PATIENCE
from tests.serving import Serving

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PROGRAM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""Debian's Chromium; where it is installed, the build of it that has no window of its own.

A visit costs that build 0.55 s of processor time, and the whole program 0.76 s.
"""

SHARED = Path("/dev/shm")
NOT_TOLD = (
    ["--disable-dev-shm-usage"]
    if SHARED.is_dir() and shutil.disk_usage(SHARED).free >= 1 << 30
    else []
)
"""What Playwright tells browsers that they are not told here, where there is 1 GiB to share.

With it they share memory by files in the temporary folder, as in a container there may be too
little for it elsewhere. Without it a visit takes 7 % less processor time, and no disk.
"""

Visit = Callable[..., Visitor]

expect.set_options(timeout=PATIENCE * 1000)


class Browsers:
    """Browsers by number, each a program of its own, started when it is first asked for."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._playwright: Playwright | None = None
        self._started: dict[int, Browser] = {}

    @property
    def playwright(self) -> Playwright:
        if self._playwright is None:
            self._playwright = self._open.enter_context(sync_playwright())
        return self._playwright

    def __getitem__(self, number: int) -> Browser:
        if number not in self._started:
            browser = started_browser(self.playwright)
            self._open.callback(browser.close)
            self._started[number] = browser
        return self._started[number]

    def close(self) -> None:
        self._open.close()
        self._playwright = None
        self._started.clear()


BROWSERS = Browsers()
"""For all tests of this folder that run in this process."""


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Close the browsers after the last test that may use them.

    Playwright keeps an event loop running in this thread, so no test elsewhere could run one.
    """
    if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
        BROWSERS.close()


@pytest.fixture(autouse=True)
def _cheap_passwords(cheap_passwords: None) -> None:
    """On a busy machine a hash takes longer than the hub lets a request take: it stands back."""


@pytest.fixture
def browsers() -> Browsers:
    if PROGRAM is None:
        pytest.skip("no chromium is installed")
    return BROWSERS


@pytest.fixture
def playwright(browsers: Browsers) -> Playwright:
    return browsers.playwright


def started_browser(playwright: Playwright, program: Path | None = None) -> Browser:
    """Start Chromium, or `program` in its place."""
    return playwright.chromium.launch(
        executable_path=program or PROGRAM, args=ARGUMENTS, ignore_default_args=NOT_TOLD
    )


@pytest.fixture
def lan(serve: Serve) -> Serving:
    """A hub on all interfaces, which is the default for users."""
    return serve(host=None)


@pytest.fixture
def lan_url(lan: Serving) -> str:
    """The address at which peers reach it."""
    reachable = addresses.reachable(lan.port)
    if not reachable:
        pytest.skip("this machine has no address but loopback")
    return reachable[0]


@pytest.fixture
def visit(browsers: Browsers) -> Iterator[Visit]:
    """Opens a page as a new visitor; fails afterwards if a page left the hub or logged an error."""
    visitors: list[Visitor] = []

    def open_(url: str, name: str | None = None, browser: int = 0, **options: Any) -> Visitor:
        context = browsers[browser].new_context(
            **{"viewport": {"width": 1280, "height": 800}, **options}
        )
        visitors.append(Visitor(context))
        if name is None:
            visitors[-1].open(url)
        elif urlsplit(url).fragment:  # a ticket or a code is for the page
            visitors[-1].open(url)
            visitors[-1].join(name)
        else:
            visitors[-1].has_joined(url, name)
            visitors[-1].open(url)
            visitors[-1].is_in()
        return visitors[-1]

    yield open_
    for visitor in visitors:
        visitor.close()
    for visitor in visitors:
        assert visitor.strayed == [], "a request left the hub"
        assert visitor.faults == [], "the page has faults"
