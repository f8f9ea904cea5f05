"""The table of error codes lists what the code refuses with, and nothing else."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

import pytest

import error_codes
from hub.errors import STOPPING
from hub.web.error_codes import ERROR_CODES, with_status
from tests.serving import ROOT

BY_FLASK = {("method_not_allowed", 405), ("request_entity_too_large", 413)}
"""What hub/web/refusals.py takes over from Flask and Werkzeug."""


def refusals() -> Iterator[tuple[str, int, str | None]]:
    """The code, status and fixed sentence of each Refused that is made in hub/."""
    for file in sorted((ROOT / "hub").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused":
                code, sentence = node.args[:2]
                status = node.args[2] if len(node.args) > 2 else ast.Constant(400)
                if file.name == "refusals.py":
                    continue
                if ast.unparse(code) == "STOPPING":
                    code = ast.Constant(STOPPING)
                where = f"{file}:{node.lineno}"
                assert isinstance(code, ast.Constant), f"{where}: the code is no literal"
                assert isinstance(status, ast.Constant), f"{where}: the status is no literal"
                fixed = sentence.value if isinstance(sentence, ast.Constant) else None
                yield code.value, status.value, fixed  # type: ignore[misc]


def test_the_table_lists_what_the_code_refuses_with_and_nothing_else() -> None:
    listed = [(x.code, x.status) for x in ERROR_CODES]
    assert set(listed) == {(code, status) for code, status, _ in refusals()} | BY_FLASK
    assert listed == sorted(set(listed))


def test_the_sentences_are_those_of_the_code() -> None:
    found: dict[tuple[str, int], set[str | None]] = defaultdict(set)
    for code, status, sentence in refusals():
        found[code, status].add(sentence)
    for error in ERROR_CODES:
        [*sentences] = found[error.code, error.status]
        fixed = sentences[0] if len(sentences) == 1 else None
        assert error.sentence == (fixed or ""), error.code
        assert error.when


@pytest.mark.parametrize(("status", "codes"), [(426, ["websocket_version"]), (200, [])])
def test_the_codes_of_a_status(status: int, codes: list[str]) -> None:
    assert [x.code for x in with_status(status)] == codes


def test_the_page_is_written_from_the_table() -> None:
    written = error_codes.PAGE.read_text("utf-8")
    assert written == error_codes.page(), "run python3 scripts/error_codes.py"
