"""A program to drag a file out of, as out of a file manager, which also fills the clipboard.

`file_source.py URI WHAT`: its window is 120 by 60 pixels at 1000, 600; all of it is the file. WHAT
is in the clipboard: `picture`, `files` (the file, with its name as text), `both` picture and text,
as of a spreadsheet's cells, or `names`, the file as a page can put it there.
"""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, GdkPixbuf, Gtk  # noqa: E402 - once their versions are said

uri, what = sys.argv[1:]
window, box = Gtk.Window(title="Source"), Gtk.EventBox()
window.set_default_size(120, 60)
window.move(1000, 600)
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
box.drag_source_add_uri_targets()
box.connect("drag-data-get", lambda _, __, data, *___: data.set_uris([uri]))
window.add(box)
window.set_keep_above(True)

picture = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, 64, 48)
picture.fill(0x3355AAFF)
kinds = {
    "picture": ["image/png"],
    "files": ["x-special/gnome-copied-files", "text/uri-list", "UTF8_STRING"],
    "names": ["text/uri-list"],
    "both": ["image/png", "UTF8_STRING"],
}


def give(_: Gtk.Widget, data: Gtk.SelectionData, *__: object) -> None:
    target = data.get_target().name()
    if target == "text/uri-list":
        data.set_uris([uri])
    elif target.startswith("image/"):
        data.set_pixbuf(picture)
    else:
        data.set_text("only text", -1)


entries = [Gtk.TargetEntry.new(kind, 0, 0) for kind in kinds[what]]
# PyGObject cannot give a clipboard its own data: a widget owns it in its place.
Gtk.selection_add_targets(box, Gdk.SELECTION_CLIPBOARD, entries)
box.connect("selection-get", give)
window.show_all()
Gtk.selection_owner_set(box, Gdk.SELECTION_CLIPBOARD, Gtk.get_current_event_time())
Gtk.main()
