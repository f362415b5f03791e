"""A push service for tests: takes what it is asked, keeps it, and answers what it is told to."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from joserfc import jwt
from joserfc.jwk import ECKey
from joserfc.util import urlsafe_b64decode

from server.push import Push
from tests.serving import serving


@dataclass(frozen=True)
class Asked:
    """One thing that the service was asked."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def key(self) -> str:
        """Give the key that it is said to be signed with."""
        return self._said["k"]

    @property
    def claims(self) -> dict[str, object]:
        """Give what was signed, as any service reads it (RFC 8292); raises where it is not."""
        point = urlsafe_b64decode(self.key.encode())
        public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
        token = jwt.decode(self._said["t"], ECKey.import_key(public), algorithms=["ES256"])
        return dict(token.claims)

    @property
    def _said(self) -> dict[str, str]:
        scheme, _, rest = self.headers["authorization"].partition(" ")
        assert scheme == "vapid"
        pairs = [part.strip().partition("=") for part in rest.split(",")]
        return {name: value for name, _, value in pairs}


class Service(ThreadingHTTPServer):
    """Listens on a port of its own; `asked` is what came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.asked: list[Asked] = []
        self.answers = 201
        self.came = threading.Event()

    @property
    def host(self) -> str:
        """Give the host it listens on, and its port."""
        return f"127.0.0.1:{self.server_address[1]}"

    def endpoint(self, browser: str) -> str:
        """Give where a browser is woken."""
        return f"http://{self.host}/wake/{browser}"

    def known_as(self, key: bytes) -> Push:
        """Give settings that know this service and no other."""
        return Push("mailto:it@example.org", (self.host,), key, plain=True)


class _Talk(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        """Keep what is asked, and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append(Asked(self.path, headers, body))
        self.send_response(self.server.answers)
        self.send_header("Location", self.server.endpoint("elsewhere"))
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.came.set()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def push_service() -> AbstractContextManager[Service]:
    """Run a service for a block."""
    return serving(Service())
