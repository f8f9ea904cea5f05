"""The power fails at every step of sending files and removing them: see recorded_names."""

from __future__ import annotations

import random
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from hub.store import journal
from tests.faults.file_senders import PIECE
from tests.faults.record import events_of
from tests.faults.recorded_names import FolderSynced, RecordedNames, state
from tests.patience import PATIENCE
from tests.serving import Serving

PARTIAL = {"Content-Type": "application/partial-upload"}


class Cut:
    """What else the folder held after each step, and what had been told by then."""

    def __init__(self, folder: Path, aside: Path) -> None:
        self.folder = folder
        self.aside = aside
        self.steps: list[tuple[int, Path]] = []
        self.log: list[Any] = []
        self._lock = threading.Lock()
        self.whole: dict[str, int] = {}
        """From which step on a file was told to be whole, and to be kept until it is sent."""

    def step(self) -> None:
        """Copy all of one moment: what is written meanwhile has it copied once more."""
        with self._lock:
            to = self.aside / str(len(self.steps))
            for _ in range(100):
                before = self._moment()
                shutil.copytree(self.folder, to, ignore=_not_kept)
                if before == self._moment():
                    break
                shutil.rmtree(to)
            else:
                pytest.fail("something was written all the time")
            self.steps.append((len(self.log), to))

    def told(self, id_: str) -> None:
        with self._lock:  # a step that is being copied may be of a moment before
            self.whole[id_] = len(self.steps)

    def _moment(self) -> tuple[int, list[tuple[Path, int, int]]]:
        kept = [x for x in self.folder.glob("*") if not _not_kept("", [x.name])]
        known = [(x, x.stat()) for y in kept for x in (y, *y.rglob("*"))]
        return len(self.log), [(x, y.st_size, y.st_mtime_ns) for x, y in known]


def _not_kept(path: str, names: list[str]) -> set[str]:
    return {x for x in names if x in ("files", "hearth.log") or x.endswith(".new")}


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cut:
    if not Path("/proc/self/fd").exists():
        pytest.skip("which file a descriptor is can only be asked under Linux")
    monkeypatch.setattr(journal, "SIZE", 1 << 15)
    return Cut(tmp_path / "rooms", tmp_path / "aside")


def _sent(cut: Cut, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Send three files, in all the ways, and remove one; gives their contents by id."""
    data = {f"f{number}": random.Random(number).randbytes(300_000) for number in range(3)}
    hub = Serving(cut.folder)
    mia = hub.session("mia")
    with monkeypatch.context() as recording:
        recorded = RecordedNames(recording, cut.folder / "files", cut.step)
        cut.log = recorded.log
        path = "/api/files/general"
        assert hub.ask("PUT", f"{path}/f0?name=a.bin", data["f0"], mia).status == 201
        first = hub.ask(
            "PUT", f"{path}/f1?name=a.bin", data["f1"][:PIECE], mia, Upload_Complete="?0"
        )
        assert first.status == 201
        cut.step()
        rest = hub.ask(
            "PATCH", f"{path}/f1?announce=no", data["f1"][PIECE:], {**mia, **PARTIAL},
            Upload_Offset=str(PIECE), Upload_Complete="?1",
        )  # fmt: skip
        assert rest.status == 201
        cut.told("f1")
        assert hub.ask("PUT", f"{path}/f2?name=b.bin&announce=no", data["f2"], mia).status == 201
        cut.told("f2")
        cut.step()
        with hub.talk(mia) as talk:
            talk.hello()
            talk.join()
            talk.do("erase", of=1)
            cut.step()
            talk.say("here", files=["f1", "f2"], key="both")
            cut.step()
        hub.stop()
        cut.step()
    return data


def _check(folder: Path, data: dict[str, bytes], whole: set[str]) -> None:
    """What was announced is whole after a start, and so is what was told to be."""
    hub = Serving(folder)
    try:
        file = folder / "general.jsonl"
        events = events_of(file) if file.exists() else []
        erased = {x["of"] for x in events if x["do"] == "erase"}
        borne = [y for x in events if x["n"] not in erased for y in x.get("files", ())]
        announced = {y["id"] for y in borne}
        for id_ in announced:
            answer = hub.get(f"/api/files/general/{id_}")
            assert answer.status == 200, f"{id_} is lost"
            assert answer.body == data[id_], f"{id_} is another"
        end = time.monotonic() + PATIENCE
        own = hub.server._hub
        assert own is not None
        while not hub.on_loop(lambda: own.attachments.uploads.ready.is_set()):
            assert time.monotonic() < end
        waiting = hub.on_loop(lambda: [(x.id, x.file, x.part) for x in own.attachments.uploads])
        rooms = {x.name for x in (folder / "files" / "general").glob("*")}
        named = {y["name"] for y in borne}
        assert rooms <= named | {x.name for _, x, _ in waiting if x is not None}
        parts = {x.name for x in (folder / "files" / ".unfinished").glob("*")}
        assert parts <= {part for _, _, part in waiting}
        assert whole <= announced | {id_ for id_, file, _ in waiting if file is not None}
        for id_, file, part in waiting:
            if id_ in whole:
                places = (folder / "files" / ".unfinished" / part,
                          folder / "files" / "general" / file.name)  # fmt: skip
                assert data[id_] in [x.read_bytes() for x in places if x.exists()], id_
    finally:
        hub.stop()


def _check_cuts(cut: Cut, data: dict[str, bytes], states: int, folder: Path) -> None:
    chance = random.Random(1)
    for number, (length, there) in enumerate(cut.steps):
        for _ in range(states):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(there, folder)
            folders, files = state(cut.log[:length], chance)
            for path in sorted(folders):
                (folder / path.relative_to(cut.folder)).mkdir(parents=True)
            for path, held in files.items():
                (folder / path.relative_to(cut.folder)).write_bytes(held)
            whole = {id_ for id_, first in cut.whole.items() if number >= first}
            _check(folder, data, whole)


def test_what_was_announced_is_whole_whenever_the_power_fails(
    cut: Cut, monkeypatch: pytest.MonkeyPatch, states: int, tmp_path: Path
) -> None:
    data = _sent(cut, monkeypatch)
    assert len(cut.steps) > 20
    _check_cuts(cut, data, states, tmp_path / "again")


def test_a_folder_that_is_not_synced_is_noticed(
    cut: Cut, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The control of the test above."""
    data = _sent(cut, monkeypatch)
    left_out = cut.folder / "files" / "general"
    for at, entry in enumerate(cut.log):
        if isinstance(entry, FolderSynced) and entry.path == left_out:
            cut.log[at] = entry._replace(before=0)
    cut.steps, cut.whole = cut.steps[-1:], {}
    with pytest.raises(AssertionError, match="is lost"):
        _check_cuts(cut, data, 6, tmp_path / "again")
