"""Folders: a head record with what belongs to it, in order; which kinds, and in which words.

What may be seen is asked for each record by itself: a folder opens nothing. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from server.office.desk import Desk, Item
from server.problems import Problem
from server.records.arrears_case import ArrearsCase
from server.records.assistance_request import AssistanceRequest
from server.records.case_party import CaseParty
from server.records.complaint import Complaint
from server.records.conflict_agreement import ConflictAgreement
from server.records.conflict_case import ConflictCase
from server.records.contact import Contact
from server.records.cooperation_agreement import CooperationAgreement
from server.records.cooperation_log import CooperationLog
from server.records.dialogue_meeting import DialogueMeeting
from server.records.evaluation import Evaluation
from server.records.event import Event
from server.records.event_minutes import EventMinutes
from server.records.finding import Finding
from server.records.follow_up_plan import FollowUpPlan
from server.records.hf_contact import HfContact
from server.records.hf_housing_event import HfHousingEvent
from server.records.hf_participant import HfParticipant
from server.records.housing_company import HousingCompany
from server.records.housing_need import HousingNeed
from server.records.learning import Learning
from server.records.measure import Measure
from server.records.meeting_place import MeetingPlace
from server.records.neighbourhood import Neighbourhood
from server.records.offer import Offer
from server.records.party_talk import PartyTalk
from server.records.programme_site import ProgrammeSite
from server.records.record import Entry, Envelope, KindSpec
from server.records.referral import Referral
from server.records.resident_input import ResidentInput
from server.records.site_figures import SiteFigures

EACH_MAX = 300
"""More than these of one kind in one folder help nobody; the page says that some are left out."""


@dataclass(frozen=True)
class Belongs:
    """One kind that belongs to a head: by which of its fields, and how it is added."""

    spec: KindSpec
    by: str
    title: str
    order: str = ""
    """The day that they are ordered by, the latest first; else by when they were made."""
    add: str = ""
    """The words of the link that makes one more; empty where one is made elsewhere."""
    only: tuple[str, str] | None = None
    """A choice that these have; it is given to the new one too."""
    where: tuple[str, str] | None = None
    """A choice that the head has, where only such a head has any of these."""
    but: tuple[str, str] | None = None
    """A choice that these have not, because those that have it stand by themselves."""


@dataclass(frozen=True)
class Folder:
    """One kind of head: where its list is, and what belongs to it."""

    spec: KindSpec
    page: str
    tab: str = ""
    belongs: tuple[Belongs, ...] = ()


CASES, PLACES, EVENTS = "office.cases", "office.neighbourhoods", "office.event_list"
COMPANIES, SITES = "office.companies", "office.sites"
WALK = ("type", "safety_walk")
_FOLDERS = (
    Folder(
        ConflictCase.spec,
        CASES,
        "cases",
        (
            Belongs(Complaint.spec, "case", "Klager", "received_on"),
            Belongs(CaseParty.spec, "case", "Parter", add="Ny part"),
            Belongs(DialogueMeeting.spec, "case", "Dialogmøter", "planned_on", "Nytt dialogmøte"),
            Belongs(ConflictAgreement.spec, "case", "Avtaler", "agreed_on", "Ny avtale"),
        ),
    ),
    Folder(
        CaseParty.spec,
        CASES,
        "parties",
        (Belongs(PartyTalk.spec, "party", "Samtaler", "talked_on", "Ny samtale"),),
    ),
    Folder(Complaint.spec, CASES, "complaints"),
    Folder(
        FollowUpPlan.spec,
        CASES,
        "plans",
        (Belongs(Evaluation.spec, "plan", "Evalueringer", "held_on", "Ny evaluering"),),
    ),
    Folder(Offer.spec, CASES, "offers"),
    Folder(Referral.spec, CASES, "referrals"),
    Folder(HousingNeed.spec, CASES, "needs"),
    Folder(AssistanceRequest.spec, CASES, "requests"),
    Folder(ArrearsCase.spec, CASES, "arrears"),
    Folder(
        HfParticipant.spec,
        CASES,
        "participants",
        (
            Belongs(HfHousingEvent.spec, "participant", "Boforløp", "happened_on", "Ny hendelse"),
            Belongs(HfContact.spec, "participant", "Kontakter", "met_on", "Ny kontakt"),
        ),
    ),
    Folder(
        Neighbourhood.spec,
        PLACES,
        belongs=(
            Belongs(
                ResidentInput.spec,
                "neighbourhood",
                "Utfordringer",
                "received_on",
                "Ny utfordring",
                ("type", "challenge"),
            ),
            Belongs(
                ResidentInput.spec,
                "neighbourhood",
                "Idéer",
                "received_on",
                "Ny idé",
                ("type", "idea"),
            ),
            Belongs(
                ResidentInput.spec,
                "neighbourhood",
                "Ros",
                "received_on",
                "Ny ros",
                ("type", "praise"),
            ),
            Belongs(Measure.spec, "neighbourhood", "Tiltak", "due_on", "Nytt tiltak"),
            Belongs(MeetingPlace.spec, "neighbourhood", "Møteplasser", add="Ny møteplass"),
            Belongs(
                Event.spec,
                "neighbourhood",
                "Trygghetsvandringer",
                "held_on",
                "Ny trygghetsvandring",
                WALK,
            ),
            Belongs(
                Event.spec,
                "neighbourhood",
                "Arrangementer",
                "held_on",
                "Nytt arrangement",
                but=WALK,
            ),
        ),
    ),
    Folder(
        Event.spec,
        EVENTS,
        belongs=(
            Belongs(ResidentInput.spec, "event", "Innspill", "received_on", "Nytt innspill"),
            Belongs(Finding.spec, "event", "Funn på vandringen", add="Nytt funn", where=WALK),
            Belongs(EventMinutes.spec, "event", "Internt referat", add="Skriv internt referat"),
        ),
    ),
    Folder(
        HousingCompany.spec,
        COMPANIES,
        belongs=(
            Belongs(Contact.spec, "housing_company", "Kontakter", add="Ny kontakt"),
            Belongs(
                CooperationAgreement.spec,
                "housing_company",
                "Samarbeidsavtale",
                "signed_on",
                "Ny samarbeidsavtale",
            ),
            Belongs(
                CooperationLog.spec,
                "housing_company",
                "Kontakt med styret",
                "talked_on",
                "Ny kontakt med styret",
            ),
            Belongs(Measure.spec, "housing_company", "Tiltak", "due_on", "Nytt tiltak"),
            Belongs(Event.spec, "companies", "Arrangementer", "held_on"),
        ),
    ),
    Folder(
        ProgrammeSite.spec,
        SITES,
        belongs=(
            Belongs(SiteFigures.spec, "site", "Måltall", "from_on", "Nye måltall"),
            Belongs(Learning.spec, "site", "Erfaringer", "learnt_on", "Ny erfaring"),
            Belongs(Event.spec, "site", "Arrangementer", "held_on", "Nytt arrangement"),
        ),
    ),
)
FOLDERS = {folder.spec.name: folder for folder in _FOLDERS}


def open_folder(desk: Desk, id: str) -> tuple[Folder, Item]:
    """Give a folder and its head; what is missing, deleted or forbidden looks the same.

    Every page that shows a person's file comes through here.
    """
    item = desk.item(id)
    folder = FOLDERS.get(item.spec.name) if item else None
    if item is None or folder is None:
        raise Problem("no_access")
    return folder, item


def belonging(desk: Desk, belongs: Belongs, heads: Iterable[str]) -> list[Item]:
    """Give what belongs to these heads and the reader may see, in the folder's order."""
    items = desk.found(belongs.spec.name, _of(belongs, list(heads)), EACH_MAX)
    only, but = belongs.only, belongs.but
    return [
        item
        for item in items
        if (only is None or item.text(only[0]) == only[1])
        and (but is None or item.text(but[0]) != but[1])
    ]


def head_of(desk: Desk, item: Item) -> Item | None:
    """Give the nearest folder that the reader may open and that a record lies in; itself first."""
    if item.spec.name in FOLDERS:
        return item
    for folder in FOLDERS.values():
        for each in folder.belongs:
            if each.spec is item.spec and (head := desk.item(item.text(each.by))):
                return head
    return None


def _of(belongs: Belongs, heads: list[str]) -> Callable[[Select[Any]], Select[Any]]:
    model: Any = belongs.spec.model

    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(model, model.id == Envelope.id)
        if belongs.spec.fields[belongs.by].keyed:
            named = select(Entry.record).where(
                Entry.field == belongs.by, Entry.key.in_(heads), Entry.value == "true"
            )
            rows = rows.where(Envelope.id.in_(named))
        else:
            rows = rows.where(getattr(model, belongs.by).in_(heads))
        if belongs.order:
            rows = rows.order_by(getattr(model, belongs.order).desc())
        return rows.order_by(Envelope.created_at.desc(), Envelope.id)

    return narrow
