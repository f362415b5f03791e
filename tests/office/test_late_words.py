"""Over fristen, in words: the gravest first, and since when whoever waited longest waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server.office.late import late_words
from server.planning.overdue import Overdue, Requests

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def test_those_who_asked_for_help_stand_first_with_their_age() -> None:
    waits = Requests(open=4, a_week_old=2, past_due=1, oldest=NOW - timedelta(days=40))
    assert late_words(Overdue(deviations=3, critical=1, visits=1, requests=waits), NOW) == [
        "1 som ba om hjelp, har ikke fått svar innen fristen",
        "2 som ba om hjelp, har ventet en uke eller mer",
        "1 kritisk avvik er over fristen",
        "2 avvik som ikke er kritiske, er over fristen",
        "1 avtalt besøk er over fristen",
        "Den som har ventet lengst på svar, ba om hjelp 20.10. kl. 14.00",
    ]


def test_nothing_is_said_of_what_is_not_late() -> None:
    nobody = Requests(open=0, a_week_old=0, past_due=0, oldest=None)
    assert late_words(Overdue(deviations=0, critical=0, visits=0, requests=nobody), NOW) == []
