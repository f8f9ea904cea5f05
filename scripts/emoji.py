"""Writes ui/emoji/: what the page knows of emoji, one file for each language.

The set-up does it, of the package emojibase-data, which has all that Unicode says of them and is
twelve times as large. A file has columns in place of objects: an emoji is a line in each, which
makes it a tenth smaller once compressed.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from pathlib import Path
from typing import Any, Final, NamedTuple

from commands import ROOT

DATA: Final = ROOT / "ui" / "node_modules" / "emojibase-data"
FILES: Final = ROOT / "ui" / "emoji"
LARGEST: Final = 54 * 1024
"""Bytes of a file, compressed: with the parts of the page that show it, they are 60 KiB."""
OLD: Final = 12
"""The version of emoji, of 2019, up to which every browser that the page runs in draws all."""

_AS_EMOJI: Final = "\ufe0f"
_IS_EMOJI: Final = 1  # the type of those that are emoji without that
_COMPONENTS: Final = "component"  # tones and hair, which stand in other emoji


class Emoji(NamedTuple):
    """One emoji in one language."""

    text: str
    label: str
    words: list[str]  # by which it is found besides its label
    codes: list[str]
    version: float
    toned: bool
    group: str


def write(data: Path = DATA, files: Path = FILES) -> None:
    """Write the file of each language that the package in `data` has; raises OSError."""
    files.mkdir(exist_ok=True)
    codes = [_read(data / "en" / "shortcodes" / f"{name}.json") for name in ("github", "emojibase")]
    for source in sorted(data.glob("*/data.json")):
        messages = _read(source.with_name("messages.json"))
        content = _fitting(_emoji(_read(source), messages, codes), messages)
        (files / f"{source.parent.name}.json").write_bytes(content)


def _fitting(emoji: list[Emoji], messages: Any) -> bytes:
    """A file with as many words of each emoji as there is room for."""
    most = max(len(x.words) for x in emoji)
    while True:
        content = json.dumps(_columns(emoji, messages, most), ensure_ascii=False).encode()
        if len(gzip.compress(content)) <= LARGEST:
            return content
        most -= 1


def _columns(emoji: list[Emoji], messages: Any, most: int) -> dict[str, Any]:
    groups = [x.group for x in emoji]
    names = {x["key"]: _title(x["message"]) for x in messages["groups"]}
    tones = {x["key"]: _title(x["message"]) for x in messages["skinTones"]}
    order = ("light", "medium-light", "medium", "medium-dark", "dark")
    marks = [f"{f'{x.version:g}' if x.version > OLD else ''}{'t' * x.toned}" for x in emoji]
    return {
        "groups": [[key, names[key], groups.count(key)] for key in dict.fromkeys(groups)],
        "tones": [tones[key] for key in order],
        "emoji": "\n".join(x.text for x in emoji),
        "labels": "\n".join(x.label for x in emoji),
        "words": "\n".join(" ".join(x.words[:most]) for x in emoji),
        "codes": "\n".join(" ".join(x.codes) for x in emoji),
        "marks": "\n".join(marks),
    }


def _emoji(data: Any, messages: Any, codes: list[dict[str, Any]]) -> list[Emoji]:
    """All emoji in the order of keyboards, without those that only stand in others."""
    groups = {x["order"]: x["key"] for x in messages["groups"]}
    return [
        Emoji(
            _text(x["emoji"], x["type"]),
            x["label"],
            _words(x["label"], x.get("tags", ())),
            next((_list(known[x["hexcode"]]) for known in codes if x["hexcode"] in known), []),
            x["version"],
            "skins" in x,
            groups[x["group"]],
        )
        for x in sorted(data, key=lambda x: x.get("order", 0))
        if groups.get(x.get("group"), _COMPONENTS) != _COMPONENTS
    ]


def _text(emoji: str, kind: int) -> str:
    """An emoji as Unicode lists it: one sign that is an emoji by itself need not be told so."""
    alone = kind == _IS_EMOJI and len(emoji) == len("x" + _AS_EMOJI)
    return emoji.removesuffix(_AS_EMOJI) if alone else emoji


def _words(label: str, tags: list[str]) -> list[str]:
    """The words of the tags, without those with which another one begins: that finds them too."""
    known = _split(label)
    words = list(dict.fromkeys(word for tag in tags for word in _split(tag)))
    words = [x for x in words if not any(y.startswith(x) for y in known)]
    return [x for x in words if not any(y != x and y.startswith(x) for y in words)]


def _split(text: str) -> list[str]:
    """The words of a text in small letters; vowel signs and the like belong to their word."""
    bare = unicodedata.normalize("NFC", text.lower())
    return [x for x in re.split(r"[\s,:;()“”„\"'’/&_-]+", bare) if x]


def _title(words: str) -> str:
    return words[:1].upper() + words[1:]


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    write()
