"""The key files: read where they are sound, made where they may be, and changed for new ones.

A key is a file that its owner alone can open. What is in one is never told.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

KEY_SIZE_BYTES = 32


class BadSettings(Exception):
    """The settings cannot be used; the text says which one and what to do."""


def symmetric_key(path: Path, make: bool) -> bytes:
    """Give the 32 bytes of a key file; raises BadSettings, in words, when it is none."""
    text = _read_or_make(path, make, _new_symmetric_key)
    try:
        key = bytes.fromhex(text.strip())
    except ValueError as bad:
        raise BadSettings(f"{path.name} must hold 64 hexadecimal digits.") from bad
    if len(key) != KEY_SIZE_BYTES or len(set(key)) < KEY_SIZE_BYTES // 4:
        raise BadSettings(f"{path.name} must hold {KEY_SIZE_BYTES} random bytes as hexadecimal.")
    return key


def p256_key(path: Path, make: bool) -> bytes:
    """Give the PEM of a P-256 key file; raises BadSettings, in words, when it is none."""
    text = _read_or_make(path, make, _new_p256_key)
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except ValueError as bad:
        raise BadSettings(f"{path.name} must hold a private key in PEM.") from bad
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise BadSettings(f"{path.name} must hold a P-256 private key.")
    return text.encode()


def rotate_sealing_key(keys: Path, id: str) -> Path:
    """Set a new sealing key in place of the one of this id, which is kept to open with."""
    return _rotate(keys, "sealing", id, _new_p256_key())


def rotate_backup_key(keys: Path) -> Path:
    """Set a new backup key in place of the one in use, which is kept to open with."""
    id = hashlib.sha256(b"oppgang/backup key/" + (keys / "backup.key").read_bytes()).hexdigest()
    return _rotate(keys, "backup", id[:8], _new_symmetric_key())


def _rotate(keys: Path, name: str, id: str, new: str) -> Path:
    """The old one has its new name before the new one is there, so that neither is ever missing."""
    old, kept = keys / f"{name}.key", keys / f"{name}-{id}.key"
    with suppress(FileExistsError):
        os.link(old, kept)
    fresh = keys / f".{name}.{secrets.token_hex(8)}"
    _make(fresh, new)
    fresh.replace(old)
    return kept


def _new_symmetric_key() -> str:
    return secrets.token_hex(KEY_SIZE_BYTES)


def _new_p256_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _read_or_make(path: Path, make: bool, new: Callable[[], str]) -> str:
    if make and not path.exists():
        _make(path, new())
    if not path.is_file():
        raise BadSettings(f"The key {path.name} is missing from OPPGANG_KEYS.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadSettings(f"{path.name} can be read by others. Run chmod 600 on it.")
    return path.read_text("ascii")


def _make(path: Path, text: str) -> None:
    """Write a new key whole or not at all; of two processes that start at once, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
