"""What the office is told of an erasure: on how many phones it is gone, and until when the rest
may be read.

It says what each phone has told and what it was granted, and never more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from server.keeping.receipts import Silent, Told
from server.office.dates import counted, moment_words
from server.office.desk import Desk
from server.office.devices import readable, replicas

UNTOLD = "Den har ikke sagt at den følger noen frist: det som er på den, kan fortsatt leses."


@dataclass(frozen=True)
class Erased:
    """One erasure in words."""

    words: str
    silent: tuple[str, ...]
    """A sentence for each phone that has given no receipt."""


def erased_words(told: Collection[Told], desk: Desk) -> list[Erased]:
    """Say how far some erasures have come; a phone is named to those who keep the phones."""
    mine = {phone.id for phone in replicas(desk)} if told else set()
    desk.know({each.user for one in told for each in one.silent if each.replica in mine})
    return [
        Erased(
            _sum(one, desk),
            tuple(
                f"{_whose(each, mine, desk)}: sist hørt fra "
                f"{moment_words(each.heard_at, desk.now)}. {readable(each.until, desk) or UNTOLD}"
                for each in one.silent
            ),
        )
        for one in told
    ]


def _sum(one: Told, desk: Desk) -> str:
    words = f"{moment_words(one.begun_at, desk.now)}: slettet på {one.done} av "
    words += counted(one.phones, "{antall} telefon", "{antall} telefoner")
    ends = [each.until for each in one.silent if each.until and each.until > desk.now]
    over = [each for each in one.silent if each.until and each.until <= desk.now]
    unknown = [each.heard_at for each in one.silent if each.until is None]
    if ends:
        words += f"; {len(ends)} utløper senest {moment_words(max(ends), desk.now)}"
    if over:
        words += f"; {len(over)} kan ikke leses mer"
    if unknown:
        words += f"; {len(unknown)} har ikke svart, sist hørt fra "
        words += moment_words(min(unknown), desk.now)
    return words


def _whose(one: Silent, mine: Collection[str], desk: Desk) -> str:
    return f"Telefonen til {desk.person(one.user)}" if one.replica in mine else "En telefon"
