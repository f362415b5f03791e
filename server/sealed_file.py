"""An encrypted file of any length, written and read in pieces; it knows nothing of what is inside.

Each piece is sealed with AES-256-GCM under a key of the file's own. The piece's number and whether
it is the last are part of what is authenticated, so that no cut, swap or repeat goes unseen.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"oppgang sealed file 1\n"
SALT_SIZE_BYTES = 32
PIECE_SIZE_BYTES = 1 << 20
TAG_SIZE_BYTES = 16


class NotOurs(Exception):
    """The file is not one of these at all."""


class WrongKey(Exception):
    """The first piece opens with none of the keys, or its beginning was changed."""


class Damaged(Exception):
    """A later piece does not open, or the file ends too early."""


class SealedWriter:
    """Write bytes of any size; `close` writes the last piece, which every reader waits for."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        salt = os.urandom(SALT_SIZE_BYTES)
        self._file, self._cipher, self._number = file, _cipher(key, salt), 0
        self._waiting = bytearray()
        file.write(MAGIC + salt)

    def write(self, part: bytes) -> None:
        """Add bytes; whole pieces go to the file at once."""
        self._waiting += part
        while len(self._waiting) > PIECE_SIZE_BYTES:
            self._seal(bytes(self._waiting[:PIECE_SIZE_BYTES]), last=False)
            del self._waiting[:PIECE_SIZE_BYTES]

    def close(self) -> None:
        """Write what is left as the last piece."""
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, piece: bytes, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number), piece, _bound(last)))
        self._number += 1


def pieces(file: BinaryIO, *keys: bytes) -> Iterator[bytes]:
    """Give the opened pieces in order, by the first key that opens them; raises NotOurs, WrongKey
    or Damaged.
    """
    beginning = file.read(len(MAGIC) + SALT_SIZE_BYTES)
    if len(beginning) < len(MAGIC) + SALT_SIZE_BYTES or not beginning.startswith(MAGIC):
        raise NotOurs
    sealed, number = _read_piece(file), 0
    if len(sealed) < TAG_SIZE_BYTES:
        raise Damaged
    ciphers = (_cipher(key, beginning[len(MAGIC) :]) for key in keys)
    cipher = next((each for each in ciphers if _opens(each, sealed)), None)
    if cipher is None:
        raise WrongKey
    while True:
        coming = _read_piece(file)
        try:
            yield cipher.decrypt(_nonce(number), sealed, _bound(last=not coming))
        except InvalidTag as error:
            raise Damaged from error
        if not coming:
            return
        sealed, number = coming, number + 1


def lines(file: BinaryIO, *keys: bytes) -> Iterator[bytes]:
    """Give the opened text line by line, without the line ends."""
    rest = b""
    for piece in pieces(file, *keys):
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _opens(cipher: AESGCM, sealed: bytes) -> bool:
    """Whether a first piece is this key's, and the last or not: a file may have been cut."""
    for last in (False, True):
        try:
            cipher.decrypt(_nonce(0), sealed, _bound(last))
        except InvalidTag:
            continue
        return True
    return False


def _read_piece(file: BinaryIO) -> bytes:
    return file.read(PIECE_SIZE_BYTES + TAG_SIZE_BYTES)


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    own = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"oppgang/sealed file/1")
    return AESGCM(own.derive(key))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(last: bool) -> bytes:
    return b"last" if last else b"more"
