"""What a file is called that somebody sends: a name that is readable and safe on every system.

Text in, text out: knows no folder.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from hub.names import DEVICES, visible

NAME_BYTES: Final = 240
"""Bytes of a name in UTF-8, at most: a file may have 255, and a number is put in where two files
have one name.
"""
EXTENSION_BYTES: Final = 16
"""Bytes of an extension, at most, with its dot: what is longer is cut as the rest of the name."""
NO_NAME: Final = "file"
"""The name of a file that has none."""
HARMLESS: Final = ".txt"
"""Put behind a name at the sight of which a system acts; most such files are text."""

# What a name is cut to before anything else, so that no work is done on a whole book.
_FIRST, _LAST = 768, 256
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
# Explorer and other file managers act on these, or show them as something else, as soon as the
# folder is opened: they fetch icons from other computers, run programs, or hide the extension.
_ACTING_NAMES = frozenset("autorun.inf desktop.ini ehthumbs.db folder.htt thumbs.db".split())
_ACTING_EXTENSIONS = frozenset(
    "appref-ms desklink deskthemepack desktop directory lnk local library-ms mapimail pif scf"
    " search-ms searchconnector-ms theme themepack url website zfsendtotarget".split()
)
_CLASS = re.compile(r"\{.*\}")  # of Windows' shell, as an extension
_EXTENSION = re.compile(r"(?:\.tar)?\.[^\W_][\w+-]*", re.IGNORECASE)
_NO_NAME = re.compile(r'\.{0,2}|.*[<>:"/\\|?*\0].*', re.DOTALL)
_JOINERS = "\u200c\u200d"
# What `visible` lets stand although file systems may skip it as they compare names.
_SKIPPED = re.compile(f"[{_JOINERS}\ufe0f\U000e0020-\U000e007f]")


def safe_name(given: str) -> str:
    """The name of a file that its sender calls `given`, whatever that is: a path, or nothing.

    The result is in NFC, has 1 to 240 bytes in UTF-8 and is its own safe name. It keeps letters
    and emoji of every script and its extension. It has no character that does not show or that
    Windows forbids ('_' stands for these), no dots or spaces at its ends (trailing or leading),
    means no device of Windows ('_' comes before it), and makes no system act on it: '.txt' follows
    desktop.ini, shortcuts and the like.
    """
    parts = [x for x in re.split(r"[/\\]", given) if x.strip(" .")]
    name = parts[-1] if parts else ""
    if len(name) > _FIRST + _LAST:
        name = name[:_FIRST] + name[-_LAST:]
    for _ in range(16):
        name, before = _safer(name), name
        if name == before:
            return name
    return NO_NAME


def is_plain(name: str) -> bool:
    """Whether a name can be that of a file in a given folder: it leads nowhere else."""
    return not _NO_NAME.fullmatch(name)


def numbered(name: str, number: int) -> str:
    """The safe name with a number before its extension: 'report (2).pdf', 'archive (2).tar.gz'.

    With a number of at most 11 digits it has at most 255 bytes.
    """
    stem, extension = _split(name)
    return f"{stem.rstrip(' ')} ({number}){extension}"


def folded(name: str) -> str:
    """The key under which two safe names are one file, on some system: without case, composition
    and what is skipped as names are compared.
    """
    name = unicodedata.normalize("NFD", _SKIPPED.sub("", name))
    for _ in range(3):
        name = unicodedata.normalize("NFD", name.upper().casefold())
    return name


def _safer(name: str) -> str:
    """One step towards a safe name; the one after the last step changes nothing."""
    name = visible(" ".join(unicodedata.normalize("NFC", name).split()))
    name = _without_loose_ends(_FORBIDDEN.sub("_", name))
    if not name:
        return NO_NAME
    if _means_device(name):
        name = f"_{name}"
    name = _cut(name, NAME_BYTES)
    return _shortened(name, NAME_BYTES - len(HARMLESS)) + HARMLESS if _acts(name) else name


def _without_loose_ends(name: str) -> str:
    """Without dots and spaces around it, nor marks that have nothing before them to stand on."""
    name = name.rstrip(". ").lstrip(". ")
    while name and unicodedata.category(name[0])[0] == "M":
        name = name[1:].lstrip(". ")
    return name


def _means_device(name: str) -> bool:
    stem = unicodedata.normalize("NFKC", name.partition(".")[0])
    return stem.rstrip(" ").casefold() in DEVICES


def _acts(name: str) -> bool:
    """Whether some system does more than show the name where it opens the folder."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    extension = plain.rpartition(".")[2] if "." in plain else ""
    return (
        plain in _ACTING_NAMES
        or extension in _ACTING_EXTENSIONS
        or _CLASS.fullmatch(extension) is not None
    )


def _split(name: str) -> tuple[str, str]:
    """A name's stem and its extension with the dot, '' where it has none; .tar.gz is one."""
    at = name.rfind(".")
    if name[:at].lower().endswith(".tar"):
        at -= len(".tar")
    extension = name[at:] if at > 0 else ""
    if not _EXTENSION.fullmatch(extension) or len(extension.encode()) > EXTENSION_BYTES:
        return name, ""
    return name[:at], extension


def _cut(name: str, most: int) -> str:
    """The name in at most so many bytes, with its extension."""
    if len(name.encode()) <= most:
        return name
    stem, extension = _split(name)
    return _shortened(stem, most - len(extension.encode())) + extension


def _shortened(text: str, most: int) -> str:
    """The beginning of a text in at most so many bytes, ending with a whole sign if it can."""
    if len(text.encode()) <= most:
        return text
    end = len(text.encode()[:most].decode(errors="ignore"))
    whole = next((at for at in range(end, 0, -1) if _may_part(text, at)), end)
    return text[:whole].rstrip(". ") or text[:end]


def _may_part(text: str, at: int) -> bool:
    """Whether what is before `at` and what follows are not parts of one sign.

    This is what UAX 29 says of grapheme clusters, as far as it matters in a name.
    """
    before, after = text[at - 1], text[at]
    if unicodedata.category(after)[0] == "M" or after in _JOINERS or before == _JOINERS[1]:
        return False
    if unicodedata.combining(before) == 9 or after in "\u0e33\u0eb3":  # viramas; am of Thai, Lao
        return False
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return False  # colours of skin; the tags of a flag
    if "\u1160" <= after <= "\u11ff" or "\ud7b0" <= after <= "\ud7ff":
        return False  # vowels and endings of old Hangul
    start = at
    while start and "\U0001f1e6" <= text[start - 1] <= "\U0001f1ff":
        start -= 1
    regional = "\U0001f1e6" <= after <= "\U0001f1ff"  # two of these are a flag
    return not (regional and (at - start) % 2)
