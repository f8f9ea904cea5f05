from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Refused
from hub.files.picture_size import picture_size
from hub.files.preview import PREVIEW_BYTES, check_preview, preview_name, without_metadata
from tests.files.pictures import chunk, part, png, segment, vp8x, webp

# 5 x 3 points, of Chromium's canvas, without its profile of colours.
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300100b0c0e0c0a100e0d0e121110131828"
    "1a181616183123251d283a333d3c3933383740485c4e404457453738506d51575f626768673e4d7179"
    "7064785c656763ffdb0043011112121815182f1a1a2f63423842636363636363636363636363636363"
    "6363636363636363636363636363636363636363636363636363636363636363636363ffc000110800"
    "03000503012200021101031101ffc4001500010100000000000000000000000000000005ffc4001410"
    "0100000000000000000000000000000000ffc4001501010100000000000000000000000000000506ff"
    "c40014110100000000000000000000000000000000ffda000c03010002110311003f008a00b5e3ffd9"
)
LOSSY = bytes.fromhex(
    "565038202c0000009001009d012a0500030002c04c25a00274ba00039800feee431fee6c738b7057ff"
    "6d0fff5a1ffeb43fe94000"
)
LOSSLESS = b"VP8L\x0e\0\0\0" + bytes.fromhex("2f048000000f30ff33ffc3ffbf00")


PNG = png(5, 3)
PLAIN = (JPEG, PNG, webp(LOSSY), webp(LOSSLESS), webp(vp8x(5, 3, 0x10), part(b"ALPH", b"a"), LOSSY))
SECRET = b"52.5200 N, 13.4050 E"
EXIF, XMP = b"Exif\0\0" + SECRET, b"http://ns.adobe.com/xap/1.0/\0" + SECRET
PROFILE = segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(20))


@pytest.mark.parametrize("picture", PLAIN)
def test_a_small_picture_is_a_preview_as_it_is(picture: bytes) -> None:
    kinds = {b"\xff": "image/jpeg", b"\x89": "image/png", b"R": "image/webp"}
    assert check_preview(picture) == kinds[picture[:1]]
    assert without_metadata(picture) == picture


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (JPEG[:20] + segment(0xE1, EXIF) + JPEG[20:], JPEG),
        (JPEG[:2] + segment(0xE1, EXIF) + segment(0xE1, XMP) + JPEG[2:], JPEG),
        (JPEG[:20] + segment(0xED, b"Photoshop" + SECRET) + JPEG[20:], JPEG),
        (JPEG[:20] + segment(0xFE, SECRET) + b"\xff\xff" + JPEG[20:], JPEG),
        (JPEG[:20] + segment(0xE0, b"JFXX\0" + SECRET) + JPEG[20:], JPEG),
        (JPEG[:20] + segment(0xE2, b"MPF\0" + SECRET) + JPEG[20:], JPEG),
        (JPEG[:-2] + segment(0xFE, SECRET) + JPEG[-2:], JPEG),
        (JPEG + SECRET, JPEG),
        (JPEG[:20] + PROFILE + segment(0xE1, EXIF) + JPEG[20:], JPEG[:20] + PROFILE + JPEG[20:]),
        (png(5, 3, chunk(b"eXIf", SECRET), chunk(b"tIME", SECRET)), PNG),
        (png(5, 3, *(chunk(x, SECRET) for x in (b"tEXt", b"zTXt", b"iTXt", b"prVt"))), PNG),
        (png(5, 3, chunk(b"acTL", bytes(8)), chunk(b"fdAT", SECRET)), PNG),
        (PNG + SECRET, PNG),
        (png(5, 3, chunk(b"sRGB", b"\0"), chunk(b"eXIf", b"")), png(5, 3, chunk(b"sRGB", b"\0"))),
        (webp(vp8x(5, 3, 0x1C), LOSSY, part(b"EXIF", EXIF)), webp(vp8x(5, 3, 0x10), LOSSY)),
        (webp(vp8x(5, 3, 0x0C), LOSSLESS, part(b"XMP ", XMP)), webp(vp8x(5, 3, 0), LOSSLESS)),
        (webp(LOSSY, part(b"junk", SECRET)), webp(LOSSY)),
        (webp(LOSSY) + SECRET, webp(LOSSY)),
    ],
)
def test_what_is_not_needed_to_draw_it_is_left_out(told: bytes, kept: bytes) -> None:
    check_preview(told)
    assert without_metadata(told) == kept


