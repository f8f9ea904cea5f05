"""The screens on which a flow is tried: a wide one with a mouse, and a phone under a finger."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
}  # fmt: skip
SIZES = pytest.mark.parametrize("size", [{}, PHONE], ids=["wide", "phone"])
"""The options of `visit`, for each of the two."""


def press(target: Locator, size: dict[str, Any]) -> None:
    """Tap on a phone, click elsewhere."""
    target.tap() if size else target.click()
