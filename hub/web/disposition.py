"""Content-Disposition: what a file is called, by RFC 6266 and RFC 8187."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal
from urllib.parse import quote, unquote

from werkzeug.http import dump_options_header, parse_options_header

HEADER_CHARACTERS: Final = 4096
"""Characters of a header that is read, at most."""

_PLAIN = re.compile(r"[ !#-$&-\[\]-~]*")  # without what some clients decode: % \ "
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_EXTENDED = re.compile(
    r";[ \t]*filename\*[ \t]*=[ \t]*(utf-8|iso-8859-1)'[^';]*'([^'; \t]+)", re.IGNORECASE
)


def content_disposition(kind: Literal["inline", "attachment"], name: str) -> str:
    """The header's value for a file of this name, whatever its script.

    A name that is not plain ASCII comes twice: for old clients with '_' for what they may misread.
    """
    if _PLAIN.fullmatch(name):
        return dump_options_header(kind, {"filename": name})
    letters = "".join(
        x for x in unicodedata.normalize("NFKD", name) if not unicodedata.combining(x)
    )
    plain = re.sub(r'[^ -~]+|[%\\"]', "_", letters)
    extended = quote(name, safe="!#$&+-.^_`|~", errors="replace")
    return dump_options_header(kind, {"filename": plain, "filename*": f"UTF-8''{extended}"})


def filename_of(header: str) -> str | None:
    """The name that a Content-Disposition gives, as it is: it may be a path, or hold anything.

    The header is as WSGI has it, each byte a character. None where it gives none.
    """
    if len(header) > HEADER_CHARACTERS:
        return None
    # Werkzeug lets the last of filename and filename* win; by RFC 6266 it is the latter.
    if found := _EXTENDED.search(_QUOTED.sub('""', header)):
        return unquote(found[2], encoding=found[1])
    name = parse_options_header(header)[1].get("filename")
    return _decoded(name) if name else None


def _decoded(name: str) -> str:
    """The name, where its bytes are UTF-8 that was put into the header as it is."""
    try:
        return name.encode("latin-1").decode()
    except UnicodeError:
        return name
