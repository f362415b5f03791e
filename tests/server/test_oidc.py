"""Logging in by the municipality's provider: a real one, honest and lying."""

from __future__ import annotations

import dataclasses
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from server import create_app, oidc, people
from server.config import Settings
from server.database import Database
from server.oidc.attempts import Attempt
from server.records.colleague import Colleague
from tests import identity
from tests.makers import AREA_EAST, USERS, World
from tests.server.entering import (
    BACK,
    FOREIGN,
    KARI,
    Browser,
    address_in,
    again,
    provider_of,
    refused,
)


@pytest.fixture
def settings(settings: Settings, idp: identity.Idp) -> Settings:
    """Settings that name the provider."""
    return dataclasses.replace(settings, provider=provider_of(idp))


def test_who_is_in_a_group_is_let_in_with_its_role(browser: Browser, database: Database) -> None:
    answer = browser.log_in()
    me = browser.me()
    assert me and me["name"] == "Kari Nordmann" and me["roles"] == ["bomiljo"]
    cookies = answer.headers.getlist("Set-Cookie")
    (mine,) = [cookie for cookie in cookies if cookie.startswith("oppgang=")]
    assert "HttpOnly" in mine and "SameSite=Strict" in mine
    assert address_in(answer) == "/" and "no-store" in answer.headers["Cache-Control"]
    with database.reading() as session:
        grants = session.scalars(select(people.Grant).where(people.Grant.user == me["user"])).all()
        assert [(grant.role, grant.area) for grant in grants] == [("bomiljo", AREA_EAST)]
        assert session.get_one(Colleague, me["user"]).name == "Kari Nordmann"


def test_the_second_time_it_is_the_same_person_with_the_groups_of_that_day(
    browser: Browser, idp: identity.Idp
) -> None:
    browser.log_in()
    first = browser.me()
    idp.knows("kari-1", **{**KARI, "groups": ["ledere"], "name": "Kari Nordmann Berg"})
    browser.log_in()
    second = browser.me()
    assert first and second and first["user"] == second["user"]
    assert second["roles"] == ["leader"] and second["name"] == "Kari Nordmann Berg"


def test_nothing_of_a_token_reaches_the_browser_or_the_log(
    browser: Browser, idp: identity.Idp, capfd: pytest.CaptureFixture[str]
) -> None:
    said = browser.sent_back()
    pages = [browser.come_back(said).text]
    idp.pull(claims={"nonce": "another"})
    pages.append(browser.log_in().text)
    told = capfd.readouterr().err + "".join(pages)
    assert '"why": "nonce"' in told
    for secret in (said["code"], said["state"], "eyJ", "Nordmann", "kari-1", identity.SECRET):
        assert secret not in told


def test_the_way_there_carries_pkce_state_and_nonce(browser: Browser) -> None:
    asked = parse_qs(urlsplit(browser.begin()).query)
    assert asked["code_challenge_method"] == ["S256"] and len(asked["code_challenge"][0]) == 43
    assert len(asked["state"][0]) >= 43 and len(asked["nonce"][0]) >= 43
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == [f"http://localhost:8000{BACK}"]


def test_a_login_that_is_too_weak_is_refused(
    settings: Settings, idp: identity.Idp, world: World
) -> None:
    strict = again(settings, idp, acr=("high", "substantial"))
    assert parse_qs(urlsplit(strict.begin()).query)["acr_values"] == ["high substantial"]
    for lie in ({"claims": {"acr": "low"}}, {"without": ["acr"]}, {"claims": {"acr": ["high"]}}):
        idp.pull(**lie)
        refused(strict, "Du må logge inn på en sikrere måte.")
    idp.pull(claims={"acr": "substantial"})
    assert strict.log_in().status_code == 200 and strict.me()


def test_an_answer_is_good_once(browser: Browser) -> None:
    said = browser.sent_back()
    assert browser.come_back(said).status_code == 200
    browser.client.delete_cookie("oppgang")
    assert browser.come_back(said).status_code == 401 and browser.me() is None


def test_a_used_code_is_refused_with_a_fresh_state(browser: Browser) -> None:
    used = browser.sent_back()
    browser.come_back(used)
    browser.client.delete_cookie("oppgang")
    fresh = browser.sent_back()
    assert browser.come_back({**fresh, "code": used["code"]}).status_code == 401
    assert browser.me() is None


