"""Which texts may stand in a room."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

import emoji
from hub.errors import Refused
from hub.protocol.commands import Archive, Edit, Look, Pin, React, Say, Title, Topic, Writing
from hub.validation import (
    REACTION_LENGTH,
    TINTS,
    TITLE_LENGTH,
    TOPIC_LENGTH,
    check_look,
    check_message,
    check_reaction,
    check_texts,
    check_title,
    check_topic,
)

COMPONENTS = 2  # the group of what stands only in other emoji


def refusal(check: Callable[..., None], *arguments: object) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        check(*arguments)
    return refused.value.status, refused.value.code


@pytest.mark.parametrize("text", ["", " ", " \n\t\u3000"])
def test_a_message_has_something_in_it(text: str) -> None:
    assert refusal(check_message, text, 0) == (422, "empty")


def test_a_message_is_measured_in_bytes() -> None:
    check_message("ü" * 50, 100)
    assert refusal(check_message, "ü" * 50 + "x", 100) == (413, "too_long")
    check_message("ü" * 10_000, 0)


EMOJI = json.loads((emoji.DATA / "en" / "data.json").read_text("utf-8"))


def test_every_emoji_can_be_a_reaction_in_every_tone() -> None:
    known = [x for one in EMOJI for x in (one, *one.get("skins", ())) if "group" in x]
    texts = {x["emoji"] for x in known if x["group"] != COMPONENTS}
    assert len(texts) > 3700
    for text in texts:
        check_reaction(text)


@pytest.mark.parametrize(
    "text", ["❤", "\U0001faea", "\U0001fc00", "👍\ufe0f", "⛹🏿\ufe0f\u200d♀\ufe0f", "1\u20e3"]
)
def test_an_emoji_may_be_new_and_written_in_any_way(text: str) -> None:
    check_reaction(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "a b",
            "a\u3000b",
            "\x01",
            "+",
            "+1",
            "x",
            "lol",
            "1",
            "12",
            "é",
            "ש",
            "字",
            "<b>",
            "&",
        ),
        *(
            "👍👍",
            "👍x",
            "x👍",
            "👍 ",
            " 👍",
            "👍\n",
            "👍\u200d",
            "\u200d",
            "\ufe0f",
            "❤\ufe0e",
            "🏿",
            "🇩",
            "🇩🇪🇫",
        ),
        *(":+1:", "<img src=x>", "</b>", "a" * (REACTION_LENGTH + 1), "\u200d".join("👩" * 20)),
        *("\u202e", "👍\u202e", "\u200b", "🏴\U000e0067", "a\u20e3", "\ud83d"),
    ],
)
def test_a_reaction_that_cannot_be(text: str) -> None:
    assert refusal(check_reaction, text) == (422, "not_a_reaction")


def test_a_topic_may_be_empty_and_of_several_lines() -> None:
    for text in ("", "What\n we  talk about\t", "x" * TOPIC_LENGTH):
        check_topic(text)


def test_a_topic_that_cannot_be() -> None:
    assert refusal(check_topic, "x" * (TOPIC_LENGTH + 1)) == (422, "too_long")
    assert refusal(check_topic, "a\0b") == (422, "topic_invalid")


@pytest.mark.parametrize(
    "title", ["", " ", "\n", "a\x00b", "a\nb", "\u200b", "a\u202eb", "x" * (TITLE_LENGTH + 1)],
)  # fmt: skip
def test_a_title_that_cannot_be(title: str) -> None:
    assert refusal(check_title, title) == (422, "title_invalid")


@pytest.mark.parametrize("title", ["x", "x" * TITLE_LENGTH, "חדר פרטי", "<b>", "👪"])
def test_a_title_of_any_script(title: str) -> None:
    check_title(title)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (Say(room="a", text=""), "empty"),
        (Say(room="a", text="x" * 101), "too_long"),
        (Edit(room="a", of=1, text=" "), "empty"),
        (Edit(room="a", of=1, text="x" * 101), "too_long"),
        (React(room="a", of=1, text="a b"), "not_a_reaction"),
        (Topic(room="a", text="a\0b"), "topic_invalid"),
        (Title(room="a", text=""), "title_invalid"),
        (Look(room="a", icon="ab"), "look_invalid"),
    ],
)
def test_the_text_of_a_command_is_checked_as_what_it_is(command: Writing, code: str) -> None:
    assert refusal(check_texts, command, 100)[1] == code


def test_a_message_with_files_needs_no_text() -> None:
    for text in ("", " \n", "words"):
        check_texts(Say(room="a", text=text, files=["f1"]), 5)
    for text, files, code in (("", [], "empty"), ("longer", ["f1"], "too_long")):
        with pytest.raises(Refused) as refused:
            check_texts(Say(room="a", text=text, files=files), 5)
        assert refused.value.code == code


def test_commands_without_a_text_pass() -> None:
    for command in (Pin(room="a", of=1), Archive(room="a"), Say(room="a", text="x" * 100)):
        check_texts(command, 100)


@pytest.mark.parametrize(
    "icon",
    ["", "🌱", "A", "ß", "é", "e\u0301", "7", "1\ufe0f\u20e3", "❤\ufe0f", "👍🏽", "🇩🇪", "字", "ع",
     "क\u094d", "€", "👩\u200d🌾", "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈",
     "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"],
)  # fmt: skip
def test_an_icon_is_one_sign(icon: str) -> None:
    check_look(icon, "")


@pytest.mark.parametrize(
    "icon",
    ["ab", "🌱🌱", "🇩🇪🇫🇷", "🇩A", " ", "<", "<b>", "&", '"', "'", "a\u200d", "\u0301", "\u200d",
     "\u3164", "\ufe0f", "🌱\n", "\x00", "a\u202e", "\u202ea", "Z" + "\u0334" * 9, "x" * 17,
     "👩\u200d", "👩\u200dab", "-", "…"],
)  # fmt: skip
def test_an_icon_that_cannot_be(icon: str) -> None:
    assert refusal(check_look, icon, "") == (422, "look_invalid")


def test_a_colour_is_one_of_few() -> None:
    for tint in TINTS:
        check_look("", tint)
    for tint in ("Red", "#f00", "red;", "url(x)", " "):
        assert refusal(check_look, "🌱", tint) == (422, "look_invalid")
