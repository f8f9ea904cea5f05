from __future__ import annotations

import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from hub.errors import Refused
from hub.names import (
    PERSON_CHARACTERS,
    ROOM_BYTES,
    ROOM_CHARACTERS,
    file_name,
    folded,
    person_name,
    room_name,
    room_of_file,
    skeleton,
    visible,
)
from hub.names import _settle as settle

# Letters whose case, composition or final form is a trap, among ordinary ones.
TRICKY = (
    "aAzZsS09-_ éÉßẞſıİIiσςΣΑαᾳᾼΐŉǰևﬁﬃⅧµΩÅKᎠꭰᏸᲀДй"
    "\u0301\u0307\u0323\u0345\u0308ͅहिक्षกำ가각\u1100\u1161"
)
anything = st.text(st.one_of(st.sampled_from(TRICKY), st.characters()), max_size=70)
WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
LETTERS = st.characters(categories=("L", "Nd"))
names = st.builds(
    str.__add__,
    st.text(LETTERS, min_size=1, max_size=3),
    st.text(
        st.one_of(LETTERS, st.sampled_from(TRICKY), st.characters(categories=("Mn", "Mc"))),
        max_size=20,
    ),
)
tricky_names = st.text(st.sampled_from(TRICKY), min_size=1, max_size=12)


def accepted(text: str) -> str:
    try:
        return room_name(text)
    except Refused:
        assume(False)
        raise


