"""The chat page, and the files that it is made of."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import NotFound

from hub.errors import Refused
from hub.names import room_name
from hub.web.built_page import Source, built, filled
from hub.web.page_files import File
from hub.web.refusals import refusal
from hub.web.security_headers import PAGE_PERMISSIONS


def pages(ui: Source) -> Blueprint:
    """The blueprint of the page, which `ui` holds. Raises ValueError and OSError, as `built`."""
    page = built(ui)
    v = page.version
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/")
    def home() -> Response:
        return _moved("/general")

    @blueprint.get("/<name>", strict_slashes=False)
    def room(name: str) -> Response:
        slash = request.path.endswith("/")
        try:
            proper = room_name(name)
        except Refused as why:
            if slash:
                raise NotFound from why
            return refused(why)
        if slash or proper != name:
            return _moved("/" + quote(proper))
        answer = _file_answer(page.shell)
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
        file = page.files.get(name)
        if file is None:
            raise NotFound
        answer = _file_answer(file)
        lasting = asked == v
        answer.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if lasting else "no-cache"
        )
        return answer

    def refused(why: Refused) -> Response:
        body = filled(page.refused, v=v, title="No such room", message=escape(why.message))
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


def _moved(address: str) -> Response:
    answer = redirect(address, 302, Response=Response)
    answer.autocorrect_location_header = False
    answer.headers["Cache-Control"] = "no-cache"
    assert isinstance(answer, Response)
    return answer
