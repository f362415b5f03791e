"""The line to the provider: its description, its keys, and the exchange of a code for tokens.

The only file that asks a provider anything. Answers are small, quick and never redirected, and the
provider's description must name the very issuer that the settings name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException, Response

from server.config import Settings
from server.oidc.claims import UnknownKey, is_subject, read_token
from server.oidc.refusals import Away, Refused
from server.provider import Provider

ANSWER_MAX_BYTES = 262_144
PATIENCE_S = (5, 10)
"""Seconds to connect, and between two bytes."""
KNOWN_FOR = timedelta(hours=1)
KEYS_ASKED_EVERY = timedelta(minutes=1)
"""A token with an unknown key makes us ask for keys again, but not more often than this."""
STEP_UP_S = 0
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
GONE = "invalid_grant"


@dataclass(frozen=True)
class Known:
    """What the provider said of itself, and when."""

    said: Mapping[str, Any]
    keys: KeySet
    at: datetime


class Gone(Exception):
    """The provider no longer vouches for whom it vouched for."""


class Wire:
    """One provider as this process knows it; many threads may share it."""

    def __init__(self, provider: Provider, origin: str, plain: bool) -> None:
        self.provider = provider
        self.back = f"{origin}/office/login/return"
        """The one address that the provider sends browsers back to."""
        self._plain = plain
        self._known: Known | None = None
        self._lock = threading.Lock()

    def authorization_url(
        self, state: str, nonce: str, verifier: str, now: datetime, *, anew: bool
    ) -> str:
        """Give the address where a browser logs in; `anew` asks for a login of this moment."""
        more: dict[str, str] = {"prompt": "login", "max_age": str(STEP_UP_S)} if anew else {}
        if self.provider.acr:
            more["acr_values"] = " ".join(self.provider.acr)
        endpoint = self._about(now).said["authorization_endpoint"]
        with self._session() as session:
            address, _ = session.create_authorization_url(
                endpoint, state=state, code_verifier=verifier, nonce=nonce, **more
            )
        return str(address)

    def says_issuer(self, now: datetime) -> bool:
        """Say whether the provider names itself in each answer (RFC 9207)."""
        return bool(self._about(now).said.get("authorization_response_iss_parameter_supported"))

    def exchange(
        self, code: str, verifier: str, nonce: str, now: datetime
    ) -> tuple[Mapping[str, Any], str | None]:
        """Give the claims behind a code, and the token to ask again with, if there is one."""
        endpoint = self._about(now).said["token_endpoint"]
        try:
            tokens = self._ask(
                lambda session: session.fetch_token(endpoint, code=code, code_verifier=verifier)
            )
        except AuthlibBaseError as bad:
            raise Refused("code") from bad
        return self._claims(tokens, nonce, now), _text(tokens.get("refresh_token"))

    def ask_again(self, token: str, now: datetime) -> tuple[Mapping[str, Any] | None, str]:
        """Ask whether the provider still vouches for somebody; raises Gone when it does not.

        Gives fresh claims when it sends any, and the token to ask with the next time.
        """
        endpoint = self._about(now).said["token_endpoint"]
        try:
            tokens = self._ask(lambda session: _refreshed(session, endpoint, token))
        except AuthlibBaseError as bad:
            if bad.error == GONE:
                raise Gone from bad
            raise Away("refresh") from bad
        claims = self._claims(tokens, None, now) if "id_token" in tokens else None
        return claims, _text(tokens.get("refresh_token")) or token

    def _claims(
        self, tokens: Mapping[str, Any], nonce: str | None, now: datetime
    ) -> Mapping[str, Any]:
        """Check the ID token, with newer keys if it needs them, and add what else is told."""
        said = tokens.get("id_token")
        known = self._about(now)
        try:
            claims = read_token(said, known.keys, self.provider, nonce, now)
        except UnknownKey:
            newer = self._about(now, older_than=now - KEYS_ASKED_EVERY)
            try:
                claims = read_token(said, newer.keys, self.provider, nonce, now)
            except UnknownKey as bad:
                raise Refused("signature") from bad
        lacks = "name" not in claims or (
            self.provider.roles and self.provider.groups_claim not in claims
        )
        endpoint, token = known.said.get("userinfo_endpoint"), tokens.get("access_token")
        if lacks and isinstance(endpoint, str) and isinstance(token, str):
            return {**self._told(endpoint, token, claims["sub"]), **claims}
        return claims

    def _told(self, endpoint: str, token: str, subject: str) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        said = self._ask(
            lambda session: session.get(
                endpoint, withhold_token=True, headers=headers, allow_redirects=False
            )
        )
        found = _object(said)
        if not is_subject(found.get("sub")) or found["sub"] != subject:
            raise Refused("another_subject")
        return found

    def _about(self, now: datetime, older_than: datetime | None = None) -> Known:
        """Give what is known of the provider, asked anew when it is older than that."""
        with self._lock:
            limit = now - KNOWN_FOR if older_than is None else older_than
            if self._known is None or self._known.at <= limit:
                self._known = self._learn(now)
            return self._known

    def _learn(self, now: datetime) -> Known:
        address = f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        said = self._fetch(address)
        if said.get("issuer") != self.provider.issuer:
            raise Away("another_issuer")
        for name in NEEDED:
            where = said.get(name)
            if not isinstance(where, str) or not where.startswith(self._schemes):
                raise Away("no_endpoint")
        try:
            keys = KeySet.import_key_set(self._fetch(said["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as bad:
            raise Away("no_keys") from bad
        return Known(said, keys, now)

    @property
    def _schemes(self) -> tuple[str, ...]:
        return ("https://", "http://") if self._plain else ("https://",)

    def _fetch(self, address: str) -> dict[str, Any]:
        return _object(
            self._ask(
                lambda session: session.get(address, withhold_token=True, allow_redirects=False)
            )
        )

    def _ask(self, what: Callable[[OAuth2Session], Any]) -> Any:
        try:
            with self._session() as session:
                return what(session)
        except (RequestException, _Large, ValueError, TypeError) as bad:
            raise Away(type(bad).__name__) from bad

    def _session(self) -> OAuth2Session:
        """Give a client that forgets all when it is closed; it keeps state between two calls."""
        provider = self.provider
        method = "private_key_jwt" if provider.signs else "client_secret_basic"
        session = OAuth2Session(
            client_id=provider.client_id,
            client_secret=provider.secret,
            token_endpoint_auth_method=method,
            scope=provider.scope,
            redirect_uri=self.back,
            code_challenge_method="S256",
            default_timeout=PATIENCE_S,
        )
        if provider.signs:
            session.register_client_auth_method(PrivateKeyJWT())
        session.max_redirects = 0
        session.hooks["response"].append(_bounded)
        return session


def wire_of(settings: Settings) -> Wire | None:
    """Give the line to the municipality's provider, None where there is none."""
    if settings.provider is None:
        return None
    return Wire(settings.provider, settings.origin, plain=not settings.production)


def _refreshed(session: OAuth2Session, endpoint: str, token: str) -> Mapping[str, Any]:
    """Ask for what was granted, not for what was wished: a provider may have granted less."""
    session.scope = None
    found: Mapping[str, Any] = session.refresh_token(endpoint, refresh_token=token)
    return found


class _Large(Exception):
    """An answer that is larger than any provider has reason to give."""


def _bounded(response: Response, **_: object) -> None:
    """Read an answer no further than its limit; requests itself would read to the end."""
    read = bytearray()
    for piece in response.iter_content(16_384):
        read += piece
        if len(read) > ANSWER_MAX_BYTES:
            response.close()
            raise _Large
    response._content = bytes(read)


def _object(answer: Response) -> dict[str, Any]:
    if answer.status_code != 200:
        raise Away("status")
    try:
        said = answer.json()
    except ValueError as bad:
        raise Away("no_json") from bad
    if not isinstance(said, dict):
        raise Away("no_json")
    return said


def _text(said: object) -> str | None:
    return said if isinstance(said, str) and said else None
