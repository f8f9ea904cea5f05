"""The page's modules and sheets, joined."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import packages
from hub.web.page_joining import _without_comments, joined
from tests.serving import ROOT
from tests.web.small_page import small_page, write

UI = ROOT / "ui"
MODULES = [UI / "main.js", *UI.glob("lib/*.js"), *UI.glob("parts/**/*.js")]


@pytest.fixture
def ui(tmp_path: Path) -> Path:
    return small_page(tmp_path / "ui")


def script(ui: Path) -> str:
    """The joined script of a page."""
    return text(ui, "main.js")


def text(ui: Path, name: str) -> str:
    """A file of a page as it is sent."""
    content = joined(ui).contents[name]
    assert isinstance(content, bytes)
    return content.decode()


def said(ui: Path) -> list[str]:
    """The lines that the joined script logs in Node."""
    for name in joined(ui).contents:
        module = re.sub(r"\.js(?=';|'\)|',)", ".mjs", text(ui, name))
        write(ui.parent / "sent", name.replace(".js", ".mjs"), module)
    sent = ui.parent / "sent" / "main.mjs"
    node = packages.node_program()
    ended = subprocess.run([node, sent], capture_output=True, encoding="utf-8", check=True)
    return ended.stdout.splitlines()


def test_modules_run_once_each_after_those_that_they_import(ui: Path) -> None:
    write(
        ui,
        "main.js",
        """\
import { b } from './lib/b.js';
import './lib/c.js';
console.log(b());
""",
    )
    write(
        ui,
        "lib/a.js",
        """\
console.log('a');
export const a = 1;
const own = 2;
export class A {}
""",
    )
    write(
        ui,
        "lib/b.js",
        """\
import { a, A } from './a.js';
import * as all from './c.js';
const own = new A();
export function b() {
  return [a, typeof own, Object.keys(all), all.c()].join();
}
""",
    )
    write(
        ui,
        "lib/c.js",
        """\
import './a.js';
console.log('c');
export async function c() {}
""",
    )
    assert said(ui) == ["a", "c", "1,object,c,[object Promise]"]


def test_libraries_stay_files_of_their_own(ui: Path) -> None:
    write(ui, "main.js", "import { a } from './vendor/x.js';\nimport './b.js';\nconsole.log(a);\n")
    write(ui, "b.js", "import { b } from './vendor/x.js';\nconsole.log(b);\n")
    write(ui, "vendor/x.js", "export { a, b } from '../node_modules/x/x.js';\n")
    write(ui, "node_modules/x/x.js", 'export*from"./y.js";')
    write(ui, "node_modules/x/y.js", "export const a = 1, b = 2, c = 3;\n")
    write(ui, "node_modules/x/z.js", "")
    names = set(joined(ui).contents)
    assert names >= {"node_modules/x/x.js", "node_modules/x/y.js"}
    assert joined(ui).libraries == {"node_modules/x/x.js", "node_modules/x/y.js"}
    assert "node_modules/x/z.js" not in names
    assert script(ui).startswith("import { a, b } from './node_modules/x/x.js';\n")
    assert script(ui).count("import ") == 1
    assert "vendor/x.js" not in names, "it only passes on"


def test_a_library_is_asked_for_what_it_adds_and_others_for_what_it_passes_on(ui: Path) -> None:
    write(ui, "main.js", "import { a, b, c } from './vendor/x.js';\nconsole.log(a, b, c);\n")
    write(
        ui,
        "vendor/x.js",
        """\
export { a } from '../node_modules/x/x.js';
export { b } from './y.js';
export const c = 3;
""",
    )
    write(ui, "node_modules/x/x.js", "export const a = 1;\n")
    write(ui, "vendor/y.js", "export const b = 2;\n")
    assert said(ui) == ["1 2 3"]
    assert re.findall("from '(.*)'", script(ui)) == [
        "./node_modules/x/x.js",
        "./vendor/x.js",
        "./vendor/y.js",
    ]


LATER = {
    "main.js": """\
import { own } from './lib/own.js';
console.log(own());
(async () => {
  const { a } = await import('./parts/a.js');
  const { b } = await import('./parts/b.js');
  console.log(a(), b);
  console.log((await import('./vendor/y.js')).y);
})();
""",
    "lib/own.js": """\
let count = 0;
export const own = () => (count += 1);
export const unused = 0;
""",
    "lib/both.js": "import { own } from './own.js';\nexport const both = `both ${own()}`;\n",
    "parts/a.js": """\
import * as all from '../lib/own.js';
import { both } from '../lib/both.js';
import { x } from '../vendor/x.js';
import './alone.js';
export const a = () => [Object.keys(all), all.own(), both, x].join();
""",
    "parts/alone.js": """\
