"""The tenancies of a dwelling as its page shows them: who to call, and who follows up.

Only those who may see a tenancy see that there is one. Read only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import Select

from server.office import present
from server.office.dates import day_words
from server.office.decisions import seal
from server.office.desk import Desk, Item
from server.office.plans import Worker, workers
from server.office.rights import may_make
from server.records.arrears_case import ArrearsCase
from server.records.assistance_request import AssistanceRequest
from server.records.contact import CHANNELS, ROLES, Contact
from server.records.follow_up_plan import FollowUpPlan
from server.records.hf_participant import HfParticipant
from server.records.housing_need import HousingNeed
from server.records.offer import Offer
from server.records.record import TEAM_STAFF, Envelope, KindSpec, members_of
from server.records.referral import Referral
from server.records.tenancy import Tenancy

FOLLOWS: tuple[KindSpec, ...] = (
    FollowUpPlan.spec,
    Offer.spec,
    Referral.spec,
    HousingNeed.spec,
    AssistanceRequest.spec,
    ArrearsCase.spec,
)
"""What is written of a household as it is followed up."""


@dataclass(frozen=True)
class Person:
    """Somebody to call."""

    id: str
    name: str
    role: str
    phone: str
    more: str


@dataclass(frozen=True)
class Household:
    """One tenancy, ready to print."""

    item: Item
    period: str
    ended: bool
    facts: list[present.Section]
    contacts: list[Person]
    team: tuple[str, ...]
    team_names: str
    able: list[Worker]
    """Those who can be given the follow-up, for who may say so."""
    may_change: bool
    adds: list[tuple[str, str]]
    """What can be made for the household: the words of each link, and where it leads."""
    seal: str


def households(desk: Desk, dwelling: Item) -> list[Household]:
    """Give the tenancies of a dwelling that the reader may see, the latest first."""

    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(Tenancy, Tenancy.id == Envelope.id)
        rows = rows.where(Tenancy.dwelling == dwelling.id)
        return rows.order_by(Tenancy.started_on.desc(), Envelope.id)

    tenancies = desk.found(Tenancy.spec.name, narrow)
    if not tenancies:
        return []
    contacts = _contacts(desk, [item.id for item in tenancies])
    decides = desk.reviews_in(dwelling.area)
    able = [w for w in workers(desk) if can_follow_up(w, dwelling.area)] if decides else []
    desk.know(user for item in tenancies for user in members_of(item.body, "team"))
    return [_household(desk, item, contacts.get(item.id, []), able) for item in tenancies]


def running_in(desk: Desk, dwelling: str) -> Item | None:
    """Give the tenancy that runs in a dwelling; None where the reader sees none, or several."""

    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(Tenancy, Tenancy.id == Envelope.id)
        rows = rows.where(Tenancy.dwelling == dwelling, Tenancy.ended.is_not(True))
        return rows.order_by(Envelope.id)

    running = desk.found(Tenancy.spec.name, narrow, 2)
    return running[0] if len(running) == 1 else None


def _household(desk: Desk, item: Item, contacts: list[Person], able: list[Worker]) -> Household:
    team, ended = members_of(item.body, "team"), item.body.get("ended") is True
    days = [item.text("started_on"), item.text("ended_on")]
    words = [day_words(date.fromisoformat(day), desk.today) if day else "" for day in days]
    return Household(
        item=item,
        period=f"{words[0]}–{words[1]}" if words[1] else f"fra {words[0]}",
        ended=ended,
        facts=present.part(
            desk, item, skip=("dwelling", "started_on", "ended_on", "ended", "team")
        ).sections,
        contacts=contacts,
        team=team,
        team_names=", ".join(sorted(desk.person(user) for user in team)),
        able=able,
        may_change=desk.reviews_in(item.area),
        adds=[] if ended else _adds(desk, item),
        seal=seal([item]),
    )


def _adds(desk: Desk, item: Item) -> list[tuple[str, str]]:
    """Offer what follows a household, for who may write it; it all lies in the same confidence."""
    here = {"tenancy": item.id, "dwelling": item.text("dwelling")}
    open_to = FOLLOWS if may_make(desk, Offer.spec, here) else ()
    if may_make(desk, HfParticipant.spec, {"area": item.area, "tenancy": item.id}):
        open_to = (*open_to, HfParticipant.spec)
    return [
        (spec.words[0], url_for("office.make", kind=spec.name, tenancy=item.id)) for spec in open_to
    ]


def _contacts(desk: Desk, tenancies: list[str]) -> dict[str, list[Person]]:
    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(Contact, Contact.id == Envelope.id)
        rows = rows.where(Contact.tenancy.in_(tenancies))
        return rows.order_by(Contact.role.desc(), Contact.name, Envelope.id)

    found: dict[str, list[Person]] = {}
    for item in desk.found(Contact.spec.name, narrow):
        found.setdefault(str(item.body["tenancy"]), []).append(_person(item))
    return found


def _person(item: Item) -> Person:
    more = [
        item.text("language"),
        "trenger tolk" if item.body.get("interpreter") else None,
        CHANNELS.get(item.text("channel") or "", "").lower() or None,
    ]
    return Person(
        id=item.id,
        name=item.text("name") or "",
        role=ROLES.get(item.text("role") or "", ""),
        phone=item.text("phone") or "",
        more=" · ".join(filter(None, more)),
    )


def can_follow_up(worker: Worker, area: str | None) -> bool:
    """Say whether somebody can be given a household of an area to follow up."""
    return bool(worker.actor.roles_in(area) & TEAM_STAFF)