def test_an_answer_is_good_only_in_the_browser_it_began_in(
    browser: Browser, app: Flask, idp: identity.Idp
) -> None:
    """Nobody can be logged in as somebody else, and no stolen answer opens anything."""
    said, other = browser.sent_back(), Browser(app, idp)
    for victim in (other, other):
        assert victim.come_back(said).status_code == 401 and victim.me() is None
        other.begin()
    assert browser.come_back(said).status_code == 401


@pytest.mark.parametrize("state", [None, "", "x", "x" * 5_000, "\u0000", "\udcff"])
def test_a_state_that_is_not_ours_is_refused(state: str | None, browser: Browser) -> None:
    said = browser.sent_back()
    said.pop("state")
    if state is not None:
        said["state"] = state.encode(errors="surrogateescape").decode("latin-1")
    assert browser.come_back(said).status_code == 401 and browser.me() is None


def test_a_state_grows_old(browser: Browser, database: Database) -> None:
    said = browser.sent_back()
    with database.writing() as session:
        for attempt in session.scalars(select(Attempt)):
            attempt.began_at -= oidc.ATTEMPT_LASTS + timedelta(seconds=1)
    assert browser.come_back(said).status_code == 401 and browser.me() is None


@pytest.mark.parametrize("change", [{"iss": FOREIGN}, {"iss": None}, {"code": None}, {"code": ""}])
def test_an_answer_that_lacks_its_parts_is_refused(
    change: dict[str, str | None], browser: Browser
) -> None:
    said = {**browser.sent_back(), **change}
    whole = {name: text for name, text in said.items() if text is not None}
    assert browser.come_back(whole).status_code == 401 and browser.me() is None


def test_an_answer_that_says_a_thing_twice_is_refused(browser: Browser) -> None:
    said = browser.sent_back()
    query = f"code={said['code']}&code=x&state={said['state']}&iss={said['iss']}"
    assert browser.client.get(f"{BACK}?{query}").status_code == 401 and browser.me() is None


def test_what_the_provider_says_against_it_is_told_in_our_words(browser: Browser) -> None:
    for error in ("access_denied", "server_error", "<script>alert(1)</script>"):
        state = parse_qs(urlsplit(browser.begin()).query)["state"][0]
        said = {"error": error, "error_description": "Kari", "state": state}
        answer = browser.come_back({**said, "iss": browser.idp.issuer})
        assert answer.status_code == 401 and "Innloggingen ble avbrutt." in answer.text
        assert "Kari" not in answer.text and "alert" not in answer.text


def test_a_provider_that_is_away_is_said_so(settings: Settings, idp: identity.Idp) -> None:
    nowhere = again(settings, idp, issuer="http://127.0.0.1:9")
    answer = nowhere.client.get("/office/login/provider")
    assert answer.status_code == 503 and "Innloggingen svarer ikke akkurat nå." in answer.text


DISCOVERIES: dict[str, dict[str, Any]] = {
    "another issuer": {"discovery": {"issuer": FOREIGN}},
    "an issuer with a slash more": {"discovery": {"issuer": "http://127.0.0.1/"}},
    "no token endpoint": {"discovery": {"token_endpoint": None}},
    "an endpoint that is a file": {"discovery": {"jwks_uri": "file:///etc/passwd"}},
    "led elsewhere": {"status": {"/.well-known/openid-configuration": 302}},
    "no keys": {"status": {"/jwks": 500}},
    "keys led elsewhere": {"status": {"/jwks": 302}},
    "a flood": {"flood": {"/.well-known/openid-configuration": 5_000_000}},
}


@pytest.mark.parametrize("lie", DISCOVERIES.values(), ids=DISCOVERIES)
def test_a_provider_that_describes_itself_wrongly_is_not_asked(
    lie: dict[str, Any], browser: Browser, idp: identity.Idp
) -> None:
    idp.pull(**lie)
    answer = browser.client.get("/office/login/provider")
    assert answer.status_code == 503 and "refresh" not in answer.text


@pytest.mark.parametrize(
    "lie",
    [{"status": {"/token": 500}}, {"status": {"/token": 302}}, {"flood": {"/token": 5_000_000}}],
    ids=["broken", "led elsewhere", "a flood"],
)
def test_a_token_endpoint_that_fails_lets_nobody_in(
    lie: dict[str, Any], browser: Browser, idp: identity.Idp
) -> None:
    browser.begin()
    idp.pull(**lie)
    refused(browser, "Innloggingen svarer ikke akkurat nå.")


