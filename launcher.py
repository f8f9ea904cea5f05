"""Starts the hub on a thread and shows it in a window; the only file that knows pywebview."""

from __future__ import annotations

import argparse
import errno
import http.client
import io
import json
import logging
import logging.handlers
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable
from glob import glob
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from hub import __version__, config
from hub.desktop import browser
from hub.desktop.default_folder import default_folder
from hub.desktop.shutdown import Shutdown
from hub.errors import CannotStart, Refused, Usage
from hub.folder import SMALL_FILE_BYTES, Folder, starting
from hub.names import room_name
from hub.net import addresses
from hub.net.mdns import announce
from hub.server import Server, listen
from hub.store import disk
from hub.threads import start
from hub.tools.import_txt import take_in
from hub.tools.reset_host import reset_host
from hub.tools.verify import check

FROZEN: Final = bool(getattr(sys, "frozen", False))
HERE: Final = Path(getattr(sys, "_MEIPASS", None) or Path(__file__).resolve().parent)
ONE_FILE: Final = FROZEN and HERE.name.startswith("_MEI")
"""Whether this is the inner of two processes: the outer one unpacks it, and tidies up after it."""
PROGRAM: Final = "Hearth" if FROZEN else os.environ.pop("HEARTH_PROGRAM", sys.argv[0])
"""What somebody typed to start this."""
PORTS: Final = range(5000, 5020)
SECOND_SECONDS: Final = 15.0
WINDOW: Final = (1180, 780)
SMALLEST: Final = (360, 480)
FRAME: Final = (24, 64)
"""What a window manager may put around a window: borders, and a title bar in large letters."""
SHOWN_SECONDS: Final = 15.0
"""How long the native window may take to appear before something else is tried."""


def main(arguments: list[str] | None = None) -> int:
    """Run until the window closes or a signal comes; gives the exit status."""
    _leave_the_bundle()
    parent = os.getppid()
    try:
        return _main(arguments)
    finally:
        if ONE_FILE and sys.platform != "win32" and os.getppid() != parent:
            shutil.rmtree(HERE, ignore_errors=True)  # the outer process can no longer do it


def _main(arguments: list[str] | None) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # numbers for letters it cannot show
    options = _options(arguments)
    try:
        room = room_name(options.room or "general")
        assignments = config.load(None, {}, options.set)  # wrong usage is told first
        del assignments
        return _run(options, room)
    except (Refused, Usage) as error:
        print(f"Hearth: {error}", file=sys.stderr)
        return 2
    except CannotStart as error:
        print(f"Hearth: {error}", file=sys.stderr)
        return 3


def _run(options: argparse.Namespace, room: str) -> int:
    if options.check:
        return check(_folder(options))
    folder = Folder.open(_folder(options), parents=True)
    if not folder.lock():
        running = _running(folder)
        if running is not None:
            return _second(folder, running, room, options)
    try:
        return _serve(folder, room, options)
    finally:
        folder.close()


def _serve(folder: Folder, room: str, options: argparse.Namespace) -> int:
    """Run a hub on a folder whose lock is held."""
    stopping = Shutdown()  # first, as a signal may come at any time
    if ONE_FILE and sys.platform != "win32":
        stopping.after_parent()
    with starting(folder.log_file):
        _log_to(folder.log_file)
    if options.reset_host:
        with starting(folder.people_file):
            for done in reset_host(folder):
                _say(done)
    settings = _settings(folder, options)
    take_in(folder.path, folder.torn, stopping.is_set)
    sockets = _listen(options, folder)
    port: int = sockets[0].getsockname()[1]
    window = _Window(addresses.own_base(options.host, port))

    def reachable() -> list[str]:
        return [f"{base}/" for base in addresses.reachable(port, options.host)]

    server = Server(folder, settings, HERE / "ui", sockets, reachable, window.show)
    server.start()
    known = None
    try:
        stopping.after(server.wait)
        base = addresses.own_base(options.host, port)
        _check(server, options.host)
        with starting(folder.hub):
            folder.write_running({"url": f"{base}/", "secret": server.secret, "pid": os.getpid(),
                                  "instance": server.instance})  # fmt: skip
            if options.port is None and port != PORTS[0]:
                folder.port = port
        _say(f"Hearth {__version__} is at {base}/{quote(room)}")
        for other in addresses.reachable(port, options.host):
            if other != base:
                _say(f"Others on this network: {other}/{quote(room)}")
        if options.reset_host:
            _say(f"You are the host at {base}/{quote(room)}#ticket={server.ticket('link')}")
        peers = addresses.peers(options.host)
        if settings.announce and peers:
            known = announce(port, __version__, peers, room)
        _show(options, folder, server, f"{base}/{quote(room)}", window, stopping)
    finally:
        server.stop()
        if known is not None:
            known.close()
    if server.failed is not None:
        print(f"Hearth: the server ended: {server.failed}. See {folder.log_file}.", file=sys.stderr)
        return 1
    return 0


