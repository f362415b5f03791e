"""Proof that the two logs are whole: signed checkpoints outside the database, and verification.

A checkpoint says how far the ledger and the access log had come, and the links there. It lies
beside the backups and goes to syslog; copied off the machine, it tells what was cut away since.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.orm import Session

from server import access_log, access_seen, acts, append_only, ledger, ledger_chain
from server.config import Settings
from server.database import Database, incarnation
from server.shapes import write_instant

NAME = "checkpoints.jsonl"
SYSLOG_NOTICE = 13 * 8 + 5
"""Facility «log audit», severity «notice» (RFC 5424)."""
LOGS = ("ledger", "access")
_log = structlog.get_logger("oppgang.audit")
VERIFIED = "logs_verified"
WHOLE = "The ledger and the access log are whole, and every checkpoint fits."


@dataclass(frozen=True)
class Verdict:
    """What a verification found."""

    faults: tuple[str, ...]
    checkpoints: int
    positions: dict[str, int]


def file_of(settings: Settings) -> Path:
    """Give the file's place: beside the backups, so that it is copied off the machine with them."""
    return settings.data / "backups" / NAME


def public_key(settings: Settings) -> str:
    """Give the key that checkpoints are verified with, as hexadecimal digits; keep it elsewhere."""
    return _key(settings).public_key().public_bytes_raw().hex()


def write_checkpoint(
    database: Database, settings: Settings, now: datetime, *, restored: bool = False
) -> bool:
    """Sign how far both logs have come, into the file and to syslog; False when nothing is new.

    `restored`: the database was laid back from a backup, and what was signed beyond it is gone.
    """
    with database.reading() as session:
        said = _state(session)
    last = _last(file_of(settings))
    if last is not None and not restored and {k: last.get(k) for k in said} == said:
        return False
    whole = {**said, "at": write_instant(now), "restored": restored}
    line = _signed(_key(settings), whole)
    _add(file_of(settings), line)
    if settings.syslog:
        _tell(settings.syslog, line)
    return True


def verify(session: Session, settings: Settings) -> Verdict:
    """Follow both chains and compare them with every checkpoint; reads every row.

    Each sentence names the first row that is not as it was written.
    """
    faults = [
        f"The trigger {name} is not in the database: rows could be changed."
        for name in append_only.missing(session.connection())
    ]
    if (at := ledger.first_break(session)) is not None:
        faults.append(f"Ledger: the first bad row is at position {at}.")
    if (at := ledger_chain.first_altered(session)) is not None:
        faults.append(f"Ledger: what was sent at position {at} is not what its digest says.")
    if (at := access_log.first_break(session)) is not None:
        faults.append(f"Access log: the first bad row is at position {at}.")
    if (said := access_seen.fault(session)) is not None:
        faults.append(said)
    standing, bad = _read(file_of(settings), _key(settings).public_key())
    faults += bad
    faults += [fault for each in standing if (fault := _amiss(session, each))]
    state = _state(session)
    return Verdict(tuple(faults), len(standing), {log: state[log][0] for log in LOGS})


def sign_the_logs(database: Database, settings: Settings, now: datetime) -> None:
    """Sign how far the ledger and the access log have come, when they have come further."""
    if write_checkpoint(database, settings, now):
        _log.info("checkpoint_signed")


def verify_the_logs(database: Database, settings: Settings, now: datetime) -> None:
    """Follow both logs row by row, and write down what came of it for the office to see."""
    with database.reading() as session:
        found = verify(session, settings)
    note_verdict(database, found, "server", now)
    if found.faults:
        _log.error("logs_not_whole", faults=list(found.faults))


def note_verdict(database: Database, found: Verdict, by: str, now: datetime) -> None:
    """Write down what a verification found."""
    with database.writing() as session:
        acts.note(
            session, VERIFIED, by, now, None, faults=list(found.faults), at=dict(found.positions)
        )


def _state(session: Session) -> dict[str, Any]:
    position, chain = access_log.head(session)
    return {
        "incarnation": incarnation(session),
        "ledger": list(ledger_chain.head(session)),
        "access": [position, chain],
    }


def _amiss(session: Session, said: dict[str, Any]) -> str | None:
    """Give a sentence when the database no longer says what a checkpoint does."""
    for log, link_at in (("ledger", ledger_chain.link_at), ("access", access_log.link_at)):
        position, chain = said[log]
        if link_at(session, position) != chain:
            name = {"ledger": "Ledger", "access": "Access log"}[log]
            return (
                f"{name}: the row at position {position} is not the one that was signed "
                f"{said['at']}; rows up to it were changed or taken away."
            )
    return None


def _read(path: Path, key: Ed25519PublicKey) -> tuple[list[dict[str, Any]], list[str]]:
    """Give the checkpoints that must still fit, and a sentence for each line nobody here signed.

    What was signed beyond a restored backup went with the restore, and counts no more.
    """
    standing: list[dict[str, Any]] = []
    bad: list[str] = []
    for number, line in enumerate(_lines(path), 1):
        said = _opened(line, key)
        if said is None:
            bad.append(f"{NAME}, line {number}: the signature does not fit.")
            continue
        if said["restored"]:
            standing = [each for each in standing if _within(each, said)]
        standing.append(said)
    return standing, bad


def _within(early: dict[str, Any], late: dict[str, Any]) -> bool:
    return all(early[log][0] <= late[log][0] for log in LOGS)


def _signed(key: Ed25519PrivateKey, said: dict[str, Any]) -> bytes:
    body = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return orjson.dumps({"said": body.decode(), "signature": key.sign(body).hex()})


def _opened(line: bytes, key: Ed25519PublicKey) -> dict[str, Any] | None:
    try:
        outer = orjson.loads(line)
        key.verify(bytes.fromhex(outer["signature"]), outer["said"].encode())
        said: dict[str, Any] = orjson.loads(outer["said"])
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature):
        return None
    return said


def _key(settings: Settings) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(settings.secret("audit checkpoints"))


def _lines(path: Path) -> Iterator[bytes]:
    if path.exists():
        yield from filter(None, path.read_bytes().splitlines())


def _last(path: Path) -> dict[str, Any] | None:
    *_, last = (b"", *_lines(path))
    try:
        said: dict[str, Any] = orjson.loads(orjson.loads(last)["said"]) if last else {}
    except (ValueError, KeyError, TypeError):
        return None
    return said or None


def _add(path: Path, line: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)


def _tell(where: str, line: bytes) -> None:
    """Send a line to syslog: a socket in the file system, or HOST:PORT by UDP."""
    message = f"<{SYSLOG_NOTICE}>oppgang-audit: ".encode() + line
    if where.startswith("/"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as there:
            there.sendto(message, where)
        return
    host, _, port = where.rpartition(":")
    family, kind, _, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind) as there:
        there.sendto(message, address)
