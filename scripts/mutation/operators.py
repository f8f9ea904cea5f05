"""The mutants of a source file: each is the file with one small fault put in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NEGATED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE,
    ast.LtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
BOUNDARY: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
SWAPPED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
SMALL: Final = 100
"""Numbers from here on are sizes that were tuned, where one more is no fault."""
QUIET: Final = {"log", "logging", "logger"}
"""Calls on these only write to the log: a test need not notice that they are gone."""


@dataclass(frozen=True)
class Mutant:
    """`file` with the characters from `start` to `end` replaced by `text`; lines count from 1."""

    file: str
    line: int
    last_line: int
    start: int
    end: int
    text: str
    what: str

    def source(self, original: str) -> str:
        """Give the source with this fault in it."""
        return original[: self.start] + self.text + original[self.end :]


def mutants(root: Path, file: str) -> Iterator[Mutant]:
    """Every mutant of a Python file, whose path is given from `root`."""
    source = (root / file).read_text("utf-8")
    yield from _Finder(file, source).found()


class _Finder:
    def __init__(self, file: str, source: str) -> None:
        self._file = file
        self._tree = ast.parse(source)
        self._starts = [0]
        for line in source.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._lines = source.split("\n")

    def found(self) -> Iterator[Mutant]:
        seen = set()
        for node in self._nodes(self._tree):
            for target, text, what in _faults(node):
                mutant = self._mutant(target, text, what)
                try:  # some faults are no Python, as a call without its only argument
                    ast.parse(mutant.source("\n".join(self._lines)))
                except SyntaxError:
                    continue
                if (mutant.start, mutant.end, text) not in seen:
                    seen.add((mutant.start, mutant.end, text))
                    yield mutant

    def _nodes(self, node: ast.AST) -> Iterator[ast.AST]:
        """All nodes but those that have no effect: annotations, docstrings, type checking."""
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "type_params"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _without_effect(child):
                    yield child
                    yield from self._nodes(child)

    def _mutant(self, node: ast.expr | ast.stmt, text: str, what: str) -> Mutant:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return Mutant(
            self._file,
            node.lineno,
            end_line,
            self._at(node.lineno, node.col_offset),
            self._at(end_line, end_column),
            text,
            what,
        )

    def _at(self, line: int, column: int) -> int:
        """Where in the text a place is that the parser gives in bytes of UTF-8."""
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())


def _without_effect(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Assert():
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name in QUIET
        case ast.Assign(targets=[ast.Name(id=name)]) if name[:1].isupper():
            return True  # an alias of a type
        case ast.If(
            test=ast.Compare(left=ast.Attribute(value=ast.Name(id="sys"), attr="platform"))
        ):
            return True  # another system's part
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False


def _faults(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str, str]]:
    """The faults that can be put in at one node: what is replaced, by what, and in words."""
    match node:
        case ast.Raise():
            yield node, "pass", "no refusal"
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield node, "pass", "no call"
        case ast.AugAssign():
            yield node, "pass", "no change"
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield test, f"(not ({ast.unparse(test)}))", "condition negated"
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield value, "None", "nothing returned"
        case ast.Constant(value=bool() as value):
            yield node, repr(not value), "True for False"
        case ast.Constant(value=int() as number) if abs(number) < SMALL:
            yield node, repr(number + 1), "one more"
        case ast.expr():
            for changed, what in _operators(node):
                yield node, f"({ast.unparse(changed)})", what


def _operators(node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """An expression with another operator in place of its own."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=compared):
            for table, what in ((NEGATED, "comparison negated"), (BOUNDARY, "boundary moved")):
                if type(op) in table:
                    yield ast.Compare(left, [table[type(op)]()], compared), what
        case ast.BoolOp(op=op, values=values):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield ast.BoolOp(other, values), "and for or"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SWAPPED:
            yield ast.BinOp(left, SWAPPED[type(op)](), right), "another operator"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand, "no not"