def as_kept(file: str) -> str:
    """What a file system that tells neither case nor composition apart makes of a name."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", file).lower())


class TestRoom:
    @pytest.mark.parametrize(
        ("text", "room"),
        [
            ("general", "general"),
            ("GENERAL", "general"),
            ("General", "general"),
            (" General ", "general"),
            ("\u3000General\u00a0", "general"),
            ("my room", "my-room"),
            ("my\u00a0room", "my-room"),
            ("a_b-c", "a_b-c"),
            ("room-", "room-"),
            ("_room", "_room"),
            ("7", "7"),
            ("Cafe\u0301", "café"),
            ("CAFÉ", "café"),
            ("Комната", "комната"),
            ("部屋", "部屋"),
            ("חדר", "חדר"),
            ("غرفة", "غرفة"),
            ("कमरा", "कमरा"),
            ("ห้อง", "ห้อง"),
            ("방", "방"),
            ("\u1107\u1161\u11bc", "방"),
            ("Straße", "straße"),
            ("STRASSE", "strasse"),
            ("STRAẞE", "straße"),
            ("ΟΔΟΣ", "οδος"),
            ("οδοσ", "οδος"),
            ("οδος", "οδος"),
            ("İZMİR", "i̇zmi̇r"),
            ("KIZ", "kiz"),
            ("kız", "kız"),
            ("ᎠᎡ", "ꭰꭱ"),
            ("\u212bngström", "ångström"),
            ("〇一二", "〇一二"),
            ("m²", "m²"),
            ("x" * ROOM_CHARACTERS, "x" * ROOM_CHARACTERS),
            ("con2", "con2"),
            ("com", "com"),
            ("com10", "com10"),
            ("console", "console"),
            ("apis", "apis"),
        ],
    )
    def test_the_one_true_name(self, text: str, room: str) -> None:
        assert room_name(text) == room
        assert room_name(room) == room

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("", "needs a name"),
            ("   ", "needs a name"),
            ("\u3000", "needs a name"),
            ("x" * (ROOM_CHARACTERS + 1), "64 characters"),
            ("x" * 10_000, "64 characters"),
            ("日" * 64 + "本", "64 characters"),
            ("𐐨" * 60, "200 bytes"),
            ("部" * 64, None),
            ("𝔘" * 51, "200 bytes"),
            (".", "dot or a hyphen"),
            ("..", "dot or a hyphen"),
            (".hidden", "dot or a hyphen"),
            ("-rf", "dot or a hyphen"),
            ("a/b", "cannot hold '/'"),
            ("../etc/passwd", "dot or a hyphen"),
            ("a/../b", "cannot hold '/'"),
            ("a\\b", "cannot hold"),
            ("c:", "cannot hold ':'"),
            ("a:b", "cannot hold ':'"),
            ("a.b", "not '.'"),
            ("a／b", "not '／'"),
            ("a∕b", "not '∕'"),
            ("a%2fb", "not '%'"),
            ("a~df~", "not '~'"),
            ("<b>", "not '<'"),
            ("a?", "not '?'"),
            ("a*", "not '*'"),
            ("a|b", "not '|'"),
            ('a"b', "not '\"'"),
            ("🔥", "not '🔥'"),
            ("½\u20dd", "not"),
            ("a\nb", "does not show"),
            ("general\n", "does not show"),
            ("a\tb", "does not show"),
            ("a\0b", "does not show"),
            ("a\x7fb", "does not show"),
            ("a\x85b", "does not show"),
            ("a\u200bb", "does not show"),
            ("a\u200cb", "does not show"),
            ("a\u200db", "does not show"),
            ("a\u202eb", "does not show"),
            ("a\u2066b", "does not show"),
            ("a\u2028b", "does not show"),
            ("a\u00adb", "does not show"),
            ("a\ufeffb", "does not show"),
            ("a\ufe0fb", "does not show"),
            ("a\U000e0061b", "does not show"),
            ("a\U000e0100b", "does not show"),
            ("a\u034fb", "does not show"),
            ("a\u3164b", "does not show"),
            ("a\u115fb", "does not show"),
            ("a\u180eb", "does not show"),
            ("a\u2800b", "does not show"),
            ("a\ue000b", "does not show"),
            ("a\ud800b", "does not show"),
            ("a\u0378b", "does not show"),
            ("\u0301a", "begin with an accent"),
            ("\u093fa", "begin with an accent"),
            ("con", "device"),
            ("CON", "device"),
            ("con.txt", "device"),
            ("ｃｏｎ", "device"),
            *((device, "device") for device in "prn aux nul conin$ conout$ clock$".split()),
            *((f"com{digit}", "device") for digit in "0123456789¹²³"),
            *((f"LPT{digit}", "device") for digit in "0123456789¹²³"),
            *(
                (taken, "Hearth needs")
                for taken in (
                    "api static get join favicon.ico robots.txt manifest.webmanifest sw.js hub"
                    " files host admin login logout about help health invite settings assets"
                    " readme API Static"
                ).split()
            ),
        ],
    )
    def test_refused_with_a_reason(self, text: str, why: str | None) -> None:
        if why is None:
            assert room_name(text) == text
            return
        with pytest.raises(Refused, match=re.escape(why)) as refused:
            room_name(text)
        assert (refused.value.code, refused.value.status) == ("room_name", 404)
        assert refused.value.message.endswith((".", "?"))
        assert "\n" not in refused.value.message

    @given(names)
    @example("İ")
    @example("ΑΣ\u0345")
    def test_a_room_has_one_name(self, text: str) -> None:
        room = accepted(text)
        assert room_name(room) == room
        assert 1 <= len(room) <= ROOM_CHARACTERS
        assert unicodedata.normalize("NFC", room) == room
        assert room.replace("ς", "σ") == room.lower().replace("ς", "σ")
        assert accepted(unicodedata.normalize("NFD", text)) == room

    @given(names)
    def test_a_file_name_is_legal_everywhere(self, text: str) -> None:
        file = file_name(accepted(text))
        assert not set(file) & set('<>:"/\\|?*')
        assert all(character.isprintable() for character in file)
        assert file.count(".") == 1
        assert file.endswith(".jsonl")
        assert file[0] not in ".- "
        assert len(file.encode()) <= ROOM_BYTES + len(".jsonl") <= 255
        stem = unicodedata.normalize("NFKC", file.partition(".")[0]).upper()
        assert not re.fullmatch(r"CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)\d", stem)

    @given(names)
    def test_a_name_never_leaves_the_folder(self, text: str) -> None:
        room = accepted(text)
        folder = Path("/hub/rooms")
        path = folder / file_name(room)
        assert path.parent == folder
        assert path.resolve().parent == folder.resolve()

    @given(tricky_names, tricky_names)
    @example("straße", "strasse")
    @example("οδος", "οδοσ")
    @example("և", "եւ")
    @example("ᾳ", "αι")
    @example("ﬁ", "fi")
    @example("µ", "μ")
    @example("ſ", "s")
    def test_two_rooms_never_share_a_file(self, one: str, other: str) -> None:
        one, other = accepted(one), accepted(other)
        same = as_kept(file_name(one)) == as_kept(file_name(other))
        assert same == (one == other)

    def test_each_letter_with_forms_keeps_its_own_file(self) -> None:
        rooms: dict[str, str] = {}
        for letter in map(chr, range(0x110000)):
            if letter == letter.casefold() == unicodedata.normalize("NFD", letter):
                continue
            try:
                room = room_name("a" + letter)
            except Refused:
                continue
            assert room_name(room) == room
            assert rooms.setdefault(as_kept(file_name(room)), room) == room
            assert room_of_file(file_name(room)) == room

    @pytest.mark.parametrize(
        ("room", "file"),
        [
            ("general", "general.jsonl"),
            ("комната", "комната.jsonl"),
            ("οδος", "οδος.jsonl"),
            ("straße", "straße.jsonl"),
        ],
    )
    def test_file_name(self, room: str, file: str) -> None:
        assert file_name(room) == file
        assert room_of_file(file) == room
        assert room_of_file(unicodedata.normalize("NFD", file)) == room

    @given(names)
    def test_the_file_tells_the_room(self, text: str) -> None:
        room = accepted(text)
        assert room_of_file(file_name(room)) == room

    @pytest.mark.parametrize(
        "file",
        "general General.jsonl con.jsonl .jsonl README.md a~61~.jsonl a~ffffff~.jsonl"
        " ~d800~.jsonl general.txt x.jsonl.new api.jsonl".split(),
    )
    def test_not_a_rooms_file(self, file: str) -> None:
        assert room_of_file(file) is None

    @given(anything)
    def test_anything_is_a_room_or_refused(self, text: str) -> None:
        try:
            room_name(text)
        except Refused as refused:
            assert refused.status == 404

    def test_what_has_no_one_spelling_is_refused(self) -> None:
        with pytest.raises(Refused, match="one spelling"):
            settle("a", lambda text: text + "a")

    @pytest.mark.parametrize(
        "text",
        ["a" * 10_000, "a\u0301" * 5_000, "\u0301\u0323" * 5_000, " " * 10_000, "İ" * 10_000],
    )
    def test_long_names_are_refused_quickly(self, text: str) -> None:
        took = []
        for _ in range(10):
            started = time.thread_time()
            with pytest.raises(Refused):
                room_name(text)
            with pytest.raises(Refused):
                person_name(text)
            took.append(time.thread_time() - started)
        assert min(took) < 0.05  # of the processor, which other programs do not add to


class TestPerson:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("naor", "naor"),
            ("  naor ", "naor"),
            ("Anna  Maria\u3000Luise", "Anna Maria Luise"),
            ("Cafe\u0301", "Café"),
            ("<b>bold</b>", "<b>bold</b>"),
            ("Renée O'Neil-Smith, Jr.", "Renée O'Neil-Smith, Jr."),
            ("נאור", "נאור"),
            ("محمد", "محمد"),
            ("می\u200cخواهم", "می\u200cخواهم"),
            ("क्\u200dष", "क्\u200dष"),
            ("ශ්\u200dරී", "ශ්\u200dරී"),
            ("അവന്\u200d", "അവന്\u200d"),
            ("สมชาย", "สมชาย"),
            ("山田 太郎", "山田 太郎"),
            ("🔥", "🔥"),
            ("Mia ❤\ufe0f", "Mia ❤\ufe0f"),
            ("👩\u200d🚀", "👩\u200d🚀"),
            ("1\ufe0f\u20e3 ℹ\ufe0f", "1\ufe0f\u20e3 ℹ\ufe0f"),
            (WALES, WALES),
            ("🤷🏽\u200d♂\ufe0f", "🤷🏽\u200d♂\ufe0f"),
            ("x" * PERSON_CHARACTERS, "x" * PERSON_CHARACTERS),
            ("e\u0301" * PERSON_CHARACTERS, "é" * PERSON_CHARACTERS),
            ("con", "con"),
            ("1", "1"),
            (".", "."),
        ],
    )
    def test_welcome(self, text: str, name: str) -> None:
        assert person_name(text) == name

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("", "give a name"),
            ("  ", "give a name"),
            ("\u3000\u00a0", "give a name"),
            ("x" * (PERSON_CHARACTERS + 1), "40 characters"),
            ("x" * 100_000, "40 characters"),
            ("\u0301naor", "accent"),
            *(
                (f"na{hidden}or", "does not show")
                for hidden in (
                    "\n\r\t\0\x1b\x7f\x85\u2028\u2029\u200b\u200e\u202e\u2066\u2069\u00ad\ufeff"
                    "\u034f\u061c\u3164\u115f\uffa0\u2800\ufe0e\ufe0f\u180e\ufffc\ue000\ud800\udfff"
                    "\u0378\uffff\U000e0041\U000e0100\U0010fffd"
                )
            ),
            ("naor\n", "does not show"),
            ("\u200d", "does not show"),
            ("naor\u200d", "does not show"),
            ("അവന്\u200d\u200d", "does not show"),
            ("naor1\ufe0f", "does not show"),
            (WALES[:-1], "does not show"),
            (WALES + WALES[1:], "does not show"),
            (WALES.replace("🏴", "🏳"), "does not show"),
            ("\u200cnaor", "does not show"),
            ("na\u200c\u200cor", "does not show"),
            ("1\u200d2", "does not show"),
            ("naor \u200d ", "does not show"),
            ("\u3164", "does not show"),
        ],
    )
    def test_refused_with_a_reason(self, text: str, why: str) -> None:
        with pytest.raises(Refused, match=why) as refused:
            person_name(text)
        assert (refused.value.code, refused.value.status) == ("name_invalid", 422)

    @given(st.text(max_size=60))
    def test_a_name_is_its_own_name(self, text: str) -> None:
        try:
            name = person_name(text)
        except Refused:
            return
        assert person_name(name) == name
        assert 1 <= len(name) <= PERSON_CHARACTERS
        assert name == name.strip()
        assert len(name.splitlines()) == 1
        name.encode()


class TestSkeleton:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("naor", "NAOR"),
            ("naor", "Naor "),
            ("naor", "n a o r"),
            ("naor", "na.or"),
            ("naor", "@na_or-"),
            ("naor", "nаor"),  # Cyrillic а
            ("naor", "naοr"),  # Greek ο
            ("naor", "naօr"),  # Armenian օ
            ("naor", "na0r"),
            ("NAOR", "ΝΑΟR"),  # Greek capitals
            ("vera", "νera"),  # Greek small ν
            ("HANS", "НАNS"),  # Cyrillic capitals
            ("naor", "ｎａｏｒ"),
            ("naor", "𝐧𝐚𝐨𝐫"),
            ("naor", "ⓝⓐⓞⓡ"),
            ("naor", "ɴᴀᴏʀ"),
            ("naor", "naoṛ"),
            ("naor", "n\u0338aor"),
            ("naor", "n\u200baor"),
            ("naor", "naor\ufe0f"),
            ("naor", "na\u3164or"),
            ("Ian", "lan"),
            ("Ian", "1an"),
            ("Ian", "|an"),
            ("ali", "aIi"),
            ("Ali", "Aӏi"),  # Cyrillic palochka
            ("ipek", "İpek"),
            ("marna", "mama"),
            ("vvim", "wim"),
            ("ᎠᎡᎢ", "DRT"),  # Cherokee
            ("ꓮꓠꓠꓮ", "ANNA"),
            ("علي", "علی"),
            ("على", "علی"),
            ("محمد", "محـمد"),
            ("٠١", "01"),
            ("Straße", "STRASSE"),
            ("José", "Jose\u0301"),
        ],
    )
    def test_these_look_the_same(self, one: str, other: str) -> None:
        assert skeleton(one) == skeleton(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("anna", "hanna"),
            ("anna", "anne"),
            ("anna", "ana"),
            ("Анна", "Anna"),
            ("Алина", "Алена"),
            ("Νίκος", "Νίκη"),
            ("José", "Jose"),
            ("Müller", "Muller"),
            ("Андрей", "Андреи"),
            ("राम", "रमा"),
            ("דוד", "דודו"),
            ("ben", "den"),
            ("bob", "rob"),
            ("tim", "tom"),
            ("Kim", "Kin"),
            ("naor", "naor🔥"),
            ("!", "?"),
            (".", "-"),
            ("山田", "山口"),
        ],
    )
    def test_these_do_not(self, one: str, other: str) -> None:
        assert skeleton(one) != skeleton(other)

    @given(st.text(max_size=20))
    def test_it_holds_for_each_form_of_a_name(self, text: str) -> None:
        try:
            name = person_name(text)
        except Refused:
            return
        bones = skeleton(name)
        assert bones
        assert skeleton(bones) == bones
        assert skeleton(unicodedata.normalize("NFD", name)) == bones

    @given(st.text("abcIiLlMmNnOoRrVvWw01 .|", min_size=1, max_size=12))
    def test_case_never_matters(self, name: str) -> None:
        assert skeleton(name) == skeleton(name.upper()) == skeleton(name.lower())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José", "JOSE"), ("Straße", "STRASSE"), ("İstanbul", "istanbul"), ("Ｗide", "wide"),
        ("ΟΔΥΣΣΕΎΣ", "οδυσσευς"), ("מָרִים", "מרים"), ("مُحَمَّد", "محمد"), ("Bo", "bO"),
    ],
)  # fmt: skip
def test_a_name_is_found_without_case_and_accents(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_a_syllable_that_is_being_written_is_a_part_of_the_whole() -> None:
    assert folded("하") in folded("한나")
    assert folded("하") not in folded("민수")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\u200bb\u202ec\u0000d", "abcd"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200ca\u200d", "a"),
        ("👩\u200d👧 ❤\ufe0f a\ufe0f", "👩\u200d👧 ❤\ufe0f a"),
        (f"{WALES}\U000e0067", WALES),
        ("", ""),
    ],
)
def test_what_does_not_show_is_left_out(text: str, left: str) -> None:
    assert visible(text) == left
