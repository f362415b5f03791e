"""Min innlogging: a code is made, shown once, asked for, and taken away."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select, update

from server import acts, emergency, one_time, people
from server.database import Database
from server.demo.municipality import STAFF
from server.people import LoginSession
from server.people.factors import RecoveryCode, SecondFactor
from tests.authenticator import Authenticator
from tests.office.conftest import Enter
from tests.office.passkeys import INGRID
from tests.office.reader import Page, Reader


def secret_on(page: str) -> bytes:
    """Read the secret that a page shows."""
    import base64

    found = re.search(r"<dt>Nøkkel</dt><dd><code>([A-Z2-7 ]+)</code>", page)
    assert found is not None
    return base64.b32decode(found[1].replace(" ", ""))


def code_of(secret: bytes) -> str:
    """Give the code of this moment."""
    return one_time.code_at(secret, int(datetime.now(UTC).timestamp() // 30))


def have_code(ingrid: Reader) -> None:
    """Make the code that is asked of her from now on."""
    page = ingrid.send(ingrid.open("/office/me").form("Lag engangskode"))
    typed = {"code": code_of(secret_on(page.html))}
    ingrid.send(page.form("Slå på engangskode"), typed=typed)


def require_code(app: Flask) -> None:
    """Let the municipality ask for a code of everybody."""
    settings = app.extensions["oppgang_settings"]
    app.extensions["oppgang_settings"] = dataclasses.replace(settings, code_required=True)


def test_a_code_is_made_by_its_first_code_and_then_asked_for(
    enter: Enter, app: Flask, database: Database
) -> None:
    ingrid = enter("ingrid")
    page = ingrid.send(ingrid.open("/office/me").form("Lag engangskode"))
    assert "<svg" in page.html
    secret = secret_on(page.html)
    bad = ingrid.send(page.form("Slå på engangskode"), typed={"code": "1"})
    assert bad.status == 422 and "Koden stemmer ikke." in bad.words
    done = ingrid.send(bad.form("Slå på engangskode"), typed={"code": code_of(secret)})
    assert len(re.findall(r"<li><code>", done.html)) == 10
    assert "10 reservekoder igjen" in ingrid.open("/office/me").words
    other = Reader(app)
    form = other.open("/office/login").form("Logg inn")
    given = {"name": "ingrid", "password": STAFF["ingrid"].passphrase}
    asked = other.send(form, typed=given)
    assert asked.status == 403 and "det trengs en kode også" in asked.words
    with database.writing() as session:  # a code passes once, and the next one is half a minute off
        session.execute(update(SecondFactor).values(last_step=SecondFactor.last_step - 1))
    assert other.send(form, typed={**given, "code": code_of(secret)}, follow=False).status == 302


def test_a_code_is_taken_away_by_its_owner(enter: Enter, database: Database) -> None:
    ingrid = enter("ingrid")
    have_code(ingrid)
    ingrid.send(ingrid.open("/office/me").form("Slå av engangskode"))
    with database.reading() as session:
        assert not people.has_factor(session, STAFF["ingrid"].id)


def test_a_code_that_counts_is_neither_made_anew_nor_confirmed_once_more(
    enter: Enter, database: Database
) -> None:
    """By an old page, or by its form sent twice: the secret and the recovery codes stand."""
    ingrid = enter("ingrid")
    page = ingrid.send(ingrid.open("/office/me").form("Lag engangskode"))
    secret, form = secret_on(page.html), page.form("Slå på engangskode")
    mark = {"csrf": form.one("csrf")}
    ingrid.send(form, typed={"code": code_of(secret)})
    stands = kept_of(database)
    assert ingrid.post("/office/me/code", mark).status == 200
    with database.writing() as session:  # a code passes once, and the next one is half a minute off
        session.execute(update(SecondFactor).values(last_step=SecondFactor.last_step - 1))
    again = ingrid.send(form, typed={"code": code_of(secret)})
    assert again.status == 422 and "Koden stemmer ikke." in again.words
    assert kept_of(database) == stands


def kept_of(database: Database) -> tuple[list[bytes], list[str]]:
    """Give the secrets and the digests of recovery codes that are kept."""
    with database.reading() as session:
        codes = session.scalars(select(RecoveryCode.digest).order_by(RecoveryCode.digest)).all()
        return [*session.scalars(select(SecondFactor.secret))], [*codes]


def test_what_changed_nothing_is_no_act(enter: Enter, database: Database) -> None:
    ingrid = enter("ingrid")
    mark = {"csrf": ingrid.open("/office/me").form("Lag engangskode").one("csrf")}
    for act in ("code/drop", "logins/end"):
        assert ingrid.post(f"/office/me/{act}", mark).status == 200
    with database.reading() as session:
        assert not any(acts.latest(session, what) for what in ("code_dropped", "logins_ended"))


def test_a_new_password_leads_to_no_foreign_page(enter: Enter) -> None:
    """What was stopped is offered again, to be sent to a page of ours."""
    ingrid, new = enter("ingrid"), "regnbue havre lerke spade"
    typed = {"old": STAFF["ingrid"].passphrase, "new": new, "again": new}
    form = ingrid.open("/office/me").form("Bytt passord")
    more = {"kept:words": "Skrevet før.", "next": "https://example.org/"}
    page = ingrid.send(form, typed={**typed, **more})
    assert "Skrevet før." in page.html and "example.org" not in page.html


def test_where_a_code_is_required_no_page_opens_before_it_is_made(enter: Enter, app: Flask) -> None:
    ingrid = enter("ingrid")
    require_code(app)
    for path in ("/office/", "/office/inbox", "/office/homes"):
        page = ingrid.open(path)
        assert "Kommunen krever engangskode av alle." in page.words, path
    have_code(ingrid)
    assert "Innboks" in ingrid.open("/office/inbox").words


def test_leaders_are_told_that_the_envelope_was_opened(
    enter: Enter, app: Flask, database: Database
) -> None:
    login, password = emergency.make(database, "cli:drift", datetime.now(UTC))
    assert "Nødkontoen er brukt" not in enter("lise").open("/office/").words
    stranger = Reader(app)
    form = stranger.open("/office/login").form("Logg inn")
    stranger.send(form, typed={"name": login, "password": password})
    assert "Nødkontoen er brukt" in enter("lise").open("/office/").words
    assert "Nødkontoen er brukt" not in enter("ingrid").open("/office/").words


def change(ingrid: Reader, old: str, new: str, again: str | None = None) -> Page:
    """Ask for a new password of one's own."""
    typed = {"old": old, "new": new, "again": new if again is None else again}
    return ingrid.send(ingrid.open("/office/me").form("Bytt passord"), typed=typed)


