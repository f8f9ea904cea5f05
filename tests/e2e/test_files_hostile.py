"""Files that would like to be pages, in a real browser on the hub's own origin: nothing runs."""

from __future__ import annotations

import json
import time
from typing import NamedTuple

import pytest
from playwright.sync_api import Error, Page

from tests.e2e.conftest import Browsers
from tests.serving import Serving

SCRIPT = (
    "fetch('/api/me').then(x=>x.text()).then(x=>fetch('/api/files/general/stolen?name=stolen.txt"
    "&username=thief',{method:'PUT',body:x+document.cookie}));document.title='it ran';"
    "try{parent.hacked=1;top.hacked=1;opener.hacked=1}catch(e){}"
)
MARKUP = f'<!DOCTYPE html><html><body><script>{SCRIPT}</script><img src=x onerror="{SCRIPT}">'
GIF = (
    b"GIF89a/*\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00"
    b"\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;*/=1;" + SCRIPT.encode()
)
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{SCRIPT}"><script>{SCRIPT}</script></svg>'
XSLT = (
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>'
    f"<script>{SCRIPT}</script></body></html>"
)


class Lie(NamedTuple):
    """A file that is not what its name and its declared type say."""

    name: str
    declared: str
    data: bytes


LIES = [
    Lie("page.png", "image/png", MARKUP.encode()),
    Lie("page.html", "text/html", MARKUP.encode()),
    Lie("page", "text/html; charset=utf-7", MARKUP.encode()),
    Lie("page.txt", "text/html", MARKUP.encode()),
    Lie("page.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + MARKUP.encode()),
    Lie("page.pdf", "text/html", b"%PDF-1.4\n" + MARKUP.encode()),
    Lie("script.gif", "image/gif", GIF),
    Lie("script.js", "text/javascript", SCRIPT.encode()),
    Lie("script.bin", "application/javascript", SCRIPT.encode()),
    Lie("picture.svg", "image/svg+xml", SVG.encode()),
    Lie("picture.png", "image/svg+xml", SVG.encode()),
    Lie("page.xhtml", "application/xhtml+xml", XSLT.encode()),
    Lie("page.xml", "text/xml", XSLT.encode()),
    Lie("page.mht", "multipart/related", MARKUP.encode()),
]


@pytest.fixture
def page(hub: Serving, browsers: Browsers) -> Page:
    """A page of the hub's origin, whose person has a session."""
    context = browsers[0].new_context()
    name, _, value = hub.session("victim")["Cookie"].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": hub.url}])
    return context.new_page()


def test_no_file_runs_a_script_on_the_hubs_origin(hub: Serving, page: Page) -> None:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    for number, lie in enumerate(LIES):
        answer = hub.ask(
            "PUT", f"/api/files/general/f{number}?username=mallory&name={lie.name}", lie.data,
            Content_Type=lie.declared,
        )  # fmt: skip
        assert answer.status == 201, answer.text
    _serves(page, "bare", "<!DOCTYPE html>")
    _serves(page, "control", MARKUP)
    for number, lie in enumerate(LIES):
        url = f"{hub.url}/api/files/general/f{number}"
        for query in ("", "?download=1"):
            opened = page.context.new_page()
            try:
                opened.goto(url + query)
            except Error as why:  # it is saved instead
                assert "Download is starting" in str(why) or "ERR_ABORTED" in str(why), why
            else:
                assert opened.title() != "it ran", lie
                assert opened.evaluate("origin") == "null", lie
                with pytest.raises(Error):
                    opened.evaluate("document.cookie")
            opened.close()
        # As part of a page of the same origin, even one that has no policy of its own.
        page.route(
            "**/bare", lambda route: route.fulfill(body="<!DOCTYPE html>", content_type="text/html")
        )
        page.goto(f"{hub.url}/bare")
        page.evaluate(_EMBEDS, url)
        assert page.evaluate("[document.title, window.hacked]") == ["", None], lie
    time.sleep(0.3)
    assert [x for x in asked if x.endswith("/api/me") or "stolen" in x] == []
    assert hub.get("/api/files/general/stolen").status == 404
    with page.expect_request("**/api/me"):  # what would be noticed
        page.goto(f"{hub.url}/control")
    assert page.title() == "it ran"


def _serves(page: Page, name: str, markup: str) -> None:
    """Have the hub's origin serve a page without any policy."""
    page.route(f"**/{name}", lambda route: route.fulfill(body=markup, content_type="text/html"))


_EMBEDS = """async url => {
    const made = ['img', 'iframe', 'object', 'embed', 'script', 'video', 'link'].map(name => {
        const node = document.createElement(name);
        if (name === 'link') Object.assign(node, { rel: 'stylesheet', href: url });
        else if (name === 'object') node.data = url;
        else node.src = url;
        const settled = new Promise(done => { node.onload = node.onerror = done; });
        document.body.append(node);
        return Promise.race([settled, new Promise(done => setTimeout(done, 300))]);
    });
    await Promise.all(made);
    try { new Worker(url); } catch { /* refused */ }
    await navigator.serviceWorker?.register(url).catch(() => null);
    await import(url).catch(() => null);
}"""


def test_what_a_file_is_served_as(hub: Serving) -> None:
    """Whatever it is called: sandboxed, of the type that was found, and sniffed by nobody."""
    for number, lie in enumerate(LIES):
        path = f"/api/files/general/f{number}"
        answer = hub.ask(
            "PUT", f"{path}?username=mallory&name={lie.name}", lie.data, Content_Type=lie.declared
        )
        file = json.loads(answer.body)["files"][0]
        for asked in ({}, {"Range": "bytes=0-9"}, {"Range": "bytes=0-3,5-9"}):
            headers = hub.get(path, **asked).headers
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            [policy] = headers.get_all("Content-Security-Policy")
            assert "default-src 'none'" in policy
            assert policy.endswith("sandbox")
            kind = headers["Content-Type"].partition(";")[0]
            assert kind in (file["type"], "multipart/byteranges")
            shown = file["type"] in ("text/plain", "image/gif", "image/jpeg")
            assert headers["Content-Disposition"].startswith("inline" if shown else "attachment")
        assert not any(x in file["type"] for x in ("html", "xml", "svg", "script"))
