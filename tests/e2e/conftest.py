"""Real Chromium browsers: how they are started, and what no page may ever do in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from hub.net import addresses
from tests.conftest import Serve
from tests.e2e.visitor import Visitor
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

Visit = Callable[..., Visitor]

expect.set_options(timeout=30_000)  # what is waited for; only a failure takes so long


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    if shutil.which("chromium") is None:
        pytest.skip("no chromium is installed")
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browsers(playwright: Playwright) -> Iterator[list[Browser]]:
    """Two browsers, each a program of its own."""
    started = [started_browser(playwright) for _ in range(2)]
    yield started
    for browser in started:
        browser.close()


def started_browser(playwright: Playwright, program: Path | None = None) -> Browser:
    """Start Chromium; `program` stands for it where it is to be started in another way."""
    path = program or shutil.which("chromium")
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


@pytest.fixture
def lan(serve: Serve) -> Serving:
    """A hub on all interfaces, as users have it."""
    return serve(host=None)


@pytest.fixture
def lan_url(lan: Serving) -> str:
    """The address at which peers reach it."""
    reachable = addresses.reachable(lan.port)
    if not reachable:
        pytest.skip("this machine has no address but loopback")
    return reachable[0]


@pytest.fixture
def visit(browsers: list[Browser]) -> Iterator[Visit]:
    """Opens a page as somebody new; afterwards fails for what a page did that it must not."""
    visitors: list[Visitor] = []

    def open_(url: str, name: str | None = None, browser: int = 0, **options: Any) -> Visitor:
        context = browsers[browser].new_context(
            **{"viewport": {"width": 1280, "height": 800}, **options}
        )
        visitors.append(Visitor(context))
        visitors[-1].open(url)
        if name is not None:
            visitors[-1].join(name)
        return visitors[-1]

    yield open_
    for visitor in visitors:
        visitor.close()
    for visitor in visitors:
        assert visitor.strayed == [], "a request left the hub"
        assert visitor.faults == [], "the page has faults"
