"""What waits is counted for who may see it, and is in the list whatever it hangs on."""

from __future__ import annotations

from datetime import UTC, datetime

from server.database import Database
from server.demo.municipality import NORTH
from server.shapes import write_instant
from tests.office.conftest import Enter
from tests.office.folders import written
from tests.office.reader import Reader
from tests.office.test_homes import HOME
from tests.office.test_inbox import VISIT, sent_in


def waiting(reader: Reader) -> int:
    """Give how many the overview says wait."""
    words = reader.open("/office/").words
    return int(words.partition(" til gjennomgang")[0].rpartition(" ")[2])


def test_what_the_leader_alone_may_read_is_in_no_other_count(
    enter: Enter, database: Database
) -> None:
    """A figure that rises tells that something was done to a colleague."""
    ingrid, lise = enter("ingrid"), enter("lise")
    before = waiting(ingrid), waiting(lise)
    told = {"area": NORTH, "happened_at": write_instant(datetime.now(UTC)), "type": "threat"}
    sent_in(database, "staff_incident", {**told, "words": "Truet."})
    assert (waiting(ingrid), waiting(lise)) == (before[0], before[1] + 1)


def test_what_hangs_on_a_visit_that_is_not_handed_in_waits_by_itself(
    enter: Enter, database: Database
) -> None:
    """Its visit is its author's own still: what was handed in would be on nobody's list."""
    visit = written(database, "visit", VISIT)
    asked = {"dwelling": HOME.id, "asked_at": write_instant(datetime.now(UTC)), "words": "Hei."}
    wish = sent_in(database, "assistance_request", {**asked, "visit": visit})
    links = enter("ingrid").open("/office/inbox").links
    assert f"/office/inbox/{wish}" in links and f"/office/inbox/{visit}" not in links
