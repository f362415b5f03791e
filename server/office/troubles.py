"""What became of a form, in words: what cannot be read, what two wrote at once, what waits.

It decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from server.intake import Result
from server.problems import ProblemText

WRONG = ProblemText(
    422,
    "Noe er fylt ut feil.",
    "Ingenting er endret, og det du skrev, står under.",
    "Rett feltene som er merket, og lagre på nytt.",
)
BOTH_KEPT = ProblemText(
    409,
    "En annen endret dette mens du skrev.",
    "Begge svar er tatt vare på, og det som var lagret først, står.",
    "Se Ulike svar, eller la kontoret avgjøre.",
)
NOT_USED = ProblemText(
    409,
    "Det du skrev, er mottatt, men kan ikke brukes ennå.",
    "Det er tatt vare på.",
    "Spør lederen din.",
)


def trouble(results: Iterable[Result]) -> ProblemText | None:
    """Say what became of a form's mutations where they were not simply applied."""
    states = {result.state for result in results}
    if "review" in states:
        return BOTH_KEPT
    return NOT_USED if states - {"applied"} else None
