"""Starts the hub on a thread and shows it in a window."""

from __future__ import annotations

import contextlib
import sys

from hub.desktop import console, frozen, log, mutex, options, second_start
from hub.desktop.options import Options
from hub.desktop.service import Service
from hub.desktop.show import RaisableWindow, show
from hub.desktop.shutdown import Shutdown, leave
from hub.errors import AlreadyTold, CannotStart, Usage
from hub.folder import Folder
from hub.tools.reset_host import reset_host
from hub.tools.verify import verify


def main(arguments: list[str] | None = None) -> int:
    """Run until the window closes or a signal comes; returns the exit status."""
    with frozen.unpacked():
        console.prepare()
        given = None
        try:
            given = options.parse(arguments)
            return run(given)
        except AlreadyTold as error:
            return error.exit_status
        except (CannotStart, Usage) as error:
            console.warn(f"Hearth: {error}")
            tell(str(error), given)
            return error.exit_status
        except Exception as error:
            tell(repr(error), given, broken=True)
            raise


def run(given: Options) -> int:
    """Do what the command line asks for; returns the exit status."""
    if given.check:
        return verify(given.folder())
    folder = Folder.open(given.folder(), parents=True)
    if not folder.lock():
        running = second_start.find(folder)
        if running is not None:
            second_start.hand_over(running, folder, given)
            return 0
    try:
        return serve(folder, given)
    finally:
        folder.close()


def serve(folder: Folder, given: Options) -> int:
    """Run a hub on a folder whose lock is held; returns the exit status."""
    shutdown = Shutdown()  # first, because a signal may come at any time
    if frozen.ONE_FILE and sys.platform != "win32":
        shutdown.set_after_parent()
    mutex.hold()
    log.start(folder.log_file)
    if given.reset_host:
        for line in reset_host(folder):
            console.say(line)
    window = RaisableWindow()
    service = Service(folder, given, shutdown, window.show)
    window.base = service.base
    try:
        show(given, folder, service, window, shutdown)
    finally:
        service.stop()
    if service.failed is not None:
        console.warn(f"Hearth: the server ended: {service.failed}. See {folder.log_file}.")
        tell(f"The server ended: {service.failed}.", given, broken=True)
        return 1
    return 0


def tell(reason: str, given: Options | None, *, broken: bool = False) -> None:
    """Show why Hearth does not run to somebody who sees no terminal, if they expect a window.

    It is `broken` where nothing that they could put right is in the way.
    """
    if given is None or given.no_window or given.check:
        return
    from hub.desktop import failure
    from hub.desktop.window import native, own_pages
    from hub.desktop.window.toolkit import FailureMarker

    log_file, may_open = None, True
    with contextlib.suppress(CannotStart, Usage):
        folder = Folder(given.folder())
        log_file, may_open = folder.log_file, FailureMarker.of(folder.hub).failed_before() is None
    in_window = native.show_page if may_open else lambda _: False
    page = own_pages.broken if broken else own_pages.failed
    failure.tell(reason, page(reason, log_file), in_window)


if __name__ == "__main__":
    leave(main())
