"""Regler: the rule book's rows, changed by a leader or an administrator; shown first, then written.

A change has a reason and stands with who and when. It shows days and counts, and no record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from server.office.blueprint import office
from server.office.dates import moment_words
from server.office.desk import Desk
from server.office.gate import at_desk, database, seated, typed
from server.office.plans import day_title, may_plan
from server.office.rule_words import (
    GROUPS,
    NO_REASON,
    cell_words,
    choices_of,
    fault_words,
    label_of,
    months_of,
    rule_words,
    said,
)
from server.planning.calendar import day_of
from server.planning.deadlines import BadRule, Row
from server.planning.generation import writes_of
from server.planning.rule_book import (
    CELL_MAX,
    IN_USE,
    REASON_MAX,
    RuleChange,
    RuleMoved,
    change_rule,
    changed_book,
    changes,
    number_in,
    rule_book,
    rule_rows,
)
from server.problems import Problem
from server.roles import Role

AHEAD = timedelta(days=90)
DAYS_SHOWN = 6
COLUMNS = {
    "deadlines": ("words", "count", "unit", "earliest", "second", "law", IN_USE),
    "law": ("words", "text", "link", IN_USE),
    "rounds": ("words", "frequency", "workday", "months", "each", "law", IN_USE),
}


def keeps_rules(desk: Desk) -> bool:
    """Say whether the reader decides what the whole municipality plans by."""
    return bool(desk.actor.roles_in(None) & {Role.LEADER, Role.ADMIN})


@office.get("/rules")
@seated
def rules(desk: Desk) -> ResponseReturnValue:
    """List the rules, those that the server follows first."""
    _admit(desk)
    tables = rule_rows(desk.session)
    last = {change.code: _who(desk, change) for change in changes(desk.session)}

    def lines(rows: Mapping[str, Row]) -> list[dict[str, Any]]:
        return [
            {"row": row, "said": rule_words(row), "last": last.get(code, "")}
            for code, row in rows.items()
        ]

    deadlines = tables["deadlines"]

    def doing(effects: Collection[str]) -> list[dict[str, Any]]:
        return lines({c: row for c, row in deadlines.items() if row["effect"] in effects})

    return render_template(
        "office/rules.html",
        plans=may_plan(desk),
        groups=[
            *((words, doing(effects)) for words, effects in GROUPS.items()),
            ("Runder", lines(tables["rounds"])),
            ("Lovtekster", lines(tables["law"])),
        ],
    )


@office.get("/rules/<code>")
@seated
def rule(desk: Desk, code: str) -> ResponseReturnValue:
    """Offer to change one rule, and show what it was before."""
    _admit(desk)
    return _page(desk, code)


@office.post("/rules/<code>")
def save_rule(code: str) -> ResponseReturnValue:
    """Show what a change does; write it when that very change was shown and has a reason."""
    with at_desk() as desk:
        _admit(desk)
        row = _row(desk.session, code)
        sent = _sent(row)
        reason = typed(request.form.get("reason", ""), REASON_MAX)
        columns = {name: text for name, text in sent.items() if text != row[name]}
        try:
            shown = _preview(desk, row, columns) if columns else None
        except BadRule as bad:
            return make_response(_page(desk, code, sent, reason, bad=bad), 422)
        after = request.form.get("after", "")
        said_yes = request.form.get("shown") == _mark(columns)
        if not columns or request.form.get("do") != "save" or not said_yes:
            return make_response(_page(desk, code, sent, reason, shown=shown, asked=True))
        if not reason:
            page = _page(desk, code, sent, reason, shown=shown, lacks_reason=True)
            return make_response(page, 422)
        by, now = desk.actor.user, desk.now
    try:
        with database().writing() as session:
            change_rule(
                session,
                code,
                columns,
                by,
                now,
                reason=reason,
                after=number_in(after),
            )
    except RuleMoved as moved:
        with at_desk() as desk:
            page = _page(desk, code, sent, reason, moved=desk.person(moved.by))
            return make_response(page, 409)
    return redirect(url_for("office.rule", code=code, saved=1))


def _admit(desk: Desk) -> None:
    if not keeps_rules(desk):
        raise Problem("no_access")


def _row(session: Session, code: str) -> dict[str, str]:
    for table, rows in rule_rows(session).items():
        if code in rows:
            return {column: rows[code][column] for column in COLUMNS[table]} | _about(rows[code])
    raise Problem("no_access")


def _about(row: Row) -> dict[str, str]:
    """Give what a rule is about; it stands in the files and is never changed here."""
    changed = {name for columns in COLUMNS.values() for name in columns}
    return {name: text for name, text in row.items() if name not in changed}


def _columns(row: Row) -> tuple[str, ...]:
    """Give the columns that may be changed: laws, rounds and deadlines have their own."""
    return COLUMNS["rounds" if "frequency" in row else "law" if "text" in row else "deadlines"]


def _sent(row: Row) -> dict[str, str]:
    """Read the form's columns; one that was not sent stands as it is."""
    columns = _columns(row)
    sent = {
        name: typed(request.form.get(name, row[name]), CELL_MAX + 1)
        for name in columns
        if name != "months"
    }
    if "months" in columns:
        first, last = (request.form.get(name, "") for name in ("months_from", "months_to"))
        sent["months"] = f"{first}-{last}" if first or last else ""
    return sent


