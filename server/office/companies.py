"""Borettslag og sameier: whom we share houses with, when we last talked, and what they may have.

The shared summary is built from SUMMARY alone, a list of fields; what is not in it stays here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from server.office.blueprint import office
from server.office.board_copy import shares_with_boards, words
from server.office.dates import day_words
from server.office.desk import Desk, Item
from server.office.folder import PANELS, Panel, Shelf
from server.office.folders import FOLDERS, belonging, open_folder
from server.office.gate import seated
from server.office.home_readers import admit_to_homes
from server.office.line import steps_of
from server.office.plans import areas_of
from server.office.rights import may_make
from server.planning.calendar import add_months
from server.problems import Problem
from server.records.building import Building
from server.records.cooperation_agreement import CooperationAgreement
from server.records.cooperation_log import CooperationLog
from server.records.event import Event
from server.records.housing_company import HousingCompany
from server.records.measure import Measure
from server.records.record import Envelope

COMPANIES_MAX = 500
TALK_MONTHS = 6
"""A board that has not been talked with for so long is said to be."""


@dataclass(frozen=True)
class Part:
    """What a board may have of one kind: which fields, and what must be filled in first."""

    title: str
    fields: tuple[str, ...]
    shared: str = ""
    """The day without which nothing of such a record is shared."""


SUMMARY: Mapping[str, Part] = {
    CooperationAgreement.spec.name: Part(
        "Dette har vi avtalt",
        ("signed_on", "we_do", "they_do", "caretaking", "next_meeting_on"),
        "signed_on",
    ),
    CooperationLog.spec.name: Part("Fra møtene våre", ("talked_on", "shared"), "shared_on"),
    Event.spec.name: Part(
        "Arrangementer sammen",
        ("name", "held_on", "shared_minutes"),
        "minutes_shared_on",
    ),
    Measure.spec.name: Part("Tiltak", ("name", "due_on", "done_on")),
}
HEAD = ("name", "form")


@dataclass(frozen=True)
class Row:
    """One company in the register."""

    item: Item
    area: str
    form: str
    shares: str
    last: str
    silent: bool
    """Nobody has talked with them for half a year, as far as the reader may know."""
    meets: str


@office.get("/companies")
@seated
def companies(desk: Desk) -> ResponseReturnValue:
    """Show the register."""
    admit_to_homes(desk)
    found = desk.found(HousingCompany.spec.name, _by_name, COMPANIES_MAX)
    talks, agreed = _latest(desk, found, CooperationLog.spec.name), _agreements(desk, found)
    knows = {item.id: shares_with_boards(desk, item.area) for item in found}
    return render_template(
        "office/companies.html",
        rows=[
            _row(desk, item, talks.get(item.id), agreed.get(item.id), knows[item.id])
            for item in found
        ],
        knows=any(knows.values()),
        add=may_make(desk, HousingCompany.spec, {"area": next(iter(areas_of(desk)), None)}),
    )


@office.get("/companies/<company>/shared")
@seated
def company_summary(desk: Desk, company: str) -> ResponseReturnValue:
    """Show what the board of a company may have, ready to print."""
    _, item = open_folder(desk, company)
    if item.spec is not HousingCompany.spec or not shares_with_boards(desk, item.area):
        raise Problem("no_access")
    return render_template(
        "office/company_summary.html",
        item=item,
        head=[words(desk, item, name) for name in HEAD],
        parts=summary_of(desk, item),
        today=day_words(desk.today, desk.today),
        year=desk.today.year,
    )


def summary_of(desk: Desk, company: Item) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """Give what may be shared of a company, part by part: labels and words of the fields named."""
    made = []
    for each in FOLDERS[HousingCompany.spec.name].belongs:
        part = SUMMARY.get(each.spec.name)
        if part is None:
            continue
        items = belonging(desk, each, [company.id])
        if part.shared:
            items = [item for item in items if item.text(part.shared)]
        rows = [_fields(desk, item, part) for item in items]
        if rows:
            made.append((part.title, rows))
    return made


def _fields(desk: Desk, item: Item, part: Part) -> list[tuple[str, str]]:
    labels = item.spec.fields
    told = [(labels[n].label, w) for n in part.fields if (w := words(desk, item, n))]
    steps = steps_of(item) if item.spec is Measure.spec else None
    return [*told, ("Hvor langt?", steps.states[steps.now])] if steps else told


def _row(desk: Desk, item: Item, talk: str | None, agreement: Item | None, knows: bool) -> Row:
    total, mine = item.body.get("shares_total"), item.body.get("shares")
    return Row(
        item=item,
        area=areas_of_once(desk).get(item.area or "", ""),
        form=words(desk, item, "form"),
        shares=f"{mine} av {total} andeler" if mine is not None and total else "",
        last=day_words(date.fromisoformat(talk), desk.today) if talk else "",
        silent=knows and is_silent(desk, talk),
        meets=words(desk, agreement, "next_meeting_on") if agreement else "",
    )


def areas_of_once(desk: Desk) -> dict[str, str]:
    """Give the reader's areas by name, asked once for a page."""
    found: dict[str, str] = desk.once("areas", lambda: areas_of(desk))
    return found


def is_silent(desk: Desk, talk: str | None) -> bool:
    """Say whether the last talk lies more than half a year back, or there was none."""
    return talk is None or date.fromisoformat(talk) < add_months(desk.today, -TALK_MONTHS)


def _latest(desk: Desk, found: list[Item], kind: str) -> dict[str, str]:
    """Give the day of the last talk with each company."""
    (each,) = (b for b in FOLDERS[HousingCompany.spec.name].belongs if b.spec.name == kind)
    last: dict[str, str] = {}
    for item in belonging(desk, each, [one.id for one in found]):
        company, on = str(item.text("housing_company")), item.text("talked_on") or ""
        last[company] = max(on, last.get(company, ""))
    return last


def _agreements(desk: Desk, found: list[Item]) -> dict[str, Item]:
    (each,) = (
        b for b in FOLDERS[HousingCompany.spec.name].belongs if b.spec is CooperationAgreement.spec
    )
    items = belonging(desk, each, [one.id for one in found])
    return {str(item.text("housing_company")): item for item in reversed(items)}


def _panel(desk: Desk, item: Item, shelves: list[Shelf]) -> Mapping[str, Any]:
    def there(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(Building, Building.id == Envelope.id)
        return rows.where(Building.housing_company == item.id).order_by(Building.address)

    talk = _latest(desk, [item], CooperationLog.spec.name).get(item.id)
    knows = shares_with_boards(desk, item.area)
    return {
        "knows": knows,
        "last": day_words(date.fromisoformat(talk), desk.today) if talk else "",
        "silent": knows and is_silent(desk, talk),
        "houses": [(h.id, desk.title(h)) for h in desk.found(Building.spec.name, there, 50)],
        "votes": {},
    }


PANELS[HousingCompany.spec.name] = Panel("office/panel_company.html", _panel)


def _by_name(rows: Select[Any]) -> Select[Any]:
    rows = rows.join(HousingCompany, HousingCompany.id == Envelope.id)
    return rows.order_by(HousingCompany.name, Envelope.id)
