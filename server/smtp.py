"""The municipality's mail server: how it is reached, and handing it one short message.

What is said is decided by whoever sends; nothing is read back but whether it was taken.
"""

from __future__ import annotations

import smtplib
import ssl
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from enum import StrEnum
from pathlib import Path

WANTED = "OPPGANG_SMTP_"
PASSWORD = "smtp.password"
"""The file in the key folder."""
PATIENCE_S = 15.0


class Line(StrEnum):
    """How the line to the mail server is closed to others."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


PORTS = {Line.STARTTLS: 587, Line.TLS: 465, Line.NONE: 25}


@dataclass(frozen=True)
class Smtp:
    """All that must be known of a mail server before it is spoken to."""

    host: str
    port: int
    line: Line
    sender: str
    login: str | None = None
    password: str = field(default="", repr=False)


class NotTaken(Exception):
    """The mail server did not take the message; the text is the sort of trouble, no address."""


def read_smtp(given: Mapping[str, str], keys: Path, plain: bool) -> Smtp | None:
    """Read the mail server's settings, None without any; raises ValueError with what to do.

    `plain`: a line without TLS will do, for tests and demonstrations.
    """
    host = given.get(f"{WANTED}HOST", "")
    if not host:
        return None
    try:
        line = Line(given.get(f"{WANTED}LINE") or Line.STARTTLS)
    except ValueError as bad:
        raise ValueError(f"{WANTED}LINE must be starttls, tls or none.") from bad
    if line is Line.NONE and not plain and host not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError(f"{WANTED}LINE=none is for a mail server on this machine alone.")
    port = given.get(f"{WANTED}PORT") or str(PORTS[line])
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        raise ValueError(f"{WANTED}PORT must be a number from 1 to 65535.")
    sender = given.get(f"{WANTED}FROM", "")
    if not is_address(sender):
        raise ValueError(f"{WANTED}FROM must be the address that messages come from.")
    login = given.get(f"{WANTED}LOGIN") or None
    return Smtp(host, int(port), line, sender, login, _password(keys / PASSWORD) if login else "")


def is_address(text: str) -> bool:
    """Say whether a text can be written to: one name, one host, nothing that ends a line."""
    name, at, host = text.partition("@")
    signs = text.isascii() and text.isprintable() and not set(text) & set(' <>"(),:;\\[]')
    ends = host and "@" not in host and not host.startswith(".") and not host.endswith(".")
    return bool(signs and name and at and ends and len(text) <= 254)


def hand_over(smtp: Smtp, to: str, subject: str, words: str) -> None:
    """Give the mail server one message; raises NotTaken."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = smtp.sender, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="oppgang.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words)
    try:
        with _reach(smtp) as server:
            if smtp.login is not None:
                server.login(smtp.login, smtp.password)
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as trouble:
        raise NotTaken(type(trouble).__name__) from trouble


def _reach(smtp: Smtp) -> smtplib.SMTP:
    safe = ssl.create_default_context()
    if smtp.line is Line.TLS:
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=PATIENCE_S, context=safe)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=PATIENCE_S)
    if smtp.line is Line.STARTTLS:
        try:
            server.starttls(context=safe)
        except BaseException:
            server.close()
            raise
    return server


def _password(path: Path) -> str:
    if not path.is_file():
        raise ValueError(f"{WANTED}LOGIN is set, but {path.name} is not in OPPGANG_KEYS.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ValueError(f"{path.name} can be read by others. Run chmod 600 on it.")
    return path.read_text("utf-8").strip()
