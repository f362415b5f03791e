"""One-time codes by the clock (RFC 6238, SHA-1, 30 seconds, six digits), and words to recover by.

Pure functions: time and secrets are handed in, and nothing is kept here.
"""

from __future__ import annotations

import base64
import hmac
import struct
from urllib.parse import quote

SECRET_SIZE_BYTES = 20
STEP_S = 30
DIGITS = 6
STEPS_BACK = 1
"""A code is typed and sent while the next is shown (RFC 6238, section 5.2); none is taken ahead."""
RECOVERY_SIZE_BYTES = 15
"""120 bits: so many that a plain digest of them cannot be guessed back."""
ISSUER = "Oppgang"


def code_at(secret: bytes, step: int) -> str:
    """Give the code of one step of thirty seconds (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    at = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(code: str, secret: bytes, now_s: float, used: int) -> int | None:
    """Give the step that a code belongs to, if it is of now and later than `used`; None if not.

    A step counts once: whoever sees a code over a shoulder cannot use it again.
    """
    said = "".join(code.split())
    if len(said) != DIGITS or not (said.isascii() and said.isdecimal()):
        return None
    here = int(now_s // STEP_S)
    found = None
    for step in range(max(0, here - STEPS_BACK), here + 1):
        if hmac.compare_digest(code_at(secret, step), said) and step > used:
            found = step
    return found


def written(secret: bytes) -> str:
    """Give a secret as an app takes it when it is typed: base32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, login: str) -> str:
    """Give the address that an app reads as a picture (otpauth)."""
    plain = written(secret).replace(" ", "")
    return f"otpauth://totp/{ISSUER}:{quote(login, safe='')}?secret={plain}&issuer={ISSUER}"


def recovery_code(drawn: bytes) -> str:
    """Give twenty-four letters to be kept on paper, in groups, from fifteen random bytes."""
    text = base64.b32encode(drawn).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def fold_recovery(code: str) -> str:
    """Give the form in which recovery codes are compared."""
    return "".join(sign for sign in code.lower() if sign.isalnum())[:64]
