from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.disposition import content_disposition, filename_of


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("report.pdf", "attachment; filename=report.pdf"),
        ("my report.pdf", 'attachment; filename="my report.pdf"'),
        ("a;b=c.txt", 'attachment; filename="a;b=c.txt"'),
        ("Größe.pdf", "attachment; filename=Gro_e.pdf; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf"),
        ("語.txt", "attachment; filename=_.txt; filename*=UTF-8''%E8%AA%9E.txt"),
        ("50%.txt", "attachment; filename=50_.txt; filename*=UTF-8''50%25.txt"),
        ('a"b\\c.txt', "attachment; filename=a_b_c.txt; filename*=UTF-8''a%22b%5Cc.txt"),
        ("a\r\nSet-Cookie: b", "attachment; filename=\"a_Set-Cookie: b\"; "
         "filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b"),
    ],
)  # fmt: skip
def test_a_name_of_any_script_goes_into_the_header(name: str, header: str) -> None:
    assert content_disposition("attachment", name) == header


def test_a_file_may_be_shown() -> None:
    assert content_disposition("inline", "a.png") == "inline; filename=a.png"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename=report.pdf", "report.pdf"),
        ('attachment; filename="my report.pdf"', "my report.pdf"),
        ("ATTACHMENT;FileName=a.txt", "a.txt"),
        (r'attachment; filename="a \"b\" \\ c.txt"', r'a "b" \ c.txt'),
        ("attachment; filename=a.txt; filename*=UTF-8''%e2%82%ac.txt", "€.txt"),
        ("attachment; filename*=UTF-8''%e2%82%ac.txt; filename=a.txt", "€.txt"),
        ("attachment; FILENAME* = utf-8'en'%E2%82%AC", "€"),
        ("attachment; filename*=iso-8859-1''caf%E9.txt", "café.txt"),
        ("attachment; filename*=koi8-r''%d0.txt; filename=a.txt", "a.txt"),
        ("attachment; filename=\"; filename*=UTF-8''b\"", "; filename*=UTF-8''b"),
        ('attachment; filename="' + "語.txt".encode().decode("latin-1") + '"', "語.txt"),
        ('attachment; filename="caf\xe9.txt"', "café.txt"),
        ('attachment; filename="../../etc/passwd"', "../../etc/passwd"),
        (r'attachment; filename="C:\\x\\y.txt"', r"C:\x\y.txt"),
        ("form-data; name=file; filename=a.txt", "a.txt"),
        ("attachment; filename*=UTF-8''%ff.txt", "\ufffd.txt"),
        ("attachment", None),
        ("attachment; filename=", None),
        ('attachment; filename=""', None),
        ('attachment; filename="a.txt', None),
        ("filename=a.txt", None),
        ("", None),
        ("attachment; filename=" + "a" * 5000, None),
    ],
)
def test_the_name_is_read_from_a_header(header: str, name: str | None) -> None:
    assert filename_of(header) == name


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100))
def test_a_name_comes_back_as_it_went(name: str) -> None:
    header = content_disposition("attachment", name)
    assert re.fullmatch(r"[ -~]+", header)
    assert filename_of(header) == name


@given(st.text())
def test_half_a_letter_stops_no_header(name: str) -> None:
    assert content_disposition("inline", name + "\ud800").isascii()


@given(st.one_of(st.text(), st.text("fF=*;\"'\\%ilename a-1", max_size=80)))
def test_any_header_can_be_read(header: str) -> None:
    assert filename_of(header) != ""
    assert filename_of(f"attachment; filename{header}") != ""


@pytest.mark.parametrize("fill", ['"', '\\"', "; ", ";filename*=", ";filename*=utf-8'", " ", "%22"])
def test_a_hostile_header_costs_little(fill: str) -> None:
    started = time.process_time()
    for header in (fill * 2000, "a; filename=" + fill * 2000, 'a; filename="' + fill * 2000):
        filename_of(header[:4096])
    assert time.process_time() - started < 0.5
