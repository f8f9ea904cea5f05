"""How many rooms one live connection may join."""

from __future__ import annotations

import json

from tests.conftest import Live
from tests.serving import Serving


def test_one_connection_joins_a_thousand_rooms_and_no_more(hub: Serving, live: Live) -> None:
    talk = live("naor")

    def join(*numbers: int) -> None:
        talk.frame("\n".join(json.dumps({"do": "join", "room": f"r{n}"}) for n in numbers))

    for at in range(0, 1000, 250):
        join(*range(at, at + 250))
    talk.until(lambda x: x["do"] == "joined" and x["room"] == "r999")
    assert talk.refused("join", room="r1000")[0] == "too_many_rooms"
    join(0)
    talk.until(lambda x: x["do"] == "joined" and x["room"] == "r0")
    talk.send("leave", room="r0")
    join(1000)
    talk.until(lambda x: x["do"] == "joined" and x["room"] == "r1000")
    live("anna").join("r1")
