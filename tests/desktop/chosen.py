"""Actions of the menus of window and tray that record what was chosen."""

from __future__ import annotations

from collections.abc import Callable

from hub.desktop.tray.entries import Entry, entries


def _recording(word: str) -> Callable[[Chosen], None]:
    return lambda chosen: chosen.done.append(word)


class Chosen:
    """`done` has a word for each choice, and scripts as they were given."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.paused = False
        self.at_login = True
        self.to_page: Callable[[str], None] = self.done.append

    to_front = _recording("front")
    share = _recording("share")
    switch_login = _recording("login")
    ask_again = _recording("ask")
    open_folder = _recording("folder")
    open_log = _recording("log")
    open_browser = _recording("browser")
    quit = _recording("quit")

    def switch_pause(self) -> None:
        self.done.append("pause")
        self.paused = not self.paused

    def is_paused(self) -> bool:
        return self.paused

    def starts_at_login(self) -> bool:
        return self.at_login


def broken_entries() -> list[list[Entry]]:
    """A menu whose first line fails."""

    def fail() -> None:
        raise RuntimeError("it fails")

    return [[Entry("Open_it & all", fail)], *entries(Chosen(), window=True)[1:]]
