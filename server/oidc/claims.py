"""What an ID token must be before it is believed; pure, with keys and clock as arguments."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from server.oidc.refusals import Refused
from server.provider import Provider

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures by a key that the provider alone has; never none, never a shared secret."""
TOKEN_MAX = 32_768
NAME_MAX, SUBJECT_MAX, GROUP_MAX, GROUPS_MAX = 80, 255, 200, 500
LEEWAY = timedelta(minutes=1)
_REGISTRY = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
_REGISTRY.max_payload_length = TOKEN_MAX


class UnknownKey(Exception):
    """No key fits the token: perhaps the provider has a new one."""


@dataclass(frozen=True)
class Person:
    """Who somebody is by the provider's word."""

    subject: str
    name: str
    groups: frozenset[str]
    authenticated_at: datetime | None


def read_token(
    token: object, keys: KeySet, provider: Provider, nonce: str | None, now: datetime
) -> Mapping[str, Any]:
    """Give the claims of an ID token that is ours and of now; raises Refused or UnknownKey.

    `nonce` is None for a token that came by refreshing, which carries none.
    """
    if not isinstance(token, str) or token.count(".") != 2:
        raise Refused("no_id_token")
    if len(token) > TOKEN_MAX:
        raise Refused("huge_token")
    claims = _signed(token, keys)
    if claims.get("iss") != provider.issuer:
        raise Refused("issuer")
    _check_audience(claims, provider.client_id)
    _check_times(claims, now)
    if nonce is not None and not _same(claims.get("nonce"), nonce):
        raise Refused("nonce")
    if provider.tenant is not None and claims.get("tid") != provider.tenant:
        raise Refused("tenant")
    if provider.acr and claims.get("acr") not in provider.acr:
        raise Refused("acr", "login_too_weak")
    subject = claims.get("sub")
    if not is_subject(subject):
        raise Refused("subject")
    return claims


def person(claims: Mapping[str, Any], provider: Provider) -> Person:
    """Give who the claims speak of; raises Refused when their groups are not all told."""
    name = claims.get("name")
    at = claims.get("auth_time")
    return Person(
        subject=claims["sub"],
        name=_plain(name)[:NAME_MAX] if isinstance(name, str) else "",
        groups=_groups(claims, provider) if provider.roles else frozenset(),
        authenticated_at=_moment(at) if type(at) is int else None,
    )


def is_subject(said: object) -> bool:
    """Say whether this can be somebody's lasting number at the provider."""
    fits = isinstance(said, str) and 0 < len(said) <= SUBJECT_MAX
    return fits and str(said).isascii() and str(said).isprintable()


def _plain(name: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())


def _signed(token: str, keys: KeySet) -> Mapping[str, Any]:
    try:
        return jwt.decode(token, keys, registry=_REGISTRY).claims
    except JoseError as bad:
        if bad.error in ("invalid_key_id", "bad_signature"):
            raise UnknownKey from bad
        raise Refused("signature") from bad
    except (ValueError, TypeError, KeyError, RecursionError) as bad:
        raise Refused("signature") from bad


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    said = claims.get("aud")
    audience = said if isinstance(said, list) else [said]
    by = claims.get("azp")
    if client_id not in audience:
        raise Refused("audience")
    if by not in (None, client_id) or (len(audience) > 1 and by is None):
        raise Refused("authorized_party")


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    for name, may_lack in (("exp", False), ("iat", False), ("nbf", True)):
        if type(claims.get(name)) is not int and not (may_lack and name not in claims):
            raise Refused(name)
    if now - LEEWAY >= _moment(claims["exp"]):
        raise Refused("expired")
    if _moment(claims["iat"]) > now + LEEWAY:
        raise Refused("from_the_future")
    if "nbf" in claims and _moment(claims["nbf"]) > now + LEEWAY:
        raise Refused("not_yet")


def _groups(claims: Mapping[str, Any], provider: Provider) -> frozenset[str]:
    elsewhere = claims.get("_claim_names")
    if claims.get("hasgroups") or (
        isinstance(elsewhere, dict) and provider.groups_claim in elsewhere
    ):
        raise Refused("groups_left_out", "login_too_many_groups")
    said = claims.get(provider.groups_claim, [])
    if not isinstance(said, list) or len(said) > GROUPS_MAX:
        raise Refused("groups", "login_too_many_groups")
    return frozenset(each for each in said if isinstance(each, str) and len(each) <= GROUP_MAX)


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as bad:
        raise Refused("times") from bad


def _same(said: object, meant: str) -> bool:
    return isinstance(said, str) and hmac.compare_digest(
        said.encode(errors="replace"), meant.encode()
    )
