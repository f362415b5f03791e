"""Pictures in an innsyn package: as they were redrawn, or left out with a reason like a text."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from server import hand
from server.database import Database
from server.office.insight_giving import CHANGED_SINCE, NO_PICTURE
from server.office.subject_package import PICTURE
from server.photos.attachments import store_of
from server.shapes import Json
from tests import paper
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.insights import (
    KARI,
    approve,
    approved,
    begin,
    everywhere,
    give,
    make,
    make_ready,
    redact,
    write_talk,
)
from tests.office.reader import Reader
from tests.office.test_homes import HOME
from tests.photos import attachment, encoded, photo, scene
from tests.server.lane import store_at_once

SENT, REDRAWN = photo(), encoded(scene(), "JPEG")
BLANK = "[Sladdet: gjelder andre]"


@pytest.fixture
def picture(app: Flask, database: Database) -> str:
    """A picture of a talk about the household that has come, and was redrawn; gives its id."""
    id = announced(database)
    store_of(app.extensions["oppgang_settings"]).put(f"originals/{id}", SENT)
    store_at_once(app, id, REDRAWN, 900, 1200)
    return id


def announced(database: Database) -> str:
    """Let a picture be announced whose bytes have not come; gives its id."""
    id = new_id()
    body = attachment(write_talk(database), SENT, caption="Døra")
    hand.write(database, "attachment", id, "create", body, KARI, datetime.now(UTC))
    return id


def test_what_belongs_to_a_visit_that_names_no_household_comes_with_it(
    app: Flask, enter: Enter, database: Database
) -> None:
    """It may be about them, as the visit may; what names another household is about that."""
    visit, picture, words, talk = (new_id() for _ in range(4))
    told: dict[str, Json] = {"purpose": "other", "visited_on": "2026-11-20", "outcome": "completed"}
    sent: Json = {"state": "submitted", "by": KARI, "at": "2026-11-20T09:00:00.000Z"}
    make(database, "visit", visit, dwelling=HOME.id, status=sent, **told)
    shot, now = attachment(visit, SENT), datetime.now(UTC)
    hand.write(database, "attachment", picture, "create", shot, KARI, now)
    store_at_once(app, picture, REDRAWN, 900, 1200)
    added: dict[str, Json] = {"record": picture, "words": "Bildet er fra badet."}
    hand.write(database, "addendum", words, "create", added, KARI, now)
    other = new_id()
    make(database, "tenancy", other, dwelling=HOME.id, started_on="2026-11-01")
    about: dict[str, Json] = {"dwelling": HOME.id, "tenancy": other, "summary": "Om de nye."}
    make(database, "conversation", talk, visit=visit, status=sent, **about)
    lise = enter("lise")
    where = begin(lise)
    approved(enter, where)
    found = {each["id"]: each["certain"] for each in json.loads(give(lise, where)[1])["records"]}
    assert [found.get(id) for id in (visit, picture, words)] == [False, False, False]
    assert talk not in found
    assert b64decode(field_of(lise, where, picture)["jpeg"]) == REDRAWN


def field_of(lise: Reader, where: str, picture: str) -> dict[str, Any]:
    """Give the picture's own field in the package."""
    records = json.loads(give(lise, where)[1])["records"]
    fields = next(each for each in records if each.get("id") == picture)["fields"]
    found: dict[str, Any] = next(each for each in fields if each["label"] == "Bilde")
    return found


def test_a_picture_is_in_the_package_as_it_was_redrawn(enter: Enter, picture: str) -> None:
    lise = enter("lise")
    where = begin(lise)
    approved(enter, where)
    told = field_of(lise, where, picture)
    assert b64decode(told["jpeg"]) == REDRAWN and told["words"] == "900 × 1200 punkter"
    drawn = give(lise, where, "pdf")[1]
    assert drawn.count(b"DCTDecode") == 1 and REDRAWN in drawn and b"GTS_PDFA1" in drawn
    said = give(lise, where)[1]
    assert b"sha_stored" not in said and b"thumbnail" not in said and said.count(b'"jpeg"') == 1


def test_a_picture_is_left_out_with_a_reason_and_the_second_reader_sees_it(
    enter: Enter, picture: str
) -> None:
    lise = enter("lise")
    where = begin(lise)
    redact(lise, where, picture, PICTURE, whole="yes")
    make_ready(lise, where)
    ingrid = enter("ingrid")
    page = ingrid.open(where)
    assert f'src="/office/photos/{picture}?small=1"' in page.html and "Sladdes" in page.words
    assert "Bildet, som sladdes." in page.html
    assert 'width="240" height="320"' in page.html, "it has its place before it has come"
    approve(ingrid, where)
    told = field_of(lise, where, picture)
    assert told["words"] == BLANK and "jpeg" not in told
    drawn = give(lise, where, "pdf")[1]
    assert b"DCTDecode" not in drawn and REDRAWN[-300:] not in paper.opened(drawn)
    why = json.loads(give(lise, where)[1])["left_out"]
    assert [(each["blank"], each["places"]) for each in why] == [(BLANK, 1)] and why[0]["law"]


@pytest.mark.parametrize("way", ["record", "a word of it"])
def test_a_picture_goes_whole_however_it_is_left_out(way: str, enter: Enter, picture: str) -> None:
    lise = enter("lise")
    where = begin(lise)
    if way == "record":
        redact(lise, where, picture, "", all="yes")
    else:
        everywhere(lise, where, "punkter")
    approved(enter, where)
    said = give(lise, where)[1]
    assert b'"jpeg"' not in said and b"900 \xc3\x97 1200" not in said
    assert b"DCTDecode" not in give(lise, where, "pdf")[1]


def test_a_picture_that_comes_after_it_was_read_stops_the_package(
    app: Flask, enter: Enter, database: Database
) -> None:
    late, lise = announced(database), enter("lise")
    where = begin(lise)
    approved(enter, where)
    assert field_of(lise, where, late)["words"] == "Ikke kommet fram ennå"
    store_at_once(app, late, REDRAWN, 900, 1200)
    status, words, _ = give(lise, where)
    assert status == 422 and CHANGED_SINCE.happened in words.decode()


def test_nothing_leaves_while_a_picture_of_it_is_not_in_the_store(
    app: Flask, enter: Enter, picture: str
) -> None:
    lise = enter("lise")
    where = begin(lise)
    approved(enter, where)
    store_of(app.extensions["oppgang_settings"]).delete(f"pictures/{picture}")
    status, words, _ = give(lise, where)
    assert status == 422 and NO_PICTURE.happened in words.decode()
