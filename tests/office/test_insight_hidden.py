"""What a request for insight tells of what its reader may not see, and takes of what is sent."""

from __future__ import annotations

import json
import re

import pytest

from server.database import Database
from server.demo.municipality import homes
from server.keeping.insight import Insight, Redaction
from server.shapes import Json
from tests import paper
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.insights import (
    KARI,
    SECRET,
    approve,
    approved,
    begin,
    give,
    make,
    make_ready,
    redact,
    rows,
    write_talk,
)
from tests.office.test_homes import HOME

NEIGHBOUR = next(home for home in homes() if home.area == HOME.area and home != HOME)
BARRED: dict[str, Json] = {f"sealed_for/{KARI}": True}


def test_what_is_barred_is_in_no_count_on_no_page_and_in_no_file(
    enter: Enter, database: Database
) -> None:
    """What the reader may not see otherwise is counted: somebody else's draft."""
    make(database, "contact", new_id(), tenancy=HOME.tenancy, name="Ylvali Sperrestad", **BARRED)
    lise = enter("lise")
    where = begin(lise)

    def told() -> list[str]:
        pages = lise.open(f"/office/subjects/{HOME.tenancy}").words, lise.open(where).words
        return [found[1] for page in pages if (found := re.search(r"(\d+) \w+ ser du ikke", page))]

    assert told() == []
    approved(enter, where)
    assert json.loads(give(lise, where)[1])["not_shown"] == 0
    assert "erikkemed" not in "".join(paper.words(give(lise, where, "pdf")[1]).split())
    draft: dict[str, Json] = {"dwelling": HOME.id, "tenancy": HOME.tenancy}
    make(database, "conversation", new_id(), **draft, summary="Et utkast")
    assert told() == ["1", "1"]
    assert json.loads(give(lise, where)[1])["not_shown"] == 1
    assert "erikkemed" in "".join(paper.words(give(lise, where, "pdf")[1]).split())


def test_a_name_is_proposed_only_to_who_may_see_whose_it_is(
    enter: Enter, database: Database
) -> None:
    """A mark in a text would tell that a resident has that name."""
    make(database, "contact", new_id(), tenancy=HOME.tenancy, name="Ylvali Sperrestad", **BARRED)
    make(database, "contact", new_id(), name="Orvilda Ukjent")
    talk, lise = write_talk(database, "Ylvali, Orvilda og Amir krangler."), enter("lise")
    html = lise.open(f"{begin(lise)}/{talk}").html
    assert re.findall("<mark>(.*?)</mark>", html) == ["Amir"]


def test_what_is_taken_back_after_it_was_given_out_is_given_out_no_longer(
    enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    where = begin(lise)
    approved(enter, where)
    give(lise, where)
    assert "Gitt ut" in lise.open("/office/insights").words
    lise.send(lise.open(where).form("Ta tilbake"))
    make_ready(lise, where)
    approve(enter("ingrid"), where)
    page = lise.open("/office/insights").words
    assert "Gitt ut" not in page and "Kan gis ut" in page and "Venter på deg" in page
    with database.reading() as session:
        row = session.get_one(Insight, where.rpartition("/")[2])
        assert (row.given_at, row.given_by) == (None, None)


@pytest.mark.parametrize("sent", ["", "\x00", "x" * 36, "{id}0", "{id}\x00"])
def test_what_is_no_id_is_no_request_and_no_redaction(
    sent: str, enter: Enter, database: Database
) -> None:
    talk, lise = write_talk(database), enter("lise")
    where = begin(lise)
    redact(lise, where, talk, "summary", text=SECRET)
    mark = lise.open(where).form("Sladd overalt").one("csrf")
    with database.reading() as session:
        known = session.query(Redaction.id).first()
    assert known is not None
    fields = {"csrf": mark, "redaction": sent.format(id=known[0]), "record": talk}
    assert lise.post(f"{where}/unredact", fields).status == 200
    assert rows(database, Redaction) == 2
    if sent:
        odd = sent.format(id=where.rpartition("/")[2]).replace("\x00", "%00")
        assert lise.open(f"/office/insights/{odd}").status == 404


def test_what_is_in_no_package_is_neither_shown_nor_left_out_of_it(
    enter: Enter, database: Database
) -> None:
    """A leader sees the neighbour's household too; it is another's, and no part of this one."""
    talk, lise = write_talk(database), enter("lise")
    where, other = begin(lise), NEIGHBOUR.tenancy
    assert lise.open(f"/office/records/{other}").status == 200
    assert lise.open(f"{where}/{other}").status == 404
    form = next(f for f in lise.open(f"{where}/{talk}").forms if f.action.endswith("/redact"))
    page = lise.send(form, typed={"record": other, "reason": "others", "text": SECRET})
    assert page.status == 422 and "Noe er endret siden du åpnet siden." in page.words
    assert rows(database, Redaction) == 0