# -- what was asked for ---------------------------------------------------------------------


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
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
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--no-window", action="store_true", help="serve until a signal, show nothing")
    how.add_argument("--browser", action="store_true", help="open the browser, no window")
    parser.add_argument("--set", metavar="KEY=VALUE", action="append", default=[],
                        help="any setting, repeatable")  # fmt: skip
    parser.add_argument("--version", action="version", version=f"Hearth {__version__}")
    return parser.parse_args(arguments)


def _settings(folder: Folder, options: argparse.Namespace) -> config.Settings:
    try:
        return config.load(folder.settings_file, os.environ, options.set)
    except CannotStart as error:
        if str(folder.settings_file) not in str(error):
            raise
        raise CannotStart(f"{error} Or start once with --reset-host to set it aside.") from error


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _folder(options: argparse.Namespace) -> Path:
    if options.rooms is not None:
        if not options.rooms:
            raise Usage("--rooms needs the name of a folder.")
        return Path(options.rooms)
    start = Path(sys.executable if FROZEN else __file__).resolve()
    return default_folder(start, FROZEN, os.environ, sys.platform)


def _listen(options: argparse.Namespace, folder: Folder) -> list[socket.socket]:
    """Bind the port that was asked for, or the first free one of ours."""
    ports = [options.port] if options.port is not None else [*_usual_ports(folder)]
    for port in ports:
        try:
            bound = listen("127.0.0.1" if options.host == "localhost" else options.host, port)
            if options.port is None and port != PORTS[0]:
                _tell_of_port(port)
            return bound
        except (OSError, OverflowError, UnicodeError) as error:
            taken = isinstance(error, OSError) and error.errno in _TAKEN
            if not taken:
                raise _cannot_listen(options.host, port, error) from error
    if options.port is not None:
        raise CannotStart(
            f"Port {options.port} is taken by another program. Choose another with --port."
        )
    raise CannotStart(
        f"All ports from {PORTS[0]} to {PORTS[-1]} are taken. Choose another with --port."
    )


def _cannot_listen(host: str | None, port: int, error: Exception) -> CannotStart:
    """In words, and not in those of the socket library."""
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


_TAKEN: Final = {errno.EADDRINUSE, *([errno.EACCES] if sys.platform == "win32" else [])}
"""Windows says EACCES of a port that another holds; elsewhere it is one that needs more rights."""


def _usual_ports(folder: Folder) -> list[int]:
    """The ports to try: first the one that people know, then what was had last in its place."""
    first, *others = PORTS
    remembered = folder.port
    return list(dict.fromkeys([first, *([] if remembered is None else [remembered]), *others]))


def _tell_of_port(port: int) -> None:
    """Say that the usual port was to be had by another program only."""
    airplay = " On a Mac it is often AirPlay Receiver." if sys.platform == "darwin" else ""
    told = (
        f"another program holds port {PORTS[0]}, so Hearth is at port {port} this time."
        f" Addresses with :{PORTS[0]} that people have kept do not lead here: give them the new"
        f" ones, or end that program and start Hearth again.{airplay}"
    )
    print(f"Hearth: {told}", file=sys.stderr, flush=True)
    logging.getLogger("hearth").warning("%s", told)  # for who starts it without a terminal


# -- a second start -------------------------------------------------------------------------


def _second(folder: Folder, running: dict[str, Any], room: str, options: argparse.Namespace) -> int:
    """Another start holds this folder: raise its window, or say where it is."""
    url = f"{running['url']}{quote(room)}"
    if options.reset_host:
        asked = {"secret": running["secret"], "ticket": True}
        answer = _ask(str(running["url"]), "POST", "/api/window", asked)
        if not answer or "ticket" not in answer:
            raise CannotStart(f"The Hearth on {folder.path} does not answer. End it, try again.")
        _say(f"You are the host at {url}#ticket={answer['ticket']}")
        return 0
    shown = False
    if not options.no_window and not options.browser:
        asked = {"secret": running["secret"], "room": room if options.room else None}
        answer = _ask(str(running["url"]), "POST", "/api/window", asked)
        shown = bool(answer and answer.get("window"))
    _say(f"Hearth is already running at {url}" + (" and its window is shown." if shown else ""))
    if not shown and not options.no_window and browser.display() is None:
        browser.system_browser(url)
    return 0


def _running(folder: Folder) -> dict[str, Any] | None:
    """What the hub that holds the folder says of itself: it may be just starting.

    A hub that was killed has left its word behind, so only one that answers counts. None where
    it was just ending, and the folder's lock is held by this start now.
    """
    end = time.monotonic() + SECOND_SECONDS
    while time.monotonic() < end:
        running = folder.read_running()
        if running is not None:
            answer = _ask(str(running["url"]), "GET", "/api/health")
            if answer and answer.get("instance") == running.get("instance"):
                return running
        if folder.lock():
            return None
        time.sleep(0.1)
    raise CannotStart(f"Another Hearth holds {folder.path} but does not answer. End it first.")


