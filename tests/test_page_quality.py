"""What a reader may rely on in the page's modules: size, layers, network, writers of the store."""

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

UI = Path(__file__).parent.parent / "ui"
FOLDERS = [UI / folder for folder in ("vendor", "lib", "parts")]
FILES = [UI / "start.js", UI / "main.js", *(x for folder in FOLDERS for x in folder.rglob("*.js"))]
SOURCES = {x.relative_to(UI).as_posix(): x.read_text(encoding="utf-8") for x in sorted(FILES)}
LAYERS = ("vendor", "lib", "parts", "main.js")
"""A module imports only from its own layer and those before it."""

NETWORK = {
    "start.js": {"fetch"},
    "lib/api.js": {"fetch"},
    "lib/file-transport.js": {"XMLHttpRequest"},
    "lib/socket.js": {"WebSocket"},
}
"""What touches the network, and by what."""

WRITERS = {
    "setMutedMentions": "lib/muted-mentions.js",
    "setPreferences": "lib/preferences.js",
    "setStatus": "lib/whereabouts.js",
    "setPresence": "lib/whereabouts.js",
    "setSession": "lib/session.js",
    "lastPerson.set": "lib/session.js",
    "setRecovery": "lib/identity-recovery.js",
    "setRecoveryRequests": "lib/identity-recovery.js",
    "setConnection": "lib/chat.js",
    "setRoom": "lib/chat.js",
    "setOutbox": "lib/chat.js",
    "setAttached": "lib/attachments.js",
    "setReads": "lib/reads.js",
    "setRemovals": "lib/removals.js",
    "setThread": "lib/chat.js",
    "mutes.set": "lib/chat.js",
    "setRooms": "lib/room-list.js",
    "rooms.set": "lib/room-list.js",
    "rooms.delete": "lib/room-list.js",
    "readMarks.set": "lib/room-list.js",
    "openedRooms.set": "lib/room-list.js",
    "setHostPanel": "lib/host-panel.js",
    "setMutedUntil": "lib/events.js",
}
"""What writes a part of the store, and the one module that calls it."""

_COMMENT = re.compile(r"/\*.*?\*/|(?<![:'\"`])//[^\n]*", re.DOTALL)
_IMPORT = re.compile(r"""(?:\bfrom|\bimport|\bnew URL)\s*\(?\s*['"](\.[^'"]+)['"]""")
_STORE = r"(?:this\.#store|\bstore)\."
_WRITES = re.compile(rf"{_STORE}((?:\w+\.)?(?:set\w*|delete|clear))\(")
_ASSIGNS = re.compile(rf"{_STORE}[\w.]+\s*(?:[-+*/|&?]{{0,2}}=(?![=>])|\+\+|--)")
_ROOM_ASSIGNS = re.compile(r"\b[rR]oom\.\w+\s*(?:[-+*/|&?]{0,2}=(?![=>])|\+\+|--)")
_ROOM_CALLS = re.compile(r"\b[rR]oom\.(?:set|take|keep|reset|open|follow|read|skip|start)\w*\(")
_SIGNALS = re.compile(rf"{_STORE}(?:changed|notify|retract|scrollTo)\(")
_FOLLOWING = re.compile(r"(?:\*|\.msg[\w.:()-]*|\bp) [+~] [^{]*")
_NETWORK = re.compile(r"\b(fetch(?=\()|WebSocket|XMLHttpRequest|EventSource|sendBeacon)")


def code(name: str) -> str:
    """A module without its comments."""
    return _COMMENT.sub("", SOURCES[name])


def imports(name: str) -> set[str]:
    """The page's own modules that a module imports, as paths below ui/."""
    folder = (UI / name).parent
    found = {(folder / path).resolve() for path in _IMPORT.findall(code(name))}
    return {path.relative_to(UI).as_posix() for path in found} & set(SOURCES)


def part(folder: str) -> list[str]:
    return [name for name in SOURCES if name.startswith(f"{folder}/")]


def test_modules_are_short() -> None:
    lengths = {name: text.count("\n") for name, text in SOURCES.items()}
    assert {name: lines for name, lines in lengths.items() if lines > 350} == {}
    assert median(lengths.values()) <= 60


def test_lines_are_short() -> None:
    long = {
        f"{name}:{number}": len(line)
        for name, text in SOURCES.items()
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > 120
    }
    assert long == {}


def test_no_style_of_a_row_depends_on_the_row_before() -> None:
    """Else the browser works out the styles of the whole list anew for each row that comes."""
    sheets = {path.name: path.read_text(encoding="utf-8") for path in UI.glob("css/*.css")}
    found = {name: _FOLLOWING.findall(text) for name, text in sheets.items()}
    assert {name: rules for name, rules in found.items() if rules} == {}


def test_no_two_modules_have_one_name() -> None:
    names = [Path(name).name for name in SOURCES if not name.startswith("vendor/")]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", SOURCES)
def test_modules_import_from_below(name: str) -> None:
    layer = LAYERS.index(name.partition("/")[0]) if name != "start.js" else -1
    above = {x for x in imports(name) if LAYERS.index(x.partition("/")[0]) > layer}
    assert above == set()


def test_modules_import_each_other_in_no_circle() -> None:
    try:
        TopologicalSorter({name: imports(name) for name in SOURCES}).prepare()
    except CycleError as error:
        pytest.fail(f"in a circle: {error.args[1]}")


def test_every_module_is_imported() -> None:
    used = set().union(*(imports(name) for name in SOURCES))
    assert set(SOURCES) - used == {"main.js", "start.js"}


def test_only_four_files_touch_the_network() -> None:
    found = {name: set(_NETWORK.findall(code(name))) for name in SOURCES}
    assert {name: how for name, how in found.items() if how} == NETWORK


def test_views_import_nothing_that_fetches() -> None:
    """They read the store and raise events."""
    acts = {name for name in part("lib") if imports(name) & set(NETWORK)} | set(NETWORK)
    assert {name: imports(name) & acts for name in part("parts") if imports(name) & acts} == {}


def test_each_part_of_the_store_has_one_writer() -> None:
    found: dict[str, set[str]] = {}
    for name in SOURCES:
        for method in _WRITES.findall(code(name)):
            found.setdefault(method, set()).add(name)
    assert found == {method: {name} for method, name in WRITERS.items()}


def test_nobody_assigns_to_the_store_from_outside() -> None:
    found = {name: _ASSIGNS.findall(code(name)) for name in SOURCES}
    assert {name: how for name, how in found.items() if how} == {}


def test_only_a_room_assigns_to_its_members() -> None:
    found = {name: _ROOM_ASSIGNS.findall(code(name)) for name in SOURCES}
    assert {name: how for name, how in found.items() if how} == {}


def test_views_change_no_room() -> None:
    found = {name: _ROOM_CALLS.findall(code(name)) for name in part("parts")}
    assert {name: how for name, how in found.items() if how} == {}


def test_views_only_read_the_store() -> None:
    """`actions.js` is no view: it says what comes of the events that views raise."""
    views = [name for name in part("parts") if name != "parts/actions.js"]
    assert [name for name in views if _SIGNALS.search(code(name))] == []
