"""What whoever started Hearth ought to know."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from hub.desktop import console, notices
from hub.desktop.notices import Notices


def test_a_notice_is_kept_for_hosts_said_and_logged(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = Notices()
    with caplog.at_level(logging.WARNING, "hearth"):
        kept.add("another program has the port.", console.warn)
        kept.add("Hearth runs as root.", console.warn)
        kept.add("only for a terminal")
    assert kept == ["another program has the port.", "Hearth runs as root.", "only for a terminal"]
    said = "Hearth: another program has the port.\nHearth runs as root.\n"
    assert capsys.readouterr().err == said
    assert [record.message for record in caplog.records] == kept


@pytest.mark.parametrize(
    ("path", "program"),
    [
        ("/home/naor/Dropbox/rooms", "Dropbox"),
        ("/home/naor/OneDrive/rooms", "OneDrive"),
        ("/home/naor/OneDrive - School of Hagen/a/b/rooms", "OneDrive"),
        ("/Users/naor/Library/Mobile Documents/com~apple~CloudDocs/rooms", "iCloud"),
        ("/Users/naor/Library/CloudStorage/GoogleDrive-naor@example.org/rooms", "Google Drive"),
        ("/home/naor/Nextcloud/rooms", "Nextcloud"),
        ("/home/naor/dropboxes/rooms", None),
        ("/home/naor/my nextcloud notes/rooms", None),
        ("/srv/rooms", None),
    ],
)
def test_a_synced_folder_is_known_by_its_name(path: str, program: str | None) -> None:
    assert notices.synced_by(Path(path)) == program


def test_a_synced_folder_is_known_by_what_its_program_leaves(tmp_path: Path) -> None:
    (tmp_path / "shared" / ".stfolder").mkdir(parents=True)
    assert notices.synced_by(tmp_path / "shared" / "class" / "rooms") == "Syncthing"
    assert notices.synced_by(tmp_path / "rooms") is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no root")
@pytest.mark.parametrize(("user", "count"), [(0, 2), (1000, 1)])
def test_root_and_a_synced_folder_are_told(
    monkeypatch: pytest.MonkeyPatch, user: int, count: int
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    found = Notices()
    notices.look(found, Path("/home/naor/Dropbox/rooms"))
    assert len(found) == count
    assert "is synced by Dropbox" in found[-1]
    assert ("runs as root" in found[0]) == (user == 0)
