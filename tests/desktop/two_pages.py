"""A window of WebKitGTK with the hub's page, and then one of another port: who may do what."""

from __future__ import annotations

import subprocess
import sys

from tests.desktop.conftest import NO_BUS
from tests.desktop.screen import Screen

_WINDOW = """
import sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
import gi
gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2

script, allow = sys.argv[1:]
told, servers = {}, []

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/is-"):
            told[self.server.server_port] = self.path
            if len(told) == 2:
                GLib.idle_add(Gtk.main_quit)
            else:
                GLib.idle_add(view.load_uri, f"http://127.0.0.1:{servers[1].server_port}/")
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<script>{script}</script>".encode())
    def log_message(self, *_): pass

for _ in range(2):
    servers.append(HTTPServer(("127.0.0.1", 0), Answer))
    threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
window, frame, view = Gtk.Window(), Gtk.ScrolledWindow(), WebKit2.WebView()
frame.add(view)
window.add(frame)
page = f"http://127.0.0.1:{servers[0].server_port}/general#ticket=x"
exec(allow)
view.load_uri(page)
window.show_all()
GLib.timeout_add_seconds(40, Gtk.main_quit)
Gtk.main()
print(*(told.get(x.server_port) for x in servers))
"""


def told_by_two_pages(screen: Screen, script: str, allow: str) -> str:
    """What `script`, run in both pages, told by fetching `/is-` and that.

    `allow` is Python that prepares `window` and its `view` for `page`, the URL of the hub's page.
    """
    ended = subprocess.run(
        [sys.executable, "-c", _WINDOW, script, allow],
        env={**screen.environment, **NO_BUS, "WEBKIT_DISABLE_DMABUF_RENDERER": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return ended.stdout or ended.stderr
