"""Fordel dagen: somebody is ill, and their day is spread over the colleagues who are there.

First a proposal that writes nothing, then one confirmation; each line is an ordinary mutation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.office.blueprint import office
from server.office.decisions import new_form, patches, seal, send
from server.office.desk import Desk
from server.office.gate import at_desk, database, seated, sent_form
from server.office.planner import admit, day_in, sort_out
from server.office.plans import (
    Filter,
    Line,
    Wanted,
    Worker,
    day_title,
    lines,
    may_take,
    workers,
)
from server.planning.calendar import holiday
from sync.mutation import is_id

NOBODY = ""
DAYS_MAX = 31
"""A longer absence is shared out month by month."""
TO = "to|"


@office.get("/planner/share")
@seated
def share(desk: Desk) -> ResponseReturnValue:
    """Ask who is away and who is there; when that is said, propose who takes what."""
    admit(desk)
    everybody = workers(desk)
    on = day_in(desk, request.args.get("on", "")) or desk.today
    until = _until(on, day_in(desk, request.args.get("until", "")))
    away = next((w for w in everybody if w.id == request.args.get("person")), None)
    chosen = set(request.args.getlist("with"))
    there = [w for w in everybody if w.id in chosen and w is not away]
    theirs = _lines(desk, on, until, away.id) if away else []
    others = [line for worker in there for line in _lines(desk, on, until, worker.id)]
    return render_template(
        "office/share.html",
        everybody=everybody,
        on=on,
        until=until if until != on else None,
        day=_days(desk, on, until),
        free=holiday(on),
        away=away,
        there=there,
        proposal=propose(theirs, there, others),
        able={
            line.id: [w for w in everybody if w is not away and may_take(w, line.item)]
            for line in theirs
        },
        loads={w.id: sum(w.id in line.people for line in others) for w in there},
        form=new_form(),
        seal=seal(line.item for line in theirs),
    )


@office.post("/planner/share")
def share_out() -> ResponseReturnValue:
    """Give each line to the one who was chosen for it."""
    with at_desk() as desk:
        admit(desk)
        form, shown = sent_form(desk)
        on = day_in(desk, request.form.get("on", "")) or desk.today
        away, everybody = request.form.get("person", ""), {w.id: w for w in workers(desk)}
        mutations, left = [], 0
        for id, to in _chosen():
            wanted = Wanted(everybody.get(to), None, away)
            if wanted.to is None:
                left += 1
                continue
            ready, rest = sort_out(desk, [id], shown, wanted)
            left += rest
            mutations += [patches(form, line.item, wanted.of(line)) for line in ready]
        actor, now = desk.actor, desk.now
    results = send(database(), actor, mutations, now) if mutations else []
    left += sum(result.state != "applied" for result in results)
    page = url_for("office.planner", on=on.isoformat(), changed=form.id, left=left or None)
    return redirect(page)


def propose(
    theirs: Iterable[Line], there: Sequence[Worker], others: Iterable[Line]
) -> list[tuple[Line, str]]:
    """Propose for each line the one with least to do who may take it and is free at that hour.

    Where nobody of those chosen may take it, the line is left with nobody, and says so.
    """
    load = Counter(user for line in others for user in line.people)
    busy = {(user, line.on, line.at) for line in others for user in line.people if line.at}
    proposal = []
    for line in sorted(theirs, key=lambda line: (line.on, line.at or "~", line.title, line.id)):
        able = [worker for worker in there if may_take(worker, line.item)]
        best = min(able, key=lambda w: ((w.id, line.on, line.at) in busy, load[w.id]), default=None)
        if best is not None:
            load[best.id] += 1
            busy.add((best.id, line.on, line.at))
        proposal.append((line, best.id if best else NOBODY))
    return proposal


def _until(on: date, until: date | None) -> date:
    """Give the last day: the first itself, where none is said or it cannot be."""
    last = on + timedelta(days=DAYS_MAX)
    return min(until, last) if until is not None and until >= on else on


def _days(desk: Desk, on: date, until: date) -> str:
    first = day_title(on, desk.today)
    return first if on == until else f"{first.rstrip('.')} til {day_title(until, desk.today)}"


def _lines(desk: Desk, on: date, until: date, person: str) -> list[Line]:
    found, _ = lines(desk, Filter(on, until, None, person))
    return [line for line in found if line.editable]


def _chosen() -> list[tuple[str, str]]:
    """Read who shall have what; a line that was left with nobody stays as it is."""
    pairs = [
        (name.removeprefix(TO), to) for name, to in request.form.items() if name.startswith(TO)
    ]
    return [(id, to) for id, to in pairs if is_id(id) and to]
