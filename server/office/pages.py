"""Where a record is best read: its folder, the home it is told on, or its own page."""

from __future__ import annotations

from flask import url_for

from server.office.desk import Desk, Item
from server.office.folders import head_of
from server.records.building import Building
from server.records.deviation import Deviation
from server.records.dwelling import Dwelling
from server.records.tenancy import Tenancy


def page_of(desk: Desk, item: Item) -> str:
    """Give the page that a record is best read on, and the place on it."""
    if head := head_of(desk, item):
        anchor = None if head is item else f"p-{item.id}"
        return url_for("office.folder", head=head.id, _anchor=anchor)
    if item.spec is Building.spec:
        return url_for("office.building", building=item.id)
    if item.spec is Deviation.spec:
        return url_for("office.deviation", deviation=item.id)
    tenancy = item if item.spec is Tenancy.spec else desk.item(item.text("tenancy"))
    home = tenancy.text("dwelling") if tenancy else None
    if home or item.spec is Dwelling.spec:
        return url_for("office.dwelling", dwelling=home or item.id)
    return url_for("office.record", record=item.id)
