"""Every report against a slow count of the raw bodies: the demo year, and thrown worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server import people
from server.access import actor_of, scopes_of, visible
from server.database import Database
from server.demo.municipality import STAFF
from server.ledger import MutationRow
from server.planning.calendar import day_of
from server.records import REGISTRY
from server.records.conflict_case import ConflictCase
from server.records.deviation import Deviation
from server.records.record import Envelope
from server.reports import REPORTS, sheets_of
from server.reports.look import Look
from server.reports.periods import PeriodKind, free_period, period_of
from server.reports.printing import NONE, Sheet
from server.reports.report import Closeness, Report
from server.reports.tables import TOTAL
from server.roles import Role
from tests.makers import NOW, USERS, World
from tests.molds import Mold
from tests.reports import slow_asked, slow_charts, slow_homes, slow_work
from tests.reports.slow import Case, Raw, Told
from tests.reports.worlds import lay_out

SLOW: dict[str, list[Callable[[Case], Told]]] = {
    name: [
        vars(module)[name]
        for module in (slow_work, slow_homes, slow_asked, slow_charts)
        if name in vars(module)
    ]
    for name in REPORTS
}


def look_at(
    session: Session, report: Report, user: str, now: datetime, day: date, kind: PeriodKind
) -> Look:
    """Let somebody look at a report."""
    actor = actor_of(session, user)
    return Look(
        session=session,
        actor=actor,
        scopes=scopes_of(session, actor, now),
        now=now,
        period=period_of(kind, day),
        close=report.close,
        confided=report.closeness is Closeness.CONFIDED,
        readers=report.readers,
    )


def told(sheets: Sequence[Sheet]) -> Told:
    """Read what is printed, cell by cell and mark by mark; None where there is no figure."""
    cells = {
        (sheet.title, line.label, column): None if cell.words == NONE else cell.value
        for sheet in sheets
        for line in sheet.lines
        for column, cell in zip(sheet.columns, line.cells, strict=True)
    }
    return cells | {(s.title, label, words): True for s in sheets for label, words in s.marks}


def drawn(sheets: Sequence[Sheet]) -> set[tuple[str, str, str]]:
    """Name all that the charts draw: bars, points and marks."""
    charts = [sheet for sheet in sheets if sheet.chart]
    cells = {
        (sheet.title, line.label, sheet.columns[column])
        for sheet in charts
        for line in sheet.lines
        for column in sheet.drawn
        if not line.total and column < len(sheet.columns)
    }
    return cells | {(sheet.title, *mark) for sheet in charts for mark in sheet.marks}


def raw_of(session: Session, areas: set[str] | None = None) -> list[Raw]:
    """Read everything as it lies in the database, of some areas or of all."""
    sent: dict[str, list[Any]] = {}
    rows = session.execute(
        select(MutationRow.record, MutationRow.raw)
        .where(MutationRow.state == "applied")
        .order_by(MutationRow.position)
    )
    for record, raw in rows:
        sent.setdefault(record or "", []).append(orjson.loads(raw or b'{"set":{}}'))
    found = session.scalars(select(Envelope).where(Envelope.deleted.is_(False)))
    return [
        Raw(
            one.kind,
            one.id,
            where,
            orjson.loads(one.body),
            one.created_at,
            tuple(sent.get(one.id, ())),
        )
        for one in found
        for where in [one.id if one.kind == "area" else one.area]
        if where is not None and (areas is None or where in areas)
    ]


def compare(name: str, look: Look, records: list[Raw]) -> int:
    """Hold a report against its slow count, and give how many cells were nought in neither.

    Whatever a chart draws must have been counted.
    """
    case = Case(records, f"{look.period.first}", f"{look.period.last}", f"{look.today}")
    expected: Told = {}
    for count in SLOW[name]:
        expected |= count(case)
    sheets = sheets_of(REPORTS[name], look, 0)
    said = told(sheets)
    assert drawn(sheets) <= {*expected}, (name, drawn(sheets) - {*expected})
    for key, value in expected.items():
        left_out = key not in said and not value
        given = said.get(key)
        assert left_out or given == value or (given or 0) == value == 0, (name, key, given, value)
    return sum(bool(value) for value in expected.values())


@pytest.fixture(scope="module")
def demo_year(tmp_path_factory: pytest.TempPathFactory, year: Mold) -> Iterator[Database]:
    """The demo municipality with the year behind it."""
    with year.copy(tmp_path_factory.mktemp("year")) as settings:
        made = Database(settings)
        yield made
        made.close()


def kinds_of(report: Report) -> list[PeriodKind]:
    """Give the kinds of period that a report comes in; it has one even where none is chosen."""
    fixed: list[PeriodKind] = [kind for kind in report.periods if kind is not PeriodKind.FREE]
    return fixed or [PeriodKind.HALF_YEAR]


def test_help_given_is_told_by_the_seven_types_of_the_law_and_no_other() -> None:
    assert dict(REGISTRY["assistance"].fields["type"].choices) == slow_asked.SEVEN


def test_every_report_has_a_slow_count() -> None:
    assert [name for name, counts in SLOW.items() if not counts] == []


def test_the_demo_year_counts_as_by_hand_and_every_report_has_something_to_show(
    demo_year: Database, now: datetime
) -> None:
    """For the leader, this period and the one before."""
    today = day_of(now)
    with demo_year.reading() as session:
        records = raw_of(session)
        for name, report in REPORTS.items():
            something = 0
            for kind in kinds_of(report)[-2:]:
                for day in (today, period_of(kind, today).step(-1).first):
                    look = look_at(session, report, STAFF["lise"].id, now, day, kind)
                    something += compare(name, look, records)
            assert something, name


def test_the_demo_year_shows_a_figure_in_every_report_though_small_ones_are_hidden(
    demo_year: Database, now: datetime
) -> None:
    """So that nobody who tries it out finds a page where all is too few."""
    with demo_year.reading() as session:
        for name, report in REPORTS.items():
            kind = kinds_of(report)[-1]
            day = day_of(now) - timedelta(days=150)
            look = look_at(session, report, STAFF["lise"].id, now, day, kind)
            sheets = sheets_of(report, look, 5)
            assert any(cell.value for s in sheets for line in s.lines for cell in line.cells), name


@pytest.mark.parametrize("seed", range(4))
def test_a_thrown_world_counts_as_by_hand(world: World, seed: int) -> None:
    """Days at the edges of periods, moments at Norwegian midnights, steps in any order."""
    lay_out(world, seed)
    with world.database.reading() as session:
        whole = raw_of(session)
        for name, report in REPORTS.items():
            for kind in kinds_of(report):
                for day in (date(2026, 11, 23), date(2026, 6, 30), date(2025, 12, 31)):
                    look = look_at(session, report, USERS["lise"], NOW, day, kind)
                    compare(name, look, whole)


def test_the_office_of_one_area_counts_that_area_and_no_other(world: World) -> None:
    """What is confided to teams counts for their own office; the rest counts where it is seen."""
    lay_out(world, 7)
    with world.database.writing() as session:
        session.execute(delete(people.Grant).where(people.Grant.area == world.west))
    with world.database.reading() as session:
        east = raw_of(session, {world.east})
        for name, report in REPORTS.items():
            if "office" in report.readers:
                kind = kinds_of(report)[-1]
                day = date(2026, 11, 1)
                look = look_at(session, report, USERS["ingrid"], NOW, day, kind)
                assert [*look.areas] == [world.east]
                compare(name, look, east)


def test_who_has_no_role_that_a_report_is_for_counts_nothing(world: World) -> None:
    """Though the page should let them in by mistake: the very reading gives nothing."""
    lay_out(world, 8)
    with world.database.reading() as session:
        for user in ("kari", "ola", "eva", "admin"):
            actor = actor_of(session, USERS[user])
            for name, report in REPORTS.items():
                if report.may_read(actor):
                    continue
                kind = kinds_of(report)[-1]
                look = look_at(session, report, USERS[user], NOW, date(2026, 11, 1), kind)
                given = told(sheets_of(report, look, 0))
                assert not any(value for value in given.values()), (user, name, given)


def test_nothing_is_read_that_its_reader_may_not_see(world: World) -> None:
    """Whatever a report would ask for: not a case, not a talk, not a draft, not another's area."""
    lay_out(world, 10)
    report = REPORTS["deviations"]
    with world.database.reading() as session:
        for user in ("eva", "ola", "kari", "admin"):
            actor = actor_of(session, USERS[user])
            mine = scopes_of(session, actor, NOW)
            look = look_at(session, report, USERS[user], NOW, date(2026, 11, 1), PeriodKind.YEAR)
            look.readers = frozenset(Role)
            for spec in REGISTRY.values():
                read = {one.id for one in look.records(spec.model)}
                assert read == visible(session, mine, read), (user, spec.name)
                drafts = {r.id for r in raw_of(session) if r.kind == spec.name and is_draft(r)}
                assert not read & drafts, (user, spec.name)
        look = look_at(session, report, USERS["eva"], NOW, date(2026, 11, 1), PeriodKind.YEAR)
        assert look.records(Deviation) and not look.records(ConflictCase)


