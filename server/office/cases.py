"""Saker og oppfølging: what a team follows up, each list by what is due next.

It lists what the reader may see and nothing else: that there is a case is itself a secret. What a
complainant is called stands in no list unless they said that it may.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, and_, or_, select

from server.office.blueprint import office
from server.office.desk import Desk, Item
from server.office.folder import title_of
from server.office.folders import FOLDERS, belonging
from server.office.gate import seated
from server.office.line import steps_of
from server.office.next_days import Next, next_of
from server.office.rights import may_make
from server.office.shown import what_words
from server.planning.overdue import is_appealed
from server.problems import Problem
from server.records.arrears_case import ArrearsCase
from server.records.assistance_request import AssistanceRequest
from server.records.case_party import CaseParty
from server.records.complaint import Complaint
from server.records.conflict_case import ConflictCase
from server.records.disclosure import DISCLOSURES, NAMED, told_as
from server.records.follow_up_plan import FollowUpPlan
from server.records.hf_participant import HfParticipant
from server.records.housing_need import HousingNeed
from server.records.offer import Offer
from server.records.record import TEAM_STAFF, Entry, Envelope, KindSpec, members_of
from server.records.referral import Referral

LIST_MAX = 500
"""More open ones of one kind than this are not shown at once; the page says so."""


@dataclass(frozen=True)
class Tab:
    """One list: what stands in it, and the words where nothing does."""

    key: str
    title: str
    spec: KindSpec
    open: Callable[[Any], ColumnElement[bool]]
    empty: str
    add: str = ""
    mine: bool = False
    """Whether only those stand there whose team the reader is in."""


@dataclass(frozen=True)
class Row:
    """One line of a list, ready to print."""

    id: str
    title: str
    what: str
    state: str
    who: str
    due: list[Next]


ANSWERED = ("answered", "forwarded")
TABS = (
    Tab(
        "cases",
        "Nabokonflikter",
        ConflictCase.spec,
        lambda case: case.closed_on.is_(None),
        "Ingen åpne nabokonflikter som du er med i.",
        "Ny nabokonflikt",
    ),
    Tab(
        "parties",
        "Parter du snakker med",
        CaseParty.spec,
        lambda party: party.id.is_not(None),
        "Du snakker ikke med noen part nå.",
        mine=True,
    ),
    Tab(
        "complaints",
        "Klager uten sak",
        Complaint.spec,
        lambda said: and_(
            said.case.is_(None),
            or_(said.status.is_(None), said.status != "approved", said.acknowledged_on.is_(None)),
        ),
        "Ingen klager venter på en sak.",
        "Ny klage",
    ),
    Tab(
        "requests",
        "Ba om hjelp",
        AssistanceRequest.spec,
        lambda asked: or_(asked.handling.is_(None), asked.handling.not_in(ANSWERED), is_appealed()),
        "Ingen venter på svar.",
    ),
    Tab(
        "plans",
        "Oppfølgingsplaner",
        FollowUpPlan.spec,
        lambda plan: plan.ended_on.is_(None),
        "Ingen oppfølgingsplaner nå.",
    ),
    Tab(
        "offers",
        "Tilbud",
        Offer.spec,
        lambda offer: or_(offer.answer.is_(None), offer.again_on.is_not(None)),
        "Ingen tilbud skal gjentas.",
    ),
    Tab(
        "referrals",
        "Henvisninger",
        Referral.spec,
        lambda sent: and_(
            sent.answered_on.is_(None), or_(sent.answer.is_(None), sent.answer == "waiting")
        ),
        "Ingen henvisninger venter på svar.",
    ),
    Tab(
        "needs",
        "Boligbehov",
        HousingNeed.spec,
        lambda need: need.met_on.is_(None),
        "Ingen udekkede behov er registrert.",
    ),
    Tab(
        "arrears",
        "Husleie",
        ArrearsCase.spec,
        lambda case: case.closed_on.is_(None),
        "Ingen åpne restansesaker.",
    ),
    Tab(
        "participants",
        "Housing First",
        HfParticipant.spec,
        lambda one: one.left_on.is_(None),
        "Ingen deltakere som du følger opp.",
        "Ny deltaker",
    ),
)
BY_KEY = {tab.key: tab for tab in TABS}


def sees_cases(desk: Desk) -> bool:
    """Say whether somebody may be in the team of a household or a case."""
    return bool(desk.actor.roles & TEAM_STAFF)


@office.get("/cases")
@seated
def cases(desk: Desk) -> ResponseReturnValue:
    """Show one of the lists, and how many stand in each of them."""
    if not sees_cases(desk):
        raise Problem("no_access")
    tab = BY_KEY.get(request.args.get("show", ""), TABS[0])
    items = open_of(desk, tab)
    return render_template(
        "office/cases.html",
        tabs=[(each, desk.count(each.spec.name, _narrow(desk, each))) for each in TABS],
        tab=tab,
        rows=rows_of(desk, tab, items[:LIST_MAX]),
        more=len(items) > LIST_MAX,
        add=bool(tab.add) and may_make(desk, tab.spec, {}),
    )


def open_of(desk: Desk, tab: Tab) -> list[Item]:
    """Give what stands open of a kind and the reader may see."""
    return desk.found(tab.spec.name, _narrow(desk, tab), LIST_MAX + 1)


def rows_of(desk: Desk, tab: Tab, items: list[Item]) -> list[Row]:
    """Lay a list out by what is due next; what belongs to a head counts as the head's."""
    due = dict(next_of(desk, items))
    for each in FOLDERS[tab.spec.name].belongs:
        for item, days in _below(desk, each, [item.id for item in items]):
            due.setdefault(item, []).extend(days)
    desk.items(id for item in items for name in item.spec.references if (id := item.text(name)))
    desk.know(user for item in items for user in members_of(item.body, "team"))
    found = [_row(desk, item, sorted(due.get(item.id, []), key=lambda d: d.on)) for item in items]
    return sorted(found, key=lambda row: (row.due[0].on if row.due else date.max, row.title))


