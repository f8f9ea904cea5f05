"""What kind of file somebody sent: its media type, by its first bytes and its name.

A browser shows only what both agree on; everything else is offered for download.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Final

HEAD_BYTES: Final = 65_536
"""How much of a file's beginning is looked at."""
UNKNOWN: Final = "application/octet-stream"
TEXT: Final = "text/plain"
PDF: Final = "application/pdf"
SHOWN: Final = frozenset(
    "image/png image/jpeg image/gif image/webp image/avif video/mp4 video/webm"
    " audio/mpeg audio/ogg audio/mp4 audio/wav audio/webm".split()
)
"""Pictures, films and sounds that a page shows."""

# Plain text to a reader and to a browser. What a browser would run or lay out, as HTML, SVG and
# all XML, is not among them, not even as the text that it is.
_TEXT_EXTENSIONS = frozenset(
    "adoc applescript asc asm awk bas bash bat bib c cc cfg clj cmake cmd cnf coffee conf cpp cr cs"
    " css csv cxx d dart diff dockerfile ebuild edn eex el elm env erl ex exs f f90 fish for fs"
    " fsx gitignore glsl go gradle graphql groovy h hcl hh hlsl hpp hrl hs hxx idl ini ino ipynb"
    " java jl js json json5 jsonc jsonl jsx kt kts less lhs lisp log lua m m3u m4 mak markdown md"
    " mjs cjs mk ml mli mm mts cts ndjson nim nix nfo org pas patch perl php pl pm po"
    " pot pro proto ps1 psm1 py pyi pyw qml r rb rs rst s sass sbt scala scm scss sed sh sql srt"
    " ss styl sv svh swift tcl tex text tf toml ts tsv tsx txt v vb vbs vhd vhdl vim vtt vue wat"
    " yaml yml zig zsh".split()
)
_TEXT_NAMES = frozenset(
    "authors bashrc changelog changes codeowners contributing contributors copying dockerfile"
    " dockerignore editorconfig env gemfile gitattributes gitignore justfile licence license"
    " makefile notice npmrc procfile profile rakefile readme todo vimrc zshrc".split()
)
_ACTIVE_EXTENSIONS = frozenset(
    "atom dtd hta htc htm html jnlp jsp kml gpx math mathml mht mhtml mml pht phtml plist rdf rss"
    " shtml stm svg svgz swf vml wsdl xaml xbl xht xhtm xhtml xml xsd xsl xslt xul".split()
)
# A browser runs or lays out these, or may be made to.
_ACTIVE = re.compile(
    r"(?:text|application)/(?:.*(?:html|xml|xsl|ecmascript|javascript|jscript|livescript|mathml"
    r"|x-component|shockwave).*|css|wasm|hta|cache-manifest|pdf|plain)|.*[+/]xml|image/svg.*"
    r"|multipart/.*|message/.*|application/.*manifest.*"
)
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_MEDIA_TYPE_CHARACTERS = 100

# https://mp4ra.org/registered-types/brands: of what browsers play.
_FILM_BRANDS = frozenset(
    [f"iso{x}".encode() for x in "m23456789abc"]
    + b"mp41 mp42 avc1 hvc1 av01 dash cmfc MSNV XAVC".split()
    + [b"M4V ", b"M4VH", b"M4VP"]
)
_SOUND_BRANDS = frozenset([b"M4A ", b"M4B ", b"M4P "])
_PICTURE_BRANDS = frozenset([b"avif", b"avis"])


def media_type(name: str, declared: str, head: bytes) -> str:
    """The media type of a file of this safe name, of which `head` is the first 64 KiB.

    It is one of SHOWN, 'text/plain' or 'application/pdf' only where name and content agree on that;
    else what the sender declared, in lower case and without parameters, where that is a media type
    and none of these nor one that a browser runs or lays out; else 'application/octet-stream'.
    """
    declared = _declared(declared)
    stem, dot, extension = name.lower().rpartition(".")
    if not dot:
        stem, extension = extension, ""
    if extension in _ACTIVE_EXTENSIONS:
        return UNKNOWN
    if found := _found(extension, declared, head[:HEAD_BYTES]):
        return found
    called_text = extension in _TEXT_EXTENSIONS or (not extension and stem in _TEXT_NAMES)
    if called_text and _is_text(head[:HEAD_BYTES]):
        return TEXT
    return UNKNOWN if declared in SHOWN or _ACTIVE.fullmatch(declared) else declared


def is_inline(media_type: str) -> bool:
    """Whether a browser may show a file of this type, as `media_type` found it, in its window."""
    return media_type in SHOWN or media_type == TEXT


def _declared(text: str) -> str:
    """A media type without parameters, in lower case; UNKNOWN for what is none."""
    plain = text.partition(";")[0].strip(" \t").lower()
    sound = len(plain) <= _MEDIA_TYPE_CHARACTERS and _MEDIA_TYPE.fullmatch(plain)
    return plain if sound else UNKNOWN


