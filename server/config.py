"""Settings: one frozen value read from the environment; it refuses bad or default secrets.

It may read the environment and the key folder, and knows nothing of Flask or of the database.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from server.key_files import BadSettings, p256_key, symmetric_key
from server.provider import Provider, read_provider
from server.push import Push, read_push
from server.smtp import Smtp, read_smtp

__all__ = ["BadSettings", "Mode", "Settings", "read_settings"]

Part = TypeVar("Part")
PROXIES_MAX = 9
LEASE_DAYS, LEASE_DAYS_MAX = 3, 14
SMALLEST_FIGURE, SMALLEST_FIGURE_MIN, SMALLEST_FIGURE_MAX = 5, 3, 100
GUESSED_PASSWORDS = frozenset(
    {"", "admin", "changeme", "example", "oppgang", "passord", "password", "postgres", "secret"}
)


class Mode(StrEnum):
    """How the server is run: shown to visitors, used for real, or under test."""

    DEMO = "demo"
    PRODUCTION = "production"
    TEST = "test"


@dataclass(frozen=True)
class Settings:
    """Everything the server must be told before it starts."""

    mode: Mode
    data: Path
    keys: Path
    database_url: str
    origin: str
    database_key: bytes = field(repr=False)
    """32 raw bytes: the key of the encrypted SQLite file, and the root of `secret`."""
    sealing_key: bytes = field(repr=False)
    """PEM (PKCS 8) of the P-256 key that opens sealed mutations."""
    backup_key: bytes = field(repr=False)
    """32 raw bytes: the key of the backups, and the root of the key of attachments."""
    sealing_keys_before: tuple[bytes, ...] = field(default=(), repr=False)
    """Keys that phones sealed to before the key was changed: their oldest work may still come."""
    backup_keys_before: tuple[bytes, ...] = field(default=(), repr=False)
    """Keys that backups were made with before the key was changed, while those are kept."""
    telephone: str | None = None
    """Whom a phone says to call first when life or health is at stake."""
    own_words: tuple[str, ...] = ()
    """What anybody would guess a password here from: our address, and what the operator adds."""
    conceals: bool = True
    """Does what a party to a conflict said leave the phones at midnight?"""
    lease_days: int = LEASE_DAYS
    """So many working days a phone may be read without contact; 0 is only with a network."""
    imports: Path | None = None
    """The folder where other systems lay files to be brought in each night."""
    archive: Path | None = None
    """The folder where packages for the archive are laid that the office orders."""
    trusted_proxies: int = 0
    """How many proxies in front are ours: so many of the addresses they add are believed."""
    code_required: bool = False
    """Whether everybody who logs in by password must show a code too."""
    syslog: str | None = None
    """Where signed checkpoints of the logs go too: a socket's path, or HOST:PORT."""
    provider: Provider | None = None
    """The municipality's own login, when it has one."""
    security_contact: str | None = None
    """Whom somebody tells who has found a weakness: a `mailto:` or `https:` address."""
    smtp: Smtp | None = None
    """The mail server that takes warnings, when there is one."""
    push: Push | None = None
    """What browsers are woken by, when the municipality wants it."""
    smallest_figure: int = SMALLEST_FIGURE
    """Counts of people below this are hidden in reports."""

    @property
    def attachments(self) -> Path:
        """Give the folder of the pictures' bytes."""
        return self.data / "attachments"

    @property
    def backup_keys(self) -> tuple[bytes, ...]:
        """Give the keys that backups and pictures may be sealed with: the one in use first."""
        return (self.backup_key, *self.backup_keys_before)

    @property
    def demo(self) -> bool:
        """Say whether every page must be marked as a demonstration."""
        return self.mode is Mode.DEMO

    @property
    def production(self) -> bool:
        """Say whether cookies must be Secure and shortcuts are closed."""
        return self.mode is Mode.PRODUCTION

    def secret(self, purpose: str) -> bytes:
        """Derive 32 bytes for one named purpose, so that no key serves two ends."""
        return hmac.digest(self.database_key, f"oppgang/{purpose}".encode(), "sha256")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings; raises BadSettings with a sentence that says what to do."""
    given = os.environ if environment is None else environment
    try:
        mode = Mode(given.get("OPPGANG_MODE", Mode.DEMO))
    except ValueError as bad:
        raise BadSettings("OPPGANG_MODE must be demo, production or test.") from bad
    data = Path(given.get("OPPGANG_DATA", "var")).resolve()
    keys = Path(given.get("OPPGANG_KEYS", data / "keys")).resolve()
    url = given.get("OPPGANG_DATABASE_URL", f"sqlite:///{data / 'oppgang.db'}")
    origin = given.get("OPPGANG_ORIGIN", "http://localhost:8000").rstrip("/")
    if mode is Mode.PRODUCTION:
        _refuse_weak_production(given, url, origin)
    make = mode is not Mode.PRODUCTION
    settings = Settings(
        mode=mode,
        data=data,
        keys=keys,
        database_url=url,
        origin=origin,
        database_key=symmetric_key(keys / "db.key", make),
        sealing_key=p256_key(keys / "sealing.key", make),
        sealing_keys_before=tuple(
            p256_key(path, make=False) for path in sorted(keys.glob("sealing-*.key"))
        ),
        backup_key=symmetric_key(keys / "backup.key", make),
        backup_keys_before=tuple(
            symmetric_key(path, make=False) for path in sorted(keys.glob("backup-*.key"))
        ),
        telephone=given.get("OPPGANG_TELEPHONE") or ("900 00 000" if make else None),
        own_words=(*origin.partition("://")[2].split("."), given.get("OPPGANG_OWN_WORDS") or ""),
        conceals=_yes_or_no(given, "OPPGANG_CONCEAL", "yes"),
        lease_days=_number(given, "OPPGANG_LEASE_DAYS", LEASE_DAYS, 0, LEASE_DAYS_MAX),
        imports=_folder(given, "OPPGANG_IMPORTS"),
        archive=_folder(given, "OPPGANG_ARCHIVE"),
        code_required=_code_required(given.get("OPPGANG_SECOND_FACTOR") or "offered"),
        syslog=_syslog(given.get("OPPGANG_SYSLOG") or ""),
        trusted_proxies=_number(given, "OPPGANG_TRUSTED_PROXIES", 0, 0, PROXIES_MAX),
        security_contact=_security_contact(given.get("OPPGANG_SECURITY_CONTACT") or ""),
        provider=_said(lambda: read_provider(given, keys, make)),
        smtp=_said(lambda: read_smtp(given, keys, make)),
        push=read_push(given, keys, make),
        smallest_figure=_number(
            given,
            "OPPGANG_SMALLEST_FIGURE",
            SMALLEST_FIGURE,
            SMALLEST_FIGURE_MIN,
            SMALLEST_FIGURE_MAX,
        ),
    )
    if settings.database_key == settings.backup_key:
        raise BadSettings("db.key and backup.key are the same. Make a key of its own for each.")
    return settings


def _folder(given: Mapping[str, str], name: str) -> Path | None:
    return Path(given[name]).resolve() if given.get(name) else None


def _yes_or_no(given: Mapping[str, str], name: str, otherwise: str) -> bool:
    said = given.get(name) or otherwise
    if said not in ("yes", "no"):
        raise BadSettings(f"{name} must be yes or no.")
    return said == "yes"


def _said(read: Callable[[], Part]) -> Part:
    """Read what has a reader of its own, and say its trouble as ours."""
    try:
        return read()
    except ValueError as bad:
        raise BadSettings(str(bad)) from bad


def _refuse_weak_production(given: Mapping[str, str], url: str, origin: str) -> None:
    for name in ("OPPGANG_DATA", "OPPGANG_KEYS", "OPPGANG_ORIGIN", "OPPGANG_TRUSTED_PROXIES"):
        if not given.get(name):
            raise BadSettings(f"{name} must be set in production.")
    if not origin.startswith("https://"):
        raise BadSettings("OPPGANG_ORIGIN must start with https:// in production.")
    if given.get("OPPGANG_ESCROW") != "confirmed":
        raise BadSettings(
            "A lost key is total loss. Put copies of the keys in escrow, apart from the backups, "
            "and set OPPGANG_ESCROW=confirmed."
        )
    if not url.startswith("sqlite"):
        password = unquote(urlsplit(url).password or "")
        if password.lower() in GUESSED_PASSWORDS or len(password) < 12:
            raise BadSettings("The database password is missing, short or easily guessed.")
        _refuse_open_line(url)


def _refuse_open_line(url: str) -> None:
    """Let PostgreSQL be reached by a socket of this machine, or a line that knows who answers."""
    parts, asked = urlsplit(url), parse_qs(urlsplit(url).query)
    hosts = asked.get("host", []) + asked.get("hostaddr", []) or [parts.hostname or ""]
    by_socket = all(not host or unquote(host).startswith("/") for host in hosts)
    if not by_socket and set(asked.get("sslmode", [])) != {"verify-full"}:
        raise BadSettings(
            "OPPGANG_DATABASE_URL must say sslmode=verify-full (with sslrootcert=… when the "
            "certificate is your own), or reach PostgreSQL by a socket: ?host=/var/run/postgresql."
        )


def _security_contact(text: str) -> str | None:
    if text and not (text.startswith(("mailto:", "https://")) and text.isprintable()):
        raise BadSettings("OPPGANG_SECURITY_CONTACT must begin with mailto: or https://.")
    return text or None


def _number(given: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = given.get(name) or str(usual)
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and least <= int(text) <= most):
        raise BadSettings(f"{name} must be a number from {least} to {most}.")
    return int(text)


def _code_required(text: str) -> bool:
    if text not in ("offered", "required"):
        raise BadSettings("OPPGANG_SECOND_FACTOR must be offered or required.")
    return text == "required"


def _syslog(text: str) -> str | None:
    host, _, port = text.rpartition(":")
    if text and not text.startswith("/") and not (host and port.isascii() and port.isdecimal()):
        raise BadSettings("OPPGANG_SYSLOG must be HOST:PORT, or the path of a socket: /dev/log.")
    return text or None
