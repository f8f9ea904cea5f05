"""Files that are dropped on the native window or pasted into it, where its view tells of none.

WebKitGTK hands a page neither the files of a drop nor the picture of a paste. What it does hand
over is what a person chose in answer to a page's question for files. So the page, once the event
`hearth-files` tells it that there are some, asks for files, and the answer is given from here. Of
Windows and macOS the views do all of it themselves.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hub.desktop.window.web_view import webkit

OFFER_MS: Final = 300
"""Milliseconds until the page is told: a view that does hand files over has done so by then."""
ANSWER_MS: Final = 5000
"""Milliseconds for the page to ask."""
FILE_MANAGERS: Final = (
    "x-special/gnome-copied-files", "application/x-kde-cutselection",
    "application/vnd.portal.filetransfer", "application/vnd.portal.files",
)  # fmt: skip
"""What file managers put into the clipboard with the names of files, and no page can."""
PAGES: Final = {
    "text/html", "text/x-moz-url", "chromium/x-web-custom-data",
    "org.webkitgtk.WebKit.custom-pasteboard-data",
}  # fmt: skip
"""What browsers add to what is dragged out of a page."""
SHOW_MS: Final = 100
"""Milliseconds between two calls to show where files go."""
PICTURE: Final = "Pasted picture.png"


class GivenFiles:
    """Gives the page in a view what is dropped and pasted. Made and used on GTK's thread."""

    def __init__(self, view: Any) -> None:
        self._view = view
        self._dragged: list[str] = []
        self._left: list[str] = []  # as the drag ended; a drop follows at once, or never
        self._offered: list[str] = []
        self._shown_at = 0  # ms of GTK's clock
        self._pictures: TemporaryDirectory[str] | None = None
        self._count = 0
        view.connect("drag-data-received", self._drag)
        view.connect("drag-motion", self._move)
        view.connect("drag-leave", self._leave)
        view.connect("drag-drop", self._drop)
        view.connect("key-press-event", self._press)
        view.connect("run-file-chooser", self._choose)

    def are_in_clipboard(self) -> bool:
        """Whether the clipboard has files, or a picture and no text, as cells of a table have."""
        clipboard = _clipboard()
        if clipboard.wait_is_uris_available():
            return bool(_copied_files())
        has_text = clipboard.wait_is_text_available()
        return bool(clipboard.wait_is_image_available() and not has_text)

    def paste(self) -> bool:
        """Give the page the files or the picture of the clipboard; False where it has none."""
        if not self.are_in_clipboard():
            return False
        files = _copied_files()
        picture = None if files else _clipboard().wait_for_image()
        if picture is not None:
            files = [self._saved(picture)]
        if files:
            self._offer(files, {})
        return bool(files)

    def _saved(self, picture: Any) -> str:
        """A file with the picture; it lasts as long as the program: it may take long to send."""
        if self._pictures is None:
            self._pictures = TemporaryDirectory(prefix="hearth-", ignore_cleanup_errors=True)
        self._count += 1
        folder = Path(self._pictures.name, str(self._count))
        folder.mkdir()
        picture.savev(str(folder / PICTURE), "png", [], [])
        return str(folder / PICTURE)

    def _press(self, _: Any, event: Any) -> bool:
        from gi.repository import Gdk

        control = event.state & Gdk.ModifierType.CONTROL_MASK
        shift = event.state & Gdk.ModifierType.SHIFT_MASK
        pastes = (control and not shift and event.keyval in (Gdk.KEY_v, Gdk.KEY_V)) or (
            shift and not control and event.keyval == Gdk.KEY_Insert
        )
        return bool(pastes) and self.paste()

    def _drag(self, _: Any, context: Any, __: int, ___: int, data: Any, *_rest: Any) -> None:
        """The view has asked what is dragged over it."""
        if not _is_of_a_page(context):
            self._dragged = files_of(data.get_uris()) or self._dragged

    def _move(self, _: Any, __: Any, ___: int, ____: int, time: int) -> bool:
        """Have the page show where files go; it takes each way between its parts for a leave."""
        if self._dragged and time - self._shown_at >= SHOW_MS:
            self._shown_at = time
            self._show(True)
        return False

    def _leave(self, *_: Any) -> None:
        from gi.repository import GLib

        def forget() -> bool:
            self._left = []
            return False

        self._left, self._dragged = self._dragged, []
        if self._left:
            self._show(False)
            GLib.idle_add(forget)

    def _drop(self, _: Any, __: Any, x: int, y: int, *_rest: Any) -> bool:
        from gi.repository import GLib

        files = self._dragged or self._left
        if files:
            zoom = self._view.get_zoom_level()
            place = {"x": x / zoom, "y": y / zoom}
            GLib.timeout_add(OFFER_MS, lambda: self._offer(files, place))
        return False  # the view hears of it too

    def _offer(self, files: list[str], place: dict[str, float]) -> bool:
        """Tell the page that there are files, at a place of it where they were dropped."""
        from gi.repository import GLib

        def forget() -> bool:
            if self._offered is files:
                self._offered = []
            return False

        def dispatched(view: Any, result: Any) -> None:
            """Whoever asks for files by this event prevents what would happen otherwise."""
            try:
                asks = not view.evaluate_javascript_finish(result).to_boolean()
            except GLib.Error:  # the page is gone
                asks = False
            if not asks:
                forget()

        self._offered = files
        given = json.dumps({"detail": place, "cancelable": True})
        script = f"document.dispatchEvent(new CustomEvent('hearth-files', {given}))"
        self._run(script, dispatched)
        GLib.timeout_add(ANSWER_MS, forget)
        return False

    def _choose(self, _: Any, request: Any) -> bool:
        """The page asks for files; False where a person is to choose them."""
        files, self._offered = self._offered, []
        if files:
            request.select_files(files)
        return bool(files)

    def _show(self, is_over: bool) -> None:
        on = "true" if is_over else "false"
        self._run(f"document.body.classList.toggle('dropping', {on})")

    def _run(self, script: str, then: Callable[[Any, Any], None] | None = None) -> None:
        self._view.evaluate_javascript(script, -1, None, None, None, then)


