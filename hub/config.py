"""The settings: one table that gives their defaults, checks and help."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, NamedTuple

from hub.errors import CannotStart, Usage
from hub.store import disk

SETTINGS_BYTES: Final = 1 << 20
"""Maximum bytes of settings.toml."""

_UNITS = {"": 1, "b": 1}
_UNITS |= {f"{k}{i}": 1024**p for p, k in enumerate("kmgt", 1) for i in ("", "b", "ib")}
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class _Row(NamedTuple):
    """One row of the table; `size` means bytes, which may be given with a unit."""

    default: Any
    doc: str
    size: bool = False
    choices: tuple[str, ...] = ()


def _row(default: Any, doc: str, **more: Any) -> Any:
    return field(default=default, metadata={"row": _Row(default, doc, **more)})


@dataclass(frozen=True)
class Settings:
    """What an operator may change. A limit of 0 means no limit."""

    message_rate: float = _row(10.0, "messages a second that one person may send")
    connections_per_address: int = _row(64, "connections at a time from one address")
    connections: int = _row(10_000, "connections at a time in all")
    message_bytes: int = _row(16 * 1024, "size of one message", size=True)
    file_bytes: int = _row(1024**3, "size of one attached file", size=True)
    files_bytes: int = _row(0, "size of all attached files together", size=True)
    hub_code: str = _row("", "a code that everybody gives to come in; empty: open to all")
    accounts: str = _row("open", "who may come in", choices=("open", "login"))
    announce: bool = _row(True, "make the hub known on the local network")
    names: str = _row("", "further host names the hub answers to, separated by commas")
    updates: str = _row("", "an address to ask for the latest release once a day; empty: never")
    given: frozenset[str] = frozenset()
    """The names of the settings that were set, even if to their defaults."""


def load(
    folder_file: Path | None, environ: Mapping[str, str], assignments: Sequence[str]
) -> Settings:
    """Return the settings: the command line wins, then the environment, then the file.

    `folder_file` is the folder's settings.toml, which may be missing; `assignments` are the
    KEY=VALUE of the command line. Raises Usage for the command line, CannotStart for the others.
    """
    values = _from_file(folder_file) if folder_file else {}
    for name, row in _ROWS.items():
        variable = f"HEARTH_{name.upper()}"
        if variable in environ:
            try:
                values[name] = _value(row, environ[variable])
            except ValueError as wrong:
                raise CannotStart(
                    f"The environment variable {variable} {wrong}. Change or unset it."
                ) from None
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        name = name.strip()
        if not equals:
            raise Usage(f"--set takes KEY=VALUE, not {assignment!r}.")
        if name not in _ROWS:
            raise Usage(f"There is no setting {name!r}. There are: {', '.join(_ROWS)}.")
        try:
            values[name] = _value(_ROWS[name], text)
        except ValueError as wrong:
            raise Usage(f"--set {name} {wrong}.") from None
    return Settings(**values, given=frozenset(values))


def describe() -> str:
    """Return the settings as a table in plain text: name, default, meaning."""
    rows = [(name, _default(row), _meaning(row)) for name, row in _ROWS.items()]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"{name:{widths[0]}}  {value:{widths[1]}}  {doc}" for name, value, doc in rows)


def _from_file(file: Path) -> dict[str, Any]:
    """Read settings.toml; a missing file sets nothing."""
    try:
        text = disk.read_file(file, SETTINGS_BYTES).decode("utf-8-sig")
        found = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except OSError as wrong:
        raise CannotStart(f"{file} cannot be read: {wrong.strerror}. Mend or remove it.") from wrong
    except UnicodeDecodeError:
        raise CannotStart(f"{file} is not UTF-8 text. Save it as UTF-8 or remove it.") from None
    except tomllib.TOMLDecodeError as wrong:
        raise CannotStart(f"{file} is not valid TOML: {wrong}. Mend or remove it.") from None
    values = {}
    for name, value in found.items():
        where = f"{file}{_line(text, name)}"
        if name not in _ROWS:
            raise CannotStart(f"{where}: there is no setting {name!r}. Remove it.")
        try:
            values[name] = _value(_ROWS[name], value)
        except ValueError as wrong:
            raise CannotStart(f"{where}: {name} {wrong}. Change or remove it.") from None
    return values


def _line(text: str, name: str) -> str:
    """Return ', line N' for the line of a TOML text that sets `name`, or ''."""
    start = re.compile(rf"""\s*\[*\s*["']?{re.escape(name)}["']?\s*[=.\]]""")
    for number, line in enumerate(text.splitlines(), 1):
        if start.match(line):
            return f", line {number}"
    return ""


def _value(row: _Row, given: Any) -> Any:
    """Convert text, or a value from TOML, to the row's type; ValueError says what is expected."""
    kind = type(row.default)
    if isinstance(given, str):
        given = given.strip()
    if kind is bool:
        return _boolean(given)
    if kind is str:
        return _text(given, row.choices)
    if row.size:
        return _size(given)
    return _number(given, kind)


def _boolean(given: Any) -> bool:
    if isinstance(given, bool):
        return given
    word = str(given).lower()
    if word not in _WORDS:
        raise ValueError("must be true or false")
    return _WORDS[word]


def _text(given: Any, choices: tuple[str, ...]) -> str:
    if not isinstance(given, str):
        raise ValueError("must be text in quotes")
    if choices and given not in choices:
        raise ValueError(f"must be {' or '.join(choices)}")
    return given


def _size(given: Any) -> int:
    match = re.fullmatch(r"(\d{1,18}(?:\.\d{1,9})?)\s*([a-z]*)", str(given).lower(), re.ASCII)
    if not match or match[2] not in _UNITS:
        raise ValueError("must be a size such as 16384, '16 KiB' or '1 GiB', or 0 for no limit")
    number = float(match[1]) if "." in match[1] else int(match[1])
    return int(number * _UNITS[match[2]])


def _number(given: Any, kind: type) -> Any:
    try:
        if isinstance(given, bool):
            raise ValueError
        number = float(given)
        if not math.isfinite(number) or number < 0 or kind(number) != number:
            raise ValueError
    except (TypeError, ValueError):
        wanted = "a whole number" if kind is int else "a number"
        raise ValueError(f"must be {wanted}, 0 for no limit") from None
    return kind(number)


def _default(row: _Row) -> str:
    if row.size:
        value: int = row.default
        power = min(max(value.bit_length() - 1, 0) // 10, 4)
        return f"{value >> 10 * power} {('B', 'KiB', 'MiB', 'GiB', 'TiB')[power]}"
    if isinstance(row.default, bool):
        return str(row.default).lower()
    return f"{row.default:g}" if isinstance(row.default, float) else str(row.default) or "(empty)"


def _meaning(row: _Row) -> str:
    return f"{row.doc} ({' or '.join(row.choices)})" if row.choices else row.doc


_ROWS: dict[str, _Row] = {x.name: x.metadata["row"] for x in fields(Settings) if x.metadata}
