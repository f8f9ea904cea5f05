"""The operations of the HTTP API: what each is for, takes and answers.

A test holds them to the routes, and the answers to what is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from hub import account as own_account
from hub import entry, public, reads, returning
from hub.access.statuses import Status
from hub.web import answers
from hub.web.account import NewName, NewPassword, Password, Purpose
from hub.web.post import FORM, MULTIPART, Post
from hub.web.requests import JSON
from hub.web.returns import Awaited, Decision, HandOver, Return
from hub.web.rooms import NewRoom
from hub.web.session import Entry, Knock, Link, Login, Ticket
from hub.web.transcript import LINES, TEXT

Kind = Any
"""A struct, the name of a union in hub.web.openapi, or what a body is in each media type."""


class Operation(NamedTuple):
    """`answers` has a description and the JSON of each status; `errors` are statuses beside those
    that every operation of its method may answer with.
    """

    summary: str
    answers: dict[int, tuple[str, Kind]]
    errors: tuple[int, ...] = ()
    body: Kind = None
    query: Mapping[str, tuple[str, type]] = MappingProxyType({})
    description: str = ""


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

OPERATIONS: Final[dict[str, dict[str, Operation]]] = {
    "/api/health": {
        "get": Operation(
            "Whether this is a hub, and which start of it", {200: ("It is", answers.Health)}
        ),
    },
    "/api/openapi.json": {
        "get": Operation("This document", {200: ("OpenAPI 3.1", {JSON: dict})}),
    },
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
            "ones in which at most 20 people are and at most 20 have read. Whoever joined one over "
            "a live connection and has asked this is then told of changes by the passing event "
            "`reads`, with an `n` of 0 for a mark that is not shown any more, and without "
            "`reads` where the room is not small any more. The preference `reads: false` hides "
            "one's own marks, and all others' from oneself.",
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
    "/api/me": {
        "get": Operation(
            "What one is to this hub",
            {200: ("You", public.Me)},
            query={"room": ("a room to tell of", str)},
        ),
    },
    "/api/me/preferences": {
        "get": Operation(
            "What one set for oneself, on all one's devices", {200: ("All of it", dict)}, (401,)
        ),
        "patch": Operation(
            "Change some of it",
            {200: ("All of it", dict)},
            (401, 507),
            dict,
            description="A JSON merge patch (RFC 7396): members are set, null takes one away. What "
            "is in there is the page's business; 64 KiB are kept.",
        ),
    },
    "/api/me/status": {
        "put": Operation(
            "Say something of oneself, which others see beside one's name",
            {204: ("It is seen", None)},
            (401, 507),
            Status,
            description="Up to 100 letters in one line, one emoji, both or neither; `busy` says "
            "that one is not to be disturbed. It goes by itself at `until`.",
        ),
        "delete": Operation("Say nothing any more", {204: ("It is gone", None)}, (401, 507)),
    },
    "/api/start": {
        "get": Operation(
            "What the page asks for first: oneself, one's rooms, the last events of a room",
            {200: ("You, and what you may see", answers.Start)},
            query={"room": ("the room", str)},
        ),
    },
    "/api/session": {
        "post": Operation(
            "Come in under a name; sets the session's cookie",
            {
                201: ("You are in", public.Named),
                202: ("A host has yet to let you in", answers.Admitting),
            },
            (401, 409, 507),
            Entry,
        ),
        "delete": Operation("Log this device out", {204: ("Forgotten", None)}, (507,)),
    },
    "/api/login": {
        "post": Operation(
            "Come in with name and password; sets the session's cookie",
            {200: ("You are in", public.Me)},
            (401, 507),
            Login,
        ),
    },
    "/api/link": {
        "post": Operation(
            "Come in with the one-use link of another device",
            {200: ("You are in", public.Me)},
            (409, 507),
            Link,
        ),
    },
    "/api/ticket": {
        "post": Operation(
            "Swap the one-use ticket of the hub's own window for a session",
            {200: ("You are the host", public.Me)},
            (507,),
            Ticket,
        ),
    },
    "/api/window": {
        "post": Operation(
            "Raise the hub's own window, in a room; for a second start on its folder, from the "
            "same computer alone",
            {200: ("Whether there is a window", entry.SecondStart)},
            (404,),
            Knock,
        ),
    },
    "/api/invite": {
        "get": Operation(
            "The addresses of a room for others, and their QR codes",
            {200: ("Best first", answers.Invitation)},
            (401, 403, 404, 429),
            query={"room": ("the room", str)},
        ),
    },
    "/api/return": {
        "post": Operation(
            "Ask to come back under a name without a password",
            {202: ("That person's devices and the hosts are asked", returning.Asked)},
            (401, 409),
            Return,
        ),
    },
    "/api/return/come": {
        "post": Operation(
            "Hear the answer to it, or wait no longer",
            {200: ("You are in", public.Me), 202: ("There is no answer yet", returning.Waiting)},
            (401, 409, 507),
            Awaited,
        ),
    },
    "/api/returns/{ask}": {
        "post": Operation(
            "Say whether somebody who asks to come back under one's name is oneself",
            {204: ("They are told", None)},
            (401, 404, 409),
            Decision,
        ),
    },
    "/api/account": {
        "post": Operation(
            "Protect one's name with a password",
            {200: ("It is yours", own_account.Claimed)},
            (401, 409, 507),
            Password,
        ),
    },
    "/api/account/password": {
        "put": Operation(
            "Change one's password; other devices are logged out, programs are not",
            {204: ("Changed", None)},
            (401, 409, 507),
            NewPassword,
        ),
    },
    "/api/account/name": {
        "put": Operation(
            "Go by another name",
            {200: ("You are called so", public.Named)},
            (401, 409, 507),
            NewName,
        ),
    },
    "/api/devices": {
        "get": Operation(
            "One's devices and programs' tokens",
            {200: ("All of them", answers.Devices)},
            (401, 403),
        ),
        "delete": Operation("Log out everywhere", {204: ("Done", None)}, (401, 507)),
    },
    "/api/devices/{device}": {
        "delete": Operation("End one device or token", {204: ("Ended", None)}, (401, 404, 507)),
    },
    "/api/devices/link": {
        "post": Operation(
            "A one-use link for one's own phone",
            {201: ("It works for five minutes", answers.PhoneLink)},
            (401,),
        ),
    },
    "/api/devices/handover": {
        "post": Operation(
            "A one-use link by which this browser goes on at another address of the hub",
            {201: ("Go back there with it", answers.HandedOver)},
            (401,),
            HandOver,
        ),
    },
    "/api/tokens": {
        "post": Operation(
            "A token for a program",
            {201: ("Shown this once", own_account.NewToken)},
            (401, 409, 507),
            Purpose,
        ),
    },
    "/api/people": {
        "get": Operation(
            "Find people by name",
            {200: ("At most twenty", answers.People)},
            (401, 403),
            query={"like": ("a part of the name", str)},
        ),
    },
    "/api/host": {
        "get": Operation("What a host is shown", {200: ("The panel", public.Panel)}, (401, 403)),
        "post": Operation(
            "What a host does", {200: ("Done", answers.Done)}, (401, 404, 409, 507), "Deed"
        ),
    },
}
