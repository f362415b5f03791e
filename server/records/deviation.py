"""Avvik: a fault in a home or a building, until it is closed; it never says how it was found.

The landlord reads deviations, and must not learn from one that a follow-up visit took place. So
it refers to no visit: what a checklist's answer led to has an id made from the run and the item.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    Body,
    Place,
    PlaceFacts,
    Record,
    Retention,
    Review,
    Role,
    area_by,
    place_with_draft,
)
from server.shapes import (
    CODE_PATTERN,
    PERSONAL,
    choice,
    code,
    day,
    flag,
    handling,
    number,
    ref,
    state_of,
    status,
    text,
    user_ref,
)
from sync.mutation import Json

SEVERITIES = {"critical": "Kritisk", "high": "Høy", "medium": "Middels", "low": "Lav"}
RESPONSIBLE = {
    "tenant": "Leietakeren",
    "landlord": "Eiendom",
    "housing_company": "Boligselskapet",
    "team": "Vi",
}
CAUSES = {
    "wear": "Slitasje",
    "misuse": "Feil bruk",
    "vandalism": "Hærverk",
    "lack_of_upkeep": "Manglende vedlikehold",
    "damp_use": "Fukt av bruk",
    "construction": "Feil i bygget",
    "unknown": "Ukjent",
}
HANDLING = {
    "open": "Åpent",
    "ordered": "Bestilt",
    "waiting": "Venter",
    "done": "Rettet",
    "verified": "Kontrollert",
    "rejected": "Ikke et avvik",
}


def place(facts: PlaceFacts) -> Place:
    """A draft is its authors' own; then all who work in the area see it, the landlord too."""
    return place_with_draft(facts, area_by(facts, "dwelling", "building"), "home")


def allows(roles: frozenset[Role], own: bool, before: Body, after: Body) -> bool:
    """Say whether a step of the work is this person's to say.

    A caretaker mends what they can and says so. Whether the landlord's or the company's fault is
    mended well, is none, or is another's to mend, is not theirs to say; what they found themselves
    they may take back until somebody has begun on it.
    """
    if not roles or roles - {Role.CARETAKER} or before.get("responsible") == "team":
        return True
    if state_of(before.get("status")) == "draft":
        return True
    if before.get("responsible") != after.get("responsible"):
        return own and "handling" not in before
    was, now = before.get("handling"), after.get("handling")
    stood, said = (_step(each) for each in (was, now))
    if was == now or said in ("done", "waiting"):
        return True
    if said == "open":
        return stood not in ("verified", "rejected") or own
    return own and said == "rejected" and stood == "open"


def _step(handling: Json) -> str:
    state = handling.get("state") if isinstance(handling, Mapping) else None
    return state if isinstance(state, str) else "open"


def is_exception(body: Body) -> bool:
    """Say whether the office must look at it: when life or health is at stake."""
    return body.get("severity") == "critical"


class Deviation(
    Record,
    kind="deviation",
    order=24,
    words=("Avvik", "avvik"),
    writers=READER_SETS["home"],
    readers=("home",),
    review=Review.EXCEPTION,
    exception=is_exception,
    allows=allows,
    waits_as="Kritisk avvik",
    retention=Retention(10, "changed_at", "Internkontroll og utleierens vedlikehold", "archive"),
    parents=("dwelling", "building"),
    place=place,
):
    """One fault: where, how bad, whose to mend, by when, and what came of it."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", section="Avvik")
    building: Mapped[str | None] = ref("Bygning", to="building", section="Avvik")
    item: Mapped[str | None] = code("Punkt i sjekklista", max=64, pattern=CODE_PATTERN)
    words: Mapped[str | None] = text(
        "Hva er galt?", max=1000, required=True, sensitive=PERSONAL, section="Avvik"
    )
    severity: Mapped[str | None] = choice(
        "Hvor alvorlig?", SEVERITIES, required=True, indexed=True, section="Avvik"
    )
    responsible: Mapped[str | None] = choice(
        "Hvem har ansvaret?", RESPONSIBLE, indexed=True, section="Avvik"
    )
    found_on: Mapped[date | None] = day("Funnet", required=True, section="Avvik")
    found_by: Mapped[str | None] = user_ref("Funnet av", section="Avvik")
    called: Mapped[bool | None] = flag("Ringt om det", section="Avvik")
    due_on: Mapped[date | None] = day("Frist", lasting=True, indexed=True, section="Behandling")
    handling: Mapped[str | None] = handling("Behandling", HANDLING, section="Behandling")
    work_order: Mapped[str | None] = code(
        "Arbeidsordre",
        max=40,
        pattern="[A-Za-z0-9_./-]{1,40}",
        sentence="Skriv nummeret på arbeidsordren uten mellomrom.",
        lasting=True,
        section="Behandling",
    )
    cause: Mapped[str | None] = choice("Årsak", CAUSES, lasting=True, section="Behandling")
    cost: Mapped[int | None] = number(
        "Kostnad i kroner", min=0, max=10_000_000, lasting=True, section="Behandling"
    )
    recoverable: Mapped[bool | None] = flag(
        "Kan kreves tilbake", lasting=True, section="Behandling"
    )
    status: Mapped[str | None] = status()

    example = {
        "building": "018f2c5e-0000-7000-8000-000000000008",
        "item": "HMSFELLES-01",
        "words": "Barnevogn sperrer trappa i første etasje.",
        "severity": "high",
        "responsible": "landlord",
        "found_on": "2026-11-23",
    }
