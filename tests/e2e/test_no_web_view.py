"""A desktop without the web view for a window: the browser shows the page, which says why."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import Launch
from tests.e2e.conftest import Visit
from tests.program import INSTALLED
from tests.running import recording_browser

LACKING = "HEARTH_NO_WEB_VIEW"
"""Set where the system of the installed program has none; sources are kept from seeing it."""


@pytest.mark.skipif(sys.platform != "linux", reason="takes Linux's web view away")
def test_the_browser_shows_the_page_which_says_why(
    launch: Launch, visit: Visit, tmp_path: Path
) -> None:
    if INSTALLED and not os.environ.get(LACKING):
        pytest.skip("the system of the installed program has a web view")
    (tmp_path / "gi.py").write_text("raise ImportError")
    environment, told = recording_browser(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "mv").symlink_to("/bin/mv")  # and no Chromium, for a window of its own
    own = {"PYTHONPATH": str(tmp_path), "PATH": str(tmp_path / "bin")}
    started = launch(window=True, environment={**environment, **own})
    url = started.ready()
    started.complains("WebKitGTK 4.1 is not installed")
    page = Path(told().removeprefix("file://")).read_text("utf-8")
    opened = re.search(r'url=(http[^"]+)"', page)
    assert opened
    assert opened[1].startswith(f"{url}#ticket=")
    naor = visit(opened[1], "naor")
    expect(naor.page.get_by_text("WebKitGTK 4.1 is not installed")).to_be_visible()
    naor.expect_losses()
    assert started.stop() == 0
