"""Behind a proxy of ours each caller is counted apart; from others no address is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from server import create_app, feed, people
from server.config import BadSettings, Settings, read_settings
from server.database import Database
from server.jobs import forget_the_passing
from server.people import PARCEL_LIMIT
from server.people.throttle import Throttle
from tests.makers import NOW
from tests.server.phone import OURS


def fills_up(app: Flask, *forwarded: str) -> list[int]:
    """Knock at the open door until its window is full, from each of these addresses in turn."""
    statuses = []
    for one in range(PARCEL_LIMIT.tries + 1):
        headers = {**OURS, "X-Forwarded-For": forwarded[one % len(forwarded)]}
        answer = app.test_client().post("/api/v1/parcels", json={"parcels": []}, headers=headers)
        statuses.append(answer.status_code)
    return statuses


def behind(settings: Settings, proxies: int) -> Flask:
    """Give the app as it stands behind so many proxies of ours."""
    return create_app(replace(settings, trusted_proxies=proxies))


def test_two_callers_behind_one_proxy_are_counted_apart(settings: Settings) -> None:
    assert set(fills_up(behind(settings, 1), "192.0.2.1", "192.0.2.2")) == {200}


def test_an_address_that_a_caller_wrote_is_not_believed(settings: Settings) -> None:
    behind_none = fills_up(behind(settings, 0), "192.0.2.1", "192.0.2.2")
    assert behind_none[-1] == 429


def test_behind_a_proxy_the_address_it_added_counts_not_the_one_before(settings: Settings) -> None:
    forged = fills_up(behind(settings, 1), "198.51.100.1, 192.0.2.1", "198.51.100.2, 192.0.2.1")
    assert forged[-1] == 429


@pytest.mark.parametrize("number", ["-1", "ti", "10", "1.5"])
def test_an_odd_number_of_proxies_is_refused(number: str, settings: Settings) -> None:
    given = {"OPPGANG_MODE": "test", "OPPGANG_DATA": str(settings.data)}
    with pytest.raises(BadSettings, match="OPPGANG_TRUSTED_PROXIES"):
        read_settings({**given, "OPPGANG_TRUSTED_PROXIES": number})


def test_what_has_passed_is_forgotten_and_what_counts_is_kept(
    database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        people.count_try(session, "parcels", "192.0.2.1", PARCEL_LIMIT, NOW - timedelta(hours=1))
        people.count_try(session, "parcels", "192.0.2.2", PARCEL_LIMIT, NOW)
    for version, told_at in (("old", NOW - timedelta(days=401)), ("new", NOW)):
        feed.remember_access(database, {"version": version, "scopes": ["org"]}, told_at)
    forget_the_passing(database, settings, NOW)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Throttle)) == 1
        assert not feed.is_remembered(session, "old")
        assert feed.is_remembered(session, "new")
