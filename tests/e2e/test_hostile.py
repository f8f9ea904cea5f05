"""Hostile text is text, wherever the page shows it: nothing runs, is lost or moves."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Dialog, Page, expect

from hub.names import shows
from hub.protocol.polls import ANSWERS
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
            const isIcon = node.localName === 'link' && node.rel === 'icon'; // it has a count
            const acts = /^\\s*(javascript|data|vbscript):/i.test(value);
            if (leads && acts && !isIcon) faults.push(value);
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
    const composer = document.querySelector('hearth-composer textarea');
    if (composer && !document.querySelector('dialog[open], .with-thread')) {
        const { top, bottom, height } = composer.getBoundingClientRect();
        if (!height || top < 0 || bottom > innerHeight) faults.push('no composer in sight');
    }
    return faults.map((fault) => fault.slice(0, 300));
}"""

SHOWN = """(place) => Object.fromEntries([
    ...document.querySelectorAll(`${place} .msg[data-n]`),
].map((row) => {
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


def edited_and_quoted(mira: Talk, room: str, text: str) -> dict[str, Any] | None:
    """`n` is the number of the message, and `m` that of the event with its text."""
    n = said(mira, room, "before")["n"]
    told = put(mira, "edit", room=room, of=n, text=text)
    put(mira, "say", room=room, text="an answer", re=n)
    return {**told, "m": told["n"], "n": n} if told["do"] == "edit" else None


def as_topic_look_and_reaction(mira: Talk, room: str, text: str) -> None:
    put(mira, "topic", room=room, text=text[:200])
    put(mira, "look", room=room, icon=text[:16], tint="")
    put(mira, "react", room=room, of=1, text=text[:16])


PLACES: tuple[Put, ...] = (edited_and_quoted, as_topic_look_and_reaction)


@pytest.fixture
def some(request: pytest.FixtureRequest) -> Sequence[str]:
    """Every eighth text, or with --hostile all: test_history has all in any case."""
    return STRINGS[:: 1 if request.config.getoption("--hostile") else 8]


@pytest.fixture
def mira(hub: Serving) -> Iterator[Talk]:
    """A host, so that she may change what a room is like."""
    with hub.talk(hub.as_host("mira")) as mira:
        mira.hello()
        yield mira


def watching(visit: Visit, hub: Serving, name: str) -> Visitor:
    """Somebody who is in already, on no page yet; a dialog is a fault."""
    visitor = visit(f"{hub.url}/api/health")

    def asked(dialog: Dialog) -> None:
        visitor.told.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    cookie, _, token = hub.session(name)["Cookie"].partition("=")
    visitor.context.add_cookies([{"name": cookie, "value": token, "url": hub.url}])
    visitor.page.add_init_script(WATCHED)
    visitor.page.on("dialog", asked)
    return visitor


def harmless(page: Page, widths: Sequence[int] = WIDTHS) -> None:
    """Nothing ran, nothing is there that should not be, and the page fits its window."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(FAULTS) == []


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text))


def has_marks(text: str) -> bool:
    """Whether something in it may be drawn as a mark, and so not letter by letter."""
    return re.search(r"[*_~`\[\]|\\]|^\s*([#>+-]|\d+[.)])|\s{3}", text, re.MULTILINE) is not None


def unbroken(text: str) -> str:
    """Without the ends of its lines, which are elements where it is drawn."""
    return "".join(line.strip() for line in text.split("\n"))


def says(shown: str, hidden: str, text: str) -> None:
    """A message says all that was said: to the letter, but for what its marks mean."""
    if re.search(r"\]\(|\]:|```|~~~|!\[|<\w+:|<\S+@\S+>|\|", text):
        told = re.sub(UNSEEN, "", text)
        assert "hacked" not in told or "hacked" in shown + hidden, text
    elif has_marks(text):
        told = re.sub(r"^1\. ", "", text)  # the number of a list is drawn by its mark
        assert letters(shown) == letters(told), (shown, told)
    else:
        assert unbroken(shown) == unbroken(text)


def whole(page: Page, told: Mapping[int, str], place: str = "hearth-message-list") -> None:
    """Every message of these numbers says all of its text."""
    shown = page.evaluate(SHOWN, place)
    for n, text in told.items():
        says(*shown[str(n)], text)


