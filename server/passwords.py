"""Which passwords are strong enough, and new ones that can be read aloud; it keeps none."""

from __future__ import annotations

import re
import secrets
from unicodedata import normalize

WORDS_MIN, WORD_LETTERS_MIN = 4, 3
SIGNS_MIN, DIFFERENT_SIGNS_MIN = 16, 8
MAX = 1_000
TOO_WEAK = "Passordet er for svakt. Bruk minst fire forskjellige ord, eller minst 16 tegn."
CONSONANTS, VOWELS = "bdfghjklmnprstv", "aeiou"
GROUPS = 6


def is_strong(password: str) -> bool:
    """Say whether a password has four different words or sixteen characters, as the phone asks.

    On a phone it may be all that stands between a thief and the disk (`pwa/src/vault.ts` has the
    same rule).
    """
    said = normalize("NFKC", password).strip()
    words = {w for w in re.split(r"[\W_]+", said.lower()) if len(w) >= WORD_LETTERS_MIN}
    long = len(said) >= SIGNS_MIN and len(set(said)) >= DIFFERENT_SIGNS_MIN
    return len(said) <= MAX and (len(words) >= WORDS_MIN or long)


def new_password() -> str:
    """Give a new password of six short made-up words (75 bits), easy to read over a telephone."""
    while True:
        password = "-".join(_word() for _ in range(GROUPS))
        if is_strong(password):
            return password


def _word() -> str:
    return "".join(secrets.choice(letters) for letters in (CONSONANTS, VOWELS) * 2)
