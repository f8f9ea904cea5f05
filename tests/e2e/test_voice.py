"""Voice messages: recorded by a tap or while the button is held, heard, sent, and played."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, expect

from tests.e2e import conftest
from tests.e2e.conftest import Browsers, Visit
from tests.e2e.devices import PHONE, SIZES, press
from tests.e2e.senders import all_ready, cards, chooses, names, payload, said_last, sends
from tests.e2e.sent_files import opus, wav
from tests.e2e.visitor import Held, Visitor
from tests.serving import Serving

LISTENING = 7
"""The number of a browser with a microphone that hears beeps."""
NAME = re.compile(r"Voice message \d{4}-\d\d-\d\d \d\d\.\d\d\.(webm|ogg|m4a)")
REFUSES = """navigator.mediaDevices.getUserMedia = () => Promise.reject(
    Object.assign(new Error('no'), { name: 'NotAllowedError' }))"""
REFUSES_LATER = """navigator.mediaDevices.getUserMedia = () => new Promise((_, reject) => {
    window.refuse = () => reject(Object.assign(new Error('no'), { name: 'NotAllowedError' }));
})"""
NO_SOUND = """const Real = AudioContext;
window.AudioContext = class {
    constructor() {
        if (!window.track) return new Real();
        window.AudioContext = Real;
        throw new Error('no sound');
    }
}"""
"""For the recording alone: what calls somebody is readied 0.3 s after the first touch."""

KEEPS_TRACK = """const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    window.track = stream.getTracks()[0];
    return stream;
}"""

COUNTS_DECODED = """window.decoded = 0;
const { prototype } = BaseAudioContext;
const { decodeAudioData } = prototype;
prototype.decodeAudioData = function (bytes) {
    window.decoded += 1;
    return decodeAudioData.call(this, bytes);
}"""

Speak = Callable[..., Visitor]


@pytest.fixture
def speak(browsers: Browsers, visit: Visit, hub: Serving, monkeypatch: pytest.MonkeyPatch) -> Speak:
    """Opens the room for somebody with a microphone; `script` runs before those of the page."""
    devices = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    monkeypatch.setattr(conftest, "ARGUMENTS", [*conftest.ARGUMENTS, *devices])
    browsers[LISTENING]
    monkeypatch.undo()

    def open_(name: str = "naor", script: str = "", room: str = "general", **more: Any) -> Visitor:
        somebody = visit("about:blank", browser=LISTENING, **more)
        if script:
            somebody.context.add_init_script(script)
        somebody.has_joined(hub.url, name)
        somebody.open(f"{hub.url}/{room}")
        somebody.is_in()
        return somebody

    return open_


def knob(visitor: Visitor) -> Locator:
    return visitor.page.locator("hearth-composer").get_by_label("Record a voice message")


def strip(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("group", name="Recording a voice message")


def records(visitor: Visitor, size: dict[str, Any] | None = None, ms: int = 1200) -> None:
    """Record for so long, from one tap to another."""
    press(knob(visitor), size or {})
    expect(strip(visitor)).to_be_visible()
    visitor.page.wait_for_timeout(ms)
    press(strip(visitor).get_by_role("button", name="Done"), size or {})
    expect(strip(visitor)).to_have_count(0)


def opens(visitor: Visitor, room: str) -> None:
    visitor.page.evaluate(
        "room => document.body.dispatchEvent(new CustomEvent("
        "'hearth-open-room', { bubbles: true, detail: { room } }))",
        room,
    )
    expect(visitor.page).to_have_url(re.compile(f"/{room}$"))


def hears_something(visitor: Visitor) -> None:
    """Wait until there is something recorded."""
    expect(strip(visitor).get_by_role("timer")).to_have_text(re.compile("[1-9]"))


def audio(place: Locator) -> Locator:
    return place.locator("audio")


@SIZES
def test_a_voice_message_is_recorded_heard_and_sent(
    hub: Serving, speak: Speak, size: dict[str, Any]
) -> None:
    naor = speak(**size)
    press(knob(naor), size)
    expect(strip(naor).get_by_role("button", name="Done")).to_be_focused()
    expect(knob(naor)).to_have_attribute("aria-pressed", "true")
    hears_something(naor)
    expect(naor.page.get_by_role("status").get_by_text("Recording.")).to_be_attached()
    press(strip(naor).get_by_role("button", name="Done"), size)
    all_ready(naor, 1)
    expect(knob(naor)).not_to_have_attribute("aria-pressed", "true")
    if size:
        expect(knob(naor)).to_be_hidden()
    else:
        expect(naor.message).to_be_focused()
    expect(cards(naor).locator(".upload-name")).to_have_text("Voice message")
    listen = cards(naor).get_by_role("button", name=re.compile("Listen to Voice message"))
    press(listen, size)
    expect(cards(naor).get_by_role("button", name=re.compile("Stop"))).to_be_visible()
    expect(audio(cards(naor))).to_have_js_property("ended", True)
    expect(listen).to_be_visible()
    sends(naor)
    [name] = names(said_last(hub))
    assert NAME.fullmatch(name)
    assert said_last(hub)["files"][0]["type"].startswith("audio/")
    expect(cards(naor)).to_have_count(0)
    box = naor.log.locator(".file-sound")
    expect(box.get_by_role("button", name=f"Play {name}")).to_be_visible()
    expect(box.get_by_title(name, exact=True)).to_have_text("Voice message")


def test_others_play_it_and_go_to_any_place_in_it(hub: Serving, speak: Speak) -> None:
    naor = speak()
    chooses(naor, payload("song.wav", wav(20), "audio/wav"))
    records(naor, ms=1600)
    all_ready(naor, 2)
    sends(naor)
    mira = speak("mira")
    voice = mira.log.locator(".file-sound").filter(has_text="Voice message")
    slider = voice.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^0:00 of 0:0[1-4]$"))
    seconds = audio(voice).evaluate("x => x.duration")
    assert 1.2 < seconds < 5
    slider.fill(str(seconds - 0.6))
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^0:0[0-3] of"))
    voice.get_by_role("button", name=re.compile("^Play ")).click()
    expect(audio(voice)).to_have_js_property("ended", True)
    assert audio(voice).evaluate("x => x.currentTime") == pytest.approx(seconds, abs=0.5)

    song = mira.log.locator(".file-sound").filter(has_text="song.wav")
    song.get_by_role("button", name="Play song.wav").click()
    expect(audio(song)).to_have_js_property("paused", False)
    voice.get_by_role("button", name=re.compile("^Play ")).click()
    expect(audio(song)).to_have_js_property("paused", True)
    expect(song.get_by_role("button", name="Play song.wav")).to_be_visible()
    drawn = song.locator("canvas").evaluate(
        """canvas => {
            const [pen, { width, height }] = [canvas.getContext('2d'), canvas];
            const { data } = pen.getImageData(0, 0, width, height);
            return data.filter((x, at) => at % 4 === 3 && x > 0).length / (data.length / 4);
        }"""
    )
    assert drawn > 0.3, "an even tone has high bars"


def test_a_sound_that_is_hours_in_some_kilobytes_is_not_decoded(speak: Speak) -> None:
    naor = speak()
    chooses(naor, payload("long.ogg", opus(3600, told=1), "audio/ogg"))
    records(naor)
    all_ready(naor, 2)
    sends(naor)
    mira = speak("mira", COUNTS_DECODED)
    expect(mira.log.locator(".file-sound audio[controls]")).to_have_count(1)
    voice = mira.log.locator(".file-sound").filter(has_text="Voice message")
    expect(voice.get_by_role("slider")).to_be_visible()
    voice.get_by_role("button", name=re.compile("^Play ")).click()
    expect(audio(voice)).to_have_js_property("ended", True)
    assert mira.page.evaluate("decoded") == 1, "what was recorded is"


def test_holding_the_button_records_until_it_is_let_go(speak: Speak) -> None:
    naor = speak()
    knob(naor).hover()
    naor.page.mouse.down()
    hears_something(naor)
    naor.page.mouse.up()
    all_ready(naor, 1)
    naor.page.wait_for_timeout(300)
    expect(strip(naor)).to_have_count(0)


def test_it_can_be_held_after_a_tap(speak: Speak) -> None:
    """What handles the first tap comes late, and may take its click for earlier than its press."""
    naor = speak()
    late = Held(naor.page, re.compile("voice-strip"))
    place = knob(naor).bounding_box()
    assert place
    naor.page.mouse.move(place["x"] + 10, place["y"] + 10)
    naor.page.mouse.down()
    naor.page.wait_for_timeout(50)
    naor.page.mouse.move(10, 10)
    naor.page.mouse.up()
    assert len(late) == 1
    late.release()
    naor.page.wait_for_timeout(800)
    expect(strip(naor)).to_have_count(0)
    for count in (1, 2):
        knob(naor).hover()
        naor.page.mouse.down()
        hears_something(naor)
        naor.page.mouse.up()
        all_ready(naor, count)


def test_a_finger_that_is_taken_away_keeps_what_it_held(speak: Speak) -> None:
    naor = speak(**PHONE)
    place = knob(naor).bounding_box()
    assert place
    touch = naor.context.new_cdp_session(naor.page)
    point = {"x": place["x"] + 10, "y": place["y"] + 10}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    hears_something(naor)
    touch.send("Input.dispatchTouchEvent", {"type": "touchCancel", "touchPoints": []})
    all_ready(naor, 1)


def test_escape_discards_what_is_held(speak: Speak) -> None:
    naor = speak(script=KEEPS_TRACK)
    naor.message.focus()
    knob(naor).hover()
    naor.page.mouse.down()
    hears_something(naor)
    naor.page.keyboard.press("Escape")
    expect(strip(naor)).to_have_count(0)
    assert naor.page.evaluate("track.readyState") == "ended"
    naor.page.mouse.up()
    naor.page.wait_for_timeout(700)
    expect(strip(naor)).to_have_count(0)
    expect(cards(naor)).to_have_count(0)


def test_what_was_recorded_is_nobodys_once_they_signed_out(speak: Speak) -> None:
    naor = speak(script=KEEPS_TRACK)
    knob(naor).click()
    hears_something(naor)
    naor.page.evaluate(
        "() => document.body.dispatchEvent("
        "new CustomEvent('hearth-withdraw-join', { bubbles: true, detail: {} }))"
    )
    expect(strip(naor)).to_have_count(0)
    naor.page.wait_for_timeout(700)
    assert naor.page.evaluate("track.readyState") == "ended"
    assert naor.page.evaluate("sessionStorage.getItem('hearth:files')") is None


def test_by_keys_it_begins_ends_and_is_discarded(speak: Speak) -> None:
    naor = speak()
    knob(naor).focus()
    naor.page.keyboard.press("Enter")
    expect(strip(naor).get_by_role("button", name="Done")).to_be_focused()
    naor.page.keyboard.press("Escape")
    expect(strip(naor)).to_have_count(0)
    told = naor.page.get_by_role("status").get_by_text("The recording was discarded.")
    expect(told).to_be_attached()
    expect(naor.message).to_be_focused()
    knob(naor).focus()
    naor.page.keyboard.press("Space")
    hears_something(naor)
    knob(naor).focus()
    naor.page.keyboard.press("Space")
    all_ready(naor, 1)
    expect(cards(naor)).to_have_count(1)


def test_what_was_recorded_stays_in_its_room(speak: Speak) -> None:
    naor = speak(script=KEEPS_TRACK)
    knob(naor).click()
    hears_something(naor)
    opens(naor, "kitchen")
    expect(strip(naor)).to_have_count(0)
    expect(cards(naor)).to_have_count(0)
    assert naor.page.evaluate("track.readyState") == "ended"
    naor.page.go_back()
    all_ready(naor, 1)


def test_a_microphone_that_goes_away_leaves_what_was_recorded(speak: Speak) -> None:
    naor = speak(script=KEEPS_TRACK)
    knob(naor).click()
    hears_something(naor)
    naor.page.evaluate("() => { track.dispatchEvent(new Event('ended')); }")
    expect(naor.page.get_by_text("The microphone is gone.")).to_be_visible()
    all_ready(naor, 1)


def test_whatever_fails_as_it_begins_nobody_is_heard_any_more(speak: Speak) -> None:
    naor = speak(script=f"{KEEPS_TRACK};{NO_SOUND}")
    knob(naor).click()
    expect(naor.page.get_by_role("dialog", name="Voice message")).to_be_visible()
    assert naor.page.evaluate("track.readyState") == "ended"
    naor.page.keyboard.press("Escape")
    expect(strip(naor)).to_have_count(0)
    expect(knob(naor)).not_to_have_attribute("aria-pressed", "true")


def test_leave_that_is_refused_once_somebody_left_is_not_told(speak: Speak) -> None:
    naor = speak(script=REFUSES_LATER)
    knob(naor).click()
    expect(naor.page.get_by_text("Waiting for the microphone")).to_be_visible()
    opens(naor, "kitchen")
    expect(naor.page.get_by_text("Waiting for the microphone")).to_have_count(0)
    naor.page.evaluate("refuse()")
    naor.page.wait_for_timeout(300)
    expect(naor.page.get_by_role("dialog", name="Voice message")).to_have_count(0)


def test_leaving_the_page_asks_while_it_records(speak: Speak) -> None:
    naor = speak()
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    naor.page.on("dialog", answer)
    knob(naor).click()
    hears_something(naor)
    naor.page.close(run_before_unload=True)
    expect(strip(naor)).to_be_visible()
    strip(naor).get_by_role("button", name="Discard the recording").click()
    expect(strip(naor)).to_have_count(0)
    assert asked == ["beforeunload"]


def test_an_answer_in_a_thread_takes_one_too(hub: Serving, speak: Speak) -> None:
    hub.say("Who has the list?")
    hub.say("Not me", re=1)
    naor = speak()
    naor.log.get_by_role("button", name="1 reply").click()
    panel = naor.page.get_by_role("complementary", name="Thread")
    panel.get_by_label("Record a voice message").click()
    expect(panel.get_by_role("group", name="Recording a voice message")).to_be_visible()
    naor.page.wait_for_timeout(250)
    panel.get_by_role("button", name="Close thread").click()
    expect(panel).to_be_hidden()
    naor.log.get_by_role("button", name="1 reply").click()
    expect(panel.locator(".upload-done")).to_have_count(1)
    panel.get_by_role("button", name="Send reply").click()
    naor.all_is_saved()
    assert said_last(hub)["re"] == 1
    assert NAME.fullmatch(names(said_last(hub))[0])


def test_without_leave_or_a_microphone_it_says_why(
    hub: Serving, speak: Speak, visit: Visit
) -> None:
    naor = speak(script=REFUSES)
    knob(naor).click()
    card = naor.page.get_by_role("dialog", name="Voice message")
    expect(card).to_contain_text("does not let this page use the microphone")
    naor.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    mira = visit(f"{hub.url}/general", "mira")
    knob(mira).click()
    expect(mira.page.get_by_role("dialog", name="Voice message")).to_contain_text("icrophone")


@SIZES
def test_on_plain_http_the_device_records(lan_url: str, visit: Visit, size: dict[str, Any]) -> None:
    naor = visit(lan_url, "naor", **size)
    press(knob(naor), size)
    card = naor.page.get_by_role("dialog", name="Voice message")
    expect(card).to_contain_text("only over https")
    way = "Use this device’s recorder" if size else "Choose a recording"
    with naor.page.expect_file_chooser() as chooser:
        press(card.get_by_role("button", name=way), size)
    assert chooser.value.element.get_attribute("accept") == "audio/*"
    assert chooser.value.element.get_attribute("capture") is not None
    chooser.value.set_files([payload("memo.wav", wav(), "audio/wav")])
    all_ready(naor, 1)
    expect(cards(naor).get_by_role("button", name="Listen to memo.wav")).to_be_visible()
