"""Who is to visit joins the team of the tenancy, to know whom to call; nobody lets themself in."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from server import strict_json
from server.database import Database
from server.ledger import MutationRow
from server.shapes import Json
from sync.mutation import INTEGER_MAX
from tests.makers import USERS, World, new_id
from tests.server.phone import Phone


@pytest.fixture
def office(app: Flask, world: World) -> Phone:
    """The office's phone."""
    phone = Phone(app, "ingrid")
    phone.sync()
    return phone


def household(phone: Phone, world: World) -> tuple[str, list[dict[str, Json]]]:
    """Give a tenancy with a contact, as they are written."""
    tenancy = new_id()
    let: dict[str, Json] = {"dwelling": world.dwelling, "started_on": "2026-11-01"}
    who: dict[str, Json] = {"tenancy": tenancy, "name": "Leietaker Eksempel"}
    writes = [phone.write("tenancy", tenancy, let), phone.write("contact", new_id(), who)]
    return tenancy, writes


def agreed(world: World, tenancy: str, visitor: str) -> dict[str, Json]:
    """Give an agreed visit with a visitor."""
    return {
        "dwelling": world.dwelling,
        "tenancy": tenancy,
        "planned_on": "2026-11-24",
        f"visitors/{USERS[visitor]}": True,
    }


@pytest.mark.parametrize("together", [True, False])
def test_who_is_to_visit_is_given_the_contact_also_when_all_comes_at_once(
    together: bool, app: Flask, database: Database, office: Phone, world: World
) -> None:
    tenancy, writes = household(office, world)
    if not together:
        office.sync(*writes)
        writes = []
    plan = office.write("planned_visit", new_id(), agreed(world, tenancy, "kari"))
    assert {result["state"] for result in office.sync(*writes, plan)} == {"applied"}
    kari = Phone(app, "kari")
    kari.sync()
    assert "contact" in {record["kind"] for record in kari.base.values()}
    with database.reading() as session:
        for raw in session.scalars(select(MutationRow.raw)):
            for seen in strict_json.loads(raw or b"{}").get("seen", {}).values():
                assert seen["seq"] <= INTEGER_MAX


def test_a_field_worker_does_not_let_themself_in_by_a_plan(
    app: Flask, office: Phone, world: World
) -> None:
    tenancy, writes = household(office, world)
    office.sync(*writes)
    amir = Phone(app, "amir")
    amir.sync()
    plan = amir.write("planned_visit", new_id(), agreed(world, tenancy, "amir"))
    assert (amir.sync(plan)[0]["state"], amir.sync()) == ("held", [])
    assert "contact" not in {record["kind"] for record in amir.base.values()}
