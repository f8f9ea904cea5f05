"""What rooms and people may be called, and which names are confusable.

Knows no folder and no hub: text in, text out, or Refused with a reason that a page may show.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache, wraps

from hub.errors import Refused

ROOM_CHARACTERS = 64
"""Characters of a room's name, at most."""
ROOM_BYTES = 200
"""Bytes of a room's name in UTF-8, at most: a file's name, with its suffix, may have 255."""
PERSON_CHARACTERS = 40
"""Characters of a person's name, at most."""

# Addresses and files that Hearth needs for itself, now or in future.
_RESERVED = frozenset(
    "about admin api assets favicon.ico files get health help host hub invite join login logout"
    " manifest.webmanifest readme robots.txt settings static sw.js".split()
)
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
DEVICES = frozenset(
    "con prn aux nul conin$ conout$ clock$".split()
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in range(10)]
)
"""Names that mean a device on Windows, in lower case and NFKC: with any extension, too."""
_SPACES = "".join(map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
_JOINERS = "\u200c\u200d"
_EMOJI_STYLE = "\ufe0f"
_KEYCAP = "\u20e3"
_EMOJI_SIGNS = "‼⁉ℹ〰"  # emoji that Unicode counts as punctuation or letters
# England, Scotland, Wales and other regions: a black flag, then the region's code in tags.
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
# Shown as nothing although they count as letters, marks or symbols; Unicode calls most of them
# Default_Ignorable_Code_Point, and some file systems skip them when they compare names.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc"
    "\U00016fe4\U0001d159\U000e0000-\U000e0fff]"
)


def _cached(most: int) -> Callable[[Callable[[str], str]], Callable[[str], str]]:
    """Cache `most` results for short texts; long ones are no names, and would fill the memory."""

    def decorated(work: Callable[[str], str]) -> Callable[[str], str]:
        known = lru_cache(most)(work)

        @wraps(work)
        def given(text: str) -> str:
            return known(text) if len(text) <= ROOM_CHARACTERS else work(text)

        return given

    return decorated


@_cached(1024)
def room_name(text: str) -> str:
    """The canonical name of the room that `text` means.

    Spaces around it are dropped, other spaces become '-'. The result is in NFC and lower case,
    and is its own canonical name. Raises Refused (404) for a name that no room can have.
    """
    text = text.strip(_SPACES)
    # No accepted name is longer before it is composed; this keeps the work below small.
    if len(text) > 8 * ROOM_CHARACTERS:
        raise _bad_room(f"The name is too long: {ROOM_CHARACTERS} characters at most.")
    room = _lower(text.translate(_HYPHENS))
    _check_room(room)
    return room


def file_name(room: str) -> str:
    """The name of the file of `room`, which is a canonical name."""
    return f"{room}.jsonl"


def room_of_file(name: str) -> str | None:
    """The room whose `file_name` is `name`, or None where no room's file has that name."""
    name = unicodedata.normalize("NFC", name)
    try:
        room = room_name(name.removesuffix(".jsonl"))
    except Refused:
        return None
    return room if file_name(room) == name else None


@_cached(1024)
def person_name(text: str) -> str:
    """The name of a person as it is shown: NFC, trimmed, runs of spaces made one space.

    Every script is welcome, and so is markup, which is text like any other. Raises Refused (422)
    for what is empty, too long, or holds something that does not show.
    """
    if len(text) > 100 * PERSON_CHARACTERS:
        raise _bad_person(f"The name is too long: {PERSON_CHARACTERS} characters at most.")
    name = re.sub(f"[{_SPACES}]+", " ", unicodedata.normalize("NFC", text)).strip(" ")
    if not name:
        raise _bad_person("Please give a name.")
    if len(name) > PERSON_CHARACTERS:
        raise _bad_person(f"The name is too long: {PERSON_CHARACTERS} characters at most.")
    if unicodedata.category(name[0])[0] == "M":
        raise _bad_person("A name cannot begin with an accent or other mark.")
    if not shows(name):
        raise _bad_person("The name holds a character that does not show. Please type it anew.")
    return name


