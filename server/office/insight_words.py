"""Names and words in a text: found whole, in any case, with or without the ending of a genitive.

Pure. An accent may be a sign of its own or one with its letter: places are always in the text as it
stands, in code points, and the ending of a genitive is no part of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

NAME_MIN = 3
"""Shorter parts of names stand in too many other words."""
_WORD = re.compile(r"\w[\w'’-]*")
_GENITIVE = re.compile(r"(?:['’]?s|['’])$", re.IGNORECASE)
_BEGIN, _FINISH = r"(?<!\w)", r"(?=(?:['’]?s)?(?!\w))"


def finds(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Give where some words stand, as (start, end), whatever their case and however lines break."""
    words = unicodedata.normalize("NFC", words)
    pattern = r"\s+".join(map(re.escape, words.split()))
    begin = _BEGIN if words[:1].isalnum() else ""
    finish = _FINISH if words[-1:].isalnum() else ""
    said, begins, ends = _composed(text)
    for found in re.finditer(begin + pattern + finish, said, re.IGNORECASE):
        yield begins[found.start()], ends[found.end() - 1]


def marks(text: str, names: Collection[str]) -> tuple[tuple[int, int], ...]:
    """Give where names of others stand in a text, as (start, end); the names are `parts`."""
    said, begins, ends = _composed(text)
    return tuple(
        (begins[found.start()], ends[found.start() + len(name) - 1])
        for found in _WORD.finditer(said)
        if found[0][:1].isupper() and (name := _known(found[0], names))
    )


def parts(name: str | None) -> Iterator[str]:
    """Give the parts of a name, folded, as `marks` knows them."""
    for part in _WORD.findall(unicodedata.normalize("NFC", name or "")):
        if len(part) >= NAME_MIN:
            yield part.casefold()


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Give what finds each of some names, whole; of two that begin alike the longer one."""
    longest = sorted(filter(str.strip, names), key=len, reverse=True)
    # Of no names nothing is found.
    one = "|".join(map(re.escape, longest)) or r"(?!)"
    return re.compile(f"{_BEGIN}(?:{one}){_FINISH}")


def _known(word: str, names: Collection[str]) -> str:
    """Give what of a word is a name: all of it, or what stands before its ending."""
    both = (word, _GENITIVE.sub("", word))
    return next((each for each in both if each.casefold() in names), "")


def _composed(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Give a text with accents one with their letters, and where each sign of it begins and ends
    in the text as it stands.
    """
    if unicodedata.is_normalized("NFC", text):
        return text, range(len(text)), range(1, len(text) + 1)
    starts = [at for at, sign in enumerate(text) if not at or not unicodedata.combining(sign)]
    said: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    for start, end in pairwise([*starts, len(text)]):
        piece = unicodedata.normalize("NFC", text[start:end])
        said.append(piece)
        begins += [start] * len(piece)
        ends += [end] * len(piece)
    return "".join(said), begins, ends
