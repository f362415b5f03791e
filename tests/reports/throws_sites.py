"""How a programme's sites are thrown: their figures, some of them missing, and what was learnt."""

from __future__ import annotations

from collections.abc import Mapping

from server.shapes import Json
from tests.reports.dice import Dice, Ids, Make


def _site(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    return {
        "area": area,
        "name": f"Stedet {len(ids.get('programme_site', ()))}",
        "programme": "ny_vri",
        **dice.maybe({"dwellings": dice.random.randrange(1, 90)}, 0.9),
    }


def _figures(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    first = dice.day()
    return {
        "site": dice.one(*ids["programme_site"][:4]),
        "from_on": first,
        "until_on": dice.after(first, 200),
        **dice.maybe({"baseline": dice.one(True, False)}),
        **dice.maybe({"complaints": dice.random.randrange(40), "waste_cost": 9_000}),
        **dice.maybe({"damage_cases": dice.random.randrange(20), "damage_cost": 70_000}),
        **dice.maybe({"invoices_returned": dice.random.randrange(60)}),
    }


def _learning(dice: Dice, area: str, dwelling: str, ids: Ids) -> dict[str, Json]:
    learnt = dice.day()
    return {
        "site": dice.one(*ids["programme_site"][:4]),
        "learnt_on": learnt,
        "learnt": "Kvelden treffer flere.",
        **dice.maybe({"change": "To kvelder i uka.", "changed_on": dice.after(learnt, 60)}),
    }


SITES: Mapping[str, Make] = {
    "programme_site": _site,
    "site_figures": _figures,
    "learning": _learning,
}
