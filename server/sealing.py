"""Sealed mutations: opens what a phone sealed to our key and checks which replica signed it.

HPKE (RFC 9180: P-256, HKDF-SHA256, AES-256-GCM) and ECDSA P-256; it may not touch the database.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

POINT_SIZE_BYTES = 65
SIGNATURE_SIZE_BYTES = 64
_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class BadSeal(Exception):
    """The parcel cannot be opened or was not signed by its replica."""


class AnotherKey(BadSeal):
    """The parcel was sealed to a key that is not here; whoever lays it back can open it."""


@dataclass(frozen=True)
class Parcel:
    """One sealed mutation as it travels; only the envelope can be read without our key."""

    mid: str
    replica: str
    n: int
    key: str
    enc: bytes
    ciphertext: bytes
    signature: bytes

    @property
    def info(self) -> bytes:
        """Give the words that the seal and the signature are bound to."""
        return f"oppgang/1|{self.mid}|{self.replica}|{self.n}|{self.key}".encode()


@dataclass(frozen=True)
class SealingKey:
    """The server's key pair for sealed mutations, known to phones by `id`.

    Those before it open what was sealed to them; nobody is told to seal to them any more.
    """

    private: ec.EllipticCurvePrivateKey
    id: str
    public: bytes
    before: tuple[SealingKey, ...] = ()

    def open(self, parcel: Parcel, signer: bytes | None) -> bytes:
        """Give the plain bytes of what its replica signed; nothing unsigned is ever opened.

        `signer`: the replica's public key (raw, 65 bytes), or None where there is no such replica.
        Raises AnotherKey, or BadSeal when it was changed or signed by another.
        """
        if signer is None:
            raise BadSeal("no such replica")
        _check_signature(parcel, signer)
        for each in (self, *self.before):
            if parcel.key == each.id:
                return opened(each.private, parcel.enc, parcel.ciphertext, parcel.info)
        raise AnotherKey("another key")


def opened(
    private: ec.EllipticCurvePrivateKey, enc: bytes, ciphertext: bytes, info: bytes
) -> bytes:
    """Give what was sealed to a key and bound to `info`; raises BadSeal."""
    try:
        plain: bytes = _SUITE.decrypt(enc + ciphertext, private, info=info)
    except (InvalidTag, ValueError) as bad:
        raise BadSeal("cannot be opened") from bad
    return plain


def sealing_key(pem: bytes, before: Iterable[bytes] = ()) -> SealingKey:
    """Read the sealing key; its id is the first 16 hex digits of its public point's SHA-256.

    `before`: the keys that it came after.
    """
    private = load_pem_private_key(pem, password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise ValueError("the sealing key must be a P-256 key")
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    id = hashlib.sha256(public).hexdigest()[:16]
    return SealingKey(private, id, public, tuple(sealing_key(each) for each in before))


def _check_signature(parcel: Parcel, public_key: bytes) -> None:
    """Raise BadSeal unless the replica's key (raw 65 bytes) signed exactly this parcel."""
    if len(parcel.signature) != SIGNATURE_SIZE_BYTES:
        raise BadSeal("a signature is 64 bytes")
    half = SIGNATURE_SIZE_BYTES // 2
    der = encode_dss_signature(
        int.from_bytes(parcel.signature[:half], "big"),
        int.from_bytes(parcel.signature[half:], "big"),
    )
    try:
        point(public_key).verify(
            der, parcel.info + parcel.enc + parcel.ciphertext, ec.ECDSA(SHA256())
        )
    except InvalidSignature as bad:
        raise BadSeal("signed by another") from bad
    except ValueError as bad:
        raise BadSeal("no key to check with") from bad


def point(raw: bytes) -> ec.EllipticCurvePublicKey:
    """Give the public key of a raw uncompressed P-256 point; raises ValueError when it is none."""
    if len(raw) != POINT_SIZE_BYTES:
        raise ValueError("a P-256 point is 65 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


def from_base64url(text: object) -> bytes:
    """Decode unpadded base64url strictly; raises ValueError."""
    if not isinstance(text, str) or not text.isascii() or "=" in text:
        raise ValueError("not base64url")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as bad:
        raise ValueError("not base64url") from bad
    if to_base64url(raw) != text:
        raise ValueError("not base64url")
    return raw


def to_base64url(raw: bytes) -> str:
    """Encode as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
