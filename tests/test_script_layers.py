"""The layers of scripts/: a script imports only what lies below it, so that no circle comes about.

import-linter holds those of hub/; it looks at packages, and scripts/ is a folder of programs.
"""

from __future__ import annotations

import ast
from pathlib import Path

SCRIPTS = Path(__file__).parents[1] / "scripts"

LAYERS = (
    "bench",
    "speed.program",
    "speed.scenarios | speed.report | speed.chart | speed.machine",
    "speed.others | speed.streams | speed.start | speed.rooms | speed.files",
    "speed.neighbours | speed.fanout | speed.floods | speed.silent | speed.herd | speed.idle",
    "speed.people | speed.many_people | speed.felt",
    "speed.browser",
    "speed.outcomes | speed.plain | speed.floor | speed.history | speed.evenly",
    "speed.posts | speed.flood | speed.visitors",
    "speed.stage",
    "speed.proc | speed.websocket",
    "speed.figures | speed.crowd",
    # programs that scenarios start
    "speed.appends | speed.fill_people | speed.many | speed.replies | speed.spray | speed.slowdisk"
    " | speed.sender",
    "speed.million",  # another
    "mutation.program",
    "mutation.nearest | mutation.trial",
    "mutation.operators | mutation.contexts",
    "release | clean_debian | clean_others | clean_windows | icons",
    "linux.making | linux.debian_package | clean_system | say_and_stop",
    "linux.nfpm | linux.appimage | linux.checks",
    "linux.contents",
    "linux.manual | linux.texts | macos.app | macos.disk_image | windows.inno | archives",
    "product",
    "run | test | build | lock | screenshots | mutants | smoke | same_bytes",
    "wine",
    "windows.program",
    "windows.setting_up",
    "windows.locked | windows.place | windows.copying",
    "screens.conversation | screens.writing | screens.rooms | screens.people | screens.trouble"
    " | screens.host | screens.files",
    "screens.viewer",
    "screens.talk",
    "screens.guest | screens.contents",
    "window | workshop | sbom | linux.loader",
    "packages",
    "debian | earlier",
    "bundle | older | emoji | plainchat | proof | error_codes | interpreter"
    " | source_time | glibc | search_path",
    "environment",
    "commands",
    "interruptions",
)
"""From the top; modules of one layer, between bars, know nothing of each other."""


def imports() -> dict[str, set[str]]:
    """What each module of scripts/ imports of scripts/, anywhere in it."""
    files = {
        ".".join(file.relative_to(SCRIPTS).with_suffix("").parts): file
        for file in SCRIPTS.rglob("*.py")
        if file.name != "__init__.py"
    }
    found: dict[str, set[str]] = {}
    for module, file in files.items():
        names: set[str] = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names |= {str(node.module), *(f"{node.module}.{x.name}" for x in node.names)}
        found[module] = names & files.keys()
    return found


def test_every_script_is_in_a_layer_and_knows_only_those_below() -> None:
    heights = {
        module: len(LAYERS) - depth
        for depth, layer in enumerate(LAYERS)
        for module in layer.split(" | ")
    }
    known = imports()
    assert known.keys() == heights.keys(), "a script without a layer, or the other way round"
    wrong = [
        f"{module} imports {other}"
        for module, others in known.items()
        for other in others
        if heights[other] >= heights[module]
    ]
    assert wrong == []
