"""How long something may last: held against the rules before it is approved; it writes nothing."""

from __future__ import annotations

from collections.abc import Iterable

from server.office.dates import day_words
from server.office.desk import Desk, Item
from server.planning.deadlines import Effect
from server.planning.rule_book import rule_book
from server.planning.standing import day_at
from server.problems import ProblemText


def beyond_limit(desk: Desk, items: Iterable[Item]) -> ProblemText | None:
    """Give the reason not to approve today what would last longer than a rule allows."""
    book = rule_book(desk.session)
    for item in items:
        for rule in book.about(item.spec.name, Effect.LIMIT):
            stands, last = day_at(item.body.get(rule.target)), rule.due_on(desk.today)
            if stands is not None and stands > last:
                label = item.spec.fields[rule.target].label
                return ProblemText(
                    422,
                    f"«{label}» er senere enn regelen tillater.",
                    "Ingenting er godkjent, og det venter fortsatt.",
                    f"Send tilbake, og be om en dag som ikke er senere enn "
                    f"{day_words(last, desk.today)}",
                )
    return None
