"""Who has left the municipality's directory, or never comes back, is let in no more."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from server import oidc, people
from server.config import Settings
from server.database import Database
from server.oidc.seats import Seat
from server.roles import Role
from tests import identity
from tests.makers import USERS, World, new_id
from tests.server.entering import KARI, Browser, provider_of
from tests.server.test_security_log import seen


@pytest.fixture
def settings(settings: Settings, idp: identity.Idp) -> Settings:
    """Settings that name the provider."""
    return dataclasses.replace(settings, provider=provider_of(idp))


@pytest.fixture
def kari(app: Flask, idp: identity.Idp, world: World) -> Browser:
    """Kari, logged in from the directory."""
    browser = Browser(app, idp)
    browser.log_in()
    assert browser.me()
    return browser


def night(kari: Browser, database: Database, settings: Settings, days: int = 0) -> oidc.Round:
    """Ask the directory, as each night does."""
    wire = oidc.wire_of(settings)
    assert wire is not None
    return oidc.look_for_leavers(database, settings, wire, datetime.now(UTC) + timedelta(days))


def test_a_login_from_the_directory_is_a_line_with_its_address(
    kari: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    seen(capsys)
    kari.log_in()
    (line,) = (line for line in seen(capsys) if line["seen"] == "login")
    me = kari.me()
    assert me and (line["user"], line["address"]) == (me["user"], "127.0.0.1")


def test_who_is_still_there_stays(kari: Browser, database: Database, settings: Settings) -> None:
    for _ in range(3):
        assert night(kari, database, settings) == oidc.Round(asked=1, left=0)
    assert kari.me()


def test_who_is_gone_from_the_directory_is_logged_out_and_closed(
    kari: Browser, idp: identity.Idp, database: Database, settings: Settings
) -> None:
    me = kari.me()
    idp.forgets("kari-1")
    assert night(kari, database, settings) == oidc.Round(asked=1, left=1)
    assert me and kari.me() is None
    with database.reading() as session:
        assert session.get_one(people.User, me["user"]).closed_at is not None
        assert session.scalars(select(Seat.token)).all() == [None]
    assert night(kari, database, settings) == oidc.Round()


def test_who_comes_back_to_the_directory_is_let_in_again(
    kari: Browser, idp: identity.Idp, database: Database, settings: Settings
) -> None:
    before = kari.me()
    idp.forgets("kari-1")
    night(kari, database, settings)
    idp.knows("kari-1", **KARI)
    kari.there.cookies.clear()
    assert kari.log_in().status_code == 200
    after = kari.me()
    assert before and after and before["user"] == after["user"]


def test_who_lost_their_group_loses_the_role_the_same_night(
    kari: Browser, idp: identity.Idp, database: Database, settings: Settings
) -> None:
    idp.knows("kari-1", **{**KARI, "groups": []})
    assert night(kari, database, settings).left == 1
    assert kari.me() is None


def test_a_role_given_by_hand_is_not_the_directorys_to_take(
    kari: Browser, idp: identity.Idp, database: Database, settings: Settings
) -> None:
    me = kari.me()
    assert me
    with database.writing() as session:
        people.grant(session, new_id(), me["user"], Role.OFFICE, None)
    idp.knows("kari-1", **{**KARI, "groups": []})
    assert night(kari, database, settings).left == 0
    after = kari.me()
    assert after and after["roles"] == ["office"]


@pytest.mark.parametrize("path", ["/token", "/.well-known/openid-configuration"])
def test_a_provider_that_is_away_closes_nobody(
    path: str, kari: Browser, idp: identity.Idp, database: Database, settings: Settings
) -> None:
    idp.pull(status={path: 500})
    assert night(kari, database, settings).left == 0
    assert kari.me()


def test_who_cannot_be_asked_about_must_come_back_within_the_time(
    kari: Browser, database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        session.execute(update(Seat).values(token=None))
    assert night(kari, database, settings, days=29) == oidc.Round()
    assert night(kari, database, settings, days=31) == oidc.Round(left=1)
    assert kari.me() is None


def test_the_last_administrator_is_logged_out_and_not_closed(
    kari: Browser, idp: identity.Idp, database: Database, settings: Settings
) -> None:
    me = kari.me()
    assert me
    with database.writing() as session:
        people.withdraw(session, USERS["admin"])
        people.grant(session, new_id(), me["user"], Role.ADMIN, None)
    idp.forgets("kari-1")
    night(kari, database, settings)
    assert kari.me() is None
    with database.reading() as session:
        assert session.get_one(people.User, me["user"]).closed_at is None


def test_the_token_to_ask_with_lies_sealed(kari: Browser, database: Database) -> None:
    with database.reading() as session:
        (sealed,) = session.scalars(select(Seat.token)).all()
    assert sealed is not None and len(sealed) > 40
    assert not sealed.decode("latin-1").isascii()