def kept(hub: Serving, room: str, told: Mapping[int, str]) -> None:
    """The room's file has exactly these texts under these numbers."""
    lines = {line["n"]: line for line in map(json.loads, hub.lines(room))}
    assert {n: lines[n]["text"] for n in told} == told


def snippets(visitor: Visitor, texts: Sequence[str], longest: int) -> list[str]:
    """The line that stands for each text in quotes and lists, as the page makes it."""
    asked = [visitor.module("lib/markdown.js"), list(texts), longest]
    found: list[str] = visitor.page.evaluate(
        "([module, texts, longest]) => import(module)"
        ".then(({ snippet }) => texts.map((text) => snippet(text, longest)))", asked,
    )  # fmt: skip
    return found


def opens(page: Page, name: str, /, **detail: Any) -> None:
    """Have the page do what a control would ask for."""
    page.evaluate(
        "([name, detail]) => { document.body.dispatchEvent("
        "new CustomEvent(`hearth-${name}`, { bubbles: true, detail })); }", [name, detail],
    )  # fmt: skip


def session(visitor: Visitor, hub: Serving) -> dict[str, str]:
    """The headers of requests by the person of a page."""
    cookies = visitor.context.cookies()
    cookie = "; ".join(f"{x['name']}={x['value']}" for x in cookies)
    return {"Cookie": cookie, "Origin": hub.url}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_what_is_said_live(
    hub: Serving, visit: Visit, mira: Talk, place: Put, some: Sequence[str]
) -> None:
    mira.join("live")
    put(mira, "say", room="live", text="the first")
    naor = watching(visit, hub, "naor")
    page = naor.page
    naor.open(f"{hub.url}/live")
    naor.sees("the first")
    for texts in pieces(some, 95):
        events = [(place(mira, "live", text), text) for text in texts]
        last = put(mira, "say", room="live", text="that is all")
        expect(page.locator(f".msg[data-n='{last['n']}']")).to_be_visible()
        whole(page, {x["n"]: text for x, text in events if x})
        kept(hub, "live", {x["m"]: text for x, text in events if x})
        if place is as_topic_look_and_reaction:
            topics = [x["text"] for x in map(json.loads, hub.lines("live")) if x["do"] == "topic"]
            assert topics[-len(texts) :] == [" ".join(text[:200].split()) for text in texts]
            assert page.locator(".head .topic").text_content() == topics[-1]
        harmless(page)


def test_polls(hub: Serving, visit: Visit, mira: Talk, some: Sequence[str]) -> None:
    """Question and answers, as many as one can have."""
    naor = watching(visit, hub, "naor")
    page = naor.page
    tidy = {" ".join(text[:200].split()): None for text in some if shows(text[:200])}
    mira.join("polls")
    polls = {}
    for answers in map(list, pieces([x for x in tidy if shows(x)], ANSWERS)):
        question = answers[0]
        answers.append("another")
        poll = {"answers": answers[-ANSWERS:]}
        event = put(mira, "say", room="polls", text=question, poll=poll)
        polls[event["n"]] = [question, *answers[-ANSWERS:]]
        lines = [json.loads(line)["poll"] for line in hub.lines("polls")]
        assert [lines[-1]["question"], *lines[-1]["answers"]] == polls[event["n"]]
    naor.open(f"{hub.url}/polls")
    for n, told in polls.items():
        poll_row = page.locator(f".msg[data-n='{n}'] fieldset.poll")
        expect(poll_row).to_be_visible()
        shown = poll_row.locator("legend, .poll-answer .what > [dir]").all_text_contents()
        assert [x.strip() for x in shown] == told
    harmless(page)


def test_history(hub: Serving, visit: Visit, mira: Talk) -> None:
    naor = watching(visit, hub, "naor")
    page = naor.page
    for number, texts in enumerate(pieces(STRINGS, 58)):
        room = f"history-{number}"
        mira.join(room)
        told = {event["n"]: text for text in texts if "n" in (event := said(mira, room, text))}
        naor.open(f"{hub.url}/{room}")
        expect(page.locator(".msg[data-n]")).to_have_count(len(told))
        whole(page, told)
        kept(hub, room, told)
        harmless(page)


