"""A program of its own, on the hub's core: makes a folder of many people with read marks.

`python fill_people.py FOLDER PEOPLE MESSAGES TOKENS` makes the ledger and a room, `lobby`, of so
many messages, and prints as JSON the tokens of so many of the people.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from hub.access.people import People
from hub.folder import Folder
from hub.keys import Keys
from hub.store.ledger_file import created
from speed.million import make

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ROOMS = ("general", "kitchen")
"""Rooms of which everybody has read something."""


def fill(path: Path, count: int, messages: int, tokens: int) -> list[str]:
    folder = Folder.open(path)
    make(folder.room_file("lobby"), messages)
    keys = Keys()
    people = People(keys)
    told: list[str] = []
    for number in range(count):
        person, token = people.enter(f"person {number}")
        people.devices.describe(token, AGENT, f"10.1.{number >> 8 & 255}.{number & 255}", "hearth")
        for room in ROOMS:
            people.read_up_to(person, room, number % 1000 + 1)
        if len(told) < tokens:
            told.append(token)
    created(folder.ledger_file, keys).close()
    return told


if __name__ == "__main__":
    print(json.dumps(fill(Path(sys.argv[1]), *map(int, sys.argv[2:]))))
