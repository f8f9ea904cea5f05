"""Says how this Python was built: with PGO and LTO it runs Hearth for a tenth to a quarter less.

`python interpreter.py` prints two lines: on its program, which a checkout runs on, and on its
library, which an executable of Hearth carries. PGO is optimising for what a trial run did most
often, LTO optimising across source files.
"""

from __future__ import annotations

import platform
import re
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

_PGO = re.compile(r"--enable-optimizations\b(?!=no)|-fprofile-(instr-)?use\b|-prof-use\b")
_LTO = re.compile(r"--with-lto\b(?!=no)|-flto\b")
_TOLD_IN = (
    *("CONFIG_ARGS", "PY_CFLAGS_NODIST", "PY_CORE_CFLAGS"),
    *("PY_LDFLAGS_NODIST", "PY_CORE_LDFLAGS"),
)
DEBIANS = (
    "Debian's program, built with PGO and LTO",
    "Debian's library, in version 12 built with LTO, without PGO",
)
"""What Debian's rules for its packages say, and measuring agrees: they build the two apart, and
take both signs out of what `sysconfig` tells (python3.11 3.11.2-6+deb12u8, debian/rules)."""


def main() -> None:
    for told in ways(sysconfig.get_config_vars(), _loaded(), Path("/etc/debian_version").exists()):
        print(f"{platform.python_version()}, {told}")


def ways(settings: Mapping[str, object], loaded: str, debian: bool) -> tuple[str, str]:
    """How the program and its library were built.

    `settings` are the variables of `sysconfig`; `loaded` is what the process has loaded, as Linux
    lists it, and '' elsewhere.
    """
    library = built(settings)
    if not loaded or not settings.get("Py_ENABLE_SHARED") or "/libpython" in loaded:
        return library, library
    # The variables describe the library, but the program does without it.
    if debian and "/usr/bin/python" in loaded:
        return DEBIANS
    return "whose program was built apart from its library and does not say how", library


def built(settings: Mapping[str, object]) -> str:
    """What the variables say; those of Windows say nothing."""
    if not settings.get("CONFIG_ARGS"):
        return "which does not say how it was built"
    told = " ".join(str(settings.get(name) or "") for name in _TOLD_IN)
    pgo, lto = (bool(sign.search(told)) for sign in (_PGO, _LTO))
    if pgo and lto:
        return "built with PGO and LTO"
    if pgo or lto:
        return "built with PGO, without LTO" if pgo else "built with LTO, without PGO"
    return "built without PGO and LTO"


def _loaded() -> str:
    if not sys.platform.startswith("linux"):
        return ""
    return Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    main()
