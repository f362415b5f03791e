"""The board of deviations: who sees it, what it finds, what is said of a fault, and the table."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from server.database import Database
from server.demo.municipality import NORTH, SOUTH, STAFF, homes
from server.planning.calendar import day_of
from server.records.record import Envelope
from tests.office.conftest import Enter
from tests.office.reader import Page, Reader, asked
from tests.office.test_decisions import push
from tests.office.test_inbox import VISIT, sent_in, state
from tests.office.test_pages import ids
from tests.office.test_records import LONG, SCRIPT, UNBROKEN

HERE = next(home for home in homes() if home.area == NORTH)
THERE = next(home for home in homes() if home.area == SOUTH)
TODAY = day_of(datetime.now(UTC))
PERSONAL = (
    "visit planned_visit conversation tenancy contact agreement assistance assistance_request"
    " safety_alert assignment review"
)
"""The kinds that tell of persons, or that somebody was visited."""
PRAM, DRAIN, LOCK = "Barnevogn sperrer trappa.", "Tett sluk i kjelleren.", "Låsen er ødelagt."


def fault(database: Database, words: str = PRAM, login: str = "amir", **more: Any) -> str:
    """Let somebody send a fault in."""
    body = {
        "dwelling": HERE.id,
        "words": words,
        "severity": "high",
        "responsible": "landlord",
        "found_on": TODAY.isoformat(),
    }
    return sent_in(database, "deviation", {**body, **more}, login=login)


def body(database: Database, id: str) -> dict[str, Any]:
    """Give a record as the server has it."""
    with database.reading() as session:
        found: dict[str, Any] = orjson.loads(session.get_one(Envelope, id).body)
    return found


def listed(page: Page) -> list[str]:
    """Give the deviations of a page, in its order."""
    return [given["value"] for _, given in page.controls if given.get("name") == "deviation"]


def test_the_board_sorts_by_severity_and_then_by_deadline(enter: Enter, database: Database) -> None:
    """What is worst stands first, and of those what is due first."""
    soon, late = TODAY + timedelta(days=2), TODAY - timedelta(days=2)
    low = fault(database, "Lav.", severity="low", due_on=late.isoformat())
    later = fault(database, "Senere.", due_on=soon.isoformat())
    first = fault(database, "Først.", due_on=late.isoformat())
    worst = fault(database, "Verst.", severity="critical")
    page = enter("ingrid").open("/office/deviations")
    order = [id for id in listed(page) if id in (low, later, first, worst)]
    assert order == [worst, first, later, low]
    assert page.words.count("Over fristen") >= 3


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("severity=critical", {"critical"}),
        ("responsible=team", {"team"}),
        ("late=1", {"late"}),
        (f"area={SOUTH}", {"south"}),
        (f"building={THERE.building}", {"south"}),
        ("state=closed", {"mended"}),
        ("state=ordered", {"ordered"}),
        ("state=open", {"critical", "team", "late", "south"}),
        ("", {"critical", "team", "late", "south", "ordered"}),
        ("state=all", {"critical", "team", "late", "south", "ordered", "mended"}),
        ("severity=' OR 1&area=x&page=-1&by=%00", {"critical", "team", "late", "south", "ordered"}),
    ],
)
def test_each_filter_finds_what_it_says(
    query: str, expected: set[str], enter: Enter, database: Database
) -> None:
    """And an address that makes no sense looks for everything."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def handled(state: str) -> dict[str, Any]:
        return {"handling": {"state": state, "by": STAFF["amir"].id, "at": at}}

    past = (TODAY - timedelta(days=1)).isoformat()
    mine = {
        fault(database, severity="critical"): "critical",
        fault(database, responsible="team"): "team",
        fault(database, due_on=past): "late",
        fault(database, dwelling=THERE.id): "south",
        fault(database, **handled("ordered")): "ordered",
        fault(database, due_on=past, **handled("done")): "mended",
    }
    found = listed(enter("lise").open(f"/office/deviations?{query}"))
    assert {mine[id] for id in found if id in mine} == expected