def _found(extension: str, declared: str, head: bytes) -> str | None:
    """What the content is, where the extension says the same; None elsewhere."""
    looked_for = _BY_EXTENSION.get(extension)
    if not looked_for:
        return None
    found, is_so = looked_for
    if not is_so(head):
        return None
    if found == "video/webm" and declared == "audio/webm":
        return declared
    if found == "video/mp4" and (declared == "audio/mp4" or head[8:12] in _SOUND_BRANDS):
        return "audio/mp4"
    return found


def _is_text(head: bytes) -> bool:
    """Whether it is UTF-8 without NUL; the last character may be cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return b"\0" not in head


def _is_png(head: bytes) -> bool:
    return head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR"


def _is_jpeg(head: bytes) -> bool:
    return head.startswith(b"\xff\xd8\xff")


def _is_gif(head: bytes) -> bool:
    return head.startswith((b"GIF87a", b"GIF89a"))


def _is_webp(head: bytes) -> bool:
    riff = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    return riff and head[12:16] in (b"VP8 ", b"VP8L", b"VP8X")


def _is_wav(head: bytes) -> bool:
    return head.startswith(b"RIFF") and head[8:12] == b"WAVE"


def _is_ogg(head: bytes) -> bool:
    return head.startswith(b"OggS\0")


def _is_pdf(head: bytes) -> bool:
    return head.startswith(b"%PDF-")


def _brands(head: bytes) -> Iterator[bytes]:
    """The brands of a file of ISO media: its major one and those that it is compatible with."""
    if head[4:8] == b"ftyp":
        end = min(int.from_bytes(head[:4], "big"), len(head), 4096)
        for at in (8, *range(16, end, 4)):
            if at + 4 <= end:
                yield head[at : at + 4]


def _is_avif(head: bytes) -> bool:
    return not _PICTURE_BRANDS.isdisjoint(_brands(head))


def _is_mp4(head: bytes) -> bool:
    brands = frozenset(_brands(head))
    return not brands.isdisjoint(_FILM_BRANDS | _SOUND_BRANDS) and brands.isdisjoint(
        _PICTURE_BRANDS
    )


def _is_webm(head: bytes) -> bool:
    """Whether it begins with a header of EBML that says 'webm'.

    https://www.rfc-editor.org/rfc/rfc8794: an element is an id, a size and as many bytes.
    """
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return False
    at, size = _number(head, 4)
    end = min(at + size, len(head), 4096)
    while at < end:
        start = at
        at, _ = _number(head, at)
        name = head[start:at]
        at, size = _number(head, at)
        if name == b"\x42\x82":
            return head[at : at + size].rstrip(b"\0") == b"webm"
        at += size
    return False


def _number(head: bytes, at: int) -> tuple[int, int]:
    """Where a number of EBML ends that begins at this byte, and the number."""
    first = head[at] if at < len(head) else 0
    length = min(9 - first.bit_length(), 8)
    rest = int.from_bytes(head[at + 1 : at + length], "big")
    return at + length, ((first & ((1 << (8 - length)) - 1)) << (8 * (length - 1))) | rest


def _is_mp3(head: bytes) -> bool:
    """Whether it begins with a tag of ID3, or with a frame that another one follows."""
    if head.startswith(b"ID3"):
        return len(head) > 9 and head[3] in (2, 3, 4) and all(x < 0x80 for x in head[6:10])
    length = _frame_bytes(head[:4])
    after = head[length : length + 4]
    return length > 0 and (len(after) < 4 or _frame_bytes(after) > 0)


def _frame_bytes(header: bytes) -> int:
    """Bytes of the frame of MPEG audio, layer III, that begins so; 0 where none does."""
    bits = int.from_bytes(header, "big")
    version, layer = bits >> 19 & 3, bits >> 17 & 3  # 3, 2 and 0: MPEG 1, 2 and 2.5
    bitrate, rate = bits >> 12 & 15, bits >> 10 & 3
    if len(header) < 4 or bits >> 21 != 0x7FF or version == 1 or layer != 1:
        return 0
    if bitrate in (0, 15) or rate == 3:
        return 0
    kilobits = _KILOBITS[version == 3][bitrate - 1]
    hertz = (44_100, 48_000, 32_000)[rate] >> (0, 0, 1, 2)[3 - version]
    return (144 if version == 3 else 72) * kilobits * 1000 // hertz + (bits >> 9 & 1)


# By whether it is MPEG 1.
_KILOBITS = {
    True: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_BY_EXTENSION: Final[dict[str, tuple[str, Callable[[bytes], bool]]]] = {
    extension: (found, is_so)
    for extensions, found, is_so in (
        ("png", "image/png", _is_png),
        ("jpg jpeg jpe jfif", "image/jpeg", _is_jpeg),
        ("gif", "image/gif", _is_gif),
        ("webp", "image/webp", _is_webp),
        ("avif", "image/avif", _is_avif),
        ("mp4 m4v", "video/mp4", _is_mp4),
        ("m4a m4b", "audio/mp4", _is_mp4),
        ("webm", "video/webm", _is_webm),
        ("weba", "audio/webm", _is_webm),
        ("mp3", "audio/mpeg", _is_mp3),
        ("ogg oga opus", "audio/ogg", _is_ogg),
        ("wav wave", "audio/wav", _is_wav),
        ("pdf", PDF, _is_pdf),
    )
    for extension in extensions.split()
}