def give(native: Any) -> GivenFiles | None:
    """Give the page what is dropped and pasted, where its view does not: None elsewhere.

    `native` is pywebview's own window of the toolkit. Call it on the toolkit's thread.
    """
    return GivenFiles(webkit(native)) if sys.platform == "linux" else None


def files_of(uris: Iterable[str]) -> list[str]:
    """The names of those of `uris` that are files of this computer; folders are none."""
    from gi.repository import GLib

    found = []
    for uri in uris:
        if uri.startswith("file:"):
            try:
                name, host = GLib.filename_from_uri(uri)
            except GLib.Error:  # it is no URI
                continue
            if host in (None, "localhost", socket.gethostname()):
                found.append(name)
    return [file for file in found if os.path.isfile(file)]


def _copied_files() -> list[str]:
    """The files that a file manager has put into the clipboard.

    A page can put any names of files there, for them to be pasted, and so sent, elsewhere.
    """
    from gi.repository import Gdk

    clipboard = _clipboard()
    marks = (Gdk.Atom.intern(mark, False) for mark in FILE_MANAGERS)
    if not any(clipboard.wait_is_target_available(mark) for mark in marks):
        return []
    return files_of(clipboard.wait_for_uris() or ())


def _is_of_a_page(context: Any) -> bool:
    """Whether what is dragged comes from a page, of this program or of a browser."""
    from gi.repository import Gtk

    if Gtk.drag_get_source_widget(context) is not None:
        return True
    return not PAGES.isdisjoint(target.name() for target in context.list_targets())


def _clipboard() -> Any:
    from gi.repository import Gdk, Gtk

    return Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
