"""Gjennomført sjekkliste: the answers about one subject; it may hold no words from a talk."""

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_by,
    place_in_confidence,
    place_with_draft,
)
from server.shapes import (
    CODE_PATTERN,
    PERSONAL,
    choice,
    code,
    keyed_choice,
    keyed_number,
    keyed_text,
    number,
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
AS_LAST = {"as_last": "Som sist"}
TAKEN_OVER = frozenset({"ok", "not_relevant"})
"""What «Som sist» answers: a mark that was left beside another says nothing of it."""
SUBJECTS = {"building": "Bygningen", "dwelling": "Boligen", "tenancy": "Leieforholdet"}


def place(facts: PlaceFacts) -> Place:
    """What concerns the tenancy is in confidence; a round's answers are for all who work there.

    Answers about a building that were given on a visit stay with those who may know of visits.
    """
    if facts.text("subject") == "tenancy":
        return place_in_confidence(facts)
    area = area_by(facts, "dwelling", "building", "visit", "round")
    return place_with_draft(facts, area, "visit" if facts.text("visit") else "home")


class ChecklistRun(
    Record,
    kind="checklist_run",
    order=30,
    words=("Gjennomført sjekkliste", "gjennomførte sjekklister"),
    writers=READER_SETS["home"],
    readers=("home", "visit", "talk"),
    retention=Retention(10, "changed_at", "Internkontroll og utleierens vedlikehold", "archive"),
    one_per=(("visit", "checklist", "subject"), ("round", "checklist", "building")),
    parents=("visit", "round", "dwelling", "building", "tenancy"),
    place=place,
):
    """One set of answers to a checklist, one run for each subject that its items are about."""

    visit: Mapped[str | None] = ref("Hjemmebesøk", to="visit", rule=Rule.FIXED)
    round: Mapped[str | None] = ref("Runde", to="round", rule=Rule.FIXED)
    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling")
    building: Mapped[str | None] = ref("Bygning", to="building")
    tenancy: Mapped[str | None] = ref("Leieforhold", to="tenancy")
    checklist: Mapped[str | None] = code(
        "Sjekkliste",
        max=20,
        pattern="[A-Z0-9]{2,20}",
        sentence="Velg en sjekkliste.",
        required=True,
        rule=Rule.FIXED,
    )
    edition: Mapped[int | None] = number("Utgave", min=1, max=999)
    subject: Mapped[str | None] = choice(
        "Hva handler svarene om?", SUBJECTS, required=True, rule=Rule.FIXED
    )
    answers = keyed_choice("Svar", ANSWERS, keys=CODE_PATTERN, section="Sjekkliste")
    as_last = keyed_choice(
        "Svart med «Som sist»", AS_LAST, keys=CODE_PATTERN, section="Sjekkliste", holds="answers"
    )
    numbers = keyed_number("Tall", min=0, max=1_000_000, section="Sjekkliste")
    remarks = keyed_text(
        "Merknad", max=1000, keys=CODE_PATTERN, sensitive=PERSONAL, section="Sjekkliste"
    )
    status: Mapped[str | None] = status()

    example = {
        "visit": "018f2c5e-0000-7000-8000-000000000005",
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "checklist": "NYVRI1",
        "edition": 1,
        "subject": "dwelling",
        "answers/NYVRI1-08": "ok",
        "answers/NYVRI1-15": "deviation",
        "remarks/NYVRI1-15": "Kondens på soverommet.",
    }
