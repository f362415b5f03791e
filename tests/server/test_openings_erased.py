"""What was written of why a home was opened, or a record held, goes with whom it may tell of."""

from __future__ import annotations

from sqlalchemy import select

from server import access_log, openings
from server.config import Settings
from server.database import Database
from server.keeping import erasure, holds
from server.keeping.holds import Hold
from tests.makers import NOW, USERS, World
from tests.server.test_erasure import SECRET, everything
from tests.server.test_openings import WHY, Reader, amir, home, lise, opening, seen

__all__ = ["amir", "home", "lise"]


def test_no_word_of_why_outlives_the_household_that_was_opened(
    amir: Reader,
    lise: Reader,
    home: dict[str, str],
    database: Database,
    settings: Settings,
    world: World,
) -> None:
    """Who opened it, and when, is known as before, and the chain of the log holds."""
    amir.opens(world.dwelling, f"{WHY} {SECRET}")
    assert seen(amir, home) == home.keys()
    review = f"/office/openings/{opening(database).id}/review"
    lise.post(review, fit="yes", words=f"Riktig, {SECRET} var hjemme.")
    with database.writing() as session:
        holds.lift(session, holds.place(session, home["tenancy"], SECRET, "x", NOW), "x", NOW)
    log = f"/office/log/records/{home['talk']}"
    assert SECRET in lise.get(log).text and SECRET in lise.get("/office/openings").text
    erasure.erase(database, settings, [home["talk"]], NOW, "test", USERS["lise"])
    assert SECRET in lise.get("/office/openings").text, "an old talk that ends takes nothing else"
    erasure.erase(database, settings, [home["tenancy"]], NOW, "test", USERS["lise"])
    assert SECRET.encode() not in everything(database)
    assert openings.FORGOTTEN in lise.get("/office/openings").text
    with database.reading() as session:
        assert access_log.first_break(session) is None
        assert opening(database).user == USERS["amir"] and opening(database).fit


def test_what_is_personal_is_taken_out_of_why_too(
    amir: Reader, lise: Reader, home: dict[str, str], database: Database, world: World
) -> None:
    amir.opens(world.dwelling, f"{WHY} {SECRET}")
    assert seen(amir, home) == home.keys()
    with database.writing() as session:
        holds.lift(session, holds.place(session, home["tenancy"], SECRET, "x", NOW), "x", NOW)
        erasure.clear(session, [home["tenancy"]], NOW, "test", USERS["lise"])
    with database.reading() as session:
        assert session.scalars(select(Hold.reason)).one() == ""
    assert opening(database).why == ""
    assert openings.FORGOTTEN in lise.get(f"/office/log/records/{home['talk']}").text
