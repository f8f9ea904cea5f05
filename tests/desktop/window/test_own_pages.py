"""The pages of the program itself."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from hub import __version__
from hub.desktop import frozen
from hub.desktop.window import own_pages


def test_the_page_of_a_start_needs_nothing_else() -> None:
    page = own_pages.starting()
    assert "Hearth is starting" in page
    assert "<path" in page, "the mark"
    assert not re.search(r"\{\{|src=|href=|url\(", page)


def test_the_page_of_a_failure_holds_reason_version_and_log(tmp_path: Path) -> None:
    log = tmp_path / "hearth.log"
    log.write_text("".join(f"line {n} <b>\n" for n in range(5000)))
    page = own_pages.failed("The folder <x> is & stays full.", log)
    assert "The folder &lt;x&gt; is &amp; stays full." in page
    assert f"Hearth {__version__}, Python" in page
    assert "line 4999 &lt;b&gt;</pre>" in page
    assert "line 4960 " in page
    assert "line 4959 " not in page
    assert not re.search(r"\{\{|<b>| src=| href=|url\(", page)


def test_a_reason_cannot_stand_for_the_details() -> None:
    assert own_pages.failed("{{details}}", None).count("{{details}}") == 2


@pytest.mark.parametrize("names", [None, (), ("failed.html",)])
def test_where_its_own_page_is_gone_the_reason_is_shown_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...] | None
) -> None:
    archive = tmp_path / "ui.zip"
    if names is not None:
        with zipfile.ZipFile(archive, "w") as file:
            for name in names:
                file.writestr(name, "<p>{{reason}}")
    for name, value in (("FROZEN", True), ("ROOT", tmp_path)):
        monkeypatch.setattr(frozen, name, value)
    frozen.ui.cache_clear()
    try:
        page = own_pages.failed("The folder <x> is full.", None)
    finally:
        frozen.ui.cache_clear()
    assert "<title>Hearth could not start</title>" in page
    assert "The folder &lt;x&gt; is full.</pre>" in page


def test_what_went_wrong_in_hearth_is_promised_nothing() -> None:
    page = own_pages.broken("KeyError(1)", None)
    assert "<h1>Something went wrong in Hearth</h1>" in page
    assert "KeyError(1)" in page
    assert "is lost" not in page


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda log: log.write_text(""), "(empty)"),
        (lambda log: None, "why"),
        (lambda log: log.mkdir(), "(cannot be read: Is a directory)"),
        (lambda log: log.write_bytes(b"\xff\xfe whatever\n"), "�� whatever"),
    ],
)
def test_a_log_of_any_kind(tmp_path: Path, make: object, told: str) -> None:
    log = tmp_path / "hearth.log"
    assert callable(make)
    make(log)
    assert own_pages.details("why", log).splitlines()[-1] == told
