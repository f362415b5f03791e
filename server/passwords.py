"""Which passwords are strong enough, and new ones that can be read aloud; it keeps none."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from unicodedata import normalize

from zxcvbn import zxcvbn

WORDS_MIN, WORD_LETTERS_MIN = 4, 3
SIGNS_MIN, DIFFERENT_SIGNS_MIN = 16, 8
MAX = 1_000
GUESSES_LOG10_MIN = 10.0
"""How many tries a guesser with the lists of what has leaked needs, as a power of ten."""
LOOKED_AT = 72
"""Signs that are compared with the lists; the first already make it long enough."""
OWN_WORDS = ("oppgang", "kommune", "kommunen", "kommunal", "bolig", "boligkontoret", "passord")
"""What everybody knows of every house that uses this; the municipality adds its own."""
WORD = re.compile(r"[^\W_]+")
TOO_WEAK = (
    "Passordet er for svakt. Bruk minst fire forskjellige ord, eller minst 16 tegn. "
    "Navn, kommunen og det andre ofte bruker, teller ikke."
)
CONSONANTS, VOWELS = "bdfghjklmnprstv", "aeiou"
GROUPS = 6


def is_strong(password: str, own: Iterable[str] = ()) -> bool:
    """Say whether a password has four different words or sixteen characters, as the phone asks.

    On a phone it may be all that stands between a thief and the disk (`pwa/src/vault.ts` has the
    same rule). What is known of us all is no part of it: our `own` words do not count, and what has
    leaked from others or is made of such words, of rows of keys or of dates, is refused.
    """
    said = normalize("NFKC", password).strip()
    known = {part for each in (*OWN_WORDS, *own) for part in WORD.findall(each.casefold())}
    rest = said.casefold()
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, " ") if len(word) >= WORD_LETTERS_MIN else rest
    words = {each for each in WORD.findall(rest) if len(each) >= WORD_LETTERS_MIN}
    signs = rest.replace(" ", "") if rest != said.casefold() else rest
    long = len(signs) >= SIGNS_MIN and len(set(signs)) >= DIFFERENT_SIGNS_MIN
    if len(said) > MAX or not (len(words) >= WORDS_MIN or long):
        return False
    return float(zxcvbn(said[:LOOKED_AT])["guesses_log10"]) >= GUESSES_LOG10_MIN


def new_password() -> str:
    """Give a new password of six short made-up words (75 bits), easy to read over a telephone."""
    while True:
        password = "-".join(_word() for _ in range(GROUPS))
        if is_strong(password):
            return password


def _word() -> str:
    return "".join(secrets.choice(letters) for letters in (CONSONANTS, VOWELS) * 2)
