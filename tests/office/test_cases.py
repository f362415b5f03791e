"""Saker og oppfølging: who sees which case, parties apart, a complaint that becomes a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.database import Database
from server.demo.municipality import NORTH, STAFF, homes
from server.planning.calendar import day_of
from tests.office.conftest import Enter
from tests.office.folders import anchor, body_of, written
from tests.office.test_inbox import sent_in
from tests.office.test_pages import ids

HOME = next(home for home in homes() if home.area == NORTH)
TODAY = day_of(datetime.now(UTC))
TITLE = "Bråk mellom to etasjer"
SAID_BY_A = "A sover dårlig og er lei seg."
SAID_BY_B = "B synes at A overdriver."
NAME = "Petra Klagesen"
KARI, AMIR, HEGE = (STAFF[login].id for login in ("kari", "amir", "hege"))


def day(days: int) -> str:
    """Give a day so many days from now."""
    return (TODAY + timedelta(days=days)).isoformat()


def a_case(database: Database, **more: Any) -> str:
    """Let Kari begin a case with Amir."""
    about = {"area": NORTH, "title": TITLE, "opened_on": day(-20), "parties_due_on": day(-6)}
    return written(
        database, "conflict_case", {**about, f"team/{KARI}": True, f"team/{AMIR}": True, **more}
    )


def a_party(database: Database, case: str, side: str, login: str) -> str:
    """Let somebody write down a party that they alone talk with."""
    about = {"case": case, "side": side, "name": f"Part {side.upper()} Eksempel"}
    return written(database, "case_party", {**about, f"team/{STAFF[login].id}": True}, login=login)


def a_talk(database: Database, party: str, words: str, login: str, **more: Any) -> str:
    """Let somebody send in what a party said."""
    said = {"party": party, "talked_on": day(-3), "channel": "visit", "words": words, **more}
    return sent_in(database, "party_talk", said, login=login)


def a_complaint(database: Database, **more: Any) -> str:
    """Let Kari send in a complaint."""
    said = {
        "building": HOME.building,
        "received_on": day(-2),
        "category": "noise",
        "words": "Høy musikk etter midnatt.",
        "disclosure": "confidential",
        "complainant": NAME,
        **more,
    }
    return sent_in(database, "complaint", said)


@pytest.mark.parametrize(
    ("login", "lists", "opens"),
    [
        ("kari", True, True),
        ("amir", True, True),
        ("lise", True, True),
        ("ingrid", True, False),
        ("hege", True, False),
        ("ola", False, False),
        ("eva", False, False),
        ("admin", False, False),
    ],
)
def test_a_case_is_its_teams_and_its_leaders(
    login: str, lists: bool, opens: bool, enter: Enter, database: Database
) -> None:
    """For others it is in no list, its folder is missing, and the page itself is as it may be."""
    case, reader = a_case(database), enter(login)
    listed = reader.open("/office/cases")
    assert (listed.status == 200) == lists
    assert (TITLE in listed.words) == opens
    folder = reader.open(f"/office/folders/{case}")
    assert folder.status == (200 if opens else 404)
    assert (TITLE in folder.words) == opens
    nowhere = reader.open("/office/folders/018f2c5e-0000-7000-8000-0000000000ff")
    assert opens or folder.plain == nowhere.plain


def test_who_talks_with_a_reads_no_word_of_b(enter: Enter, database: Database) -> None:
    """Not in the case, not in the lists, not in the party's folder; nor that there are talks."""
    case = a_case(database)
    a, b = a_party(database, case, "a", "kari"), a_party(database, case, "b", "amir")
    a_talk(database, a, SAID_BY_A, "kari", next_on=day(4))
    a_talk(database, b, SAID_BY_B, "amir", next_on=day(5))
    for login, mine, theirs, own, other in (
        ("kari", a, b, SAID_BY_A, SAID_BY_B),
        ("amir", b, a, SAID_BY_B, SAID_BY_A),
    ):
        reader = enter(login)
        folder = reader.open(f"/office/folders/{case}")
        assert f"/office/folders/{mine}" in folder.links
        assert f"/office/folders/{theirs}" not in folder.links
        assert own not in folder.words, "what was said stands in the party's own folder"
        party = reader.open(f"/office/folders/{mine}")
        assert own in party.words and other not in party.words
        assert reader.open(f"/office/folders/{theirs}").status == 404
        listed = reader.open("/office/cases?show=parties")
        assert f"/office/folders/{mine}" in listed.links
        assert f"/office/folders/{theirs}" not in listed.links
        shown = folder.words + listed.words + party.words
        assert f"Part {'B' if mine == a else 'A'} Eksempel" not in shown


