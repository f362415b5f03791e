"""How far the work on a record has come: the states of its kind as steps, and the next one said.

What is said is a mutation like any other, judged against what the page had shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from server.office.blueprint import office
from server.office.decisions import send
from server.office.desk import Desk, Item
from server.office.folder import draw
from server.office.folders import head_of
from server.office.gate import at_desk, database, sent_form, typed
from server.office.handling import said
from server.office.line import ENDINGS, STATE, states
from server.office.pages import page_of
from server.office.rights import changeable
from server.office.troubles import trouble
from server.office.written import Written, edited, shown_at
from server.problems import Problem, ProblemText
from server.shapes import Json

WORDS_MAX = 500
NO_OUTCOME = ProblemText(
    422,
    "Saken er ikke avsluttet.",
    "Ingenting er endret.",
    "Velg hvordan det gikk, og lagre på nytt.",
)


@office.post("/steps/<record>")
def take_step(record: str) -> ResponseReturnValue:
    """Say how far the work has come; the last step says the day, and how it went."""
    state, words = request.form.get("state", ""), typed(request.form.get("words", ""), WORDS_MAX)
    with at_desk() as desk:
        item = _find(desk, record)
        if state not in states(item.spec):
            raise Problem("forged")
        form, _ = sent_form(desk)
        ends = _ending(desk, item, state)
        if isinstance(ends, ProblemText):
            return draw(desk, _page_head(desk, item), ends)
        written = Written(shown={STATE: shown_at(STATE)})
        values = {**ends, STATE: said(state, desk, words)}
        if _stands(item, values[STATE]):
            return redirect(page_of(desk, item))
        mutations = [edited(form, item, written, values)]
        actor, now, back = desk.actor, desk.now, page_of(desk, item)
    results = send(database(), actor, mutations, now)
    if problem := trouble(results):
        with at_desk() as desk:
            return draw(desk, _page_head(desk, _find(desk, record)), problem)
    return redirect(back)


def _find(desk: Desk, record: str) -> Item:
    item = desk.item(record)
    if item is None or STATE not in item.spec.fields or not changeable(desk, [item]):
        raise Problem("no_access")
    if head_of(desk, item) is None:
        raise Problem("no_access")
    return item


def _page_head(desk: Desk, item: Item) -> str:
    head = head_of(desk, item)
    return head.id if head else item.id


def _ending(desk: Desk, item: Item, state: str) -> dict[str, Json] | ProblemText:
    """Give what the last step brings with it: nothing for others."""
    ending = ENDINGS.get(item.spec.name)
    if ending is None or state != ending.state:
        return {}
    values: dict[str, Json] = {}
    if item.body.get(ending.on) is None:
        values[ending.on] = desk.today.isoformat()
    if ending.outcome and item.body.get(ending.outcome) is None:
        outcome = request.form.get("outcome", "")
        if outcome not in item.spec.fields[ending.outcome].choices:
            return NO_OUTCOME
        values[ending.outcome] = outcome
    return values


def _stands(item: Item, value: Any) -> bool:
    """Say whether this very step is said already: the form was sent twice."""
    there = item.body.get(STATE)
    return isinstance(there, Mapping) and {**there, "at": ""} == {**value, "at": ""}
