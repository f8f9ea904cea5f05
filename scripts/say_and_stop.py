"""Starts an installed Hearth, reads what was said before, says a sentence, and stops it.

`python3 say_and_stop.py SENTENCE [PROGRAM ...]` starts `hearth`, or that program, as somebody does
who names no folder, prints what it finds said in the first room, one sentence a line, says SENTENCE
and stops Hearth. With `--meanwhile COMMAND` that is run before it stops, and its status is printed.
Needs nothing but Python; what tries packages runs it where nothing else is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request

ADDRESS = re.compile(r"Hearth \S+ is at (http://[^\s/]+)/(\S+)")
PATIENCE = 60
"""Seconds for a start, an answer or a stop."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--meanwhile", metavar="COMMAND")
    parser.add_argument("sentence")
    parser.add_argument("program", nargs=argparse.REMAINDER)
    given = parser.parse_args(arguments)
    hearth = subprocess.Popen(
        [*(given.program or ["hearth"]), "--no-window", "--set=announce=false"],
        stdout=subprocess.PIPE,
        start_new_session=True,
        encoding="utf-8",
    )
    try:
        assert hearth.stdout
        found = next((x for x in map(ADDRESS.match, hearth.stdout) if x), None)
        if not found:
            print("Hearth did not start", file=sys.stderr)
            return 1
        chat = f"{found[1]}/api/chat/{found[2]}"
        for event in json.loads(_ask(chat))["events"]:
            print(event.get("text", ""))
        _ask(chat, json.dumps({"username": "visitor", "msg": given.sentence}).encode())
        if given.meanwhile:
            command = shlex.split(given.meanwhile)
            ended = subprocess.run(command, check=False, timeout=PATIENCE)
            print("status", ended.returncode)
    finally:
        if sys.platform != "win32":
            os.killpg(hearth.pid, signal.SIGINT)  # as Ctrl+C does, for Wine to all that it started
        status = hearth.wait(PATIENCE)
    return status


def _ask(address: str, body: bytes | None = None) -> bytes:
    head = {"Accept": "application/json", "Content-Type": "application/json"}
    request = urllib.request.Request(address, body, head)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        content: bytes = answer.read()
        return content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
