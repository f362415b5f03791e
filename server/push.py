"""The push services of the browsers: which may be asked, and asking one to wake a browser.

A browser is woken without content: what is asked has no body, so no service carries one, and no key
of a browser is kept (RFC 8030). Who asks is signed (RFC 8292). What is then shown stands in
`push_worker.js`, and is the same for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from joserfc import jwt
from joserfc.jwk import ECKey
from joserfc.util import urlsafe_b64encode

from server.key_files import BadSettings, p256_key

WANTED = "OPPGANG_PUSH_"
KEY = "push.key"
"""The file in the key folder. Browsers are bound to it: with another, all turn it on anew."""
HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
"""The services of Chrome, Firefox, Safari and Edge."""
ENDPOINT_MAX = 1000
PATIENCE_S = (5, 10)
"""Seconds to connect, and between two bytes."""
LASTS = timedelta(hours=1)
"""How long a service keeps it for a browser that is away, and how long our signature is good."""
_HOST = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")
_ENDPOINT = re.compile(r"(https?)://([a-z0-9.-]+(?::[0-9]{1,5})?)/[!-~]*")


@dataclass(frozen=True)
class Push:
    """All that must be known before a push service is asked."""

    subject: str
    """Whom a service writes to when something is wrong: a `mailto:` or `https:` address."""
    hosts: tuple[str, ...]
    key: bytes = field(repr=False)
    """PEM (PKCS 8) of the P-256 key that signs who asks."""
    plain: bool = False
    """A line without TLS will do, for tests."""

    @property
    def public_key(self) -> str:
        """Give what a browser wants to know us by: the point, as base64url."""
        public = load_pem_private_key(self.key, password=None).public_key()
        return _text(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


class NotTaken(Exception):
    """The service did not take it; the text is the sort of trouble, no address."""


class Gone(NotTaken):
    """The browser can be woken there no more."""


def read_push(given: Mapping[str, str], keys: Path, make: bool) -> Push | None:
    """Read the settings, None without any; raises BadSettings. `make`: this is not production."""
    subject = given.get(f"{WANTED}SUBJECT") or ""
    if not subject:
        return None
    if not (subject.startswith(("mailto:", "https://")) and subject.isprintable()):
        raise BadSettings(f"{WANTED}SUBJECT must begin with mailto: or https://.")
    hosts = tuple((given.get(f"{WANTED}HOSTS") or "").replace(",", " ").split()) or HOSTS
    if not all(map(_HOST.fullmatch, hosts)):
        raise BadSettings(f"{WANTED}HOSTS must be names of hosts, or *. and a name.")
    return Push(subject, hosts, p256_key(keys / KEY, make), plain=make)


def is_allowed(push: Push, endpoint: str) -> bool:
    """Say whether an address is a push service's: what a browser says is believed no further."""
    found = _ENDPOINT.fullmatch(endpoint)
    if found is None or len(endpoint) > ENDPOINT_MAX:
        return False
    line, host = found.groups()
    return (line == "https" or push.plain) and any(_is(host, known) for known in push.hosts)


def wake(push: Push, endpoint: str, now: datetime) -> None:
    """Ask the service to wake one browser; raises Gone when there is none, else NotTaken."""

    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = _authorization(push, endpoint, now)
        return request

    if not is_allowed(push, endpoint):
        raise Gone("not_allowed")
    headers = {"TTL": str(int(LASTS.total_seconds())), "Urgency": "high"}
    try:
        with requests.post(
            endpoint,
            headers=headers,
            auth=sign,
            timeout=PATIENCE_S,
            allow_redirects=False,
            stream=True,
        ) as answer:
            status = answer.status_code
    except (requests.RequestException, ValueError) as trouble:
        raise NotTaken(type(trouble).__name__) from trouble
    if status in (404, 410):
        raise Gone(f"status {status}")
    if not 200 <= status < 300:
        raise NotTaken(f"status {status}")


def _authorization(push: Push, endpoint: str, now: datetime) -> str:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + LASTS).timestamp()),
        "sub": push.subject,
    }
    token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, ECKey.import_key(push.key))
    return f"vapid t={token}, k={push.public_key}"


def _is(host: str, known: str) -> bool:
    return host.endswith(known[1:]) if known.startswith("*") else host == known


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode()
