from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.files.kinds import SHOWN, is_inline, media_type

UNKNOWN = "application/octet-stream"
# The beginnings of what Chromium's canvas and MediaRecorder made, and of other real files.
PNG = bytes.fromhex("89504e470d0a1a0a0000000d494844520000000500000003")
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffe2")
GIF = b"GIF89a\x05\0\x03\0\xf0\0\0"
WEBP = bytes.fromhex("524946461a02000057454250565038580a000000200000000400000200004943")
AVIF = bytes.fromhex("0000002066747970617669660000000061766966") + b"mif1miafMA1B"
WEBM = bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853")
MP4 = bytes.fromhex("000000246674797069736f6d0000020069736f6d69736f3669736f32767030396d703431")
M4A = b"\0\0\0\x1cftypM4A \0\0\x02\0M4A isomiso2"
SAFARI = b"\0\0\0\x1cftypiso5\0\0\0\x01isomiso5hlsf"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
QUICKTIME = b"\0\0\0\x14ftypqt  \0\0\x02\0qt  "
ID3 = b"ID3\x04\0\0\0\0\x02\x01TSSE"
MP3 = b"\xff\xfb\x90\x64" + bytes(413) + b"\xff\xfb\x90\x64"
OGG = b"OggS\0\x02" + bytes(20) + b"\x01\x13OpusHead"
WAV = b"RIFF\x24\0\0\0WAVEfmt "
PDF = b"%PDF-1.7\n"
MKV = WEBM.replace(b"\x82\x84webm", b"\x82\x88matroska").replace(b"\xa3\x9f", b"\xa3\xa3")
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("name", "head", "declared", "found"),
    [
        ("a.png", PNG, "", "image/png"),
        ("a.PNG", PNG, "text/html", "image/png"),
        ("a.jpg", JPEG, "", "image/jpeg"),
        ("a.jpeg", JPEG, "", "image/jpeg"),
        ("a.jfif", JPEG, "", "image/jpeg"),
        ("a.gif", GIF, "", "image/gif"),
        ("a.gif", b"GIF87a", "", "image/gif"),
        ("a.webp", WEBP, "", "image/webp"),
        ("a.avif", AVIF, "", "image/avif"),
        ("a.avif", AVIF.replace(b"ftypavif", b"ftypmif1"), "", "image/avif"),
        ("a.mp4", MP4, "", "video/mp4"),
        ("a.m4v", MP4.replace(b"ftypisom", b"ftypM4V "), "", "video/mp4"),
        ("a.mp4", MP4, "Audio/MP4; codecs=opus", "audio/mp4"),
        ("a.mp4", M4A, "video/mp4", "audio/mp4"),
        ("a.m4a", M4A, "", "audio/mp4"),
        ("a.m4a", SAFARI, "", "audio/mp4"),
        ("a.webm", WEBM, "", "video/webm"),
        ("a.webm", WEBM, "audio/webm;codecs=opus", "audio/webm"),
        ("a.weba", WEBM, "video/webm", "audio/webm"),
        ("a.mp3", ID3, "", "audio/mpeg"),
        ("a.mp3", MP3, "", "audio/mpeg"),
        ("a.mp3", MP3[:100], "", "audio/mpeg"),
        ("a.ogg", OGG, "", "audio/ogg"),
        ("a.oga", OGG, "", "audio/ogg"),
        ("a.opus", OGG, "", "audio/ogg"),
        ("a.wav", WAV, "", "audio/wav"),
        ("a.pdf", PDF, "", "application/pdf"),
        ("a.txt", b"", "", "text/plain"),
        ("a.txt", "Grüße".encode(), "text/html", "text/plain"),
        ("a.txt", "Grüße 👋".encode()[:-1], "", "text/plain"),
        ("a.md", b"\xef\xbb\xbf# Title", "", "text/plain"),
        ("a.py", b"#!/usr/bin/env python3\n", "", "text/plain"),
        ("a.js", b"alert(1)", "text/javascript", "text/plain"),
        ("a.txt", HTML, "", "text/plain"),
        ("README", b"words", "", "text/plain"),
        ("Makefile", b"all:\n", UNKNOWN, "text/plain"),
        ("gitignore", b"/build\n", "", "text/plain"),
        ("a.ts", b"\x47\x40\0\x10\0\xff", "video/mp2t", "video/mp2t"),
        ("a.docx", b"PK\x03\x04", "Application/Vnd.X", "application/vnd.x"),
        ("a.zip", b"PK\x03\x04", "application/zip; x=y", "application/zip"),
        ("a.heic", HEIC, "image/heic", "image/heic"),
        ("a.mov", QUICKTIME, "video/quicktime", "video/quicktime"),
        ("a.mkv", MKV, "video/x-matroska", "video/x-matroska"),
        ("a", b"", "text/calendar", "text/calendar"),
    ],
)
def test_name_and_content_agree(name: str, head: bytes, declared: str, found: str) -> None:
    assert media_type(name, declared, head) == found