def test_a_party_is_talked_with_by_somebody_outside_the_case(
    enter: Enter, database: Database
) -> None:
    """They find the party and its talks, and never the case."""
    case = a_case(database)
    a = a_party(database, case, "a", "kari")
    written(database, "case_party", {f"team/{HEGE}": True}, id=a, login="kari")
    hege = enter("hege")
    assert f"/office/folders/{a}" in hege.open("/office/cases?show=parties").links
    page = hege.open(f"/office/folders/{a}")
    assert page.status == 200 and TITLE not in page.words
    assert hege.open(f"/office/folders/{case}").status == 404


def test_a_complaint_becomes_a_case_with_a_team(enter: Enter, database: Database) -> None:
    """One form: the case stands, the complaint is in it, and who is not in the team loses both."""
    complaint, ingrid = a_complaint(database), enter("ingrid")
    page = ingrid.open(f"/office/folders/{complaint}")
    form = page.form("Lag sak")
    empty = ingrid.send(form, "Lag sak", typed={"team": [KARI]})
    assert empty.status == 422 and "Ingen sak er laget." in empty.words
    form = empty.form("Lag sak")
    for _ in range(2):
        ingrid.send(form, "Lag sak", typed={"title": TITLE, "team": [KARI]})
    (case,) = ids(database, "conflict_case")
    assert body_of(database, complaint)["case"] == case
    made = body_of(database, case)
    assert made["category"] == "noise" and made["area"] == NORTH and made[f"team/{KARI}"] is True
    assert "Høy musikk etter midnatt." in enter("kari").open(f"/office/folders/{case}").words
    assert enter("amir").open(f"/office/folders/{case}").status == 404
    assert enter("amir").open(f"/office/records/{complaint}").status == 404


def test_a_complaint_joins_a_case_that_one_is_in(enter: Enter, database: Database) -> None:
    """A case that one is not in is not offered, and not taken either."""
    mine = a_case(database)
    other = written(
        database,
        "conflict_case",
        {"area": NORTH, "title": "Hemmelig", "opened_on": day(-2), f"team/{AMIR}": True},
        login="amir",
    )
    complaint, kari = a_complaint(database), enter("kari")
    page = kari.open(f"/office/folders/{complaint}")
    assert "Hemmelig" not in page.words
    form = page.form("Legg til")
    assert kari.send(form, typed={"case": other}).status == 404
    assert "case" not in body_of(database, complaint)
    kari.send(form, typed={"case": mine})
    assert body_of(database, complaint)["case"] == mine


def test_a_page_that_was_overtaken_makes_no_case(enter: Enter, database: Database) -> None:
    """Somebody wrote in the complaint since: nothing is made, and it says so."""
    complaint, ingrid = a_complaint(database), enter("ingrid")
    form = ingrid.open(f"/office/folders/{complaint}").form("Lag sak")
    written(database, "complaint", {"acknowledged_on": day(0)}, id=complaint, login="ingrid")
    page = ingrid.send(form, typed={"title": TITLE, "team": [KARI]})
    assert page.status == 409 and ids(database, "conflict_case") == []


def test_a_case_is_made_worked_on_and_closed_in_the_office(
    enter: Enter, database: Database
) -> None:
    """Case, party, talk, agreement; the steps, and an end that says how it went."""
    kari = enter("kari")
    made = kari.open("/office/new/conflict_case").form("Lagre")
    kari.send(made, typed={"title": TITLE, "area": NORTH, "category": "noise"})
    (case,) = ids(database, "conflict_case")
    assert body_of(database, case)[f"team/{KARI}"] is True
    folder = kari.open(f"/office/folders/{case}")
    party = kari.open(next(link for link in folder.links if "/new/case_party" in link))
    at = f"{HOME.address} {HOME.unit_number}"
    kari.send(party.form("Lagre"), typed={"side": "a", "dwelling": at})
    (side,) = ids(database, "case_party")
    assert body_of(database, side)["dwelling"] == HOME.id
    there = kari.open(f"/office/folders/{side}")
    talk = kari.open(next(link for link in there.links if "/new/party_talk" in link))
    page = kari.send(talk.form("Lagre"), typed={"words": SAID_BY_A, "next_on": day(7)})
    assert SAID_BY_A in page.words and "Neste kontakt" in page.words
    (said,) = ids(database, "party_talk")
    assert body_of(database, said)["status"]["state"] == "submitted"
    step = kari.open(f"/office/folders/{case}").form("Lagre")
    page = kari.send(step, typed={"state": "closed", "words": "", "outcome": ""})
    assert page.status == 422 and "Saken er ikke avsluttet." in page.words
    step = page.form("Lagre")
    kari.send(step, typed={"state": "closed", "outcome": "calmer"})
    ended = body_of(database, case)
    assert (ended["handling"]["state"], ended["outcome"]) == ("closed", "calmer")
    assert ended["closed_on"] == TODAY.isoformat()
    assert TITLE not in kari.open("/office/cases").words


