"""The command line: its options, and the folder and settings that they name."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from hub import __version__, config
from hub.desktop import frozen
from hub.desktop.default_folder import default_folder
from hub.errors import CannotStart, Refused, Usage
from hub.names import room_name


@dataclass(frozen=True)
class Options:
    """What was typed; None where an option was left out. `room` is a canonical name."""

    room: str | None
    host: str | None
    port: int | None
    rooms: str | None
    check: bool
    reset_host: bool
    no_window: bool
    browser: bool
    assignments: list[str]

    @property
    def first_room(self) -> str:
        """The room to open."""
        return self.room or "general"

    def folder(self) -> Path:
        """The hub's folder. Raises Usage, and CannotStart where there is no default."""
        if self.rooms is None:
            return default_folder(frozen.PROGRAM, frozen.FROZEN, os.environ, sys.platform)
        if not self.rooms:
            raise Usage("--rooms needs the name of a folder.")
        return Path(self.rooms)

    def settings(self, file: Path) -> config.Settings:
        """The settings, of which `file` is the folder's. Raises CannotStart where one is wrong."""
        try:
            return config.load(file, os.environ, self.assignments)
        except CannotStart as error:
            if str(file) not in str(error):
                raise
            raise CannotStart(
                f"{error} Or start once with --reset-host to set it aside."
            ) from error


def parse(arguments: list[str] | None) -> Options:
    """Parse the command line, None for the process's own.

    Raises Usage for a wrong room or setting; argparse itself ends the process with status 2.
    """
    typed = vars(_parser().parse_args(arguments))
    config.load(None, {}, typed["assignments"])  # before anything is created
    room = typed.pop("room") or None
    try:
        room = room and room_name(room)
    except Refused as error:
        raise Usage(str(error)) from error
    return Options(room=room, **typed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="Hearth" if frozen.FROZEN else os.environ.pop("HEARTH_PROGRAM", sys.argv[0]),
        description="A local chat hub: everyone on the network is chatting.",
        epilog="settings:\n" + config.describe(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("room", metavar="ROOM", nargs="?",
                        help="room to open (general)")  # fmt: skip
    parser.add_argument("--host", metavar="ADDR", help="address to listen on (all)")
    parser.add_argument("--port", metavar="N", type=_port,
                        help="port; 0 picks a free one (5000, or the next free one)")  # fmt: skip
    parser.add_argument("--rooms", metavar="DIR", help="the hub's folder")
    parser.add_argument("--check", action="store_true",
                        help="tell whether every line of the folder is whole, and end")  # fmt: skip
    parser.add_argument("--reset-host", action="store_true",
                        help="be the host again: broken settings aside, hosts' passwords off, "
                        "and a link that works once")  # fmt: skip
    display = parser.add_mutually_exclusive_group()
    display.add_argument("--no-window", action="store_true",
                         help="serve until a signal, show nothing")  # fmt: skip
    display.add_argument("--browser", action="store_true", help="open the browser, no window")
    parser.add_argument("--set", dest="assignments", metavar="KEY=VALUE", action="append",
                        default=[], help="any setting, repeatable")  # fmt: skip
    parser.add_argument("--version", action="version", version=f"Hearth {__version__}")
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)
