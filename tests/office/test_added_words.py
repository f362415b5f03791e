"""Who adds words to a record, and to which: to what is sent in, and where one works today."""

from __future__ import annotations

from server import people
from server.database import Database
from server.demo.municipality import STAFF
from server.roles import Role
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.folders import written
from tests.office.test_homes import HOME
from tests.office.test_inbox import FAULT
from tests.office.test_not_this import marks
from tests.office.test_pages import ids

WORDS = "Beboeren ringte etterpå."


def test_words_are_added_to_what_has_been_sent_in_and_to_nothing_else(
    enter: Enter, database: Database
) -> None:
    """What is put right as it changes needs no words beside it, and nobody would look for them."""
    ingrid = enter("ingrid")
    page = ingrid.open(f"/office/records/{HOME.id}")
    assert page.status == 200 and not page.has("Lagre tillegget")
    before, sent = ids(database, "addendum"), {**marks(ingrid), "words": WORDS}
    assert ingrid.post(f"/office/records/{HOME.id}/addenda", sent).status == 422
    assert ids(database, "addendum") == before


def test_who_works_nowhere_any_more_adds_nothing_to_what_they_began(
    enter: Enter, database: Database
) -> None:
    """Its author alone reads what is nowhere yet, and goes on doing so with another role."""
    nowhere = {path: value for path, value in FAULT.items() if path != "dwelling"}
    draft, kari = written(database, "deviation", nowhere, login="kari"), enter("kari")
    form = kari.open(f"/office/records/{draft}").form("Lagre tillegget")
    before = ids(database, "addendum")
    with database.writing() as session:
        people.withdraw(session, STAFF["kari"].id)
        people.grant(session, new_id(), STAFF["kari"].id, Role.ADMIN, None)
    page = kari.open(f"/office/records/{draft}")
    assert page.status == 200 and not page.has("Lagre tillegget")
    assert kari.send(form, typed={"words": WORDS}).status == 422
    assert ids(database, "addendum") == before
