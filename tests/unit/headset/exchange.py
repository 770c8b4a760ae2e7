"""A console and an exchange for headsets, on real sockets, which do what a test says."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from ivr.headset.audio import FRAME_BYTES, SILENCE


class Exchange:
    """Answers every request with `answers[path]` (status and JSON), and holds lines."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, tuple[int, dict[str, object]]] = {}
        self.said: list[bytes] = []
        self.words: list[str] = []
        self.lines: list[ServerConnection] = []
        self._lines_server: Server = serve(self._line, "127.0.0.1", 0, subprotocols=["media"])  # type: ignore[list-item]
        port = self._lines_server.socket.getsockname()[1]
        self.answers["/headset/line"] = (200, {"media": f"ws://127.0.0.1:{port}/media/x"})
        self.answers["/headset/sign-in"] = (
            200,
            {"token": "t", "name": "Wang", "extension": "1001", "language": "en"},
        )
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        self._threads = [
            threading.Thread(target=self._lines_server.serve_forever),
            threading.Thread(target=self._http.serve_forever, args=(0.02,)),
        ]

    def __enter__(self) -> "Exchange":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._lines_server.shutdown()
        for thread in self._threads:
            thread.join()

    def key(self, key: str) -> None:
        """Send a key to the newest line, as Asterisk words it."""
        self.lines[-1].send(f"DTMF_END digit:{key} channel_id:1795305018.9")

    def sound(self, frame: bytes) -> None:
        """Send a frame to the newest line."""
        self.lines[-1].send(frame)

    def cut(self) -> None:
        """Break the newest line."""
        self.lines[-1].close()

    def _line(self, connection: ServerConnection) -> None:
        self.lines.append(connection)
        connection.send("MEDIA_START connection_id:x format:slin optimal_frame_size:320 ptime:20")
        connection.send(SILENCE)
        try:
            for message in connection:
                if isinstance(message, str):
                    self.words.append(message)
                else:
                    assert len(message) == FRAME_BYTES
                    self.said.append(message)
        except ConnectionClosed:
            return

    def _handler(self) -> Callable[..., BaseHTTPRequestHandler]:
        exchange = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                exchange.asked.append(self.path)
                status, answer = exchange.answers.get(self.path, (200, {"done": True}))
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
