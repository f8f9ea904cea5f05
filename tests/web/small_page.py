"""A small page in a folder, for tests of how it is joined and built."""

from __future__ import annotations

from pathlib import Path


def small_page(folder: Path) -> Path:
    """Make it in a folder, and give that."""
    write(folder, "css/page.css", '/* Whole */\n@import "a.css";\n@import "b.css";\nb {}\n')
    write(folder, "css/later.css", '@import "c.css";\n')
    write(folder, "css/older.css", "d {}\n")
    write(folder, "css/a.css", "@layer x, y; /* why */\n/* more\n   words */\n")
    write(folder, "css/b.css", "a {}\n")
    write(folder, "css/c.css", "c {}\n")
    write(folder, "main.js", "console.log(1);\n")
    write(folder, "index.html", "<p>{{v}}\n  {{preload}}")
    write(folder, "refused.html", "<h1>{{title}}")
    write(folder, "failed.html", "<p>{{reason}}")
    return folder


def write(ui: Path, name: str, text: str) -> None:
    """Write a file of a page."""
    (ui / name).parent.mkdir(parents=True, exist_ok=True)
    (ui / name).write_text(text, encoding="utf-8")