def _mark(columns: Row) -> str:
    return "|".join(f"{name}={text}" for name, text in sorted(columns.items()))


def _preview(desk: Desk, row: Row, columns: Row) -> dict[str, Any]:
    """Work out what a change would do from now on; raises BadRule."""
    code = row["code"]
    now_book, then_book = rule_book(desk.session), changed_book(desk.session, code, columns)
    last = desk.today + AHEAD
    before = writes_of(desk.session, now_book, code, desk.now, last)
    then = writes_of(desk.session, then_book, code, desk.now, last)
    old, new = now_book.deadlines.get(code), then_book.deadlines.get(code)
    days = sorted({write.on for write in then if write.on})
    return {
        "mark": _mark(columns),
        "columns": [_cell(row, name, text) for name, text in columns.items()],
        "from_today": day_title(desk.today, desk.today),
        "due_before": _due(old, desk.now, desk.today),
        "due_then": _due(new, desk.now, desk.today),
        "before": len(before),
        "then": len(then),
        "days": [day_title(day, desk.today) for day in days[:DAYS_SHOWN]],
        "until": day_title(last, desk.today),
    }


def _due(deadline: Any, now: datetime, today: date) -> str:
    if deadline is None:
        return "ingen frist"
    if deadline.unit == "hours":
        return moment_words(deadline.due_at(now), now)
    return day_title(deadline.due_on(day_of(now)), today)


def _cell(row: Row, name: str, text: str) -> dict[str, str]:
    return {
        "label": label_of(row, name),
        "was": cell_words(name, row[name]),
        "now": cell_words(name, text),
    }


def _page(
    desk: Desk,
    code: str,
    sent: Row | None = None,
    reason: str = "",
    *,
    bad: BadRule | None = None,
    shown: dict[str, Any] | None = None,
    asked: bool = False,
    lacks_reason: bool = False,
    moved: str = "",
) -> str:
    row = _row(desk.session, code)
    values = {**row, **(sent or {})}
    history = changes(desk.session, code)
    fields = [
        {
            "name": name,
            "label": label_of(row, name),
            "value": values[name],
            "choices": choices_of(name),
            "fault": fault_words(row, bad) if bad and bad.column == name else "",
        }
        for name in _columns(row)
    ]
    return render_template(
        "office/rule.html",
        row=row,
        said=rule_words(row),
        fields=fields,
        months=months_of(values.get("months", "")),
        reason=reason,
        reason_max=REASON_MAX,
        fault=f"{fault_words(row, bad)} Ingenting er endret." if bad else "",
        no_reason=NO_REASON if lacks_reason else "",
        unchanged=asked and not shown,
        shown=shown,
        moved=moved,
        saved=bool(request.args.get("saved")),
        after=(not moved and request.form.get("after")) or (history[-1].id if history else 0),
        history=_history(desk, code, history),
    )


def _who(desk: Desk, change: RuleChange) -> str:
    when = moment_words(change.changed_at, desk.now)
    return f"{desk.person(change.changed_by)}, {when}"


def _history(desk: Desk, code: str, history: list[RuleChange]) -> list[dict[str, Any]]:
    """Give each change with what stood before it, newest first."""
    row: Row = said(code)
    told = []
    for change in history:
        lines = [_cell(row, name, text) for name, text in change.cells.items()]
        told.append({"who": _who(desk, change), "reason": change.reason, "lines": lines})
        row = {**row, **change.cells}
    return told[::-1]
