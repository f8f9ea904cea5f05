"""A program on this computer that answers whatever is asked over HTTP."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class Answering:
    """Gives `answer` to every request and records the requests in `asked`."""

    def __init__(self) -> None:
        self.answer = b"{}"
        self.asked: list[tuple[str, str, str | None, Any]] = []

        def handle(request: BaseHTTPRequestHandler) -> None:
            body = request.rfile.read(int(request.headers["Content-Length"] or 0))
            kind = request.headers["Content-Type"]
            asked = json.loads(body) if body else None
            self.asked.append((request.command, request.path, kind, asked))
            request.send_response(200)
            request.send_header("Content-Length", str(len(self.answer)))
            request.end_headers()
            request.wfile.write(self.answer)

        methods = {"do_GET": handle, "do_POST": handle, "log_message": lambda *_: None}
        handler = type("Handler", (BaseHTTPRequestHandler,), methods)
        self._server = HTTPServer(("127.0.0.1", 0), handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def answer_json(self, answer: Any) -> None:
        self.answer = json.dumps(answer).encode()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