def _below(desk: Desk, each: Any, heads: list[str]) -> list[tuple[str, list[Next]]]:
    """Give the days of what belongs to the heads, by head."""
    if not heads:
        return []
    items = {item.id: item for item in belonging(desk, each, heads)}
    days = next_of(desk, items.values())
    return [(str(items[id].text(each.by)), found) for id, found in days.items()]


def _row(desk: Desk, item: Item, due: list[Next]) -> Row:
    steps = steps_of(item)
    return Row(
        id=item.id,
        title=title_of(desk, item),
        what=" · ".join(filter(None, (what_words(desk, item), complainant_words(item)))),
        state=steps.states[steps.now] if steps else "",
        who=", ".join(sorted(desk.person(user) for user in members_of(item.body, "team"))),
        due=due,
    )


def complainant_words(item: Item) -> str:
    """Say who complained where that may be said, else how openly they speak; "" for other kinds."""
    if item.spec is not Complaint.spec:
        return ""
    told = told_as(Complaint.spec.fields["complainant"], item.body)
    return told or item.text("complainant") or DISCLOSURES[NAMED]


def _narrow(desk: Desk, tab: Tab) -> Callable[[Select[Any]], Select[Any]]:
    model: Any = tab.spec.model

    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(model, model.id == Envelope.id).where(tab.open(model))
        if "status" in tab.spec.fields:
            rows = rows.where(model.status.is_not(None), model.status != "draft")
        if tab.mine:
            named = select(Entry.record).where(Entry.field == "team", Entry.key == desk.actor.user)
            rows = rows.where(Envelope.id.in_(named))
        return rows.order_by(Envelope.created_at.desc(), Envelope.id)

    return narrow
