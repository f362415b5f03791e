"""Who decides between two answers: who wrote one, and the office; to read of it is not enough."""

from __future__ import annotations

from datetime import UTC, datetime

from server import hand, people
from server.access import actor_of
from server.database import Database
from server.demo.municipality import NORTH, STAFF
from server.intake import take
from server.records.record import Envelope
from server.roles import Role
from server.shapes import Json
from sync.mutation import office_replica
from tests.makers import mutation, new_id
from tests.office.conftest import Enter
from tests.office.test_decisions import count_taken, push
from tests.office.test_homes import HOME
from tests.office.test_inbox import VISIT, sent_in
from tests.office.test_safety import flat

WHY = "Begge rekker den dagen."


def test_who_is_named_behind_a_barrier_reads_the_question_and_decides_nothing(
    enter: Enter, database: Database
) -> None:
    """It is put to its author and to the office; Kari is named, and neither."""
    path, kari = asked_of_household(database, "kari", "ingrid"), enter("kari")
    page = kari.open(path)
    assert page.status == 200 and not page.has("Lagre avgjørelsen")
    form = enter("ingrid").open(path).form("Lagre avgjørelsen")
    sent = {"csrf": page.form("Logg ut").one("csrf"), "choice": "standing", "why": WHY}
    sent |= {name: form.one(name) for name in ("form", "seal")}
    taken = count_taken(database)
    for step in (path, f"{path}/undo"):
        assert kari.post(step, sent).status == 404
    assert count_taken(database) == taken


def asked_of_household(database: Database, *named: str) -> str:
    """Let Amir and the office differ on a household that is then barred; gives the page."""
    let, ingrid = new_id(), STAFF["ingrid"].id
    lived: dict[str, Json] = {"dwelling": HOME.id, "started_on": "2026-11-01"}
    lived[f"team/{STAFF['amir'].id}"] = True
    hand.write(database, "tenancy", let, "create", lived, ingrid, datetime.now(UTC))
    path = asked(database, "tenancy", let, "started_on", ("2026-11-01", "2026-11-02", "2026-11-03"))
    bars: dict[str, Json] = {f"sealed_for/{STAFF[one].id}": True for one in named}
    hand.write(database, "tenancy", let, "patch", bars, ingrid, datetime.now(UTC))
    return path


def asked(
    database: Database, kind: str, id: str, path: str, values: tuple[Json, Json, Json]
) -> str:
    """Let the office change what stood, and Amir, who had seen that, say otherwise."""
    was, theirs, his = values
    now, amir = datetime.now(UTC), STAFF["amir"].id
    with database.reading() as session:
        actor, seen = actor_of(session, amir), {path: (was, session.get_one(Envelope, id).seq)}
    push(database, "ingrid", kind, id, {path: theirs})
    edit = mutation(kind, id, {path: his}, author=amir, op="patch", seen=seen, now=now)
    (result,) = take(database, actor, office_replica(amir), [edit], now)
    assert result.state == "review", result
    return f"/office/answers/{result.reviews[0]}"


def test_nothing_but_a_question_is_answered(enter: Enter, database: Database) -> None:
    """What is held says what it is about too, and is no question."""
    ingrid = enter("ingrid")
    held = next(form for form in ingrid.open("/office/held").forms if "/held/" in form.action)
    receipt, mark = held.action.split("/")[3], held.one("csrf")
    assert ingrid.open(f"/office/answers/{receipt}").status == 404
    taken = count_taken(database)
    for step in ("", "/undo"):
        assert ingrid.post(f"/office/answers/{receipt}{step}", {"csrf": mark}).status == 404
    assert count_taken(database) == taken


def test_who_may_no_longer_read_the_record_decides_nothing_about_it(
    enter: Enter, database: Database
) -> None:
    """Amir asked, and is a caretaker now: the question is his still, and Kari's visit is not."""
    visit = sent_in(database, "visit", {**VISIT, "next_contact_on": "2026-12-20"})
    said = ("2026-12-20", "2026-12-21", "2026-12-22")
    path, amir = asked(database, "visit", visit, "next_contact_on", said), enter("amir")
    page = amir.open(path)
    assert page.has("Lagre avgjørelsen")
    with database.writing() as session:
        people.withdraw(session, STAFF["amir"].id)
        people.grant(session, new_id(), STAFF["amir"].id, Role.CARETAKER, NORTH)
    assert amir.open(f"/office/records/{visit}").status == 404
    told, form = amir.open(path), page.form("Lagre avgjørelsen")
    assert told.status == 200 and not told.has("Lagre avgjørelsen")
    taken = count_taken(database)
    for step in (path, f"{path}/undo"):
        sent = {**flat(form.fields), "choice": "author", "why": WHY}
        assert amir.post(step, sent).status == 404
    assert count_taken(database) == taken
