"""Drift: whether phones hold what they should, backups can be laid back, and jobs are done.

Nothing here is about a resident or a record; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import column, func, select, table, text
from sqlalchemy.orm import Session

from server import parity
from server.base import Instant
from server.intake import NOBODY
from server.keeping import rehearsal
from server.ledger import MutationRow
from server.office.blueprint import office
from server.office.dates import counted, day_words, moment_words
from server.office.desk import Desk
from server.office.gate import seated, settings
from server.office.log import sees_log
from server.problems import Problem

LATE = timedelta(hours=26)
"""What is done each day and was not for so long has stopped."""
JOBS: Mapping[str, str] = {
    "backup": "Sikkerhetskopi",
    "rehearsal": "Prøve på gjenoppretting",
    "judge_again": "Det som ikke kunne brukes, vurderes på nytt",
    "leavers": "De som har sluttet, stenges ute",
    "retention": "Det som skal slettes, slettes",
    "received": "Det arkivet har mottatt, slettes",
    "verify_logs": "Loggene sjekkes",
    "silent_replicas": "Telefoner som er tause, meldes",
    "pictures": "Bilder uten registrering slettes",
    "passing": "Kortvarige opplysninger slettes",
    "imports": "Filer leses inn",
    "plan": "Planlagt arbeid lages",
}
_RUNS = table("job_run", column("name"), column("ended_at", Instant()))


@dataclass(frozen=True)
class Line:
    """One job: what it does, when it was last done, and whether it has stopped."""

    words: str
    done: str
    late: bool


@office.get("/operations")
@seated
def operations(desk: Desk) -> ResponseReturnValue:
    """Show how the service itself is."""
    if not sees_log(desk):
        raise Problem("no_access")
    faults = select(func.count()).where(MutationRow.state == "held", MutationRow.reason == "fault")
    return render_template(
        "office/operations.html",
        parity=_parity(desk),
        faults=desk.session.execute(faults).scalar_one(),
        strange=_strange(desk),
        jobs=_jobs(desk),
        logs_rows=logs_rows(desk.session),
        **_backup(desk.now),
    )


def _parity(desk: Desk) -> dict[str, str]:
    """Say how long phones have held what they should."""
    found = parity.standing(desk.session, desk.now)
    if found.since is None:
        return {"days": "Ingen telefon er sammenlignet ennå.", "ever": ""}
    days = (desk.today - found.since).days
    over = counted(days, "{antall} dag", "{antall} dager")
    today = counted(found.phones, "{antall} telefon er", "{antall} telefoner er")
    ever = ""
    if found.differing:
        times = counted(found.differing, "{antall} gang", "{antall} ganger")
        ever = f"Til sammen {times}, sist {day_words(found.since, desk.today)}."
        ever += " Telefonen hentet alt på nytt av seg selv."
    return {
        "days": f"0 uoverensstemmelser på {over}.",
        "today": f"{today} sammenlignet siste døgn.",
        "ever": ever,
    }


def _strange(desk: Desk) -> dict[str, object]:
    """Count what came sealed from phones that are not known here, and say when the last did."""
    row = MutationRow
    query = select(func.count(), func.max(row.received_at)).where(
        row.state == "held", row.reason == "unreadable", row.author == NOBODY
    )
    count, last = desk.session.execute(query).one()
    return {"count": count, "last": moment_words(last, desk.now) if last else ""}


def _backup(now: datetime) -> dict[str, object]:
    newest, tried = rehearsal.newest(settings()), rehearsal.last(settings())
    made = datetime.fromtimestamp(newest.stat().st_mtime, UTC) if newest else None
    return {
        "backup": moment_words(made, now) if made else "",
        "backup_late": made is None or made < now - LATE,
        "tried": tried and moment_words(tried.moment, now),
        "tried_records": tried.records if tried else 0,
        "tried_amiss": tried.amiss if tried else [],
        "tried_late": tried is None or tried.moment < now - rehearsal.EVERY - LATE,
    }


def _jobs(desk: Desk) -> list[Line]:
    ended = select(_RUNS.c.name, func.max(_RUNS.c.ended_at)).group_by(_RUNS.c.name)
    done: dict[str, datetime | None] = dict(desk.session.execute(ended).all())
    return [
        Line(words, moment_words(at, desk.now), at is None or at < desk.now - LATE)
        for name, words in JOBS.items()
        for at in [done.get(name)]
    ]


def logs_rows(session: Session) -> bool:
    """Say whether the database tells values of rows in a log of its own: PostgreSQL does so beside
    an error (`Failing row contains …`) unless it is told to be terse.
    """
    if session.get_bind().dialect.name == "sqlite":
        return False
    said: str = session.execute(text("SHOW log_error_verbosity")).scalar_one()
    return said != "terse"
