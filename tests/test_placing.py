"""Files of uploads in the folders of their rooms; hub.attachments has the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub import placing
from hub.hub import Hub
from hub.store import disk
from tests.on_hub import RunOnHub, refusal, run_on
from tests.uploading import DATA, placed, rest, send, share


@pytest.fixture
def run(tmp_path: Path) -> RunOnHub:
    return run_on(tmp_path / "rooms")


def test_of_few_folders_is_known_what_is_in_them(
    run: RunOnHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "FOLDERS", 2)

    async def test(hub: Hub) -> None:
        one = hub.attachments.placing.folder_of("a")
        assert one.path == disk.extended(hub.folder.files / "a")
        hub.attachments.placing.folder_of("b")
        assert hub.attachments.placing.folder_of("a") is one
        hub.attachments.placing.folder_of("c")
        assert hub.attachments.placing.folder_of("a") is one
        for n, name in enumerate("abcabc"):
            await share(hub, f"f{n}", b"%d" % n, room=name)
        assert placed(hub, "b") == {"report.pdf": b"1", "report (2).pdf": b"4"}

    run(test)


def test_what_is_placed_is_placed_once(run: RunOnHub) -> None:
    async def test(hub: Hub) -> None:
        upload = await send(hub)
        room = await hub.rooms.room("a")
        for _ in range(2):
            await hub.attachments.placing.place(room, [upload])
            assert (upload.placed, placed(hub)) == (True, {"report.pdf": DATA})
        assert await hub.attachments.placing.find(upload)
        (hub.folder.files / "a" / "report.pdf").unlink()
        assert not await hub.attachments.placing.find(upload)
        assert await refusal(hub.attachments.placing.place(room, [upload])) == (410, "file_gone")
        await rest(hub)

    run(test)
