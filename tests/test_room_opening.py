from pathlib import Path

import pytest

from hub import room_opening
from hub.protocol import events
from hub.protocol.commands import Edit, Erase, Issued, React, Topic
from hub.protocol.sent_file import SentFile
from hub.room_opening import open_room
from hub.store.open_files import Files
from tests.one_room import ANNA, NOBODY, Place, Run, run_in


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return run_in(tmp_path)


def test_a_room_that_cannot_be_opened_lets_go_of_its_file(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    async def test(place: Place) -> None:
        await place.say("one")
        monkeypatch.setattr(room_opening, "_read_recent", broken)
        files = Files()
        with pytest.raises(RuntimeError):
            open_room(place.file, "a", place.folder, place.writer, 0, place.changed, files)
        assert not files.opened

    run(test)


def test_a_removal_that_a_crash_cut_short_is_carried_out_at_the_next_start(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(place: Place) -> None:
        await place.say("secret")
        with monkeypatch.context() as broken:
            broken.setattr(place.room.history, "blank", lambda numbers: None)
            await place.do(Erase(room="a", of=1))
        assert b"secret" in place.file.read_bytes()
        place.open()
        assert b"secret" not in place.file.read_bytes()

    run(test)


def test_a_later_kind_of_event_is_kept_and_passed_over(run: Run) -> None:
    async def test(place: Place) -> None:
        await place.say()
        line = events.sealed(
            b'{"room":"a","n":2,"at":"2030-01-01T00:00:00.000Z","by":"x","do":"dance","to":[1]}'
        )
        odd = events.sealed(b'{"room":"a","n":3,"at":7,"do":{}}')
        with place.file.open("ab") as file:
            file.write(line + odd)
        place.open()
        assert (await place.say())["n"] == 4
        assert place.shown()[1]["to"] == [1]
        assert place.room.history.line(3) == odd

    run(test)


def test_unread_counts_survive_a_restart(run: Run) -> None:
    async def test(place: Place) -> None:
        for text in ("one", "two", "three"):
            await place.say(text, ANNA)
        await place.say("mine")
        await place.say("nobody's", NOBODY)
        await place.do(Topic(room="a", text="All about it"))
        await place.do(React(room="a", of=1, text="👍"))
        await place.do(Edit(room="a", of=3, text="four"), ANNA)
        await place.do(Erase(room="a", of=2), ANNA)

        def counted() -> list[int]:
            unread = place.room.unread
            return [unread.after(n, who) for n in range(10) for who in ("p_1", "p_2", None)]

        before = counted()
        assert (place.room.unread.said, before[:3]) == (5, [3, 2, 4])
        with place.file.open("ab") as file:  # as a later Hearth may write it
            file.write(events.sealed(b'{"room":"a","n":10,"do":["say"]}'))
        place.open()
        assert (place.room.last, place.room.unread.said, counted()) == (10, 5, before)

    run(test)


def test_lost_lines_are_not_unread(run: Run) -> None:
    async def test(place: Place) -> None:
        for n in range(6):
            await place.say(str(n), ANNA)
        data = place.file.read_bytes()
        place.file.write_bytes(data.replace(b'"text":"2"', b'"text":"x"'))
        place.open()
        assert place.room.history.lost(1, 6) == [3]
        assert [place.room.unread.after(n, "p_1") for n in range(7)] == [5, 4, 3, 3, 2, 1, 0]

    run(test)


def test_the_files_of_messages_are_known_after_a_restart(run: Run) -> None:
    async def test(place: Place) -> None:
        for id_ in ("f", "g"):
            files = [SentFile(id=id_, name=id_, size=1, type="text/plain", sha256="0" * 64)]
            await place.do(Issued(room="a", text="", files=[id_], sent=files))
        await place.do(Erase(room="a", of=1))
        index = place.open().index
        assert index.files == {2: files}
        assert index.file("g") == (2, files[0])

    run(test)
