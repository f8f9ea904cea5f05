"""Starts the hub on a thread and shows it in a window; the only file that knows pywebview."""

from __future__ import annotations

import sys
import threading
from typing import Final
from urllib.parse import quote

from hub import __version__
from hub.desktop import (
    console,
    display,
    frozen,
    log,
    microphone,
    notifications,
    options,
    ports,
    second_start,
    toolkit,
)
from hub.desktop.geometry import placement, work_area
from hub.desktop.options import Options
from hub.desktop.second_start import RunningHub
from hub.desktop.show import RaisableWindow, show
from hub.desktop.shutdown import Shutdown
from hub.errors import CannotStart, Usage
from hub.folder import Folder, starting
from hub.net import addresses
from hub.net.mdns import announce
from hub.server import Server
from hub.store.replay import replay
from hub.threads import start
from hub.tools.import_txt import import_txt
from hub.tools.reset_host import reset_host
from hub.tools.verify import verify

WINDOW_SECONDS: Final = 15.0
"""Seconds for the native window to appear before something else is tried."""


def main(arguments: list[str] | None = None) -> int:
    """Run until the window closes or a signal comes; returns the exit status."""
    with frozen.unpacked():
        console.prepare()
        try:
            return run(options.parse(arguments))
        except (CannotStart, Usage) as error:
            console.warn(f"Hearth: {error}")
            return error.exit_status


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
    log.start(folder.log_file)
    if given.reset_host:
        for line in reset_host(folder):
            console.say(line)
    settings = given.settings(folder.settings_file)
    with starting(folder.hub):
        lacking = replay(folder.hub, folder.room_file, folder.torn)
    import_txt(folder.path, folder.torn, shutdown.is_set, lacking)
    sockets = ports.bind(folder, given.host, given.port)
    port: int = sockets[0].getsockname()[1]
    base = addresses.own_base(given.host, port)
    room = quote(given.first_room)
    window = RaisableWindow(base)
    server = Server(folder, settings, frozen.ROOT / "ui", sockets,
                    lambda: [f"{x}/" for x in addresses.reachable(port, given.host)],
                    window.show)  # fmt: skip
    server.start()
    announcement = None
    try:
        shutdown.set_after(server.wait)
        ports.check(base, server.instance)
        second_start.register(folder, RunningHub(f"{base}/", server.secret, server.instance))
        if given.port is None:
            ports.remember(folder, port)
        console.say_addresses(base, addresses.reachable(port, given.host), room)
        if given.reset_host:
            console.say(f"You are the host at {base}/{room}#ticket={server.ticket('link')}")
        elif not server.has_host and (given.no_window or display.missing()):
            console.tell_how_to_be_host()
        peers = addresses.peers(given.host)
        if settings.announce and peers:
            announcement = announce(port, __version__, peers, given.first_room, server.claim)
            server.follow_name(announcement.rename)
        show(given, folder.hub, f"{base}/{room}", server.ticket,
             lambda page: native_window(folder, page, window, shutdown),
             window, shutdown)  # fmt: skip
    finally:
        server.stop()
        if announcement is not None:
            announcement.close()
    if server.failed is not None:
        console.warn(f"Hearth: the server ended: {server.failed}. See {folder.log_file}.")
        return 1
    return 0


def native_window(
    folder: Folder, url: str, raisable: RaisableWindow, shutdown: Shutdown
) -> str | None:
    """Show `url` in the native window until that closes; returns why it cannot, or None."""
    marker = toolkit.FailureMarker(folder.hub / "window-failed")
    why = marker.failed_before() or toolkit.missing()
    if why is not None:
        return why
    import webview

    webview.settings["ALLOW_DOWNLOADS"] = True
    webview.settings["OPEN_DEVTOOLS_IN_DEBUG"] = False
    window = webview.create_window(
        "Hearth", url, text_select=True, zoomable=True, **placement(work_area())
    )
    assert window is not None
    shown = threading.Event()

    def on_shown() -> None:
        shown.set()
        marker.clear()
        raisable.native = window
        console.tell_how_to_stop("Close the window or press")

    def on_initialized() -> bool:
        """Refuse Internet Explorer's engine, which pywebview falls back to."""
        return getattr(webview, "renderer", "") != "mshtml"

    window.events.shown += on_shown
    window.events.initialized += on_initialized
    window.events.before_show += lambda: notifications.allow(window.native, url, toolkit.icon())
    window.events.before_show += lambda: microphone.allow(window.native, url)
    shutdown.on_set(window.destroy)
    timeout = threading.Timer(WINDOW_SECONDS, lambda: shown.is_set() or window.destroy())
    timeout.daemon = True
    start(timeout)
    marker.set()
    try:
        webview.start(
            gui=toolkit.GUI,  # type: ignore[arg-type]
            private_mode=False,
            storage_path=str(folder.hub / "window"),
            icon=toolkit.icon(),
        )
    except webview.WebViewException as error:
        return f"the window could not be opened ({error})"
    finally:
        timeout.cancel()
        raisable.native = None
        shutdown.on_set(None)
        marker.clear()
    if not shown.is_set() and not shutdown.is_set():
        return f"the window did not appear in {WINDOW_SECONDS:.0f} s"
    shutdown.set()
    return None


if __name__ == "__main__":
    sys.exit(main())