def test_names(hub: Serving, visit: Visit, some: Sequence[str]) -> None:
    """Of those who speak; a name that cannot be one is refused with a sentence."""
    naor = watching(visit, hub, "naor")
    page = naor.page
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
        naor = watching(visit, hub, f"naor{number}")
        asked = session(naor, hub)
        names = {}
        for text in texts:
            made = hub.ask("POST", "/api/rooms", {"kind": "private", "title": text[:64]}, asked)
            if made.status == 201:
                names[made.json["room"]] = text[:64]
            else:
                assert made.error[0] == 422, made.text
        page = naor.page
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
    naor = watching(visit, hub, "naor")
    page = naor.page
    naor.open(f"{hub.url}/general")
    expect(naor.message).to_be_visible()
    for text in STRINGS[::40]:
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


def test_cards_quotes_and_threads(
    hub: Serving, visit: Visit, mira: Talk, some: Sequence[str]
) -> None:
    """What answers a message of mine: as a line, in its thread, pinned, and as a mention."""
    naor = watching(visit, hub, "naor")
    page = naor.page
    for number, texts in enumerate(pieces(some, 45)):
        room = f"cards-{number}"
        made = hub.ask("POST", f"/api/chat/{room}", {"msg": "the first"}, session(naor, hub))
        mira.join(room)
        told = {}
        for text in texts:
            event = put(mira, "say", room=room, text=text, re=1)
            if event["do"] == "say":
                told[event["n"]] = text
        last = put(mira, "say", room=room, text="that is all", re=max(told))["n"]
        kept(hub, room, told)
        naor.open(f"{hub.url}/{room}")
        rows = page.locator("hearth-message-list .msg[data-n]")
        expect(rows).to_have_count(len(told) + 2)
        whole(page, told)
        quote = page.locator(f".msg[data-n='{last}'] .quote span")
        assert quote.text_content() == snippets(naor, texts[-1:], 140)[0]
        opens(page, "open-thread", n=made.json["n"])
        thread = "hearth-thread-panel"
        expect(page.locator(f"{thread} .msg[data-n]")).to_have_count(len(told) + 2)
        whole(page, told, thread)
        harmless(page)
        opens(page, "close-thread")
        for n in told:
            put(mira, "pin", room=room, of=n)
        expect(page.locator(thread)).to_be_hidden()
        opens(page, "show-pinned")
        pins = page.locator(".pin-text")
        expect(pins).to_have_count(len(told))
        assert sorted(pins.all_text_contents()) == sorted(snippets(naor, [*told.values()], 300))
        harmless(page)
        page.keyboard.press("Escape")
        opens(page, "show-mentions")
        meant = page.locator(".mention-item .said")
        expect(meant.first).to_have_text(snippets(naor, [*told.values()][-1:], 140)[0])
        lines = snippets(naor, [*told.values()][::-1], 140)
        assert meant.all_text_contents()[: len(told)] == lines
        harmless(page)
        page.keyboard.press("Escape")
        message = {"room": room, "n": last, "by": texts[0][:40], "text": texts[0]}
        opens(page, "forward", messages=[message])
        line = page.get_by_role("dialog", name="Forward").locator(".sheet-body > p").first
        expected = f"{texts[0][:40]}: {snippets(naor, texts[:1], 80)[0]}"
        assert " ".join((line.text_content() or "").split()) == " ".join(expected.split())
        harmless(page)
        page.keyboard.press("Escape")


def test_versions(hub: Serving, visit: Visit, mira: Talk, some: Sequence[str]) -> None:
    naor = watching(visit, hub, "naor")
    page = naor.page
    mira.join("versions")
    for texts in pieces(some, 95):
        n = said(mira, "versions", "before")["n"]
        told = {}
        for text in texts:
            event = put(mira, "edit", room="versions", of=n, text=text)
            if event["do"] == "edit":
                told[event["n"]] = text
        kept(hub, "versions", told)
        naor.open(f"{hub.url}/versions")
        expect(page.locator(f".msg[data-n='{n}']")).to_be_visible()
        opens(page, "show-versions", n=n)
        shown = page.locator(".version .text")
        expect(shown).to_have_count(len(told) + 1)
        told_last_first = [*told.values()][::-1]
        for line, text in zip(shown.all_text_contents(), told_last_first, strict=False):
            says(line, text if "](" in text or "]:" in text else "", text)
        harmless(page)


