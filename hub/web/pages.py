"""The chat page, and the files that it is made of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request, send_from_directory
from werkzeug.exceptions import NotFound

from hub.errors import Refused
from hub.names import room_name
from hub.web.refusals import refusal

KINDS: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
"""The files that are served, with their types: `mimetypes` would read the Windows registry."""

_IMPORT: Final = re.compile(r"""^(?:import|export)\b[^;'"(]*['"](\.[^'"]+)['"]""", re.MULTILINE)


def pages(ui: Path) -> Blueprint:
    """The blueprint of the page; `ui` is the folder that holds it."""
    own = sorted(_own(ui))
    libraries = [file for folder in _libraries(ui) for file in folder.rglob("*.js")]
    served = {file.relative_to(ui).as_posix() for file in [*own, *libraries]}
    version = _version([*own, ui / "index.html", ui / "package-lock.json"])
    preload = "\n".join(
        f'<link rel="modulepreload" href="/static/{version}/{file}">'
        for file in sorted(_static_graph(ui.resolve(), "main.js"))
    )
    shell = _filled(ui / "index.html", v=version, preload=preload)
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
        answer = Response(shell, content_type="text/html; charset=utf-8")
        answer.headers["Cache-Control"] = "no-cache"
        answer.set_etag(version)
        answer.make_conditional(request)
        return answer

    @blueprint.get("/favicon.ico")
    def icon() -> Response:
        return _moved(f"/static/{version}/mark.svg")

    @blueprint.get("/static/<asked>/<path:file>")
    def static(asked: str, file: str) -> Response:
        kind = KINDS.get(Path(file).suffix)
        if kind is None or file not in served:
            raise NotFound
        answer = send_from_directory(ui, file, mimetype=kind.partition(";")[0])
        answer.headers["Content-Type"] = kind
        lasting = asked == version
        answer.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if lasting else "no-cache"
        )
        return answer

    def refused(why: Refused) -> Response:
        body = _filled(
            ui / "refused.html", v=version, title="No such room", message=escape(why.message)
        )
        return Response(body, why.status, content_type="text/html; charset=utf-8")

    @blueprint.app_errorhandler(404)
    def missing(_: Exception) -> Response:
        why = Refused("not_found", "There is nothing at this address.", 404)
        if request.path.startswith("/api/"):
            return refusal(why, request.path)
        return refused(why)

    return blueprint


def _own(ui: Path) -> Iterator[Path]:
    """The files of the page that are ours: no library, no test, no setting of a tool."""
    for entry in ui.iterdir():
        if entry.name not in ("node_modules", "test"):
            files = entry.rglob("*") if entry.is_dir() else [entry]
            yield from (file for file in files if file.suffix in KINDS)


def _static_graph(ui: Path, entry: str) -> set[str]:
    """A module and all of ours that it imports statically, directly or not; paths below `ui`."""
    found, waiting = {entry}, [entry]
    while waiting:
        module = ui / waiting.pop()
        for path in _IMPORT.findall(module.read_text(encoding="utf-8")):
            imported = (module.parent / path).resolve().relative_to(ui).as_posix()
            if imported not in found and not imported.startswith("vendor/"):
                found.add(imported)
                waiting.append(imported)
    return found


def _libraries(ui: Path) -> list[Path]:
    """The folders of the packages that `vendor/` names; those beside them only check the page."""
    sources = "".join(file.read_text(encoding="utf-8") for file in ui.glob("vendor/*.js"))
    return [ui / found for found in set(re.findall(r"node_modules/(?:@[^/']+/)?[^/']+", sources))]


def _version(files: list[Path]) -> str:
    """A hash of the files, for their addresses: what browsers store under one never changes."""
    digest = hashlib.sha256()
    for file in files:
        if file.exists():
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


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
