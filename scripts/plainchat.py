"""The plain chat room that Hearth replaces, as a stand-in to measure beside it.

`python plainchat.py FOLDER [PORT]`: Flask's own server, one text file a room, and the whole file
for everybody who asks. Its page would ask every 1.5 s. Nothing is synced, checked or limited.
"""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

from flask import Flask, Response, request


def room_file(folder: Path, room: str) -> Path:
    if not room.isalnum():
        raise ValueError("a room's name is letters and digits")
    return folder / f"{room}.txt"


def application(folder: Path) -> Flask:
    app = Flask(__name__)

    @app.get("/api/chat/<room>")
    def history(room: str) -> Response:
        file = room_file(folder, room)
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        return Response(text, mimetype="text/plain")

    @app.post("/api/chat/<room>")
    def say(room: str) -> tuple[str, int]:
        at = time.strftime("%Y-%m-%d %H:%M:%S")
        line = f"[{at}] {request.form['username']}: {request.form['msg']}\n"
        with open(room_file(folder, room), "a", encoding="utf-8") as file:
            file.write(line)
        return line, 201

    return app


def main(folder: Path, port: int) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request costs it more
    application(folder).run("127.0.0.1", port, threaded=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5000)
