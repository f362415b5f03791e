"""A visit for damage or at a move out brings its own list; what is measured is kept as numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from server.database import Database
from server.shapes import Json
from tests.journeys.custody import wait_until
from tests.journeys.kept import sent
from tests.journeys.people import FieldWorker
from tests.journeys.thumb import HOUSE

People = Callable[[str], FieldWorker]


@pytest.mark.parametrize(
    ("purpose", "ticked", "measured", "kept"),
    [
        (
            "Skade",
            "Ingen synlig mugg",
            {"Innetemperatur": 21},
            {"dwelling": {"answers/FUKT-08": "ok", "numbers/FUKT-09": 21}},
        ),
        (
            "Utflytting",
            "Boligen er rengjort",
            {"Antall nøkler og brikker": 3, "Målerstand strøm": 40712},
            {
                "tenancy": {"numbers/OVERTA-02": 3},
                "dwelling": {"answers/OVERTA-09": "ok", "numbers/OVERTA-03": 40712},
            },
        ),
    ],
)
def test_a_purpose_brings_its_list_and_what_is_of_the_home_outlives_the_tenancy(
    purpose: str,
    ticked: str,
    measured: Mapping[str, int],
    kept: Mapping[str, Mapping[str, Json]],
    field_worker: People,
    database: Database,
) -> None:
    kari = field_worker("kari").begin()
    kari.start_visit(HOUSE)
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.page.get_by_text("Hva det gjelder, dato og adgang").click()
    kari.choose("Hva gjelder det?", purpose)
    kari.tick(ticked, "I orden")
    for point, count in measured.items():
        kari.page.get_by_role("group", name=point).get_by_role("textbox").fill(str(count))
    kari.expect_saved()
    kari.finish()
    kari.go("Meg")
    wait_until(lambda: len(sent(database, "checklist_run")) == len(kept), "the answers are in")
    told = {str(run["subject"]): run for run in sent(database, "checklist_run")}
    assert told.keys() == kept.keys()
    for subject, values in kept.items():
        assert values.items() <= told[subject].items()
