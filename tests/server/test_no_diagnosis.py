"""No kind and no checklist asks what ails anybody: that is for those who treat them to know."""

from __future__ import annotations

import re

import pytest

from server.checklists import CHECKLISTS
from server.records import REGISTRY

AILING = re.compile(r"diagnos|sykdom|lidelse|medisin|psykisk|\brus\b", re.IGNORECASE)
PHOTO_RULE = "OPPDRAG-04"
"""It says that medicine is never in a picture."""


@pytest.mark.parametrize("kind", REGISTRY)
def test_no_field_asks_for_an_illness(kind: str) -> None:
    said = [
        words
        for field in REGISTRY[kind].fields.values()
        for words in (field.label, *map(str, dict(field.choices).values()))
    ]
    assert [words for words in said if AILING.search(words)] == []


@pytest.mark.parametrize("code", CHECKLISTS)
def test_no_point_of_a_checklist_asks_for_an_illness(code: str) -> None:
    asked = {item["code"]: str(item["text_nb"]) for item in CHECKLISTS[code]["items"]}
    ailing = {point for point, words in asked.items() if AILING.search(words)}
    assert ailing - {PHOTO_RULE} == set()


def test_who_writes_of_a_contact_is_told_to_leave_it_out() -> None:
    hint = REGISTRY["hf_contact"].fields["words"].hint or ""
    assert "Aldri diagnose eller rus" in hint
