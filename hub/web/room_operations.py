"""The operations of the HTTP API on rooms, and on what is said in them."""

from __future__ import annotations

from typing import Final

from hub import public, reads
from hub.file_space import Space
from hub.web import answers
from hub.web.messages import Forward
from hub.web.operation import Operation
from hub.web.post import FORM, MULTIPART, Post
from hub.web.requests import JSON
from hub.web.rooms import NewRoom
from hub.web.transcript import LINES, TEXT

_PAGE: Final = {
    "after": ("only events with a higher n; the first ones", int),
    "before": ("only events with a lower n; the last ones", int),
    "limit": ("at most this many", int),
}
_PIECE: Final = {
    "limit": ("a piece of so many, 1 to 1000: those in which something was said last", int),
    "after": ("the piece that follows: `next` of the one before", str),
    "find": ("only those with this text in their name, title or topic", str),
}
_POST: Final = {
    "username": ("who writes, without a session", str),
    "key": ("makes it safe to repeat", str),
}

ROOM_OPERATIONS: Final[dict[str, dict[str, Operation]]] = {
    "/api/chat/{room}": {
        "get": Operation(
            "The messages of a room, all or a page",
            {
                200: (
                    "In order of n, in the form that Accept names",
                    {JSON: answers.Page, LINES: str, TEXT: str},
                ),
                304: ("Nothing is new since the ETag that was sent", None),
            },
            (400, 401, 403, 404),
            query=_PAGE,
        ),
        "post": Operation(
            "Say something in a room",
            {201: ("Saved", answers.Event), 200: ("This key was saved before", answers.Event)},
            (401, 404, 409, 507),
            {JSON: Post, FORM: Post, MULTIPART: Post, TEXT: str},
            _POST,
        ),
    },
    "/api/chat/{room}/{n}/versions": {
        "get": Operation(
            "What a message said before it was edited",
            {200: ("The newest first", answers.Versions)},
            (401, 403, 404),
        ),
    },
    "/api/chat/{room}/reads": {
        "get": Operation(
            "How far others have read a small room",
            {200: ("By name; nobody where the room is not small", answers.Reads)},
            (401, 403, 404),
            description="Small are rooms for two, private ones of at most 20 members, and public "
            "ones in which at most 20 people are and at most 20 have read. A live connection "
            "that has joined the room asks with the command `reads`. The passing event `reads` "
            "tells it of `all`, and then of those who read on, with an `n` of 0 for a mark that "
            "is not shown any more; it has no `reads` where the room is not small. The preference "
            "`reads: false` hides one's own marks, and all others' from oneself.",
        ),
    },
    "/api/chat/{room}/{n}/reads": {
        "get": Operation(
            "Who has read a message, of those who show it",
            {200: ("So many, and at most 100 names", reads.Readers)},
            (401, 403, 404),
        ),
    },
    "/api/chat/{room}/{n}/replies": {
        "get": Operation(
            "What answers a message, directly or through others, and what it answers",
            {200: ("In order of n", answers.Replies)},
            (400, 401, 403, 404),
            query={
                "after": ("only answers with a higher n", int),
                "limit": ("at most this many answers, 500 at most; 100 if it is left out", int),
            },
        ),
    },
    "/api/chat/{room}/{n}/votes": {
        "get": Operation(
            "Who chose what in a poll, and whether it has ended",
            {200: ("All votes that count", answers.Votes)},
            (401, 403, 404),
        ),
    },
    "/api/chat/{room}/{n}/forward": {
        "post": Operation(
            "Say in another room what a message says, with where it comes from",
            {201: ("Saved", answers.Event), 200: ("This key was saved before", answers.Event)},
            (401, 404, 409, 410, 507),
            Forward,
        ),
    },
    "/api/rooms": {
        "get": Operation(
            "The rooms that one may see, all by name, or a piece",
            {200: ("By name; a piece has private ones first, of each the latest", answers.Rooms)},
            (401, 403, 422),
            query=_PIECE,
        ),
        "post": Operation(
            "Make a private room, one of announcements, or one for two people",
            {201: ("It is there", answers.RoomName)},
            (401, 404, 409, 507),
            NewRoom,
        ),
    },
    "/api/rooms/{room}/leaving": {
        "get": Operation(
            "Which files would go if they stayed in a room for so long",
            {200: ("So many of them", Space)},
            (400, 401, 403, 404),
            query={
                "days": ("they stay for so many days; 0 for ever", int),
                "bytes": ("the newest up to so many bytes stay; 0 for all", int),
            },
        ),
    },
    "/api/rooms/{room}": {
        "get": Operation(
            "What a room is, and who is in it",
            {200: ("The room", public.RoomDetails)},
            (401, 403, 404),
        ),
        "post": Operation(
            "Change a room, or something that was said in it",
            {200: ("Saved", answers.Event), 204: ("Seen up to there", None)},
            (401, 404, 409, 507),
            "Change",
            description="Rights are checked first: to edit or erase what is not one's own is a "
            "403, even where there is nothing.",
        ),
        "delete": Operation(
            "Delete a private room with all that was said in it",
            {204: ("Deleted", None)},
            (401, 404, 409),
        ),
    },
    "/api/mentions": {
        "get": Operation(
            "What is meant for whoever asks: messages that name them or answer theirs",
            {200: ("The newest first; the latest 500 are kept", answers.Mentions)},
            (400, 401, 403),
            query={
                "after": ("the page that follows: `next` of the one before", str),
                "limit": ("at most this many, up to 100", int),
            },
        ),
    },
}
