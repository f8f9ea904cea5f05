"""The errors that are meant for a person: refused, wrongly called, cannot start.

Everything else that is raised is a mistake of ours and keeps its builtin type.
"""

from __future__ import annotations

from typing import Any, Final


class Refused(Exception):
    """Somebody asked for what cannot be done, and nothing was changed.

    `code` is for programs and never changes its meaning; `message` is a sentence that a page may
    show; `status` is the HTTP status; `retry_after` is in seconds; `more` are further members of
    what is told.
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
        """Give what an answer says of the refusal, in HTTP and on the socket alike."""
        body: dict[str, Any] = {"code": self.code, "message": self.message, **self.more}
        if self.retry_after is not None:
            body["retry_after"] = self.retry_after
        return body


OURS: Final = Refused("failed", "Something went wrong in Hearth.", 500)
"""What is told of a mistake of ours; what it was stands in the log."""


STOPPING: Final = "stopping"
"""The code of what was refused only because the hub is about to end."""


def stopping() -> Refused:
    return Refused(STOPPING, "Hearth is stopping. Try again when it is back.", 503, 5)


def too_much_open() -> Refused:
    """What nobody gets who needs a descriptor where none is left."""
    return Refused("busy", "This Hearth has too much open. Try again in a moment.", 503, 1)


class CannotStart(Exception):
    """The hub cannot start: exit status 3.

    The text is one line that names the folder, port or file, and what to do.
    """

    exit_status = 3


class Usage(Exception):
    """The command line is wrong: exit status 2. The text is one line."""

    exit_status = 2
