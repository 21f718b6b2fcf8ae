"""An HTTP server on the loopback that hands out ranges of one payload, and counts what it is asked for."""

from __future__ import annotations

import contextlib
import http.server
import re
import threading
from collections.abc import Iterator


class RangeServer(http.server.ThreadingHTTPServer):
    """Serves `data` under every path but `/missing` and `/forbidden`.

    `ranges` says whether it hands out ranges, `log` holds the method, the range and the bytes of each answer.
    """

    daemon_threads = True

    def __init__(self, data: bytes, ranges: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.data, self.ranges = data, ranges
        self.log: list[tuple[str, str | None, int]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/fit.aas"

    @property
    def bytes(self) -> int:
        return sum(count for _, _, count in self.log)


class _Handler(http.server.BaseHTTPRequestHandler):
    server: RangeServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, body: bool) -> None:
        data, asked = self.server.data, self.headers.get("Range")
        status, headers = 200, {}
        if self.path.startswith("/missing"):
            status, data = 404, b"nothing here"
        elif self.path.startswith("/forbidden"):
            status, data = 403, b"not yours"
        elif asked and self.server.ranges:
            match = re.fullmatch(r"bytes=(\d+)-(\d+)", asked)
            assert match, asked
            first, last = int(match[1]), min(int(match[2]), len(data) - 1)
            if first >= len(data):
                status, headers, data = 416, {"Content-Range": f"bytes */{len(data)}"}, b""
            else:
                status, headers = 206, {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
                data = data[first : last + 1]
        self.server.log.append((self.command, asked, len(data) if body else 0))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            with contextlib.suppress(ConnectionError):  # a client that has seen enough
                self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def serving(data: bytes, ranges: bool = True) -> Iterator[RangeServer]:
    """A server that runs until the block ends."""
    server = RangeServer(data, ranges)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
