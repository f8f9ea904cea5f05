"""Pictures and films as they are sent: what is left out of them, and their small pictures."""

from __future__ import annotations

import base64
import struct
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.senders import all_ready, chooses, kept, payload, said_last, sends
from tests.e2e.visitor import Visitor
from tests.serving import Serving

READ = """const read = (blob) => new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(',')[1]);
    reader.readAsDataURL(blob);
});"""
JPEG = f"""async () => {{
    {READ}
    const canvas = Object.assign(document.createElement('canvas'), {{ width: 900, height: 600 }});
    const drawn = canvas.getContext('2d');
    drawn.fillStyle = '#c33';
    drawn.fillRect(0, 0, 900, 300);
    return read(await new Promise((done) => canvas.toBlob(done, 'image/jpeg')));
}}"""
FILM = f"""async () => {{
    {READ}
    const canvas = Object.assign(document.createElement('canvas'), {{ width: 800, height: 450 }});
    const drawn = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(20), {{ mimeType: 'video/webm' }});
    const parts = [];
    recorder.ondataavailable = ({{ data }}) => parts.push(data);
    const ended = new Promise((done) => {{ recorder.onstop = done; }});
    recorder.start();
    for (let n = 0; n < 20; n += 1) {{
        drawn.fillStyle = n % 2 ? '#c33' : '#3c3';
        drawn.fillRect(0, 0, 800, 450);
        await new Promise((done) => setTimeout(done, 50));
    }}
    recorder.stop();
    await ended;
    return read(new Blob(parts));
}}"""
SIZE_OF = """async (path) => {
    const bitmap = await createImageBitmap(await (await fetch(path)).blob());
    return [bitmap.width, bitmap.height];
}"""


def made(visitor: Visitor, script: str) -> bytes:
    return base64.b64decode(visitor.page.evaluate(script))


def turned(jpeg: bytes, orientation: int) -> bytes:
    """A JPEG that says how it is turned, and where it was taken."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry + bytes(4) + b"GPS 47.37 8.54"
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def preview_size(visitor: Visitor, file: dict[str, Any]) -> list[int]:
    path = f"/api/files/general/{file['id']}/preview"
    size: list[int] = visitor.page.evaluate(SIZE_OF, path)
    return size


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_photo_stays_turned_and_loses_its_place(
    hub: Serving, visit: Visit, orientation: int
) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    photo = turned(made(naor, JPEG), orientation)
    chooses(naor, payload("roof.jpg", photo, "image/jpeg"))
    all_ready(naor, 1)
    expect(
        naor.page.get_by_role("checkbox", name="Keep where and when it was taken")
    ).to_be_visible()
    sends(naor)
    [file] = said_last(hub)["files"]
    upright = orientation == 1
    shown = (900, 600) if upright else (600, 900)
    assert (file["width"], file["height"]) == shown
    assert preview_size(naor, file) == ([640, 427] if upright else [427, 640])
    sent = kept(hub, "roof.jpg")
    assert b"GPS" not in sent
    assert (b"Exif" in sent) == (not upright)


def test_a_film_has_a_small_picture(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    film = made(naor, FILM)
    chooses(naor, payload("lake.webm", film, "video/webm"))
    all_ready(naor, 1)
    expect(naor.page.locator(".upload-sign img")).to_be_visible()
    sends(naor)
    [file] = said_last(hub)["files"]
    assert (file["type"], file["preview"]) == ("video/webm", True)
    assert preview_size(naor, file) == [640, 360]
    assert kept(hub, "lake.webm") == film


def test_what_only_claims_to_be_a_picture_is_sent_as_it_is(hub: Serving, visit: Visit) -> None:
    naor = visit(f"{hub.url}/general", "naor")
    chooses(naor, payload("roof.jpg", b"no picture", "image/jpeg"))
    all_ready(naor, 1)
    expect(naor.page.locator(".upload-sign img")).to_be_hidden()
    expect(naor.page.locator(".upload-sign")).to_have_text("JPG")
    sends(naor)
    [file] = said_last(hub)["files"]
    assert "preview" not in file
    assert kept(hub, "roof.jpg") == b"no picture"
