"""Each operation is asked, and what it answers is what the OpenAPI document says."""

from __future__ import annotations

from typing import Any

from hub.web.operations import OPERATIONS
from tests.conftest import Live
from tests.serving import FORM, Answer, Serving

JSON = "application/json"


def fits(described: dict[str, Any], schema: dict[str, Any], value: Any) -> bool:
    """Whether a value is as a schema says, with no member that it does not list.

    Knows the few keywords that the document uses.
    """
    if "$ref" in schema:
        name = schema["$ref"].split("/")[-1]
        return fits(described, described["components"]["schemas"][name], value)
    if "anyOf" in schema:
        return any(fits(described, x, value) for x in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    if not schema:
        return True
    types: dict[str, Any] = {
        "object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
        "boolean": bool, "null": type(None),
    }  # fmt: skip
    kind = schema["type"]
    if not isinstance(value, types[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return False
    if isinstance(value, dict):
        if "properties" not in schema:
            other = schema.get("additionalProperties", {})
            return all(fits(described, other, x) for x in value.values())
        known = schema["properties"]
        return set(schema["required"]) <= set(value) <= set(known) and all(
            fits(described, known[name], x) for name, x in value.items()
        )
    if isinstance(value, list):
        return all(fits(described, schema["items"], x) for x in value)
    return not isinstance(value, int) or bool(value >= schema.get("minimum", value))


def asked_of_files(hub: Serving) -> list[tuple[str, str, Answer]]:
    """The operations of files; that their bytes come as described has tests of its own."""
    room, file = "/api/files/{room}", "/api/files/{room}/{id}"
    there, who = "/api/files/general/f1", "username=guest"
    return [
        (file, "put", hub.ask("PUT", f"{there}?{who}", b"some words")),
        (file, "put", hub.ask("PUT", f"{there}?{who}", b"other ones")),
        (room, "get", hub.get("/api/files/general")),
        (file, "get", hub.get("/api/files/general/f2")),
        (file, "patch", hub.ask("PATCH", f"{there}?{who}", b"")),
        (file, "delete", hub.ask("DELETE", f"/api/files/general/f2?{who}")),
        (f"{file}/preview", "put", hub.ask("PUT", f"/api/files/general/f2/preview?{who}", b"x")),
        (f"{file}/preview", "get", hub.get("/api/files/general/f2/preview")),
    ]


def asked_of_space(
    hub: Serving, host: dict[str, str], guest: dict[str, str]
) -> list[tuple[str, str, Answer]]:
    """What hosts ask about the room that files take, and about files put there by hand."""
    space, found, leaving = "/api/host/files", "/api/host/files/found", "/api/rooms/{room}/leaving"
    (hub.path / "files" / "general").mkdir(parents=True)
    (hub.path / "files" / "general" / "plan.pdf").write_bytes(b"by hand")
    listed = hub.ask("GET", found, None, host)
    share = {"room": "general", "id": listed.json["files"][0]["id"]}
    if_kept = leaving.replace("{room}", "general") + "?days="
    return [
        (space, "get", hub.ask("GET", space, None, host)),
        (space, "get", hub.ask("GET", space, None, guest)),
        (found, "get", listed),
        (found, "get", hub.ask("GET", found, None, guest)),
        (found, "post", hub.ask("POST", found, {"room": "general"}, host)),
        (found, "post", hub.ask("POST", found, share, guest)),
        (found, "post", hub.ask("POST", found, share, host)),
        (found, "post", hub.ask("POST", found, share, host)),
        (leaving, "get", hub.ask("GET", f"{if_kept}1", None, host)),
        (leaving, "get", hub.ask("GET", f"{if_kept}x", None, host)),
        (leaving, "get", hub.ask("GET", f"{if_kept}1", None, guest)),
    ]


def test_every_answer_is_as_the_document_says(hub: Serving, live: Live) -> None:
    described = hub.get("/api/openapi.json").json
    naor = live("naor")
    for text in ("first", "second"):
        naor.say(text)
    naor.say("third", re=1)
    naor.do("edit", of=1, text="better")
    naor.do("erase", of=2)
    naor.do("react", of=1, text="👍")
    naor.do("topic", text="All about it")
    poll = naor.say("Tea?", "polls", poll={"answers": ["yes", "no"]})
    naor.do("vote", room="polls", of=poll["n"], choice=[1])
    naor.do("end", room="polls", of=poll["n"])
    session = hub.session("mira")
    host = hub.as_host("anna")
    mira = hub.ask("GET", "/api/me", None, session).json["person"]["who"]
    private = hub.ask("POST", "/api/rooms", {"kind": "private", "title": "x"}, session)
    own = f"/api/rooms/{private.json['room']}"
    device = hub.ask("GET", "/api/devices", None, host).json["devices"][0]["id"]
    link = hub.ask("POST", "/api/devices/link", b"", host)
    secret = link.json["url"].partition("link=")[2]
    handover = "/api/devices/handover"
    over = {"to": hub.name, "state": "x" * 16}
    back = hub.post("/api/return", {"name": "mira"})
    awaited = {"ask": back.json["ask"]}
    asked = hub.ask("GET", "/api/host", None, host).json["returns"][0]["id"]
    decide = f"/api/returns/{asked}"
    waits = hub.post("/api/return/come", awaited)
    right, wrong = {"password": "correct horse"}, {"password": "short"}
    direct = {"kind": "direct", "whom": mira}
    chat, forward = "/api/chat/general", "/api/chat/{room}/{n}/forward"
    message = {"username": "guest", "msg": "x", "key": "k"}
    answers = [
        ("/api/health", "get", hub.get("/api/health")),
        ("/api/openapi.json", "get", hub.get("/api/openapi.json")),
        ("/api/rooms", "get", hub.get("/api/rooms")),
        ("/api/rooms", "get", hub.ask("GET", "/api/rooms", None, session)),
        ("/api/chat/{room}", "get", hub.get(chat, Accept=JSON)),
        ("/api/chat/{room}", "get", hub.get(f"{chat}?after=x")),
        ("/api/chat/{room}", "get", hub.get("/api/chat/con")),
        ("/api/chat/{room}", "post", hub.post(chat, message)),
        ("/api/chat/{room}", "post", hub.post(chat, message)),
        ("/api/chat/{room}", "post", hub.post(chat, {"username": "naor", "msg": "x"})),
        ("/api/chat/{room}", "post", hub.post(chat, "{", Content_Type=JSON)),
        ("/api/chat/{room}", "post", hub.post(chat, {})),
        ("/api/chat/{room}", "post", hub.post(chat, "x", Content_Type="image/png")),
        ("/api/chat/{room}/{n}/versions", "get", hub.get(f"{chat}/1/versions")),
        ("/api/chat/{room}/{n}/versions", "get", hub.get(f"{chat}/99/versions")),
        ("/api/chat/{room}/reads", "get", hub.ask("GET", f"{chat}/reads", None, session)),
        ("/api/chat/{room}/reads", "get", hub.get(f"{chat}/reads")),
        ("/api/chat/{room}/{n}/reads", "get", hub.ask("GET", f"{chat}/1/reads", None, session)),
        ("/api/chat/{room}/{n}/reads", "get", hub.ask("GET", f"{chat}/99/reads", None, session)),
        ("/api/chat/{room}/{n}/replies", "get", hub.get(f"{chat}/1/replies")),
        ("/api/chat/{room}/{n}/replies", "get", hub.get(f"{chat}/1/replies?limit=x")),
        ("/api/chat/{room}/{n}/votes", "get", hub.get(f"/api/chat/polls/{poll['n']}/votes")),
        ("/api/chat/{room}/{n}/votes", "get", hub.get(f"{chat}/1/votes")),
        ("/api/chat/{room}", "get", hub.get("/api/chat/polls", Accept=JSON)),
        (forward, "post", hub.ask("POST", f"{chat}/1/forward", {"to": "polls", "key": "f"}, host)),
        (forward, "post", hub.ask("POST", f"{chat}/1/forward", {"to": "polls", "key": "f"}, host)),
        (forward, "post", hub.ask("POST", f"{chat}/99/forward", {"to": "polls"}, host)),
        (forward, "post", hub.ask("POST", f"{chat}/1/forward", {}, host)),
        ("/api/mentions", "get", hub.ask("GET", "/api/mentions", None, session)),
        ("/api/mentions", "get", hub.ask("GET", "/api/mentions?after=x", None, session)),
        ("/api/mentions", "get", hub.get("/api/mentions")),
        ("/api/me", "get", hub.get("/api/me")),
        ("/api/me", "get", hub.get("/api/me?room=general")),
        ("/api/me", "get", hub.ask("GET", "/api/me", None, session)),
        ("/api/start", "get", hub.get("/api/start?room=general")),
        ("/api/start", "get", hub.ask("GET", "/api/start?room=general", None, session)),
        ("/api/session", "post", hub.post("/api/session", {"name": "zed"})),
        ("/api/session", "post", hub.post("/api/session", {"name": "naor"})),
        ("/api/session", "post", hub.post("/api/session", "x", Content_Type=FORM)),
        ("/api/session", "delete", hub.ask("DELETE", "/api/session", None, hub.session("x"))),
        ("/api/ticket", "post", hub.post("/api/ticket", {"ticket": "x"})),
        ("/api/ticket", "post", hub.post("/api/ticket", {"ticket": hub.server.ticket()})),
        ("/api/window", "post", hub.post("/api/window", {"secret": "x"})),
        ("/api/window", "post", hub.post("/api/window", {"secret": hub.server.secret})),
        ("/api/invite", "get", hub.get("/api/invite")),
        ("/api/invite", "get", hub.get("/api/invite?room=con")),
        ("/api/rooms", "post", private),
        ("/api/rooms", "post", hub.post("/api/rooms", {"kind": "private", "title": "x"})),
        ("/api/rooms", "post", hub.ask("POST", "/api/rooms", direct, host)),
        ("/api/rooms", "post", hub.ask("POST", "/api/rooms", direct, session)),
        ("/api/rooms/{room}", "get", hub.ask("GET", own, None, session)),
        ("/api/rooms/{room}", "get", hub.get(own)),
        ("/api/rooms/{room}", "get", hub.get("/api/rooms/con")),
        ("/api/rooms/{room}", "post", hub.ask("POST", own, {"do": "topic", "text": "x"}, session)),
        ("/api/rooms/{room}", "post", hub.ask("POST", own, {"do": "close"}, session)),
        ("/api/rooms/{room}", "post", hub.ask("POST", own, {"do": "seen", "n": 1}, session)),
        ("/api/rooms/{room}", "post", hub.ask("POST", own, {"do": "x"}, session)),
        ("/api/rooms/{room}", "post", hub.ask("POST", own, {"do": "topic", "text": "x"}, host)),
        ("/api/rooms/{room}", "delete", hub.ask("DELETE", own, None, host)),
        ("/api/rooms/{room}", "delete", hub.ask("DELETE", own, None, session)),
        ("/api/host", "get", hub.ask("GET", "/api/host", None, host)),
        ("/api/host", "get", hub.ask("GET", "/api/host", None, session)),
        *asked_of_space(hub, host, session),
        ("/api/host", "post", hub.ask("POST", "/api/host", {"do": "code"}, host)),
        ("/api/host", "post", hub.ask("POST", "/api/host", {"do": "invite"}, host)),
        ("/api/host", "post", hub.ask("POST", "/api/host", {"do": "x"}, host)),
        ("/api/host", "post", hub.ask("POST", "/api/host", {"do": "code"}, session)),
        ("/api/me/preferences", "get", hub.ask("GET", "/api/me/preferences", None, session)),
        ("/api/me/preferences", "get", hub.get("/api/me/preferences")),
        ("/api/me/preferences", "patch", hub.ask("PATCH", "/api/me/preferences", {}, session)),
        ("/api/me/preferences", "patch", hub.ask("PATCH", "/api/me/preferences", [], session)),
        ("/api/me/status", "put", hub.ask("PUT", "/api/me/status", {"text": "Lunch"}, session)),
        ("/api/me/status", "put", hub.ask("PUT", "/api/me/status", {"emoji": "no"}, session)),
        ("/api/me/status", "delete", hub.ask("DELETE", "/api/me/status", None, session)),
        ("/api/people", "get", hub.ask("GET", "/api/people?like=a", None, session)),
        ("/api/people", "get", hub.get("/api/people")),
        (handover, "post", hub.ask("POST", handover, over, session)),
        (handover, "post", hub.ask("POST", handover, {**over, "to": "x"}, session)),
        (handover, "post", hub.post(handover, over)),
        (handover, "post", hub.ask("POST", handover, {"to": "x", "state": "y"}, session)),
        ("/api/return", "post", back),
        ("/api/return", "post", hub.post("/api/return", {"name": "nobody"})),
        ("/api/return", "post", hub.ask("POST", "/api/return", {"name": "mira"}, host)),
        ("/api/return/come", "post", waits),
        ("/api/returns/{ask}", "post", hub.post(decide, {"yes": True})),
        ("/api/returns/{ask}", "post", hub.ask("POST", decide, {"yes": True}, session)),
        ("/api/returns/{ask}", "post", hub.ask("POST", decide, {"yes": True}, session)),
        ("/api/return/come", "post", hub.post("/api/return/come", awaited)),
        ("/api/return/come", "post", hub.post("/api/return/come", awaited)),
        ("/api/account", "post", hub.ask("POST", "/api/account", wrong, session)),
        ("/api/account", "post", hub.ask("POST", "/api/account", right, session)),
        ("/api/account", "post", hub.ask("POST", "/api/account", right, session)),
        ("/api/account/name", "put", hub.ask("PUT", "/api/account/name", {"name": "mia"}, session)),
        ("/api/account/name", "put", hub.ask("PUT", "/api/account/name", {"name": ""}, session)),
        (
            "/api/account/password",
            "put",
            hub.ask("PUT", "/api/account/password", {"old": "x", "new": "y"}, session),
        ),
        ("/api/login", "post", hub.post("/api/login", {"name": "mia", **right})),
        ("/api/login", "post", hub.post("/api/login", {"name": "mia", **wrong})),
        ("/api/tokens", "post", hub.ask("POST", "/api/tokens", {"purpose": "bot"}, session)),
        ("/api/tokens", "post", hub.ask("POST", "/api/tokens", {"purpose": ""}, session)),
        ("/api/devices", "get", hub.ask("GET", "/api/devices", None, session)),
        ("/api/devices/link", "post", link),
        ("/api/devices/link", "post", hub.post("/api/devices/link", b"")),
        ("/api/link", "post", hub.post("/api/link", {"link": secret})),
        ("/api/link", "post", hub.post("/api/link", {"link": secret})),
        ("/api/devices/{device}", "delete", hub.ask("DELETE", "/api/devices/x", None, session)),
        ("/api/devices/{device}", "delete", hub.ask("DELETE", f"/api/devices/{device}", b"", host)),
        ("/api/devices", "delete", hub.ask("DELETE", "/api/devices", None, session)),
        ("/api/devices", "delete", hub.ask("DELETE", "/api/devices", None, session)),
        *asked_of_files(hub),
    ]
    for path, method, answer in answers:
        responses = described["paths"][path][method]["responses"]
        assert str(answer.status) in responses, (method, path, answer.status)
        told = responses[str(answer.status)]
        if "$ref" in told:
            told = described["components"]["responses"][told["$ref"].split("/")[-1]]
        assert bool(answer.body) == ("content" in told), (method, path, answer.status)
        if "content" in told:
            schema = told["content"][JSON]["schema"]
            assert fits(described, schema, answer.json), (method, path, answer.text)
    asked = {(path, method) for path, method, _ in answers}
    assert asked == {(path, x) for path, methods in OPERATIONS.items() for x in methods}, (
        "every operation was asked"
    )
