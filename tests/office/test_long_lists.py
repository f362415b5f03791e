"""Long lists: what lies beyond the first page can be reached, or it is said that there is more."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from server.access import Actor, today_of
from server.database import Database
from server.demo.municipality import NORTH, STAFF, homes
from server.intake import take
from server.office import bundles, waiting
from server.office.timeline import PAGE
from server.roles import Role
from server.shapes import write_instant
from sync.mutation import office_replica
from tests.makers import mutation, new_id
from tests.office.conftest import Enter
from tests.office.reader import Page
from tests.office.test_inbox import sent_in

HOME = next(home for home in homes() if home.area == NORTH)


def many_faults(database: Database, count: int) -> list[str]:
    """Have Amir report that many faults in a home, one a day back in time; gives their words."""
    now, amir = datetime.now(UTC), STAFF["amir"]
    status = {"state": "submitted", "by": amir.id, "at": write_instant(now)}
    words = [f"Feil nummer {number}." for number in range(count)]
    made = [
        mutation(
            "deviation",
            new_id(),
            {
                "dwelling": HOME.id,
                "words": said,
                "severity": "low",
                "found_on": (today_of(now) - timedelta(days=number)).isoformat(),
                "status": status,
            },
            author=amir.id,
            now=now,
        )
        for number, said in enumerate(words)
    ]
    results = take(
        database, Actor(amir.id, ((Role.LEADER, None),)), office_replica(amir.id), made, now
    )
    assert {result.state for result in results} == {"applied"}
    return words


def told(page: Page) -> list[str]:
    """Give the faults that a page tells of, in its order."""
    return re.findall(r"Feil nummer \d+\.", page.words)


def test_what_happened_long_ago_is_reached_page_by_page(enter: Enter, database: Database) -> None:
    words = many_faults(database, 2 * PAGE + 20)
    ingrid, found = enter("ingrid"), list[str]()
    page = ingrid.open(f"/office/dwellings/{HOME.id}")
    assert "Vis nyere" not in page.words
    for _ in range(3):
        found += told(page)
        older = [link for link in page.links if "events=" in link and "Vis eldre" in page.words]
        if not older:
            break
        page = ingrid.open(older[-1].partition("#")[0])
    assert found == words
    assert "Vis eldre" not in page.words and "Vis nyere" in page.words


def test_innboks_says_when_more_waits_than_it_shows(
    enter: Enter, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    ingrid = enter("ingrid")
    whole = ingrid.open("/office/inbox")
    assert "De neste kommer" not in whole.words
    count = int(re.search(r"(\d+) venter på gjennomgang", whole.words)[1])  # type: ignore[index]
    monkeypatch.setattr(bundles, "LINES_MAX", 2)
    cut = ingrid.open("/office/inbox")
    assert f"{count} venter på gjennomgang. 2 vises, de som haster mest først." in cut.words
    monkeypatch.setattr(waiting, "RECORDS_MAX", 3)
    assert re.search(
        r"Mer enn \d venter på gjennomgang\. 2 vises", ingrid.open("/office/inbox").words
    )


def test_who_asked_for_help_is_never_cut_away(
    enter: Enter, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    asked = {
        "dwelling": HOME.id,
        "words": "Trenger hjelp med strømmen nå.",
        "asked_at": write_instant(datetime.now(UTC)),
    }
    sent_in(database, "assistance_request", asked)
    monkeypatch.setattr(waiting, "RECORDS_MAX", 1)
    page = enter("ingrid").open("/office/inbox")
    assert "Trenger hjelp med strømmen nå." in page.words