def test_the_landlord_orders_mends_and_the_office_checks_and_opens_again(
    enter: Enter, database: Database
) -> None:
    """Each step is signed; words, cause and cost are kept; the finding itself is untouched."""
    eva, ingrid, id = enter("eva"), enter("ingrid"), fault(database)
    page = eva.open(f"/office/deviations/{id}")
    ordered = eva.send(page.form("Bestilt"), "Bestilt", typed={"work_order": "AO-4711"})
    assert ordered.status == 200 and body(database, id)["work_order"] == "AO-4711"
    told = {"words": "Vogna er flyttet.", "cause": "misuse", "cost": "450", "recoverable": "true"}
    mended = eva.send(ordered.form("Rettet"), "Rettet", typed=told)
    assert "Den som fant avviket, får se det på telefonen." in mended.words
    after = body(database, id)
    assert after["handling"]["state"] == "done" and after["handling"]["by"] == STAFF["eva"].id
    assert after["handling"]["words"] == "Vogna er flyttet."
    assert (after["cause"], after["cost"], after["recoverable"]) == ("misuse", 450, True)
    checked = ingrid.send(
        ingrid.open(f"/office/deviations/{id}").form("Kontrollert"), "Kontrollert"
    )
    assert body(database, id)["handling"]["state"] == "verified"
    ingrid.send(checked.form("Åpne igjen"), "Åpne igjen")
    assert body(database, id)["handling"]["state"] == "open"
    assert state(database, id) == "submitted"


def test_words_alone_are_kept_without_a_step(enter: Enter, database: Database) -> None:
    """What is typed is never thrown away with the wrong button."""
    eva, id = enter("eva"), fault(database)
    form = eva.open(f"/office/deviations/{id}").form("Bestilt")
    eva.send(form, typed={"words": "Ringte rørleggeren.", "state": ""})
    handling = body(database, id)["handling"]
    assert (handling["state"], handling["words"]) == ("open", "Ringte rørleggeren.")


def test_what_cannot_be_read_is_asked_about_and_nothing_is_lost(
    enter: Enter, database: Database
) -> None:
    """Every box comes back as it was typed, with a sentence about the one that is wrong."""
    eva, id = enter("eva"), fault(database)
    form = eva.open(f"/office/deviations/{id}").form("Rettet")
    typed = {"words": LONG[:480], "work_order": "to ord", "cost": "mye"}
    page = eva.send(form, "Rettet", typed=typed)
    assert page.status == 422 and "handling" not in body(database, id)
    kept = page.form("Rettet")
    assert kept.one("words").strip() == typed["words"].strip()
    assert (kept.one("work_order"), kept.one("cost")) == ("to ord", "mye")
    assert "Skriv nummeret på arbeidsordren uten mellomrom." in page.words
    assert "Skriv et helt tall." in page.words


def test_two_who_said_different_things_are_asked(enter: Enter, database: Database) -> None:
    """What the form had shown counts, not what stands when it comes in."""
    eva, id = enter("eva"), fault(database)
    form = eva.open(f"/office/deviations/{id}").form("Rettet")
    push(database, "ingrid", "deviation", id, {"cost": 100})
    page = eva.send(form, "Rettet", typed={"cost": "200"})
    assert page.status == 409 and "Begge svar er tatt vare på" in page.words
    after = body(database, id)
    assert after["cost"] == 100 and after["handling"]["state"] == "done"


def test_the_same_form_twice_is_one_effect(enter: Enter, database: Database) -> None:
    """A second press changes nothing."""
    eva, id = enter("eva"), fault(database)
    form = eva.open(f"/office/deviations/{id}").form("Bestilt")
    for _ in range(2):
        assert eva.send(form, "Bestilt").status == 200
    assert body(database, id)["handling"]["state"] == "ordered"


def test_many_are_ordered_at_once_except_those_that_moved_on(
    enter: Enter, database: Database
) -> None:
    """One work order for all of them; what changed since is left and said."""
    eva = enter("eva")
    one, two, moved = (fault(database, words) for words in (PRAM, DRAIN, LOCK))
    form = eva.open("/office/deviations").form("Bestilt")
    push(database, "ingrid", "deviation", moved, {"cause": "wear"})
    page = eva.send(form, typed={"deviation": [one, two, moved], "work_order": "AO-1"})
    assert "2 avvik er bestilt." in page.words and "1 avvik ble stående." in page.words
    assert {body(database, id).get("work_order") for id in (one, two)} == {"AO-1"}
    assert "handling" not in body(database, moved)
    wrong = eva.send(page.form("Bestilt"), typed={"deviation": [moved], "work_order": "to ord"})
    assert "Arbeidsordren kan ikke leses" in wrong.words


