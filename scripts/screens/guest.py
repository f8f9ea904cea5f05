"""Somebody in the hub of the pictures, over HTTP and live; no browser."""

from __future__ import annotations

import json
import secrets
import threading
import urllib.parse
import urllib.request
from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack
from email.message import Message
from typing import Any, Final

from websockets.sync.client import ClientConnection, connect

_JSON: Final = {"Content-Type": "application/json"}


class Guest:
    """`who` is the person's id, `token` their session's; `cookie` is the name of its cookie."""

    def __init__(self, base: str, name: str, ticket: str = "") -> None:
        """Come in under a name, with a `ticket` as a host."""
        self.base = base
        self.name = name
        headers = _JSON
        if ticket:
            told, _ = _post(f"{base}/api/ticket", {"ticket": ticket}, {**_JSON, "Origin": base})
            cookie = str(told["Set-Cookie"]).partition(";")[0]
            headers = {**_JSON, "Cookie": cookie, "Origin": base}
        told, person = _post(f"{base}/api/session", {"name": name}, headers)
        if not ticket:
            cookie = str(told["Set-Cookie"]).partition(";")[0]
        self.cookie, _, self.token = cookie.partition("=")
        self.who: str = person["who"]

    @property
    def tint(self) -> int:
        """The colour that the page gives this person: `ui/lib/avatar.js`."""
        hashed = 2166136261
        for letter in self.who:
            hashed = (hashed ^ ord(letter)) * 16777619 & 0xFFFFFFFF
        return hashed % 12

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer to a request; raises HTTPError."""
        headers = {**_JSON, "Authorization": f"Bearer {self.token}"}
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.base + path, data, headers, method=method)
        with urllib.request.urlopen(asked) as answer:
            content = answer.read()
            return json.loads(content) if content else None

    def say(self, text: str, room: str = "general", **more: Any) -> int:
        """Say something; gives its number."""
        body = {"msg": text, "key": secrets.token_hex(8), **more}
        n: int = self.ask("POST", f"/api/chat/{room}", body)["n"]
        return n

    def send(self, files: Mapping[str, bytes], text: str = "", room: str = "general") -> int:
        """Say something with files, by their names; gives its number."""
        ids = [secrets.token_hex(8) for _ in files]
        headers = {"Authorization": f"Bearer {self.token}"}
        for id_, (name, data) in zip(ids, files.items(), strict=True):
            query = urllib.parse.urlencode({"name": name, "announce": "no"})
            path = f"{self.base}/api/files/{room}/{id_}?{query}"
            urllib.request.urlopen(
                urllib.request.Request(path, data, headers, method="PUT")
            ).close()
        return self.say(text, room, files=ids)

    def do(self, do: str, room: str = "general", **members: Any) -> Any:
        """Change a room or something in it; gives the event."""
        return self.ask("POST", f"/api/rooms/{room}", {"do": do, **members})

    def make(self, kind: str, **members: Any) -> str:
        """Make a room that is not a plain public one; gives its name."""
        name: str = self.ask("POST", "/api/rooms", {"kind": kind, **members})["room"]
        return name

    def deed(self, do: str, **members: Any) -> Any:
        """What only a host may do."""
        return self.ask("POST", "/api/host", {"do": do, **members})

    def prefer(self, **patch: Any) -> None:
        self.ask("PATCH", "/api/me/preferences", patch)

    def stay(self, stack: ExitStack, *rooms: str) -> None:
        """Be in these rooms until the stack is closed, as with a page on one's screen."""
        live = connect(f"ws{self.base.removeprefix('http')}/api/live", ping_interval=None,
                       close_timeout=1)  # fmt: skip
        stack.enter_context(live)
        self.live = live
        threading.Thread(target=lambda: deque(live, maxlen=0), daemon=True).start()  # answers pings
        _send(live, do="hello", token=self.token)
        for room in rooms:
            _send(live, do="join", room=room)

    def typing(self, room: str) -> None:
        _send(self.live, do="typing", room=room)


def _send(live: ClientConnection, **command: str) -> None:
    live.send(json.dumps(command))


def _post(address: str, body: object, headers: dict[str, str]) -> tuple[Message, Any]:
    asked = urllib.request.Request(address, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(asked) as answer:
        return answer.headers, json.loads(answer.read())
