"""Sjekkliste: what is asked, in one version; a new wording is a new version and never an edit."""

from sqlalchemy.orm import Mapped

from server.records.record import ORGANISATION, Place, PlaceFacts, Record, Retention
from server.roles import Role
from server.shapes import (
    CODE_PATTERN,
    PUBLIC,
    Composite,
    choice,
    code,
    flag,
    keyed_composite,
    number,
    text,
    values,
)
from sync.rules import Rule

FORMS = {
    "checklist": "Sjekkliste",
    "routine_card": "Rutinekort",
    "pre_visit": "Før besøk",
}
SUBJECTS = {
    "building": "Bygningen",
    "dwelling": "Boligen",
    "tenancy": "Leieforholdet",
    "event": "Arrangementet",
    "conflict_case": "Nabokonflikten",
    "assignment": "Oppdraget",
    "visit": "Besøket",
}
ANSWERS = {
    "check": "I orden eller avvik",
    "told": "Gjort eller ikke gjort",
    "number": "Et tall",
    "count": "Et antall",
    "scale_1_5": "Fra 1 til 5",
    "text": "Tekst",
    "none": "Leses bare",
}
FREQUENCIES = {
    "every": "Hver gang",
    "weekly": "Hver uke",
    "monthly": "Hver måned",
    "quarterly": "Hvert kvartal",
    "yearly": "Hvert år",
    "season": "Vår og høst",
}
SEVERITIES = {"critical": "Kritisk", "high": "Høy", "medium": "Middels", "low": "Lav"}
RESPONSIBLE = {
    "tenant": "Leietakeren",
    "landlord": "Eiendom",
    "housing_company": "Boligselskapet",
    "team": "Vi",
}
PHOTOS = {
    "never": "Aldri",
    "optional": "Om du vil",
    "on_deviation": "Ved avvik",
    "required_on_deviation": "Alltid ved avvik",
}
SHOWN = {"no_alert": "Uten merknad", "alert": "Ved merknad"}
ITEM = Composite(
    {
        "order": values.Number(1, 999),
        "section": values.Words(80),
        "words": values.Words(300),
        "hint": values.Words(300),
        "subject": values.Choice(SUBJECTS),
        "answer": values.Choice(ANSWERS),
        "yes": values.Words(40),
        "no": values.Words(40),
        "choices": values.Words(300),
        "unit": values.Words(20),
        "frequency": values.Choice(FREQUENCIES),
        "severity": values.Choice(SEVERITIES),
        "responsible": values.Choice(RESPONSIBLE),
        "responsible_in_company": values.Choice(RESPONSIBLE),
        "photo": values.Choice(PHOTOS),
        "show": values.Choice(SHOWN),
    },
    optional=frozenset(
        {"hint", "yes", "no", "choices", "unit", "severity", "responsible_in_company", "show"}
    ),
)
"""One point; `choices` are words offered for a text, one on each line."""


def place(facts: PlaceFacts) -> Place:
    """Everybody in the organisation has every checklist."""
    return Place(None, frozenset({ORGANISATION}))


class Checklist(
    Record,
    kind="checklist",
    order=90,
    words=("Sjekkliste", "sjekklister"),
    writers=frozenset({Role.LEADER, Role.ADMIN}),
    readers=("everyone",),
    retention=Retention(50, "changed_at", "Så lenge svar viser til den", "archive"),
    one_per=(("code", "edition"),),
    place=place,
):
    """One version of a checklist; its points are keyed by their own codes."""

    code: Mapped[str | None] = code(
        "Kode",
        max=20,
        pattern="[A-Z0-9]{2,20}",
        sentence="Skriv koden med store bokstaver og sifre.",
        required=True,
        rule=Rule.FIXED,
    )
    edition: Mapped[int | None] = number("Utgave", min=1, max=999, required=True, rule=Rule.FIXED)
    title: Mapped[str | None] = text("Tittel", max=120, required=True, sensitive=PUBLIC)
    purpose: Mapped[str | None] = text("Hva den er til", max=200, sensitive=PUBLIC)
    form: Mapped[str | None] = choice("Form", FORMS, required=True)
    subject: Mapped[str | None] = choice("Hva den handler om", SUBJECTS, required=True)
    published: Mapped[bool | None] = flag("I bruk", rule=Rule.LATEST)
    items = keyed_composite("Punkter", ITEM, keys=CODE_PATTERN, sensitive=PUBLIC)

    example = {
        "code": "NYVRI1",
        "edition": 1,
        "title": "Ny Vri – første hjemmebesøk",
        "form": "checklist",
        "subject": "tenancy",
        "published": True,
        "items/NYVRI1-02": {
            "order": 1,
            "section": "Velkommen",
            "words": "Husleie, forfall og hjelp ved betalingsvansker er gjennomgått",
            "subject": "tenancy",
            "answer": "told",
            "frequency": "every",
            "responsible": "team",
            "photo": "never",
        },
    }