def test_forwarded(hub: Serving, visit: Visit, some: Sequence[str]) -> None:
    """What somebody said whose name is as hostile."""
    naor = watching(visit, hub, "naor")
    page, anna = naor.page, hub.session("anna")
    for number, texts in enumerate(pieces(some, 58)):
        source, to = f"source-{number}", f"forwarded-{number}"
        told, names = {}, {}
        for text in texts:
            said = hub.post(f"/api/chat/{source}", {"username": text[:40], "msg": text})
            if said.status != 201:
                continue
            address = f"/api/chat/{source}/{said.json['n']}/forward"
            event = hub.ask("POST", address, {"to": to}, anna).json
            told[event["n"]], names[str(event["n"])] = text, said.json["by"]
        kept(hub, to, told)
        naor.open(f"{hub.url}/{to}")
        expect(page.locator(".msg[data-n]")).to_have_count(len(told))
        whole(page, told)
        shown = page.evaluate(
            "() => Object.fromEntries([...document.querySelectorAll('.msg[data-n]')].map((row) =>"
            " [row.dataset.n, row.querySelector('.origin bdi').textContent]))"
        )
        assert shown == names
        harmless(page)


def test_people(hub: Serving, visit: Visit, mira: Talk, some: Sequence[str]) -> None:
    """Their names and statuses: in the list, on cards, for `@`, and of those who wrote to me."""
    naor = watching(visit, hub, "naor")
    page = naor.page
    for number, texts in enumerate(pieces(some, 90)):
        room = f"people-{number}"
        mira.join(room)
        put(mira, "say", room=room, text="the first")
        with ExitStack() as stack:
            people: dict[str, tuple[str, str]] = {}  # by id: name, status
            for text in texts:
                joined = hub.post("/api/session", {"name": text[:40]}, Origin=hub.url)
                if joined.status != 201:
                    assert joined.error[0] in (409, 422)
                    continue
                headers = {"Cookie": joined.headers["Set-Cookie"].partition(";")[0]}
                headers["Origin"] = hub.url
                status = {"text": text[:100], "emoji": "🍵"}
                told = hub.ask("PUT", "/api/me/status", status, headers).status
                assert told in (204, 422)
                people[joined.json["who"]] = joined.json["name"], text[:100] if told == 204 else ""
                talk = stack.enter_context(hub.talk(headers))
                talk.hello()
                talk.join(room)
                put(talk, "react", room=room, of=1, text="🍵")
                talk.send("seen", room=room, n=1)
            naor.open(f"{hub.url}/{room}")
            expect(page.locator(".people li")).to_have_count(len(people) + 2)
            names = [name for name, _ in people.values()]
            statuses = [status for _, status in people.values() if status]
            shown = page.locator(".people .person bdi").all_text_contents()
            assert sorted(shown) == sorted([*names, "naor", "mira"])
            marks = page.locator(".people .status-mark")
            told_of = marks.evaluate_all("all => all.map((x) => x.getAttribute('aria-label'))")
            assert sorted(told_of) == sorted(statuses)
            harmless(page)
            opens(page, "show-reactions", message={"room": room, "n": 1, "reactions": []})
            reacted = page.locator(".reaction bdi")
            expect(reacted).to_have_count(len(names))
            assert reacted.all_text_contents() == names
            harmless(page)
            page.keyboard.press("Escape")
            opens(page, "show-readers", n=1)
            readers = page.locator("dialog[open] .item bdi")
            expect(readers).to_have_count(len(names))
            assert sorted(readers.all_text_contents()) == sorted(names)
            harmless(page)
            page.keyboard.press("Escape")
            naor.types("@")
            offered = page.locator(".completion bdi")
            expect(offered.first).to_be_visible()
            assert set(offered.all_text_contents()) <= {*names, "mira", "here"}
            harmless(page)
            naor.message.fill("")
            for who, (name, status) in [*people.items()][::24]:
                opens(page, "show-person", who=who, name="before")
                card = page.locator("hearth-person-card")
                expect(card.locator("h2 bdi")).to_have_text(" ".join(name.split()))
                assert card.locator("h2 bdi").text_content() == name
                if status:
                    assert card.locator(".status-line bdi").text_content() == status
                assert page.evaluate(FAULTS) == []
                page.keyboard.press("Escape")
            for who, (name, status) in [*people.items()][::24]:
                direct = {"kind": "direct", "whom": who}
                made = hub.ask("POST", "/api/rooms", direct, session(naor, hub)).json["room"]
                opens(page, "open-room", room=made)
                expect(page).to_have_url(f"{hub.url}/{made}")
                expect(page).to_have_title(f"{' '.join(name.split())} · Hearth")
                title = page.locator(".head h1 bdi")
                expect(title).to_have_text(" ".join(name.split()))  # the page is drawn after
                assert title.text_content() == name
                line = page.locator(f"nav a.room[href$='{made}'] .status-mark")
                if status:
                    expect(line).to_have_attribute("aria-label", status)
                harmless(page)


