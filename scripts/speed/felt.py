"""What somebody with a slow phone waits for: the page in a browser, at a quarter of the processor.

A frame is over once its drawing is: what is asked for after that comes in a task of its own, or
as the next frame begins.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from speed.browser import Speakers, chromium, person, slowed
from speed.figures import Figures, percentile, spread
from speed.stage import Stage

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIRST = 50
"""Messages that the first page has."""
LONG = 10_000
RATE = 50
"""Messages a second while somebody types."""
KEYS = ("the line to town is down ", "Backspace")
BETWEEN = 0.09
"""Seconds from key to key, of somebody who types well."""
NOTCH, TURN = 160, 0.05
"""Pixels and seconds of a turn of the wheel: nearly five screens a second, more than one reads."""
BARE = 20
"""Milliseconds of work in each frame of the bare page, about what a frame of new rows takes."""
HELD = 80
"""Milliseconds that somebody holds a button down."""
LONGEST, MORE, NODES = "ms the longest frame", "MiB more", "nodes at the end"
UNSEEN, SEEN = "p95 ms unseen", "p95 ms seen before"
ROOMS = tuple(f"room{number}" for number in range(8))

_AFTER = """
const after = (act) => requestAnimationFrame(() => {
    let isOver = false;
    const over = () => {
        if (isOver) return;
        isOver = true;
        act();
    };
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = over;
    port2.postMessage(null);
    requestAnimationFrame(over);
});
"""
_USABLE = f"""(() => {{
{_AFTER}
const isUsable = () => document.querySelectorAll('[role=log] article').length >= {FIRST}
    && document.querySelector('textarea') && document.querySelector('.dot.live');
const look = () => {{
    if (isUsable()) window.usable = performance.now();
    else after(look);
}};
look();
}})()"""
_FRAMES = """() => {
    window.frames_ = [];
    let last = performance.now();
    const frame = (now) => {
        frames_.push(now - last);
        last = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""
_WORK = f"""() => {{
    let sum = 0;
    const work = (times) => {{
        for (let i = 0; i < times; i += 1) sum += Math.sqrt(i);
    }};
    const took = (times) => {{
        const began = performance.now();
        work(times);
        return performance.now() - began;
    }};
    let times = 10_000;
    while (took(times) < {BARE}) times *= 2;
    const tries = Array.from({{ length: 9 }}, () => took(times)).sort((a, b) => a - b);
    times *= {BARE} / tries[4];
    const frame = () => {{
        work(times);
        requestAnimationFrame(frame);
    }};
    requestAnimationFrame(frame);
}}"""
"""The same work in each frame."""
_KEYS = f"""() => {{
{_AFTER}
    window.keys = [];
    addEventListener('keydown', ({{ timeStamp }}) => {{
        after(() => keys.push(performance.now() - timeStamp));
    }}, true);
}}"""
_SENT = f"""() => {{
{_AFTER}
    window.sent = [];
    addEventListener('keydown', ({{ key, target, timeStamp }}) => {{
        if (key !== 'Enter') return;
        const text = target.value;
        let frames = 0;
        const look = () => {{
            frames += 1;
            const rows = [...document.querySelectorAll('.msg')].slice(-3);
            const isThere = rows.some((row) => row.textContent.includes(text));
            if (isThere) sent.push([frames, performance.now() - timeStamp]);
            else after(look);
        }};
        after(look);
    }}, true);
}}"""
_CHANGED = f"""() => {{
{_AFTER}
    window.changed = [];
    addEventListener('click', ({{ target, timeStamp }}) => {{
        const room = target.closest('a.room')?.pathname.slice(1);
        const look = () => {{
            const [row] = [...document.querySelectorAll('[role=log] .text')].slice(-1);
            const isThere = row?.textContent.startsWith(`${{room}} `);
            if (isThere) changed.push(performance.now() - timeStamp);
            else after(look);
        }};
        if (room) after(look);
    }}, true);
}}"""


def first_page(stage: Stage) -> Figures:
    """Somebody comes back with an empty cache; and what came until then over the wire."""
    with stage.hub() as hub, chromium() as browser:
        speakers = Speakers(hub, "general")
        speakers.fill(FIRST)
        for name in ("naor", "mira"):  # the hub makes the page for the first
            context = person(browser, hub, name)
            page = context.new_page()
            devtools = slowed(page)
            came: list[float] = []
            devtools.on("Network.loadingFinished", partial(_add_size, came))
            devtools.send("Network.enable")
            page.add_init_script(_USABLE)
            page.goto(f"{hub.running.address}/general")
            usable = _told(page, "window.usable")
            came_by_then = sum(came)
            page.keyboard.type("here")
            page.keyboard.press("Enter")
            page.locator(".msg.mine").wait_for()
            context.close()
        speakers.close()
    return {"s": usable / 1e3, "KiB": came_by_then / 1024}


def scrolling(stage: Stage) -> Figures:
    """Back to the beginning by the wheel; as long, a bare page with as much work a frame."""
    with _room(stage, LONG) as (page, _):
        devtools = slowed(page)
        before = _memory(devtools)
        began = time.perf_counter()
        frames = _turned(page, lambda: page.locator(".rows .start").count() > 0)
        took = time.perf_counter() - began
        after = _memory(devtools)
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_content('<div style="height: 2000000px">A bare page.</div>')
        page.evaluate("scrollTo(0, 1900000)")
        slowed(page)
        page.evaluate(_WORK)
        end = time.perf_counter() + took
        bare = _turned(page, lambda: time.perf_counter() > end)
    return {
        LONGEST: max(frames),
        MORE: (after["JSHeapUsedSize"] - before["JSHeapUsedSize"]) / 2**20,
        "frames over 50 ms": sum(frame > 50 for frame in frames),
        "frames": len(frames),
        "s": took,
        f"frames over 50 ms of a bare page that works {BARE} ms in each": sum(x > 50 for x in bare),
        "frames of that": len(bare),
        "ms the longest of them": max(bare),
        "MiB before": before["JSHeapUsedSize"] / 2**20,
        "nodes before": before["Nodes"],
        NODES: after["Nodes"],
    }


def typing(stage: Stage) -> Figures:
    """From the key until the end of the frame with its letter.

    Not the browser's own timing of events: where nothing moves, that ends with the next change.
    """
    with _room(stage, LONG) as (page, speakers):
        slowed(page)
        page.locator("textarea").click()
        page.evaluate(_KEYS)
        with _talk(speakers):
            time.sleep(2)
            pressed = 0
            end = time.perf_counter() + 4 * stage.seconds
            while time.perf_counter() < end:
                page.keyboard.press(KEYS[0][pressed % len(KEYS[0])] if pressed % 9 else KEYS[1])
                pressed += 1
                time.sleep(BETWEEN)
        page.wait_for_timeout(500)
        told = page.evaluate("keys")
        page.locator(".text", has_text=f"general {speakers.said}.").wait_for()
    if len(told) < pressed:
        raise RuntimeError("a letter did not come")
    return {**spread([round(ms * 1e6) for ms in told]), "keys": pressed}


def sending(stage: Stage) -> Figures:
    """Which frame after Enter has the message."""
    with _room(stage, LONG) as (page, _):
        slowed(page)
        page.locator("textarea").click()
        page.evaluate(_SENT)
        for number in range(30):
            page.keyboard.type(f"sent {number}.")
            page.keyboard.press("Enter")
            page.wait_for_timeout(250)
        told = page.evaluate("sent")
    frames, took = zip(*told, strict=True)
    if len(frames) < 30:
        raise RuntimeError("what was sent did not come")
    return {"frames": max(frames), **spread([round(ms * 1e6) for ms in took])}


def changing(stage: Stage) -> Figures:
    """From the click until the end of the first frame with the other room's messages."""
    with _room(stage, LONG, ROOMS) as (page, _):
        slowed(page)
        page.evaluate(_CHANGED)
        for room in (*ROOMS, *ROOMS, *ROOMS):
            _press(page, f'a.room[href="/{room}"]')
            page.wait_for_timeout(500)
        told = page.evaluate("changed")
    if len(told) < 3 * len(ROOMS):
        raise RuntimeError("a room did not come")
    first, later = told[: len(ROOMS)], told[len(ROOMS) :]
    return {
        UNSEEN: percentile(first, 0.95),
        SEEN: percentile(later, 0.95),
        "p50 ms unseen": percentile(first, 0.5),
        "p50 ms seen before": percentile(later, 0.5),
    }


def _turned(page: Page, is_over: Callable[[], bool]) -> list[int]:
    """The milliseconds of each frame, while the wheel turns."""
    page.mouse.move(640, 300)
    page.evaluate(_FRAMES)
    began = due = time.perf_counter()
    while not is_over():
        for _ in range(20):
            page.mouse.wheel(0, -NOTCH)
            due = max(due + TURN, time.perf_counter())
            time.sleep(max(0.0, due - time.perf_counter()))
        if due - began > 600:
            raise TimeoutError("the beginning did not come")
    # Three of the screen's frames are 50 ms, give or take some microseconds.
    return [round(frame) for frame in page.evaluate("frames_")]


def _press(page: Page, name: str) -> None:
    """With the mouse alone: a click by name looks at the page while the clock runs."""
    box = page.locator(name).bounding_box()
    if box is None:
        raise RuntimeError(f"{name} is not to be seen")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, delay=HELD)


@contextmanager
def _room(
    stage: Stage, messages: int, others: tuple[str, ...] = ()
) -> Iterator[tuple[Page, Speakers]]:
    """Somebody's page on `general` with so many messages; other rooms have 200 each."""
    with stage.hub() as hub, chromium() as browser:
        speakers = Speakers(hub, "general")
        speakers.fill(messages)
        for room in others:
            there = Speakers(hub, room)
            there.fill(200)
            there.close()
        page = person(browser, hub, "naor").new_page()
        page.goto(f"{hub.running.address}/general")
        page.locator(".text", has_text=f"general {messages}.").wait_for()
        page.wait_for_timeout(1500)
        yield page, speakers
        page.context.close()
        speakers.close()


@contextmanager
def _talk(speakers: Speakers) -> Iterator[None]:
    """They talk meanwhile, whatever the page does."""
    enough = threading.Event()

    def go_on() -> None:
        due = time.perf_counter()
        while not enough.wait(max(0.0, due - time.perf_counter())):
            speakers.say()
            due += 1 / RATE

    talking = threading.Thread(target=go_on)
    talking.start()
    try:
        yield
    finally:
        enough.set()
        talking.join()


def _add_size(sizes: list[float], loaded: dict[str, Any]) -> None:
    sizes.append(loaded["encodedDataLength"])


def _memory(devtools: Any) -> dict[str, float]:
    """After everything that can go is gone."""
    devtools.send("Performance.enable")
    devtools.send("HeapProfiler.collectGarbage")
    told = devtools.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in told}


def _told(page: Page, name: str) -> float:
    """The number in the page of that name, once it is there."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        value: float | None = page.evaluate(name)
        if value:
            return value
        page.wait_for_timeout(50)
    raise TimeoutError(f"{name} did not come")
