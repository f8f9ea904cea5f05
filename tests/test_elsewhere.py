"""Which tests are skipped on another system: those that miss something, and no others."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.elsewhere import skips

FORGOTTEN = compile("import os\ndef ask(): return os.get_nothing()", "hub/store/disk.py", "exec")
"""A part of the hub that uses what the system lacks."""


def a_name() -> None:
    os.make_nothing("pipe")  # type: ignore[attr-defined]


def a_name_to_replace() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "sleep_well", None)


def a_module() -> None:
    __import__("fcntl.nothing")


def in_the_hub() -> None:
    hub: dict[str, Callable[[], None]] = {}
    exec(FORGOTTEN, hub)
    hub["ask"]()


def of_our_own() -> None:
    Path().nothing()  # type: ignore[attr-defined]


def no_module_of_pythons() -> None:
    import nothing_of_the_kind  # type: ignore[import-not-found]  # noqa: F401


@pytest.mark.parametrize(
    ("use", "lacks"),
    [(a_name, "os.make_nothing"), (a_name_to_replace, "time.sleep_well"), (a_module, "fcntl")],
)
@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_what_a_system_lacks_is_skipped_there(
    use: Callable[[], None], lacks: str, system: str
) -> None:
    with pytest.raises(pytest.skip.Exception, match=f"this system has no {lacks}"), skips(system):
        use()


@pytest.mark.parametrize("use", [a_name, a_name_to_replace])
def test_on_linux_it_fails(use: Callable[[], None]) -> None:
    with pytest.raises(AttributeError), skips("linux"):
        use()


@pytest.mark.parametrize("use", [in_the_hub, of_our_own, no_module_of_pythons])
def test_whatever_else_goes_wrong_fails(use: Callable[[], None]) -> None:
    with pytest.raises((AttributeError, ModuleNotFoundError)), skips("win32"):
        use()
