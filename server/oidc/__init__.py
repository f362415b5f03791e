"""Logging in by the municipality's own provider: OpenID Connect, code flow with PKCE.

Tokens never leave the server, and nothing that a provider or a browser says is believed unchecked.
"""

from __future__ import annotations

from server.oidc.attempts import (
    ATTEMPT_LASTS,
    Attempt,
    Pairs,
    Purpose,
    begin,
    can_carry,
    forget_attempts,
)
from server.oidc.entering import Entered, Stopped, finish
from server.oidc.leaving import Round, close_leavers, look_for_leavers
from server.oidc.refusals import Away, Refused
from server.oidc.wire import Wire, wire_of

__all__ = [
    "ATTEMPT_LASTS",
    "Attempt",
    "Away",
    "Entered",
    "Pairs",
    "Purpose",
    "Refused",
    "Round",
    "Stopped",
    "Wire",
    "begin",
    "can_carry",
    "close_leavers",
    "finish",
    "forget_attempts",
    "look_for_leavers",
    "wire_of",
]
