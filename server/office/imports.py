"""Import: dwellings and tenancies from a file: first shown, then written, taken back as a whole.

The file is in memory while it is read, encrypted while it waits for a yes, and gone afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import imports
from server.imports import ImportRun, Options, Plan, Writer, words
from server.imports.runs import NAME_MAX, RUNS_TO_UNDO
from server.office.blueprint import office
from server.office.dates import moment_words
from server.office.desk import Desk
from server.office.gate import at_desk, database, seated, settings, typed
from server.office.import_changes import changes
from server.problems import Problem
from server.roles import Role

RUNS_SHOWN = 20
DIFFERENT_SHOWN = 50
LEFT_SHOWN = 50
STATES: Mapping[str, str] = {
    imports.RUNNING: "Avbrutt. Importer fila på nytt, eller angre.",
    imports.DONE: "Ferdig",
    imports.UNDONE: "Angret",
}


@dataclass(frozen=True)
class Line:
    """One import in the list."""

    id: str
    what: str
    name: str
    by: str
    at: str
    state: str
    counts: list[str]
    may_undo: bool


def may_import(desk: Desk) -> bool:
    """Say whether the reader brings in files: who writes tenancies and all that comes with them."""
    return desk.reviews


@office.get("/imports")
@seated
def import_page(desk: Desk) -> ResponseReturnValue:
    """Offer to choose a file, and list the imports so far."""
    return _page(desk)


@office.post("/imports")
def show_import() -> ResponseReturnValue:
    """Show what a file would do; nothing is written but that it waits."""
    file, what = request.files.get("file"), request.form.get("what", "")
    raw = file.read() if file is not None else b""
    options = Options(request.form.get("area") or None, bool(request.form.get("whole")))
    with at_desk() as desk:
        _refuse_others(desk)
        if what not in imports.WORDS:
            return make_response(_page(desk, "Velg om fila har boliger eller leieforhold."), 422)
        try:
            plan = imports.make_plan(desk.session, desk.actor, what, raw, options, desk.now)
        except (imports.BadFile, imports.NoSuchArea) as bad:
            return make_response(_page(desk, str(bad)), 422)
        actor, now = desk.actor, desk.now
    run, name = None, typed((file.filename if file is not None else None) or "", NAME_MAX)
    with database().writing() as session:
        if not plan.faults:
            run = imports.enter(session, plan, Writer.person(actor), name, raw, options, now)
        imports.note_shown(session, plan, actor.user, now, run)
    if run is not None:
        imports.waiting.keep(settings(), run, raw)
    with at_desk() as desk:
        return make_response(_preview(desk, plan, run), 422 if plan.faults else 200)


@office.post("/imports/<run>")
def write_import(run: str) -> ResponseReturnValue:
    """Write what was shown, if it still has no faults; asks once more where much would end."""
    with at_desk() as desk:
        _refuse_others(desk)
        row = desk.session.get(ImportRun, run)
        if row is None or row.by != desk.actor.user:
            raise Problem("no_access")
        if row.state != imports.SHOWN:
            return redirect(url_for("office.import_page", _anchor=f"i-{run}"))
        raw = imports.waiting.read(settings(), run)
        if raw is None:
            gone = "Fila er ikke her lenger. Ingenting er endret. Last den opp på nytt."
            return make_response(_page(desk, gone), 422)
        options = Options(**orjson.loads(row.options))
        plan = imports.make_plan(desk.session, desk.actor, row.what, raw, options, desk.now)
        actor, now = desk.actor, desk.now
        if plan.faults:
            return make_response(_preview(desk, plan, None), 422)
    said = request.form.get("yes_to", "")
    yes_to = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None
    try:
        imports.apply(database(), Writer.person(actor), plan, now, raw=raw, run=run, yes_to=yes_to)
    except imports.MustAsk:
        with at_desk() as desk:
            return make_response(_preview(desk, plan, run), 422)
    imports.waiting.drop(settings(), run)
    return redirect(url_for("office.import_page", _anchor=f"i-{run}"))


@office.post("/imports/<run>/undo")
def undo_import(run: str) -> ResponseReturnValue:
    """Take an import back as a whole, and name what was left because it was built on."""
    with at_desk() as desk:
        _refuse_others(desk)
        row = desk.session.get(ImportRun, run)
        if row is None or not _may_undo(desk, row):
            raise Problem("no_access")
        actor, now = desk.actor, desk.now
    undone = imports.undo(database(), Writer.person(actor), run, now)
    with at_desk() as desk:
        left = [
            {"id": item.id, "words": f"{item.spec.words[0]}: {desk.title(item)}"}
            for item in desk.items(undone.left[:LEFT_SHOWN])
        ]
        return make_response(_page(desk, undone=undone, left=left))


def _refuse_others(desk: Desk) -> None:
    if not may_import(desk):
        raise Problem("no_access")


def _may_undo(desk: Desk, row: ImportRun) -> bool:
    """Say whether the reader may take an import back: their own, and a leader of all any."""
    mine = row.by == desk.actor.user or Role.LEADER in desk.actor.roles_in(None)
    return mine and row.state in RUNS_TO_UNDO


def _page(
    desk: Desk,
    refused: str = "",
    undone: imports.Undone | None = None,
    left: list[dict[str, str]] | None = None,
) -> str:
    _refuse_others(desk)
    own = None if Role.LEADER in desk.actor.roles_in(None) else desk.actor.user
    return render_template(
        "office/imports.html",
        refused=refused,
        undone=undone,
        left=left or [],
        areas=imports.own_areas(desk.session, desk.actor),
        sorts=imports.WORDS,
        most_mb=imports.SIZE_MAX_BYTES // 1_048_576,
        runs=[_line(desk, row) for row in imports.latest_runs(desk.session, RUNS_SHOWN, own)],
    )


def _line(desk: Desk, row: ImportRun) -> Line:
    said: dict[str, Any] = row.said
    counts = list(words.counts_in_words(said))
    for key, sentence in (
        ("asked", "{antall} er spørsmål under Ulike svar."),
        ("held", "{antall} kan ikke brukes ennå."),
        ("undone", "{antall} ble tatt tilbake."),
        ("left", "{antall} ble stående, fordi noe er bygd på dem."),
    ):
        if said.get(key):
            counts.append(sentence.replace("{antall}", str(said[key])))
    return Line(
        id=row.id,
        what=imports.WORDS[row.what],
        name=row.name,
        by="Mappa" if row.by == "folder" else _name(desk, row.by),
        at=moment_words(row.at, desk.now),
        state=STATES[row.state],
        counts=counts,
        may_undo=_may_undo(desk, row),
    )


def _name(desk: Desk, by: str) -> str:
    if by.startswith("token:"):
        return "Integrasjon"
    return "Driften" if by.startswith("cli:") else desk.person(by)


def _preview(desk: Desk, plan: Plan, run: str | None) -> str:
    return render_template(
        "office/import_preview.html",
        plan=plan,
        run=run,
        what=imports.WORDS[plan.what],
        counts=list(words.counts_in_words(imports.counts(plan))),
        sample=[{k: _shown(v) for k, v in row.items()} for row in plan.sample],
        changes=changes(desk, plan),
        different=[
            {
                "id": one.record,
                "words": words.different_in_words(one),
                "here": words.value_in_words(one.kind, one.path, one.here),
                "in_file": words.value_in_words(one.kind, one.path, one.in_file),
            }
            for one in plan.different[:DIFFERENT_SHOWN]
        ],
        more_different=max(0, len(plan.different) - DIFFERENT_SHOWN),
        asks=imports.must_ask(plan),
        stops=words.stops(plan),
        ends_in_words=words.in_words(plan.ends),
    )


def _shown(value: object) -> str:
    return str(value) if not isinstance(value, bool) else "ja" if value else "nei"
