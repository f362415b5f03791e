"""Boliger: areas, buildings and dwellings, and each one's dossier; persons only for who may.

It shows and changes nothing; what a reader may not see is not there.
"""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from server.office import present, stock
from server.office.blueprint import office
from server.office.board import Look, found, lines
from server.office.decisions import new_form
from server.office.desk import Desk, Item
from server.office.gate import seated
from server.office.home_readers import admit_to_homes
from server.office.households import households
from server.office.new_plans import from_home
from server.office.opened import may_open, opened_until
from server.office.plans import areas_of
from server.office.sought import search_at, sought
from server.office.timeline import timeline
from server.problems import Problem, ProblemText
from server.records.building import Building
from server.records.contact import Contact
from server.records.dwelling import Dwelling
from server.records.housing_company import HousingCompany
from server.records.record import Envelope, KindSpec

FAULTS_MAX = 12
QUERY_MAX = 100


@office.get("/homes")
@seated
def homes(desk: Desk) -> ResponseReturnValue:
    """Show the areas, one area's buildings, or what a search finds."""
    admit_to_homes(desk)
    names = areas_of(desk)
    query, page = sought(QUERY_MAX), _number("page")
    area = request.args.get("area", "")
    if query:
        houses, flats = stock.search(desk, query)
        return render_template("office/homes.html", query=query, houses=houses, flats=flats)
    if area:
        if area not in names:
            raise Problem("no_access")
        houses = stock.buildings(desk, area, page)
        flats = stock.dwellings(desk, page, building=None, area=area)
        return render_template(
            "office/homes.html",
            query="",
            area=area,
            title=names[area],
            page=page,
            more=max(len(houses), len(flats)) > stock.PAGE,
            houses=houses[: stock.PAGE],
            flats=flats[: stock.PAGE],
        )
    return render_template("office/homes.html", query="", areas=stock.areas(desk, names))


@office.post("/homes")
def search_homes() -> ResponseReturnValue:
    """Take the words of a search, which stand in no address."""
    return search_at(url_for("office.homes"), QUERY_MAX)


@office.get("/buildings/<building>")
@seated
def building(desk: Desk, building: str) -> ResponseReturnValue:
    """Show a building: its facts, who owns the common parts, its homes and what happened."""
    item, page = place(desk, building, Building.spec), _number("page")
    flats = stock.dwellings(desk, page, building=item.id, area=None)
    company = desk.item(item.text("housing_company"))
    return render_template(
        "office/building.html",
        **_common(desk, item),
        company=_company(desk, company) if company else None,
        flats=flats[: stock.PAGE],
        more=len(flats) > stock.PAGE,
        page=page,
        **_faults(desk, Look(building=item.id)),
    )


@office.get("/dwellings/<dwelling>")
@seated
def dwelling(desk: Desk, dwelling: str) -> ResponseReturnValue:
    """Show a dwelling's dossier."""
    return dossier(desk, dwelling)


def dossier(desk: Desk, dwelling: str, problem: ProblemText | None = None) -> ResponseReturnValue:
    """Draw a dwelling's page, with what went wrong with the form that was sent from it."""
    item = place(desk, dwelling, Dwelling.spec)
    house = desk.item(item.text("building"))
    body = render_template(
        "office/dwelling.html",
        **_common(desk, item),
        house={"id": house.id, "title": desk.title(house)} if house else None,
        households=households(desk, item),
        anew=from_home(desk, item),
        may_open=may_open(desk, item),
        open_until=opened_until(desk, item.id),
        form=new_form(),
        problem=problem,
    )
    return body, problem.status if problem else 200


def place(desk: Desk, id: str, spec: KindSpec) -> Item:
    """Give a building or a dwelling; what is missing, deleted or forbidden looks the same."""
    admit_to_homes(desk)
    item = desk.item(id)
    if item is None or item.spec is not spec:
        raise Problem("no_access")
    return item


def _common(desk: Desk, item: Item) -> dict[str, Any]:
    area = desk.item(item.area)
    return {
        "item": item,
        "title": desk.title(item),
        "area": {"id": area.id, "title": desk.title(area)} if area else None,
        "sections": present.part(desk, item, skip=("area", "building")).sections,
        "happened": timeline(desk, item, _number("events")),
    }


def _faults(desk: Desk, look: Look) -> dict[str, Any]:
    open_ones = found(desk, look, FAULTS_MAX + 1)
    return {
        "faults": lines(desk, open_ones[:FAULTS_MAX]),
        "more_faults": len(open_ones) > FAULTS_MAX,
    }


def _company(desk: Desk, item: Item) -> dict[str, Any]:
    """Give a housing company with those to call there, for who may know them."""

    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(Contact, Contact.id == Envelope.id)
        return rows.where(Contact.housing_company == item.id).order_by(Contact.name, Envelope.id)

    contacts = desk.found(Contact.spec.name, narrow)
    return {
        "id": item.id,
        "title": item.text("name") or HousingCompany.spec.words[0],
        "manager": item.text("property_manager") or "",
        "contacts": [{"name": c.text("name"), "phone": c.text("phone") or ""} for c in contacts],
    }


def _number(name: str) -> int:
    page = request.args.get(name, 1, type=int)
    return page if 0 < page < 100_000 else 1
