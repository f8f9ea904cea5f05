"""What a browser may do with a file, and the small pictures of files."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from hub.web.disposition import filename_of
from tests.files.pictures import gif, jpeg, png
from tests.serving import Answer, Serving
from tests.web.sent_files import LOBBY, is_shut, sent, waiting

# -- what a browser does with it --------------------------------------------------------------

SHOWN = [
    ("a.png", png(2, 3), "image/png"),
    ("a.gif", gif(2, 3), "image/gif"),
    ("a.jpg", jpeg(2, 3), "image/jpeg"),
    ("a.txt", b"Hello", "text/plain; charset=utf-8"),
    ("a.py", b"print()", "text/plain; charset=utf-8"),
    ("a.js", b"alert()", "text/plain; charset=utf-8"),
    ("a.css", b"*{}", "text/plain; charset=utf-8"),
]
SAVED = [
    ("a.pdf", b"%PDF-1.7", "application/pdf"),
    ("a.html", b"<script>alert()</script>", "application/octet-stream"),
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "application/octet-stream"),
    ("a.xml", b"<?xml version='1.0'?><a/>", "application/octet-stream"),
    ("a.html", png(2, 3) + b"<script>alert()</script>", "application/octet-stream"),
    ("a.svg", gif(2, 3), "application/octet-stream"),
    ("a.png", b"<script>alert()</script>", "application/octet-stream"),
    ("a.jpg", b"%PDF-1.7<script>", "application/octet-stream"),
    ("a.zip", b"PK\x03\x04", "application/zip"),
]


@pytest.mark.parametrize(("name", "body", "kind"), SHOWN)
def test_what_is_shown(hub: Serving, name: str, body: bytes, kind: str) -> None:
    sent(hub, "f1", body, query=f"username=bob&name={name}")
    answer = hub.get(f"{LOBBY}/f1")
    assert (answer.headers["Content-Type"], answer.body) == (kind, body)
    assert answer.headers["Content-Disposition"] == f"inline; filename={name}"
    is_shut(answer)
    for query in ("download=1", "download="):
        saved = hub.get(f"{LOBBY}/f1?{query}")
        assert saved.headers["Content-Disposition"] == f"attachment; filename={name}"


@pytest.mark.parametrize(("name", "body", "kind"), SAVED, ids=range(len(SAVED)))
@pytest.mark.parametrize("declared", ["text/html", "image/svg+xml", "application/zip"])
def test_what_is_only_saved(hub: Serving, name: str, body: bytes, kind: str, declared: str) -> None:
    query = f"username=bob&name={name}"
    sent(hub, "f1", body, query=query, Content_Type=declared)
    answer = hub.get(f"{LOBBY}/f1")
    if name != "a.zip" and declared != "application/zip":
        assert answer.headers["Content-Type"] == kind
    assert "html" not in answer.headers["Content-Type"]
    assert "svg" not in answer.headers["Content-Type"]
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    is_shut(answer)


@pytest.mark.parametrize(
    "name", ['a"b.txt', "a;b=c.txt", "Größe.txt", "語.txt", "דוח.txt", "50%41.txt", "a'b.txt"]
)
def test_the_name_comes_back(hub: Serving, name: str) -> None:
    [file] = sent(hub, "f1", query=f"username=bob&name={quote(name)}")["files"]
    told = hub.get(f"{LOBBY}/f1").headers["Content-Disposition"]
    assert filename_of(told) == file["name"] == name.replace('"', "_")


# -- previews ---------------------------------------------------------------------------------


def preview(hub: Serving, body: bytes, query: str = "username=bob") -> Answer:
    return hub.ask("PUT", f"{LOBBY}/f1/preview?{query}", body, {"Content-Type": "image/png"})


def test_a_preview(hub: Serving) -> None:
    waiting(hub, "f1", png(2000, 3000), query="username=bob&name=a.png")
    assert preview(hub, png(20, 30)).status == 204
    assert hub.get(f"{LOBBY}/f1/preview").error == (404, "no_such_file")
    [file] = hub.say("", "lobby", "bob", files=["f1"])["files"]
    assert (file["width"], file["height"], file["preview"]) == (2000, 3000, True)
    answer = hub.get(f"{LOBBY}/f1/preview")
    assert (answer.status, answer.body) == (200, png(20, 30))
    assert answer.headers["Content-Type"] == "image/png"
    is_shut(answer)
    assert hub.ask("HEAD", f"{LOBBY}/f1/preview").headers["Content-Length"] == str(len(png(20, 30)))
    assert preview(hub, png(20, 30)).error == (404, "no_such_file")
    (hub.path / "files" / "lobby" / "a.png").unlink()
    assert hub.get(f"{LOBBY}/f1/preview").error == (404, "no_such_file"), "nor is anything shown"


def test_what_is_no_preview(hub: Serving) -> None:
    waiting(hub)
    assert preview(hub, png(20, 30) + bytes(40_000)).error == (413, "preview_too_large")
    assert preview(hub, bytes(1 << 20)).error == (413, "too_large")
    for body in (b"", b"<svg/>", png(2000, 30), gif(2, 3)):
        assert preview(hub, body).error == (422, "preview_invalid")
    assert preview(hub, png(20, 30), "username=eve").error == (404, "no_such_file")
    hub.say("", "lobby", "bob", files=["f1"])
    assert hub.get(f"{LOBBY}/f1/preview").error == (404, "no_such_file")


def test_a_preview_of_a_part(hub: Serving) -> None:
    hub.ask("PUT", f"{LOBBY}/f1?username=bob", b"Hel", {"Upload-Complete": "?0"})
    assert preview(hub, png(20, 30)).error == (409, "file_unfinished")
