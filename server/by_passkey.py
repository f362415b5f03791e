"""Logging in by a passkey where there is no directory: WebAuthn, asked and answered by a page.

A passkey is two things at once, the device and the thumb that opens it, so no code is asked for.
Why an answer was refused is for the log alone: the screen says the same for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from server import acts, emergency, people, strict_json
from server.config import Settings
from server.database import Database
from server.people import PASSWORD_PROVIDER, Ceremony, Challenge, Identity, Passkey, User
from server.sealing import from_base64url
from server.security_log import Seen, tell
from sync.mutation import Unreadable

MADE, DROPPED = "passkey_made", "passkey_dropped"
ANSWER_SIZE_MAX_BYTES = 32_768
CREDENTIAL_SIZE_MAX_BYTES = 1_023
NAME = "Oppgang"
ASK_LIMIT = people.Limit(300, people.CHALLENGE_LASTS)
"""For each address; a town hall has one for all who work there."""
WAIT_MS = 240_000
SYNCED = CredentialDeviceType.MULTI_DEVICE


class Refused(Exception):
    """An answer that lets nobody in; `why` is a word for the log."""

    def __init__(self, why: str, code: str = "passkey_refused") -> None:
        super().__init__(why)
        self.why, self.code = why, code
        self.user: str | None = None
        """Whose key it was, when that is known."""


@dataclass(frozen=True)
class Answer:
    """What a browser sent, read as far as it must be to know what it is an answer to."""

    said: dict[str, Any]
    credential: bytes
    challenge: bytes
    user: bytes | None
    """Whom the device says that the key is for."""


def may_have(session: Session, user: str) -> bool:
    """Say whether somebody logs in here, and not in the directory or out of an envelope."""
    rule = (Identity.user == user, Identity.provider == PASSWORD_PROVIDER)
    local = session.scalar(select(Identity.subject).where(*rule).limit(1)) is not None
    return local and not emergency.is_account(session, user)


def ask(database: Database, settings: Settings, address: str, now: datetime) -> dict[str, Any]:
    """Give what a browser needs to ask for any key of this server; raises Throttled."""
    people.count_tries(database, now, ("passkey_asked", address, ASK_LIMIT))
    with database.writing() as session:
        challenge = people.give_challenge(session, Ceremony.ENTER, None, now)
    options = webauthn.generate_authentication_options(
        rp_id=site(settings),
        challenge=challenge,
        timeout=WAIT_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def ask_to_make(
    database: Database, settings: Settings, user: str, login: str, now: datetime
) -> dict[str, Any]:
    """Give what a browser needs to make a key for somebody; raises Refused."""
    with database.writing() as session:
        known = people.passkeys_of(session, user)
        if not may_have(session, user) or len(known) >= people.PASSKEYS_MAX:
            raise Refused("may_not", "passkey_not_made")
        challenge = people.give_challenge(session, Ceremony.MAKE, user, now)
        held = [PublicKeyCredentialDescriptor(id=each.credential) for each in known]
    options = webauthn.generate_registration_options(
        rp_id=site(settings),
        rp_name=NAME,
        user_id=UUID(user).bytes,
        user_name=login,
        user_display_name=login,
        challenge=challenge,
        timeout=WAIT_MS,
        exclude_credentials=held,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json_dict(options)


def make(database: Database, settings: Settings, user: str, raw: str, now: datetime) -> str:
    """Let a new key log somebody in, and give its id; raises Refused."""
    answer = _read(raw)
    _spend(database, answer, Ceremony.MAKE, user, now)
    try:
        found = webauthn.verify_registration_response(
            credential=answer.said,
            expected_challenge=answer.challenge,
            expected_rp_id=site(settings),
            expected_origin=settings.origin,
            require_user_verification=True,
        )
    except Exception as bad:  # a parser of others' bytes: whatever it chokes on is no key
        raise Refused(type(bad).__name__, "passkey_not_made") from bad
    if len(found.credential_id) > CREDENTIAL_SIZE_MAX_BYTES:
        raise Refused("large", "passkey_not_made")
    flags = (found.credential_device_type is SYNCED, found.credential_backed_up)
    try:
        with database.writing() as session:
            if len(people.passkeys_of(session, user)) >= people.PASSKEYS_MAX:
                raise Refused("may_not", "passkey_not_made")
            row = people.keep_passkey(
                session,
                user,
                found.credential_id,
                found.credential_public_key,
                found.sign_count,
                flags,
                now,
            )
            acts.note(session, MADE, user, now, user, synced=flags[0])
            return row.id
    except IntegrityError as taken:
        raise Refused("taken", "passkey_not_made") from taken


def enter(
    database: Database,
    settings: Settings,
    raw: str,
    came: people.Came,
    now: datetime,
) -> tuple[str, str]:
    """Begin a login; give the user's id and a fresh token.

    The question is spent first and for good. Raises Throttled and Refused.
    """
    way, address = people.Way.PASSKEY, came.address
    try:
        user, token = _entered(database, settings, raw, came, now)
    except people.Throttled:
        tell(Seen.LOGIN_THROTTLED, way=way, address=address)
        raise
    except Refused as refused:
        tell(Seen.LOGIN_FAILED, way=way, why=refused.why, user=refused.user, address=address)
        raise
    tell(Seen.LOGIN, way=way, user=user, address=address)
    return user, token


def drop(database: Database, by: str, user: str, now: datetime, id: str | None = None) -> None:
    """Take one of somebody's keys away, or all of them; another's logins end with them."""
    with database.writing() as session:
        if gone := people.drop_passkeys(session, user, id):
            if by != user:
                people.close_sessions(session, user, now)
            acts.note(session, DROPPED, by, now, user, count=gone)


def site(settings: Settings) -> str:
    """Give the name that keys are bound to: the host of our own address."""
    return urlsplit(settings.origin).hostname or ""


def _entered(
    database: Database, settings: Settings, raw: str, came: people.Came, now: datetime
) -> tuple[str, str]:
    people.count_tries(database, now, ("address", came.address, people.ADDRESS_LIMIT))
    answer = _read(raw)
    credential = answer.credential.hex()
    people.count_tries(database, now, ("passkey", credential, people.NAME_LIMIT))
    _spend(database, answer, Ceremony.ENTER, None, now)
    with database.writing() as session:
        key = people.passkey_by(session, answer.credential)
        if key is None:
            raise Refused("unknown")
        user = session.get_one(User, key.user)
        try:
            _verify(settings, answer, key)
            if user.closed_at is not None or not may_have(session, user.id):
                raise Refused("closed")
        except Refused as refused:
            refused.user = user.id
            raise
        key.used_at = now
        people.forget_tries(session, "passkey", credential)
        way, old = people.Way.PASSKEY, came.old
        return user.id, people.open_session(session, user.id, now, way, came.agent, old=old)


def _verify(settings: Settings, answer: Answer, key: Passkey) -> None:
    if answer.user is not None and answer.user != UUID(key.user).bytes:
        raise Refused("another_user")
    try:
        found = webauthn.verify_authentication_response(
            credential=answer.said,
            expected_challenge=answer.challenge,
            expected_rp_id=site(settings),
            expected_origin=settings.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as bad:  # a parser of others' bytes: whatever it chokes on is no answer
        raise Refused(type(bad).__name__) from bad
    if (found.credential_device_type is SYNCED) != key.synced:
        raise Refused("another_sort")
    count = found.new_sign_count
    if (count or key.sign_count) and count <= key.sign_count:
        raise Refused("counter_went_back")
    key.sign_count, key.backed_up = count, found.credential_backed_up


def _spend(
    database: Database, answer: Answer, ceremony: Ceremony, user: str | None, now: datetime
) -> None:
    with database.writing() as session:
        asked: Challenge | None = people.take_challenge(session, answer.challenge)
    code = "passkey_refused" if ceremony is Ceremony.ENTER else "passkey_not_made"
    if asked is None:
        raise Refused("unknown_challenge", "passkey_late")
    if (asked.ceremony, asked.user) != (ceremony.value, user):
        raise Refused("another_challenge", code)
    if now - asked.began_at > people.CHALLENGE_LASTS:
        raise Refused("too_late", "passkey_late")


def _read(raw: str) -> Answer:
    try:
        if len(raw) > ANSWER_SIZE_MAX_BYTES:
            raise Unreadable("too large")
        said = strict_json.loads(raw.encode())
        response = _object(_object(said)["response"])
        client = _object(strict_json.loads(from_base64url(response["clientDataJSON"])))
        handle = response.get("userHandle")
        answer = Answer(
            said,
            from_base64url(said["rawId"]),
            from_base64url(client["challenge"]),
            from_base64url(handle) if handle not in ("", None) else None,
        )
    except (Unreadable, ValueError, KeyError, TypeError) as bad:
        raise Refused("unreadable") from bad
    if client.get("crossOrigin"):
        raise Refused("framed")
    return answer


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value
