"""The way back from the provider: what it sent is checked to the end, and a login begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server import people
from server.config import Settings
from server.database import Database
from server.oidc import seats
from server.oidc.arriving import arrive, user_of
from server.oidc.attempts import Attempt, Pairs, Purpose, kept_in, take
from server.oidc.claims import LEEWAY, Person, person
from server.oidc.refusals import Away, Refused
from server.oidc.wire import Wire
from server.people import STEP_UP
from server.security_log import Seen, tell

CODE_MAX = 4_096
STOPPED = frozenset({"access_denied", "login_required", "interaction_required"})
"""What a provider says when the person themselves went no further."""


@dataclass(frozen=True)
class Entered:
    """A login that succeeded: its token, and where the person was going with what."""

    token: str
    target: str
    kept: Pairs


class Stopped(Exception):
    """A login that ended on the way; `trouble` says why, and what was typed is still here."""

    def __init__(self, trouble: Refused | Away, attempt: Attempt) -> None:
        super().__init__(trouble.why)
        self.trouble = trouble
        self.target, self.kept = attempt.target, kept_in(attempt)


def finish(
    database: Database,
    settings: Settings,
    wire: Wire,
    said: Mapping[str, str],
    browser: str,
    came: people.Came,
    now: datetime,
) -> Entered:
    """Let somebody in who came back with `said`; raises Refused before, Stopped after the state.

    The attempt is spent first and for good: the same answer is never good twice.
    """
    attempt = take(database, said.get("state", ""), browser, now)
    try:
        user = _user(database, settings, wire, said, attempt, now)
    except (Refused, Away) as trouble:
        raise Stopped(trouble, attempt) from trouble
    with database.writing() as session:
        way, old = people.Way.DIRECTORY, attempt.login_sha256
        token = people.open_session(session, user, now, way, came.agent, old=old)
    tell(Seen.LOGIN, way=people.Way.DIRECTORY, user=user, address=came.address)
    return Entered(token, attempt.target, kept_in(attempt))


def _user(
    database: Database,
    settings: Settings,
    wire: Wire,
    said: Mapping[str, str],
    attempt: Attempt,
    now: datetime,
) -> str:
    code = _code(wire, said, now)
    claims, again = wire.exchange(code, attempt.verifier, attempt.nonce, now)
    who = person(claims, wire.provider)
    user = _known(database, settings, wire, who, attempt, now)
    with database.writing() as session:
        issuer = wire.provider.issuer
        seat = seats.sit(session, issuer, who.subject, user, now)
        seats.keep_token(settings, seat, again)
    return user


def _code(wire: Wire, said: Mapping[str, str], now: datetime) -> str:
    by = said.get("iss")
    if (by is None and wire.says_issuer(now)) or by not in (None, wire.provider.issuer):
        raise Refused("answer_of_another")
    if "error" in said:
        stopped = said["error"] in STOPPED
        raise Refused("stopped" if stopped else "error", "login_stopped")
    code = said.get("code", "")
    if not 0 < len(code) <= CODE_MAX:
        raise Refused("no_code")
    return code


def _known(
    database: Database, settings: Settings, wire: Wire, who: Person, attempt: Attempt, now: datetime
) -> str:
    provider = wire.provider
    if attempt.purpose == Purpose.AGAIN:
        if user_of(database, provider, who.subject) != attempt.user:
            raise Refused("another_person", "login_other_person")
        at = who.authenticated_at
        if at is None or now - at > STEP_UP + LEEWAY:
            raise Refused("not_anew")
    return arrive(database, settings, provider, who, now)
