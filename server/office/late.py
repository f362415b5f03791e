"""Over fristen: the counts of what is late, in words for the overview; it counts nothing itself."""

from __future__ import annotations

from datetime import datetime

from server.office.dates import counted, moment_words
from server.planning.overdue import Overdue

ASKED = "{antall} som ba om hjelp, har "


def late_words(late: Overdue, now: datetime) -> list[str]:
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
    if asked.oldest:
        said.append(
            f"Den som har ventet lengst på svar, ba om hjelp {moment_words(asked.oldest, now)}"
        )
    return said
