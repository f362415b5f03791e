"""Whose word closes a deviation: who mends says so, who owns it says whether it is mended."""

from __future__ import annotations

import pytest
from flask import Flask

from server.shapes import Json
from tests.makers import World, example, new_id
from tests.server.confiding import made
from tests.server.phone import Phone
from tests.server.situations import AT, status


def found(phone: Phone, world: World, responsible: str | None = "landlord") -> str:
    """Let somebody send in a deviation."""
    body = example("deviation", dwelling=world.dwelling, building=None, responsible=responsible)
    return made(phone, "deviation", new_id(), {**body, "status": status(phone, "submitted")})


def says(phone: Phone, id: str, state: str) -> dict[str, Json]:
    """Let somebody say how far the work has come."""
    phone.sync()
    handling: Json = {"state": state, "by": phone.user, "at": AT}
    result: dict[str, Json] = phone.sync(phone.edit(id, handling=handling))[0]
    return result


@pytest.mark.parametrize("responsible", ["landlord", "housing_company", None])
@pytest.mark.parametrize("state", ["verified", "rejected", "ordered"])
def test_a_caretaker_does_not_close_what_is_not_theirs(
    state: str, responsible: str | None, app: Flask, kari: Phone, world: World
) -> None:
    id, ola = found(kari, world, responsible), Phone(app, "ola")
    assert says(ola, id, state)["reason"] == "access"
    told = ola.sync(ola.edit(id, responsible="team"))[0]
    assert (told["state"], told["reason"]) == ("held", "access")
    ola.sync()
    assert "handling" not in ola.body(id)


def test_a_caretaker_mends_on_the_spot_and_the_landlord_says_that_it_is_well(
    app: Flask, kari: Phone, world: World
) -> None:
    id, ola, eva = found(kari, world), Phone(app, "ola"), Phone(app, "eva")
    assert says(ola, id, "done")["state"] == "applied"
    assert says(eva, id, "verified")["state"] == "applied"
    assert says(ola, id, "open")["reason"] == "access"
    eva.sync()
    assert eva.body(id)["handling"]["state"] == "verified"


@pytest.mark.parametrize("state", ["verified", "rejected", "done"])
def test_what_is_ours_to_mend_is_ours_to_close(
    state: str, app: Flask, kari: Phone, world: World
) -> None:
    id = found(kari, world, "team")
    assert says(Phone(app, "ola"), id, state)["state"] == "applied"


def test_a_caretaker_takes_back_their_own_till_somebody_has_begun_on_it(
    app: Flask, world: World
) -> None:
    ola, eva = Phone(app, "ola"), Phone(app, "eva")
    ola.sync()
    slip, begun = found(ola, world), found(ola, world)
    assert says(ola, slip, "rejected")["state"] == "applied"
    assert says(eva, begun, "ordered")["state"] == "applied"
    assert says(ola, begun, "rejected")["reason"] == "access"
