"""Over fristen: the counts of what is late, in words for the overview; it counts nothing itself."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from server.office.dates import counted, moment_words
from server.planning.overdue import Overdue

Line: TypeAlias = str
"""One sentence on the overview."""
ASKED = "{antall} som ba om hjelp, har "


def late_words(late: Overdue, now: datetime) -> list[Line]:
    """Say what is past its deadline and who has waited for an answer, worst first."""
    asked = late.requests
    counts = (
        (asked.past_due, ASKED + "ikke fått svar innen fristen", ""),
        (asked.a_week_old, ASKED + "ventet en uke eller mer", ""),
        (
            late.critical,
            "{antall} kritisk avvik er over fristen",
            "{antall} kritiske avvik er over fristen",
        ),
        (
            late.deviations - late.critical,
            "{antall} avvik som ikke er kritisk, er over fristen",
            "{antall} avvik som ikke er kritiske, er over fristen",
        ),
        (
            late.visits,
            "{antall} avtalt besøk er over fristen",
            "{antall} avtalte besøk er over fristen",
        ),
    )
    said = [counted(count, one, many or one) for count, one, many in counts if count]
    said += [f"{rule.words}: {_over(count)}" for rule, count in late.others]
    if asked.oldest:
        said.append(
            f"Den som har ventet lengst på svar, ba om hjelp {moment_words(asked.oldest, now)}"
        )
    return said


def beyond_words(late: Overdue) -> list[Line]:
    """Say, by rule and by no person, what is late beyond the second limit."""
    return [f"{rule.words}: {count}" for rule, count in late.beyond]


def _over(count: int) -> str:
    return counted(count, "{antall} over fristen", "{antall} over fristen")
