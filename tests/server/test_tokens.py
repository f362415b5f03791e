"""What another system reads by its token, against a table that was written by hand."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from server import people
from server.access_log import AccessRow, records_in
from server.database import Database
from server.imports import DWELLINGS, TENANCIES, ImportRun
from server.keeping.erasure import erase
from server.people import ApiToken
from server.records import REGISTRY
from server.roles import Role
from server.shapes import Json
from tests.makers import NOW, USERS, World, example, new_id, visit
from tests.matrix.town import NEVER
from tests.server.confiding import made, sent_in, talk_sent_in, tenancy
from tests.server.phone import Phone
from tests.server.planned import all_of
from tests.server.situations import status
from tests.server.test_barrier import bar
from tests.server.test_barrier_ways_out import bring

ROWS = list(csv.DictReader((Path(__file__).parent / "tokens.csv").open()))
EVERY = tuple(name for name, spec in REGISTRY.items() if not spec.server_only)
TOKENS: dict[str, tuple[Role, str | None, tuple[str, ...]]] = {
    "landlord deviations": (Role.LANDLORD, None, ("deviation",)),
    "landlord east": (Role.LANDLORD, World.east, ("deviation", "dwelling")),
    "office deviations": (Role.OFFICE, None, ("deviation",)),
    "office all": (Role.OFFICE, None, EVERY),
    "office west all": (Role.OFFICE, World.west, EVERY),
    "no kinds": (Role.OFFICE, None, ()),
}


def token(database: Database, which: str, *, imports: bool = False) -> tuple[str, str]:
    """Make a token; give its id and its secret."""
    role, area, kinds = TOKENS[which]
    now = datetime.now(UTC)
    with database.writing() as session:
        row, secret = people.make_token(
            session,
            which,
            role,
            area,
            kinds,
            imports=imports,
            by=USERS["admin"],
            expires_at=now + timedelta(days=30),
            now=now,
        )
        return row.id, secret


def ask(app: Flask, secret: str, path: str, **more: Any) -> TestResponse:
    """Ask as another system does."""
    headers = {"Authorization": f"Bearer {secret}"}
    return app.test_client().open(f"/api/v1/integration/{path}", headers=headers, **more)


def said(answer: TestResponse) -> dict[str, Any]:
    """Give what an answer says."""
    found: dict[str, Any] = json.loads(answer.data)
    return found


@pytest.fixture
def ids(
    app: Flask, kari: Phone, office: Phone, world: World, database: Database
) -> dict[tuple[str, str], str]:
    """A record of each situation of the table."""
    fault = example("deviation", building=None, dwelling=world.dwelling)
    sent = {**fault, "status": status(kari, "submitted")}
    far = {**sent, "dwelling": world.dwelling_west, "status": status(office, "submitted")}
    home: dict[str, Json] = {"area": world.east, "address": "Borte 1"}
    case: dict[str, Json] = {"area": world.east, "title": "Bråk", "opened_on": "2026-11-02"}
    lise = Phone(app, "lise")
    found = {
        ("deviation", "in the area"): made(kari, "deviation", new_id(), sent),
        ("deviation", "other area"): made(office, "deviation", new_id(), far),
        ("deviation", "draft"): made(kari, "deviation", new_id(), fault),
        ("visit", "sent in"): made(kari, "visit", *sent_in(kari)),
        ("visit", "erased"): made(kari, "visit", *sent_in(kari)),
        ("visit", "draft"): made(kari, "visit", *visit()),
        ("conversation", "sent in"): talk_sent_in(kari, world),
        ("dwelling", "in the area"): world.dwelling,
        ("dwelling", "other area"): world.dwelling_west,
        ("dwelling", "deleted"): made(kari, "dwelling", new_id(), home),
        ("conflict_case", "known to a team"): made(lise, "conflict_case", new_id(), case),
        ("tenancy", "barred"): tenancy(office, world, kari),
        ("visit", "never"): NEVER,
    }
    kari.sync(kari.mark(found["dwelling", "deleted"], "delete"))
    bar(database, "tenancy", found["tenancy", "barred"], "ingrid")
    settings = app.extensions["oppgang_settings"]
    assert erase(database, settings, [found["visit", "erased"]], NOW, "test", "server")
    return found


def test_a_token_reads_what_the_table_says_one_by_one_and_in_lists(
    app: Flask, database: Database, ids: dict[tuple[str, str], str]
) -> None:
    wrong = []
    for which in TOKENS:
        id, secret = token(database, which)
        never = ask(app, secret, f"records/{NEVER}")
        for row in ROWS:
            record = ids[row["kind"], row["situation"]]
            one = ask(app, secret, f"records/{record}")
            page = ask(app, secret, f"records?kind={row['kind']}")
            listed = page.status_code == 200 and any(
                each["id"] == record for each in said(page)["records"]
            )
            if {one.status_code == 200, listed} != {row[which] == "y"}:
                wrong.append((which, row["kind"], row["situation"], one.status_code, listed))
            if one.status_code != 200:
                assert (one.status_code, one.data) == (never.status_code, never.data)
        given = _logged(database, f"token:{id}")
        assert given == {ids[r["kind"], r["situation"]] for r in ROWS if r[which] == "y"} | (
            given - set(ids.values())
        )
    assert wrong == []


def _logged(database: Database, who: str) -> set[str]:
    with database.reading() as session:
        rows = session.scalars(select(AccessRow).where(AccessRow.who == who))
        return {id for row in rows for id in records_in(row.records)}


def test_pages_go_on_where_the_last_one_ended(
    app: Flask, database: Database, ids: dict[tuple[str, str], str]
) -> None:
    _, secret = token(database, "office all")
    whole = said(ask(app, secret, "records?kind=deviation"))
    first = said(ask(app, secret, "records?kind=deviation&limit=1"))
    rest = said(ask(app, secret, f"records?kind=deviation&after={first['after']}"))
    assert first["records"] + rest["records"] == whole["records"]
    assert said(ask(app, secret, f"records?kind=deviation&after={whole['after']}"))["records"] == []
    assert ask(app, secret, "records?kind=deviation&after=x").status_code == 400


def test_a_token_that_is_over_or_was_never_one_opens_nothing(
    app: Flask, database: Database, world: World
) -> None:
    id, secret = token(database, "office all")
    path = f"records/{world.dwelling}"
    assert ask(app, secret, path).status_code == 200
    refused = [ask(app, wrong, path) for wrong in ("", "oppgang_feil", secret[:-1], "é")]
    with database.writing() as session:
        session.get_one(ApiToken, id).expires_at = datetime.now(UTC)
    refused.append(ask(app, secret, path))
    with database.writing() as session:
        row = session.get_one(ApiToken, id)
        row.expires_at = datetime.now(UTC) + timedelta(days=1)
        assert people.revoke_token(session, id, NOW)
    refused.append(ask(app, secret, path))
    assert {answer.status_code for answer in refused} == {401}
    assert len({answer.data for answer in refused}) == 1
    client = app.test_client()
    client.set_cookie("oppgang", secret)
    assert client.get("/api/v1/me").status_code == 401
    assert client.get(f"/api/v1/integration/{path}?token={secret}").status_code == 401


def test_the_secret_is_kept_nowhere_and_use_is_noted(
    app: Flask, database: Database, world: World
) -> None:
    id, secret = token(database, "office all")
    ask(app, secret, f"records/{world.dwelling}")
    with database.reading() as session:
        row = session.get_one(ApiToken, id)
        assert row.used_at is not None
        kept = [str(getattr(row, column.name)) for column in ApiToken.__table__.columns]
    assert all(secret not in each and secret.encode().hex() not in each for each in kept)


def test_guessing_is_throttled_and_a_true_token_is_not(
    app: Flask, database: Database, world: World
) -> None:
    _, secret = token(database, "office all")
    path = f"records/{world.dwelling}"
    for number in range(people.ADDRESS_LIMIT.tries):
        assert ask(app, f"oppgang_{number}", path).status_code == 401
    assert ask(app, "oppgang_x", path).status_code == 429
    assert ask(app, secret, path).status_code == 200


def test_a_file_writes_nothing_beneath_what_lies_where_the_token_reads_nothing(
    app: Flask, database: Database, world: World
) -> None:
    """A contract number, or a house, that another area has too is no way into that area."""
    bring(world, DWELLINGS, "koboId;Adresse;Område\nO-1;Østveien 6;Øst\n")
    bring(world, TENANCIES, "koboId;Kontraktsnummer;Fra;Leietaker\nO-1;O-2026-1;1.3.2026;Siv\n")
    before = {kind: all_of(world, kind) for kind in ("building", "dwelling", "tenancy", "contact")}
    _, brings = token(database, "office west all", imports=True)

    def send(what: str, raw: str) -> list[str]:
        more = {"method": "POST", "content_type": "text/csv", "data": raw.encode()}
        sentences: list[str] = said(ask(app, brings, f"imports?what={what}&write=1", **more))[
            "sentences"
        ]
        return sentences

    homes = "koboId;Adresse;Område\nV-1;Vestveien 1;Vest\nV-2;Østveien 6;Vest\n"
    assert "Skrevet: 2. Ikke skrevet: 0." in send("dwellings", homes)
    lets = "koboId;Kontraktsnummer;Fra;Leietaker;Telefon\nV-1;O-2026-1;1.3.2026;Fremmed;40000000\n"
    assert "Skrevet: 0. Ikke skrevet: 0." in send("tenancies", lets)
    new = {k: [b for i, b in all_of(world, k).items() if i not in v] for k, v in before.items()}
    assert [body["kobo_id"] for body in new["dwelling"]] == ["V-1"]
    assert new["tenancy"] == new["contact"] == []


HOMES = "koboId;Adresse;Område\nK-1;Nyveien 1;{}\n"


def test_a_file_comes_in_only_by_a_token_that_may_and_only_in_its_area(
    app: Flask, database: Database, world: World
) -> None:
    def send(secret: str, area: str, write: str = "1") -> TestResponse:
        path = f"imports?what=dwellings&write={write}"
        more = {"method": "POST", "content_type": "text/csv"}
        return ask(app, secret, path, data=HOMES.format(area).encode(), **more)

    _, reads = token(database, "office all")
    id, brings = token(database, "office west all", imports=True)
    before = len(all_of(world, "dwelling"))
    assert send(reads, "Vest").status_code == 404
    assert send(brings, "Øst").status_code == 422
    assert said(send(brings, "Vest", write="0"))["fit"]
    assert len(all_of(world, "dwelling")) == before
    done = send(brings, "Vest")
    assert done.status_code == 200, done.json
    (new,) = [b for b in all_of(world, "dwelling").values() if b.get("kobo_id") == "K-1"]
    assert new["area"] == world.west
    with database.reading() as session:
        assert {run.by for run in session.scalars(select(ImportRun))} == {f"token:{id}"}
