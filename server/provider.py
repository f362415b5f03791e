"""Which provider a municipality logs in by, and what its groups may do here; read, never asked.

It knows the environment and the key folder, and nothing of the network.
"""

from __future__ import annotations

import csv
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from server.roles import Role

SECRET, KEY = "oidc.secret", "oidc.key"
"""The files in the key folder: what the provider gave us, or the private key it knows us by."""
WANTED = "OPPGANG_OIDC_"


@dataclass(frozen=True)
class GroupRole:
    """One line of the table: who is in the group has the role, in one area or everywhere."""

    group: str
    role: Role
    area: str | None
    """The area's name; None is the whole organisation."""


@dataclass(frozen=True)
class Provider:
    """All that must be known of an OpenID provider before it is asked."""

    name: str
    """What people call it: «Logg inn med {name}»."""
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    """The client secret, or the private key in PEM."""
    signs: bool
    """Whether `secret` is a private key that we sign with (private_key_jwt)."""
    tenant: str | None
    acr: tuple[str, ...]
    """The levels that are good enough; empty takes any."""
    scope: str
    groups_claim: str
    roles: tuple[GroupRole, ...]
    """Empty: the directory lets nobody in by itself, and roles are given in the office."""
    back_within: timedelta
    """Who has not logged in for so long has left."""


def read_provider(given: Mapping[str, str], keys: Path, plain: bool) -> Provider | None:
    """Read the provider's settings, None without any; raises ValueError with what to do.

    `plain`: an address without TLS will do, for tests and demonstrations.
    """
    issuer = given.get(f"{WANTED}ISSUER", "")
    if not issuer:
        return None
    where = urlsplit(issuer)
    if not where.hostname or where.scheme not in (("https", "http") if plain else ("https",)):
        raise ValueError(f"{WANTED}ISSUER must be an address that starts with https://.")
    if not given.get(f"{WANTED}CLIENT_ID"):
        raise ValueError(f"{WANTED}CLIENT_ID must be set when {WANTED}ISSUER is.")
    signs = (keys / KEY).is_file()
    days = given.get(f"{WANTED}BACK_WITHIN_DAYS", "30")
    if not days.isascii() or not days.isdigit() or not 1 <= int(days) <= 400:
        raise ValueError(f"{WANTED}BACK_WITHIN_DAYS must be a number of days from 1 to 400.")
    table = given.get(f"{WANTED}ROLES")
    return Provider(
        name=given.get(f"{WANTED}NAME", "") or where.hostname,
        issuer=issuer,
        client_id=given[f"{WANTED}CLIENT_ID"],
        secret=_secret(keys / (KEY if signs else SECRET)),
        signs=signs,
        tenant=given.get(f"{WANTED}TENANT") or None,
        acr=tuple(given.get(f"{WANTED}ACR", "").split()),
        scope=given.get(f"{WANTED}SCOPE", "openid profile"),
        groups_claim=given.get(f"{WANTED}GROUPS_CLAIM", "groups"),
        roles=_roles(Path(table)) if table else (),
        back_within=timedelta(days=int(days)),
    )


def _secret(path: Path) -> str:
    if not path.is_file():
        raise ValueError(f"Neither {KEY} nor {SECRET} is in OPPGANG_KEYS. Put one of them there.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ValueError(f"{path.name} can be read by others. Run chmod 600 on it.")
    said = path.read_text("ascii").strip()
    if not said:
        raise ValueError(f"{path.name} is empty.")
    return said


def _roles(path: Path) -> tuple[GroupRole, ...]:
    """Read the table `group,role,area`; lines that begin with # are for people."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as bad:
        raise ValueError(f"{WANTED}ROLES: {path.name} cannot be read.") from bad
    return tuple(
        _role(path.name, number, line)
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    )


def _role(name: str, number: int, line: str) -> GroupRole:
    cells = [cell.strip() for cell in next(csv.reader([line]))]
    group, role, area = (*cells, "", "")[:3]
    if not group or len(cells) > 3 or role not in {each.value for each in Role}:
        known = ", ".join(each.value for each in Role)
        raise ValueError(f"{name}, line {number}: write group,role,area. The roles are: {known}.")
    if role in (Role.ADMIN.value, Role.PRIVACY.value) and area:
        raise ValueError(f"{name}, line {number}: {role} has the whole organisation; no area.")
    return GroupRole(group, Role(role), area or None)
