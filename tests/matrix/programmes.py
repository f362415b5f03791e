"""The situations that the programmes' pages are asked in; it holds no expectation."""

from __future__ import annotations

from typing import Any

from server.shapes import Json
from tests.makers import World, example, new_id

NEVER = new_id(0xDEAD)


def lay_out_programmes(ids: dict[tuple[str, str], str], put: Any, world: World) -> None:
    """Write a place, what was said there, a company with its log, a site and a complaint."""
    here: dict[str, Json] = {"area": world.east}
    place = put("author", "neighbourhood", new_id(), {**here, "name": "Tunet"})
    said = example("resident_input", area=world.east, event=None, building=None, type="idea")
    bare = {path: value for path, value in said.items() if "/" not in path}
    idea = put("author", "resident_input", new_id(), {**bare, "neighbourhood": place})
    measure = {**here, "neighbourhood": place, "name": "Lys bak skuret"}
    company = put("office", "housing_company", new_id(), example("housing_company", **here))
    log = {"housing_company": company, "talked_on": "2026-11-02", "words": "Notat."}
    site = {**here, "name": "Ny Vri", "programme": "ny_vri"}
    told = example("complaint", building=None, dwelling=world.dwelling)
    ids["head", "in the area"] = ids["place", "in the area"] = place
    ids["said", "in the area"] = idea
    ids["record", "measure"] = put("author", "measure", new_id(), measure)
    ids["company", "in the area"] = company
    ids["record", "not shared"] = put("author", "cooperation_log", new_id(), log)
    shared = {**log, "shared": "Til styret.", "shared_on": "2026-11-03"}
    ids["record", "shared"] = put("author", "cooperation_log", new_id(), shared)
    ids["site", "in the area"] = put("office", "programme_site", new_id(), site)
    ids["complaint", "sent in"] = put("author", "complaint", new_id(), told, "submitted")
    ids["kind", "all who work"], ids["kind", "the office's"] = "measure", "programme_site"
    ids["kind", "the team's"] = "conflict_case"
    ids["kind", "never"] = "nothing"
    for name in ("place", "said", "company", "site", "complaint"):
        ids[name, "never"] = NEVER