def is_draft(record: Raw) -> bool:
    """Say whether a record of a kind that is sent in has not been."""
    has_life = "status" in REGISTRY[record.kind].fields
    return has_life and record.step("status") in (None, "draft")


def test_an_area_is_a_part_of_the_whole_and_days_add_up_to_their_year(world: World) -> None:
    """A filter takes the area's own; twelve months, three tertials and free halves are the year."""
    lay_out(world, 9)
    report = REPORTS["deviations"]
    with world.database.reading() as session:
        look = look_at(session, report, USERS["lise"], NOW, date(2026, 3, 1), PeriodKind.YEAR)

        def found(**changes: Any) -> int:
            key = ("Etter alvor", TOTAL, "Funnet")
            return int(told(sheets_of(report, replace(look, **changes), 0))[key] or 0)

        whole = found()
        assert whole > 0
        assert found(area=world.east) + found(area=world.west) == whole
        for kind in (PeriodKind.MONTH, PeriodKind.TERTIAL, PeriodKind.HALF_YEAR):
            parts = [period_of(kind, date(2026, month, 1)) for month in range(1, 13)]
            assert sum(found(period=part) for part in dict.fromkeys(parts)) == whole
        halves = [(date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 12, 31))]
        assert sum(found(period=free_period(*half)) for half in halves) == whole
