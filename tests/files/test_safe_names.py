from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.files.safe_names import NAME_BYTES, folded, is_plain, numbered, safe_name

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
HANGUL = "한글 문서.hwp"
TRICKY = (
    ' .\t\n\\/:*?"<>|~-_{}()aAſİıßςΣ²³¹\u0301\u0345\u200b\u200c\u200d\u200e\u202e\u2066\ufeff\ufe0f'
    "\u0e33\u094dक\u1100\u1161\u11a8🇩🏽👩🏴\U000e0067\U000e007f\ud800\ue000\x00\x7f\x85\u2028\u3000"
)
PIECES = ".txt .tar .gz .lnk con nul.com1 desktop.ini thumbs.db .{21ec} .. // C:\\ " + FAMILY
anything = st.lists(
    st.one_of(st.sampled_from(TRICKY), st.sampled_from(PIECES.split(" ")), st.text(max_size=5)),
    max_size=300,
).map("".join)


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("Überblick (neu), 5 % – 2026.xlsx", "Überblick (neu), 5 % – 2026.xlsx"),
        ("تقرير نهائي.pdf", "تقرير نهائي.pdf"),
        ("می\u200cخواهم.txt", "می\u200cخواهم.txt"),
        ("日本語の資料.docx", "日本語の資料.docx"),
        (unicodedata.normalize("NFD", HANGUL), HANGUL),
        (f"{FAMILY} {WALES} ❤\ufe0f 1\ufe0f⃣.png", f"{FAMILY} {WALES} ❤\ufe0f 1\ufe0f⃣.png"),
        ("/etc/passwd", "passwd"),
        ("../../../.ssh/id_rsa", "id_rsa"),
        (r"C:\Users\me\Desktop\a.txt", "a.txt"),
        (r"..\..\windows\system32", "system32"),
        ("folder/", "folder"),
        ("a/b/..", "b"),
        ("", "file"),
        (" \t\u3000 ", "file"),
        ("...", "file"),
        ("../..", "file"),
        ("\u202e\u200b\ufeff", "file"),
        ("\u0301\u0302", "file"),
        (".htaccess", "htaccess"),
        (". .hidden. . ", "hidden"),
        ("what? <b>: 5*5|6\".txt", "what_ _b__ 5_5_6_.txt"),
        ("a \t\n\u00a0 b.txt", "a b.txt"),
        ("invoice.pdf" + " " * 200 + ".exe", "invoice.pdf .exe"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\u2066b\u2069\u200f\u061c.txt", "ab.txt"),
        ("a\x00b\x1b[31m\x7f\ud800\ue000\U0010ffff.txt", "ab[31m.txt"),
        ("con", "_con"),
        ("CON.tar.gz", "_CON.tar.gz"),
        ("nul .txt", "_nul .txt"),
        ("COM¹.txt", "_COM¹.txt"),
        ("ｃｏｎ.txt", "_ｃｏｎ.txt"),
        ("CONIN$", "_CONIN$"),
        ("console.txt", "console.txt"),
        ("Desktop.INI", "Desktop.INI.txt"),
        ("autorun.inf", "autorun.inf.txt"),
        ("Thumbs.db", "Thumbs.db.txt"),
        ("photo.jpg.lnk", "photo.jpg.lnk.txt"),
        ("a.SCF", "a.SCF.txt"),
        ("a.url. ", "a.url.txt"),
        ("a.library-ms", "a.library-ms.txt"),
        ("a.searchConnector-ms", "a.searchConnector-ms.txt"),
        ("a.desktop", "a.desktop.txt"),
        ("a.{645FF040-5081-101B}", "a.{645FF040-5081-101B}.txt"),
        (".DS_Store", "DS_Store"),
        (".lnk", "lnk"),
        ("settings.ini", "settings.ini"),
    ],
)  # fmt: skip
def test_a_name_is_made_safe(given_name: str, name: str) -> None:
    assert safe_name(given_name) == name


@pytest.mark.parametrize(
    ("given_name", "end"),
    [
        ("a" * 10_000 + ".pdf", "a.pdf"),
        ("a" * 10_000 + ".tar.gz", "a.tar.gz"),
        ("a" * 10_000, "a"),
        ("." + "b" * 10_000, "b"),
        ("a." + "c" * 10_000, "c"),
        ("a" * 236 + ".lnk" + "c" * 90, "a.txt"),
        ("語" * 500 + ".jpeg", "語.jpeg"),
        (FAMILY * 60 + ".png", FAMILY + ".png"),
        ("🇩🇪" * 300, "🇩🇪"),
        ("x" + "🇩🇪" * 300, "🇩🇪"),
        (WALES * 60, WALES),
        ("👍🏽" * 60, "👍🏽"),
        ("क्षि" * 200, "क्षि"),
        ("g\u0308\u0323" * 200, "g\u0323\u0308"),
        ("กำ" * 200, "กำ"),
        ("a\u1112\u1161\u11ab" * 200, "한"),
        ("a b" * 200, "b"),
        ("a" + "\u0301" * 9_000, "\u0301"),
    ],
)
def test_a_long_name_is_cut_between_two_signs(given_name: str, end: str) -> None:
    name = safe_name(given_name)
    assert name.endswith(end)
    assert NAME_BYTES - 30 < len(name.encode()) <= NAME_BYTES
    assert safe_name(name) == name


