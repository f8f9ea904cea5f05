"""The operations of the HTTP API on the files of rooms."""

from __future__ import annotations

from typing import Final

from hub.web import answers
from hub.web.files import RoomFiles
from hub.web.operation import Operation
from hub.web.upload_headers import PARTIAL

_ANY: Final = "application/octet-stream"
_SAYS: Final = {
    "username": ("who sends it, without a session", str),
    "text": ("what the message of the file says besides", str),
    "announce": ("`no`: the file waits for a message that bears its id", str),
}
_WAITS: Final = "With `announce=no` the answer is the file alone, and a message bears it later."

FILE_OPERATIONS: Final[dict[str, dict[str, Operation]]] = {
    "/api/files/{room}": {
        "get": Operation(
            "The files of a room",
            {200: ("Those of the newest messages first", RoomFiles)},
            (400, 401, 403, 404),
            query={
                "before": ("only files of messages with a lower n", int),
                "limit": ("about this many, 500 at most; 100 if it is left out", int),
            },
            description="The files of one message are given together, so there may be a few less "
            "than `limit`, or more where the first message has more of them.",
        ),
    },
    "/api/files/{room}/{id}": {
        "get": Operation(
            "A file, or parts of it",
            {
                200: ("All of it", {_ANY: bytes}),
                206: ("What Range asks for", {_ANY: bytes}),
                304: ("It is the one whose ETag was sent", None),
            },
            (400, 401, 403, 404, 410, 416),
            query={"download": ("1: to be saved, not shown", str)},
            description="Its Content-Type is `type`, and its ETag the sum in quotes. HEAD of a "
            "file that is still being sent is answered with a 204 that says how much of it came: "
            "Upload-Offset, Upload-Complete, and Upload-Length if it is known. It ends a request "
            "that is sending the file.",
        ),
        "put": Operation(
            "Send a file, and a message that bears it",
            {
                201: ("The message, the file alone, or a part that is saved", answers.Event),
                200: ("It was sent before, with this message", answers.Event),
            },
            (401, 404, 409, 507),
            {_ANY: bytes},
            {
                "name": ("what it is called; else as Content-Disposition says, or the id", str),
                **_SAYS,
            },
            description="The sender chooses the id; what cannot be one is taken for the name. "
            "Content-Type is what the file is taken for where nothing else tells. A Repr-Digest or "
            "Content-Digest with sha-256 is compared. "
            + _WAITS
            + " Files can be sent in parts, as the draft Resumable Uploads for HTTP has it "
            "(draft-ietf-httpbis-resumable-upload): with `Upload-Complete: ?0` more follows by "
            "PATCH to the Location of the answer. Upload-Length says how long the whole is. What "
            "came before a connection was lost stays for a day: HEAD tells how much that is.",
        ),
        "patch": Operation(
            "Send the next part of a file",
            {
                201: ("It was the last one: the message, or the file alone", answers.Event),
                204: ("The part is saved; Upload-Offset says up to where", None),
            },
            (401, 404, 409, 507),
            {PARTIAL: bytes},
            _SAYS,
            description="Upload-Offset says where the part begins. With `Upload-Complete: ?1` it "
            "is the last one, with `?0` others follow. The answer to a wrong offset, a 409, has "
            "the right one as `offset`. " + _WAITS,
        ),
        "delete": Operation(
            "Give up a file that no message bears",
            {204: ("It is gone", None)},
            (401, 404, 409, 507),
            query={"username": _SAYS["username"]},
        ),
    },
    "/api/files/{room}/{id}/preview": {
        "get": Operation(
            "The small picture of a file",
            {200: ("A picture", {"image/*": bytes})},
            (401, 403, 404),
        ),
        "put": Operation(
            "Add a small picture to a file that waits for its message",
            {204: ("It is saved", None)},
            (401, 404, 409, 507),
            {"image/*": bytes},
            {"username": _SAYS["username"]},
            description="WebP, JPEG or PNG, of at most 32 KiB and 1024 x 1024 points. What is not "
            "needed to draw it is left out.",
        ),
    },
}
