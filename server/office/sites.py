"""Tiltakssteder: where a programme runs, what it cost before and after, and what was learnt.

It compares periods and judges nobody; a period counts by its length and its number of homes.
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
from server.office.companies import areas_of_once
from server.office.dates import day_words
from server.office.desk import Desk, Item
from server.office.folder import PANELS, Panel, Shelf
from server.office.gate import seated
from server.office.home_readers import admit_to_homes
from server.office.plans import areas_of
from server.office.rights import may_make
from server.records.learning import Learning
from server.records.programme_site import PROGRAMMES, STAGES, ProgrammeSite
from server.records.record import Envelope, members_of
from server.records.site_figures import SiteFigures
from server.shapes import Json

SITES_MAX = 300
YEAR_DAYS = 365
PER_HOMES = 100
COUNTED = {
    "complaints": "Klager",
    "damage_cases": "Skader",
    "damage_cost": "Skader, kr",
    "waste_cost": "Avfall, kr",
    "invoices_returned": "I retur",
}
"""The figures that are compared, with words short enough for a column."""


@dataclass(frozen=True)
class Period:
    """One period's figures as they were entered, and for a year and a hundred homes."""

    when: str
    baseline: bool
    numbers: list[str]
    yearly: list[str]
    learnt: list[str]
    """What was changed in that period."""


@office.get("/sites")
@seated
def sites(desk: Desk) -> ResponseReturnValue:
    """List the sites by programme."""
    admit_to_homes(desk)

    def by_name(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(ProgrammeSite, ProgrammeSite.id == Envelope.id)
        return rows.order_by(ProgrammeSite.programme, ProgrammeSite.name, Envelope.id)

    found = desk.found(ProgrammeSite.spec.name, by_name, SITES_MAX)
    return render_template(
        "office/sites.html",
        rows=[_row(desk, item) for item in found],
        add=may_make(desk, ProgrammeSite.spec, {"area": next(iter(areas_of(desk)), None)}),
    )


def _row(desk: Desk, item: Item) -> dict[str, Any]:
    started = item.text("started_on")
    return {
        "id": item.id,
        "name": item.text("name") or "",
        "programme": PROGRAMMES.get(item.text("programme") or "", ""),
        "stage": STAGES.get(item.text("stage") or "", ""),
        "started": day_words(date.fromisoformat(started), desk.today) if started else "",
        "area": areas_of_once(desk).get(item.area or "", ""),
        "homes": item.body.get("dwellings"),
    }


def periods(desk: Desk, site: Item, figures: list[Item], learnt: list[Item]) -> list[Period]:
    """Give a site's figures period by period, the earliest first, with what was changed in each."""
    homes = site.body.get("dwellings")
    return [
        _period(desk, each, learnt, homes if isinstance(homes, int) else 0)
        for each in sorted(figures, key=lambda item: item.text("from_on") or "")
    ]


def _period(desk: Desk, item: Item, learnt: list[Item], homes: int) -> Period:
    first, last = (date.fromisoformat(str(item.body[name])) for name in ("from_on", "until_on"))
    numbers = [_whole(item.body.get(name)) for name in COUNTED]
    days = (last - first).days + 1
    changed = [
        one.text("change") or ""
        for one in learnt
        if first.isoformat() <= (one.text("changed_on") or one.text("learnt_on") or "")
        and (one.text("changed_on") or one.text("learnt_on") or "") <= last.isoformat()
    ]
    return Period(
        when=f"{day_words(first, desk.today)}–{day_words(last, desk.today)}",
        baseline=item.body.get("baseline") is True,
        numbers=[amount(number) for number in numbers],
        yearly=[amount(yearly(number, days, homes)) for number in numbers],
        learnt=list(filter(None, changed)),
    )


def amount(number: int | None) -> str:
    """Write «640 000», and nothing for what is not known."""
    return "" if number is None else f"{number:,}".replace(",", "\u00a0")


def yearly(number: int | None, days: int, homes: int) -> int | None:
    """Give a figure for a year and a hundred homes, so that periods compare; None where unknown."""
    if number is None or days < 1 or homes < 1:
        return None
    return round(number * YEAR_DAYS / days * PER_HOMES / homes)


def _whole(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _panel(desk: Desk, item: Item, shelves: list[Shelf]) -> Mapping[str, Any]:
    by_kind = {shelf.belongs.spec.name: shelf for shelf in shelves}
    figures = [line.item for line in by_kind[SiteFigures.spec.name].lines]
    learnt = [line.item for line in by_kind[Learning.spec.name].lines]
    again: dict[str, Json] = {"area": item.area, "copied_from": item.id}
    source = desk.item(item.text("copied_from"))
    return {
        "labels": list(COUNTED.values()),
        "periods": periods(desk, item, figures, learnt),
        "may_copy": may_make(desk, ProgrammeSite.spec, again),
        "houses": [(h.id, desk.title(h)) for h in desk.items(members_of(item.body, "buildings"))],
        "source": {"id": source.id, "title": desk.title(source)} if source else None,
        "votes": {},
    }


PANELS[ProgrammeSite.spec.name] = Panel("office/panel_site.html", _panel)
