"""The hub's page in Hearth's own window may listen; another page in it may not, nor see."""

from __future__ import annotations

import sys

import pytest

from hub.desktop.window import microphone
from tests.desktop.screen import Screen
from tests.desktop.two_pages import told_by_two_pages

SCRIPT = """
const { mediaDevices } = navigator;
const asks = (what) => mediaDevices.getUserMedia(what).then(() => 'given', () => 'refused');
(async () => {
  const told = [await asks({ audio: true }), await asks({ video: true }),
    await asks({ audio: true, video: true })];
  fetch('/is-' + told.join('-'));
})();
"""
ALLOW = """
from hub.desktop.window import microphone
settings = view.get_settings()
settings.set_enable_media_stream(True)
settings.set_enable_mock_capture_devices(True)
microphone.allow(window, page)
"""
"""In a view whose devices are made up."""


def test_only_the_hubs_own_origin_may_listen(screen: Screen) -> None:
    told = told_by_two_pages(screen, SCRIPT, ALLOW)
    assert told == "/is-given-refused-refused /is-refused-refused-refused\n"


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_elsewhere_the_view_asks_whoever_sits_there(
    monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    microphone.allow(None, "http://127.0.0.1:5000/general")
