"""What was written over before it was handed in is its author's own, on every page that tells."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.database import Database
from server.demo.municipality import STAFF
from server.shapes import write_instant
from tests.office.conftest import Enter
from tests.office.folders import written
from tests.office.test_inbox import FAULT

FIRST, SENT, LATER = "Naboen i 3B er ruset og slo inn døra.", "Døra er knust.", "Døra er reparert."
WHO_READ = ("amir", "ola", "eva", "ingrid", "lise")


def handed_in(database: Database) -> str:
    """Let Kari write a fault, think better of it, and hand it in."""
    id = written(database, "deviation", {**FAULT, "words": FIRST, "severity": "low"})
    written(database, "deviation", {"words": "Halvt skrevet", "cause": "vandalism"}, id=id)
    written(database, "deviation", {"cause": None}, id=id)
    status = {"state": "submitted", "by": STAFF["kari"].id, "at": write_instant(datetime.now(UTC))}
    return written(database, "deviation", {"words": SENT, "status": status}, id=id)


@pytest.mark.parametrize("page", ["records", "deviations"])
def test_others_read_what_was_handed_in_and_its_author_all_of_it(
    page: str, enter: Enter, database: Database
) -> None:
    fault = handed_in(database)
    for login in ("kari", *WHO_READ):
        told = enter(login).open(f"/office/{page}/{fault}")
        if told.status == 404:
            continue
        history = told.words.partition("Historikk")[2]
        assert SENT in history and "Sendt inn" in history, login
        for own in (FIRST, "Halvt skrevet", "Hærverk"):
            assert (own in history) == (login == "kari"), (login, own)


def test_what_is_put_right_afterwards_is_told_to_all_with_what_stood(
    enter: Enter, database: Database
) -> None:
    fault = handed_in(database)
    written(database, "deviation", {"words": LATER}, id=fault)
    told = enter("ingrid").open(f"/office/records/{fault}").words.partition("Historikk")[2]
    assert LATER in told and f"Før: {SENT}" in told and FIRST not in told
