"""The page below the browser: its modules in Node, its rules, and its types of the wire."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import get_args

import msgspec
import pytest

import packages
from hub.protocol import commands
from hub.protocol.events import Event

ROOT = Path(__file__).parent.parent
UI = ROOT / "ui"
TESTS = sorted((UI / "test").glob("*.test.js"))


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Node in ui/ to its end."""
    return subprocess.run(
        [packages.node_program(), *arguments],
        cwd=UI,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name.removesuffix(".test.js"))
def test_the_modules_of_the_page(file: Path) -> None:
    ended = node("--test-reporter=spec", str(file.relative_to(UI)))
    if ended.returncode != 0:
        failures = ended.stdout.partition("failing tests:")[2] or ended.stdout + ended.stderr
        pytest.fail(failures, pytrace=False)
    assert re.search(r"(?m)^\S+ pass [1-9]", ended.stdout), "a file of tests without a test"


def test_each_test_file_is_named_after_what_it_tests() -> None:
    modules = {file.stem for file in UI.glob("lib/*.js")}
    assert {file.name.removesuffix(".test.js") for file in TESTS} <= modules
    assert len(TESTS) > 9


def test_the_page_keeps_its_rules() -> None:
    ended = node("node_modules/eslint/bin/eslint.js", "--max-warnings=0", ".")
    if ended.returncode != 0:
        pytest.fail(ended.stdout + ended.stderr, pytrace=False)


MISTAKES = """\
import { store } from '@/lib/store.js';
import { Component } from '@/parts/component.js';
import { part } from '@/parts/part.js';

new Component().raise('show-hosts');
new Component().raise('jump', { of: 1 });
new Component().raise('jump');
new Component().request('renames', { name: '' });
new Component().request('rename', { title: '' });
new Component().request('devices').then(([device]) => device.address.name);
store.room?.message(1)?.reaction;
part('composer')?.replay();
"""
"""From its fifth line on, each names an action, request, detail, member or method that is none."""


def test_the_types_find_no_mistakes_but_those_put_beside_the_page(tmp_path: Path) -> None:
    """In one run of the compiler, which reads all of the page for either."""
    ui = UI.as_posix()
    (tmp_path / "mistakes.js").write_text(MISTAKES.replace("@", ui), "utf-8")
    page = json.loads(re.sub(r"(?m)^ *//.*", "", (UI / "tsconfig.json").read_text("utf-8")))
    include = ["mistakes.js", *(f"{ui}/{place}" for place in page["include"])]
    config = {"extends": f"{ui}/tsconfig.json", "include": include}
    (tmp_path / "tsconfig.json").write_text(json.dumps(config), "utf-8")
    ended = node("node_modules/typescript/bin/tsc", "--project", str(tmp_path), "--pretty", "false")
    told = [line for line in ended.stdout.splitlines() if not line.startswith(" ")]
    found = [re.match(r"\S*mistakes\.js\((\d+),", line) for line in told]
    assert {int(x[1]) if x else 0 for x in found} == set(
        range(5, 1 + len(MISTAKES.splitlines()))
    ), ended.stdout + ended.stderr


# -- the types of the wire -------------------------------------------------------------------


def types() -> str:
    """The page's declarations, without their comments."""
    return re.sub(
        r"/\*\*.*?\*/", "", (UI / "lib" / "wire.d.ts").read_text("utf-8"), flags=re.DOTALL
    )


def members(name: str) -> dict[str, tuple[str, bool]]:
    """The members of a declared interface: name -> its type, and whether it is always there."""
    found = re.search(rf"interface {name}(?: extends (\w+))? {{(.*?)}}", types(), re.DOTALL)
    assert found, f"wire.d.ts declares no {name}"
    inherited = members(found[1]) if found[1] else {}
    own = re.findall(r"(\w+)(\??): ([^;]+)", found[2])
    return inherited | {member: (kind.strip(), not optional) for member, optional, kind in own}


def union(name: str) -> set[str]:
    """The interfaces that a declared union is made of."""
    found = re.search(rf"type {name} =([^;]*);", types())
    assert found, f"wire.d.ts declares no {name}"
    parts = re.findall(r"\w+", found[1])
    return {x for part in parts for x in (union(part) if f"type {part} =" in types() else {part})}


@pytest.mark.parametrize("command", commands.COMMANDS, ids=lambda command: command.__name__)
def test_a_command_has_the_members_that_the_hub_reads(command: type[commands.Command]) -> None:
    declared = members(command.__name__)
    kind, always = declared.pop("do")
    assert (kind, always) == (f"'{command.__struct_config__.tag}'", True)
    fields = {x.encode_name: x.required for x in msgspec.structs.fields(command)}
    assert {member: always for member, (_, always) in declared.items()} == fields


def test_the_page_knows_all_commands() -> None:
    assert union("Command") == {command.__name__ for command in commands.COMMANDS}
    of_rooms = {command.__name__ for command in get_args(commands.AnyChange)}
    assert union("RoomCommand") == of_rooms


def test_the_events_of_rooms_have_the_members_that_the_hub_writes() -> None:
    events = [members(name) for name in union("RoomEvent")]
    kinds = {event["do"][0].strip("'") for event in events}
    assert kinds == {kind.__struct_config__.tag for kind in commands.Change.__subclasses__()}
    declared = {member for event in events for member in event}
    fields = msgspec.structs.fields(Event)
    assert declared == {x.encode_name for x in fields} | {"edited", "erased"}
    for event in events:
        assert {x.encode_name for x in fields if x.required} <= {
            member for member, (_, always) in event.items() if always
        }
