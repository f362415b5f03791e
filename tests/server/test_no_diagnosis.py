"""No kind and no checklist asks what ails anybody: that is for those who treat them to know."""

from __future__ import annotations

import re

import pytest

from server.checklists import CHECKLISTS
from server.records import REGISTRY

AILING = re.compile(r"diagnos|sykdom|lidelse|medisin|psykisk|\brus\b", re.IGNORECASE)
PHOTO_RULE = "OPPDRAG-04"
"""It says that medicine is never in a picture."""
TOLD_OF_IT = {("hf_contact", "words")}
"""Its hint names it, to have it left out."""
POINT_WORDS = ("section", "text_nb", "hint_nb", "choices_nb", "labels_nb")
"""All that stands on the screen of a point."""


@pytest.mark.parametrize("kind", REGISTRY)
def test_no_field_asks_for_an_illness(kind: str) -> None:
    """Neither a question, nor an answer to choose, nor a box to tick, nor a word beside it."""
    said = [*REGISTRY[kind].words]
    for field in REGISTRY[kind].fields.values():
        said += [field.label, field.section or "", *field.choices.values()]
        said += (field.key_labels or {}).values()
        if (kind, field.name) not in TOLD_OF_IT:
            said.append(field.hint or "")
    assert [words for words in said if AILING.search(words)] == []


@pytest.mark.parametrize("code", CHECKLISTS)
def test_no_point_of_a_checklist_asks_for_an_illness(code: str) -> None:
    """Nor by an answer that can be chosen, or by what stands beside it."""
    asked = {
        str(item["code"]): str([item.get(name) for name in POINT_WORDS])
        for item in CHECKLISTS[code]["items"]
    }
    ailing = {point for point, words in asked.items() if AILING.search(words)}
    assert ailing - {PHOTO_RULE} == set()
    assert not AILING.search(CHECKLISTS[code]["title_nb"] + CHECKLISTS[code]["purpose_nb"])


def test_who_writes_of_a_contact_is_told_to_leave_it_out() -> None:
    hint = REGISTRY["hf_contact"].fields["words"].hint or ""
    assert "Aldri diagnose eller rus" in hint
