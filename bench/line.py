"""One kept-alive connection to a server on loopback, and a count of what goes over it.

It knows nothing of what is said. Headers count, as near as http.client shows them.
"""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Mapping
from dataclasses import dataclass

import zstandard

REQUEST_LINE_BYTES, STATUS_LINE_BYTES = 60, 17
HEADER_BYTES = 4
"""`: ` and the end of the line."""
TIMEOUT_S = 120


@dataclass
class Line:
    """A connection that is opened when it is needed; bytes are counted as they travel, packed."""

    port: int
    bytes_in: int = 0
    bytes_out: int = 0
    requests: int = 0
    _open: http.client.HTTPConnection | None = None

    def ask(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """One request; the answer, and its content unpacked, whatever its status."""
        answer, content = self._exchange(method, path, body, dict(headers))
        self.requests += 1
        self.bytes_out += len(body) + REQUEST_LINE_BYTES + size(list(headers.items()))
        self.bytes_in += len(content) + STATUS_LINE_BYTES + size(answer.getheaders())
        return answer, unpacked(content, answer.headers.get("Content-Encoding"))

    def hang_up(self) -> None:
        """Close the connection, so that the next round may be another thread's."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _exchange(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Send and read; on a connection that lay idle and was closed meanwhile, once more.

        A server lets idle connections go, and a browser then opens another without a word.
        """
        idle = self._open
        try:
            return self._send(method, path, body, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.hang_up()
            if idle is None:
                raise
            return self._send(method, path, body, headers)

    def _send(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        if self._open is None:
            self._open = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        self._open.request(method, path, body, headers)
        answer = self._open.getresponse()
        return answer, answer.read()


def size(headers: list[tuple[str, str]]) -> int:
    """Bytes of these headers on the wire."""
    return sum(len(name) + len(value) + HEADER_BYTES for name, value in headers)


def unpacked(content: bytes, encoding: str | None) -> bytes:
    """What was sent, before it was packed."""
    if encoding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(content)
    return gzip.decompress(content) if encoding == "gzip" else content
