"""Words that somebody searches for: sealed for the one who wrote them, before they are an address.

A search may be somebody's name. It is sent in the body of a form; the address that the answer has,
and that lies in histories and logs, opens for its writer alone.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from server.config import Settings
from server.office.gate import settings, typed
from server.sealing import from_base64url, to_base64url

NAME = "s"
NONCE_SIZE_BYTES = 12
SEALED_MAX = 2_000
PURPOSE = "office search"


def seal(made: Settings, user: str, words: str) -> str:
    """Give words as a part of an address that tells nothing."""
    nonce = os.urandom(NONCE_SIZE_BYTES)
    closed = AESGCM(made.secret(PURPOSE)).encrypt(nonce, words.encode(), user.encode())
    return to_base64url(nonce + closed)


def sought(most: int) -> str:
    """Give the words that this page was asked to search for; none when they are another's."""
    text = request.args.get(NAME, "")
    try:
        raw = from_base64url(text if len(text) <= SEALED_MAX else "")
        key, nonce, closed = (
            settings().secret(PURPOSE),
            raw[:NONCE_SIZE_BYTES],
            raw[NONCE_SIZE_BYTES:],
        )
        opened = AESGCM(key).decrypt(nonce, closed, g.login.user.encode()) if closed else b""
    except (ValueError, InvalidTag):
        return ""
    return typed(opened.decode(), most)


def search_at(path: str, most: int) -> ResponseReturnValue:
    """Lead from the form's words to the page that shows what they find."""
    words = typed(request.form.get("q", ""), most)
    return redirect(f"{path}?{NAME}={seal(settings(), g.login.user, words)}" if words else path)
