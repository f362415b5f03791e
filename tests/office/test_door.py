"""The office's door: in by name and password, out on the server, and nothing typed is lost."""

from __future__ import annotations

import pytest
from flask import Flask

from server import people
from server.database import Database
from server.demo.municipality import STAFF
from tests.office.conftest import Enter
from tests.office.reader import Reader
from tests.office.test_decisions import ASK, a_comment, bodies, first

WRONG = "Navn eller passord stemmer ikke."


@pytest.mark.parametrize(
    ("name", "password"),
    [("ingrid", "feil"), ("nobody", "feil"), ("", ""), ("ing\0rid", "\0"), ("ingrid", "x" * 900)],
)
def test_a_wrong_password_is_said_without_saying_which(
    name: str, password: str, app: Flask
) -> None:
    """The same words whether the name is known or not."""
    reader = Reader(app)
    page = reader.send(reader.open("/office/login").form("Logg inn"), name=name, password=password)
    assert page.status == 401 and WRONG in page.words


def test_too_many_tries_must_wait(app: Flask) -> None:
    """The count stands in the database, and the page says when to try again."""
    reader = Reader(app)
    form = reader.open("/office/login").form("Logg inn")
    for _ in range(people.NAME_LIMIT.tries):
        assert reader.send(form, name="ingrid", password="feil").status == 401
    page = reader.send(form, name="ingrid", password=STAFF["ingrid"].passphrase)
    assert page.status == 429 and "For mange forsøk på kort tid." in page.words
    assert int(page.headers["Retry-After"]) > 0


def test_everybody_comes_in_by_name_and_password(app: Flask) -> None:
    """To a page of their own, each with their own name on it."""
    for login, person in STAFF.items():
        assert person.name in Reader(app).log_in(login).open("/office/").words, login


def test_logging_out_ends_the_login_on_the_server(app: Flask) -> None:
    """A kept cookie opens nothing any more."""
    ingrid = Reader(app).log_in("ingrid")
    cookie = ingrid.client.get_cookie("oppgang")
    assert cookie and cookie.http_only and cookie.same_site == "Strict"
    ingrid.send(ingrid.open("/office/").form("Logg ut"))
    ingrid.client.set_cookie("oppgang", cookie.value)
    assert ingrid.open("/office/inbox").has("Logg inn")


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/api/v1/me", "/office/../x\\y", "/officer"],
)
def test_the_login_leads_to_our_own_pages_only(target: str, app: Flask) -> None:
    """Where it goes afterwards cannot be chosen by others."""
    reader = Reader(app)
    form = reader.open("/office/login").form("Logg inn")
    given = {"name": "ingrid", "password": STAFF["ingrid"].passphrase, "next": target}
    page = reader.send(form, follow=False, typed=given)
    assert page.status == 302 and page.location == "/office/"


def test_the_login_leads_back_to_where_one_was_going(app: Flask) -> None:
    """A link into the office survives the login."""
    reader = Reader(app)
    form = reader.open("/office/devices").form("Logg inn")
    given = {"name": "ingrid", "password": STAFF["ingrid"].passphrase}
    assert reader.send(form, follow=False, typed=given).location == "/office/devices"


def test_what_was_typed_survives_a_login_that_ended(enter: Enter, database: Database) -> None:
    """The session is over, the comment is not: it waits behind the login and can be sent."""
    from datetime import UTC, datetime

    ingrid = enter("ingrid")
    form = first(ingrid).form("Send tilbake")
    name = a_comment(form, "visited_on")
    with database.writing() as session:
        people.close_sessions(session, STAFF["ingrid"].id, datetime.now(UTC))
    page = ingrid.send(form, "Send tilbake", typed={name: ASK})
    assert page.status == 401 and "Du er logget ut fordi det har gått lang tid." in page.words
    given = {"name": "ingrid", "password": STAFF["ingrid"].passphrase}
    again = ingrid.send(page.form("Logg inn"), typed=given)
    assert "Det du skrev før du ble logget ut, er tatt vare på." in again.words
    done = ingrid.send(again.form("Send det du skrev"))
    assert "Sendt tilbake:" in done.words
    states = {body["status"]["state"] for body in bodies(database, form).values()}
    assert states == {"returned"}


def test_a_login_form_without_our_mark_is_refused(app: Flask) -> None:
    """Nobody can be logged in as somebody else by another site."""
    reader = Reader(app)
    given = {"name": "ingrid", "password": STAFF["ingrid"].passphrase}
    assert reader.post("/office/login", given).status == 403


def test_large_and_odd_requests_end_in_words(enter: Enter) -> None:
    """Never a fault: 4xx with a page that says what is safe."""
    ingrid = enter("ingrid")
    mark = ingrid.open("/office/").form("Logg ut").one("csrf")
    assert (
        ingrid.post("/office/inbox/x/decision", {"csrf": mark, "a": "x" * 2_000_000}).status == 413
    )
    many = {"csrf": mark, **{f"a{n}": "" for n in range(3_000)}}
    assert 400 <= ingrid.post("/office/inbox/x/decision", many).status < 500
    assert ingrid.client.put("/office/inbox").status_code == 405
    for path in ("/office/inbox/%00", "/office/records/%F0%9F%98%80", "/office/answers/'%20OR%201"):
        assert ingrid.open(path).status == 404, path
    for query in ("done=%00,x", "done=" + "x," * 3000, "left=abc", "tried='"):
        assert ingrid.open(f"/office/inbox?{query}").status == 200
        assert ingrid.open(f"/office/held?{query}").status == 200
