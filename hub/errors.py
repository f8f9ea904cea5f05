"""Errors that are meant for people: a refusal, a wrong command line, a start that fails.

Any other exception is a bug of ours and has a builtin type.
"""

from __future__ import annotations

from typing import Any, Final


class Refused(Exception):
    """A request that cannot be granted; nothing was changed.

    `code` is for programs and never changes its meaning; `message` is a sentence that a page may
    show; `status` is the HTTP status; `retry_after` is in seconds; `more` are further members of
    the answer.
    """

    def __init__(
        self, code: str, message: str, status: int = 400, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.retry_after = retry_after
        self.more: dict[str, Any] = {}

    def body(self) -> dict[str, Any]:
        """The members that describe the refusal in an answer, over HTTP and WebSocket alike."""
        body: dict[str, Any] = {"code": self.code, "message": self.message, **self.more}
        if self.retry_after is not None:
            body["retry_after"] = self.retry_after
        return body


OURS: Final = Refused("failed", "Something went wrong in Hearth.", 500)
"""The answer where a bug of ours is in the way; the log says which."""


STOPPING: Final = "stopping"
"""The code of refusals whose only reason is that the hub is about to end."""


def stopping() -> Refused:
    return Refused(STOPPING, "Hearth is stopping. Try again when it is back.", 503, 5)


def too_much_open() -> Refused:
    """The refusal where a file or connection is needed and no descriptor is left."""
    return Refused("busy", "This Hearth has too much open. Try again in a moment.", 503, 1)


class CannotStart(Exception):
    """The hub cannot start: exit status 3.

    The text is one line that names the folder, port or file, and what to do.
    """

    exit_status = 3


class AlreadyTold(Exception):
    """The hub cannot start, and whoever started it was told why."""

    def __init__(self, exit_status: int) -> None:
        super().__init__()
        self.exit_status = exit_status


class Usage(Exception):
    """The command line is wrong: exit status 2. The text is one line."""

    exit_status = 2
