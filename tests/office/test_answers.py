"""Ulike svar and what cannot be used yet: both answers, a choice and its reason, the way back."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from server import people
from server.access import actor_of
from server.acts import Act
from server.database import Database
from server.demo.municipality import SOUTH, STAFF
from server.intake import take
from server.records.envelope import Envelope
from server.roles import Role
from server.shapes import state_of
from sync.mutation import office_replica
from tests.makers import mutation
from tests.office.conftest import Enter
from tests.office.reader import Form, Page, Reader
from tests.office.test_decisions import bodies, count_taken, push

WHY = "Begge rekker den dagen."


def decide(reader: Reader, form: Form, path: str, **typed: str) -> Page:
    """Send a choice."""
    return reader.post(path, {**{k: v[0] for k, v in form.fields.items()}, **typed})


def standing(database: Database, form: Form) -> str:
    """Give the date that stands in the visit."""
    return next(
        str(body["next_contact_on"])
        for body in bodies(database, form).values()
        if "next_contact_on" in body
    )


@pytest.fixture
def open_question(enter: Enter) -> tuple[Reader, Page, str]:
    """Ingrid before the open question, and its address."""
    ingrid = enter("ingrid")
    (path,) = {link for link in ingrid.open("/office/answers").links if "/answers/" in link}
    return ingrid, ingrid.open(path), path


def test_both_answers_are_shown_with_what_each_had_seen(
    open_question: tuple[Reader, Page, str],
) -> None:
    """Who, what, when, and that the second had not seen the first."""
    _, page, _ = open_question
    assert "Amir Haddad skrev" in page.words and "Kari Nordvik skrev" in page.words
    assert page.words.count("Hadde sett: Ikke fylt ut") == 2
    assert "Begge er tatt vare på." in page.words


@pytest.mark.parametrize("choice", ["author", "standing", "other"])
def test_a_choice_stands_can_be_undone_and_is_told(
    choice: str, open_question: tuple[Reader, Page, str], database: Database
) -> None:
    """The record follows the choice; undo puts back what stood, and asks again."""
    ingrid, page, path = open_question
    form = page.form("Lagre avgjørelsen")
    before = standing(database, form)
    after = decide(ingrid, form, path, choice=choice, value="2031-05-17", why=WHY)
    assert after.status == 200 and "Ingrid Moe valgte" in after.words
    assert "Det andre svaret ligger i historikken." in after.words
    now = standing(database, form)
    assert (now == before) == (choice == "standing")
    assert (now == "2031-05-17") == (choice == "other")
    settled = ingrid.open(path)
    assert f"Begrunnelse: {WHY}" in settled.words
    assert "Kari Nordvik skrev" in settled.words
    undone = ingrid.send(settled.form("Angre avgjørelsen"))
    assert undone.has("Lagre avgjørelsen") and "Angret avgjørelsen" in undone.words
    assert standing(database, form) == before


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Du har ikke valgt et svar."),
        ({"choice": "withdrawn"}, "Du har ikke valgt et svar."),
        ({"choice": "other", "value": ""}, "Skriv eller velg det andre svaret."),
        ({"choice": "other", "value": "17. mai"}, "Skriv en dato"),
    ],
)
def test_a_choice_that_says_nothing_is_asked_about_and_keeps_the_reason(
    typed: dict[str, str],
    told: str,
    open_question: tuple[Reader, Page, str],
    database: Database,
) -> None:
    """The one validator speaks, and what was typed stays."""
    ingrid, page, path = open_question
    taken = count_taken(database)
    form = page.form("Lagre avgjørelsen")
    after = decide(ingrid, form, path, **{"why": WHY, **typed})
    assert after.status == 422 and told in after.words
    assert after.form("Lagre avgjørelsen").one("why") == WHY
    assert count_taken(database) == taken


def test_a_choice_on_a_record_that_moved_on_is_shown_and_not_made(
    open_question: tuple[Reader, Page, str], database: Database
) -> None:
    """The new value is what the reviewer must see first; the reason is kept."""
    ingrid, page, path = open_question
    form = page.form("Lagre avgjørelsen")
    visit = next(id for id, body in bodies(database, form).items() if "visited_on" in body)
    push(database, "lise", "visit", visit, {"next_contact_on": "2031-05-17"})
    after = decide(ingrid, form, path, choice="author", why=WHY)
    assert after.status == 409 and "17.5.2031" in after.words
    assert after.form("Lagre avgjørelsen").one("why") == WHY
    assert standing(database, form) == "2031-05-17"


def test_the_same_choice_twice_is_one(
    open_question: tuple[Reader, Page, str], database: Database
) -> None:
    """A second press changes nothing more."""
    ingrid, page, path = open_question
    form = page.form("Lagre avgjørelsen")
    decide(ingrid, form, path, choice="author", why=WHY)
    taken = count_taken(database)
    after = decide(ingrid, form, path, choice="author", why=WHY)
    assert after.status == 200 and "Ingrid Moe valgte" in after.words
    assert count_taken(database) == taken


def test_its_author_may_choose_and_others_may_not(enter: Enter, database: Database) -> None:
    """Author and office see the same question; for everybody else it is missing."""
    (path,) = {
        link for link in enter("ingrid").open("/office/answers").links if "/answers/" in link
    }
    amir = enter("amir")
    form = amir.open(path).form("Lagre avgjørelsen")
    assert decide(amir, form, path, choice="standing", why=WHY).status == 200
    for login in ("kari", "ola", "eva", "admin"):
        assert enter(login).open(path).status == 404


def test_what_is_held_is_told_to_the_office_by_name_and_to_its_author_by_you(enter: Enter) -> None:
    """The words are those that are agreed; the text that waits is there."""
    office, author = enter("ingrid").open("/office/held"), enter("kari").open("/office/held")
    start = "Kontoret har mottatt dette, men kan ikke bruke det ennå: "
    assert f"{start}Kari Nordvik har ikke tilgang lenger. Ingenting er tapt." in office.words
    assert f"{start}noe er fylt ut feil. Ingenting er tapt." in office.words
    assert f"{start}du har ikke tilgang lenger. Ingenting er tapt. Du får svar her." in author.words
    assert "Porten er stengt for arbeid til jul." in office.words
    assert "3. til venstre" in office.words and "3. til venstre" not in author.words


def test_a_new_try_succeeds_when_access_is_back(enter: Enter, database: Database) -> None:
    """What waited is judged under today's rights."""
    ingrid = enter("ingrid")
    page = ingrid.open("/office/held")
    still = ingrid.send(page.form("Prøv på nytt"))
    assert "Det kan fortsatt ikke brukes." in still.words
    with database.writing() as session:
        kari = STAFF["kari"]
        people.grant(session, kari.id, kari.id, Role.BOMILJO, SOUTH)
    forms = [form for form in still.forms if form.action.endswith("/retry")]
    pages = [ingrid.send(form) for form in forms]
    assert any("Det er tatt i bruk." in page.words for page in pages)
    assert "har ikke tilgang lenger" not in ingrid.open("/office/held").words
    with database.reading() as session:
        tries = session.scalars(select(Act).where(Act.what == "held_tried_again")).all()
    assert len(tries) == 1 + len(forms) and {act.by for act in tries} == {STAFF["ingrid"].id}


