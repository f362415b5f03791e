"""A device that holds passkeys, for tests: answers a page's question as a browser would, or lies.

What it is told to say instead of the truth is said by name; it knows nothing of the server.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, SYNCS, BACKED_UP, NEW = 0x01, 0x04, 0x08, 0x10, 0x40
SOUND = PRESENT | VERIFIED


@dataclass
class Authenticator:
    """One key on one device."""

    origin: str = "http://localhost:8000"
    site: str = "localhost"
    count: int = 0
    flags: int = SOUND
    credential: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    user: str = ""
    """The handle that the server gave for its owner."""

    def make(self, asked: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """Make the key, and answer as `navigator.credentials.create` does."""
        self.user = asked["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: _whole(numbers.x), -3: _whole(numbers.y)}
        held = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential
        data = self._data(lies, NEW) + held + encode_cbor(lies.get("public", public))
        made = {"fmt": lies.get("fmt", "none"), "attStmt": {}, "authData": data}
        response = {
            "clientDataJSON": self._client("webauthn.create", asked, lies),
            "attestationObject": bytes_to_base64url(encode_cbor(made)),
            "transports": ["internal"],
        }
        return self._said(response)

    def answer(self, asked: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """Answer as `navigator.credentials.get` does; counts one up where it counts at all."""
        self.count += 1 if self.count else 0
        data, client = self._data(lies), self._client("webauthn.get", asked, lies)
        signed = data + hashlib.sha256(base64url_to_bytes(client)).digest()
        signature = self.key.sign(signed, ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": client,
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(signature),
            "userHandle": lies.get("user", self.user),
        }
        return self._said(response)

    def _data(self, lies: dict[str, Any], more: int = 0) -> bytes:
        site, flags = lies.get("site", self.site), lies.get("flags", self.flags) | more
        digest = hashlib.sha256(site.encode()).digest()
        return digest + bytes([flags]) + struct.pack(">I", lies.get("count", self.count))

    def _client(self, sort: str, asked: dict[str, Any], lies: dict[str, Any]) -> str:
        said = {
            "type": lies.get("sort", sort),
            "challenge": lies.get("challenge", asked["challenge"]),
            "origin": lies.get("origin", self.origin),
            "crossOrigin": lies.get("framed", False),
        }
        return bytes_to_base64url(json.dumps(said, separators=(",", ":")).encode())

    def _said(self, response: dict[str, Any]) -> dict[str, Any]:
        id = bytes_to_base64url(self.credential)
        return {
            "id": id,
            "rawId": id,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }


def _whole(number: int) -> bytes:
    return number.to_bytes(32, "big")
