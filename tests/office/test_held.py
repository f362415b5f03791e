"""What cannot be used yet: beside it stands what can be done about it, for whoever can."""

from __future__ import annotations

from datetime import UTC, datetime

from server.database import Database
from server.demo.municipality import NORTH, STAFF, homes
from server.demo.pen import Edit, Pen, made
from server.shapes import Json
from tests.makers import new_id
from tests.office.conftest import Enter

HOME = next(home for home in homes() if home.area == NORTH)


def test_what_is_held_says_what_can_be_done_about_it_to_whoever_can(
    enter: Enter, database: Database
) -> None:
    """Who may give access again, or open what was ended; its author is only told what it is."""
    home, tenancy = HOME.id, HOME.tenancy
    ended = Edit("tenancy", tenancy, {"ended": True}, unseen=True)
    pen = Pen(database)
    pen.server(STAFF["lise"], datetime.now(UTC), ended)
    said: dict[str, Json] = {"dwelling": home, "tenancy": tenancy, "summary": "Skrevet i bilen."}
    (told,) = pen.phone(
        STAFF["kari"], datetime.now(UTC), made("conversation", new_id(), said), lag=900
    )
    assert (told.state, told.reason) == ("held", "ref")
    office, author = enter("ingrid").open("/office/held"), enter("kari").open("/office/held")
    assert "Skal Kari Nordvik ha tilgang, gis den på nytt" in office.words
    assert "angrer du det på boligens side og trykker Prøv på nytt." in office.words
    assert f"/office/dwellings/{home}" in office.links
    assert "angrer du det på boligens side" not in author.words
