"""When something of the programmes is due next, read from the records' own fields; no rule here.

Who writes the days is planning's; a day counts until the field beside it says that it was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.office.dates import day_words
from server.office.desk import Desk, Item
from server.records.arrears_case import ArrearsCase
from server.records.assistance_request import AssistanceRequest
from server.records.complaint import Complaint
from server.records.conflict_agreement import ConflictAgreement
from server.records.conflict_case import ConflictCase
from server.records.cooperation_agreement import CooperationAgreement
from server.records.dialogue_meeting import DialogueMeeting
from server.records.event import Event
from server.records.fidelity_assessment import FidelityAssessment
from server.records.follow_up_plan import FollowUpPlan
from server.records.hf_contact import HfContact
from server.records.measure import Measure
from server.records.offer import Offer
from server.records.party_talk import PartyTalk
from server.records.record import KindSpec
from server.records.resident_input import ResidentInput


@dataclass(frozen=True)
class Due:
    """One day of a kind: the field, and what says that it is done."""

    spec: KindSpec
    field: str
    done: tuple[str, ...] = ()
    """Fields of which one that is filled in says so; of a keyed field any key."""
    states: frozenset[str] = frozenset()
    """States of the work that say so."""
    newest: tuple[str, ...] = ()
    """The fields that a later record has in common with one that it takes over from."""
    order: str = ""
    """The day that says which record is later."""
    unless: tuple[str, str] | None = None
    """A choice of those that nobody waits for."""
    says: str = ""
    """The words before the day, where the field's own do not say what is to be done."""


@dataclass(frozen=True)
class Next:
    """The next day of a record, ready to print."""

    on: date
    words: str
    late: bool


BEGUN = frozenset(
    ("separate_talks", "dialogue_offered", "dialogue_held", "agreement", "follow_up", "closed")
)
MET = frozenset(("held", "declined", "cancelled"))
DUES = (
    Due(Complaint.spec, "acknowledge_due_on", ("acknowledged_on",)),
    Due(ConflictCase.spec, "parties_due_on", ("closed_on",), BEGUN),
    Due(ConflictAgreement.spec, "first_due_on", ("first_on",)),
    Due(ConflictAgreement.spec, "second_due_on", ("second_on",)),
    Due(DialogueMeeting.spec, "planned_on", states=MET, says="Dialogmøte"),
    Due(PartyTalk.spec, "next_on", newest=("party",), order="talked_on"),
    Due(HfContact.spec, "next_on", newest=("participant",), order="met_on"),
    Due(ResidentInput.spec, "due_on", ("answered_on",), unless=("type", "praise")),
    Due(Measure.spec, "due_on", ("done_on",), frozenset(("done", "rejected"))),
    Due(Event.spec, "held_on", states=frozenset(("held", "cancelled")), says="Holdes"),
    Due(Event.spec, "minutes_due_on", ("minutes_shared_on",), frozenset(("cancelled",))),
    Due(FollowUpPlan.spec, "due_on", ("goals", "ended_on")),
    Due(FollowUpPlan.spec, "evaluate_on", ("ended_on",)),
    Due(Offer.spec, "again_on", newest=("tenancy", "what"), order="offered_on"),
    Due(ArrearsCase.spec, "eviction_on", ("closed_on",)),
    Due(AssistanceRequest.spec, "due_on", states=frozenset(("answered", "forwarded"))),
    Due(
        AssistanceRequest.spec,
        "appeal_answer_due_on",
        ("appeal_forwarded_on", "appeal_decided_on"),
    ),
    Due(
        CooperationAgreement.spec,
        "next_meeting_on",
        newest=("housing_company",),
        order="signed_on",
    ),
    Due(FidelityAssessment.spec, "next_on", newest=("area",), order="assessed_on"),
)


def next_of(desk: Desk, items: Iterable[Item]) -> dict[str, list[Next]]:
    """Give the days that are still to come, or past and not done, of each record; soonest first."""
    those = list(items)
    found: dict[str, list[Next]] = {}
    for due in DUES:
        mine = [item for item in those if item.spec is due.spec and _counts(due, item)]
        for item in _newest(due, mine):
            on = item.text(due.field)
            if on is not None and not _is_done(due, item.body):
                found.setdefault(item.id, []).append(_next(desk, due, on))
    return {id: sorted(days, key=lambda one: (one.on, one.words)) for id, days in found.items()}


def _next(desk: Desk, due: Due, on: str) -> Next:
    day, label = date.fromisoformat(on), due.says or due.spec.fields[due.field].label
    return Next(day, f"{label} {day_words(day, desk.today)}", day < desk.today)


def _counts(due: Due, item: Item) -> bool:
    if due.unless is not None and item.text(due.unless[0]) == due.unless[1]:
        return False
    return not ("status" in item.spec.fields and item.state == "draft")


def _newest(due: Due, items: list[Item]) -> list[Item]:
    """Leave those out that a later record takes over from."""
    if not due.newest:
        return items
    latest: dict[tuple[Any, ...], Item] = {}
    for item in sorted(items, key=lambda item: (item.text(due.order) or "", item.created_at)):
        latest[tuple(item.body.get(name) for name in due.newest)] = item
    return list(latest.values())


def _is_done(due: Due, body: Mapping[str, Any]) -> bool:
    handling = body.get("handling")
    state = handling.get("state") if isinstance(handling, Mapping) else None
    if state in due.states:
        return True
    return any(
        value is not None and (path == name or path.startswith(f"{name}/"))
        for name in due.done
        for path, value in body.items()
    )