def test_phones_tell_what_never_came_in(enter: Enter) -> None:
    """The number, the person and the day; and the numbers that are missing."""
    ingrid = enter("ingrid")
    words = ingrid.open("/office/").words
    assert "3 registreringer fra Amir Haddad er ikke kommet inn siden " in words
    row = ingrid.open("/office/devices").words.partition("Amir Haddad")[2]
    assert re.search(r"3 registreringer \d+ 0\.1\.0", row.partition("Kari Nordvik")[0])


def test_a_lost_phone_is_closed_and_says_so(enter: Enter, database: Database) -> None:
    """Once, by those who keep devices; the words promise no more than is true."""
    from sqlalchemy import select

    ingrid = enter("ingrid")
    page = ingrid.open("/office/devices")
    form = page.form("Steng telefonen")
    after = ingrid.send(form)
    assert "Stengt. Alt slettes når telefonen får nett." in after.words
    replica = form.action.split("/")[3]
    with database.reading() as session:
        closed = session.execute(
            select(people.Replica.revoked_at).where(people.Replica.id == replica)
        ).scalar_one()
    assert closed is not None and closed <= datetime.now(UTC)
    ingrid.send(form)
    with database.reading() as session:
        again = session.get_one(people.Replica, replica).revoked_at
    assert again == closed


def test_nobody_else_closes_a_phone(enter: Enter, database: Database) -> None:
    """Neither a field worker nor the landlord, even with the address of the form."""
    form = enter("ingrid").open("/office/devices").form("Steng telefonen")
    for login in ("kari", "ola", "eva"):
        reader = enter(login)
        mark = reader.open("/office/").form("Logg ut").one("csrf")
        assert reader.post(form.action, {"csrf": mark}, follow=False).status == 404
    with database.reading() as session:
        assert session.get_one(people.Replica, form.action.split("/")[3]).revoked_at is None


def test_the_office_of_one_area_sees_the_phones_of_those_who_work_there(
    enter: Enter, database: Database
) -> None:
    """Kari works elsewhere; her phone is another office's to look after."""
    ingrid = STAFF["ingrid"]
    with database.writing() as session:
        people.withdraw(session, ingrid.id)
        people.grant(session, ingrid.id, ingrid.id, Role.OFFICE, SOUTH)
    words = enter("ingrid").open("/office/devices").words
    assert "Amir Haddad" in words and "Ola Brekke" in words and "Kari Nordvik" not in words


def test_a_field_that_must_be_filled_and_was_emptied_is_said_as_that(
    enter: Enter, database: Database
) -> None:
    """Nobody wrote «ingenting»: what stood goes on standing, and the page says why."""
    with database.reading() as session:
        rows = session.execute(select(Envelope.id, Envelope.body, Envelope.seq)).all()
        visits = ((id, json.loads(body), seq) for id, body, seq in rows)
        id, body, seq = next(
            each
            for each in visits
            if state_of(each[1].get("status")) == "submitted" and "visited_on" in each[1]
        )
        author = actor_of(session, body["status"]["by"])
    seen = {"outcome": (body["outcome"], seq)}
    now = datetime.now(UTC)
    emptied = mutation(
        "visit", id, {"outcome": None}, author=author.user, op="patch", seen=seen, now=now
    )
    (result,) = take(database, author, office_replica(author.user), [emptied], now)
    assert (result.state, result.reason) == ("review", "invariant")
    page = enter("ingrid").open(f"/office/answers/{result.reviews[0]}")
    assert "Registreringen ville mangle noe som må være fylt ut" in page.words
    assert "Det er tatt vare på." in page.words and "Står nå" in page.words
    assert "ingenting" not in page.words.casefold()