def test_a_new_password_takes_the_old_one_and_ends_the_other_logins(
    enter: Enter, app: Flask
) -> None:
    old, new = STAFF["ingrid"].passphrase, "regnbue havre lerke spade"
    ingrid, other = enter("ingrid"), enter("ingrid")
    for page, words in (
        (change(ingrid, "feil", new), "Det gamle passordet stemmer ikke."),
        (change(ingrid, old, new, "noe annet"), "De to nye er ikke like."),
        (change(ingrid, old, "oppgang kommune ingrid moe"), "Passordet er for svakt."),
    ):
        assert page.status == 422 and words in page.words
        assert "Det gamle passordet gjelder fortsatt." in page.words
    assert "Bytt passord" in change(ingrid, old, new).words
    assert "Innboks" in ingrid.open("/office/inbox").words
    assert "Innboks" not in other.open("/office/inbox").words
    form = Reader(app).open("/office/login").form("Logg inn")
    for password, status in ((old, 401), (new, 302)):
        given = {"name": "ingrid", "password": password}
        reader = Reader(app)
        form = reader.open("/office/login").form("Logg inn")
        assert reader.send(form, typed=given, follow=False).status == status


def test_a_new_password_makes_no_login_fresher_than_it_was(
    enter: Enter, database: Database
) -> None:
    """Whoever knows the password alone does not take the code away by it."""
    ingrid = enter("ingrid")
    have_code(ingrid)
    with database.writing() as session:
        ago = datetime.now(UTC) - timedelta(hours=1)
        session.execute(update(LoginSession).values(created_at=ago))
    for asked in (True, False):
        page = ingrid.send(ingrid.open("/office/me").form("Slå av engangskode"))
        assert "Bekreft at det er deg." in page.words
        if asked:
            change(ingrid, STAFF["ingrid"].passphrase, "regnbue havre lerke spade")
    with database.reading() as session:
        assert people.has_factor(session, INGRID)


