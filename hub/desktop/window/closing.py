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
    def to_front(self, url: str | None) -> None: ...


class Closing:
    """`serves` says whether the hub does, and `peers` how many people are connected from other
    computers, None where that cannot be told at once; `has_tray` says whether the icon of a tray
    brings a hidden window back.
    """

    def __init__(
        self,
        memory: Memory,
        window: Window,
        shutdown: Shutdown,
        serves: Callable[[], bool],
        peers: Callable[[], int | None],
        has_tray: Callable[[], bool],
    ) -> None:
        self._memory = memory
        self._window = window
        self._shutdown = shutdown
        self._serves = serves
        self._peers = peers
        self._has_tray = has_tray
        self._question: Question | None = None  # the last one

    def may_close(self, quits: bool = False) -> bool:
        """Whether the window may close, and Hearth end, now that somebody closes it.

        Where not, it is hidden, or somebody is asked. With `quits` they close no window, but end
        the program by the system's own means. Call it on the toolkit's thread.
        """
        if self._shutdown.is_set() or toolkit.session_ends() or not self._serves():
            return True
        if quits:
            self.quit()
            return False
        if self._has_tray():
            closing = self._memory.value.closing
            if closing == "keep":
                self._hide()
                return False
            if closing == "ask":
                self._ask(self._what_closing_means(self._peers()))
                return False
        peers = self._peers()
        if peers == 0:
            return True
        self._ask(self._whether_to_quit(peers))
        return False

    def quit(self) -> None:
        """End Hearth, or ask before where that would leave people without it; on any thread."""
        peers = self._peers() if self._serves() else 0
        if peers == 0:
            self._shutdown.set()
        else:
            self._ask(self._whether_to_quit(peers))

    def forget(self) -> None:
        """Ask anew when somebody closes the window the next time."""
        self._memory.change(closing="ask")

    def _hide(self) -> None:
        """Hide the window, if it can be brought back, also by a tray that ends at that moment."""
        if self._has_tray():
            self._window.hide()
            if not self._has_tray():
                self._window.to_front(None)

    def _ask(self, question: Question) -> None:
        """Ask, or bring the question to the front that waits for an answer already."""
        native = self._window.native
        if native is None:
            return
        if self._question is not None and self._question.is_open:
            question = self._question
        self._question = question
        question.ask(native)

    def _what_closing_means(self, peers: int | None) -> Question:
        def keep() -> None:
            self._memory.change(closing="keep")
            self._hide()

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

    def _whether_to_quit(self, peers: int | None) -> Question:
        text = (
            f"{_people(peers)}. Nobody can read or write until Hearth runs again. Nothing"
            " that was said is lost."
        )
        return Question("Quit Hearth?", text, [Answer("Quit", self._shutdown.set)])


def _now(peers: int | None) -> str:
    return f"; {_people(peers)} now" if peers else ""


def _people(count: int | None) -> str:
    if count is None:
        return "Others may be connected"
    return "1 person is connected" if count == 1 else f"{count} people are connected"
