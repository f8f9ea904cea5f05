"""The message list is a layer of its own, and its rows are in it.

Then what moves while somebody scrolls is only moved: nothing is painted anew for it, and rows that
come cost no layers. See `.log` and `.name` in ui/css/messages.css.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.serving import Serving

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

LONG: Final = "somebody whose name is as long as this"
MATCHES: Final = "function (selector) { return Boolean(this.matches && this.matches(selector)); }"
ENDS: Final = """(name) => {
    const [{ right, width }, row] = [name.getBoundingClientRect(), name.closest('.msg')];
    const time = row.querySelector('time').getBoundingClientRect();
    return {
        isCut: name.scrollWidth > Math.ceil(width),
        isBeside: right <= time.left && time.right <= row.getBoundingClientRect().right,
    };
}"""


def test_the_list_has_a_layer_of_its_own_and_no_row_does(hub: Serving, visit: Visit) -> None:
    for number in range(60):
        hub.say(f"said {number}")
    naor, mira = (visit(f"{hub.url}/general", name) for name in ("naor", "אורי"))
    for number in range(8):
        (naor, mira)[number % 2].say(f"then {number}")
        naor.sees(f"then {number}")
    naor.rests()
    assert naor.log.locator(".name:not(.long)").count() >= 8
    devtools = naor.page.context.new_cdp_session(naor.page)
    nodes = _nodes_with_layers(naor, devtools)
    assert any(_matches(devtools, node, "[role=log]") for node in nodes)
    assert not any(_matches(devtools, node, ".rows *") for node in nodes)


@pytest.mark.parametrize(
    ("name", "is_cut"), [("mira", False), ("王小明王小明", False), ("W" * 12, False), (LONG, True)]
)
def test_a_name_leaves_room_for_the_time(
    hub: Serving, visit: Visit, name: str, *, is_cut: bool
) -> None:
    somebody = visit(f"{hub.url}/general", name)
    somebody.page.set_viewport_size({"width": 320, "height": 640})
    somebody.say("said so")
    shown = somebody.log.locator(".name")
    expect(shown).to_have_text(name)
    somebody.rests()
    assert shown.evaluate(ENDS) == {"isCut": is_cut, "isBeside": True}


def test_a_name_leaves_room_for_a_mark(hub: Serving, visit: Visit) -> None:
    hub.say("said so", username="W" * 12)
    naor = visit(f"{hub.url}/general", "naor")
    naor.page.set_viewport_size({"width": 320, "height": 640})
    name = naor.log.locator(".name")
    name.wait_for()
    naor.rests()
    assert name.evaluate(ENDS) == {"isCut": True, "isBeside": True}
    assert name.evaluate("name => getComputedStyle(name).textOverflow") == "ellipsis"


def _nodes_with_layers(visitor: Visitor, devtools: CDPSession) -> list[int]:
    """The nodes of the page that have layers, once the list was scrolled a little."""
    told: list[list[dict[str, Any]]] = []
    devtools.on("LayerTree.layerTreeDidChange", lambda event: told.append(event.get("layers", [])))
    devtools.send("DOM.enable")
    devtools.send("DOM.getDocument")
    devtools.send("LayerTree.enable")
    visitor.log.evaluate("log => log.scrollBy(0, -40)")
    visitor.rests()
    visitor.page.wait_for_timeout(200)
    layers = [layers for layers in told if layers][-1]
    return [layer["backendNodeId"] for layer in layers if "backendNodeId" in layer]


def _matches(devtools: CDPSession, node: int, selector: str) -> bool:
    of = devtools.send("DOM.resolveNode", {"backendNodeId": node})["object"]["objectId"]
    asked = {
        "functionDeclaration": MATCHES, "objectId": of, "arguments": [{"value": selector}],
        "returnByValue": True,
    }  # fmt: skip
    return bool(devtools.send("Runtime.callFunctionOn", asked)["result"]["value"])