def test_who_came_in_by_passkey_still_did_after_a_new_password(
    enter: Enter, app: Flask, database: Database
) -> None:
    ingrid = enter("ingrid")
    with database.writing() as session:
        session.execute(update(LoginSession).values(way=people.Way.PASSKEY.value))
    require_code(app)
    change(ingrid, STAFF["ingrid"].passphrase, "regnbue havre lerke spade")
    assert "Passnøkkel, fra i dag" in ingrid.open("/office/me").words
    assert "Innboks" in ingrid.open("/office/inbox").words


def test_a_password_sent_after_the_login_ended_stands_in_no_page(
    enter: Enter, database: Database
) -> None:
    ingrid, old, new = enter("ingrid"), STAFF["ingrid"].passphrase, "regnbue havre lerke spade"
    form = ingrid.open("/office/me").form("Bytt passord")
    with database.writing() as session:
        people.close_sessions(session, INGRID, datetime.now(UTC))
    page = ingrid.send(form, typed={"old": old, "new": new, "again": new})
    assert page.status == 401 and "Du er logget ut" in page.words
    assert old not in page.html and new not in page.html
    assert ingrid.send(page.form("Logg inn"), name="ingrid", password=old).has("Bytt passord")


def test_all_that_stands_on_the_page_works_before_the_code_is_made(
    enter: Enter, app: Flask, device: Authenticator, database: Database
) -> None:
    ingrid, other = enter("ingrid"), enter("ingrid")
    require_code(app)
    page = ingrid.open("/office/inbox")
    assert "Kommunen krever engangskode av alle." in page.words
    ingrid.send(page.form("Logg ut alle andre steder"))
    assert "Logg ut" not in other.open("/office/me").words
    ingrid.send(page.form("Ta bort"))
    with database.reading() as session:
        assert people.passkeys_of(session, INGRID) == []
    assert "Det gamle passordet stemmer ikke." in change(ingrid, "feil", "x").words
    assert ingrid.send(page.form("Lag engangskode")).has("Slå på engangskode")


def test_guesses_at_the_old_password_are_slowed_down(enter: Enter) -> None:
    ingrid = enter("ingrid")
    answers = [change(ingrid, "feil", "regnbue havre lerke spade").status for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_one_sees_where_one_is_logged_in_and_ends_it(enter: Enter, database: Database) -> None:
    mine, other, third = enter("ingrid"), enter("ingrid"), enter("ingrid")
    page = mine.open("/office/me")
    assert page.words.count("Passord, fra i dag") >= 3 and page.words.count("Denne") == 1
    mine.send(page.form("Logg ut alle andre steder"))
    for reader, there in ((mine, True), (other, False), (third, False)):
        assert ("Innboks" in reader.open("/office/inbox").words) is there
    again, stays, lise, at_home = (enter(name) for name in ("ingrid", "ingrid", "lise", "lise"))
    cookie = again.client.get_cookie("oppgang")
    assert cookie is not None
    digest = people.token_digest(cookie.value).hex()
    forms = mine.open("/office/me").forms
    only = next(form for form in forms if form.fields.get("login") == [digest])
    mark = lise.open("/office/me").form("Lag engangskode").one("csrf")
    for odd in (only.one("login"), "zz", "00"):
        lise.post("/office/me/logins/end", {"csrf": mark, "login": odd})
    assert "Innboks" in again.open("/office/inbox").words, "another's is not hers to end"
    assert "Innboks" in at_home.open("/office/inbox").words, "what names no login ends none"
    mine.send(only)
    assert "Innboks" not in again.open("/office/inbox").words
    for reader in (mine, stays):
        assert "Innboks" in reader.open("/office/inbox").words


def test_an_administrator_ends_all_of_somebodys_logins(enter: Enter) -> None:
    ingrid, admin = enter("ingrid"), enter("admin")
    page = admin.open("/office/people")
    forms = (f for f in page.forms if f.action.endswith(f"{STAFF['ingrid'].id}/logins/end"))
    admin.send(next(forms))
    assert "Innboks" not in ingrid.open("/office/inbox").words


def test_the_login_that_is_one_too_many_ends_the_one_that_was_idle_longest(
    enter: Enter, database: Database
) -> None:
    now, user = datetime.now(UTC), STAFF["ingrid"].id
    with database.writing() as session:
        tokens = [
            people.open_session(session, user, now + timedelta(seconds=n))
            for n in range(people.LOGINS_MAX + 1)
        ]
        alive = [people.login_of(session, token, now) is not None for token in tokens]
        assert alive == [False] + [True] * people.LOGINS_MAX
        assert people.login_of(session, people.open_session(session, STAFF["lise"].id, now), now)
