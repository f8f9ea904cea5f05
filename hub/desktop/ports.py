"""Which port the hub listens on."""

from __future__ import annotations

import errno
import os
import socket
import sys
from typing import Final

from hub.desktop import console
from hub.desktop.local_client import answers
from hub.desktop.notices import Notices
from hub.errors import CannotStart
from hub.folder import Folder, starting
from hub.server import listen

USUAL_PORTS: Final = range(5000, 5020)
"""The ports to try where none is given; people know the first."""
_TAKEN: Final = {errno.EADDRINUSE, *([errno.EACCES] if sys.platform == "win32" else [])}
"""Errors that mean a taken port; on other systems than Windows EACCES is one that needs rights."""


def bind(
    folder: Folder, host: str | None, port: int | None, notices: Notices
) -> list[socket.socket]:
    """Bind `port` at `host`; the first free one of USUAL_PORTS where `port` is None.

    The port that `folder` remembers comes second; where it is not the usual one, that is added to
    `notices`. Raises CannotStart.
    """
    for candidate in _candidates(folder) if port is None else [port]:
        try:
            sockets = listen("127.0.0.1" if host == "localhost" else host, candidate)
        except (OSError, OverflowError, UnicodeError) as error:
            if isinstance(error, OSError) and error.errno in _TAKEN:
                continue
            raise _cannot_listen(host, candidate, error) from error
        if port is None and candidate != USUAL_PORTS[0]:
            notices.add(_of_other_port(candidate), console.warn)
        return sockets
    if port is None:
        taken = f"All ports from {USUAL_PORTS[0]} to {USUAL_PORTS[-1]} are taken."
    else:
        taken = f"Port {port} is taken by another program."
    raise CannotStart(f"{taken} Choose another with --port.")


def check(base: str, instance: str) -> None:
    """Raise CannotStart unless the hub of this `instance` answers at its own URL `base`.

    Another program may hold the port on one address of those that the hub listens on.
    """
    if not answers(base, instance):
        port = base.rpartition(":")[2]
        raise CannotStart(f"Another program answers on port {port}. Choose another with --port.")


def remember(folder: Folder, port: int) -> None:
    """Make `port` the second one to try at the next start. Raises CannotStart."""
    if port != USUAL_PORTS[0]:
        with starting(folder.hub):
            folder.port = port


def _candidates(folder: Folder) -> list[int]:
    first, *others = USUAL_PORTS
    remembered = folder.port
    return list(dict.fromkeys([first, *([] if remembered is None else [remembered]), *others]))


def _cannot_listen(host: str | None, port: int, error: Exception) -> CannotStart:
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, (socket.gaierror, UnicodeError)):
        why = "this is neither an address nor a name of this computer. Choose another with --host"
    elif number in (errno.EADDRNOTAVAIL, errno.EINVAL):
        why = "this computer has no such address. Choose another with --host"
    elif number in (errno.EACCES, errno.EPERM):
        why = "you have no permission for that port. Choose one above 1023 with --port"
    else:
        why = f"{os.strerror(number) if number else error}. Choose another with --host or --port"
    return CannotStart(f"Cannot listen on {host or 'all addresses'}, port {port}: {why}.")


def _of_other_port(port: int) -> str:
    usual = USUAL_PORTS[0]
    airplay = " On a Mac it is often AirPlay Receiver." if sys.platform == "darwin" else ""
    return (
        f"Another program holds port {usual}, so Hearth is at port {port} this time."
        f" Addresses with :{usual} that people have kept do not lead here: give them the new"
        f" ones, or end that program and start Hearth again.{airplay}"
    )
