"""Two parties of one conflict: no page of the office lets who talks with one know of the other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.access import actor_of, on_phones, records_visible, scopes_of
from server.database import Database
from server.demo.municipality import STAFF
from tests.office.conftest import Enter
from tests.office.test_cases import SAID_BY_A, SAID_BY_B, a_case, a_party, a_talk, day
from tests.office.test_pages import everything

NOWHERE = "018f2c5e-0000-7000-8000-0000000000ff"
SAID = {"a": SAID_BY_A, "b": SAID_BY_B}


@pytest.mark.parametrize(("login", "mine", "theirs"), [("kari", "a", "b"), ("amir", "b", "a")])
def test_no_page_that_links_lead_to_tells_of_the_other_party(
    login: str, mine: str, theirs: str, enter: Enter, database: Database
) -> None:
    """Every page is opened; one's own party is found among them, the other's nowhere."""
    case = a_case(database)
    parties = {
        side: a_party(database, case, side, who) for side, who in (("a", "kari"), ("b", "amir"))
    }
    for side, who in (("a", "kari"), ("b", "amir")):
        a_talk(database, parties[side], SAID[side], who, next_on=day(-1))
    pages = everything(enter(login)).values()
    shown = "\n".join(page.html for page in pages)
    assert SAID[mine] in shown and f"Part {mine.upper()} Eksempel" in shown
    for told in (SAID[theirs], f"Part {theirs.upper()} Eksempel", parties[theirs]):
        assert told not in shown


@pytest.mark.parametrize(("login", "mine", "theirs"), [("kari", "a", "b"), ("amir", "b", "a")])
def test_what_the_other_party_said_is_missing_wherever_it_is_asked_for(
    login: str, mine: str, theirs: str, enter: Enter, database: Database
) -> None:
    """At its addresses as what never was, and in what a phone gets: its lists and its search.

    Both are in the case, and both work in the whole area.
    """
    case, talks = a_case(database), dict[str, str]()
    for side, who in (("a", "kari"), ("b", "amir")):
        talks[side] = a_talk(database, a_party(database, case, side, who), SAID[side], who)
    reader, now = enter(login), datetime.now(UTC)
    assert reader.open(f"/office/records/{talks[mine]}").status == 200
    for path in ("records/{}", "records/{}/edit", "inbox/{}", "log/records/{}"):
        there = reader.open(f"/office/{path.format(talks[theirs])}")
        nowhere = reader.open(f"/office/{path.format(NOWHERE)}")
        assert (there.status, there.plain) == (404, nowhere.plain), path
    with database.reading() as session:
        scopes = scopes_of(session, actor_of(session, STAFF[login].id), now)
        for view in (scopes, on_phones(scopes)):
            known = {row.id for row in records_visible(session, view)}
            assert talks[mine] in known and talks[theirs] not in known


def test_who_talks_with_both_sees_one_at_a_time(enter: Enter, database: Database) -> None:
    """A mediator may know both; at A's door the open page has no word of B's."""
    case = a_case(database)
    a, b = a_party(database, case, "a", "kari"), a_party(database, case, "b", "kari")
    a_talk(database, a, SAID_BY_A, "kari", next_on=day(4))
    a_talk(database, b, SAID_BY_B, "kari", next_on=day(5))
    kari = enter("kari")
    for party, own, other in ((a, SAID_BY_A, SAID_BY_B), (b, SAID_BY_B, SAID_BY_A)):
        page = kari.open(f"/office/folders/{party}")
        assert own in page.words and other not in page.words
    for path in (f"/office/folders/{case}", "/office/cases", "/office/cases?show=parties"):
        page = kari.open(path)
        assert SAID_BY_A not in page.words and SAID_BY_B not in page.words
