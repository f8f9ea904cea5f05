"""Names that a history of unknown origin may give to files."""

from pathlib import Path

import pytest

from hub.files.room_folder import RoomFolder
from hub.store import disk


@pytest.mark.parametrize("name", ["../secret", "a/b", "..", "", "a\0b", "C:x", "a\\b"])
def test_a_name_that_leads_elsewhere_is_not_followed(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_bytes(b"data")
    folder = RoomFolder(tmp_path / "room")
    folder.path.mkdir()
    with pytest.raises(disk.Unfit):
        folder.open(name)
    folder.remove(name)
    assert (tmp_path / "secret").exists()
    assert folder.path.exists()
