from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.mentions import MISSES, MOST, SIGNS, is_name, mentions
from hub.names import PERSON_CHARACTERS, skeleton

PEOPLE = {
    "Anna": "p_1", "Anna Berg": "p_2", "bo": "p_3", "山田": "p_4", "한나": "p_5", "אנה": "p_6",
    "J.R.": "p_7", "🦊": "p_8", "a_b": "p_9", "Émile": "p_10", "*x*": "p_11", "@home": "p_12",
    "José Ñ": "p_13", "1": "p_14", ".*": "p_15",
}  # fmt: skip
NAMES = {who: name for name, who in PEOPLE.items()}
HOLDERS = {skeleton(name): who for name, who in PEOPLE.items()}


def holder(name: str) -> str | None:
    who = HOLDERS.get(skeleton(name))
    return who if who and is_name(name, [NAMES[who]]) else None


def meant(text: str, to: dict[str, str] | None = None, *, here: bool = False) -> dict[str, str]:
    return mentions(
        text,
        to or {},
        lambda who, name: PEOPLE.get(name) == who,
        holder,
        here=here,
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Anna", {"Anna": "p_1"}),
        ("Hello @anna, how are you?", {"anna": "p_1"}),
        ("@Anna Berg said", {"Anna Berg": "p_2"}),
        ("@anna berg.", {"anna berg": "p_2"}),
        ("@a nna", {}),
        ("@b o", {}),
        ("@Anna  Berg", {"Anna": "p_1"}),
        ("@Anna Bergen", {"Anna": "p_1"}),
        ("@Anna\nBerg", {"Anna": "p_1"}),
        ("(@bo)", {"bo": "p_3"}),
        ("@bo's", {"bo": "p_3"}),
        ("@bo @bo @BO", {"bo": "p_3", "BO": "p_3"}),
        ("**@bo**", {"bo": "p_3"}),
        ("请@山田看", {"山田": "p_4"}),
        ("@山田さん", {"山田": "p_4"}),
        ("@한나는", {"한나": "p_5"}),
        ("ל@אנה", {"אנה": "p_6"}),
        ("@J.R.", {"J.R": "p_7"}),
        ("@🦊!", {"🦊": "p_8"}),
        ("@a_b", {"a_b": "p_9"}),
        ("@e\u0301mile", {"e\u0301mile": "p_10"}),
        ("@José Ñ!", {"José Ñ": "p_13"}),
        ("@@home", {"@home": "p_12"}),
    ],
)
def test_a_name_behind_the_sign_means_its_holder(text: str, found: dict[str, str]) -> None:
    assert meant(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "@ bo", "bo", "mail bo@bo.example", "1@bo", "é@bo", "e\u0301@bo", "/@bo", "\\@bo",
        "`@bo`", "```\n@bo\n```", "```\n@bo", "a `b @bo c` d", "@bob", "@\u00a0bo", "@nobody",
        "@ANNAB", "@here",
    ],
)  # fmt: skip
def test_other_signs_mean_nobody(text: str) -> None:
    assert meant(text) == {}


def test_code_ends() -> None:
    assert meant("`@Anna` @bo ```@Anna``` @a_b") == {"bo": "p_3", "a_b": "p_9"}


def test_what_the_sender_says_goes_before_what_is_found() -> None:
    assert meant("@*x* and @.*", {"*x*": "p_11", ".*": "p_15"}) == {"*x*": "p_11", ".*": "p_15"}
    assert meant("@J.R.", {"J.R.": "p_7"}) == {"J.R.": "p_7"}
    both = {"Anna": "p_1", "Anna Berg": "p_2"}
    assert meant("@Anna Berg and @Anna", both) == {"Anna Berg": "p_2", "Anna": "p_1"}
    assert meant("@Anna Berg", {"Anna": "p_1"}) == {"Anna": "p_1"}, "Anna, and then another word"


@pytest.mark.parametrize(
    "to",
    [
        {"Anna": "p_2"},  # somebody else
        {"Anna": "nobody"},
        {"Anna": ""},
        {"bo": "p_3"},  # not in the text
        {"": "p_1"},
        {"x" * 10_000: "p_1"},
        {"here": "here"},
        {"Ann": "p_1"},
    ],
)
def test_lies_are_dropped(to: dict[str, str]) -> None:
    assert meant("Hello @Anna", to) == {"Anna": "p_1"}


def test_here_is_everybody_where_that_is_allowed() -> None:
    assert meant("@here lunch", here=True) == {"here": "here"}
    assert meant("@here lunch", {"here": "here"}, here=True) == {"here": "here"}
    assert meant("@here lunch", {"here": "here"}) == {}
    assert meant("@hereby", here=True) == {}


def test_a_name_looks_alike_and_has_as_many_words() -> None:
    assert is_name("anna", ["Bo", "Anna"])
    assert is_name("Anna-Berg", ["AnnaBerg"])
    assert not is_name("ann a", ["Anna"])
    assert not is_name("Anna", [])


def test_a_thousand_names_mean_the_first_ones() -> None:
    names = [f"guest{n}" for n in range(1000)]
    holders = {name: f"p_{name}" for name in names}
    text = " ".join(f"@{name}" for name in names)
    found = mentions(text, holders, lambda who, name: holders[name] == who, holders.get, here=True)
    assert list(found) == names[:MOST]


def test_no_more_signs_are_looked_at_than_help() -> None:
    assert meant("@q " * SIGNS + "@bo", {"bo": "p_3"}) == {}
    assert meant("@q " * (SIGNS - 1) + "@bo", {"bo": "p_3"}) == {"bo": "p_3"}


def test_as_many_names_as_can_be_meant_are_found_beside_each_other() -> None:
    holders = {f"guest{n}": f"p_{n}" for n in range(MOST)}
    text = " ".join(f"@{name}" for name in holders)
    assert mentions(text, {}, lambda who, name: False, holders.get, here=True) == holders


def test_few_names_that_are_nobodys_are_looked_up() -> None:
    text = " ".join(f"@{chr(0x250 + n)} a b c d e f" for n in range(SIGNS))
    asked: list[str] = []
    assert mentions(text, {}, lambda who, name: False, asked.append, here=True) == {}
    assert len(asked) == MISSES


@pytest.mark.parametrize("piece", ["@", "@a ", "@a.b.c.d.e.f.g ", "`", "```", "@a`", "é@", "@é "])
def test_a_hostile_text_takes_little_time(piece: str) -> None:
    text = piece * (16384 // len(piece))
    before = time.thread_time()  # hubs of earlier tests may be stopping beside it
    meant(text, {f"a{n}": "p_1" for n in range(1000)}, here=True)
    assert time.thread_time() - before < 0.2


@given(
    st.lists(st.sampled_from([*PEOPLE, "@", " ", "`", ".", "é", "x", "\n"]), max_size=12),
    st.dictionaries(st.sampled_from(list(PEOPLE)), st.sampled_from(list(PEOPLE.values()))),
)
def test_what_is_found_stands_in_the_text(pieces: list[str], to: dict[str, str]) -> None:
    text = "".join(pieces)
    for name, who in meant(text, to).items():
        assert f"@{name}" in text
        assert len(name) <= PERSON_CHARACTERS
        assert HOLDERS[skeleton(name)] == who