def test_what_is_due_next_comes_first(enter: Enter, database: Database) -> None:
    """What belongs to a case counts as the case's; what is done counts no more."""
    calm = a_case(database, title="Rolig sak", parties_due_on=day(30))
    hasty = a_case(database, title="Hastesak", parties_due_on=day(40))
    agreed = {"case": hasty, "agreed_on": day(-15), "words": "Stille etter 23."}
    due = {"first_due_on": day(-1), "second_due_on": day(27)}
    agreement = written(database, "conflict_agreement", {**agreed, **due})
    kari = enter("kari")
    links = [link for link in kari.open("/office/cases").links if "/folders/" in link]
    assert links == [f"/office/folders/{hasty}", f"/office/folders/{calm}"]
    folder = kari.open(f"/office/folders/{hasty}")
    assert "Over fristen" in folder.words and anchor(agreement) in folder.html
    written(database, "conflict_agreement", {"first_on": day(0)}, id=agreement)
    assert "Over fristen" not in kari.open(f"/office/folders/{hasty}").words


def test_a_household_is_followed_up_from_its_home(enter: Enter, database: Database) -> None:
    """A plan with goals, an evaluation, an offer: made from the home, listed by what is due."""
    ingrid = enter("ingrid")
    home = ingrid.open(f"/office/dwellings/{HOME.id}")
    plan = ingrid.open(next(link for link in home.links if "/new/follow_up_plan" in link))
    form = plan.form("Lagre")
    goal = next(name for name in form.fields if name.startswith("goals/"))
    page = ingrid.send(form, typed={goal: "Jeg vil tørre å åpne posten.", "evaluate_on": day(20)})
    assert page.status == 200 and "Jeg vil tørre å åpne posten." in page.words
    (made,) = ids(database, "follow_up_plan")
    body = body_of(database, made)
    assert body["tenancy"] == HOME.tenancy and body["dwelling"] == HOME.id
    look = ingrid.open(next(link for link in page.links if "/new/evaluation" in link))
    page = ingrid.send(
        look.form("Lagre"), typed={"levels/home": "2", "words": "Bra.", "next_on": day(90)}
    )
    assert "Bra." in page.words
    assert body_of(database, made)["evaluate_on"] == day(90)
    offer = ingrid.open(next(link for link in home.links if "/new/offer" in link))
    ingrid.send(offer.form("Lagre"), typed={"what": "activity", "again_on": day(9)})
    listed = ingrid.open("/office/cases?show=offers")
    assert "Tilbys igjen" in listed.words and HOME.address in listed.words
    team = {path for path, on in body_of(database, HOME.tenancy).items() if on is True}
    for login in ("kari", "amir", "hege"):
        own = f"team/{STAFF[login].id}" in team
        assert (HOME.address in enter(login).open("/office/cases?show=plans").words) == own
        assert (enter(login).open(f"/office/folders/{made}").status == 200) == own


@pytest.mark.parametrize("login", ["eva", "ola", "admin"])
def test_nothing_of_a_household_is_made_by_those_who_follow_nobody_up(
    login: str, enter: Enter, database: Database
) -> None:
    """The form is missing for them, and one that is made by hand does nothing."""
    reader = enter(login)
    paths = [f"/office/new/{kind}?tenancy={HOME.tenancy}" for kind in ("offer", "arrears_case")]
    for path in (*paths, "/office/new/conflict_case", "/office/new/hf_participant"):
        assert reader.open(path).status == 404, path
    form = enter("ingrid").open(paths[0]).form("Lagre")
    mark = reader.open("/office/").form("Logg ut").one("csrf")
    sent = {"csrf": mark, "form": form.one("form"), "given|tenancy": HOME.tenancy, "what": "health"}
    assert reader.post("/office/new/offer", sent).status == 404
    assert ids(database, "offer") == []
