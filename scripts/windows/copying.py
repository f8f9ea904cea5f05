"""The copy of the checkout on which programs in the small Windows work.

They never see the checkout itself: Wine follows links out of it, and takes them for folders.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Final

KEPT_OUT: Final = frozenset(
    ".git .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .venv .venv.lock"
    " build dist".split()
)
"""At the top of the checkout: what is set up, made or cached, and the history."""
ANYWHERE: Final = frozenset(["__pycache__", ".bin", ".cache"])
WRITTEN: Final = "rooms"
"""The folder of what people write, of which the README alone is copied."""


def copy(checkout: Path, to: Path) -> None:
    """Put a copy of the checkout in the place of an older one. It has no links. Raises OSError."""

    def kept_out(folder: str, names: list[str]) -> Collection[str]:
        place = Path(folder)
        out = {x for x in names if x in ANYWHERE or os.path.islink(place / x)}
        if place == checkout:
            out |= KEPT_OUT.intersection(names)
        elif place == checkout / WRITTEN:
            out |= {x for x in names if x != "README.md"}
        return out

    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(checkout, to, ignore=kept_out)
