"""The letters in the languages there are texts in; a municipality's lawyer checks the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from server.shapes import Json

LETTERS: Mapping[str, Mapping[str, str]] = {
    "nb": {
        "name": "Bokmål",
        "known": "norsk bokmål",
        "title": "Varsel om besøk i boligen",
        "change_title": "Varsel om endringer i boligen",
        "to": "Til deg som bor i",
        "when": "Vi kommer",
        "at": "klokka",
        "what": "Dette skal gjøres:",
        "right": "Etter husleieloven § 5-6 har utleieren rett til å komme inn for tilsyn og"
        " vedlikehold etter varsel. Vi låser oss ikke inn uten at det er avtalt.",
        "change_right": "Etter husleieloven § 5-4 skal du få varsel om endringer i god tid.",
        "call": "Passer det ikke, ring oss og avtal en annen tid.",
        "from": "Hilsen kommunen",
    },
    "nn": {
        "name": "Nynorsk",
        "known": "nynorsk",
        "title": "Varsel om besøk i bustaden",
        "change_title": "Varsel om endringar i bustaden",
        "to": "Til deg som bur i",
        "when": "Vi kjem",
        "at": "klokka",
        "what": "Dette skal gjerast:",
        "right": "Etter husleigelova § 5-6 har utleigaren rett til å kome inn for tilsyn og"
        " vedlikehald etter varsel. Vi låser oss ikkje inn utan at det er avtalt.",
        "change_right": "Etter husleigelova § 5-4 skal du få varsel om endringar i god tid.",
        "call": "Passar det ikkje, ring oss og avtal ei anna tid.",
        "from": "Helsing kommunen",
    },
    "en": {
        "name": "English",
        "known": "engelsk english",
        "title": "Notice of a visit to your home",
        "change_title": "Notice of changes to your home",
        "to": "To you who live at",
        "when": "We will come on",
        "at": "at",
        "what": "This will be done:",
        "right": "Under section 5-6 of the Tenancy Act the landlord may enter for inspection and"
        " maintenance after giving notice. We do not let ourselves in unless it is agreed.",
        "change_right": "Under section 5-4 of the Tenancy Act you shall have notice of changes in"
        " good time.",
        "call": "If this does not suit you, call us and agree on another time.",
        "from": "Yours sincerely, the municipality",
    },
}
CHANGE = "change_notice"


def language_of(known: Iterable[str | None]) -> str:
    """Give the first language that a text exists in; bokmål where none of them has one."""
    for words in known:
        said = (words or "").strip().casefold()
        for code, texts in LETTERS.items():
            if said and said in (code, *texts["known"].split()):
                return code
    return "nb"


def letter(
    language: str, body: Mapping[str, Json], home: str, telephone: str | None
) -> dict[str, str]:
    """Give the letter's lines, by what they are."""
    texts = LETTERS[language]
    change = body.get("basis") == CHANGE
    on, at = date.fromisoformat(str(body["planned_on"])), body.get("planned_at")
    clock = f" {texts['at']} {str(at).replace(':', '.')}" if at else ""
    return {
        "title": texts["change_title" if change else "title"],
        "to": f"{texts['to']} {home}",
        "when": f"{texts['when']} {on.day}.{on.month}.{on.year}{clock}.",
        "what": texts["what"],
        "reason": str(body.get("reason") or ""),
        "right": texts["change_right" if change else "right"],
        "call": texts["call"] + (f" {telephone}" if telephone else ""),
        "from": texts["from"],
    }
