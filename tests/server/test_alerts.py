"""Safety alerts on two phones: of two that differ unseen the stricter stands, whoever came last."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.makers import World, example, new_id
from tests.server.confiding import made
from tests.server.phone import Phone
from tests.server.situations import status

STRICTER = ("access", "dog", "call_first", "infection", "not_alone", "threat")
"""Written by hand, from what costs a moment to what may cost a life."""


@pytest.mark.parametrize("milder_first", [True, False])
@pytest.mark.parametrize(("mild", "strict"), [*zip(STRICTER, STRICTER[1:], strict=False)])
def test_of_two_that_were_written_unseen_the_stricter_stands_whoever_came_last(
    mild: str, strict: str, milder_first: bool, kari: Phone, office: Phone, world: World
) -> None:
    """Both are told so, and no question is asked that somebody would have to wait for."""
    about = {**example("safety_alert"), "dwelling": world.dwelling, "category": "access"}
    sent = {**about, "status": status(kari, "submitted")}
    id = made(kari, "safety_alert", new_id(), sent)
    office.sync()
    both = [(kari, kari.edit(id, category=mild)), (office, office.edit(id, category=strict))]
    for phone, edit in both if milder_first else reversed(both):
        assert phone.sync(edit)[0]["state"] == "applied"
    for phone, _ in both:
        phone.sync()
        assert phone.body(id)["category"] == strict


def test_two_alerts_for_one_home_both_stand(
    app: Flask, kari: Phone, amir: Phone, world: World
) -> None:
    """Neither takes the place of the other: a leader sees both, and each ends on its own day."""
    lise = Phone(app, "lise")
    for phone, category in ((kari, "dog"), (amir, "threat")):
        about = {**example("safety_alert"), "dwelling": world.dwelling, "category": category}
        made(phone, "safety_alert", new_id(), {**about, "status": status(phone, "submitted")})
    lise.sync()
    assert {each["body"]["category"] for each in lise.of("safety_alert")} == {"dog", "threat"}
