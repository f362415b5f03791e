"""Fravær: what the absent had is offered to others, what is uncovered is said, and never why."""

from __future__ import annotations

from datetime import datetime, timedelta

from server.database import Database
from server.demo.municipality import STAFF
from server.planning.calendar import day_of
from server.records import REGISTRY
from tests.office.conftest import Enter
from tests.office.planned import listed, visit, visitors_of
from tests.office.reader import Page, Reader
from tests.office.test_due import event

AMIR, KARI, LISE = (STAFF[name].id for name in ("amir", "kari", "lise"))


def day(now: datetime, ahead: int) -> str:
    return (day_of(now) + timedelta(days=ahead)).isoformat()


def away(reader: Reader, now: datetime, first: int, last: int, **typed: str) -> Page:
    page = reader.open("/office/planner/absences")
    form = next(form for form in page.forms if form.action.endswith("absences"))
    days = {"from": day(now, first), "until": day(now, last)}
    return reader.send(form, typed={"who": KARI, **days, **typed})


def test_an_absence_feeds_the_sharing_of_all_its_days_and_says_what_is_uncovered(
    enter: Enter, database: Database, now: datetime
) -> None:
    ingrid = enter("ingrid")
    plans = [visit(database, now, day(now, ahead)) for ahead in (20, 21)]
    outside = visit(database, now, day(now, 22))
    page = away(ingrid, now, 20, 21, cover=LISE)
    assert "Dekkes av Lise" in page.words and "avtaler står uten noen" in page.words
    assert "er borte" in listed(ingrid, day(now, 20)).words
    link = next(link for link in page.links if "/planner/share?" in link)
    proposal = ingrid.open(link)
    given = {f"to|{id}": LISE for id in plans}
    assert all(f'name="{name}"' in proposal.html for name in given)
    assert f'name="to|{outside}"' not in proposal.html
    ingrid.send(proposal.form("Fordel"), "Fordel", typed=given)
    assert all(visitors_of(database, id) == {LISE} for id in plans)
    assert visitors_of(database, outside) == {KARI}


def test_the_deadlines_of_those_days_that_lie_with_the_absent_are_shown(
    enter: Enter, database: Database, now: datetime
) -> None:
    fest = event(database, now, -14, "Vinterfest")
    page = away(enter("ingrid"), now, 20, 22)
    assert f"/office/records/{fest}" in page.links and "Referatet er delt: Vinterfest" in page.words


def test_half_an_absence_is_not_written(enter: Enter, database: Database, now: datetime) -> None:
    ingrid = enter("ingrid")
    assert away(ingrid, now, 5, 3).status == 422
    assert away(ingrid, now, 3, 5, who="").status == 422
    assert "Kari" not in ingrid.open("/office/planner/absences").words.partition("Nytt fravær")[0]


def test_nothing_can_be_said_of_why_and_only_the_office_writes(
    enter: Enter, database: Database, now: datetime
) -> None:
    assert not any(field.free_text for field in REGISTRY["absence"].fields.values())
    page = enter("kari").open("/office/planner/absences")
    assert page.status == 200 and not page.has("Lagre")
