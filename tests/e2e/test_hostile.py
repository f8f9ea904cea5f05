"""Hostile text is text, wherever the page shows it: nothing runs, is lost or moves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.hostile import STRINGS
from tests.serving import Serving
from tests.talk import Talk

KEYS = count()
WIDTHS = (1280, 390)

WATCHED = """
window.reports = [];
window.hacked = () => reports.push('it ran');
addEventListener('securitypolicyviolation', ({ violatedDirective, sample, blockedURI }) => {
    reports.push(`${violatedDirective} ${blockedURI} ${sample}`);
});
"""

FAULTS = """() => {
    const NEVER = 'iframe, frame, object, embed, img, video, audio, base, math, marquee, '
        + 'foreignObject, portal, template, hearth-app noscript, meta[http-equiv], svg script, '
        + 'svg animate, svg style, svg a';
    const MARKUP = new Set(('p strong em del code pre a ul ol li blockquote br hr span div input '
        + 'button table thead tbody tr th td svg use bdi small time').split(' '));
    const NAMES = new RegExp('^(class|dir|tabindex|href|title|rel|target|role|type|start|disabled'
        + '|checked|lang|scope|hidden)$');
    const KINDS = new Set(['http:', 'https:', 'mailto:']);
    const faults = [...reports];
    for (const node of document.querySelectorAll(NEVER)) faults.push(node.outerHTML);
    const loading = document.body.querySelectorAll('script, style, link');
    for (const node of loading) faults.push(node.outerHTML);
    for (const node of document.querySelectorAll('*')) {
        for (const { name, value } of node.attributes) {
            if (name.startsWith('on')) faults.push(node.outerHTML);
            const leads = /href|src|action/.test(name);
            if (leads && /^\\s*(javascript|data|vbscript):/i.test(value)) faults.push(value);
        }
        const isLink = node instanceof HTMLAnchorElement && node.href;
        if (isLink && !KINDS.has(node.protocol)) faults.push(node.href);
    }
    for (const node of document.querySelectorAll('.text *')) {
        if (!MARKUP.has(node.localName)) faults.push(node.outerHTML);
        for (const { name } of node.attributes) {
            const own = name.startsWith('data-') || name.startsWith('aria-') || node.closest('svg');
            if (!own && !NAMES.test(name)) faults.push(`${name} of ${node.outerHTML}`);
        }
    }
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) faults.push(`${scrollWidth} wide`);
    return faults.map((fault) => fault.slice(0, 300));
}"""

SHOWN = """() => Object.fromEntries([...document.querySelectorAll('.msg[data-n]')].map((row) => {
    const text = row.querySelector('.text')?.cloneNode(true);
    text?.querySelector('.edited')?.remove();
    const links = [...(text?.querySelectorAll('a') ?? [])];
    const hidden = links.map(({ href, title }) => `${href} ${title}`);
    return [row.dataset.n, [text?.textContent ?? '', hidden.join(' ')]];
}))"""


def pieces(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), size):
        yield texts[start : start + size]


UNSEEN = r"""(?m)^(```|~~~).*$|(?<=\S) (['"]).*\2(?=\))"""
"""What marks leave out: the word of a fence, and the title of a link, which tells its address."""

Put = Callable[[Talk, str, str], dict[str, Any] | None]
"""Puts a text somewhere in a room; gives the event that shows it as a message, if one does."""


def put(mira: Talk, do: str, **members: Any) -> dict[str, Any]:
    """Give the event, or the refusal, which must be a sentence."""
    key = f"hostile-{next(KEYS)}"
    mira.send(do, key=key, **members)
    told = mira.until(lambda x: x.get("key") == key)
    assert told["do"] == do or told["message"].endswith((".", "?")), told
    return told


def said(mira: Talk, room: str, text: str) -> dict[str, Any]:
    return put(mira, "say", room=room, text=text)


def edited(mira: Talk, room: str, text: str) -> dict[str, Any] | None:
    n = said(mira, room, "before")["n"]
    told = put(mira, "edit", room=room, of=n, text=text)
    return {**told, "n": n} if told["do"] == "edit" else None


def quoted(mira: Talk, room: str, text: str) -> dict[str, Any]:
    event = said(mira, room, text)
    put(mira, "say", room=room, text="an answer", re=event["n"])
    return event


def pinned(mira: Talk, room: str, text: str) -> dict[str, Any]:
    event = said(mira, room, text)
    put(mira, "pin", room=room, of=event["n"])
    return event


def as_topic(mira: Talk, room: str, text: str) -> None:
    put(mira, "topic", room=room, text=text[:200])


def as_poll(mira: Talk, room: str, text: str) -> None:
    answers = [text[:200], "another"]
    put(mira, "say", room=room, text=f"{text[:200]}?", poll={"answers": answers})


def as_look(mira: Talk, room: str, text: str) -> None:
    put(mira, "look", room=room, icon=text[:16], tint="")


def as_reaction(mira: Talk, room: str, text: str) -> None:
    put(mira, "react", room=room, of=1, text=text[:16])


PLACES: tuple[Put, ...] = (
    said, edited, quoted, pinned, as_topic, as_poll, as_look, as_reaction,
)  # fmt: skip


@pytest.fixture
def some(request: pytest.FixtureRequest) -> Sequence[str]:
    """Every fourth text, or with --hostile all: test_history has all in any case."""
    return STRINGS[:: 1 if request.config.getoption("--hostile") else 4]


@pytest.fixture
def mira(hub: Serving) -> Iterator[Talk]:
    """A host, so that she may change what a room is like."""
    with hub.talk(hub.as_host("mira")) as mira:
        mira.hello()
        yield mira


def watched(visitor: Visitor) -> Page:
    """From the next page on; a dialog is a fault."""

    def asked(dialog: Dialog) -> None:
        visitor.faults.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    visitor.page.add_init_script(WATCHED)
    visitor.page.on("dialog", asked)
    return visitor.page


def harmless(page: Page) -> None:
    """Nothing ran, nothing is there that should not be, and the page fits its window."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(FAULTS) == []


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text))


def whole(page: Page, events: Sequence[dict[str, Any]]) -> None:
    """Every message says all that was said, but for what its marks mean."""
    shown = page.evaluate(SHOWN)
    for event in events:
        text, hidden = shown[str(event["n"])]
        if re.search(r"\]\(|\]:|```|~~~|!\[|<\w+:|\|", event["text"]):
            told = re.sub(UNSEEN, "", event["text"])
            assert "hacked" not in told or "hacked" in text + hidden, event["text"]
        else:
            told = re.sub(r"^1\. ", "", event["text"])  # the number of a list is drawn by its mark
            assert letters(text) == letters(told), (text, told)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_what_is_said_live(
    hub: Serving, visit: Visit, mira: Talk, place: Put, some: Sequence[str]
) -> None:
    mira.join("live")
    put(mira, "say", room="live", text="the first")
    naor = visit(f"{hub.url}/general", "naor")
    page = watched(naor)
    naor.open(f"{hub.url}/live")
    naor.sees("the first")
    for texts in pieces(some, 90):
        told = [place(mira, "live", text) for text in texts]
        last = put(mira, "say", room="live", text="that is all")
        expect(page.locator(f".msg[data-n='{last['n']}']")).to_be_visible()
        whole(page, [event for event in told if event and event["do"] in ("say", "edit")])
        harmless(page)


def test_history(hub: Serving, visit: Visit, mira: Talk) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    page = watched(naor)
    for number, texts in enumerate(pieces(STRINGS, 58)):
        room = f"history-{number}"
        mira.join(room)
        told = [event for text in texts if (event := said(mira, room, text))["do"] == "say"]
        naor.open(f"{hub.url}/{room}")
        expect(page.locator(".msg[data-n]")).to_have_count(len(told))
        whole(page, told)
        harmless(page)


def test_names(hub: Serving, visit: Visit, some: Sequence[str]) -> None:
    """Of those who speak; a name that cannot be one is refused with a sentence."""
    naor = visit(f"{hub.url}/general", "naor")
    page = watched(naor)
    naor.open(f"{hub.url}/names")
    for texts in pieces(some, 90):
        names = {}
        for text in texts:
            answer = hub.post("/api/chat/names", {"username": text[:40], "msg": "it is me"})
            if answer.status == 201:
                names[str(answer.json["n"])] = answer.json["by"]
            else:
                assert answer.error[0] in (409, 422), answer.text
        last = max(names, key=int)
        expect(page.locator(f".msg[data-n='{last}']")).to_be_visible()
        for n, name in names.items():
            row = page.locator(f".msg[data-n='{n}'] :is(.name, .quiet)")
            assert row.first.text_content() in (name, f"{name}: ")
        harmless(page)


def test_titles_of_rooms(hub: Serving, visit: Visit, some: Sequence[str]) -> None:
    """In the list, at the top of the room, and in the title of the page."""
    for number, texts in enumerate(pieces(some, 60)):
        naor = visit(f"{hub.url}/general", f"naor{number}")
        cookie = "; ".join(f"{x['name']}={x['value']}" for x in naor.context.cookies())
        asked = {"Cookie": cookie, "Origin": hub.url}
        names = {}
        for text in texts:
            made = hub.ask("POST", "/api/rooms", {"kind": "private", "title": text[:64]}, asked)
            if made.status == 201:
                names[made.json["room"]] = text[:64]
            else:
                assert made.error[0] == 422, made.text
        page = watched(naor)
        room, title = list(names.items())[-1]
        naor.open(f"{hub.url}/{room}")
        expect(page).to_have_title(f"{' '.join(title.split())} · Hearth")
        expect(page.locator("nav a.room")).to_have_count(len(names) + 1)
        told = {" ".join(x.split()) for x in page.locator("nav a.room .label").all_text_contents()}
        assert {" ".join(x.split()) for x in names.values()} <= told
        harmless(page)
        naor.context.close()


def test_notices(hub: Serving, visit: Visit) -> None:
    """What the page tells in a sentence may name a room or a person."""
    naor = visit(f"{hub.url}/general", "naor")
    page = watched(naor)
    naor.open(f"{hub.url}/general")
    expect(naor.message).to_be_visible()
    for text in STRINGS[::24]:
        page.evaluate(
            "(text) => document.body.dispatchEvent("
            "new CustomEvent('hearth-notice', { bubbles: true, detail: { text } }))", text,
        )  # fmt: skip
        expect(
            page.locator(".toast").filter(has_text=re.compile(re.escape(text[:20])))
        ).not_to_have_count(0)
    harmless(page)


def test_answers_of_the_hub(hub: Serving) -> None:
    """A page that is none has the text as text; a refusal is JSON, and taken for nothing else."""
    for text in STRINGS:
        answer = hub.get(f"/{quote(text, safe='')}")
        assert answer.status in (200, 302, 404), answer.status
        assert answer.status != 404 or "<" not in text or text not in answer.text
        refused = hub.post("/api/chat/%20", {"username": text, "msg": text})
        assert refused.headers["Content-Type"] == "application/json"
        assert refused.headers["X-Content-Type-Options"] == "nosniff"
