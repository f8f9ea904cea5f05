"""The page as it is sent, built from its folder or taken from an archive."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path

import pytest

from hub.web.built_page import BuiltPage, built, filled, pack
from tests.serving import ROOT
from tests.web.small_page import small_page, write

UI = ROOT / "ui"


@pytest.fixture
def ui(tmp_path: Path) -> Path:
    return small_page(tmp_path / "ui")


def packed(ui: Path) -> zipfile.Path:
    """An archive of a page."""
    archive = ui.parent / "ui.zip"
    pack(ui, archive)
    return zipfile.Path(archive)


def plain(page: BuiltPage) -> dict[str, bytes]:
    return {name: file.plain for name, file in page.files.items()}


def test_the_page_is_the_same_out_of_an_archive(tmp_path: Path) -> None:
    pack(UI, tmp_path / "ui.zip")
    ours, theirs = built(UI), built(zipfile.Path(tmp_path / "ui.zip"))
    assert (theirs.version, theirs.refused) == (ours.version, ours.refused)
    assert theirs.shell.plain == ours.shell.plain
    assert theirs.shell.kind == "text/html; charset=utf-8"
    assert plain(theirs) == plain(ours)
    assert len(theirs.files) > 80


def test_the_page_names_its_files_by_their_version(ui: Path) -> None:
    write(ui, "main.js", "import { a } from './vendor/b.js';\nconsole.log(a);\n")
    write(ui, "vendor/b.js", "export const a = 1;\n")
    page = built(ui)
    named = f'<link rel="modulepreload" href="/static/{page.version}/vendor/b.js">'
    assert page.shell.plain.decode() == f"<p>{page.version}\n  {named}"
    assert re.fullmatch("[0-9a-f]{16}", page.version)


def test_the_version_is_another_when_a_file_is(ui: Path) -> None:
    seen = {built(ui).version}
    assert built(ui).version in seen
    for name in ("main.js", "css/page.css", "mark.svg", "emoji/de.json", "index.html"):
        write(ui, name, "c {}\n")
        seen.add(built(ui).version)
    assert len(seen) == 6


def test_an_archive_has_all_pages_and_what_is_sent_and_nothing_else(ui: Path) -> None:
    write(ui, "package.json", "{}")
    write(ui, "lib/a.js", "export const a = 1;\n")
    archive = packed(ui)
    sheets = {"css/page.css", "css/later.css", "css/older.css"}
    pages = {"index.html", "refused.html", "failed.html"}
    with zipfile.ZipFile(ui.parent / "ui.zip") as file:
        assert set(file.namelist()) == {"main.js", "version"} | sheets | pages
    assert (archive / "failed.html").read_text(encoding="utf-8") == "<p>{{reason}}"
    assert set(built(archive).files) == {"main.js"} | sheets


def test_a_library_may_be_called_as_a_file_is(ui: Path) -> None:
    write(ui, "main.js", "import { a } from './node_modules/a.js/b.js';\nconsole.log(a);\n")
    write(ui, "node_modules/a.js/b.js", "export const a = 1;\n")
    assert plain(built(packed(ui))) == plain(built(ui))


def test_a_damaged_archive_is_told(ui: Path) -> None:
    packed(ui)
    archive = ui.parent / "ui.zip"
    archive.write_bytes(archive.read_bytes().replace(b"console.log(1)", b"console.log(2)", 1))
    with pytest.raises(zipfile.BadZipFile, match="main.js"):
        built(zipfile.Path(archive))


def test_the_same_page_makes_the_same_archive(ui: Path) -> None:
    packed(ui)
    first = (ui.parent / "ui.zip").read_bytes()
    os.utime(ui / "main.js", (1, 1))
    packed(ui)
    assert (ui.parent / "ui.zip").read_bytes() == first


def test_emoji_are_read_from_an_archive_when_they_are_asked_for(ui: Path) -> None:
    write(ui, "emoji/de.json", '{"a": 1}')
    archive = packed(ui)
    page = built(archive)
    read = []

    def noted(entry: zipfile.Path) -> bytes:
        read.append(entry.at)
        return read_bytes(entry)

    read_bytes = zipfile.Path.read_bytes
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zipfile.Path, "read_bytes", noted)
        assert "emoji/de.json" in built(archive).files
        assert "emoji/de.json" not in read
        assert page.files["emoji/de.json"].plain == b'{"a": 1}'
        assert "emoji/de.json" in read


def test_a_page_that_cannot_be_joined_is_not_packed(ui: Path) -> None:
    write(ui, "main.js", "export default 1;\n")
    with pytest.raises(ValueError, match="cannot be joined"):
        pack(ui, ui.parent / "ui.zip")
    assert not (ui.parent / "ui.zip").exists()


def test_places_are_filled_by_name() -> None:
    assert filled("{{a}}{{b}}{{a}}", a="1", b="<2>") == "1<2>1"
