"""Avvikstavle: faults in homes and buildings, most serious first; ordering many, and a table.

The landlord works here too. It decides nothing: what is said of a deviation is a mutation.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.keeping.open_table import BYTE_ORDER_MARK, cell
from server.office.blueprint import office
from server.office.board import (
    CSV_MAX,
    PAGE,
    SORTS,
    STATES,
    Line,
    Look,
    counts,
    found,
    grouped,
    lines,
    state_of,
)
from server.office.decisions import new_form, patches, seal, send
from server.office.desk import Desk
from server.office.gate import at_desk, database, seated, sent_form
from server.office.handling import STEPS, may_handle, said
from server.office.home_readers import admit_to_homes
from server.office.plans import areas_of
from server.office.written import read
from server.records.deviation import HANDLING, RESPONSIBLE, SEVERITIES, Deviation
from sync.mutation import is_id

CHOSEN_MAX = 200
COLUMNS = (
    "Sted",
    "Hva er galt?",
    "Alvor",
    "Ansvar",
    "Behandling",
    "Sagt om behandlingen",
    "Arbeidsordre",
    "Funnet",
    "Frist",
    "Over fristen",
    "Årsak",
    "Kostnad i kroner",
    "Kan kreves tilbake",
    "Registrering",
)


@office.get("/deviations")
@seated
def deviations(desk: Desk) -> ResponseReturnValue:
    """Show the board."""
    admit_to_homes(desk)
    look = Look.read(request.args)
    items = found(desk, look, PAGE + 1, (look.page - 1) * PAGE)
    those = lines(desk, items[:PAGE])
    building = desk.item(look.building)
    return render_template(
        "office/deviations.html",
        look=look,
        groups=grouped(look, those, desk.today),
        counts=counts(desk, look),
        more=len(items) > PAGE,
        areas=areas_of(desk),
        building=desk.title(building) if building else "",
        severities=SEVERITIES,
        responsible=RESPONSIBLE,
        states=STATES,
        handling=HANDLING,
        sorts=SORTS,
        form=new_form(),
        seal=seal(line.item for line in those),
        ordered=request.args.get("ordered", 0, type=int),
        left=request.args.get("left", 0, type=int),
        unreadable="wrong" in request.args,
    )


@office.get("/deviations.csv")
@seated
def deviations_table(desk: Desk) -> ResponseReturnValue:
    """Give what a look finds as a table for a spreadsheet."""
    admit_to_homes(desk)
    items = found(desk, Look.read(request.args), CSV_MAX)
    written = io.StringIO(newline="")
    table = csv.writer(written, delimiter=";")
    table.writerow(COLUMNS)
    for line in lines(desk, items):
        table.writerow([cell(value) for value in _cells(line, desk.today)])
    name = f"avvik-{desk.today.isoformat()}.csv"
    return Response(
        BYTE_ORDER_MARK + written.getvalue().encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@office.post("/deviations/ordered")
def order_many() -> ResponseReturnValue:
    """Say that the chosen deviations are ordered, with one work order number if there is one."""
    fields = [Deviation.spec.fields["work_order"]]
    chosen = [id for id in request.form.getlist("deviation")[:CHOSEN_MAX] if is_id(id)]
    with at_desk() as desk:
        admit_to_homes(desk)
        form, shown = sent_form(desk)
        written = read(fields)
        values = {} if written.faults else {"handling": said("ordered", desk), **written.values}
        ready = [
            item
            for item in desk.items(chosen if values else ())
            if item.seq == shown.get(item.id)
            and may_handle(desk, item)
            and "ordered" in STEPS[state_of(item)]
        ]
        mutations = [patches(form, item, values) for item in ready]
        actor, now = desk.actor, desk.now
    results = send(database(), actor, mutations, now) if mutations else []
    done, look = sum(result.state == "applied" for result in results), Look.read(request.args)
    return redirect(
        url_for(
            "office.deviations",
            **look.link(page=look.page),
            ordered=done or None,
            left=len(chosen) - done or None,
            wrong=1 if written.faults else None,
        )
    )


def _cells(line: Line, today: date) -> list[object]:
    item = line.item
    cause = Deviation.spec.fields["cause"].choices
    handling = item.body.get("handling")
    said = handling.get("words") if isinstance(handling, Mapping) else None
    return [
        line.place,
        line.words,
        line.severity,
        line.responsible,
        line.state,
        said,
        line.work_order,
        item.text("found_on"),
        item.text("due_on"),
        line.late,
        cause.get(item.text("cause") or "", ""),
        item.body.get("cost"),
        item.body.get("recoverable"),
        item.id,
    ]
