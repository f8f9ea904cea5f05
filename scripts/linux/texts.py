"""What a desktop and a distribution read of a package: its entry, its description, its changes."""

from __future__ import annotations

import re
import time
from html import escape
from textwrap import fill, indent
from typing import Final

from commands import ROOT, Failed
from product import (
    ABOUT,
    CATEGORIES,
    ID,
    KEYWORDS,
    MAINTAINER,
    NAME,
    PROGRAM,
    SUMMARY,
    VERSION,
)

ENTRY: Final = f"""[Desktop Entry]
Type=Application
Name={NAME}
GenericName=Chat
Comment={SUMMARY}
Exec={PROGRAM}
Icon={PROGRAM}
Terminal=false
Categories={"".join(f"{x};" for x in CATEGORIES)}
Keywords={"".join(f"{x};" for x in KEYWORDS)}
StartupNotify=true
StartupWMClass={PROGRAM}
"""
"""https://specifications.freedesktop.org/desktop-entry-spec/"""
OVERRIDES: Final = "".join(
    f"# {reason}\n{PROGRAM}: {tag} *\n"
    for tag, reason in {
        "embedded-library": "The program brings its own Python, which has its own expat.",
        "library-not-linked-against-libc": "So Python builds it: nothing loads a module alone.",
        "shared-library-lacks-prerequisites": "So Python builds it: the rest is loaded already.",
        "hardening-no-pie": "What starts the program is PyInstaller's, as it is built there.",
    }.items()
)
"""What of lintian's rules cannot be kept by a program that comes with its Python."""


def metainfo(seconds: int) -> str:
    """The description for software centres; `seconds` since 1970 is the time of the release.

    https://www.freedesktop.org/software/appstream/docs/
    """
    told = "\n".join(f"    <p>{escape(paragraph)}</p>" for paragraph in ABOUT)
    words = "\n".join(f"    <keyword>{escape(word)}</keyword>" for word in KEYWORDS)
    shelves = "\n".join(f"    <category>{category}</category>" for category in CATEGORIES)
    day = time.strftime("%Y-%m-%d", time.gmtime(seconds))
    makers = escape(MAINTAINER.partition(" <")[0])
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>{ID}</id>
  <metadata_license>MIT</metadata_license>
  <project_license>MIT</project_license>
  <name>{NAME}</name>
  <summary>{escape(SUMMARY)}</summary>
  <description>
{told}
  </description>
  <developer_name>{makers}</developer_name>
  <launchable type="desktop-id">{PROGRAM}.desktop</launchable>
  <icon type="stock">{PROGRAM}</icon>
  <categories>
{shelves}
  </categories>
  <keywords>
{words}
  </keywords>
  <provides>
    <binary>{PROGRAM}</binary>
  </provides>
  <content_rating type="oars-1.1">
    <content_attribute id="social-chat">intense</content_attribute>
    <content_attribute id="social-audio">moderate</content_attribute>
  </content_rating>
  <releases>
    <release version="{VERSION}" date="{day}"/>
  </releases>
</component>
"""


def changes(seconds: int) -> str:
    """CHANGELOG.md's part about this version as Debian writes it, dated `seconds` since 1970.

    https://www.debian.org/doc/debian-policy/ch-source.html#debian-changelog-debian-changelog
    """
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    parts = dict(re.findall(r"^## (\S+)[^\n]*\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE))
    part = parts.get(VERSION) or parts.get("Unreleased")
    if not part:
        raise Failed(f"CHANGELOG.md has nothing about {VERSION}")
    points = (" ".join(point.split()) for point in re.split(r"^- ", part, flags=re.MULTILINE)[1:])
    told = "\n".join(
        fill(point, 78, initial_indent="  * ", subsequent_indent="    ", break_long_words=False)
        for point in points
    )
    head = f"{PROGRAM} ({VERSION}) unstable; urgency=medium"
    when = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(seconds))
    return f"{head}\n\n{told}\n\n -- {MAINTAINER}  {when}\n"


def rights() -> str:
    """Who holds which rights, as Debian's machine-readable format 1.0 has it."""
    licence = (ROOT / "LICENSE").read_text("utf-8")
    found = re.search(r"^Copyright \(c\) (.+)$", licence, re.MULTILINE)
    if not found:
        raise Failed("LICENSE does not say whose it is")
    terms = licence[found.end() :].strip()
    lines = "\n".join(line if line.strip() else "." for line in terms.splitlines())
    return f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: {NAME}
Comment: THIRD-PARTY.txt, beside this file, has the terms of everything in the
 program that others wrote, in their own words.

Files: *
Copyright: {found[1]}
License: Expat

License: Expat
{indent(lines, " ")}
"""
