"""Trygghet på jobb: incidents by kind, and lone visits where somebody had to be warned."""

from __future__ import annotations

from collections.abc import Iterator

from server.records.check_in import CheckIn
from server.records.staff_incident import TYPES, StaffIncident
from server.reports.look import Look
from server.reports.periods import PeriodKind
from server.reports.report import Closeness, Report
from server.reports.tables import Axis, Table, cross
from server.roles import Role

ENDS = {"self": "Meldte seg ferdig", "warned": "Noen ble varslet"}
YES_NO = {"yes": "Fulgt opp", "no": "Ikke fulgt opp ennå"}


def count(look: Look) -> Iterator[Table]:
    """Lay out what happened to us in the period, and how lone visits ended."""
    happened = StaffIncident.happened_at >= look.period.begins
    facts = [
        {
            "type": one.text("type"),
            "followed": "yes" if one.day("followed_up_on") else "no",
        }
        for one in look.records(
            StaffIncident, happened, StaffIncident.happened_at < look.period.ends
        )
    ]
    incidents = look.crowd("hendelser", facts)
    kinds = Axis("type", "Hva skjedde?", TYPES)
    yield cross("Hendelser", incidents, kinds, Axis("followed", "Fulgt opp", YES_NO))
    began = CheckIn.started_at >= look.period.begins
    alone = [
        {"ended": "warned" if one.day("escalated_at") else "self"}
        for one in look.records(CheckIn, began, CheckIn.started_at < look.period.ends)
    ]
    axis = Axis("ended", "Hvordan endte det?", ENDS)
    yield cross("Trygge besøk", look.crowd("trygge besøk", alone), axis)


REPORT = Report(
    order=82,
    title="Trygghet på jobb",
    about="Hendelser mot ansatte, og hvor ofte noen måtte varsles under et trygt besøk.",
    counted=(
        "Hendelser telles den dagen de skjedde, når de er sendt inn.",
        "Trygge besøk telles den dagen de begynte.",
        "Hvem det gjelder, vises aldri.",
    ),
    closeness=Closeness.CONFIDED,
    readers=frozenset({Role.LEADER}),
    count=count,
    periods=(PeriodKind.HALF_YEAR,),
    filters=(),
)
