"""The folder of previews."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.files.preview import PREVIEW_BYTES
from hub.files.previews import Previews
from hub.store import disk
from tests.windows import has_mode


def test_a_preview_is_kept_per_room_and_id(tmp_path: Path) -> None:
    previews = Previews(tmp_path / "previews")
    assert previews.get("a", "x") is None
    previews.keep("a", "x", b"one")
    previews.keep("b", "x", b"two")
    previews.keep("a", "x", b"three")
    assert (previews.get("a", "x"), previews.get("b", "x")) == (b"three", b"two")
    assert previews.path("a", "x").parent == tmp_path / "previews"
    assert has_mode(previews.path("a", "x"), 0o600)
    previews.remove("a", "x")
    previews.remove("a", "x")
    assert (previews.get("a", "x"), previews.get("b", "x")) == (None, b"two")


def test_what_is_too_large_is_not_one(tmp_path: Path) -> None:
    previews = Previews(tmp_path)
    previews.path("a", "x").write_bytes(bytes(PREVIEW_BYTES + 1))
    assert previews.get("a", "x") is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "previews").symlink_to(tmp_path / "outside")
    with pytest.raises(disk.Unfit):
        Previews(tmp_path / "previews").keep("a", "x", b"one")
    assert list((tmp_path / "outside").iterdir()) == []
