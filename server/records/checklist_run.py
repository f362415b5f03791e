"""Gjennomført sjekkliste: the answers about one subject; it may hold no words from a talk."""

from sqlalchemy.orm import Mapped

from server.records.record import (
    FIELD_STAFF,
    Place,
    PlaceFacts,
    Record,
    Retention,
    Review,
    area_by,
    place_with_draft,
)
from server.shapes import (
    CODE_PATTERN,
    PERSONAL,
    choice,
    code,
    keyed_choice,
    keyed_text,
    ref,
    status,
)
from sync.rules import Rule

ANSWERS = {
    "ok": "I orden",
    "deviation": "Avvik",
    "not_relevant": "Ikke relevant",
    "not_checked": "Ikke kontrollert",
    "done": "Gjort",
    "not_done": "Ikke gjort",
    "1": "Svært dårlig",
    "2": "Dårlig",
    "3": "Midt imellom",
    "4": "Godt",
    "5": "Svært godt",
}
SUBJECTS = {"dwelling": "Boligen", "tenancy": "Leieforholdet"}


def place(facts: PlaceFacts) -> Place:
    """Placed as a visit is: drafts with their authors, then with the area's readers of visits."""
    return place_with_draft(facts, area_by(facts, "dwelling", "visit"), "visit")


class ChecklistRun(
    Record,
    kind="checklist_run",
    order=30,
    words=("Gjennomført sjekkliste", "gjennomførte sjekklister"),
    writers=FIELD_STAFF,
    readers=("visit",),
    review=Review.ALWAYS,
    retention=Retention(10, "changed_at", "Internkontroll og utleierens vedlikehold", "archive"),
    one_per=("visit", "checklist", "subject"),
    parents=("visit", "dwelling"),
    place=place,
):
    """One set of answers to a checklist, one run for each subject that its items are about."""

    visit: Mapped[str | None] = ref("Hjemmebesøk", to="visit", required=True, rule=Rule.FIXED)
    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True)
    checklist: Mapped[str | None] = code(
        "Sjekkliste",
        max=20,
        pattern="[A-Z0-9]{2,20}",
        sentence="Velg en sjekkliste.",
        required=True,
        rule=Rule.FIXED,
    )
    subject: Mapped[str | None] = choice(
        "Hva handler svarene om?", SUBJECTS, required=True, rule=Rule.FIXED
    )
    answers = keyed_choice("Svar", ANSWERS, keys=CODE_PATTERN, section="Sjekkliste")
    remarks = keyed_text(
        "Merknad", max=1000, keys=CODE_PATTERN, sensitive=PERSONAL, section="Sjekkliste"
    )
    status: Mapped[str | None] = status()

    example = {
        "visit": "018f2c5e-0000-7000-8000-000000000005",
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "checklist": "NYVRI1",
        "subject": "dwelling",
        "answers/NYVRI1-08": "ok",
        "answers/NYVRI1-15": "deviation",
        "remarks/NYVRI1-15": "Kondens på soverommet.",
    }