def test_a_provider_may_change_its_keys(
    browser: Browser, idp: identity.Idp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.oidc import wire

    browser.log_in()
    browser.client.delete_cookie("oppgang")
    idp.pull(rotate="two")
    refused(browser)  # keys were asked for a moment ago: a stranger cannot make us ask and ask
    monkeypatch.setattr(wire, "KEYS_ASKED_EVERY", timedelta(0))
    assert browser.log_in().status_code == 200 and browser.me()


@pytest.mark.parametrize("target", [FOREIGN, "//evil.example", "/office/../x\\y", "javascript:1"])
def test_the_way_back_leads_to_our_own_pages_only(target: str, browser: Browser) -> None:
    page = browser.client.get("/office/login").text
    mark = page.partition('name="csrf" value="')[2].partition('"')[0]
    begun = browser.client.post("/office/login/provider", data={"csrf": mark, "next": target})
    where = browser.idp.log_in(address_in(begun), "kari-1")
    answer = browser.client.get(f"{BACK}?{urlsplit(where).query}")
    assert address_in(answer) == "/office/"


def test_another_site_cannot_begin_a_login_with_a_form(browser: Browser) -> None:
    answer = browser.client.post("/office/login/provider", data={"next": "/office/"})
    assert answer.status_code == 403


def test_beginning_without_end_is_slowed_down(browser: Browser, database: Database) -> None:
    from server.office import entry

    with database.writing() as session:
        for _ in range(entry.BEGIN_LIMIT.tries):
            people.count_try(session, "provider", "127.0.0.1", entry.BEGIN_LIMIT, datetime.now(UTC))
    assert browser.client.get("/office/login/provider").status_code == 429


def test_a_new_login_ends_the_old_one(browser: Browser) -> None:
    browser.log_in()
    old = browser.client.get_cookie("oppgang")
    browser.log_in()
    new = browser.client.get_cookie("oppgang")
    assert old and new and old.value != new.value
    browser.client.set_cookie("oppgang", old.value)
    assert browser.me() is None


def test_whom_an_administrator_closed_stays_out(browser: Browser, database: Database) -> None:
    from server import staff

    browser.log_in()
    me = browser.me()
    assert me
    staff.close(database, USERS["admin"], me["user"], datetime.now(UTC))
    refused(browser, "Du har ikke tilgang til Oppgang.")


def test_no_answer_leads_our_own_questions_elsewhere(
    browser: Browser, idp: identity.Idp, capsys: pytest.CaptureFixture[str]
) -> None:
    idp.pull(status={"/token": 307})
    browser.log_in("kari-1")
    assert "TooManyRedirects" in "".join(capsys.readouterr())


def test_without_a_provider_there_is_no_such_door(settings: Settings, world: World) -> None:
    plain = create_app(dataclasses.replace(settings, provider=None)).test_client()
    assert plain.get("/office/login/provider").status_code == 404
    assert plain.get(f"{BACK}?state=x&code=y").status_code == 404
    page = plain.get("/office/login").text
    assert "/login/provider" not in page and "Logg inn med passord" not in page


def test_to_show_again_who_one_is_takes_the_same_person_and_a_login_of_now(
    browser: Browser, idp: identity.Idp
) -> None:
    browser.log_in()

    def again_as(subject: str, **lie: Any) -> int:
        page = browser.client.get("/office/people").text
        mark = page.partition('name="csrf" value="')[2].partition('"')[0]
        begun = address_in(browser.client.post("/office/login/provider", data={"csrf": mark}))
        assert parse_qs(urlsplit(begun).query)["prompt"] == ["login"]
        idp.pull(**lie)
        where = idp.log_in(begun, subject)
        return browser.client.get(f"{BACK}?{urlsplit(where).query}").status_code

    idp.knows("ola-1", **{**KARI, "name": "Ola Berg"})
    assert again_as("ola-1") == 401
    assert again_as("kari-1", without=["auth_time"]) == 401
    assert again_as("kari-1", claims={"auth_time": int(time.time()) - 3600}) == 401
    assert again_as("kari-1") == 200
