"""A code beside the password: by the clock, once, and by paper when the telephone is gone."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from server import acts, by_password, emergency, notices, one_time, people, staff
from server.access import actor_of
from server.config import Settings
from server.database import Database
from server.people.factors import RecoveryCode, SecondFactor
from server.people.throttle import NAME_LIMIT
from tests.makers import NOW, PASSWORD, USERS, World, new_id
from tests.server.phone import OURS, PUBLIC, Phone

SEED = b"12345678901234567890"
RFC = (
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
)
"""Appendix B of RFC 6238, of which we use the last six digits."""


@pytest.mark.parametrize(("now_s", "code"), RFC)
def test_codes_are_those_of_the_standard(now_s: int, code: str) -> None:
    assert one_time.code_at(SEED, now_s // 30) == code[-6:]


@pytest.mark.parametrize(("off_s", "good"), [(0, True), (-30, True), (30, False), (-60, False)])
def test_a_code_is_good_while_it_is_shown_and_while_the_next_is(off_s: int, good: bool) -> None:
    now = 1_700_000_010
    code = one_time.code_at(SEED, (now + off_s) // 30)
    assert (one_time.step_of(code, SEED, now, -1) is not None) == good


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "123 45x"])
def test_what_is_no_code_passes_nobody(code: str) -> None:
    assert one_time.step_of(code, SEED, 1_700_000_000, -1) is None


def test_what_an_app_reads_is_what_a_person_types() -> None:
    assert one_time.written(SEED).replace(" ", "") == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert one_time.address(SEED, "kå ri").startswith("otpauth://totp/Oppgang:k%C3%A5%20ri?secret=")


def enrol(database: Database, settings: Settings) -> tuple[bytes, list[str]]:
    """Let Kari have a code; give her secret and the codes on her paper."""
    key, now = by_password.key_of(settings), datetime.now(UTC) - timedelta(hours=1)
    with database.writing() as session:
        secret = people.begin_factor(session, USERS["kari"], key, now)
        code = one_time.code_at(secret, int(now.timestamp() // 30))
        codes = people.confirm_factor(session, USERS["kari"], code, key, now)
    assert codes is not None
    return secret, codes


def log_in(client: FlaskClient, code: str | None = None, password: str = PASSWORD) -> Any:
    """Log Kari in."""
    said = {"name": "kari", "password": password} | ({} if code is None else {"code": code})
    return client.post("/api/v1/login", json=said, headers=OURS)


def now_code(secret: bytes) -> str:
    """Give the code of this moment."""
    return one_time.code_at(secret, int(datetime.now(UTC).timestamp() // 30))


def test_a_password_alone_opens_no_more_and_a_code_opens_once(
    client: FlaskClient, world: World, database: Database, settings: Settings
) -> None:
    secret, _ = enrol(database, settings)
    needs = log_in(client)
    assert (needs.status_code, needs.json["code"]) == (403, "code_needed")
    assert "Set-Cookie" not in needs.headers
    code = now_code(secret)
    assert log_in(client, code).status_code == 200
    assert log_in(client, code).json["code"] == "wrong_password"


def test_a_wrong_password_is_told_nothing_of_a_code(
    client: FlaskClient, world: World, database: Database, settings: Settings
) -> None:
    before = log_in(client, password="galt").json
    secret, _ = enrol(database, settings)
    assert log_in(client, password="galt").json == before
    assert log_in(client, now_code(secret), password="galt").json == before


def test_guessed_codes_are_slowed_down_with_the_password_right(
    client: FlaskClient, world: World, database: Database, settings: Settings
) -> None:
    secret, _ = enrol(database, settings)
    wrong = f"{(int(now_code(secret)) + 500_000) % 10**6:06}"
    answers = [log_in(client, wrong).status_code for _ in range(NAME_LIMIT.tries + 2)]
    assert answers == [401] * NAME_LIMIT.tries + [429] * 2


def test_a_code_on_paper_opens_once_and_is_kept_as_a_digest(
    client: FlaskClient, world: World, database: Database, settings: Settings
) -> None:
    secret, codes = enrol(database, settings)
    assert len(set(codes)) == 10
    with database.reading() as session:
        kept = " ".join(session.scalars(select(RecoveryCode.digest)))
        row = session.get_one(SecondFactor, USERS["kari"])
        assert secret not in row.secret and all(code not in kept for code in codes)
    assert log_in(client, codes[0].upper().replace("-", " ")).status_code == 200
    assert log_in(client, codes[0]).status_code == 401
    with database.reading() as session:
        assert people.recovery_left(session, USERS["kari"]) == 9


def test_codes_on_paper_cannot_be_guessed_back_from_what_is_kept() -> None:
    """112 bits or more need no salt of their own (ASVS 6.5.2)."""
    assert one_time.RECOVERY_SIZE_BYTES * 8 >= 112
    code = one_time.recovery_code(bytes(range(one_time.RECOVERY_SIZE_BYTES)))
    assert len(one_time.fold_recovery(code)) * 5 >= 112 and code.count("-") == 5


def test_a_secret_that_was_never_confirmed_asks_nobody(
    client: FlaskClient, world: World, database: Database, settings: Settings
) -> None:
    key = by_password.key_of(settings)
    with database.writing() as session:
        people.begin_factor(session, USERS["kari"], key, NOW)
        assert people.confirm_factor(session, USERS["kari"], "000000", key, NOW) in (None,)
    assert log_in(client).status_code == 200


def test_a_secret_moved_to_another_user_opens_nothing(
    world: World, database: Database, settings: Settings
) -> None:
    enrol(database, settings)
    with database.writing() as session:
        mine = session.get_one(SecondFactor, USERS["kari"])
        session.add(
            SecondFactor(
                user=USERS["amir"], secret=mine.secret, last_step=-1, made_at=NOW, confirmed_at=NOW
            )
        )
        session.flush()
        with pytest.raises(people.WrongPassword):
            people.check_code(session, USERS["amir"], "123456", by_password.key_of(settings), NOW)


def test_where_a_code_is_required_a_phone_is_sent_to_the_office_first(
    app: Flask, client: FlaskClient, world: World, settings: Settings
) -> None:
    app.extensions["oppgang_settings"] = dataclasses.replace(settings, code_required=True)
    assert log_in(client).json["code"] == "code_missing"


def test_the_login_that_a_code_is_to_be_made_with_begins_no_vault(
    app: Flask, world: World, settings: Settings, database: Database
) -> None:
    """The office lets somebody in by password to make the code; a phone's door is no way round."""
    kari = Phone(app, "kari")
    app.extensions["oppgang_settings"] = dataclasses.replace(settings, code_required=True)
    vault = {"installation": new_id(), "public_key": PUBLIC, "app": "test", "contract": 1}

    def begun(replica: str) -> Any:
        return kari.client.put(f"/api/v1/replicas/{replica}", json=vault, headers=OURS)

    refused = begun(new_id())
    assert (refused.status_code, refused.json["code"]) == (403, "code_missing")
    assert kari.post().status_code == 200, "the vault that was there still delivers"
    enrol(database, settings)
    assert begun(new_id()).status_code == 200


