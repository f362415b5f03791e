"""What a guard at the gate would write down: who came in, who did not, and what was tried.

Lines of JSON for a SIEM: ids, codes and the address of the network; never a name, a password, what
was typed, or what a record says.
"""

from __future__ import annotations

from enum import StrEnum

import structlog

_log = structlog.get_logger("oppgang.security")


class Seen(StrEnum):
    """What happened; `docs/operations.md` says what each is."""

    LOGIN = "login"
    LOGIN_FAILED = "login_failed"
    LOGIN_THROTTLED = "login_throttled"
    FORBIDDEN = "forbidden"
    BYPASS = "bypass"
    ACT = "act"


OF_PROBLEMS = {
    "no_access": Seen.FORBIDDEN,
    "wrong_user": Seen.FORBIDDEN,
    "device_revoked": Seen.FORBIDDEN,
    "token_unknown": Seen.FORBIDDEN,
    "forged": Seen.BYPASS,
    "unreadable": Seen.BYPASS,
    "lease_unopenable": Seen.BYPASS,
    "media_type": Seen.BYPASS,
    "method": Seen.BYPASS,
    "too_large": Seen.BYPASS,
    "throttled": Seen.BYPASS,
}
"""What each refusal is to a guard; the rest is everyday."""


def tell(seen: Seen, **said: str | None) -> None:
    """Write one line; what is not known is left out."""
    known = {name: value for name, value in said.items() if value is not None}
    if seen in (Seen.LOGIN, Seen.ACT):
        _log.info("security", seen=seen.value, **known)
    else:
        _log.warning("security", seen=seen.value, **known)


def tell_problem(code: str, **said: str | None) -> None:
    """Write a line for a request that was refused, when a guard would."""
    if code in OF_PROBLEMS:
        tell(OF_PROBLEMS[code], code=code, **said)
