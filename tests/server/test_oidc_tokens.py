"""Tokens that are not right let nobody in, whoever signed them."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pytest
from sqlalchemy import select

from server import people
from server.config import Settings
from server.database import Database
from server.oidc.claims import TOKEN_MAX
from tests import identity
from tests.server.entering import FOREIGN, KARI, Browser, provider_of, refused


@pytest.fixture
def settings(settings: Settings, idp: identity.Idp) -> Settings:
    """Settings that name the provider."""
    return dataclasses.replace(settings, provider=provider_of(idp))


NOW = int(time.time())
LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"claims": {"iss": FOREIGN}},
    "another audience": {"claims": {"aud": "another"}},
    "two audiences and nobody named": {"claims": {"aud": ["oppgang", "another"]}},
    "issued to another": {"claims": {"azp": "another"}},
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"without": ["nonce"]},
    "expired": {"claims": {"exp": NOW - 3600}},
    "no end": {"without": ["exp"]},
    "an end in words": {"claims": {"exp": "tomorrow"}},
    "an end beyond all time": {"claims": {"exp": 10**18}},
    "not yet valid": {"claims": {"nbf": NOW + 3600}},
    "from the future": {"claims": {"iat": NOW + 3600}},
    "no time of issue": {"without": ["iat"]},
    "not signed": {"alg": "none"},
    "signed with the public key as a secret": {"alg": "HS256"},
    "a key that is not the provider's": {"foreign": True},
    "an unknown key": {"kid": "another"},
    "another tenant": {"claims": {"tid": "another"}},
    "no tenant": {"without": ["tid"]},
    "no subject": {"without": ["sub"]},
    "an empty subject": {"claims": {"sub": ""}},
    "a subject that is no text": {"claims": {"sub": 7}},
    "a subject of control signs": {"claims": {"sub": "kari\u0000"}},
    "a subject without end": {"claims": {"sub": "k" * 300}},
    "a huge token": {"claims": {"more": "x" * TOKEN_MAX}},
    "no token": {"id_token": None},
    "a token that is no token": {"id_token": "a.b.c"},
    "a sealed token": {"id_token": "a.b.c.d.e"},
    "no name": {"claims": {"name": ""}},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_is_not_right_lets_nobody_in(
    lie: dict[str, Any], browser: Browser, idp: identity.Idp, database: Database
) -> None:
    with database.reading() as session:
        before = len(session.scalars(select(people.User)).all())
    idp.pull(**lie)
    refused(browser)
    with database.reading() as session:
        assert len(session.scalars(select(people.User)).all()) == before


def test_userinfo_about_somebody_else_is_refused(browser: Browser, idp: identity.Idp) -> None:
    idp.pull(without=["name", "groups"])
    assert browser.log_in().status_code == 200 and browser.me()
    browser.client.delete_cookie("oppgang")
    idp.pull(without=["name", "groups"], told={"sub": "ola-1"})
    refused(browser)


@pytest.mark.parametrize("sent", [{"_claim_names": {"groups": "src1"}}, {"hasgroups": True}])
def test_groups_that_were_left_out_are_not_taken_for_none(
    sent: dict[str, Any], browser: Browser, idp: identity.Idp
) -> None:
    idp.pull(claims=sent, without=["groups"])
    refused(browser, "Du er med i så mange grupper at vi ikke får se dem.")


def test_somebody_in_no_group_of_ours_is_not_let_in(browser: Browser, idp: identity.Idp) -> None:
    for groups in ([], ["ukjent"], ["nord"]):
        idp.knows("kari-1", **{**KARI, "groups": groups})
        refused(browser, "Du har ikke tilgang til Oppgang.")


def test_what_is_too_long_for_the_way_is_said_before_it_is_lost(browser: Browser) -> None:
    page = browser.client.get("/office/login").text
    mark = page.partition('name="csrf" value="')[2].partition('"')[0]
    sent = {"csrf": mark, "next": "/office/", "kept:answer": "å" * 60_000}
    answer = browser.client.post("/office/login/provider", data=sent)
    assert answer.status_code == 413 and sent["kept:answer"] in answer.text
    assert "er for langt til å bli med til innloggingen" in answer.text
