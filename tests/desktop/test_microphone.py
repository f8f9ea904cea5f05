"""The hub's page in Hearth's own window may listen; another page in it may not, nor see."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hub.desktop import microphone
from tests.desktop.conftest import NO_BUS
from tests.desktop.screen import Screen

WINDOW = """
import sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
import gi
gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2
from hub.desktop import microphone

PAGE = b'''<script>
const { mediaDevices } = navigator;
const asks = (what) => mediaDevices.getUserMedia(what).then(() => 'given', () => 'refused');
(async () => {
  const told = [await asks({ audio: true }), await asks({ video: true }),
    await asks({ audio: true, video: true })];
  fetch('/is-' + told.join('-'));
})();
</script>'''
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
        self.wfile.write(PAGE)
    def log_message(self, *_): pass

for _ in range(2):
    servers.append(HTTPServer(("127.0.0.1", 0), Answer))
    threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
window, frame, view = Gtk.Window(), Gtk.ScrolledWindow(), WebKit2.WebView()
settings = view.get_settings()
settings.set_enable_media_stream(True)
settings.set_enable_mock_capture_devices(True)
frame.add(view)
window.add(frame)
page = f"http://127.0.0.1:{servers[0].server_port}/general#ticket=x"
microphone.allow(window, page)
view.load_uri(page)
window.show_all()
GLib.timeout_add_seconds(40, Gtk.main_quit)
Gtk.main()
print(*(told.get(x.server_port) for x in servers))
"""
"""A window with devices that are none, which goes from the hub's page to one of another port."""


def test_only_the_hubs_own_origin_may_listen(screen: Screen) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WINDOW],
        env={**screen.environment, **NO_BUS, "WEBKIT_DISABLE_DMABUF_RENDERER": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert ended.stdout == "/is-given-refused-refused /is-refused-refused-refused\n", ended.stderr


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_elsewhere_the_view_asks_whoever_sits_there(
    monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    microphone.allow(None, "http://127.0.0.1:5000/general")
