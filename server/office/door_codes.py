"""A sheet of codes for doors: one for a building and one for each home in it, to print and put up.

A code names a place by its id and nothing else; who may see the place is asked when it is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import segno
from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import Select

from server.office.blueprint import office
from server.office.desk import Desk
from server.office.gate import seated
from server.office.homes import place
from server.records.building import Building
from server.records.dwelling import Dwelling
from server.records.record import Envelope

CODES_MAX = 500
MENDS = "q"
"""A code is still read when a quarter of it is worn away (ISO/IEC 18004, level Q)."""
MODULE_SIZE, QUIET_MODULES = 4, 4


@dataclass(frozen=True)
class Code:
    """One code and what stands beside it."""

    title: str
    more: str
    drawing: Markup


@office.get("/buildings/<building>/codes")
@seated
def door_codes(desk: Desk, building: str) -> ResponseReturnValue:
    """Show the codes of a building and its homes, laid out for paper."""
    house = place(desk, building, Building.spec)

    def inside(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(Dwelling, Dwelling.id == Envelope.id).where(Dwelling.building == house.id)
        return rows.order_by(Dwelling.address, Dwelling.unit_number, Envelope.id)

    flats = desk.found(Dwelling.spec.name, inside, CODES_MAX)
    app = request.host_url
    codes = [Code(house.text("address") or "", house.text("name") or "", drawn(app, house.id))]
    for flat in flats:
        more = flat.text("local_label") or ""
        codes.append(Code(desk.title(flat), more, drawn(app, flat.id)))
    return render_template(
        "office/door_codes.html", house=house.id, title=desk.title(house), codes=codes, app=app
    )


def drawn(app: str, place: str) -> Markup:
    """Draw the code that opens the app at a place."""
    code = segno.make_qr(f"{app}?sted={place}", error=MENDS)
    return Markup(code.svg_inline(scale=MODULE_SIZE, border=QUIET_MODULES, omitsize=True))
