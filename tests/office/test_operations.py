"""Drift: what the service says of itself, for who runs it and who leads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text as sql
from sqlalchemy import update

from server import intake, jobs, parity
from server.config import Settings
from server.database import Database
from server.jobs import JobRun, back_up
from server.keeping import backup, rehearsal
from server.keeping.backup import restore_backup
from server.ledger import MutationRow
from server.office.operations import JOBS, logs_rows
from tests.makers import NOW, new_id
from tests.office.conftest import Enter
from tests.office.planned import days_before

PAGE = "/office/operations"


def test_every_job_is_on_the_page_by_a_name_in_words() -> None:
    assert JOBS.keys() == {job.name for job in jobs.JOBS}


def test_a_new_service_says_that_nothing_was_compared_backed_up_or_done(enter: Enter) -> None:
    page = enter("admin").open(PAGE)
    for words in (
        "Ingen telefon er sammenlignet ennå.",
        "Det er ingen sikkerhetskopi fra siste døgn.",
        "Ingen har prøvd å legge sikkerhetskopien tilbake den siste uka.",
    ):
        assert words in page.words
    assert page.words.count("Ikke gjort siste døgn") == len(JOBS)


def test_it_says_for_how_long_phones_held_what_they_should(
    enter: Enter, database: Database, late: datetime
) -> None:
    """It counts Norway's days, at every hour."""
    with database.writing() as session:
        parity.note(session, "a", 0, days_before(late, 214))
        parity.note(session, "b", 0, late)
    assert "0 uoverensstemmelser på 214 dager. 1 telefon er sammenlignet" in text(enter)
    with database.writing() as session:
        parity.note(session, "b", 2, days_before(late, 3))
        session.execute(
            update(MutationRow).values(state="held", reason="fault").where(MutationRow.n.is_(None))
        )
    said = text(enter)
    assert "0 uoverensstemmelser på 3 dager." in said and "Til sammen 1 gang" in said
    assert "kunne ikke vurderes" in said


def test_a_database_that_may_log_values_of_rows_is_said(enter: Enter, database: Database) -> None:
    """PostgreSQL does as it comes; an SQLite file has no log."""
    told = "skal være «terse»" in text(enter)
    assert told == (database.engine.dialect.name == "postgresql")
    if told:
        with database.reading() as session:
            session.execute(sql("SET LOCAL log_error_verbosity = terse"))
            assert not logs_rows(session)


def text(enter: Enter) -> str:
    return " ".join(enter("admin").open(PAGE).words.split())


def test_a_backup_is_laid_back_once_a_week_and_read(
    enter: Enter, database: Database, settings: Settings
) -> None:
    now = datetime.now(UTC)
    back_up(database, settings, now)
    rehearsal.rehearse_weekly(database, settings, now)
    first = rehearsal.last(settings)
    assert first is not None and first.records > 20 and first.amiss == []
    rehearsal.rehearse_weekly(database, settings, now + timedelta(days=6))
    assert rehearsal.last(settings) == first, "once a week is enough"
    assert "Siste prøve på gjenoppretting: i dag" in text(enter) and "Alt stemte." in text(enter)
    with database.writing() as session:
        session.add(JobRun(name="plan", period="2026-11-29", started_at=now, ended_at=now))
    assert text(enter).count("Ikke gjort siste døgn") == len(JOBS) - 1
    assert not list(settings.data.glob("rehearsal-*")), "nothing of it is left"


@pytest.mark.parametrize("how", ["damaged", "untrue"])
def test_a_backup_that_cannot_be_laid_back_is_said_aloud_and_tried_again_the_next_day(
    enter: Enter, database: Database, settings: Settings, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    back_up(database, settings, now)
    file = rehearsal.newest(settings)
    assert file is not None
    if how == "damaged":
        file.write_bytes(file.read_bytes()[:-200])
    else:

        def lays_wrongly(empty: Database, given: Settings, path: object) -> None:
            restore_backup(empty, given, file)
            with empty.writing() as session:
                session.execute(update(MutationRow).values(sha256="0" * 64))

        monkeypatch.setattr(backup, "restore_backup", lays_wrongly)
    rehearsal.rehearse_weekly(database, settings, now)
    assert "Den lot seg ikke legge tilbake som den skal." in text(enter)
    monkeypatch.undo()
    later = now + timedelta(days=1)
    back_up(database, settings, later)
    rehearsal.rehearse_weekly(database, settings, later)
    assert "Alt stemte." in text(enter)


def test_it_says_what_came_sealed_from_phones_that_are_not_known(
    enter: Enter, database: Database
) -> None:
    assert "ikke er kjent her" not in enter("admin").open(PAGE).words
    for mid in ("a", "b"):
        intake.keep_unreadable(
            database, mid=mid, replica=mid, owner=None, raw=mid.encode(), now=NOW
        )
    intake.keep_unreadable(database, mid="c", replica="c", owner=new_id(), raw=b"c", now=NOW)
    said = "2 forseglede registreringer kom fra telefoner som ikke er kjent her, sist"
    assert said in enter("admin").open(PAGE).words