def test_names_of_the_hub_and_odd_addresses(
    hub: Serving, visit: Visit, request: pytest.FixtureRequest
) -> None:
    """The name at the top of the list and in the title; the page of what can be no room."""
    headers = hub.as_host("mira")
    naor = watching(visit, hub, "naor")
    naor.expected = ("status of 404",)
    page = naor.page
    for text in STRINGS[:: 4 if request.config.getoption("--hostile") else 60]:
        named = hub.ask("POST", "/api/host", {"do": "name", "text": text[:40]}, headers)
        assert named.status in (200, 422)
        name = hub.get("/api/me").json["hub"]["name"]
        assert named.status == 422 or name == " ".join(text[:40].split())
        naor.open(f"{hub.url}/general")
        expect(page).to_have_title(f"general · {' '.join(name.split())}")
        assert page.locator(".brand bdi").text_content() == name
        harmless(page)
        page.goto(f"{hub.url}/{quote(text, safe='')}")
        harmless(page, WIDTHS[1:])
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})


def test_an_icon_that_is_typed(hub: Serving, visit: Visit, some: Sequence[str]) -> None:
    """It is shown as it will be, and what can be none is refused and stays."""
    naor = watching(visit, hub, "naor")
    naor.expected = ("status of 422",)
    hub.say("the first", "icons")
    page = naor.page
    naor.open(f"{hub.url}/icons")
    naor.sees("the first")
    opens(page, "show-room", face="look")
    field = page.get_by_role("textbox", name="Or one letter")
    for text in some[:: max(1, len(some) // 13)]:
        field.fill(text[:16])
        sign = page.locator(".emoji-field .sign")
        if typed := field.input_value().strip():
            assert sign.text_content() == typed
        assert page.evaluate(FAULTS) == []
    harmless(page)
    before = field.input_value()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="one emoji or one letter")).to_be_visible()
    assert field.input_value() == before
    harmless(page)


NOTIFIED = """async ([module, saidTexts, texts]) => {
    const told = [];
    window.Notification = class {
        static permission = 'granted';
        constructor(title, { body }) { told.push([title, body]); }
    };
    const { Notifications } = await import(module);
    const { saidText } = await import(saidTexts);
    const notifications = new Notifications({ open: () => {} });
    const short = texts.map((text) => saidText({ text }, 200));
    texts.forEach((text, at) => {
        const names = { room: text, title: text, by: text };
        notifications.show({ ...names, kind: 'public', words: short[at] }, true);
    });
    return [told, short];
}"""


def test_notifications(hub: Serving, visit: Visit) -> None:
    """Titles are names as they are, and bodies are texts as all short lines show them."""
    naor = watching(visit, hub, "naor")
    modules = [naor.module(f"lib/{name}.js") for name in ("notifications", "said-text")]
    page = naor.page
    naor.open(f"{hub.url}/general")
    told, short = page.evaluate(NOTIFIED, [*modules, list(STRINGS)])
    expected = zip(STRINGS, short, strict=True)
    assert told == [[f"{text} in {text}", words] for text, words in expected]
    harmless(page)
