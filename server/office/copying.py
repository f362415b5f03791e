"""A programme's package goes to a new complex: shown first, then written in one act.

The site, its checklists and rules, and the first of each round that was planned by hand there.
What the rule book plans comes by itself, and is said to; nothing about people is copied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select

from server.checklists import CHECKLISTS
from server.office import members
from server.office.blueprint import office
from server.office.dates import day_words
from server.office.decisions import Form, create, new_form, read_form, send
from server.office.desk import Desk, Item
from server.office.drawn import Drawing, Slot, groups
from server.office.folders import open_folder
from server.office.gate import at_desk, database, seated, sent_form
from server.office.making import MISSING
from server.office.rights import may_make
from server.office.troubles import WRONG, trouble
from server.office.written import Written, read, sent_as
from server.problems import Problem, ProblemText
from server.records.programme_site import ProgrammeSite
from server.records.record import Entry, Envelope, members_of
from server.records.round import FREQUENCIES, Round
from server.shapes import Json
from sync.mutation import canonical

ASKED = ("area", "name", "started_on", "dwellings", "buildings")
NEEDED = ("area", "name", "started_on")
TAKEN = ("programme", "package", "checklists", "rules")
"""What the new site has from the old one."""
ROUNDS_MAX = 500


@dataclass(frozen=True)
class Preview:
    """What would be made, in words and as values; nothing is written by showing it."""

    site: dict[str, Json]
    sections: list[tuple[str, list[str]]]
    rounds: list[dict[str, Json]]
    walked: list[str]
    by_rule: list[str]


@office.get("/sites/<site>/copy")
@seated
def copy_site(desk: Desk, site: str) -> ResponseReturnValue:
    """Ask where the package goes."""
    return _page(desk, site, read_form(new_form(), desk.actor.user, desk.now))


@office.post("/sites/<site>/copy")
def copy_it(site: str) -> ResponseReturnValue:
    """Show what would be made; with a yes, make it."""
    with at_desk() as desk:
        item = _find(desk, site)
        form, _ = sent_form(desk)
        drawing, slots = _slots(desk, item, form)
        written = read([slot.field for slot in slots], drawing.find)
        for name in NEEDED:
            if not written.values.get(name):
                written.faults.setdefault(name, MISSING)
        if written.faults:
            return _page(desk, site, form, WRONG, written)
        seen = preview(desk, item, written.values)
        if "yes" not in request.form:
            return _page(desk, site, form, None, written, seen)
        made = create(form, ProgrammeSite.spec.name, seen.site)
        rounds = [create(form, Round.spec.name, each) for each in seen.rounds]
        actor, now = desk.actor, desk.now
    results = send(database(), actor, [made, *rounds], now)
    with at_desk() as desk:
        if problem := trouble(results):
            return _page(desk, site, form, problem, written)
    return redirect(url_for("office.folder", head=str(made["id"])))


def preview(desk: Desk, source: Item, values: Mapping[str, Json]) -> Preview:
    """Work out what would be made of a source and what was typed."""
    package = {
        path: value
        for path, value in source.body.items()
        if path.partition("/")[0] in TAKEN and value is not None
    }
    typed = {path: value for path, value in values.items() if value is not None}
    site: dict[str, Json] = {**package, **typed, "copied_from": source.id, "stage": "planned"}
    series = _series(desk, source)
    houses = {f"buildings/{id}": True for id in members_of(site, "buildings")}
    rounds: list[dict[str, Json]] = [
        {
            "area": site["area"],
            "checklist": checklist,
            **({"frequency": frequency} if frequency else {}),
            "planned_on": site["started_on"],
            **houses,
        }
        for (checklist, frequency), by_rule in series.items()
        if not by_rule and houses
    ]
    on = day_words(date.fromisoformat(str(site["started_on"])), desk.today)
    return Preview(
        site=site,
        sections=[_words(desk, site, name) for name in ("package", "checklists", "rules")],
        rounds=rounds,
        walked=[f"{_named(r)}, første gang {on}" for r in rounds],
        by_rule=[
            _named({"checklist": checklist, "frequency": frequency})
            for (checklist, frequency), ruled in series.items()
            if ruled
        ],
    )


def _series(desk: Desk, source: Item) -> dict[tuple[str, str], bool]:
    """Give which rounds are walked at a site, and of each whether the rule book plans it."""
    found: dict[tuple[str, str], bool] = {}
    walks = _walks(members_of(source.body, "buildings"))
    for item in desk.found(Round.spec.name, walks, ROUNDS_MAX):
        key = (item.text("checklist") or "", item.text("frequency") or "")
        found[key] = found.get(key, False) or item.text("rule") is not None
    return dict(sorted(found.items()))


def _walks(buildings: tuple[str, ...]) -> Callable[[Select[Any]], Select[Any]]:
    def narrow(rows: Select[Any]) -> Select[Any]:
        named = select(Entry.record).where(Entry.field == "buildings", Entry.key.in_(buildings))
        rows = rows.join(Round, Round.id == Envelope.id).where(Envelope.id.in_(named))
        return rows.order_by(Round.planned_on.desc(), Envelope.id)

    return narrow


def _named(values: Mapping[str, Json]) -> str:
    """Name a round by its checklist and how often it is walked."""
    checklist = _title(str(values.get("checklist") or ""))
    often = FREQUENCIES.get(str(values.get("frequency") or ""), "")
    return " · ".join(filter(None, (checklist, often.lower())))


def _title(code: str) -> str:
    return str(CHECKLISTS[code]["title_nb"]) if code in CHECKLISTS else code


def _words(desk: Desk, site: Mapping[str, Json], name: str) -> tuple[str, list[str]]:
    declared = ProgrammeSite.spec.fields[name]
    named = members.names(desk, declared, members_of(site, name), site)
    return declared.label, sorted(named.values())


def _find(desk: Desk, site: str) -> Item:
    _, item = open_folder(desk, site)
    if item.spec is not ProgrammeSite.spec:
        raise Problem("no_access")
    if not may_make(desk, ProgrammeSite.spec, {"area": item.area}):
        raise Problem("no_access")
    return item


def _slots(desk: Desk, source: Item, form: Form) -> tuple[Drawing, list[Slot]]:
    drawing = Drawing(desk, form, ProgrammeSite.spec, {}, None)
    slots = drawing.slots(ProgrammeSite.spec.fields[name] for name in ASKED)
    mine = set(members_of(source.body, "buildings"))
    return drawing, [slot for slot in slots if slot.field.name.partition("/")[2] not in mine]


def _page(
    desk: Desk,
    site: str,
    form: Form,
    problem: ProblemText | None = None,
    written: Written | None = None,
    seen: Preview | None = None,
) -> ResponseReturnValue:
    item = _find(desk, site)
    _, slots = _slots(desk, item, form)
    body = render_template(
        "office/copy_site.html",
        source=item,
        title=desk.title(item),
        groups=groups(slots, ProgrammeSite.spec, {}, written),
        kept=_hidden(written) if written and seen else [],
        seen=seen,
        name=seen.site["name"] if seen else "",
        form=str(form.id),
        problem=problem,
    )
    return body, problem.status if problem else 200


def _hidden(written: Written) -> list[tuple[str, str]]:
    """Give what was typed once more, to be sent with the yes."""
    shown = [(f"shown|{path}", canonical(value).decode()) for path, value in written.shown.items()]
    return [*((sent_as(path), words) for path, words in written.kept.items() if words), *shown]
