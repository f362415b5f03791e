"""Oppfølgingsplan: goals in the tenant's own words and the help agreed; voluntary, free."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    REVIEWERS,
    TEAM_STAFF,
    Place,
    PlaceFacts,
    Record,
    Retention,
    place_in_confidence,
)
from server.shapes import (
    SPECIAL,
    UUID_PATTERN,
    choice,
    day,
    keyed_choice,
    keyed_flag,
    keyed_text,
    ref,
)

REACHED = {
    "not_begun": "Ikke begynt",
    "on_the_way": "På vei",
    "reached": "Nådd",
    "dropped": "Ikke lenger et mål",
}
ACTIVITIES = {
    "cooking": "Matlaging",
    "coffee": "Kaffe og prat",
    "garden": "Hage",
    "craft": "Verksted",
    "walk": "Tur",
    "other": "Annet",
}
ENDS = {
    "goal": "Målet er nådd",
    "wish": "Ønsker ikke mer",
    "moved": "Flyttet",
    "other_service": "Annen tjeneste",
    "deceased": "Død",
}


def place(facts: PlaceFacts) -> Place:
    """Where the talk is that it came from."""
    return place_in_confidence(facts)


class FollowUpPlan(
    Record,
    kind="follow_up_plan",
    order=60,
    words=("Oppfølgingsplan", "oppfølgingsplaner"),
    writers=REVIEWERS,
    named_writers=TEAM_STAFF,
    readers=("talk",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, oppfølging", "archive"),
    parents=("dwelling", "tenancy"),
    place=place,
):
    """One household's plan: goals, agreed help, and when it is looked at again."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True, section="Plan")
    tenancy: Mapped[str | None] = ref("Leieforhold", to="tenancy", required=True, section="Plan")
    started_on: Mapped[date | None] = day("Startet", required=True, indexed=True, section="Plan")
    due_on: Mapped[date | None] = day("Planen er klar innen", indexed=True, section="Plan")
    ready_on: Mapped[date | None] = day("Planen er klar", section="Plan")
    goals = keyed_text("Mål, med leietakerens ord", max=400, sensitive=SPECIAL, section="Mål")
    reached = keyed_choice("Hvor langt?", REACHED, keys=UUID_PATTERN, section="Mål", holds="goals")
    help = keyed_text("Avtalt hjelp", max=400, sensitive=SPECIAL, section="Hjelp")
    attends = keyed_flag("Aktiviteter personen er med på", ACTIVITIES, section="Hjelp")
    evaluate_on: Mapped[date | None] = day("Neste evaluering", indexed=True, section="Plan")
    evaluated_on: Mapped[date | None] = day("Sist evaluert", server=True, section="Plan")
    ended_on: Mapped[date | None] = day("Avsluttet", section="Plan")
    end_reason: Mapped[str | None] = choice("Hvorfor?", ENDS, section="Plan")

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "tenancy": "018f2c5e-0000-7000-8000-00000000000a",
        "started_on": "2026-09-01",
        "goals/018f2c5e-0000-7000-8000-000000000061": "Jeg vil tørre å åpne posten.",
        "reached/018f2c5e-0000-7000-8000-000000000061": "on_the_way",
        "help/018f2c5e-0000-7000-8000-000000000062": "Vi går gjennom posten sammen hver torsdag.",
        "evaluate_on": "2026-12-01",
    }
