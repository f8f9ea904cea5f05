"""The page and its parts as files: where they lead, how they are typed, how long they last."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path
from posixpath import normpath
from urllib.parse import quote

import pytest
from flask import Flask

from hub.web.page_files import KINDS
from hub.web.pages import pages
from tests.serving import ROOT, Serving
from tests.web.examples import IMPOSSIBLE, brief


def addresses(hub: Serving) -> list[str]:
    """Everything that the page names."""
    return re.findall(r'(?:href|src)="([^"]+)"', hub.get("/general").text)


def test_the_root_redirects_to_general(lasting: Serving) -> None:
    answer = lasting.get("/")
    assert (answer.status, answer.headers["Location"]) == (302, "/general")


def test_a_room_need_not_exist(lasting: Serving) -> None:
    for room in ("general", "caf%C3%A9", "%D7%A9%D7%9C%D7%95%D7%9D", "a_b-c", "2026", "x" * 64):
        answer = lasting.get(f"/{room}")
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "<title>Hearth</title>" in answer.text


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/General", "/general"),
        ("/GENERAL", "/general"),
        ("/My%20Room", "/my-room"),
        ("/%20room%20", "/room"),
        ("/a%C2%A0b", "/a-b"),
        ("/Caf%C3%89", "/caf%C3%A9"),
        ("/CAFE%CC%81", "/caf%C3%A9"),
        ("/cafe%CC%81", "/caf%C3%A9"),
        ("/%CE%A3%CE%A3", "/%CF%83%CF%82"),
        ("/General?x=1", "/general"),
        ("/general/", "/general"),
        ("/GENERAL/", "/general"),
        ("/My%20Room/?x=1", "/my-room"),
        ("/%D7%A9%D7%9C%D7%95%D7%9D/", "/%D7%A9%D7%9C%D7%95%D7%9D"),
    ],
)
def test_a_room_has_one_address(lasting: Serving, asked: str, canonical: str) -> None:
    answer = lasting.get(asked)
    assert (answer.status, answer.headers["Location"]) == (302, canonical)
    assert lasting.get(canonical).status == 200, "and it leads no further"


@pytest.mark.parametrize("name", IMPOSSIBLE, ids=brief)
def test_an_impossible_room_says_why(lasting: Serving, name: str) -> None:
    answer = lasting.get(f"/{quote(name, safe='')}")
    if name == "favicon.ico":
        assert answer.status == 302
        return
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>No such room</h1>" in answer.text
    said = re.search(r'<p dir="auto">(.*?)</p>', answer.text)
    assert said
    assert len(said[1]) > 20
    assert "<b>" not in answer.text, "what somebody typed is text"
    assert len(answer.body) < 10_000


@pytest.mark.parametrize(
    "path", ["/a/b", "/general/x", "/general/x/", "/a%2fb", "/static/", "/con/", "/a%2fb/"]
)
def test_no_such_page(lasting: Serving, path: str) -> None:
    answer = lasting.get(path)
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_trailing_slash_does_not_make_an_address_a_room(lasting: Serving) -> None:
    answer = lasting.get("/api/")
    assert (answer.status, answer.json["error"]["code"]) == (404, "not_found")
    assert lasting.ask("POST", "/general/").status == lasting.ask("POST", "/general").status == 405


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/..",
        "/\\evil.example",
        "/%5cevil.example",
        "///x",
        "//evil.example/",
        "/\\evil.example/",
    ],
)
def test_no_redirect_leads_elsewhere(lasting: Serving, path: str) -> None:
    answer = lasting.get(path)
    location = answer.headers["Location"]
    assert location is None or location.removeprefix(lasting.url).startswith("/")
    assert location is None or not location.startswith(("//", "/\\"))


def test_no_placeholder_is_left_over(lasting: Serving) -> None:
    for path in ("/general", "/con"):
        assert "{{" not in lasting.get(path).text


def test_everything_that_the_page_links_to_exists(lasting: Serving) -> None:
    named = addresses(lasting)
    assert any(x.endswith("/main.js") for x in named)
    assert any(x.endswith(".css") for x in named)
    for address in [*named, *re.findall(r'(?:href|src)="([^"#]+)', lasting.get("/con").text)]:
        answer = lasting.get(address)
        assert address.startswith("/"), "nothing comes from elsewhere"
        assert answer.status in (200, 302), address


NAMED = r"""(?:\bfrom|\bimport)\s*\(?["']([^"']+)["']"""
FIRST = r"""(?:\bfrom|\bimport)\s*["']([^"']+)["']"""


def modules(hub: Serving, named_by: str = NAMED) -> set[str]:
    """The modules that the page names, and all that these import or load later."""
    waiting = [x for x in addresses(hub) if x.endswith(".js")]
    seen = set(waiting)
    while waiting:
        module = waiting.pop()
        answer = hub.get(module)
        assert answer.status == 200, module
        for named in re.findall(named_by, answer.text):
            if not named.startswith(".") or named.endswith(".d.ts"):
                continue  # a word in a comment of a library, or types
            found = normpath(f"{module}/../{named}")
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    return seen


def test_every_module_finds_what_it_imports(lasting: Serving) -> None:
    own = {x.split("/", 3)[3] for x in modules(lasting) if "/node_modules/" not in x}
    assert own >= {"main.js", "start.js", "shared.js"}
    assert "parts/you/you-card.js" in own
    assert "parts/composer.js" not in own


def test_the_libraries_are_preloaded_and_nothing_else_waits_for_a_module(lasting: Serving) -> None:
    """A browser learns of them from the page, before it has read the script."""
    shell = lasting.get("/general").text
    linked = re.findall(r'"modulepreload" href="([^"]+)"', shell)
    needed = [x for x in modules(lasting, FIRST) if "/vendor/" in x or "/node_modules/" in x]
    assert sorted(linked) == sorted(needed)
    assert len(needed) == 6


def test_types_are_pinned(lasting: Serving) -> None:
    assert KINDS[".js"] == "text/javascript; charset=utf-8"
    for address in addresses(lasting):
        answer = lasting.get(address)
        if answer.status == 200 and address.startswith("/static/"):
            kind = KINDS["." + address.rpartition(".")[2]]
            assert answer.headers["Content-Type"] == kind


def test_the_version_is_another_when_a_file_is(tmp_path: Path) -> None:
    ui = tmp_path / "ui"
    shutil.copytree(ROOT / "ui", ui, ignore=shutil.ignore_patterns("node_modules"))
    (ui / "node_modules").symlink_to(ROOT / "ui" / "node_modules")

    def version() -> str:
        app = Flask("page")
        app.register_blueprint(pages(ui))
        found = re.search(r"/static/(\w+)/main\.js", app.test_client().get("/general").text)
        assert found
        return found[1]

    first = version()
    assert version() == first
    with (ui / "css" / "base.css").open("a") as file:
        file.write("b{margin:0}")
    assert version() != first


def test_a_versioned_file_is_cached_for_good(lasting: Serving) -> None:
    address = next(x for x in addresses(lasting) if x.endswith("/main.js"))
    assert lasting.get(address).headers["Cache-Control"].endswith("immutable")
    old = re.sub("/static/[^/]+/", "/static/0123456789abcdef/", address)
    assert lasting.get(old).headers["Cache-Control"] == "no-cache"
    assert lasting.get("/general").headers["Cache-Control"] == "no-cache"


def test_an_unchanged_page_is_304(lasting: Serving) -> None:
    tag = lasting.get("/general").headers["ETag"]
    again = lasting.get("/general", If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        ("gzip, deflate", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0, *;q=0", False),
        ("br", False),
        ("", False),
        (None, False),
    ],
)
def test_files_are_compressed_for_those_who_accept_it(
    lasting: Serving, accepted: str | None, compressed: bool
) -> None:
    for address in ["/general", *addresses(lasting)]:
        plain = lasting.get(address)
        answer = lasting.get(address, **({} if accepted is None else {"Accept_Encoding": accepted}))
        text = not address.endswith(".png")
        assert answer.headers["Vary"] == ("Accept-Encoding" if text else None)
        assert answer.headers["Content-Type"] == plain.headers["Content-Type"]
        if text and compressed:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(answer.body) == plain.body
        else:
            assert answer.headers["Content-Encoding"] is None
            assert answer.body == plain.body


def test_only_files_of_the_pages_types_are_served(lasting: Serving) -> None:
    version = next(x for x in addresses(lasting) if x.endswith("/main.js")).split("/")[2]
    none = ("index.html", "refused.html", "package.json", "package-lock.json", "lib", "")
    for file in (*none, "lib/api.js", "css/base.css", "parts/app.js"):
        assert lasting.get(f"/static/{version}/{file}").status == 404
    assert (ROOT / "ui" / "package.json").exists()


def test_what_only_checks_the_page_is_not_served(lasting: Serving) -> None:
    version = next(x for x in addresses(lasting) if x.endswith("/main.js")).split("/")[2]
    ui = ROOT / "ui"
    tests = [*ui.glob("test/*.js")]
    tools = [ui / "node_modules" / "eslint" / "lib" / "api.js"]
    for file in [*tests, *tools]:
        assert file.is_file(), file
        name = file.relative_to(ui).as_posix()
        for way in (name, f"lib/../{name}", f"node_modules/marked/../../{name}", f"./{name}"):
            assert lasting.get(f"/static/{version}/{way}").status in (400, 404), way
    assert not any("/test/" in x or "/eslint" in x for x in addresses(lasting))
    served = "node_modules/marked/lib/marked.esm.js"
    assert lasting.get(f"/static/{version}/{served}").status == 200


def test_the_icon(lasting: Serving) -> None:
    answer = lasting.get("/favicon.ico")
    assert answer.status == 302
    assert lasting.get(answer.headers["Location"]).headers["Content-Type"] == "image/png"
