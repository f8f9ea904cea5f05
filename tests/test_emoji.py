"""The files of ui/emoji/ hold what the package has, in every language, and stay small."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

import emoji
from commands import ROOT
from hub.web.built_page import built

ALL = sorted(file.parent.name for file in emoji.DATA.glob("*/data.json"))
LOADED = 60 * 1024
"""Bytes of all that is loaded when emoji are first asked for, compressed."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "emoji"
    emoji.write(files=folder)
    return folder


def read(file: Path) -> dict[str, Any]:
    columns: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return columns


def made(data: list[dict[str, Any]], tmp_path: Path) -> dict[str, Any]:
    """The file of a package with these emoji."""
    package = tmp_path / "package"
    files = {
        "package.json": {"version": "1"},
        "en/shortcodes/github.json": {"1": ["one", "first"], "2": "two"},
        "en/shortcodes/emojibase.json": {"2": "deux", "3": "three"},
        "xx/data.json": data,
        "xx/messages.json": {
            "groups": [
                {"key": "faces", "message": "gesichter & mehr", "order": 0},
                {"key": "component", "message": "Teile", "order": 1},
            ],
            "skinTones": [
                {"key": key, "message": key.upper()}
                for key in ("dark", "light", "medium", "medium-dark", "medium-light")
            ],
        },
    }
    for name, content in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(json.dumps(content), "utf-8")
    emoji.write(package, tmp_path / "made")
    return read(tmp_path / "made" / "xx.json")


def one(number: int, **more: Any) -> dict[str, Any]:
    plain = {"hexcode": str(number), "emoji": str(number), "label": f"label {number}"}
    return {**plain, "version": 1, "type": 0, "group": 0, "order": number, **more}


@pytest.mark.parametrize("language", ALL)
def test_every_language_has_all_emoji_and_fits(language: str, files: Path) -> None:
    file = files / f"{language}.json"
    assert len(gzip.compress(file.read_bytes())) <= emoji.LARGEST < LOADED
    columns = read(file)
    texts = columns["emoji"].split("\n")
    assert len(set(texts)) == len(texts) > 1900
    assert {"😀", "❤️", "👩‍🚀", "🏴‍☠️", "🇩🇪", "1️⃣"} <= set(texts)
    for name in ("labels", "words", "codes", "marks"):
        assert columns[name].count("\n") == len(texts) - 1
    assert all(columns["labels"].split("\n"))
    assert all(columns["codes"].split("\n"))
    assert sum(count for _, _, count in columns["groups"]) == len(texts)
    assert len(columns["groups"]) == 9
    assert len(columns["tones"]) == 5


def test_all_that_is_loaded_for_emoji_is_small(files: Path) -> None:
    """The words of a language, and the modules for emoji, which come with the picker or before."""
    page = built(ROOT / "ui").files
    scripts = {name: file for name, file in page.items() if name.endswith(".js")}
    picker = scripts.pop("parts/emoji-picker.js").plain
    others = [file.plain for name, file in scripts.items() if name != "main.js"]
    modules = [part for script in others for part in re.split(rb"(?m)^(?=const \{ )", script)]
    heads = [(part.partition(b"\n")[0], part) for part in modules]
    named = [part for head, part in heads if b"emoji" in head.lower() and b"Field" not in head]
    assert len(named) >= 3, "emojiField is a button of two forms"
    code = len(gzip.compress(picker + b"".join(named)))
    data = max(len(gzip.compress(file.read_bytes())) for file in files.iterdir())
    assert code + data <= LOADED, f"{code} and {data} bytes"
    assert b"emoji-picker.js\n" not in scripts["main.js"].plain


def test_the_set_up_wrote_them_as_they_are(files: Path) -> None:
    there = {file.name: file.read_bytes() for file in emoji.FILES.iterdir()}
    assert there == {file.name: file.read_bytes() for file in files.iterdir()}
    assert len(there) == len(ALL) > 25


def test_an_emoji_is_found_by_words_that_its_label_lacks(tmp_path: Path) -> None:
    tags = ["rote Rose", "Rosen-Garten", "LABEL", "lab", "a", "garten"]
    columns = made([one(1, tags=tags), one(2)], tmp_path)
    assert columns["labels"] == "label 1\nlabel 2"
    assert columns["words"] == "rote rosen garten a\n"


def test_parts_of_emoji_are_left_out_and_the_rest_is_in_order(tmp_path: Path) -> None:
    part, loose = one(7, group=1), one(8)
    del loose["group"], loose["order"]
    columns = made([loose, one(3), part, one(2, version=13.1), one(1, skins=[{}])], tmp_path)
    assert columns["emoji"] == "1\n2\n3"
    assert columns["codes"] == "one first\ntwo\nthree"
    assert columns["marks"] == "t\n13.1\n"
    assert columns["groups"] == [["faces", "Gesichter & mehr", 3]]
    assert columns["tones"] == ["LIGHT", "MEDIUM-LIGHT", "MEDIUM", "MEDIUM-DARK", "DARK"]


def test_what_is_an_emoji_by_itself_is_not_told_to_be_one(tmp_path: Path) -> None:
    data = [
        one(1, emoji="👍\ufe0f", type=1),
        one(2, emoji="❤\ufe0f"),
        one(3, emoji="👯‍♂\ufe0f", type=1),
    ]
    assert made(data, tmp_path)["emoji"] == "👍\n❤\ufe0f\n👯‍♂\ufe0f"


def test_words_give_way_where_there_is_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = [one(1, tags=["alpha", "beta", "gamma"]), one(2, tags=["delta"])]
    assert made(data, tmp_path)["words"] == "alpha beta gamma\ndelta"
    whole = len(gzip.compress((tmp_path / "made" / "xx.json").read_bytes()))
    monkeypatch.setattr(emoji, "LARGEST", whole - 1)
    assert made(data, tmp_path)["words"] == "alpha beta\ndelta"


def test_git_does_not_keep_what_is_made() -> None:
    assert "/ui/emoji/" in (ROOT / ".gitignore").read_text("utf-8").split()