export const alone = () => import('../b/c.js');
console.log('alone', 1);
""",
    "b/c.js": "export const c = 1;\n",
    "parts/b.js": "import { both } from '../lib/both.js';\nexport const b = both;\n",
    "vendor/x.js": "export const x = 'x';\n",
    "vendor/y.js": "export const y = 'y';\n",
}
"""A page of which a part is loaded later."""


def test_what_is_loaded_later_is_a_script_of_its_own(ui: Path) -> None:
    for name, text in LATER.items():
        write(ui, name, text)
    assert said(ui) == ["1", "alone 1", "own,unused,3,both 2,x both 2", "y"]
    files, libraries = joined(ui)
    scripts = {"main.js", "parts/a.js", "parts/b.js", "b/c.js", "shared.js"}
    assert {name for name in files if name.endswith(".js")} == scripts | {
        "vendor/x.js",
        "vendor/y.js",
    }
    assert not libraries
    assert script(ui).endswith("export { own, unused };\n")


NAMES = """\
import sys
from pathlib import Path
from hub.web.page_joining import joined
print(*(x for x in joined(Path(sys.argv[1])).contents["shared.js"].decode().split() if "name" in x))
"""


def test_each_start_joins_in_the_same_order(ui: Path) -> None:
    """Whatever seed Python orders its sets by."""
    write(ui, "main.js", "void import('./parts/x.js');\nvoid import('./parts/y.js');\n")
    for part in "xy":
        write(ui, f"parts/{part}.js", "".join(f"import './{part}{n}.js';\n" for n in range(8)))
        for n in range(8):
            write(ui, f"parts/{part}{n}.js", f"void import('../lib/{n}.js');\n")
    for n in range(8):  # each is needed by two of those that are loaded later
        write(ui, f"lib/{n}.js", f"import './name{n}.js';\nimport './name{(n + 1) % 8}.js';\n")
        write(ui, f"lib/name{n}.js", f"console.log('name{n}');\n")
    told = {
        subprocess.run(
            [sys.executable, "-c", NAMES, ui],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in "0123"
    }
    assert len(told) == 1
    assert told.pop().count("name") == 8


def test_what_a_worker_runs_is_a_script_of_its_own(ui: Path) -> None:
    write(ui, "main.js", "(async () => (await import('./a/b.js')).b())();\n")
    worker = "import { Worker } from 'node:worker_threads';\n"
    write(ui, "vendor/node.js", f"{worker}export {{ Worker }};\nexport const x = 'x';\n")
    write(
        ui,
        "a/b.js",
        """\
