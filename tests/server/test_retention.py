"""Retention: what is due is listed, confirmed, and ended; what is held or stood on is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from server import acts
from server.access import Actor
from server.config import Settings
from server.database import Database
from server.intake import take
from server.keeping import erasure, holds, insight, retention, terms
from server.keeping.nightly import end_what_is_over
from server.keeping.soundness import amiss
from server.people import Grant
from server.photos.attachments import store_of
from server.records import REGISTRY
from server.records.colleague import Colleague
from server.records.record import Envelope, Gone, Retention
from server.shapes import Json
from sync.mutation import office_replica
from tests.makers import AREA_EAST, DWELLING_EAST, NOW, USERS, World, example, mutation, new_id
from tests.server.test_barrier import bar

LATER = datetime(2032, 6, 1, 12, 0, tzinfo=UTC)
BY = USERS["lise"]


def make(database: Database, kind: str, values: Mapping[str, Json], id: str = "") -> str:
    """Write one record in the server's own name."""
    id = id or new_id()
    push = mutation(kind, id, values, author="lise")
    (result,) = take(database, Actor(BY, ()), office_replica(BY), [push], NOW, server=True)
    assert result.state == "applied", result
    return id


def plan(database: Database, day: str = "2026-11-24") -> str:
    return make(
        database,
        "planned_visit",
        {
            "dwelling": DWELLING_EAST,
            "purpose": "move_in",
            "planned_on": day,
            "meet": "Hemmelig sted",
            f"visitors/{USERS['kari']}": True,
        },
    )


def redacted(database: Database, record: str) -> str:
    """Leave something of a record out of a package that is read; gives the request's id."""
    with database.writing() as session:
        asked = insight.open_request(session, new_id(), None, LATER.date(), BY, LATER)
        row = session.get_one(insight.Insight, asked)
        insight.mark(session, row, [insight.Mark(record, "x", 0, 3, "0")], "others", LATER)
        insight.make_ready(session, row, {record: "0" * 64}, LATER)
    return asked


def digests(database: Database, asked: str) -> int:
    """Count the digests of words that a request keeps."""
    with database.reading() as session:
        kept = insight.redactions(session, asked), insight.read_before(session, asked)
        assert session.get(insight.Insight, asked) is not None
    return sum(map(len, kept))


def confirm(database: Database) -> None:
    with database.writing() as session:
        retention.confirm(session, BY, NOW, retention.fingerprint(session))


def run(database: Database, settings: Settings, now: datetime = LATER) -> dict[str, int]:
    return retention.run(database, settings, now, BY)


def listed(database: Database, now: datetime = LATER) -> dict[str, retention.Due]:
    with database.reading() as session:
        return {one.spec.name: one for one in retention.due(session, now)}


def is_here(database: Database, id: str) -> bool:
    with database.reading() as session:
        return session.get(Envelope, id) is not None