@given(anything)
@example("a" * 235 + " .lnk.lnk")
@example("c\u200bon")
@example("desktop\u200b.ini")
@example("\u200b.a")
@example("a" * 239 + "\u00e9")
def test_a_safe_name_is_safe(text: str) -> None:
    name = safe_name(text)
    assert safe_name(name) == name
    assert 1 <= len(name.encode()) <= NAME_BYTES
    assert unicodedata.normalize("NFC", name) == name
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\s\s', name)
    assert name == name.strip(" .")
    assert not {unicodedata.category(x) for x in name} & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
    stem = unicodedata.normalize("NFKC", name.partition(".")[0]).rstrip(" ").upper()
    assert not re.fullmatch(r"CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)\d", stem)
    assert not re.search(
        r"(^desktop\.ini|^autorun\.inf|\.lnk|\.scf|\.url|\.\{[^.]*\})$", name.lower()
    )


@given(anything, st.integers(2, 10**11 - 1))
@example("a .txt", 2)
def test_a_numbered_name_is_safe_too(text: str, number: int) -> None:
    name = safe_name(text)
    with_number = numbered(name, number)
    assert f" ({number})" in with_number
    assert len(with_number.encode()) <= 255
    assert len(with_number.encode()) > NAME_BYTES or safe_name(with_number) == with_number


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("report.pdf", "report (2).pdf"),
        ("archive.tar.gz", "archive (2).tar.gz"),
        ("ARCHIVE.Tar.XZ", "ARCHIVE (2).Tar.XZ"),
        ("README", "README (2)"),
        ("a.tar", "a (2).tar"),
        ("tar.gz", "tar (2).gz"),
        ("No. 5 of them", "No. 5 of them (2)"),
        ("report (2).pdf", "report (2) (2).pdf"),
        ("desktop.ini.txt", "desktop.ini (2).txt"),
    ],
)
def test_a_number_comes_before_the_extension(name: str, second: str) -> None:
    assert numbered(name, 2) == second


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Report.PDF", "report.pdf"),
        ("é.txt", "E\u0301.txt"),
        ("straße", "STRASSE"),
        ("ς", "Σ"),
        ("ſ", "S"),
        ("می\u200cخواهم", "میخواهم"),
        ("ı", "I"),
        (HANGUL, unicodedata.normalize("NFD", HANGUL)),
        ("❤\ufe0f", "❤"),
    ],
)
def test_names_that_some_system_takes_for_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_names_that_are_two_on_every_system() -> None:
    assert folded("José") != folded("Jose")
    assert folded("a.txt") != folded("a.text")


def test_each_letter_is_one_file_in_all_its_cases() -> None:
    for letter in map(chr, range(0x20, 0x20000)):
        forms = (letter.upper(), letter.lower(), letter.casefold(), letter.title())
        composed = [unicodedata.normalize(form, letter) for form in ("NFC", "NFD")]
        assert {folded(x) for x in (*forms, *composed)} == {folded(letter)}, hex(ord(letter))


@given(anything)
def test_the_key_is_the_same_for_each_spelling(text: str) -> None:
    name = safe_name(text)
    assert folded(folded(name)) == folded(name)
    assert folded(unicodedata.normalize("NFD", name)) == folded(name)
    assert folded(name) == folded(name.upper())
    assert folded(name) == folded(name.lower())


@pytest.mark.parametrize(
    "text",
    ["/" * 500_000, "\u0301\u0323" * 250_000, "a\u200d" * 250_000, ". " * 250_000, "{" * 500_000],
)
def test_a_whole_book_for_a_name_costs_little(text: str) -> None:
    started = time.process_time()
    safe_name(text)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("name", ["a", ".a", "...", "a b (2).txt", "\u05d0.pdf", "x" * 255])
def test_a_plain_name(name: str) -> None:
    assert is_plain(name)


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/b", "a\\b", "C:a", "a\0", "a\n/b"])
def test_a_name_that_leads_elsewhere(name: str) -> None:
    assert not is_plain(name)
