"""The description of the HTTP API. A test holds it to the routes that there are."""

from __future__ import annotations

from typing import Any


def openapi(version: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of this version."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hearth",
            "version": version,
            "description": "A local chat hub. Events are also sent live over the WebSocket "
            "/api/live. A request that changes something and bears an Origin must come from "
            "the hub's own page.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": _PATHS,
        "components": {
            "schemas": _SCHEMAS,
            "responses": {"Error": _answer("Nothing was done", "Error")},
            "securitySchemes": {
                "session": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(members: dict[str, str]) -> dict[str, Any]:
    """An object that has all of these members, each with its JSON type."""
    properties = {name: {"type": kind} for name, kind in members.items()}
    return {"type": "object", "required": list(members), "properties": properties}


def _answer(what: str, schema: str | None = None, kind: str = "application/json") -> Any:
    if schema is None:
        return {"description": what}
    return {"description": what, "content": {kind: {"schema": _ref(schema)}}}


def _errors(*statuses: int) -> dict[str, Any]:
    return {str(status): {"$ref": "#/components/responses/Error"} for status in statuses}


def _body(schema: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": _ref(schema)}}}


def _query(name: str, what: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": what, "schema": schema}


_COUNT = {"type": "integer", "minimum": 0, "maximum": 2**53}
_ROOM = {
    "name": "room", "in": "path", "required": True,
    "description": "letters and digits of any script, - and _", "schema": {"type": "string"},
}  # fmt: skip
_GUARDED = (400, 403, 408, 411, 413, 421, 429)

_SCHEMAS: dict[str, Any] = {
    "Error": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "retry_after": {"type": "number", "description": "seconds"},
                    "elsewhere": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "of a name in use: where its holder came in before",
                    },
                    "ask": {
                        "type": "boolean",
                        "description": "of a name in use: POST /api/return is possible",
                    },
                },
            }
        },
    },
    "Event": {
        "type": "object",
        "required": ["room", "n", "at", "by", "do"],
        "properties": {
            "room": {"type": "string"},
            "n": {"type": "integer", "minimum": 1},
            "at": {"type": "string", "description": "UTC, ISO 8601 with milliseconds"},
            "by": {"type": "string", "description": "the name shown"},
            "who": {"type": "string", "description": "the person's id; missing if unverified"},
            "bot": {"type": "boolean"},
            "do": {"type": "string", "description": "say, edit, erase, react, pin, topic, …"},
            "text": {"type": ["string", "null"]},
            "of": {"type": "integer", "description": "the n of the message meant"},
            "off": {"type": "boolean"},
            "re": {"type": "integer", "description": "the n of the message answered"},
            "key": {"type": "string", "description": "what the sender chose"},
            "edited": {"type": "integer", "description": "the n of the newest edit"},
            "erased": {"type": "boolean"},
            "crc": {"type": "string"},
        },
    },
    "Page": {
        "type": "object",
        "required": ["room", "events", "last"],
        "properties": {
            "room": {"type": "string"},
            "last": {"type": "integer"},
            "events": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}},
            "damaged": {"type": "array", "items": {"type": "integer"}},
        },
    },
    "Post": {
        "type": "object",
        "required": ["msg"],
        "properties": {
            "msg": {"type": "string"},
            "username": {"type": ["string", "null"]},
            "key": {"type": ["string", "null"], "minLength": 1, "maxLength": 128},
            "re": {"type": ["integer", "null"], "minimum": 1},
        },
    },
    "Entry": {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "code": {"type": ["string", "null"]},
            "password": {"type": ["string", "null"]},
            "invite": {"type": ["string", "null"]},
        },
    },
    "HandOver": {
        "type": "object",
        "required": ["to", "state"],
        "properties": {
            "to": {"type": "string", "maxLength": 300, "description": "host:port, as in Host"},
            "state": {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,64}$"},
        },
    },
    "HandedOver": _object({"url": "string", "link": "string"}),
    "Return": {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string"}, "code": {"type": ["string", "null"]}},
    },
    "Asking": _object({"ask": "string", "seconds": "integer", "heard": "boolean"}),
    "Awaited": {
        "type": "object",
        "required": ["ask"],
        "properties": {"ask": {"type": "string"}, "withdraw": {"type": "boolean"}},
    },
    "Waiting": _object({"seconds": "integer", "heard": "boolean"}),
    "Decision": _object({"yes": "boolean"}),
    "Ticket": {
        "type": "object",
        "required": ["ticket"],
        "properties": {"ticket": {"type": "string"}},
    },
    "Knock": {
        "type": "object",
        "required": ["secret"],
        "properties": {
            "secret": {"type": "string"},
            "ticket": {"type": "boolean"},
            "room": {"type": ["string", "null"]},
        },
    },
    "Window": {
        "type": "object",
        "required": ["window"],
        "properties": {"window": {"type": "boolean"}},
    },
    "Person": {
        "type": "object",
        "required": ["who", "name"],
        "properties": {"who": {"type": "string"}, "name": {"type": "string"}},
    },
    "Me": {
        "type": "object",
        "required": ["person", "host", "hub", "limits"],
        "properties": {
            "person": {"anyOf": [_ref("Person"), {"type": "null"}]},
            "host": {"type": "boolean"},
            "hub": {"type": "object"},
            "limits": {
                "type": "object",
                "required": ["message_bytes", "name_characters"],
                "properties": {
                    "message_bytes": {"type": "integer", "description": "0: no limit"},
                    "name_characters": {"type": "integer", "description": "of a person's name"},
                },
            },
            "room": {
                "type": "object",
                "description": "of a public room on an open hub, and only where it was asked for",
                "required": ["name", "title", "here"],
                "properties": {
                    "name": {"type": "string"},
                    "title": {"type": "string"},
                    "here": {"type": "integer", "description": "how many people are in it"},
                },
            },
        },
    },
    "Rooms": {
        "type": "object",
        "required": ["rooms"],
        "properties": {
            "rooms": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "kind", "title", "topic", "last", "said", "at", "here"],
                    "properties": {
                        "name": {"type": "string"},
                        "kind": {"type": "string"},
                        "title": {"type": "string"},
                        "topic": {"type": "string"},
                        "last": {"type": "integer", "description": "the n of the newest event"},
                        "said": {"type": "integer", "description": "how many messages there were"},
                        "read": {"type": "integer", "description": "how far who asks has read"},
                        "unread": {
                            "type": "integer",
                            "description": "messages of others after that; only to who has joined",
                        },
                        "at": {"type": ["string", "null"]},
                        "here": {"type": "integer"},
                    },
                },
            }
        },
    },
    "Invite": {
        "type": "object",
        "required": ["addresses", "qr"],
        "properties": {
            "addresses": {"type": "array", "items": {"type": "string"}},
            "qr": {"type": "object", "description": "rows of modules, 1 is dark"},
        },
    },
    "Health": {
        "type": "object",
        "required": ["app", "version", "instance"],
        "properties": {
            "app": {"const": "hearth"},
            "version": {"type": "string"},
            "instance": {"type": "string", "description": "new at each start"},
        },
    },
    "Text": {"type": "string"},
    "RoomName": _object({"room": "string"}),
    "Room": _object({"name": "string", "kind": "string", "title": "string", "topic": "string"}),
    "NewRoom": {
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {"enum": ["private", "announcements", "direct"]},
            "title": {"type": "string"},
            "name": {"type": ["string", "null"], "description": "of announcements: the address"},
            "whom": {"type": ["string", "null"], "description": "direct: the other person"},
        },
    },
    "Change": {
        "type": "object",
        "required": ["do"],
        "properties": {
            "do": {
                "enum": [
                    "title",
                    "topic",
                    "invite",
                    "remove",
                    "owner",
                    "writer",
                    "archive",
                    "close",
                    "slow",
                    "edit",
                    "erase",
                    "react",
                    "pin",
                    "seen",
                ]
            },
            "text": {"type": "string"},
            "whom": {"type": "string"},
            "of": {"type": "integer", "minimum": 1},
            "seconds": {"type": "integer", "minimum": 0, "maximum": 86400},
            "off": {"type": "boolean"},
            "n": {"type": "integer", "minimum": 0, "description": "seen: read up to there"},
            "key": {"type": ["string", "null"], "minLength": 1, "maxLength": 128},
        },
    },
    "Deed": {
        "type": "object",
        "required": ["do"],
        "properties": {
            "do": {
                "enum": [
                    "kick",
                    "ban",
                    "unban",
                    "mute",
                    "approve",
                    "deny",
                    "free",
                    "readmit",
                    "host",
                    "mode",
                    "code",
                    "invite",
                    "withdraw",
                    "erase",
                    "close",
                    "slow",
                ]
            },
            "whom": {"type": "string"},
            "seconds": {"type": "integer", "minimum": 0},
            "off": {"type": "boolean"},
            "end": {"type": "boolean"},
            "mode": {"enum": ["open", "code", "login"]},
            "count": {"type": "integer", "minimum": 1, "maximum": 100},
            "invitation": {"type": "string"},
            "ask": {"type": "string", "description": "readmit: the id that the panel shows"},
            "room": {"type": "string"},
            "of": {"type": "integer", "minimum": 1},
        },
    },
    "Done": _object({"ok": "boolean"}),
    "Panel": _object(
        {
            "mode": "string",
            "code": "string",
            "people": "array",
            "returns": "array",
            "rooms": "array",
            "audit": "array",
            "invites": "array",
        }
    ),
    "People": _object({"people": "array"}),
    "Login": _object({"name": "string", "password": "string"}),
    "Link": {
        "type": "object",
        "required": ["link"],
        "properties": {
            "link": {"type": "string"},
            "replace": {"type": "boolean", "description": "become somebody else here"},
            "state": {"type": ["string", "null"], "description": "as in HandOver"},
        },
    },
    "Password": _object({"password": "string"}),
    "NewPassword": _object({"old": "string", "new": "string"}),
    "NewName": _object({"name": "string"}),
    "Purpose": _object({"purpose": "string"}),
    "Devices": _object({"devices": "array"}),
    "PhoneLink": _object({"url": "string", "qr": "array", "seconds": "integer"}),
    "Token": _object({"id": "string", "token": "string"}),
}