def shows(text: str) -> bool:
    """Whether a line of text has visible characters and no invisible ones."""
    text = _FLAG.sub("\U0001f3f4", text)
    return text.strip(_SPACES) != "" and all(_shows(*x) for x in _neighbours(text))


def visible(text: str) -> str:
    """A line of text without its characters that do not show. `visible` of that may drop more."""
    flags = {i for flag in _FLAG.finditer(text) for i in range(*flag.span())}
    neighbours = enumerate(_neighbours(text))
    return "".join(x[1] for i, x in neighbours if i in flags or _shows(*x))


@_cached(16_384)  # of all who are here: a crowd that leaves at once asks for each
def skeleton(name: str) -> str:
    """What is left of a name without all that readers overlook.

    Two names with one skeleton look the same, and only one person may bear them. Ignored are
    case, width and style of letters, spaces, punctuation, what is invisible, and marks below or
    across a letter; letters and digits that look alike (Latin, Cyrillic, Greek, Armenian,
    Cherokee, i/l/1, o/0, rn/m) are folded one by one. Accents above stay: 'José' is not 'Jose'.
    """
    if any("a" <= c <= "z" for c in unicodedata.normalize("NFKD", name).lower()):
        # Among Latin letters a small foreign one is chosen for how it looks when small.
        name = name.translate(_SMALL)
    plain = _settle(name, lambda s: unicodedata.normalize("NFKC", s).casefold())
    plain = unicodedata.normalize("NFD", plain).replace("i\u0307", "i")
    kept = [
        _LOOKS.get(c, c)
        for c in map(_digit, plain)
        if not _overlooked(c) and unicodedata.category(c) != "Lm"
    ]
    return unicodedata.normalize("NFC", "".join(kept)) or plain


def folded(text: str) -> str:
    """A text without case, accents and other marks, to look for a part of a name in names."""
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFKD", text).translate(_marks()).casefold()


@cache
def _marks() -> dict[int, None]:
    """Accents and other marks, for `translate`; all but selectors of variants are below 0x1f000."""
    return {c: None for c in range(0x300, 0x1F000) if unicodedata.category(chr(c))[0] == "M"}


def _check_room(room: str) -> None:
    """Raises Refused for what is no room's name; `room` is lower-case NFC without spaces."""
    if not room:
        raise _bad_room("A room needs a name.")
    if len(room) > ROOM_CHARACTERS:
        raise _bad_room(f"The name is too long: {ROOM_CHARACTERS} characters at most.")
    if room in _RESERVED:
        raise _bad_room(f"Hearth needs the address '{room}' itself. Please choose another name.")
    if unicodedata.normalize("NFKC", room).partition(".")[0] in DEVICES:
        raise _bad_room(f"'{room}' means a device on some computers. Please choose another name.")
    if room[0] in ".-":
        raise _bad_room("A room's name cannot begin with a dot or a hyphen.")
    if unicodedata.category(room[0])[0] == "M":
        raise _bad_room("A room's name cannot begin with an accent or other mark.")
    for character in room:
        _check_room_character(character)
    if len(room.encode()) > ROOM_BYTES:
        raise _bad_room(
            f"The name is too long for a file: {ROOM_BYTES} bytes at most, and letters of many"
            " scripts take two to four bytes each."
        )


def _check_room_character(character: str) -> None:
    if character in "/\\:":
        raise _bad_room(f"A room's name cannot hold '{character}'.")
    category = unicodedata.category(character)
    if category[0] in "CZ" or _INVISIBLE.match(character):
        raise _bad_room("The name holds a character that does not show. Please type it anew.")
    if character not in "-_" and category[0] not in "LN" and category not in ("Mn", "Mc"):
        raise _bad_room(f"A room's name has letters, digits, '-' and '_' only, not '{character}'.")