def test_nothing_ends_before_somebody_has_confirmed_these_very_rules(
    world: World, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = plan(database)
    with pytest.raises(retention.NotConfirmed):
        run(database, settings)
    confirm(database)
    spec = REGISTRY["planned_visit"]
    wrong = Retention(0, "planned_on", "En feil", "delete")
    with monkeypatch.context() as patch:
        patch.setitem(spec.__dict__, "retention", wrong)
        with pytest.raises(retention.NotConfirmed):
            run(database, settings, NOW)
        end_what_is_over(database, settings, NOW)
    assert is_here(database, id)
    assert run(database, settings)["planned_visit"] == 1
    assert not is_here(database, id)


def test_what_is_due_is_listed_with_its_oldest_day_and_nothing_changes(
    world: World, database: Database
) -> None:
    ids = [plan(database, day) for day in ("2026-11-24", "2027-01-05", "2031-12-24")]
    found = listed(database)["planned_visit"]
    assert (found.erased, found.cleared, str(found.oldest)) == (2, 0, "2026-11-24")
    assert "planned_visit" not in listed(database, NOW + timedelta(days=700))
    assert all(is_here(database, id) for id in ids)


def test_the_oldest_day_tells_nothing_of_what_is_barred(world: World, database: Database) -> None:
    home = make(database, "dwelling", {"area": AREA_EAST, "address": "Solgløttveien 6"})
    make(database, "planned_visit", {"dwelling": home, "planned_on": "2020-01-02"})
    plan(database)
    bar(database, "dwelling", home, "lise")
    found = listed(database)["planned_visit"]
    assert (found.erased, str(found.oldest)) == (1, "2026-11-24")


def test_a_day_before_its_time_nothing_ends(
    world: World, database: Database, settings: Settings
) -> None:
    id = plan(database, "2026-11-24")
    confirm(database)
    run(database, settings, datetime(2028, 11, 24, 12, 0, tzinfo=UTC))
    assert is_here(database, id)
    run(database, settings, datetime(2028, 11, 25, 12, 0, tzinfo=UTC))
    assert not is_here(database, id)


@pytest.mark.parametrize("everything", [True, False])
def test_a_hold_stops_it_until_it_is_lifted(
    everything: bool, world: World, database: Database, settings: Settings
) -> None:
    id, other = plan(database), plan(database)
    confirm(database)
    with database.writing() as session:
        hold = holds.place(session, None if everything else id, "Sak", BY, NOW)
    assert listed(database)["planned_visit"].held == (2 if everything else 1)
    if everything:
        with pytest.raises(retention.Held):
            run(database, settings)
    else:
        run(database, settings)
    assert is_here(database, id) and is_here(database, other) is everything
    with database.writing() as session:
        holds.lift(session, hold, BY, NOW)
    run(database, settings)
    assert not is_here(database, id)


def test_who_lifted_a_hold_first_is_who_lifted_it(world: World, database: Database) -> None:
    with database.writing() as session:
        hold = holds.place(session, None, "Sak", BY, NOW)
        for by, at in ((BY, NOW), (USERS["admin"], LATER)):
            holds.lift(session, hold, by, at)
    with database.reading() as session:
        row = session.get_one(holds.Hold, hold)
        assert (row.lifted_by, row.lifted_at) == (BY, NOW)


@pytest.mark.parametrize("stood_on", [False, True])
def test_a_hold_on_what_belongs_to_it_keeps_it_and_stops_no_other(
    stood_on: bool,
    world: World,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Erased or cleared, it would take with it what somebody said must stay."""
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    first, second = sorted(plan(database) for _ in range(2))
    held = make(database, "addendum", {"record": first, "words": "Bevis"})
    other = make(database, "addendum", {"record": second, "words": "Annet"})
    if stood_on:
        for id in (first, second):
            make(database, "visit", {"dwelling": DWELLING_EAST, "planned_visit": id})
    confirm(database)
    with database.writing() as session:
        hold = holds.place(session, held, "Tilsyn", BY, NOW)
    assert run(database, settings)["planned_visit"] == 1
    assert is_here(database, held) and not is_here(database, other)
    with database.reading() as session:
        assert b"Hemmelig" in session.get_one(Envelope, first).body
    with database.writing() as session:
        holds.lift(session, hold, BY, NOW)
    run(database, settings)
    assert not is_here(database, held)


def test_what_others_stand_on_loses_what_is_personal_and_stays(
    world: World, database: Database, settings: Settings
) -> None:
    """Erased, the visit's readers could become others; emptied, it harms nobody."""
    id = plan(database)
    visit = make(
        database,
        "visit",
        {"dwelling": DWELLING_EAST, "planned_visit": id, "visited_on": "2026-11-24"},
    )
    confirm(database)
    assert listed(database)["planned_visit"].cleared == 1
    assert run(database, settings)["planned_visit"] == 1
    with database.reading() as session:
        row = session.get_one(Envelope, id)
        assert b"Hemmelig" not in row.body and b"planned_on" in row.body
        assert amiss(session) == []
    assert is_here(database, visit) and "planned_visit" not in run(database, settings)


def test_what_belongs_to_what_is_cleared_goes_with_its_file_and_is_in_the_ledger(
    world: World, database: Database, settings: Settings
) -> None:
    """A restore of an older backup must not bring it back either."""
    id = plan(database)
    make(database, "visit", {"dwelling": DWELLING_EAST, "planned_visit": id})
    photo = make(database, "attachment", example("attachment", record=id))
    store_of(settings).put(f"pictures/{photo}", b"jpeg")
    asked = redacted(database, id)
    assert digests(database, asked) == 2
    confirm(database)
    run(database, settings)
    assert is_here(database, id) and not is_here(database, photo)
    assert digests(database, asked) == 0, "words are known again by them"
    assert store_of(settings).open(f"pictures/{photo}") is None
    assert photo in erasure.ledger_of(settings).read_text("utf-8")


def test_archive_is_listed_and_ends_nothing(
    world: World, database: Database, settings: Settings
) -> None:
    id = make(database, "visit", {"dwelling": DWELLING_EAST, "visited_on": "2026-11-24"})
    confirm(database)
    assert listed(database)["visit"].archived == 1
    run(database, settings)
    assert is_here(database, id)


def test_who_left_is_anonymised_after_a_year_and_who_works_here_is_not(
    world: World, database: Database, settings: Settings
) -> None:
    left = make(database, "colleague", {"name": "Borte Bra", "left_on": "2026-11-01"})
    here = make(database, "colleague", {"name": "Her Hjemme"})
    confirm(database)
    run(database, settings)
    with database.reading() as session:
        assert session.get_one(Colleague, left).name == "Anonymisert"
        assert session.get_one(Colleague, here).name == "Her Hjemme"
    assert "colleague" not in run(database, settings)


def test_an_area_in_use_is_never_ended(
    world: World, database: Database, settings: Settings
) -> None:
    confirm(database)
    far = datetime(2099, 1, 1, tzinfo=UTC)
    run(database, settings, far)
    assert is_here(database, AREA_EAST)
    with database.reading() as session:
        assert session.scalars(select(Grant.id)).first()


def test_many_end_in_pieces_and_each_run_is_written_down(
    world: World, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    ids = [plan(database) for _ in range(5)]
    confirm(database)
    assert run(database, settings) == {"planned_visit": 5}
    with database.reading() as session:
        assert set(session.scalars(select(Gone.id))) >= set(ids)
        found = acts.latest(session, "erased")
    assert found and found[1]["why"] == "retention planned_visit"


def test_every_kinds_rule_can_be_counted(world: World, database: Database) -> None:
    """A rule that names a field which is no date would fail in the night."""
    with database.reading() as session:
        retention.due(session, LATER)
    assert {spec.retention.action for spec in REGISTRY.values()} <= {
        terms.DELETE,
        terms.ANONYMISE,
        terms.ARCHIVE,
    }
