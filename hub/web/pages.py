"""The chat page, and the files that it is made of."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import NotFound

from hub.errors import Refused
from hub.names import room_name
from hub.web.page_files import File, page_files, version
from hub.web.refusals import refusal
from hub.web.security_headers import PAGE_PERMISSIONS


def built(ui: Path) -> tuple[dict[str, File], str, File]:
    """The files of the page by their paths, their version, and the page itself."""
    files = page_files(ui)
    v = version(files, ui / "index.html")
    preload = "\n  ".join(
        f'<link rel="modulepreload" href="/static/{v}/{name}">'
        for name, file in files.items()
        if file.library
    )
    shell = _filled(ui / "index.html", v=v, preload=preload)
    return files, v, File("index.html", shell.encode())


def pages(ui: Path) -> Blueprint:
    """The blueprint of the page; `ui` is the folder that holds it."""
    files, v, shell = built(ui)
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/")
    def home() -> Response:
        return _moved("/general")

    @blueprint.get("/<name>", strict_slashes=False)
    def page(name: str) -> Response:
        slash = request.path.endswith("/")
        try:
            room = room_name(name)
        except Refused as why:
            if slash:
                raise NotFound from why
            return refused(why)
        if slash or room != name:
            return _moved("/" + quote(room))
        answer = _file_answer(shell)
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers["Permissions-Policy"] = PAGE_PERMISSIONS
        answer.set_etag(v, weak=True)  # compressed or not
        answer.make_conditional(request)
        return answer

    @blueprint.get("/favicon.ico")  # for what does not know the SVG that the page names
    def icon() -> Response:
        return _moved(f"/static/{v}/icon-192.png")

    @blueprint.get("/static/<asked>/<path:name>")
    def static(asked: str, name: str) -> Response:
        file = files.get(name)
        if file is None:
            raise NotFound
        answer = _file_answer(file)
        lasting = asked == v
        answer.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if lasting else "no-cache"
        )
        return answer

    def refused(why: Refused) -> Response:
        body = _filled(ui / "refused.html", v=v, title="No such room", message=escape(why.message))
        return Response(body, why.status, content_type="text/html; charset=utf-8")

    @blueprint.app_errorhandler(404)
    def missing(_: Exception) -> Response:
        why = Refused("not_found", "There is nothing at this address.", 404)
        if request.path.startswith("/api/"):
            return refusal(why, request.path)
        return refused(why)

    return blueprint


def _file_answer(file: File) -> Response:
    answer = Response(file.plain, content_type=file.kind)
    if file.compresses:
        answer.headers["Vary"] = "Accept-Encoding"
        if request.accept_encodings["gzip"]:
            answer.data = file.gzipped
            answer.headers["Content-Encoding"] = "gzip"
    return answer


def _filled(file: Path, **parts: str) -> str:
    text = file.read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace("{{" + name + "}}", part)
    return text


def _moved(address: str) -> Response:
    answer = redirect(address, 302, Response=Response)
    answer.autocorrect_location_header = False
    answer.headers["Cache-Control"] = "no-cache"
    assert isinstance(answer, Response)
    return answer