def test_a_new_password_from_an_administrator_takes_the_code_away(
    client: FlaskClient, world: World, database: Database, settings: Settings
) -> None:
    enrol(database, settings)
    _, password = staff.new_password(database, USERS["admin"], USERS["kari"], NOW)
    assert log_in(client, password=password).status_code == 200


# The account in the envelope


def enter_by(client: FlaskClient, login: str, password: str) -> Any:
    """Log the emergency account in."""
    said = {"name": login, "password": password}
    return client.post("/api/v1/login", json=said, headers=OURS)


def test_the_emergency_account_opens_and_its_use_is_an_alarm(
    client: FlaskClient, world: World, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    login, password = emergency.make(database, "cli:drift", datetime.now(UTC))
    with database.reading() as session:
        assert emergency.uses(session, datetime.now(UTC)) == []
    answer = enter_by(client, login, password)
    assert answer.status_code == 200 and answer.json["roles"] == ["admin"]
    with database.reading() as session:
        assert len(emergency.uses(session, datetime.now(UTC))) == 1
        assert [each.kind for each in notices.unsettled(session)] == [emergency.NOTICE]
        assert acts.latest(session, emergency.USED) is not None
    assert "emergency_account_used" in "".join(capsys.readouterr())
    assert log_in(client).status_code == 200
    with database.reading() as session:
        assert len(emergency.uses(session, datetime.now(UTC))) == 1


def test_a_new_envelope_closes_the_one_before(
    client: FlaskClient, world: World, database: Database
) -> None:
    first = emergency.make(database, "cli:drift", NOW)
    enter_by(client, *first)
    second = emergency.make(database, "cli:drift", NOW + timedelta(days=1))
    assert client.get("/api/v1/me").status_code == 401
    assert enter_by(client, *first).status_code == 401
    assert enter_by(client, *second).status_code == 200


def test_the_emergency_account_is_nobodys_last_administrator(
    world: World, database: Database
) -> None:
    emergency.make(database, "cli:drift", NOW)
    with database.reading() as session:
        assert actor_of(session, USERS["admin"]).grants
    with pytest.raises(staff.Refused, match="Minst én administrator"):
        staff.close(database, USERS["lise"], USERS["admin"], NOW)


def test_the_emergency_account_needs_no_code_where_all_others_do(
    app: Flask, client: FlaskClient, world: World, database: Database, settings: Settings
) -> None:
    app.extensions["oppgang_settings"] = dataclasses.replace(settings, code_required=True)
    assert enter_by(client, *emergency.make(database, "cli:drift", NOW)).status_code == 200
