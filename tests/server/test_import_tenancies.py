"""Leieforhold from a file: contracts and tenants, the whole list, and the number to be said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.access import actor_of
from server.imports import (
    DWELLINGS,
    TENANCIES,
    MustAsk,
    Options,
    Outcome,
    Plan,
    Writer,
    apply,
    make_plan,
    undo,
)
from server.imports.words import in_words
from server.intake.arrivals import Arrival
from server.intake.judging import Bench
from tests.makers import NOW, USERS, World
from tests.server.planned import all_of, write
from tests.stock_files import TENANCIES_HEADING, dwellings_file, kobo_id, tenancy_rows, written

NO_OPTIONS, WHOLE = Options(), Options(whole=True)
HEADING = "koboId;Kontraktsnummer;Fra;Til;Leietaker;Telefon"


@pytest.fixture
def let(world: World) -> World:
    """A hundred dwellings in the east, all of them let."""
    bring(world, DWELLINGS, dwellings_file(100, ["Øst"]))
    bring(world, TENANCIES, file(100))
    return world


def file(count: int) -> bytes:
    return written(TENANCIES_HEADING, tenancy_rows(count))


def planned(world: World, what: str, raw: bytes | str, options: Options, author: str) -> Plan:
    data = raw.encode() if isinstance(raw, str) else raw
    with world.database.reading() as session:
        return make_plan(session, actor_of(session, USERS[author]), what, data, options, NOW)


def bring(
    world: World,
    what: str,
    raw: bytes | str,
    options: Options = NO_OPTIONS,
    yes_to: int | None = None,
    author: str = "lise",
) -> Outcome:
    data = raw.encode() if isinstance(raw, str) else raw
    plan = planned(world, what, data, options, author)
    assert not plan.faults, plan.faults.first
    with world.database.reading() as session:
        writer = Writer.person(actor_of(session, USERS[author]))
    return apply(world.database, writer, plan, NOW, raw=data, options=options, yes_to=yes_to)


def steps(world: World, raw: bytes | str, options: Options = NO_OPTIONS) -> Plan:
    return planned(world, TENANCIES, raw, options, "lise")


def contract(world: World, number: str) -> tuple[str, dict[str, Any]]:
    every = all_of(world, "tenancy").items()
    [found] = [each for each in every if each[1].get("contract_number") == number]
    return found


def test_a_tenancy_comes_with_its_tenant(let: World) -> None:
    id, tenancy = contract(let, "2020-00007")
    home = all_of(let, "dwelling")[tenancy["dwelling"]]
    assert home["kobo_id"] == kobo_id(7)
    [contact] = [c for c in all_of(let, "contact").values() if c["tenancy"] == id]
    assert contact["role"] == "tenant" and contact["name"].endswith(" 7")
    assert steps(let, file(100)).steps == []


def test_a_new_phone_number_is_the_tenants_own(let: World) -> None:
    id, tenancy = contract(let, "2020-00007")
    row = tenancy_rows(8)[7]
    row[4:6] = ["Nytt Navn", "+47 900-11-222"]
    plan = steps(let, written(TENANCIES_HEADING, [row]))
    [step] = plan.steps
    assert step.set == {"name": "Nytt Navn", "phone": "+47 900 11 222"}


def test_two_tenants_of_one_contract_are_two_contacts(world: World) -> None:
    bring(world, DWELLINGS, dwellings_file(1, ["Øst"]))
    rows = [f"{kobo_id(0)};K1;1.2.2026;;{name};" for name in ("Ada Prøve", "Bo Prøve")]
    raw = "\n".join([HEADING, *rows])
    bring(world, TENANCIES, raw)
    assert len(all_of(world, "tenancy")) == 1
    assert {c["name"] for c in all_of(world, "contact").values()} == {"Ada Prøve", "Bo Prøve"}
    assert steps(world, raw).steps == []


def test_a_tenant_who_is_written_in_two_ways_is_one(world: World) -> None:
    bring(world, DWELLINGS, dwellings_file(1, ["Øst"]))
    rows = [f"{kobo_id(0)};K1;1.2.2026;;{name};" for name in ("Åse Prøve", "ÅSE PRØVE")]
    outcome = bring(world, TENANCIES, "\n".join([HEADING, *rows]))
    assert (outcome.applied, outcome.held) == (2, 0)
    assert [c["name"] for c in all_of(world, "contact").values()] == ["Åse Prøve"]


def test_a_row_that_breaks_us_holds_up_no_other_and_is_taken_back_with_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(world, DWELLINGS, dwellings_file(3, ["Øst"]))
    judge = Bench.judge

    def breaks(self: Bench, arrival: Arrival) -> Any:
        if arrival.mutation and arrival.mutation.set.get("contract_number") == "2020-00001":
            raise ZeroDivisionError
        return judge(self, arrival)

    monkeypatch.setattr(Bench, "judge", breaks)
    outcome = bring(world, TENANCIES, file(3))
    assert (outcome.applied, outcome.held) == (4, 2)
    writer = Writer.operator("cli:prøve")
    assert undo(world.database, writer, outcome.run, NOW).outcome.applied == 4
    assert all_of(world, "tenancy") == all_of(world, "contact") == {}


def test_homes_without_a_tenant_are_passed_over(let: World) -> None:
    plan = steps(let, f"{HEADING}\n{kobo_id(3)};;;;;\n")
    assert plan.passed_over == 1 and plan.steps == [] and not plan.faults


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("nowhere;K1;1.2.2026;;Ada;", "koboId", "en bolig som er lagt inn fra før"),
        (f"{kobo_id(1)};K1;31.2.2026;;Ada;", "Fra", "en dato, for eksempel 12.3.2026"),
        (f"{kobo_id(1)};K1;;;Ada;", "Fra", "datoen leieforholdet begynte"),
        (f"{kobo_id(1)};K1;1.2.2026;1.1.2026;Ada;", "Til", "en dato som ikke er før"),
        (f"{kobo_id(1)};K1;1.2.2026;;Ada;ring meg", "Telefon", "telefonnummeret med sifre"),
    ],
)
def test_a_fault_says_what_to_write(let: World, row: str, column: str, expected: str) -> None:
    plan = steps(let, f"{HEADING}\n{row}\n")
    [fault] = plan.faults.first
    assert (fault.line, fault.column) == (2, column) and fault.expected.startswith(expected)
    assert plan.steps == []


def test_only_the_whole_list_ends_what_is_missing(let: World) -> None:
    assert steps(let, file(99)).steps == []
    bring(let, TENANCIES, file(99), WHOLE)
    assert contract(let, "2020-00099")[1]["ended_on"] == "2026-11-23"
    assert "ended" not in contract(let, "2020-00099")[1]


def test_more_than_two_percent_stops_until_the_number_is_said(let: World) -> None:
    bring(let, TENANCIES, file(98), WHOLE)
    for said in (None, 2, 11):
        with pytest.raises(MustAsk) as asked:
            bring(let, TENANCIES, file(88), WHOLE, yes_to=said)
        assert (asked.value.ends, asked.value.open) == (10, 98)
    assert "ended_on" not in contract(let, "2020-00090")[1]
    bring(let, TENANCIES, file(88), WHOLE, yes_to=10)
    assert contract(let, "2020-00090")[1]["ended_on"] == "2026-11-23"


def test_two_percent_end_without_a_word_and_one_more_is_asked_about(let: World) -> None:
    with pytest.raises(MustAsk):
        bring(let, TENANCIES, file(97), WHOLE)
    bring(let, TENANCIES, file(98), WHOLE)
    assert sum("ended_on" in body for body in all_of(let, "tenancy").values()) == 2


def test_endings_that_the_file_says_itself_are_counted_too(let: World) -> None:
    rows = tenancy_rows(100)
    for row in rows[:3]:
        row[3] = "1.11.2026"
    assert steps(let, written(TENANCIES_HEADING, rows)).ends == 3
    for row in rows[:3]:
        row[3] = "1.12.2026"
    assert steps(let, written(TENANCIES_HEADING, rows)).ends == 0


def test_what_was_missing_once_opens_again_when_it_is_back(let: World) -> None:
    bring(let, TENANCIES, file(99), WHOLE)
    bring(let, TENANCIES, file(100), WHOLE)
    assert "ended_on" not in contract(let, "2020-00099")[1]


def test_what_a_person_ended_does_not_open_again(let: World) -> None:
    id, _ = contract(let, "2020-00050")
    write(let, "tenancy", id, {"ended_on": "2026-11-20"})
    bring(let, TENANCIES, file(100), WHOLE)
    assert contract(let, "2020-00050")[1]["ended_on"] == "2026-11-20"


def test_the_list_of_one_area_ends_nothing_elsewhere(let: World) -> None:
    plan = steps(let, file(1), Options(let.west, whole=True))
    assert plan.ends == 0


def test_an_import_of_tenancies_is_taken_back(let: World) -> None:
    before = all_of(let, "tenancy")
    run = bring(let, TENANCIES, file(99), WHOLE).run
    with let.database.reading() as session:
        writer = Writer.person(actor_of(session, USERS["lise"]))
    assert undo(let.database, writer, run, NOW + timedelta(hours=1)).left == ()
    assert all_of(let, "tenancy") == before


def test_numbers_in_words() -> None:
    said = {1: "en", 21: "tjueen", 100: "ett hundre", 215: "to hundre og femten"}
    said |= {1000: "ett tusen", 1042: "ett tusen og førtito", 20_300: "tjue tusen tre hundre"}
    assert {number: in_words(number) for number in said} == said