import { Worker } from '../vendor/node.js';
export const b = () => new Worker(new URL('./c.js', import.meta.url));
""",
    )
    write(ui, "a/c.js", "import { x } from '../vendor/node.js';\nconsole.log(x);\n")
    assert said(ui) == ["x"]
    assert "vendor/node.js" in joined(ui).contents
    assert text(ui, "a/c.js").startswith("import { x } from '../vendor/node.js';\n(")


def test_a_module_knows_its_own_address(ui: Path) -> None:
    write(ui, "main.js", "import './a/b.js';\n")
    write(ui, "a/b.js", "console.log(new URL('../c.svg', import.meta.url).pathname);\n")
    assert said(ui) == [(ui.parent / "sent" / "c.svg").as_posix()]


def test_comments_are_left_out(ui: Path) -> None:
    first = "const a = /** @type {A} */ 1; // the first\n"
    second = "const b = '//c';\n"
    write(ui, "main.js", f"/** What. */\n// Why\n{first}  /**\n   * More\n   */\n{second}")
    assert script(ui) == "(() => {\nconst a = 1;const b = '//c';\n})();\n"
    assert text(ui, "css/page.css") == "@layer x, y;a{}b{}"
    assert text(ui, "css/later.css") == "c{}"


@pytest.mark.parametrize(
    ("main", "why"),
    [
        (
            "import { a as b } from './a.js';\n",
            "cannot be joined with the others: import",
        ),
        ("import {\n  a,\n} from './a.js';\n", "cannot be joined"),
        ("import a from './a.js';\n", "cannot be joined"),
        ("export default 1;\n", "cannot be joined with the others: export default 1;"),
        ("export let a = 1;\n", "cannot be joined"),
        ("export { a } from './a.js';\n", "cannot be joined"),
        ("import { b } from './a.js';\n", r"imports what ui/a.js lacks: \['b'\]"),
        ("import './a.js';\nexport const a = 1;\n", r"exports what another module does: \['a'\]"),
        ("import './circle.js';\n", "imports itself in a circle"),
        ("import './main.js';\n", "imports itself in a circle"),
        ("import './a.js';\nawait import('./a.js');\n", "loads what is there already: ui/a.js"),
        ("const a = './a.js';\nawait import(a);\n", r"cannot be joined .*: import\(a\);"),
    ],
)
def test_what_cannot_be_joined_is_named(ui: Path, main: str, why: str) -> None:
    write(ui, "a.js", "export const a = 1;\n")
    write(ui, "circle.js", "import './main.js';\n")
    write(ui, "main.js", main)
    with pytest.raises(ValueError, match=why):
        joined(ui)


def test_emoji_are_not_read(ui: Path) -> None:
    write(ui, "package.json", "{}")
    write(ui, "emoji/de.json", '{"a": 1}')
    contents = joined(ui).contents
    assert "package.json" not in contents
    assert contents["emoji/de.json"] == ui / "emoji" / "de.json"


def test_a_missing_module_is_named(ui: Path) -> None:
    write(ui, "main.js", "import './nowhere.js';\n")
    with pytest.raises(FileNotFoundError, match="nowhere.js"):
        joined(ui)


def in_node(program: str, given: object) -> list[str]:
    """The lines that a program logs which reads what is given as JSON."""
    ended = subprocess.run(
        [packages.node_program(), "-e", program],
        cwd=UI,
        input=json.dumps(given),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return ended.stdout.splitlines()


GLOBALS = """\
const { parse } = require('espree');
const { analyze } = require('eslint-scope');
const { readFileSync } = require('node:fs');
const options = { ecmaVersion: 2024, sourceType: 'module' };
for (const [name, text] of JSON.parse(readFileSync(0, 'utf8'))) {
  const { through } = analyze(parse(text, { ...options, range: true }), options).globalScope;
  for (const { identifier } of through) console.log(name, identifier.name);
}
"""
"""Logs what each module uses and neither declares nor imports: what belongs to the browser."""


def test_no_export_hides_what_another_module_takes_for_the_browsers() -> None:
    exported = {
        x
        for names in re.findall(r"(?m)^const { (.*) } = \(", script(UI))
        for x in names.split(", ")
    }
    modules = [(x.name, x.read_text("utf-8")) for x in MODULES]
    modules.append(("wrong.js", "document.title = roomName('');\n"))
    used = [line.split() for line in in_node(GLOBALS, modules)]
    assert len(exported) > 150
    assert {name for _, name in used} >= {"document", "location", "Map"}
    assert [(where, name) for where, name in used if name in exported] == [("wrong.js", "roomName")]


COMPARE = """\
const { tokenize } = require('espree');
const { readFileSync } = require('node:fs');
const options = { ecmaVersion: 'latest', sourceType: 'module' };
const bare = (text) => JSON.stringify(tokenize(text, options).map((x) => [x.type, x.value]));
const files = JSON.parse(readFileSync(0, 'utf8'));
for (const [name, whole, stripped] of files) if (bare(whole) !== bare(stripped)) console.log(name);
"""


def test_nothing_but_comments_is_left_out() -> None:
    """What looks like a comment may be a line of a text: a parser knows the difference."""
    texts = [(x.name, x.read_text("utf-8")) for x in MODULES]
    texts.append(("wrong.js", "export const a = `\n// b\n`;\n"))
    assert len(texts) > 100
    stripped = [(name, text, _without_comments(text)) for name, text in texts]
    assert in_node(COMPARE, stripped) == ["wrong.js"]


TEMPLATES = """\
const { parse } = require('espree');
const { readFileSync } = require('node:fs');
const options = { ecmaVersion: 'latest', sourceType: 'module' };
const texts = (node, tag) => {
  if (Array.isArray(node)) return node.flatMap((x) => texts(x));
  if (!node || typeof node !== 'object') return [];
  if (node.type === 'TaggedTemplateExpression') return texts(node.quasi, node.tag.name);
  const plain = node.type === 'TemplateLiteral' && tag !== 'html';
  const own = node.type === 'TemplateLiteral' ? node.quasis.map((x) => x.value.raw) : [];
  const wrong = own.filter((x) => (plain ? /\\n/ : /[;{]\\n/).test(x));
  return [...wrong, ...Object.values(node).flatMap((x) => texts(x))];
};
for (const [name, text] of JSON.parse(readFileSync(0, 'utf8'))) {
  if (texts(parse(text, options)).length) console.log(name);
}
"""
"""Logs which modules have a text of several lines that is no HTML, or HTML that loses a space."""


def test_no_text_loses_its_indentation() -> None:
    """Indentation is left out, in HTML it means no more than a space; some line ends are too."""
    texts = [(x.name, x.read_text("utf-8")) for x in MODULES]
    texts.append(("wrong.js", "export const a = `\n  b ${html`\n`}\n`;\n"))
    texts.append(("lost.js", "export const a = html`b;\n  c`;\n"))
    texts.append(("right.js", "export const a = html`\n  b ${`c`}\n`;\n"))
    assert in_node(TEMPLATES, texts) == ["wrong.js", "lost.js"]


def test_what_is_seen_at_first_is_styled_at_first() -> None:
    """The first sheet styles all that the first script shows, as far as anything styles it."""
    first, later = (
        set(re.findall(r"\.([a-z][\w-]*)", text(UI, f"css/{name}.css")))
        for name in ("page", "later")
    )
    shown = re.findall(r"class(?:Name)?(?:=\"|: ')([\w -]+)", script(UI))
    used = {word for words in shown for word in words.split()}
    assert used >= {"msg", "composer", "head"}
    assert used & (later - first) == {"thread"}, "which is hidden until it is opened"
