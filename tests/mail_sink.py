"""A mail server for tests: takes what it is handed, keeps it, and can be told to refuse."""

from __future__ import annotations

import socketserver
import threading
from contextlib import AbstractContextManager
from email import message_from_bytes
from email.message import Message

from tests.serving import serving


class Sink(socketserver.ThreadingTCPServer):
    """Listens on a port of its own; `taken` is what came, by address."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[tuple[str, Message]] = []
        self.refuses = False
        self.came = threading.Event()

    @property
    def port(self) -> int:
        """Give the port it listens on."""
        return int(self.server_address[1])

    def take(self, to: str, raw: bytes) -> None:
        """Keep one message."""
        self.taken.append((to, message_from_bytes(raw)))
        self.came.set()


class _Talk(socketserver.StreamRequestHandler):
    """One conversation, as far as a plain client needs it."""

    server: Sink

    def handle(self) -> None:
        """Answer each line until the client goes."""
        self._say("220 sink")
        to = ""
        while line := self.rfile.readline().decode("ascii").strip():
            word = line.partition(" ")[0].upper()
            if word == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                self._say("451 not now" if self.server.refuses else "250 ok")
            elif word == "DATA":
                self._say("354 go on")
                self.server.take(to, self._read())
                self._say("250 ok")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _read(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode("ascii"))


def mail_sink() -> AbstractContextManager[Sink]:
    """Run a sink for a block."""
    return serving(Sink())