_PATHS: dict[str, Any] = {
    "/api/health": {
        "get": {
            "summary": "Is this a hub, and which start of it",
            "responses": {"200": _answer("It is", "Health"), **_errors(421)},
        }
    },
    "/api/openapi.json": {
        "get": {
            "summary": "This document",
            "responses": {"200": {"description": "OpenAPI 3.1"}, **_errors(421)},
        }
    },
    "/api/rooms": {
        "get": {
            "summary": "The rooms that the asker may see",
            "responses": {"200": _answer("By name", "Rooms"), **_errors(401, 403, 421)},
        },
        "post": {
            "summary": "Make a private room, one of announcements, or one for two people",
            "requestBody": _body("NewRoom"),
            "responses": {
                "201": _answer("It is there", "RoomName"),
                **_errors(*_GUARDED, 401, 404, 409, 415, 422, 503, 507),
            },
        },
    },
    "/api/rooms/{room}": {
        "parameters": [_ROOM],
        "get": {
            "summary": "What a room is, and who is in it",
            "responses": {"200": _answer("The room", "Room"), **_errors(401, 403, 404, 421)},
        },
        "post": {
            "summary": "Change a room, or something that was said in it",
            "description": "Who may not do it is refused with 403 before it is told what is "
            "there: to edit or erase what is not one's own is a 403, even where there is nothing.",
            "requestBody": _body("Change"),
            "responses": {
                "200": _answer("Saved", "Event"),
                "204": _answer("Seen up to there"),
                **_errors(*_GUARDED, 401, 404, 409, 415, 422, 503, 507),
            },
        },
        "delete": {
            "summary": "Delete a private room with all that was said in it",
            "responses": {"204": _answer("Deleted"), **_errors(400, 401, 403, 404, 409, 421)},
        },
    },
    "/api/host": {
        "get": {
            "summary": "What a host is shown",
            "responses": {"200": _answer("The panel", "Panel"), **_errors(401, 403, 421)},
        },
        "post": {
            "summary": "What a host does",
            "requestBody": _body("Deed"),
            "responses": {
                "200": _answer("Done", "Done"),
                **_errors(*_GUARDED, 401, 404, 409, 415, 422, 503, 507),
            },
        },
    },
    "/api/people": {
        "get": {
            "summary": "Find people by name",
            "parameters": [_query("like", "a part of the name", {"type": "string"})],
            "responses": {"200": _answer("Who is here first", "People"), **_errors(401, 403, 421)},
        }
    },
    "/api/login": {
        "post": {
            "summary": "Come in with name and password; sets the session's cookie",
            "requestBody": _body("Login"),
            "responses": {
                "200": _answer("You are in", "Me"),
                **_errors(*_GUARDED, 401, 415, 422, 503, 507),
            },
        }
    },
    "/api/link": {
        "post": {
            "summary": "Come in with the one-use link of another device",
            "requestBody": _body("Link"),
            "responses": {
                "200": _answer("You are in", "Me"),
                **_errors(*_GUARDED, 409, 415, 422, 507),
            },
        }
    },
    "/api/account": {
        "post": {
            "summary": "Protect one's name with a password",
            "requestBody": _body("Password"),
            "responses": {
                "200": _answer("It is yours", "Person"),
                **_errors(*_GUARDED, 401, 409, 415, 422, 503, 507),
            },
        }
    },
    "/api/account/password": {
        "put": {
            "summary": "Change one's password; other devices are logged out, programs are not",
            "requestBody": _body("NewPassword"),
            "responses": {
                "204": _answer("Changed"),
                **_errors(*_GUARDED, 401, 409, 415, 422, 503, 507),
            },
        }
    },
    "/api/account/name": {
        "put": {
            "summary": "Go by another name",
            "requestBody": _body("NewName"),
            "responses": {
                "200": _answer("You are called so", "Person"),
                **_errors(*_GUARDED, 401, 409, 415, 422, 507),
            },
        }
    },
    "/api/devices": {
        "get": {
            "summary": "One's devices and programs' tokens",
            "responses": {"200": _answer("All of them", "Devices"), **_errors(401, 403, 421)},
        },
        "delete": {
            "summary": "Log out everywhere",
            "responses": {"204": _answer("Done"), **_errors(400, 401, 403, 421, 507)},
        },
    },
    "/api/devices/{device}": {
        "parameters": [
            {"name": "device", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "delete": {
            "summary": "End one device or token",
            "responses": {"204": _answer("Ended"), **_errors(400, 401, 403, 404, 421, 507)},
        },
    },
    "/api/devices/link": {
        "post": {
            "summary": "A one-use link for one's own phone",
            "responses": {
                "201": _answer("It works for five minutes", "PhoneLink"),
                **_errors(*_GUARDED, 401),
            },
        }
    },
    "/api/devices/handover": {
        "post": {
            "summary": "A one-use link by which this browser goes on at another address of the hub",
            "requestBody": _body("HandOver"),
            "responses": {
                "201": _answer("Go back there with it", "HandedOver"),
                **_errors(*_GUARDED, 401, 415, 422),
            },
        }
    },
    "/api/return": {
        "post": {
            "summary": "Ask to come back under a name without a password",
            "requestBody": _body("Return"),
            "responses": {
                "202": _answer("That person's devices and the hosts are asked", "Asking"),
                **_errors(*_GUARDED, 401, 409, 415, 422),
            },
        }
    },
    "/api/return/come": {
        "post": {
            "summary": "Hear the answer to it, or wait no longer",
            "requestBody": _body("Awaited"),
            "responses": {
                "200": _answer("You are in", "Me"),
                "202": _answer("Nobody has answered yet", "Waiting"),
                **_errors(*_GUARDED, 409, 415, 422, 507),
            },
        }
    },
    "/api/returns/{ask}": {
        "parameters": [
            {"name": "ask", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "post": {
            "summary": "Say whether somebody who asks to come back under one's name is oneself",
            "requestBody": _body("Decision"),
            "responses": {
                "204": _answer("They are told"),
                **_errors(*_GUARDED, 401, 404, 409, 415, 422),
            },
        },
    },
    "/api/tokens": {
        "post": {
            "summary": "A token for a program",
            "requestBody": _body("Purpose"),
            "responses": {
                "201": _answer("Shown this once", "Token"),
                **_errors(*_GUARDED, 401, 415, 422, 507),
            },
        }
    },
    "/api/chat/{room}": {
        "parameters": [_ROOM],
        "get": {
            "summary": "The messages of a room, all or a page",
            "parameters": [
                _query("after", "only events with a higher n; the first ones", _COUNT),
                _query("before", "only events with a lower n; the last ones", _COUNT),
                _query("limit", "at most so many", _COUNT),
            ],
            "responses": {
                "200": {
                    "description": "In order of n, in the form that Accept names",
                    "content": {
                        "application/json": {"schema": _ref("Page")},
                        "application/x-ndjson": {"schema": _ref("Text")},
                        "text/plain": {"schema": _ref("Text")},
                    },
                },
                "304": {"description": "Nothing is new since the ETag that was sent"},
                **_errors(400, 401, 403, 404, 421, 503),
            },
        },
        "post": {
            "summary": "Say something in a room",
            "parameters": [
                _query("username", "who writes, without a session", {"type": "string"}),
                _query("key", "makes it safe to repeat", {"type": "string"}),
            ],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": _ref("Post")},
                    "application/x-www-form-urlencoded": {"schema": _ref("Post")},
                    "text/plain": {"schema": _ref("Text")},
                },
            },
            "responses": {
                "201": _answer("Saved", "Event"),
                "200": _answer("This key was saved before", "Event"),
                **_errors(*_GUARDED, 401, 404, 409, 415, 422, 503, 507),
            },
        },
    },
    "/api/me": {
        "get": {
            "summary": "Who the asker is to this hub",
            "parameters": [_query("room", "a room to tell of", {"type": "string"})],
            "responses": {"200": _answer("You", "Me"), **_errors(421)},
        }
    },
    "/api/session": {
        "post": {
            "summary": "Come in under a name; sets the session's cookie",
            "requestBody": _body("Entry"),
            "responses": {
                "201": _answer("You are in", "Person"),
                "202": _answer("The host has yet to let you in"),
                **_errors(*_GUARDED, 401, 409, 415, 422, 503, 507),
            },
        },
        "delete": {
            "summary": "Forget this device",
            "responses": {"204": _answer("Forgotten"), **_errors(400, 403, 421, 507)},
        },
    },
    "/api/ticket": {
        "post": {
            "summary": "Swap the one-use ticket of the hub's own window for a session",
            "requestBody": _body("Ticket"),
            "responses": {
                "200": _answer("You are the host", "Me"),
                **_errors(*_GUARDED, 415, 422, 507),
            },
        }
    },
    "/api/window": {
        "post": {
            "summary": "Raise the hub's own window, in a room; for a second start on its folder, "
            "from the same computer alone",
            "requestBody": _body("Knock"),
            "responses": {
                "200": _answer("Whether there is a window", "Window"),
                **_errors(*_GUARDED, 404, 415, 422),
            },
        }
    },
    "/api/invite": {
        "get": {
            "summary": "The addresses of a room for others, and their QR codes",
            "parameters": [_query("room", "the room", {"type": "string"})],
            "responses": {"200": _answer("Best first", "Invite"), **_errors(401, 404, 421, 429)},
        }
    },
}
