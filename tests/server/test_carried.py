"""What is carried over a login: one's own words alone, to oneself alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask

from server import people
from server.config import Settings
from server.database import Database
from tests.makers import PASSWORD, USERS, World
from tests.server.phone import open_login

WORDS = "Skrevet før det tok slutt"
PATHS = ("/office/privacy/confirm", "/office/me/password")
SENT = {"old": "x", "kept:answer": WORDS, "do": WORDS}


OTHERS: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://et-annet-sted.example"},
    {"Origin": "http://localhost.example"},
    {"Origin": "null"},
    {"Origin": "http://[x"},
)
OWN: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.another.door"},
    {"Origin": "http://localhost"},
    {"Origin": "https://oppgang.example"},
    {},
)


@pytest.mark.parametrize("said", OTHERS)
def test_another_sites_form_is_not_carried_over_a_login(said: dict[str, str], app: Flask) -> None:
    """The strict cookie stays behind there: it would pass for what was written before the end.

    A browser of before 2020 does not say whose the form is, and says from where it comes.
    """
    for path in PATHS:
        foreign = app.test_client().post(path, data=SENT, headers=said)
        assert foreign.status_code == 403 and WORDS not in foreign.text


@pytest.mark.parametrize("said", OWN)
def test_ones_own_form_is_carried_over_a_login(said: dict[str, str], app: Flask) -> None:
    """It comes from the address asked for, or from the one that the municipality has given us."""
    app.extensions["oppgang_settings"] = replace(settings_of(app), origin="https://oppgang.example")
    for path in PATHS:
        answer = app.test_client().post(path, data=SENT, headers=said)
        assert answer.status_code == 401 and WORDS in answer.text


def settings_of(app: Flask) -> Settings:
    """The app's own settings."""
    found: Settings = app.extensions["oppgang_settings"]
    return found


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the form for name and password."""
    form = html.partition('action="/office/login"')[2] or html
    found = re.findall(
        r'type="hidden" name="([^"]*)" value="([^"]*)"', form.partition("</form>")[0]
    )
    return {name: unescape(value) for name, value in found}


@pytest.mark.parametrize("wrote", ["kari", "lise"])
def test_what_was_typed_is_offered_to_whoever_typed_it_alone(
    wrote: str, world: World, app: Flask, database: Database
) -> None:
    """A browser at a shared desk: who logs in next sees nothing of it, and is told so."""
    client = open_login(app, USERS[wrote])
    with database.writing() as session:
        people.close_sessions(session, USERS[wrote], datetime.now(UTC))
    page = client.post(PATHS[0], data={"do": WORDS}).text
    assert USERS[wrote] not in page
    sent = hidden(page) | {"name": "kari", "password": PASSWORD}
    answer = client.post("/office/login", data=sent)
    assert answer.status_code == 200
    mine = wrote == "kari"
    assert (WORDS in answer.text) is mine and ("Send det du skrev" in answer.text) is mine
    assert ("hørte til en annen innlogging og vises ikke her." in answer.text) is not mine
    assert "whose" not in answer.text
