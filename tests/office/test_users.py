"""Users: an administrator lets people in and out, a leader looks, and nobody locks the door."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from server import acts, people, staff
from server.database import Database
from server.demo.municipality import STAFF
from server.office import log_review
from server.people import Grant
from server.records.area import Area
from server.records.colleague import Colleague
from server.roles import Role
from tests.office.conftest import Enter
from tests.office.reader import Form, Page, Reader

NEW = {"name": "Nora Vik", "team": "Bomiljø", "login": " Nora "}
ADMIN = STAFF["admin"].id


def form_to(page: Page, end: str) -> Form:
    """Find the form that is sent to an address with this end."""
    return next(form for form in page.forms if form.action.endswith(end))


def added(reader: Reader, **values: str) -> Page:
    page = reader.open("/office/people")
    return reader.send(page.form("Legg til"), typed={**NEW, **values})


def password_on(page: Page) -> str:
    found = re.search(r"<code>(.*?)</code>", page.html)
    assert found, page.words
    return found[1]


def members(database: Database) -> dict[str, staff.Member]:
    with database.reading() as session:
        return {member.login: member for member in staff.everyone(session)}


def area_of(database: Database, name: str) -> str:
    with database.reading() as session:
        return session.scalars(select(Area.id).where(Area.name == name)).one()


def test_who_is_let_in_can_log_in_with_the_password_that_was_shown(
    enter: Enter, app: Flask, database: Database
) -> None:
    """The new person has the role, and every phone knows the colleague."""
    page = added(enter("admin"), role="bomiljo", area=area_of(database, "Rognelia"))
    assert page.status == 200 and "Passordet vises bare nå" in page.words
    assert page.headers["Cache-Control"] == "no-store"
    nora = members(database)["nora"]
    assert [(role, area) for _, role, area in nora.grants] == [
        (Role.BOMILJO, area_of(database, "Rognelia"))
    ]
    with database.reading() as session:
        assert session.get_one(Colleague, nora.id).name == "Nora Vik"
        people.check_password(session, "nora", password_on(page))
    reader = Reader(app)
    form = reader.open("/office/login").form("Logg inn")
    assert "Nora Vik" in reader.send(form, name="nora", password=password_on(page)).words


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "  "}, "Skriv et navn."),
        ({"login": "x"}, "Skriv et brukernavn"),
        ({"login": "to ord"}, "Skriv et brukernavn"),
        ({"login": "KARI"}, "Brukernavnet kari er tatt."),
        ({"role": "king"}, "Velg en rolle."),
        ({"role": "bomiljo", "area": "nowhere"}, "Området finnes ikke lenger."),
        ({"name": "n" * 300}, "Skriv høyst 80 tegn"),
    ],
)
def test_bad_input_is_said_in_words_and_what_was_typed_stays(
    values: dict[str, str], said: str, enter: Enter, database: Database
) -> None:
    """Never a fault, nothing is changed, and the form still holds the words."""
    before = members(database)
    page = added(enter("admin"), **values)
    assert page.status == 422 and said.split(".")[0][:24] in page.words, page.words
    assert page.form("Legg til").one("team") == "Bomiljø"
    assert members(database) == before


@pytest.mark.parametrize("login", ["kari", "ingrid", "eva", "lise"])
def test_only_an_administrator_changes_anything(
    login: str, enter: Enter, database: Database
) -> None:
    """The leader looks; for the others the page is missing, and every address refuses."""
    before, reader = members(database), enter(login)
    page = reader.open("/office/people")
    assert page.status == (200 if login == "lise" else 404)
    assert not page.has("Legg til") and not page.has("Lag nytt passord")
    mark = reader.open("/office/").form("Logg ut").one("csrf")
    kari = STAFF["kari"].id
    grant = before["kari"].grants[0][0]
    for path in ("", f"/{kari}/password", f"/{kari}/roles", f"/{kari}/roles/{grant}/withdraw"):
        sent = {"csrf": mark, **NEW, "role": "admin"}
        assert reader.post(f"/office/people{path}", sent).status == 404, path
    for path in (f"/{kari}/close", f"/{kari}/reopen", "/areas"):
        sent = {"csrf": mark, "area_name": "Nytt"}
        assert reader.post(f"/office/people{path}", sent).status == 404, path
    assert members(database) == before


def test_a_role_is_given_and_taken_away(enter: Enter, database: Database) -> None:
    """Each is written down with who did it."""
    admin = enter("admin")
    kari, south = STAFF["kari"].id, area_of(database, "Vassvika")
    form = form_to(admin.open("/office/people"), f"{kari}/roles")
    page = admin.send(form, typed={"role": "bomiljo", "area": south})
    assert "Bomiljø, Vassvika" in page.words
    admin.send(form, typed={"role": "bomiljo", "area": south})
    given = [one for one in members(database)["kari"].grants if one[2] == south]
    assert len(given) == 1
    admin.send(form_to(admin.open("/office/people"), f"{given[0][0]}/withdraw"))
    assert not [one for one in members(database)["kari"].grants if one[2] == south]
    with database.reading() as session:
        for what in ("role_given", "role_taken"):
            found = acts.latest(session, what)
            assert found and (found[0].by, found[0].about) == (ADMIN, kari)
    week = f"/office/log?week={log_review.week_of(datetime.now(UTC))}"
    log = enter("lise").open(week).words
    assert "Ga en rolle Bomiljø, ett område" in log and STAFF["kari"].name in log
    staff.give(database, "directory", kari, Role.LEADER, None, datetime.now(UTC))
    assert "Leder, alle områder" not in enter("lise").open(week).words


def test_nobody_gives_themselves_a_role(enter: Enter, database: Database) -> None:
    """Whoever lets others in could otherwise read everything."""
    admin = enter("admin")
    assert not [
        form
        for form in admin.open("/office/people").forms
        if form.action.endswith(f"{ADMIN}/roles")
    ]
    mark = admin.open("/office/").form("Logg ut").one("csrf")
    sent = {"csrf": mark, "role": "leader", "area": "all"}
    page = admin.post(f"/office/people/{ADMIN}/roles", sent)
    assert page.status == 422 and "Be en annen administrator." in page.words
    assert len(members(database)["admin"].grants) == 1


def test_the_last_administrator_stays(enter: Enter, database: Database) -> None:
    """Neither closed nor without the role, until another has it."""
    admin = enter("admin")
    grant = members(database)["admin"].grants[0][0]
    for end in (f"{ADMIN}/close", f"{grant}/withdraw"):
        page = admin.send(form_to(admin.open("/office/people"), end))
        assert page.status == 422 and "Minst én administrator må være igjen." in page.words
    assert members(database)["admin"].closed_at is None
    admin.send(
        form_to(admin.open("/office/people"), f"{STAFF['lise'].id}/roles"),
        typed={"role": "admin", "area": "all"},
    )
    admin.send(form_to(admin.open("/office/people"), f"{ADMIN}/close"))
    assert members(database)["admin"].closed_at is not None


def test_who_is_closed_is_out_at_once_and_can_be_let_in_again(
    enter: Enter, database: Database
) -> None:
    """Their login ends, their name stays on what they wrote, and the roles come back."""
    admin, ingrid = enter("admin"), enter("ingrid")
    user = STAFF["ingrid"].id
    page = admin.send(form_to(admin.open("/office/people"), f"{user}/close"))
    assert "Stengt" in page.words
    assert ingrid.open("/office/inbox").has("Logg inn")
    with database.reading() as session:
        assert session.get_one(Colleague, user).left_on is not None
    admin.send(page.form("Åpne igjen") if page.has("Åpne igjen") else form_to(page, "/reopen"))
    with database.reading() as session:
        assert session.get_one(Colleague, user).left_on is None
    assert enter("ingrid").open("/office/inbox").status == 200


def test_a_new_password_ends_the_old_one_and_the_logins(enter: Enter, database: Database) -> None:
    """It is shown once, and is strong enough for the phone."""
    admin, kari = enter("admin"), enter("kari")
    form = form_to(admin.open("/office/people"), f"{STAFF['kari'].id}/password")
    password = password_on(admin.send(form))
    assert kari.open("/office/").has("Logg inn")
    with database.reading() as session:
        people.check_password(session, "kari", password)
        with pytest.raises(people.WrongPassword):
            people.check_password(session, "kari", STAFF["kari"].passphrase)


def test_an_area_is_made_once(enter: Enter, database: Database) -> None:
    """It stands in every list of areas at once."""
    admin = enter("admin")
    form = admin.open("/office/people").form("Legg til området")
    page = admin.send(form, typed={"area_name": "Lia"})
    assert '<option value="' + area_of(database, "Lia") in page.html
    again = admin.send(form, typed={"area_name": "LIA"})
    assert again.status == 422 and "Det finnes allerede et område" in again.words
    assert again.form("Legg til området").one("area_name") == "LIA"


def test_somebody_unknown_is_nobodys_fault(enter: Enter) -> None:
    """Addresses that were typed by hand end in words."""
    admin = enter("admin")
    mark = admin.open("/office/").form("Logg ut").one("csrf")
    for path in ("x/close", "x/reopen", "x/password", "x/roles", "x/roles/y/withdraw"):
        sent = {"csrf": mark, "role": "office", "area": "all"}
        assert admin.post(f"/office/people/{path}", sent).status in (200, 422), path


def test_two_administrators_who_close_each_other_do_not_both(
    enter: Enter, database: Database
) -> None:
    """The second finds that it would be the last."""
    from datetime import UTC, datetime

    now, lise = datetime.now(UTC), STAFF["lise"].id
    staff.give(database, ADMIN, lise, Role.ADMIN, None, now)
    staff.close(database, ADMIN, lise, now)
    with pytest.raises(staff.Refused):
        staff.close(database, lise, ADMIN, now)
    with database.reading() as session:
        assert staff.has_admin(session)
        assert session.scalars(select(Grant).where(Grant.role == "admin")).first()


def test_who_logged_in_long_ago_shows_again_who_they_are(enter: Enter, database: Database) -> None:
    """An unlocked desk lets nobody in; what was typed waits behind the login."""
    from datetime import UTC, datetime

    from sqlalchemy import update

    from server import people

    admin = enter("admin")
    form = admin.open("/office/people").form("Legg til")
    long_ago = datetime.now(UTC) - people.STEP_UP * 1.1
    with database.writing() as session:
        session.execute(update(people.LoginSession).values(created_at=long_ago))
    page = admin.send(form, name="Ny Kollega", login="ny.kollega")
    assert page.status == 401 and "Bekreft at det er deg." in page.words
    assert "Ny Kollega" not in admin.open("/office/people").words
    given = {"name": "admin", "password": STAFF["admin"].passphrase}
    again = admin.send(page.form("Logg inn"), typed=given)
    admin.send(again.form("Send det du skrev"))
    assert "Ny Kollega" in admin.open("/office/people").words
