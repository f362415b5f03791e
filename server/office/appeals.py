"""Klage på et vedtak: when it came, whether in time, who has it and how it ended.

It decides nothing: an appeal that comes too late is taken in as well, and whether it is heard is
not for a page to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from server.office.dates import day_words
from server.office.desk import Desk, Item
from server.planning.standing import day_at
from server.records.assistance_request import APPEAL_OUTCOMES
from server.shapes import Json

RECEIVED, FORWARDED = "appealed", "appeal_forwarded"
DECIDED = {f"appeal_{outcome}": outcome for outcome in APPEAL_OUTCOMES}
STEPS: Mapping[str, tuple[str, str]] = {
    RECEIVED: ("Klage på vedtaket er kommet inn", "appealed_on"),
    FORWARDED: ("Klagen er sendt til statsforvalteren", "appeal_forwarded_on"),
    **{
        step: (f"Klagen er avgjort: {APPEAL_OUTCOMES[outcome].lower()}", "appeal_decided_on")
        for step, outcome in DECIDED.items()
    },
}
"""What can be said of an appeal, in which words, and the field of its day."""


@dataclass(frozen=True)
class Appeal:
    """One appeal, ready to print."""

    came: str
    too_late: bool
    """It came after the last day for it."""
    state: str
    due: str
    """When it is to be decided or sent on; empty when it is."""
    late: bool
    open: bool


def offered(item: Item) -> dict[str, str]:
    """Give what can be said next of an appeal: first that it came, where there is a decision."""
    if not item.text("answered_on") or item.text("appeal_decided_on"):
        return {}
    if not item.text("appealed_on"):
        steps = [RECEIVED]
    else:
        steps = [FORWARDED] if not item.text("appeal_forwarded_on") else []
        steps += DECIDED
    return {step: STEPS[step][0] for step in steps}


def earliest(item: Item, step: str) -> date | None:
    """Give the first day that a step can have: what it follows from came before it."""
    before = "answered_on" if step == RECEIVED else "appealed_on"
    sent = day_at(item.body.get("appeal_forwarded_on")) if step in DECIDED else None
    return sent or day_at(item.body.get(before))


def said_of(step: str, on: date, words: str) -> dict[str, Json]:
    """Give what a step writes."""
    values: dict[str, Json] = {STEPS[step][1]: f"{on}"}
    if words:
        values["appeal_words"] = words
    if outcome := DECIDED.get(step):
        values["appeal_outcome"] = outcome
    return values


def appeal_of(desk: Desk, item: Item) -> Appeal | None:
    """Tell the appeal of a request; None where nobody has appealed."""
    came = day_at(item.body.get("appealed_on"))
    if came is None:
        return None
    last, due = (day_at(item.body.get(f"appeal_{name}_on")) for name in ("due", "answer_due"))
    decided = item.text("appeal_decided_on") is not None
    sent = item.text("appeal_forwarded_on") is not None
    outcome = APPEAL_OUTCOMES.get(item.text("appeal_outcome") or "", "")
    waits = not (decided or sent)
    return Appeal(
        came=day_words(came, desk.today),
        too_late=last is not None and came > last,
        state=outcome if decided else "Hos statsforvalteren" if sent else "Behandles av oss",
        due=day_words(due, desk.today) if due and waits else "",
        late=due is not None and waits and due < desk.today,
        open=not decided,
    )
