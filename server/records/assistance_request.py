"""Ba om hjelp: a resident asked for housing help; it starts a legal clock and decides nothing."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped

from server.records.record import (
    REVIEWERS,
    TEAM_STAFF,
    Place,
    PlaceFacts,
    Record,
    Retention,
    Review,
    place_in_confidence,
)
from server.shapes import PERSONAL, SPECIAL, choice, day, flag, handling, instant, ref, status, text
from sync.rules import Rule

CHANNELS = {
    "visit": "På besøk",
    "door": "I døra eller oppgangen",
    "phone": "På telefon",
    "meeting": "På møte",
    "other": "På annen måte",
}
HANDLING = {
    "received": "Mottatt",
    "provisional": "Foreløpig svar gitt",
    "forwarded": "Sendt videre",
    "answered": "Besvart",
}
APPEAL_OUTCOMES = {"changed": "Vedtaket er endret", "upheld": "Vedtaket står"}


def place(facts: PlaceFacts) -> Place:
    """Where the talk is that it came from."""
    return place_in_confidence(facts)


class AssistanceRequest(
    Record,
    kind="assistance_request",
    order=44,
    words=("Ba om hjelp", "ba om hjelp"),
    writers=REVIEWERS,
    named_writers=TEAM_STAFF,
    readers=("talk",),
    review=Review.ALWAYS,
    retention=Retention(5, "changed_at", "Boligsosialloven § 7", "archive"),
    parents=("visit", "dwelling", "tenancy"),
    place=place,
):
    """What was asked for, in the resident's words, and when: the clock runs from there."""

    visit: Mapped[str | None] = ref("Hjemmebesøk", to="visit", rule=Rule.FIXED)
    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True)
    tenancy: Mapped[str | None] = ref("Leieforhold", to="tenancy")
    asked_at: Mapped[datetime | None] = instant("Spurt", required=True, rule=Rule.FIXED)
    words: Mapped[str | None] = text(
        "Hva ba beboeren om?", max=2000, sensitive=SPECIAL, section="Ba om hjelp"
    )
    channel: Mapped[str | None] = choice("Hvordan?", CHANNELS, section="Ba om hjelp")
    representative: Mapped[str | None] = text(
        "Fullmektig", max=120, sensitive=SPECIAL, section="Ba om hjelp"
    )
    due_on: Mapped[date | None] = day("Frist", lasting=True, indexed=True, section="Behandling")
    counted_from: Mapped[datetime | None] = instant(
        "Fristen regnes fra", server=True, lasting=True, section="Behandling"
    )
    clock_doubtful: Mapped[bool | None] = flag(
        "Klokka på telefonen kan ikke stemme", server=True, lasting=True, section="Behandling"
    )
    provisional_on: Mapped[date | None] = day(
        "Foreløpig svar gitt", lasting=True, section="Behandling"
    )
    answered_on: Mapped[date | None] = day(
        "Vedtaket er sendt", lasting=True, indexed=True, section="Behandling"
    )
    appeal_due_on: Mapped[date | None] = day(
        "Klagefrist", lasting=True, indexed=True, section="Behandling"
    )
    appealed_on: Mapped[date | None] = day("Klaget", lasting=True, section="Klage")
    appeal_answer_due_on: Mapped[date | None] = day(
        "Klagen avgjøres eller sendes videre innen",
        lasting=True,
        indexed=True,
        section="Klage",
        since=2,
    )
    appeal_forwarded_on: Mapped[date | None] = day(
        "Sendt til statsforvalteren", lasting=True, section="Klage", since=2
    )
    appeal_decided_on: Mapped[date | None] = day(
        "Klagen er avgjort", lasting=True, section="Klage", since=2
    )
    appeal_outcome: Mapped[str | None] = choice(
        "Hvordan gikk det med klagen?", APPEAL_OUTCOMES, lasting=True, section="Klage", since=2
    )
    appeal_words: Mapped[str | None] = text(
        "Kort om klagen", max=500, sensitive=PERSONAL, lasting=True, section="Klage", since=2
    )
    forwarded_on: Mapped[date | None] = day("Sendt videre", lasting=True, section="Behandling")
    forwarded_to: Mapped[str | None] = text(
        "Sendt til", max=120, sensitive=PERSONAL, lasting=True, section="Behandling"
    )
    handling: Mapped[str | None] = handling("Behandling", HANDLING, section="Behandling")
    status: Mapped[str | None] = status()

    example = {
        "visit": "018f2c5e-0000-7000-8000-000000000005",
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "asked_at": "2026-11-23T09:05:00.000Z",
        "words": "Spør om noe større, med to soverom.",
        "channel": "visit",
    }
