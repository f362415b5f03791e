"""The planner's outlook: what the rules will make, holidays by name, and what is late."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from server.database import Database, head
from server.demo.municipality import NORTH, STAFF
from server.planning.calendar import day_of
from tests.office.conftest import Enter
from tests.office.planned import listed, visit, write

KARI, AMIR, OLA, LISE = (STAFF[name].id for name in ("kari", "amir", "ola", "lise"))


def test_what_the_rules_will_make_is_shown_with_its_ground_and_not_made(
    enter: Enter, database: Database, now: datetime
) -> None:
    """The page writes nothing: the sequence stands still."""
    write(database, "ingrid", "building", now, area=NORTH, address="Seljesvingen 3")
    ingrid = enter("ingrid")
    with database.reading() as session:
        before = head(session)
    page = ingrid.open("/office/planner/rules?days=90")
    with database.reading() as session:
        assert head(session) == before
    assert re.search(
        r"HMS-runde hver uke Rognelia \d+ bygning(er)? Rutine, internkontroll", page.words
    )


def test_a_holiday_is_named_in_the_calendar(enter: Enter, now: datetime) -> None:
    year = day_of(now).year + 1
    page = listed(enter("ingrid"), f"{year}-05-17", view="month")
    assert "Grunnlovsdag" in page.words
    assert "Arbeidernes dag" in page.words


def test_what_is_late_stands_on_the_overview(
    enter: Enter, database: Database, now: datetime
) -> None:
    past = (day_of(now) - timedelta(days=3)).isoformat()
    visit(database, now, past, due_on=past)
    assert "1 avtalt besøk er over fristen" in enter("ingrid").open("/office/").words
    assert "over fristen" not in enter("eva").open("/office/").words