def test_the_table_opens_in_a_spreadsheet_and_starts_no_formula(
    enter: Enter, database: Database
) -> None:
    """Semicolons, a mark at its beginning, and words that stay words."""
    fault(database, '=HYPERLINK("x")')
    fault(database, "Semikolon; «anførsel» og\nny linje")
    got = enter("eva").client.get("/office/deviations.csv")
    assert got.headers["Content-Type"].startswith("text/csv")
    assert got.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(got.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0][:3] == ["Sted", "Hva er galt?", "Alvor"]
    words = {row[1] for row in rows[1:]}
    assert '\'=HYPERLINK("x")' in words
    assert "Semikolon; «anførsel» og\nny linje" in words
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("words", [SCRIPT, LONG[:990], UNBROKEN])
def test_words_are_words_on_the_board_and_on_the_page(
    words: str, enter: Enter, database: Database
) -> None:
    """Whatever is typed."""
    id = fault(database, words)
    eva = enter("eva")
    for path in ("/office/deviations", f"/office/deviations/{id}"):
        page = eva.open(path)
        assert page.status == 200 and "<script>alert" not in page.html


def test_a_draft_and_another_areas_fault_are_missing(enter: Enter, database: Database) -> None:
    """Forbidden, missing and not yet sent in look the same, and the menu's page is not for all."""
    eva, kari = enter("eva"), enter("kari")
    south = fault(database, LOCK, dwelling=THERE.id)
    assert south not in listed(kari.open("/office/deviations"))
    refused = kari.open(f"/office/deviations/{south}")
    missing = kari.open("/office/deviations/018f2c5e-0000-7000-8000-0000000000ff")
    assert refused.status == missing.status == 404 and refused.plain == missing.plain
    assert eva.open(f"/office/deviations/{south}").status == 404
    assert enter("tor").open(f"/office/deviations/{south}").status == 200
    assert enter("admin").open(f"/office/deviations/{south}").status == 404
    visit = sent_in(database, "visit", VISIT)
    assert eva.open(f"/office/deviations/{visit}").status == 404


def test_the_landlord_reaches_nothing_about_who_lives_there(
    enter: Enter, database: Database
) -> None:
    """URL by URL: every page that could show a person, by the id of every such record."""
    eva = enter("eva")
    sent_in(database, "visit", VISIT)
    sent_in(
        database,
        "safety_alert",
        {
            "dwelling": HERE.id,
            "category": "dog",
            "advice": "Ring.",
            "valid_until": "2031-01-01",
        },
    )
    for kind in PERSONAL.split():
        for id in ids(database, kind)[:2]:
            for path in (
                f"/office/records/{id}",
                f"/office/records/{id}/edit",
                f"/office/inbox/{id}",
                f"/office/dwellings/{id}",
                f"/office/buildings/{id}",
                f"/office/deviations/{id}",
                f"/office/answers/{id}",
                f"/office/photos/{id}",
            ):
                assert eva.open(path).status == 404, (kind, path)
    mark = eva.open("/office/").form("Logg ut").one("csrf")
    tenancy = ids(database, "tenancy")[0]
    for act in ("end", "resume", "team"):
        page = eva.post(f"/office/tenancies/{tenancy}/{act}", {"csrf": mark})
        assert page.status == 404
    dossier = eva.open(f"/office/dwellings/{HERE.id}")
    assert dossier.status == 200
    for words in ("Leieforhold", "Eksempel", "Hjemmebesøk", "Følges opp", "Sikkerhetsmerknad"):
        assert words not in dossier.words, words


def test_the_board_asks_the_same_number_of_questions_however_many_faults(
    enter: Enter, database: Database
) -> None:
    """One more fault is no more query."""

    def queries(reader: Reader) -> int:
        with asked() as questions:
            assert reader.open("/office/deviations").status == 200
        return len(questions)

    eva = enter("eva")
    for number in range(3):
        fault(database, f"Feil {number}.")
    before = queries(eva)
    for number, home in enumerate(homes()[:12]):
        fault(database, f"Feil {number}.", dwelling=home.id) if home.area == NORTH else None
    assert 0 < queries(eva) == before