def _ask(url: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Ask a hub on this machine; None where it does not answer as one."""
    connection = http.client.HTTPConnection(url.partition("//")[2].rstrip("/"), timeout=5)
    try:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        return json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _check(server: Server, host: str | None) -> None:
    """That something answers is not enough: another program may hold the port on one address."""
    answer = _ask(addresses.own_base(host, server.port), "GET", "/api/health")
    if not answer or answer.get("instance") != server.instance:
        raise CannotStart(
            f"Another program answers on port {server.port}. Choose another with --port."
        )


# -- showing it -----------------------------------------------------------------------------


class _Window:
    """The hub's own window, once there is one: `window` by pywebview, or what opens a browser's."""

    def __init__(self, base: str) -> None:
        self.window: Any = None
        self.open_again: Callable[[str], bool] = lambda url: False
        self._base = base

    def show(self, room: str | None) -> bool:
        """Bring it to the front, in a room where one is given; whether there is one."""
        if self.window is None:
            return self.open_again(f"{self._base}/{quote(room or 'general')}")
        if room is not None:
            self.window.load_url(f"{self._base}/{quote(room)}")
        self.window.show()
        self.window.restore()
        return True


def _show(
    options: argparse.Namespace,
    folder: Folder,
    server: Server,
    url: str,
    window: _Window,
    stopping: Shutdown,
) -> None:
    """Show the hub in the best way there is; returns when it is to stop."""
    if options.no_window:
        _tell_how_to_stop()
        stopping.wait()
        return
    why = browser.display()
    if why is not None:
        print(f"Hearth serves without a window: {why}.", file=sys.stderr, flush=True)
        _tell_how_to_stop()
        stopping.wait()
        return
    if not options.browser:
        why = _native(folder, f"{url}#ticket={server.ticket()}", window, stopping)
        if why is None:
            return
    door = browser.door(folder.hub / "open.html", f"{url}#ticket={server.ticket('browser')}")
    app = None if options.browser else browser.app_window(door, folder.hub / "browser")
    if app is not None:
        print(f"Hearth opens as an app window of the browser: {why}.", file=sys.stderr, flush=True)
        stopping.then(app.terminate)
        stopping.after(app.wait)
        window.open_again = lambda url: browser.app_window(url, folder.hub / "browser") is not None
    elif browser.system_browser(door):
        if why:
            print(f"Hearth opens in the browser: {why}.", file=sys.stderr, flush=True)
    else:
        also = f"{why}, and " if why else ""
        print(
            f"Hearth serves without a window: {also}there is no browser. Open {url} yourself.",
            file=sys.stderr,
            flush=True,
        )
    _tell_how_to_stop("Close the window or press" if app is not None else "Press")
    stopping.wait()


def _native(folder: Folder, url: str, window: _Window, stopping: Shutdown) -> str | None:
    """Show the native window until it closes; gives why there is none, or None."""
    marker = folder.hub / "window-failed"
    if _read_marker(marker) == __version__:
        return f"the window's toolkit failed at an earlier start (remove {marker} to try again)"
    why = _no_web_view()
    if why is not None:
        return why
    import webview

    webview.settings["ALLOW_DOWNLOADS"] = True
    webview.settings["OPEN_DEVTOOLS_IN_DEBUG"] = False
    made = webview.create_window(
        "Hearth", url, text_select=True, zoomable=True, **_place(_work_area())
    )
    assert made is not None
    shown = threading.Event()

    def appeared() -> None:
        shown.set()
        marker.unlink(missing_ok=True)
        window.window = made
        _tell_how_to_stop("Close the window or press")

    def no_old_engine() -> bool:
        return getattr(webview, "renderer", "") != "mshtml"

    made.events.shown += appeared
    made.events.initialized += no_old_engine
    stopping.then(made.destroy)
    too_long = threading.Timer(SHOWN_SECONDS, lambda: shown.is_set() or made.destroy())
    too_long.daemon = True
    start(too_long)
    disk.write_atomically(marker, __version__.encode())
    gui = {"linux": "gtk", "win32": "edgechromium", "darwin": "cocoa"}.get(sys.platform)
    try:
        webview.start(
            gui=gui,  # type: ignore[arg-type]
            private_mode=False,
            storage_path=str(folder.hub / "window"),
            icon=_icon(),
        )
    except webview.WebViewException as error:
        return f"the window could not be opened ({error})"
    finally:
        too_long.cancel()
        window.window = None
        stopping.then(lambda: None)
        marker.unlink(missing_ok=True)
    if not shown.is_set() and not stopping.is_set():
        return f"the window did not appear in {SHOWN_SECONDS:.0f} s"
    stopping.set()
    return None


def _read_marker(marker: Path) -> str:
    try:
        return disk.read_file(marker, SMALL_FILE_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _icon() -> str | None:
    """The window's picture; Windows shows the program's own, and takes no PNG."""
    icon = HERE / "ui" / "icon-192.png"
    return str(icon) if sys.platform != "win32" and icon.exists() else None


def _place(area: tuple[int, int, int, int] | None) -> dict[str, Any]:
    """How large a window is, frame aside, and where, such that all of it is in the work area."""
    if area is None:
        return {"width": WINDOW[0], "height": WINDOW[1], "min_size": SMALLEST}
    left, top, wide, high = area
    width, height = (max(1, min(x, y - z)) for x, y, z in zip(WINDOW, (wide, high), FRAME))
    return {
        "width": width,
        "height": height,
        "x": left + max(0, wide - width - FRAME[0]) // 2,
        "y": top + max(0, high - height - FRAME[1]) // 2,
        "min_size": (min(SMALLEST[0], width), min(SMALLEST[1], height)),
    }


def _work_area() -> tuple[int, int, int, int] | None:
    """What panels leave of the screen that pywebview opens on: left, top, width, height.

    In its units, from the screen's upper left corner; None where the system does not say.
    """
    try:
        if sys.platform == "win32":
            import ctypes
            from ctypes import wintypes

            found = wintypes.RECT()
            ctypes.windll.user32.SystemParametersInfoW(0x30, 0, ctypes.byref(found), 0)
            dots = ctypes.windll.user32.GetDpiForSystem()
            left, top, right, bottom = (
                x * 96 // dots for x in (found.left, found.top, found.right, found.bottom)
            )
            return (left, top, right - left, bottom - top) if bottom > top else None
        if sys.platform == "darwin":
            from AppKit import NSScreen

            whole, free = NSScreen.mainScreen().frame(), NSScreen.mainScreen().visibleFrame()
            below = free.origin.y - whole.origin.y
            top = int(whole.size.height - below - free.size.height)
            left = int(free.origin.x - whole.origin.x)
            return left, top, int(free.size.width), int(free.size.height)
        from gi.repository import Gdk, Gtk  # noqa: F401 - Gtk opens the display

        monitor = Gdk.Display.get_default().get_monitor(0)
        screen, area = monitor.get_geometry(), monitor.get_workarea()
        return area.x - screen.x, area.y - screen.y, area.width, area.height
    except (ImportError, AttributeError, OSError, ValueError):
        return None


def _no_web_view() -> str | None:
    """Why the system's web view cannot be used, or None."""
    if sys.platform != "linux":
        return None
    try:
        import gi

        gi.require_version("Gtk", "3.0")
        gi.require_version("WebKit2", "4.1")
        from gi.repository import WebKit2  # noqa: F401
    except (ImportError, ValueError, AttributeError):
        return "WebKitGTK 4.1 is not installed"
    return None


# -- the process ----------------------------------------------------------------------------


def _leave_the_bundle() -> None:
    """Undo what PyInstaller's start did to the environment, so that other programs start well."""
    os.environ.setdefault("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
    if not FROZEN or sys.platform != "linux":
        return
    original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
    else:
        os.environ["LD_LIBRARY_PATH"] = original
    here = glob("/usr/lib/*/girepository-1.0") + glob("/usr/lib*/girepository-1.0")
    os.environ["GI_TYPELIB_PATH"] = ":".join([*here, str(HERE / "gi_typelibs")])


class _Log(logging.handlers.RotatingFileHandler):
    """A log that is a file of its own, and of its owner."""

    def _open(self) -> io.TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        return open(disk.open_file(Path(self.baseFilename), flags, 0o600), "a", encoding="utf-8",
                    errors="backslashreplace")  # fmt: skip


def _log_to(file: Path) -> None:
    """A log of bounded size in the hub's folder; warnings also on stderr."""
    kept = _Log(file, maxBytes=1 << 20, backupCount=2)
    kept.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    os.chmod(file, 0o600)
    shown = logging.StreamHandler()
    shown.setLevel(logging.ERROR)
    shown.setFormatter(logging.Formatter("Hearth: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[kept, shown])
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    logging.raiseExceptions = False  # where the disk is full there is nothing to say it to


def _say(line: str) -> None:
    """Tell whoever started Hearth; they may listen no longer, and Hearth goes on."""
    if sys.stdout is None:
        return
    try:
        print(line, flush=True)
    except OSError:
        sys.stdout = None  # what it holds would be tried again at the end


def _tell_how_to_stop(what: str = "Press") -> None:
    """Only on a terminal: programs that read what Hearth says need not be told."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"{what} Ctrl+C to stop Hearth.", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
