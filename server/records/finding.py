"""Funn: a place that felt safe or unsafe on a walk, in the words of those who walked."""

from sqlalchemy.orm import Mapped

from server.records.purposes import TOPICS
from server.records.record import (
    READER_SETS,
    Place,
    PlaceFacts,
    Record,
    Retention,
)
from server.records.standing import place_in_area
from server.shapes import (
    PERSONAL,
    PUBLIC,
    choice,
    flag,
    handling,
    keyed_choice,
    ref,
    text,
)
from sync.rules import Rule

CHECKED = {"done": "Gjort", "not_done": "Ikke gjort"}
FEELS = {"safe": "Trygt", "unsafe": "Utrygt", "mixed": "Både og"}
RESPONSIBLE = {
    "municipality": "Kommunen",
    "landlord": "Eiendom",
    "housing_company": "Boligselskapet",
    "other": "Andre",
}
HANDLING = {
    "open": "Åpent",
    "passed_on": "Sendt videre",
    "done": "Rettet",
    "rejected": "Gjøres ikke",
}


def place(facts: PlaceFacts) -> Place:
    """Where the walk is, for all who work there."""
    return place_in_area(facts, "home", "event")


class Finding(
    Record,
    kind="finding",
    order=53,
    words=("Funn", "funn"),
    writers=READER_SETS["work"],
    readers=("home",),
    retention=Retention(10, "changed_at", "Medvirkning, uten personopplysninger", "archive"),
    parents=("event",),
    place=place,
):
    """One stop on a safety walk: where, how it feels, and what came of it."""

    event: Mapped[str | None] = ref(
        "Trygghetsvandring", to="event", required=True, rule=Rule.FIXED, section="Funn"
    )
    meet: Mapped[str | None] = text(
        "Hvor?", max=120, required=True, sensitive=PUBLIC, section="Funn"
    )
    feels: Mapped[str | None] = choice("Hvordan kjennes det?", FEELS, section="Funn")
    words: Mapped[str | None] = text(
        "Hva så dere?", max=400, required=True, sensitive=PERSONAL, section="Funn"
    )
    topic: Mapped[str | None] = choice("Hva handler det om?", TOPICS, section="Funn", since=2)
    good: Mapped[str | None] = text(
        "Hva er bra her?", max=400, sensitive=PERSONAL, section="Funn", since=2
    )
    proposal: Mapped[str | None] = text(
        "Hva foreslår beboerne?", max=400, sensitive=PERSONAL, section="Funn", since=2
    )
    dark: Mapped[bool | None] = flag("Gjelder når det er mørkt", section="Funn")
    responsible: Mapped[str | None] = choice("Hvem har ansvaret?", RESPONSIBLE, section="Funn")
    checks = keyed_choice("Veien videre", CHECKED, section="Veien videre", holds="TRYGG", since=2)
    handling: Mapped[str | None] = handling("Behandling", HANDLING, section="Funn")

    example = {
        "event": "018f2c5e-0000-7000-8000-000000000041",
        "meet": "Undergangen",
        "feels": "unsafe",
        "words": "Lyset virker ikke, og det er blindt hjørne.",
        "topic": "safety",
        "good": "Benkene er nye.",
        "proposal": "Lys på begge sider.",
        "checks/TRYGG-06": "done",
        "dark": True,
        "responsible": "municipality",
    }
