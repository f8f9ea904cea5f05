"""What Hearth is called in packages: each name once, or from where the program has it."""

from __future__ import annotations

import sys
from typing import Final

from commands import ROOT

sys.path.insert(0, str(ROOT))
import hub
from hub.desktop import login_item

NAME: Final = login_item.NAME
ID: Final = login_item.AGENT
VERSION: Final = hub.__version__
PROGRAM: Final = NAME.lower()
"""The command, the package, the icon and the desktop entry, by which a desktop finds the window."""
SUMMARY: Final = "Chat with everyone on your network"
ABOUT: Final = (
    "Hearth is a chat for the people on one network, with or without internet. One person starts "
    "it; the others open an address in their browser and say their name.",
    "What is said stands in plain text files that outlive the program, and what people send each "
    "other lies beside it as ordinary files. None of it goes to any server elsewhere.",
)
"""Paragraphs that say what it is to somebody who looks for a program."""
KEYWORDS: Final = ("chat", "messages", "talk", "rooms", "LAN", "local")
CATEGORIES: Final = ("Network", "Chat", "InstantMessaging")
"""Of the Desktop Menu Specification."""
MAINTAINER: Final = "Hearth contributors <contributors@hearth.invalid>"
"""As in LICENSE; there is no address to write to."""
