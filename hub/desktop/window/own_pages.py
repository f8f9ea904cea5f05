"""The pages of the program itself: while the hub starts, and where it cannot."""

from __future__ import annotations

import os
import platform
import re
from html import escape
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

from hub import __version__
from hub.desktop import frozen
from hub.errors import CannotStart

LOG_LINES: Final = 40
"""Lines of the log, from its end, among the details."""
LOG_BYTES: Final = 1 << 14
"""Bytes of the log that they are looked for in."""

PLAIN: Final = """\
<!doctype html>
<meta charset="utf-8">
<title>{}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<pre style="white-space: pre-wrap; overflow-wrap: anywhere">{}</pre>
"""
"""The page of a failure where the one with the program cannot be read: a title, and details."""


def starting() -> str:
    """The page while the hub starts, as HTML."""
    return _page("starting.html")


def failed(reason: str, log: Path | None) -> str:
    """The page where the hub could not start, as HTML.

    `reason` is a line that says why and what to do; `log` is the hub's log, which may not be there
    yet.
    """
    advice = "Nothing that was said is lost. Put this right, then start Hearth again."
    return _failure("Hearth could not start", reason, advice, log)


def broken(reason: str, log: Path | None) -> str:
    """The page where something in Hearth went wrong, as HTML; arguments as of `failed`."""
    return _failure(
        "Something went wrong in Hearth", reason, "The details help whoever mends it.", log
    )


def details(reason: str, log: Path | None) -> str:
    """What somebody who helps needs to know: version, system, program, reason, end of the log."""
    lines = [
        f"Hearth {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"Program: {frozen.PROGRAM}",
        reason,
    ]
    if log is not None and log.exists():
        lines += ["", f"{log}:", *_last_lines(log)]
    return "\n".join(lines)


def _failure(title: str, reason: str, advice: str, log: Path | None) -> str:
    told = details(reason, log)
    try:
        return _page("failed.html", title=title, reason=reason, advice=advice, details=told)
    except (CannotStart, OSError, KeyError, BadZipFile):  # the program itself is damaged
        return PLAIN.format(escape(title), escape(told))


def _last_lines(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - LOG_BYTES))
            text = file.read(LOG_BYTES).decode("utf-8", "replace")
    except OSError as error:
        return [f"(cannot be read: {error.strerror or error})"]
    return text.splitlines()[-LOG_LINES:] or ["(empty)"]


def _page(name: str, **values: str) -> str:
    """A page of ui/, with the mark and `values`, which are texts, in their places."""
    ui = frozen.ui()
    page = (ui / name).read_text(encoding="utf-8")
    mark = (ui / "mark.svg").read_text(encoding="utf-8").partition(">")[2].rpartition("</svg>")[0]
    filled = {"mark": mark, **{key: escape(value) for key, value in values.items()}}
    return re.sub(r"\{\{(\w+)\}\}", lambda place: filled[place[1]], page)