def test_a_scan_with_stuffed_bytes_and_restarts_stays_whole() -> None:
    scan = JPEG[:-2] + b"\xff\0\xff\xd0ab\xff\xd7" + JPEG[-2:]
    assert without_metadata(scan) == scan


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"words",
        b"GIF89a\5\0\3\0",
        JPEG[:-2],
        JPEG[:-1],
        JPEG[:200],
        JPEG[:2] + b"words" + JPEG[2:],
        b"\xff\xd8\xff\xd9",
        PNG[:-1],
        PNG[:-12],
        PNG[:8],
        PNG[:8] + chunk(b"IEND", b""),
        png(1025, 1),
        png(1, 1025),
        png(0, 0),
        webp(),
        webp(LOSSY)[:-1],
        webp(LOSSY[:20]),
        webp(vp8x(5, 3, 0x10)),
        webp(vp8x(5, 3, 0x02), part(b"ANIM", bytes(6)), part(b"ANMF", bytes(16) + LOSSY)),
        webp(vp8x(1025, 1, 0), LOSSY),
        webp(vp8x(5, 3, 0), part(b"VP8 ", LOSSY[8:14] + b"\xff\x3f\xff\x3f" + bytes(20))),
        webp(LOSSY, LOSSLESS),
        b"RIFF" + webp(LOSSY)[4:8] + b"WAVE" + LOSSY,
        JPEG.replace(b"\x08\0\3\0\5", b"\x08\4\1\0\5"),
    ],
)
def test_anything_else_is_no_preview(data: bytes) -> None:
    for work in (check_preview, without_metadata):
        with pytest.raises(Refused) as refused:
            work(data)
        assert (refused.value.code, refused.value.status) == ("preview_invalid", 422)


def test_a_preview_has_at_most_32_kib() -> None:
    room = PREVIEW_BYTES - len(png(5, 3, chunk(b"tEXt", b"")))
    largest = png(5, 3, chunk(b"tEXt", bytes(room)))
    assert len(largest) == 32 * 1024
    assert without_metadata(largest) == PNG
    with pytest.raises(Refused) as refused:
        check_preview(largest + b"\0")
    assert (refused.value.code, refused.value.status) == ("preview_too_large", 413)


def test_the_largest_preview_by_points() -> None:
    assert check_preview(png(1024, 1024)) == "image/png"


@given(st.sampled_from(PLAIN), st.integers(0, 300), st.integers(0, 20), st.binary(max_size=40))
def test_whatever_comes_is_refused_or_clean(
    picture: bytes, at: int, gone: int, more: bytes
) -> None:
    data = picture[:at] + more + picture[at + gone :]
    try:
        media_type = check_preview(data)
    except Refused:
        return
    kept = without_metadata(data)
    assert check_preview(kept) == media_type
    assert without_metadata(kept) == kept
    assert len(kept) <= len(data)
    size = picture_size(kept, media_type)
    assert size
    assert max(size) <= 1024


@pytest.mark.parametrize("start", [JPEG[:-2], JPEG[:20], PNG[:8], webp(LOSSY)[:12]])
@pytest.mark.parametrize("fill", [b"\xff", b"\0", b"\xff\0", b"\xff\xfe\0\2", b"junk\0\0\0\0"])
def test_a_hostile_preview_costs_little(start: bytes, fill: bytes) -> None:
    data = (start + fill * PREVIEW_BYTES)[:PREVIEW_BYTES]
    started = time.process_time()
    with pytest.raises(Refused):
        check_preview(data)
    assert time.process_time() - started < 0.5


def test_each_file_has_a_preview_of_its_own() -> None:
    names = {preview_name(room, id_) for room in ("a", "b") for id_ in ("1", "2")}
    assert len(names) == 4
    assert all(len(name) == 32 and name.isalnum() for name in names)
