"""Actions of the tray's menu that record what was chosen."""

from __future__ import annotations

from hub.desktop.tray.entries import Entry, entries


class Chosen:
    def __init__(self) -> None:
        self.done: list[str] = []
        self.paused = False
        self.at_login = True

    def to_front(self) -> None:
        self.done.append("front")

    def share(self) -> None:
        self.done.append("share")

    def is_paused(self) -> bool:
        return self.paused

    def switch_pause(self) -> None:
        self.done.append("pause")
        self.paused = not self.paused

    def starts_at_login(self) -> bool:
        return self.at_login

    def switch_login(self) -> None:
        self.done.append("login")

    def ask_again(self) -> None:
        self.done.append("ask")

    def open_folder(self) -> None:
        self.done.append("folder")

    def open_log(self) -> None:
        self.done.append("log")

    def quit(self) -> None:
        self.done.append("quit")


def broken_entries() -> list[list[Entry]]:
    """A menu whose first line fails."""

    def fail() -> None:
        raise RuntimeError("it fails")

    return [[Entry("Open_it & all", fail)], *entries(Chosen(), window=True)[1:]]
