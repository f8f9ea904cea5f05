"""Downloads of the native window go where the person says.

The views of Windows and macOS are asked by pywebview itself; on Linux it fails where the system
names no folder for downloads, and never says that a download failed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hub.desktop.window.remembered import Memory
from hub.desktop.window.web_view import webkit


def ask_where(native: Any, memory: Memory) -> None:
    """Ask for each download where it goes. Call it on the toolkit's thread.

    `native` is pywebview's own window of the toolkit. The folder of the last one is offered for
    the next.
    """
    if sys.platform == "linux":
        view = webkit(native)
        view.get_context().connect(
            "download-started", lambda _, download: _follow(download, native, memory)
        )


def first_folder(remembered: str | None) -> Path:
    """The folder to offer: the remembered one, the system's for downloads, or the user's own."""
    from gi.repository import GLib

    system = GLib.get_user_special_dir(GLib.UserDirectory.DIRECTORY_DOWNLOAD)
    places = [Path(place) for place in (remembered, system) if place]
    return next((place for place in places if place.is_dir()), Path(GLib.get_home_dir()))


def _follow(download: Any, native: Any, memory: Memory) -> None:
    from gi.repository import GLib, Gtk, WebKit2

    dialogs: list[Any] = []  # nothing else holds them

    def decide(_: Any, suggested: str) -> bool:
        """WebKit waits for the answer, and all else goes on."""

        def answered(dialog: Any, response: Any) -> None:
            file: str | None = dialog.get_filename()
            dialogs.clear()
            if response != Gtk.ResponseType.ACCEPT or file is None:
                download.cancel()
                return
            memory.change(downloads=os.path.dirname(file))
            download.set_allow_overwrite(True)  # the dialog has asked
            download.set_destination(GLib.filename_to_uri(file))

        dialogs.append(_dialog(native, memory, suggested))
        dialogs[0].connect("response", answered)
        dialogs[0].show()
        return True

    def failed(_: Any, error: Any) -> None:
        if not error.matches(
            WebKit2.download_error_quark(), WebKit2.DownloadError.CANCELLED_BY_USER
        ):
            _complain(native, error.message)

    download.connect("decide-destination", decide)
    download.connect("failed", failed)


def _dialog(native: Any, memory: Memory, suggested: str) -> Any:
    """A question where a file goes."""
    from gi.repository import Gtk

    dialog = Gtk.FileChooserNative.new("Save File", native, Gtk.FileChooserAction.SAVE, None, None)
    dialog.set_do_overwrite_confirmation(True)
    dialog.set_current_folder(str(first_folder(memory.value.downloads)))
    dialog.set_current_name(suggested)
    return dialog


def _complain(native: Any, why: str) -> None:
    from gi.repository import Gtk

    dialog = Gtk.MessageDialog(
        transient_for=native,
        modal=True,
        message_type=Gtk.MessageType.ERROR,
        buttons=Gtk.ButtonsType.OK,
        text="The file was not saved",
        secondary_text=why,
    )
    dialog.connect("response", lambda *_: dialog.destroy())
    dialog.show()
