"""The man page, written from what the program says of its own options, so that it stays true."""

from __future__ import annotations

import re
import time
from typing import Final

from commands import Failed
from product import ABOUT, NAME, PROGRAM, SUMMARY, VERSION

HELP: Final = {"COLUMNS": "1000", "LANGUAGE": "C", "NO_COLOR": "1"}
"""The environment in which the program says each option in a line of its own."""


def page(told: str, seconds: int) -> str:
    """hearth(1) in the language of man pages (man(7)).

    `told` is the program's help, `seconds` since 1970 the time of the release. Raises Failed where
    the help is not what argparse writes.
    """
    options = _rows(told, "positional arguments:") + _rows(told, "options:")
    settings = _rows(told, "settings:", columns=3)
    day = time.strftime("%Y-%m-%d", time.gmtime(seconds))
    parts = [
        f'.TH {PROGRAM.upper()} 1 "{day}" "{NAME} {_safe(VERSION)}" "User Commands"',
        f".SH NAME\n{PROGRAM} \\- {_safe(SUMMARY[0].lower() + SUMMARY[1:])}",
        f".SH SYNOPSIS\n.B {PROGRAM}",
        *(f"[{_marked(names.rpartition(', ')[2])}]" for names, _ in options),
        ".SH DESCRIPTION\n" + "\n.PP\n".join(map(_safe, ABOUT)),
        ".SH OPTIONS",
        *(
            f".TP\n{', '.join(map(_marked, names.split(', ')))}\n{_safe(means)}"
            for names, means in options
        ),
        ".SH SETTINGS\nThey are given by \\fB\\-\\-set\\fR, or in the file "
        "\\fIhub/settings.toml\\fR of the hub's folder.",
        *(
            f".TP\n\\fB{_safe(name)}\\fR ({_safe(value.strip('()'))})\n{_safe(means)}"
            for name, value, means in settings
        ),
        f".SH FILES\n.TP\n.I ~/.local/share/{PROGRAM}/rooms\nAll rooms, files and settings, where "
        "no other folder is named. It stays when Hearth is removed.",
    ]
    return "\n".join(parts) + "\n"


def _rows(told: str, head: str, columns: int = 2) -> list[tuple[str, ...]]:
    """The lines below a heading, each cut where two spaces stand."""
    _, found, after = told.partition(f"\n{head}\n")
    lines = after.split("\n\n")[0].splitlines()
    rows = [tuple(re.split(r" {2,}", line.strip(), maxsplit=columns - 1)) for line in lines]
    if not found or any(len(row) != columns for row in rows):
        raise Failed(f"the program's help has no rows of {columns} below {head!r}:\n{told}")
    return rows


def _marked(option: str) -> str:
    """An option in bold, what it takes in italics."""
    name, _, value = option.partition(" ")
    if not name.startswith("-"):
        return rf"\fI{_safe(name)}\fR"
    return rf"\fB{_safe(name)}\fR" + (rf" \fI{_safe(value)}\fR" if value else "")


def _safe(text: str) -> str:
    """A text in which roff takes nothing for a command."""
    return re.sub(r"^([.'])", r"\\&\1", text.replace("\\", r"\e").replace("-", r"\-"))
