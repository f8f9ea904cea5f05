"""The operations of the HTTP API: what each is for, takes and answers.

A test holds them to the routes, and the answers to what is answered.
"""

from __future__ import annotations

from typing import Final

from hub import account as own_account
from hub import entry, public, returning
from hub.access.statuses import Status
from hub.file_space import FileSpace
from hub.found_files import FoundList
from hub.web import answers
from hub.web.account import NewName, NewPassword, Password, Purpose
from hub.web.file_operations import FILE_OPERATIONS
from hub.web.host import Share, Sharing
from hub.web.operation import Operation
from hub.web.requests import JSON
from hub.web.returns import Awaited, Decision, HandOver, Return
from hub.web.room_operations import ROOM_OPERATIONS
from hub.web.session import Entry, Knock, Link, Login, Ticket

OPERATIONS: Final[dict[str, dict[str, Operation]]] = {
    "/api/health": {
        "get": Operation(
            "Whether this is a hub, and which start of it", {200: ("It is", answers.Health)}
        ),
    },
    "/api/openapi.json": {
        "get": Operation("This document", {200: ("OpenAPI 3.1", {JSON: dict})}),
    },
    **ROOM_OPERATIONS,
    **FILE_OPERATIONS,
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
    "/api/host/files": {
        "get": Operation(
            "What takes room among the files, as messages tell",
            {200: ("Those with the most bytes first", FileSpace)},
            (401, 403),
        ),
    },
    "/api/host/files/found": {
        "get": Operation(
            "Files that somebody put into a room's folder by hand, and that no message has",
            {200: ("Those that were changed last first", FoundList)},
            (401, 403),
            description="In all rooms that the host may see.",
        ),
        "post": Operation(
            "Share such a file in its room",
            {
                201: ("The message that bears it", answers.Event),
                202: ("It is still being read; its message comes by itself", Sharing),
            },
            (401, 404, 409, 507),
            Share,
            description="It stays where it is. Where its name is not safe on every system, it gets "
            "one that is.",
        ),
    },
    "/api/host": {
        "get": Operation("What a host is shown", {200: ("The panel", public.Panel)}, (401, 403)),
        "post": Operation(
            "What a host does", {200: ("Done", answers.Done)}, (401, 404, 409, 507), "Deed"
        ),
    },
}