@pytest.mark.parametrize(
    ("name", "head", "declared"),
    [
        ("a.png", JPEG, "image/png"),
        ("a.png", b"", "image/png"),
        ("a.png.exe", PNG, "image/png"),
        ("a", PNG, "image/png"),
        ("png", PNG, "image/png"),
        ("a.jpg", WEBP, "image/jpeg"),
        ("a.html", GIF + HTML, "image/gif"),
        ("a.js", GIF + b"=1;\0", "image/gif"),
        ("a.gif", HTML, "text/html"),
        ("a.webp", WAV, "image/webp"),
        ("a.wav", WEBP, "audio/wav"),
        ("a.webp", WEBP[:12] + b"HTML", "image/webp"),
        ("a.mp4", HEIC, "video/mp4"),
        ("a.mp4", QUICKTIME, "video/mp4"),
        ("a.mp4", AVIF.replace(b"MA1B", b"isom"), "video/mp4"),
        ("a.avif", HEIC, "image/avif"),
        ("a.webm", MKV, "video/webm"),
        ("a.webm", WEBM[:20], "video/webm"),
        ("a.mp3", b"\xff\xf1\x50\x80", "audio/mpeg"),
        ("a.mp3", b"\xff\xfb\xf0\x64", "audio/mpeg"),
        ("a.mp3", b"\xff\xfb\x90\x64" + bytes(900), "audio/mpeg"),
        ("a.mp3", b"ID3\x04\0\0\xff\xff\xff\xff", "audio/mpeg"),
        ("a.mp3", HTML, "audio/mpeg"),
        ("a.ogg", b"OggX", "audio/ogg"),
        ("a.pdf", b" %PDF-1.7", "application/pdf"),
        ("a.exe", PDF, "application/pdf"),
        ("a.txt", b"a\0b", "text/plain"),
        ("a.txt", b"\xff\xfea\0", "text/plain"),
        ("a.txt", b"caf\xe9 au lait", "text/plain"),
        ("a.unknown", b"words", "text/plain"),
        ("a.bin", b"", "image/jpeg"),
    ],
)
def test_where_they_do_not_it_is_a_file_like_any_other(
    name: str, head: bytes, declared: str
) -> None:
    assert media_type(name, declared, head) == UNKNOWN


@pytest.mark.parametrize(
    "extension", "html htm xhtml xht shtml svg svgz xml xsl xslt mathml rss atom mhtml hta".split()
)
@pytest.mark.parametrize("declared", ["text/plain", "text/html", "application/zip", "image/png"])
def test_pages_are_never_anything(extension: str, declared: str) -> None:
    for head in (HTML, b"<svg xmlns='http://www.w3.org/2000/svg'/>", PNG, GIF):
        assert media_type(f"a.{extension}", declared, head) == UNKNOWN


@pytest.mark.parametrize(
    "declared",
    [*"""
    text/html TEXT/HTML text/html;charset=utf-8 application/xhtml+xml image/svg+xml text/xml
    application/xml application/rss+xml text/javascript application/javascript text/ecmascript
    application/x-javascript text/css text/xsl application/wasm application/pdf text/plain
    text/cache-manifest application/manifest+json multipart/x-mixed-replace message/rfc822
    text/x-component application/x-shockwave-flash application/vnd.mozilla.xul+xml image/png
    """.split(), "", "html", "text/", "/html", "a/b/c", "a b/c", "é/a", "*/*", "a/" + "b" * 99,
    "a/b\r\nX: y"],
)  # fmt: skip
def test_nobody_declares_what_a_browser_runs(declared: str) -> None:
    assert media_type("a.bin", declared, b"") == UNKNOWN


def test_what_a_browser_may_show_in_its_window() -> None:
    assert all(map(is_inline, SHOWN))
    assert is_inline("text/plain")
    assert not any(map(is_inline, ("application/pdf", UNKNOWN, "image/svg+xml", "text/html", "")))


heads = st.builds(
    bytes.__add__,
    st.sampled_from((b"", PNG, GIF, WEBP[:12], AVIF, MP4[:8], WEBM[:4], WEBM[:24], ID3[:6])),
    st.binary(max_size=60),
)  # fmt: skip
names = st.one_of(
    st.text(max_size=20),
    st.sampled_from("png jpg gif webp avif mp4 m4a webm weba mp3 ogg wav pdf txt svg".split()).map(
        lambda x: f"a.{x}"
    ),
)


@given(names, st.one_of(st.text(), st.sampled_from(sorted(SHOWN))), heads)
def test_whatever_comes_has_a_type(name: str, declared: str, head: bytes) -> None:
    found = media_type(name, declared, head)
    assert len(found) <= 100
    assert found == found.lower()
    assert found.isascii()
    assert found.count("/") == 1
    if found in SHOWN:
        assert "." in name


@pytest.mark.parametrize("start", [WEBM[:4] + b"\x01" + b"\xff" * 7, MP4, b"\xff\xfb", b""])
@pytest.mark.parametrize("fill", [b"\0", b"\xff", b"\x80", b"a", b"\x42\x86\x81\x01"])
def test_a_hostile_head_costs_little(start: bytes, fill: bytes) -> None:
    head = (start + fill * 65_536)[:65_536]
    started = time.process_time()
    for extension in ("webm", "mp4", "mp3", "txt", "avif"):
        media_type(f"a.{extension}", "video/webm", head)
    media_type("a.bin", "text/" + "html" * 20_000, head)
    assert time.process_time() - started < 0.5
