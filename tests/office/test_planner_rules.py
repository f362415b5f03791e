"""The planner's outlook: what the rules will make, holidays by name, and what is late."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from server.access import Actor
from server.database import Database, head
from server.demo.municipality import NORTH, SOUTH, STAFF
from server.intake import SERVER, take
from server.office import made_by_rules
from server.planning.calendar import day_of
from server.planning.generation import generate
from server.shapes import Json
from tests.makers import mutation, new_id
from tests.office.conftest import Enter
from tests.office.planned import body_of, change, home_in, listed, visit, write

KARI, AMIR, OLA, LISE = (STAFF[name].id for name in ("kari", "amir", "ola", "lise"))


def test_what_the_rules_will_make_is_shown_with_its_ground_and_not_made(
    enter: Enter, database: Database, now: datetime
) -> None:
    """The page writes nothing: the sequence stands still."""
    write(database, "ingrid", "building", now, area=NORTH, address="Seljesvingen 3")
    ingrid = enter("ingrid")
    with database.reading() as session:
        before = head(session)
    page = ingrid.open("/office/planner/rules?days=90")
    with database.reading() as session:
        assert head(session) == before
    assert re.search(
        r"HMS-runde hver uke Rognelia \d+ bygning(er)? Rutine, internkontroll", page.words
    )


def test_what_comes_again_is_shown_with_what_it_comes_of(
    enter: Enter, database: Database, now: datetime
) -> None:
    today = day_of(now)
    until = (today + timedelta(days=120)).isoformat()
    again = {"repeats": "weekly", "repeats_until": until}
    visit(database, now, (today + timedelta(days=1)).isoformat(), **again)
    first = (today + timedelta(days=2)).isoformat()
    walk = {"area": NORTH, "type": "walk", "name": "Onsdagstur", "held_on": first, **again}
    write(database, "ingrid", "activity", now, **walk)
    page = enter("ingrid").open("/office/planner/rules?days=90")
    assert page.words.count("Gjentas, som den første ble planlagt") > 4
    assert "Avtalt besøk" in page.words and "Aktivitet" in page.words


def test_what_was_made_stands_with_its_rule_its_moment_and_who_took_it_back(
    enter: Enter, database: Database, now: datetime
) -> None:
    """Whoever may not plan in its area is shown none of it."""
    write(database, "ingrid", "building", now, area=SOUTH, address="Måkeveien 7")
    generate(database, now)
    ingrid = enter("ingrid")
    page = ingrid.open("/office/planner/made")
    line = r"i dag kl\. \d\d\.\d\d HMS-runde hver uke.{0,40} Vassvika Rutine, internkontroll Står"
    assert re.search(line, page.words)
    made = [link for link in page.links if "/office/records/" in link]
    round = next(
        id
        for id in (link.rpartition("/")[2] for link in made)
        if body_of(database, id).get("rule") == "HMS_WEEKLY"
    )
    handling: Json = {
        "state": "cancelled",
        "by": STAFF["ingrid"].id,
        "at": f"{now:%Y-%m-%dT%H:%M:%S}.000Z",
    }
    change(database, "ingrid", round, now, handling=handling)
    page = ingrid.open("/office/planner/made")
    assert re.search(r"Avlyst i dag kl\. \d\d\.\d\d av Ingrid", page.words)
    change(database, "lise", round, now, op="delete")
    page = ingrid.open("/office/planner/made")
    assert re.search(r"Tatt bort i dag kl\. \d\d\.\d\d av Lise", page.words)
    assert f"/office/records/{round}" not in page.links
    assert "Vassvika" not in enter("kari").open("/office/planner/made").words
    earlier = ingrid.open(next(link for link in page.links if "made?until=" in link))
    assert "Reglene laget ingenting i denne tida." in earlier.words


def test_what_was_made_elsewhere_takes_no_room_from_what_was_made_here(
    enter: Enter, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what is in another area counts, nor what is behind a barrier; only then it is cut."""
    monkeypatch.setattr(made_by_rules, "LINES_MAX", 3)
    home, away = home_in(database, NORTH), home_in(database, SOUTH)
    ours = made_for(database, now - timedelta(hours=9), home, 2)
    made_for(database, now - timedelta(hours=8), away, 4)
    page = enter("kari").open("/office/planner/made")
    assert [one for one in ours if f"/office/records/{one}" in page.links] == ours
    assert "Det er flere enn det er plass til her" not in page.words
    secret = write(database, "lise", "dwelling", now, area=NORTH, address="Stille vei 1")
    barred = made_for(database, now - timedelta(hours=7), secret, 4)
    by_rule(database, now, secret, "dwelling", {f"sealed_for/{OLA}": True}, op="patch")
    with monkeypatch.context() as patch:
        patch.setattr(made_by_rules, "LINES_MAX", 6)
        links = enter("lise").open("/office/planner/made").links
    assert [one for one in ours if f"/office/records/{one}" in links] == ours
    assert not any(one in link for one in barred for link in links)
    made_for(database, now - timedelta(hours=9), home, 2)
    assert "Det er flere" in enter("kari").open("/office/planner/made").words


