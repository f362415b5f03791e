"""What somebody chose to leave out, read from a form: names, pasted words, a field, a record.

Pure: it reads the form it is given and the package, and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.datastructures import MultiDict

from server.keeping.insight import WHOLE, Mark
from server.office.gate import typed
from server.office.insight_shown import STANDING_MIN
from server.office.insight_words import finds
from server.office.spot import Spot
from server.office.subject_blanks import digest_of
from server.office.subject_package import Package, Part, Passage
from server.problems import ProblemText

TEXT_MAX = 4000
UNREASONED = ProblemText(
    422,
    "Grunnen mangler.",
    "Ingenting er sladdet. Det du skrev, står her.",
    "Velg hvorfor dette skal bort.",
)
NOTHING = ProblemText(
    422,
    "Ingenting er valgt.",
    "Ingenting er sladdet.",
    "Kryss av, eller lim inn teksten som skal bort.",
)
NOT_FOUND = ProblemText(
    422,
    "Vi finner ikke denne teksten.",
    "Ingenting er sladdet. Det du skrev, står her.",
    "Kopier teksten slik den står, og lim den inn.",
)
TOO_SHORT = ProblemText(
    422,
    "Teksten er for kort til å sladdes overalt.",
    "Ingenting er sladdet.",
    f"Skriv minst {STANDING_MIN} tegn, eller sladd den der den står.",
)
UNSAID = ProblemText(
    422,
    "Skriv hva som skal rettes.",
    "Ingenting er sendt tilbake.",
    "Noen ord er nok.",
)
OTHER_TEXT = ProblemText(
    422,
    "Teksten er endret siden du åpnet siden.",
    "Ingenting er sladdet.",
    "Les den som den står nå, og velg igjen.",
)
EVERYWHERE = Spot("everywhere", "Navn eller tekst")
SPOTS = {
    UNREASONED: Spot("everywhere-why", "Hvorfor?"),
    NOTHING: EVERYWHERE,
    TOO_SHORT: EVERYWHERE,
    NOT_FOUND: EVERYWHERE,
    UNSAID: Spot("words", "Hva skal rettes?"),
}
"""Where on the page of a whole request each of these lies."""


def picked_in(part: Part, request: str, form: MultiDict[str, str]) -> list[Mark] | ProblemText:
    """Give the passages of one record that a form leaves out, or what is wrong with it."""
    if form.get("shown") != part.digest(request):
        return OTHER_TEXT
    if form.get("all"):
        return [Mark(part.id, WHOLE, None, None, part.digest(request))]
    path = form.get("path", "")
    passage = next((each for each in part.passages if each.path == path), None)
    if passage is None:
        return NOTHING
    if form.get("whole"):
        return _marks(part, passage, request, [(None, None)])
    places = [place for each in form.getlist("span") if (place := _place(each, passage))]
    if text := typed(form.get("text", ""), TEXT_MAX):
        pasted = list(finds(text, passage.words))
        if not pasted:
            return NOT_FOUND
        places += pasted
    return _marks(part, passage, request, places) if places else NOTHING


def picked_everywhere(
    package: Package, request: str, form: MultiDict[str, str]
) -> list[Mark] | ProblemText:
    """Give each passage of a package where some words stand, or what is wrong with them."""
    text = typed(form.get("text", ""), TEXT_MAX)
    if not text:
        return NOTHING
    if len(text) < STANDING_MIN:
        return TOO_SHORT
    found = [
        mark
        for part in package.parts.values()
        for passage in part.passages
        for mark in _marks(part, passage, request, finds(text, passage.words))
    ]
    return found or NOT_FOUND


def spot_in(part: Part, form: MultiDict[str, str], problem: ProblemText | None) -> Spot | None:
    """Say where on the page of one record a problem with what was sent lies."""
    paths = [each.path for each in part.passages]
    if problem is UNREASONED and form.get("all"):
        return Spot("why-all", "Hvorfor?")
    if problem not in (UNREASONED, NOTHING, NOT_FOUND) or form.get("path") not in paths:
        return None
    at = paths.index(form["path"])
    if problem is UNREASONED:
        return Spot(f"why-{at + 1}", "Hvorfor?")
    if part.passages[at].picture:
        return Spot(f"whole-{at + 1}", "Bildet")
    return Spot(f"text-{at + 1}", "Eller denne teksten")


def _place(said: str, passage: Passage) -> tuple[int, int] | None:
    """Read a place that the page proposed; None when it is no place in this text."""
    proposed = {f"{start}-{end}": (start, end) for start, end in passage.others}
    return proposed.get(said)


def _marks(
    part: Part, passage: Passage, request: str, places: Iterable[tuple[int | None, int | None]]
) -> list[Mark]:
    """Mark some places of a text; of a picture all goes, wherever in its words one was marked."""
    if passage.picture:
        places = [(None, None)] if list(places) else []
    digest = digest_of(request, part, passage.path)
    assert digest is not None
    return [Mark(part.id, passage.path, start, end, digest) for start, end in places]
