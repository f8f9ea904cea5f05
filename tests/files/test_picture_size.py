from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.files.picture_size import MOST_POINTS, Size, picture_size, shown_size
from tests.files.pictures import (
    avif,
    box,
    chunk,
    exif,
    gif,
    ispe,
    jpeg,
    lossy,
    part,
    png,
    segment,
    vp8x,
    webp,
)

TYPES = ("image/png", "image/gif", "image/jpeg", "image/webp", "image/avif")
# Of Chromium's canvas, 5 points wide and 3 high.
LOSSLESS = "2f048000000f30ff33ffc3ffbf00"


AV1C = box(b"av1C", b"\x81\0\x0c\0")


@pytest.mark.parametrize(
    ("head", "kind", "size"),
    [
        (png(5, 3), "png", (5, 3)),
        (png(60_000, 60_000), "png", (60_000, 60_000)),
        (png(2**31, 1), "png", (2**31, 1)),
        (png(5, 3)[:24], "png", (5, 3)),
        (png(5, 3, chunk(b"gAMA", bytes(4)), chunk(b"eXIf", exif(6)[10:])), "png", (3, 5)),
        (png(5, 3, chunk(b"eXIf", exif(1)[10:]), chunk(b"eXIf", exif(6)[10:])), "png", (5, 3)),
        (png(5, 3) + chunk(b"eXIf", exif(6)[10:]), "png", (5, 3)),
        (gif(5, 3), "gif", (5, 3)),
        (jpeg(5, 3), "jpeg", (5, 3)),
        (jpeg(5, 3, frame=0xC2), "jpeg", (5, 3)),
        (jpeg(5, 3, b"\xff\xff\xff", segment(0xFE, b"words")), "jpeg", (5, 3)),
        (jpeg(5, 3, *[segment(0xE2, bytes(65_533))] * 3), "jpeg", (5, 3)),
        *((jpeg(5, 3, exif(x)), "jpeg", (5, 3)) for x in (0, 1, 2, 3, 4, 9)),
        *((jpeg(5, 3, exif(x)), "jpeg", (3, 5)) for x in (5, 6, 7, 8)),
        (jpeg(5, 3, exif(6, "<")), "jpeg", (3, 5)),
        (jpeg(5, 3, exif(6, kind=4)), "jpeg", (5, 3)),
        (jpeg(5, 3, exif(1), exif(6)), "jpeg", (5, 3)),
        (jpeg(5, 3, segment(0xE1, b"http://ns.adobe.com/"), exif(8)), "jpeg", (3, 5)),
        (jpeg(5, 3, segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff")), "jpeg", (5, 3)),
        (jpeg(5, 3, segment(0xE1, b"Exif\0\0junk")), "jpeg", (5, 3)),
        (lossy(5, 3), "webp", (5, 3)),
        (lossy(5 | 0x4000, 3 | 0xC000), "webp", (5, 3)),
        (webp(part(b"VP8L", bytes.fromhex(LOSSLESS))), "webp", (5, 3)),
        (webp(vp8x(5, 3)), "webp", (5, 3)),
        (webp(vp8x(100_000, 70_000)), "webp", (100_000, 70_000)),
        (avif(ispe(5, 3), AV1C, associated=(1, 2)), "avif", (5, 3)),
        (avif(ispe(1, 1), ispe(5, 3), AV1C, associated=(3, 2)), "avif", (5, 3)),
        (avif(ispe(5, 3), AV1C, associated=(1, 2), wide=True), "avif", (5, 3)),
        *(
            (avif(ispe(5, 3), box(b"irot", bytes([x])), associated=(1, 2)), "avif", size)
            for x, size in enumerate(((5, 3), (3, 5), (5, 3), (3, 5)))
        ),
        (avif(ispe(5, 3), box(b"irot", b"\1"), associated=(2, 1)), "avif", (3, 5)),
    ],
)
def test_the_size_is_read_from_the_header(head: bytes, kind: str, size: Size) -> None:
    assert picture_size(head, f"image/{kind}") == size


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (png(0, 3), "png"),
        (png(2**31 + 1, 3), "png"),
        (png(5, 3)[:23], "png"),
        (png(5, 3), "gif"),
        (gif(5, 0), "gif"),
        (gif(5, 3)[:9], "gif"),
        (jpeg(5, 0), "jpeg"),
        (b"\xff\xd8" + segment(0xDA, bytes(6)) + jpeg(5, 3)[2:], "jpeg"),
        (b"\xff\xd8\xff\xe0\0\0", "jpeg"),
        (b"\xff\xd8\xff\xe0\xff\xff", "jpeg"),
        (b"\xff\xd8words", "jpeg"),
        (b"\xff\xd8", "jpeg"),
        (lossy(0, 3), "webp"),
        (webp(part(b"VP8 ", bytes(30))), "webp"),
        (webp(part(b"VP8L", bytes(30))), "webp"),
        (webp(vp8x(5, 3))[:28], "webp"),
        (b"RIFF1234WAVE", "webp"),
        (avif(AV1C, associated=(1,)), "avif"),
        (avif(ispe(5, 3), associated=(2,)), "avif"),
        (avif(ispe(5, 0), associated=(1,)), "avif"),
        (avif(ispe(5, 3), associated=(1,))[:100], "avif"),
        (b"", "avif"),
        (b"", "png"),
    ],
)
def test_a_header_that_tells_nothing_has_no_size(head: bytes, kind: str) -> None:
    assert picture_size(head, f"image/{kind}") is None


def test_only_pictures_have_a_size() -> None:
    assert picture_size(png(5, 3), "video/mp4") is None
    assert picture_size(png(5, 3), "text/plain") is None


def test_a_picture_of_too_many_points_has_no_size_to_show() -> None:
    assert MOST_POINTS == 10_000 * 10_000
    assert shown_size(png(10_000, 10_000), "image/png") == (10_000, 10_000)
    assert shown_size(png(10_001, 10_000), "image/png") is None
    assert shown_size(png(60_000, 60_000), "image/png") is None
    assert shown_size(b"", "image/png") is None


STARTS = (
    png(5, 3)[:16], gif(5, 3)[:6], jpeg(5, 3)[:2], jpeg(5, 3, exif(6))[:40], lossy(5, 3)[:20],
    webp(vp8x(5, 3))[:24], avif(ispe(5, 3), associated=(1,)), b"",
)  # fmt: skip


@given(st.sampled_from(STARTS), st.integers(0, 200), st.binary(max_size=60))
def test_nothing_is_raised_whatever_the_bytes(start: bytes, cut: int, more: bytes) -> None:
    for kind in TYPES:
        size = picture_size(start[:cut] + more + start[cut:], kind)
        assert size is None or all(0 < x <= 2**31 for x in size)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("fill", [b"\0", b"\xff", b"\xff\xe1\0\x02", b"\0\0\0\x08free", b"\0\1"])
def test_a_hostile_head_costs_little(start: bytes, fill: bytes) -> None:
    head = start + fill * (262_144 // len(fill))
    started = time.process_time()
    for kind in TYPES:
        picture_size(head, kind)
    assert time.process_time() - started < 0.5