@pytest.mark.parametrize("first", ["taken away", "barred"])
def test_what_was_taken_away_of_somebody_who_is_barred_is_told_to_nobody(
    first: str, enter: Enter, database: Database, now: datetime
) -> None:
    """All may see the home; that somebody was to be visited there, only those who are named."""
    home, let, ingrid = home_in(database, NORTH), new_id(), STAFF["ingrid"].id
    paths: dict[str, Json] = {"dwelling": home, "started_on": f"{day_of(now)}"}
    by_rule(database, now, let, "tenancy", paths)
    [open_one], [plan] = (
        made_for(database, now, home, 1),
        made_for(database, now, home, 1, tenancy=let),
    )
    for step in (first, "barred" if first == "taken away" else "taken away"):
        if step == "barred":
            named: dict[str, Json] = {f"sealed_for/{ingrid}": True}
            by_rule(database, now, let, "tenancy", named, op="patch")
        else:
            for one in (open_one, plan):
                change(database, "ingrid", one, now, op="delete")
            told = enter("lise").open("/office/planner/made").words
            assert told.count("Tatt bort") == (2 if first == "taken away" else 1)
    assert enter("lise").open("/office/planner/made").words.count("Tatt bort") == 1


def made_for(database: Database, at: datetime, home: str, count: int, **more: Json) -> list[str]:
    """Let a rule have made some visits of a home at a moment; give them."""
    plans = [new_id() for _ in range(count)]
    on, series = f"{day_of(at) + timedelta(days=20)}", visit(database, at, "2027-01-05")
    for plan in plans:
        paths: dict[str, Json] = {"dwelling": home, "planned_on": on, "purpose": "follow_up"}
        by_rule(database, at, plan, "planned_visit", {**paths, **more, "series": series})
    return plans


def by_rule(
    database: Database, at: datetime, id: str, kind: str, paths: dict[str, Json], op: str = "create"
) -> None:
    """Write as the server does in its own name."""
    made = mutation(kind, id, paths, author=SERVER, now=at, op=op)
    [result] = take(database, Actor(SERVER, ()), SERVER, [made], at, server=True)
    assert result.state == "applied", result


def test_what_is_due_stands_under_its_day_for_whom_it_concerns(
    enter: Enter, database: Database, now: datetime
) -> None:
    """A day that nothing else is planned for stands there for it; the filter leaves others out."""
    on = day_of(now) + timedelta(days=60)
    said = {"area": SOUTH, "type": "challenge", "words": "Det er mørkt ved bossbua."}
    received = (on - timedelta(days=30)).isoformat()
    write(database, "amir", "resident_input", now, received_on=received, due_on=f"{on}", **said)
    ingrid = enter("ingrid")
    for view in ("list", "week", "month"):
        page = listed(ingrid, f"{on}", view=view)
        assert "1 frist" in page.words, view
    page = listed(ingrid, f"{on}")
    assert "Beboerne har fått svar på innspillet" in page.words and "Ligger hos: Amir" in page.words
    assert "1 frist" in listed(ingrid, f"{on}", person=AMIR).words
    assert "1 frist" not in listed(ingrid, f"{on}", person=KARI).words
    assert "1 frist" not in listed(enter("kari"), f"{on}").words


def test_a_holiday_is_named_in_the_calendar(enter: Enter, now: datetime) -> None:
    year = day_of(now).year + 1
    page = listed(enter("ingrid"), f"{year}-05-17", view="month")
    assert "Grunnlovsdag" in page.words
    assert "Arbeidernes dag" in page.words


def test_what_is_late_stands_on_the_overview(
    enter: Enter, database: Database, now: datetime
) -> None:
    past = (day_of(now) - timedelta(days=3)).isoformat()
    visit(database, now, past, due_on=past)
    assert "1 avtalt besøk er over fristen" in enter("ingrid").open("/office/").words
    assert "over fristen" not in enter("eva").open("/office/").words
