"""Writes docs/errors.md, the list of error codes, from hub/web/error_codes.py.

`python3 scripts/error_codes.py`, after a change of that table.
"""

from __future__ import annotations

import sys

from commands import ROOT

sys.path.insert(0, str(ROOT))
from hub.web.error_codes import ERROR_CODES

PAGE = ROOT / "docs" / "errors.md"
HEAD = """# Errors

<!-- Written by scripts/error_codes.py. -->

A request that is refused changes nothing. Below `/api/` the answer is JSON:
`{"error": {"code", "message", "retry_after"?}}`, on the socket a line
`{"do": "refused", "code", "message", "key"?, "room"?, "retry_after"?}`. `code` is for programs and
never changes its meaning; `message` is a sentence for people, given here where it is always the
same; `retry_after` is in seconds. A 401 has `WWW-Authenticate`, and a refusal that passes has
`Retry-After`.

| code | status | when | message |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The whole of docs/errors.md."""
    rows = (f"| `{x.code}` | {x.status} | {x.when} | {x.sentence} |\n" for x in ERROR_CODES)
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
