"""What runs elsewhere for each change and each release: sound, pinned, and with few rights."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import window
import workshop

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TOOLS = {
    # Without the tools for shell and Python that it would take where a machine has them.
    "actionlint": ("-no-color", "-shellcheck=", "-pyflakes="),
    "zizmor": ("--offline", "--no-progress", "--quiet", "--persona=pedantic"),
}
SOUND = """
name: sound
on: push
permissions: {}
concurrency:
  group: ${{ github.ref }}
  cancel-in-progress: true
jobs:
  job:
    name: A job
    runs-on: ubuntu-24.04
    steps:
      - run: echo "Hello"
        if: runner.os == 'Linux'
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
"""


def looked_at(tool: str, *files: Path) -> tuple[int, str]:
    """What a tool says of workflows: its status and its words."""
    program = shutil.which(tool, path=Path(sys.executable).parent)
    assert program
    ended = subprocess.run(
        [program, *TOOLS[tool], *files],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.parametrize("tool", TOOLS)
def test_workflows_are_sound(tool: str) -> None:
    assert WORKFLOWS
    status, told = looked_at(tool, *WORKFLOWS)
    assert status == 0, told


@pytest.mark.parametrize(
    ("sound", "fault", "notices", "words"),
    [
        ("", "", "nobody", ""),
        ("runner.os", "runner.system", "actionlint", 'property "system" is not defined'),
        ("3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "v7", "zizmor", "unpinned-uses"),
        ("Hello", "${{ github.head_ref }}", "actionlint, zizmor", "untrusted|template-injection"),
    ],
)
def test_each_tool_notices_what_it_is_for(
    tmp_path: Path, sound: str, fault: str, notices: str, words: str
) -> None:
    file = tmp_path / "planted.yml"
    file.write_text(SOUND.replace(sound, fault) if sound else SOUND)
    for tool in TOOLS:
        status, told = looked_at(tool, file)
        assert (status != 0) is (tool in notices), told
        if status:
            assert re.search(words, told), told


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_what_others_wrote_is_pinned_by_hash_and_says_its_version(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text(encoding="utf-8"))
    assert used
    wrong = [x for x in used if not re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v[\d.]+", x)]
    assert wrong == []


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_what_they_run_of_ours_is_there(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    named = re.findall(r"scripts/[\w/]+\.py|requirements[\w-]*\.txt", text)
    assert named
    assert [x for x in named if not (ROOT / x).is_file()] == []


def test_one_version_of_each_is_used() -> None:
    used = {x for file in WORKFLOWS for x in re.findall(r"uses: (.*)", file.read_text("utf-8"))}
    names = [x.partition("@")[0] for x in used]
    assert len(names) == len(set(names)), sorted(used)


def test_the_tests_have_all_packages_that_they_need() -> None:
    """But Chromium, which Ubuntu has no package of."""
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    installed = set(text.partition("--no-install-recommends")[2].partition("- name:")[0].split())
    needed = {*workshop.TESTS, *workshop.BUILDS, *window.BINDING, *window.COMPILER}
    chromium = {name for name in needed if name.startswith("chromium")}
    assert needed - chromium - installed == set()
