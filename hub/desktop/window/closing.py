"""What comes of it when somebody closes the window, or quits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from hub.desktop.shutdown import Shutdown
from hub.desktop.window import toolkit
from hub.desktop.window.question import Answer, Question
from hub.desktop.window.remembered import Memory


class Window(Protocol):
    """The native window; all of it may be called on any thread."""

    @property
    def native(self) -> Any:
        """The toolkit's window, to ask above; None where it is gone."""

    def hide(self) -> None: ...


class Closing:
    """`peers` counts the people who are connected from other computers, and is None while the hub
    does not serve; `has_tray` says whether the icon of a tray brings a hidden window back.
    """

    def __init__(
        self,
        memory: Memory,
        window: Window,
        shutdown: Shutdown,
        peers: Callable[[], int | None],
        has_tray: Callable[[], bool],
    ) -> None:
        self._memory = memory
        self._window = window
        self._shutdown = shutdown
        self._peers = peers
        self._has_tray = has_tray

    def may_close(self, quits: bool = False) -> bool:
        """Whether the window may close, and Hearth end, now that somebody closes it.

        Where not, it is hidden, or somebody is asked. With `quits` they close no window, but end
        the program by the system's own means. Call it on the toolkit's thread.
        """
        is_due = self._shutdown.is_set() or toolkit.session_ends()
        peers = None if is_due else self._peers()
        if peers is None:
            return True
        if quits:
            self.quit()
            return False
        if self._has_tray():
            closing = self._memory.value.closing
            if closing == "keep":
                self._window.hide()
                return False
            if closing == "ask":
                self._ask(self._what_closing_means(peers))
                return False
        if not peers:
            return True
        self._ask(self._whether_to_quit(peers))
        return False

    def quit(self) -> None:
        """End Hearth, or ask before where that would leave people without it; on any thread."""
        peers = self._peers()
        if peers:
            self._ask(self._whether_to_quit(peers))
        else:
            self._shutdown.set()

    def forget(self) -> None:
        """Ask anew when somebody closes the window the next time."""
        self._memory.change(closing="ask")

    def _ask(self, question: Question) -> None:
        native = self._window.native
        if native is not None:
            question.ask(native)

    def _what_closing_means(self, peers: int) -> Question:
        def keep() -> None:
            self._memory.change(closing="keep")
            self._window.hide()

        def end() -> None:
            self._memory.change(closing="quit")
            self._shutdown.set()

        text = (
            f"Others chat through this computer{_now(peers)}. Hearth can go on without its window: "
            "its icon in the tray brings the window back. It remembers what you choose; “Ask Again "
            "on Closing” in its menu has it ask once more."
        )
        answers = [Answer("Keep It Running", keep), Answer("Quit", end)]
        return Question("Keep Hearth running?", text, answers)

    def _whether_to_quit(self, peers: int) -> Question:
        text = (
            f"{_people(peers)} connected. Nobody can read or write until Hearth runs again. Nothing"
            " that was said is lost."
        )
        return Question("Quit Hearth?", text, [Answer("Quit", self._shutdown.set)])


def _now(peers: int) -> str:
    return f"; {_people(peers)} connected now" if peers else ""


def _people(count: int) -> str:
    return "1 person is" if count == 1 else f"{count} people are"