def _lower(text: str) -> str:
    """Lower the case so that doing it again changes nothing and a word has one spelling."""

    def once(text: str) -> str:
        # 'ς' and 'σ' are one letter to a file system: the place in the word decides which.
        text = unicodedata.normalize("NFC", text).replace("ς", "Σ").replace("σ", "Σ")
        return unicodedata.normalize("NFC", text.lower())

    return _settle(text, once)


def _settle(text: str, step: Callable[[str], str]) -> str:
    """Repeat `step` until it changes nothing; every known text takes three steps at most."""
    for _ in range(8):
        text, before = step(text), text
        if text == before:
            return text
    raise Refused("name_invalid", "The name cannot be put into one spelling.", 422)


def _neighbours(name: str) -> Iterator[tuple[str, str, str]]:
    """Each character with the one before and the one after it ('' at the ends)."""
    return zip(["", *name], name, [*name[1:], ""])


def _shows(before: str, character: str, after: str) -> bool:
    """Whether a character of a line of text is visible, or shapes its neighbours."""
    if character in _JOINERS:
        # Persian and Indic words and family emoji need them, but only inside, or after a virama.
        inside = all(c and unicodedata.category(c)[0] in "LMS" for c in (before, after))
        return inside or (before != "" and unicodedata.combining(before) == 9)
    if character == _EMOJI_STYLE:
        emoji = before != "" and (before in _EMOJI_SIGNS or unicodedata.category(before)[0] == "S")
        return emoji or after == _KEYCAP
    category = unicodedata.category(character)
    return category[0] != "C" and category not in ("Zl", "Zp") and not _INVISIBLE.match(character)


def _digit(character: str) -> str:
    """A decimal digit of any script as 0 to 9, anything else as it is."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _overlooked(character: str) -> bool:
    """Whether readers overlook a (decomposed) character of a name."""
    category = unicodedata.category(character)
    if category[0] in "CPZ" or category == "Sk" or character == "\u0640":
        return True
    below_or_across = unicodedata.combining(character) in (1, 220)
    return below_or_across or _INVISIBLE.match(character) is not None


def _bad_room(why: str) -> Refused:
    return Refused("room_name", why, 404)


def _bad_person(why: str) -> Refused:
    return Refused("name_invalid", why, 422)


def _pairs(table: str) -> Iterator[tuple[str, str]]:
    """Read 'a=αа b=вβ': each character after an equals sign, with the one it looks like."""
    for entry in table.split():
        plain, _, alike = entry.partition("=")
        for character in alike:
            yield character, plain


_HYPHENS = str.maketrans(dict.fromkeys(_SPACES, "-"))
# Looked up after case folding, so that the shape of the capital counts too. Judged by eye, with
# Unicode's confusables (UTS 39) as the checklist; Lisu and small capitals come last.
_LOOKS = dict(
    _pairs(
        "a=αаɑᎪꓮᴀ b=βвьᏴᏏꓐʙ c=сϲᏟꓚᴄ d=ԁᎠꓓᴅ e=εеєᎬꓰᴇ f=ϝքꓝꜰ g=ɡցᏀꓖɢ h=ηнһհᎻꓧʜ j=јյϳᎫꓙᴊ"
        " k=κкᏦꓗᴋ l=1i|ιіӏıłǀլᏞꓡꓲʟɪ o=0оοօסꓳᴏ n=νпոռᏁꓠɴ p=ρрᏢꓑᴘ q=ԛզ r=гᎡᏒꓣʀ s=ѕտᏚꓢꜱ"
        " t=τтᎢꓔᴛ u=սυꓴᴜ v=ѵᏙꓦᴠ vv=wωшԝᎳꓪᴡ rn=mμмᎷꓟᴍ x=χхᕁꓫ y=уүγᎩꓬʏ z=ζᏃꓜᴢ 3=зэʒӡ"
        " ی=يىې ک=ك ه=ہھ ヘ=へ カ=力 ロ=口 ー=一 ニ=二 エ=工 ハ=八 タ=夕 ト=卜"
    )
)
_SMALL = str.maketrans(dict(_pairs("v=ν n=η u=μ")))
