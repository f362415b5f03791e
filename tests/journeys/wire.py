"""The wire between phones and server: it can be cut, and it can lose answers; it changes none."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.journeys.stage import Server, fresh_port


class Wire:
    """Between the phones and the server, on a port of its own; it can be cut or lose answers."""

    def __init__(self, server: Server) -> None:
        self.port = fresh_port()
        self.server = server
        self.lose_answers = 0
        self.loses = "/api/v1/sync"
        """To which address answers are lost."""
        self.cut_in_patch: int | None = None
        """Breaks the next part of a photo off after so many bytes, once; these are carried on."""
        self.carries_photos = threading.Event()
        """While it is not set, parts of photos wait here; all else goes its way."""
        self.carries_photos.set()
        self.parts: list[int] = []
        """From which byte each part of a photo came."""
        self.fault: Fault | None = None
        """What happens to every request to `loses`, as long as it stands here."""
        self.faults = 0
        """How often it did. Chromium itself asks again when a used connection says nothing."""
        self.last_answer: Answer | None = None
        """What the server said there last; a cache on the way may say it again."""
        self.seen: list[tuple[str, str, int]] = []
        self._http: Poles | None = None

    @property
    def address(self) -> str:
        """Where phones and office go."""
        return f"http://localhost:{self.port}"

    def mend(self) -> None:
        """Let requests through."""
        if self._http is None:
            wire = self

            class Handler(Carrier):
                """Carries for this very wire."""

                line = wire

            self._http = Poles(("127.0.0.1", self.port), Handler)
            threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def cut(self) -> None:
        """From now on nobody listens: connections are refused, as with no coverage at all."""
        if self._http is not None:
            self._http.shutdown()
            self._http.fall()
            self._http = None


@dataclass(frozen=True)
class Answer:
    """An answer on its way."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    content: bytes


class Poles(ThreadingHTTPServer):
    """Holds the wire up, and knows every connection on it, so that a cut is a cut."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], carrier: type[BaseHTTPRequestHandler]) -> None:
        self.lines: set[socket.socket] = set()
        super().__init__(address, carrier)

    def get_request(self) -> tuple[socket.socket, object]:
        """Take a connection and remember it."""
        line, whence = super().get_request()
        self.lines.add(line)
        return line, whence

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Forget a connection that ends by itself."""
        if isinstance(request, socket.socket):
            self.lines.discard(request)
        super().shutdown_request(request)

    def fall(self) -> None:
        """Refuse new connections, and break those that are open."""
        self.server_close()
        for line in list(self.lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that is killed hangs up in the middle; that is no news."""


class Carrier(BaseHTTPRequestHandler):
    """Carries one request to the server and its answer back, unless something goes wrong."""

    line: Wire
    protocol_version = "HTTP/1.1"

    def carry(self) -> None:
        """The whole way there and back."""
        length = int(self.headers.get("Content-Length") or 0)
        if self.command == "PATCH":
            self.line.carries_photos.wait()
            self.line.parts.append(int(self.headers.get("Upload-Offset") or 0))
            if self.line.cut_in_patch is not None:
                self.break_off(length, self.line.cut_in_patch)
                return
        if self.line.fault and self.command == "POST" and self.path == self.line.loses:
            self.line.faults += 1
            self.line.fault(self, length)
            return
        try:
            answer = self.ask(self.rfile.read(length))
        except OSError:
            self.hang_up()
            return
        self.line.seen.append((self.command, self.path, answer.status))
        if self.line.lose_answers and self.command == "POST" and self.path == self.line.loses:
            self.line.lose_answers -= 1
            self.hang_up()
            return
        self.say(answer)

    def ask(self, body: bytes) -> Answer:
        """Put the request to the server; raises OSError when it is not there."""
        onward = http.client.HTTPConnection("127.0.0.1", self.line.server.port, timeout=60)
        try:
            headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
            onward.request(self.command, self.path, body or None, headers)
            answer = onward.getresponse()
            content = answer.read()
        finally:
            onward.close()
        hop = {"connection", "transfer-encoding", "content-length"}
        kept = [(key, value) for key, value in answer.getheaders() if key.lower() not in hop]
        said = Answer(answer.status, answer.reason, kept, content)
        if self.path == self.line.loses:
            self.line.last_answer = said
        return said

    def say(self, answer: Answer, announced: int | None = None) -> None:
        """Say an answer; `announced` bytes of it, where that is not how many there are."""
        self.send_response_only(answer.status, answer.reason)
        for key, value in answer.headers:
            self.send_header(key, value)
        length = len(answer.content) if announced is None else announced
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content)

    def hang_up(self) -> None:
        """Break the connection off."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def break_off(self, length: int, carried: int) -> None:
        """Carry a part's beginning as a line does that breaks: announced whole, hung up in it."""
        self.line.cut_in_patch = None
        onward = http.client.HTTPConnection("127.0.0.1", self.line.server.port, timeout=60)
        onward.putrequest(self.command, self.path, skip_host=True)
        for key, value in self.headers.items():
            onward.putheader(key, value)
        onward.endheaders()
        onward.send(self.rfile.read(min(carried, length)))
        onward.sock.shutdown(socket.SHUT_WR)
        with suppress(OSError, http.client.HTTPException):
            onward.getresponse().read()
        onward.close()
        self.hang_up()

    do_GET = do_POST = do_PUT = do_PATCH = do_HEAD = do_DELETE = carry

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what went by stands in `Wire.seen`."""


Fault = Callable[[Carrier, int], None]
"""Does to one request what goes wrong with it; the number is the length of its body."""


@contextmanager
def running(server: Server, wire: Wire) -> Iterator[None]:
    """Server and wire up; both gone at the end."""
    server.start()
    wire.mend()
    try:
        yield
    finally:
        wire.cut()
        server.kill()
